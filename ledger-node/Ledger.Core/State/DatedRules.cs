using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>Every rule parameter by its name, in force from a date.</summary>
public sealed record DatedRules(DateOnly From, RuleValues Parameters);

/// <summary>The values of all rule parameters, in the order of their numbers.</summary>
public sealed record RuleValues(ValueList<long> Values)
{
    /// <summary>The values of all parameters as a set has them.</summary>
    public static RuleValues Of(ReadOnlySpan<long> all)
    {
        var count = all.Length;
        while (count > RuleSet.AlwaysStated && all[count - 1] == 0) count--;
        return new([.. all[..count]]);
    }
}
