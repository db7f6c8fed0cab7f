using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>The pledgee lets units go that were pledged by endorsement (质押解除, <c>bill.releasePledge</c>), all that the pledge still holds.</summary>
public sealed record ReleaseBillPledge(Id<Offer> Offer, Id<Offer> Pledge) : Operation<ReleaseBillPledge>, IVerb
{
    public static Verb Verb { get; } = new("bill.releasePledge", "质押解除", "release a pledge of a bill", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [Offer.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Offer(Pledge) is { } pledge ? [new(act.Party, pledge.From, pledge.Currency, pledge.Amount)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Offer(Pledge) is not { Kind: OfferKind.BillPledge, Status: OfferStatus.Accepted } pledge) return Refusal.PledgeNotFound;
        if (state.Offer(Offer) is not null) return Refusal.OfferIdInUse;
        if (!IsPledged(state, pledge)) return Refusal.PledgeReleased;
        if (pledge.To != act.Party) return Refusal.NotThePledgee;
        if (JudgeOtherHand(state, act, pledge.From) is { } oneHand) return oneHand;
        if (IsPresented(state, pledge)) return Refusal.BillActUnderWay;

        var instrument = InstrumentNamed(state, pledge.Instrument);
        return Instructed(state, OfUnits(
            state, act, instrument, OfferKind.PledgeRelease, Offer, pledge.From, pledge.Units[0], default));
    }
}

public static partial class Rulebook
{
    static LedgerState EnactPledgeRelease(LedgerState state, Offer instructed) =>
        Rewrite(state, instructed.Instrument, instructed.Units, token => token with
        {
            Encumbrances = [.. token.Encumbrances.Where(burden => burden.Kind != EncumbranceKind.Pledge || burden.Beneficiary != instructed.From)],
        });

    internal static bool IsPledged(LedgerState state, Offer pledge)
    {
        foreach (var token in TokensNamed(state, pledge.Instrument).Touching(pledge.Units[0]))
        {
            if (token.Encumbrances.Any(burden => Is(burden, EncumbranceKind.Pledge, pledge.Id.Value))) return true;
        }

        return false;
    }

    // What the pledgee presented for payment it withdraws first, or hears the answer.
    internal static bool IsPresented(LedgerState state, Offer pledge)
    {
        foreach (var token in TokensNamed(state, pledge.Instrument).Touching(pledge.Units[0]))
        {
            if (token.Encumbrances.Any(burden => burden.Kind == EncumbranceKind.Presentation)) return true;
        }

        return false;
    }
}
