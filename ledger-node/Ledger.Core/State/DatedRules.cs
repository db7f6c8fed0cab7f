using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>Every rule parameter by its name, in force from a date.</summary>
public sealed record DatedRules(DateOnly From, RuleValues Parameters);

/// <summary>The values of all rule parameters, in the order of their numbers.</summary>
public sealed record RuleValues(ValueList<long> Values);
