using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>The pledgee lets units go that were pledged by endorsement (质押解除, <c>bill.releasePledge</c>), all that the pledge still holds.</summary>
public sealed record ReleaseBillPledge(Id<Offer> Offer, Id<Offer> Pledge) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [Offer.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Offer(Pledge) is { } pledge ? [new(act.Party, pledge.From, pledge.Currency, pledge.Amount)] : [];
}

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, ReleaseBillPledge release)
    {
        if (state.Offer(release.Pledge) is not { Kind: OfferKind.BillPledge, Status: OfferStatus.Accepted } pledge) return Refusal.PledgeNotFound;
        if (state.Offer(release.Offer) is not null) return Refusal.OfferIdInUse;
        if (!IsPledged(state, pledge)) return Refusal.PledgeReleased;
        if (pledge.To != act.Party) return Refusal.NotThePledgee;
        if (IsPresented(state, pledge)) return Refusal.BillActUnderWay;

        var instrument = InstrumentNamed(state, pledge.Instrument);
        return Instructed(state, OfUnits(
            state, act, instrument, OfferKind.PledgeRelease, release.Offer, pledge.From, pledge.Units[0], default));
    }

    static LedgerState EnactPledgeRelease(LedgerState state, Offer instructed) =>
        Rewrite(state, instructed.Instrument, instructed.Units, token => token with
        {
            Encumbrances = [.. token.Encumbrances.Where(burden => burden.Kind != EncumbranceKind.Pledge || burden.Beneficiary != instructed.From)],
        });

    static bool IsPledged(LedgerState state, Offer pledge)
    {
        foreach (var token in TokensNamed(state, pledge.Instrument).Touching(pledge.Units[0]))
        {
            if (token.Encumbrances.Any(burden => Is(burden, EncumbranceKind.Pledge, pledge.Id.Value))) return true;
        }

        return false;
    }

    // What the pledgee presented for payment it withdraws first, or hears the answer.
    static bool IsPresented(LedgerState state, Offer pledge)
    {
        foreach (var token in TokensNamed(state, pledge.Instrument).Touching(pledge.Units[0]))
        {
            if (token.Encumbrances.Any(burden => burden.Kind == EncumbranceKind.Presentation)) return true;
        }

        return false;
    }
}
