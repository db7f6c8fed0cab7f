using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>
    /// The open offers that a freeze of these units ends. What executes a freeze that came before stays, and so does a succession, which takes over whatever
    /// lies on the units; both are judged again when they are accepted.
    /// </summary>
    internal static ValueList<Id<Offer>> OffersOn(LedgerState state, Tokens tokens, ValueList<Interval> units)
    {
        var open = new SortedSet<Id<Offer>>();
        foreach (var run in units)
        {
            foreach (var token in tokens.Touching(run))
            {
                foreach (var burden in token.Encumbrances)
                {
                    if (burden.Kind != EncumbranceKind.Offer || !burden.BindsAt(state.Now)) continue;
                    if (OfferNamed(state, new(burden.Reference)) is { Status: OfferStatus.Open } offer && !OutlastsFreeze(state, token, offer)) open.Add(offer.Id);
                }
            }
        }

        return [.. open];
    }

    static bool OutlastsFreeze(LedgerState state, Token token, Offer offer) =>
        offer.Cause == TransferCause.Succession || (offer.Cause == TransferCause.Court && FirstFreeze(state, token)?.Beneficiary == offer.From);

    // However many they are, the tokens are gone over once.
    internal static LedgerState LapseOffers(LedgerState state, Id<Instrument> instrument, ValueList<Id<Offer>> lapsed)
    {
        if (lapsed.Count == 0) return state;
        var units = new List<Interval>();
        foreach (var id in lapsed)
        {
            var offer = OfferNamed(state, id);
            state = End(state, offer, OfferStatus.Lapsed);
            units.AddRange(offer.Units);
        }

        units.Sort();
        var ended = lapsed.ToHashSet();
        return Rewrite(state, instrument, Joined(units), token => token with
        {
            Encumbrances = [.. token.Encumbrances.Where(burden =>
                burden.Kind is not (EncumbranceKind.Offer or EncumbranceKind.NotTransferable) || !ended.Contains(new(burden.Reference)))],
        });
    }
}
