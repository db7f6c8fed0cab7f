using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// Two institutions, neither of them the party's bank, enter that the petition is over (<c>party.solvent</c>): once the measure is in force, what the party owes
/// is due as it was issued, and bears late interest as if there had been none. The entry ends and stays on record.
/// </summary>
public sealed record DeclareSolvent(Id<Measure> Measure, PartyId Party, Hash256 Order) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [Measure.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => Stake.EverythingOf(act);
}

public sealed record SolvencyEntered(PartyId Party, Id<Measure> Measure) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, DeclareSolvent declare)
    {
        if (state.Party(declare.Party) is null) return Verdict.No(Refusal.PartyNotFound, declare.Party.Text);
        if (state.Measure(declare.Measure) is not null) return Refusal.MeasureIdInUse;
        if (!IsInsolvent(state, declare.Party)) return Refusal.NotInsolvent;
        if (OpenInsolvencyMeasure(state, declare.Party) is { } open) return Verdict.No(Refusal.MeasurePending, open.Id.ToString());
        if (state.Party(act.Party)?.Has(Institutions) != true) return Refusal.RoleMissing;
        var institutions = TwoInstitutions(state, act, declare.Party);
        if (institutions.Count == 0) return Refusal.TwoInstitutionsMissing;

        var measure = OnParty(state, act, MeasureKind.Solvency, declare.Measure, institutions, declare.Party, gainer: declare.Party, declare.Order);
        return new Verdict.Accepted([new SolvencyEntered(declare.Party, measure.Id), Announced(state, measure)]);
    }

    static LedgerState Enact(LedgerState state, SolvencyEntered entered) =>
        state.ListEntry(ListKind.Insolvent, entered.Party) is { } entry ? state.With(entry with { Measure = entered.Measure }) : state;
}
