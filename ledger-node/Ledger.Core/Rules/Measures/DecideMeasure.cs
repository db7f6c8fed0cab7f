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
        if (!SignsAs(state, act, act.Party, Institutions) || !IsThird(state, act.Party, measure, Upheld)) return Refusal.DeciderIsNotIndependent;

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
    // None of both sides nor their banks, and independent of the one that it decides for. The other keeps nobody from deciding against it by its own word, by which it could
    // make anybody its agent or affiliate.
    internal static bool IsThird(LedgerState state, PartyId institution, Measure measure, bool upheld)
    {
        PartyId[] makers = [.. measure.Institutions, measure.By, .. measure.Gainer == default ? (ReadOnlySpan<PartyId>)[] : [measure.Gainer, BankOf(state, measure.Gainer)]];
        PartyId[] contesters = [measure.Against, PartyNamed(state, measure.Against).Sponsor, measure.ContestedBy];
        var (favoured, gainer, others) = upheld ? (makers, measure.Gainer, contesters) : (contesters, measure.Against, makers);
        return !others.Contains(institution)
            && AreAllIndependent(state, institution, favoured)
            && (gainer == default || IsIndependentOfGainer(state, institution, gainer));
    }
}
