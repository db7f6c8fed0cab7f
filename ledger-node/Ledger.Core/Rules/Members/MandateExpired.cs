using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>A mandate's term is over. Checks compared with its expiry before; this only tidies it away.</summary>
public sealed record MandateExpired(Id<Mandate> Id) : LedgerEvent<MandateExpired>, IEvent
{
    public static (string Chinese, string English) Words => ("授权已到期", "mandate expired");

    public override LedgerState Enact(LedgerState state) => state.Without(MandateNamed(state, Id));

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Mandate.Is(Id)];
}
