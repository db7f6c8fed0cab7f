using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// Two institutions enter that a court accepted a petition against a party (破产申请受理, <c>party.insolvent</c>). Once the measure is in force, what the party
/// owes is due from that day and bears no interest after it (企业破产法 46); it confirms and issues nothing more, and its paper is no longer traded.
/// </summary>
public sealed record DeclareInsolvent(Id<Measure> Measure, PartyId Party, DateOnly Date, string Court, Hash256 Order) : Operation<DeclareInsolvent>, IVerb
{
    public static Verb Verb { get; } = new("party.insolvent", "登记破产受理", "enter an insolvency");

    public override ValueList<UInt128> Makes(LedgerState state) => [Measure.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => Stake.EverythingOf(act);

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Party(Party) is null) return Verdict.No(Refusal.PartyNotFound, Party.Text);
        if (state.Measure(Measure) is not null) return Refusal.MeasureIdInUse;
        if (IsInsolvent(state, Party)) return Refusal.AlreadyInsolvent;
        if (OpenInsolvencyMeasure(state, Party) is { } open) return Verdict.No(Refusal.MeasurePending, open.Id.ToString());
        if (state.Party(act.Party)?.Has(Institutions) != true) return Refusal.RoleMissing;
        var institutions = TwoInstitutions(state, act);
        if (institutions.Count == 0) return Refusal.TwoInstitutionsMissing;
        if (Court.Length == 0 || !ShownText.IsNoLonger(Court, LongestAuthority)) return new Verdict.Refused(Refusal.TextInvalid, new(Reason: nameof(Court)));
        if (Date > state.Today) return Refusal.InsolvencyFromTheFuture;
        if (state.OldestDebt(Party) is { } oldest && Date < oldest) return Refusal.InsolvencyBeforeDebts;

        var measure = OnParty(state, act, MeasureKind.Insolvency, Measure, institutions, Party, gainer: default, Order);
        var entry = new ListEntry(ListKind.Insolvent, Party, act.Party, default, Date, DateOnly.MaxValue, Order, measure.Id);
        return new Verdict.Accepted([new InsolvencyEntered(entry), Announced(state, measure)]);
    }
}

/// <summary>The entry stands; it counts for as long as its measure is in force and none that ends it is.</summary>
public sealed record InsolvencyEntered(ListEntry Entry) : LedgerEvent<InsolvencyEntered>, IEvent
{
    public static (string Chinese, string English) Words => ("已登记破产受理，待生效", "insolvency entered, not in force yet");

    public override LedgerState Enact(LedgerState state) => state.With(Entry);

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.Party.Is(Entry.Subject), Details.Date.Is(Entry.From), Details.Measure.Is(Entry.Measure),
    ];
}

public static partial class Rulebook
{
    // A contested one that nobody decides is over when the longest offer would be.
    internal static Measure OnParty(
        LedgerState state, Act act, MeasureKind kind, Id<Measure> id, ValueList<PartyId> by, PartyId against, PartyId gainer, Hash256 order)
    {
        var inForce = InForceFrom(state);
        return new(
            id, kind, MeasureStatus.Standing, act.Party, by, against, gainer, order, state.Now, inForce,
            inForce.Add(state.Rules[RuleParameter.OfferMaximumDays] * Timestamp.Day));
    }

    internal static Measure? OpenInsolvencyMeasure(LedgerState state, PartyId party) =>
        state.ListEntry(ListKind.Insolvent, party) is { } entry && state.Measure(entry.Measure) is { } measure && measure.IsOpenAt(state.Now) ? measure : null;
}
