using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// Two institutions, neither of them the party's bank, enter that the petition is over (<c>party.solvent</c>): once the measure is in force, what the party owes
/// is due as it was issued, and bears late interest as if there had been none. The entry ends and stays on record.
/// </summary>
public sealed record DeclareSolvent(Id<Measure> Measure, PartyId Party, Hash256 Order) : Operation<DeclareSolvent>, IVerb
{
    public static Verb Verb { get; } = new("party.solvent", "登记破产终结", "end an insolvency");

    public override ValueList<UInt128> Makes(LedgerState state) => [Measure.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => Stake.EverythingOf(act);

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Party(Party) is null) return Verdict.No(Refusal.PartyNotFound, Party.Text);
        if (state.Measure(Measure) is not null) return Refusal.MeasureIdInUse;
        if (!IsInsolvent(state, Party)) return Refusal.NotInsolvent;
        if (OpenInsolvencyMeasure(state, Party) is { } open) return Verdict.No(Refusal.MeasurePending, open.Id.ToString());
        if (state.Party(act.Party)?.Has(Institutions) != true) return Refusal.RoleMissing;
        var institutions = TwoInstitutions(state, act, Party);
        if (institutions.Count == 0) return Refusal.TwoInstitutionsMissing;

        var measure = OnParty(state, act, MeasureKind.Solvency, Measure, institutions, Party, gainer: Party, Order);
        return new Verdict.Accepted([new SolvencyEntered(Party, measure.Id), Announced(state, measure)]);
    }
}

public sealed record SolvencyEntered(PartyId Party, Id<Measure> Measure) : LedgerEvent<SolvencyEntered>, IEvent
{
    public static (string Chinese, string English) Words => ("已登记破产终结，待生效", "end of an insolvency entered, not in force yet");

    public override LedgerState Enact(LedgerState state) =>
        state.ListEntry(ListKind.Insolvent, Party) is { } entry ? state.With(entry with { Measure = Measure }) : state;

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Party.Is(Party), Details.Measure.Is(Measure)];
}
