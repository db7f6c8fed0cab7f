using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>A mandate's term is over. Checks compared with its expiry before; this only tidies it away.</summary>
public sealed record MandateExpired(Id<Mandate> Id) : LedgerEvent;

public static partial class Rulebook
{
    static LedgerState Enact(LedgerState state, MandateExpired expired) => state.Without(MandateNamed(state, expired.Id));
}
