using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>A mandate's term is over. Checks compared with its expiry before; this only tidies it away.</summary>
public sealed record MandateExpired(Id<Mandate> Id) : LedgerEvent
{
    public override LedgerState Enact(LedgerState state) => state.Without(MandateNamed(state, Id));
}
