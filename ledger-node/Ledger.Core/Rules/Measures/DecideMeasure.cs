using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// A third institution, independent of those who made a measure, of who gains by it and of who contests it, decides on the objection
/// (裁定, <c>measure.decide</c>): upheld, the measure is in force at once; dismissed, it never is, and the units are free again.
/// </summary>
public sealed record DecideMeasure(Id<Measure> Measure, bool Upheld, Hash256 Order) : Operation<DecideMeasure>, IVerb
{
    public static Verb Verb { get; } = new("measure.decide", "裁定异议", "decide a contested measure");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act)
    {
        if (state.Measure(Measure) is not { } measure) return [];
        return measure.IsOnUnits && state.Offer(new(Measure.Value)) is { } offer ? [new(act.Party, null, offer.Currency, offer.Amount)] : [Stake.Everything(act.Party)];
    }

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Measure(Measure) is not { } measure) return Verdict.No(Refusal.MeasureNotFound, Measure.ToString());
        if (measure.Status != MeasureStatus.Contested || measure.Until <= state.Now) return Refusal.MeasureNotContested;
        if (state.Party(act.Party)?.Has(Institutions) != true) return Refusal.RoleMissing;
        if (!SignsAs(state, act, act.Party, Institutions) || !IsThird(state, act.Party, measure)) return Refusal.DeciderIsNotIndependent;

        return new MeasureDecided(measure.Id, act.Party, Upheld, Order);
    }
}

public sealed record MeasureDecided(Id<Measure> Measure, PartyId By, bool Upheld, Hash256 Order) : LedgerEvent<MeasureDecided>, IEvent
{
    public static (string Chinese, string English) Words => ("异议已裁定", "objection to a measure decided");

    public override LedgerState Enact(LedgerState state)
    {
        var measure = MeasureNamed(state, Measure) with { DecidedBy = By, Order = Order };
        if (Upheld) return TakeEffect(state, measure);

        state = state.With(measure with { Status = MeasureStatus.Dismissed });
        return measure.IsOnUnits ? CloseOffer(state, OfferNamed(state, new(measure.Id.Value)), OfferStatus.Dismissed) : state;
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Measure.Is(Measure), Details.By.Is(By), Details.Upheld.Is(Upheld)];
}

public static partial class Rulebook
{
    // Of those who made it and of both sides; neither side's bank.
    internal static bool IsThird(LedgerState state, PartyId institution, Measure measure)
    {
        var against = PartyNamed(state, measure.Against);
        return AreAllIndependent(state, institution, [.. measure.Institutions, measure.By, measure.ContestedBy, against.Sponsor])
            && IsIndependentOfGainer(state, institution, measure.Against)
            && (measure.Gainer == default || IsIndependentOfGainer(state, institution, measure.Gainer));
    }
}
