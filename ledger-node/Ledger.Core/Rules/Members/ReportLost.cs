using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary><c>key.reportLost</c>: the sponsor says that a party lost control of its keys; the party's outgoing acts stop at once.</summary>
public sealed record ReportLost(PartyId Party) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [];
}

public sealed record KeysReportedLost(PartyId Party) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, ReportLost report)
    {
        if (state.Party(report.Party) is not { } party) return Verdict.No(Refusal.PartyNotFound, report.Party.Text);
        // A suspended party is stopped already; were its loss recorded too, recovery would lift the suspension.
        if (party.Standing != Standing.Active) return Refusal.PartyNotActive;
        if (act.Party != party.Sponsor) return Refusal.NotTheSponsor;

        return new KeysReportedLost(party.Id);
    }

    static LedgerState Enact(LedgerState state, KeysReportedLost reported) =>
        state.With(PartyNamed(state, reported.Party) with { Standing = Standing.KeysLost });
}
