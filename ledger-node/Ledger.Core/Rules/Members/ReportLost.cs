using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary><c>key.reportLost</c>: the sponsor says that a party lost control of its keys; the party's outgoing acts stop at once.</summary>
public sealed record ReportLost(PartyId Party) : Operation<ReportLost>, IVerb
{
    public static Verb Verb { get; } = new("key.reportLost", "密钥报失", "report keys lost");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Party(Party) is not { } party) return Verdict.No(Refusal.PartyNotFound, Party.Text);
        // A suspended party is stopped already; were its loss recorded too, recovery would lift the suspension.
        if (party.Standing != Standing.Active) return Refusal.PartyNotActive;
        if (act.Party != party.Sponsor) return Refusal.NotTheSponsor;

        return new KeysReportedLost(party.Id);
    }
}

public sealed record KeysReportedLost(PartyId Party) : LedgerEvent<KeysReportedLost>, IEvent
{
    public static (string Chinese, string English) Words => ("密钥已报失", "keys reported lost");

    public override LedgerState Enact(LedgerState state) =>
        state.With(PartyNamed(state, Party) with { Standing = Standing.KeysLost });

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Party.Is(Party)];
}
