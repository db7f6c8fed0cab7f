using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// A transfer was a mistake (更正, <c>token.correct</c>): who holds the units gives them back, the former holder and a third party that reviewed it sign
/// too. What the transfer used of its documents is free again. <paramref name="Documents"/> are the uses that had brought the units to the former holder,
/// so that they can be cited again; they are charged to nobody twice. Refused once anything was built on the transfer, or the former holder closed the purchase by which
/// it had the units.
/// </summary>
public sealed record CorrectTransfer(Id<Offer> Offer, PartyId Reviewer, ValueList<DocumentUse>? Documents = null) : Operation<CorrectTransfer>, IVerb
{
    public static Verb Verb { get; } = new("token.correct", "更正流转", "correct a transfer", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act)
    {
        if (state.Offer(Offer) is not { Kind: OfferKind.Transfer } offer || state.Tokens(offer.Instrument) is not { } tokens) return [];
        var former = FormerHolder(tokens, offer);
        return [new(act.Party, former, offer.Currency, offer.Amount), new(former, offer.To, offer.Currency, offer.Amount), new(Reviewer, null, offer.Currency, offer.Amount)];
    }

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Offer(Offer) is not { } offer) return Verdict.No(Refusal.OfferNotFound, Offer.ToString());
        if (offer.Kind != OfferKind.Transfer || offer.Status != OfferStatus.Accepted || !IsBargain(offer.Cause)) return Refusal.TransferNotCorrectable;
        if (offer.To != act.Party) return Refusal.NotTheOfferee;
        var instrument = InstrumentNamed(state, offer.Instrument);
        if (state.Tokens(instrument.Id) is not { } tokens || !AllOf(tokens, offer.Units, token => IsOn(offer, token))) return Refusal.LaterActsRely;
        if (WhyNotNow(state, instrument, TransferCause.Correction) is { } untimely) return untimely;
        var former = FormerHolder(tokens, offer);
        if (!AllOf(tokens, offer.Units, token => PurchaseBefore(state, former, token) is not { } purchase || IsOnTheBooks(purchase))) return Refusal.LaterActsRely;
        if (JudgeOtherHand(state, act, former) is { } oneHand) return oneHand;
        if (!Agrees(state, act, this, former)) return Refusal.FormerHolderDidNotSign;
        if (!HasReviewed(state, act, Reviewer, former)) return Refusal.CorrectionNotReviewed;
        var documents = Documents ?? [];
        if (JudgeCitation(state, documents, former) is { } cited) return cited;
        if (JudgeStillCovers(state, documents.Select(use => use.Document)) is { } uncovered) return uncovered;
        if (DoublePledgeCheck.Examine(state, new(act.Party, instrument.Currency, instrument.Id, offer.Units, [])) is { } conflict) return conflict;

        return new TransferCorrected(offer.Id, former, documents);
    }
}

public sealed record TransferCorrected(Id<Offer> Offer, PartyId Former, ValueList<DocumentUse> Documents) : LedgerEvent<TransferCorrected>, IEvent
{
    public static (string Chinese, string English) Words => ("流转已更正", "transfer corrected");

    public override LedgerState Enact(LedgerState state)
    {
        var offer = OfferNamed(state, Offer);
        return Rewrite(ReleaseUsed(state, offer.Documents), offer.Instrument, offer.Units, token => token with
        {
            Holder = Former,
            Leg = PurchaseBefore(state, Former, token) is { } purchase
                ? OfPurchase(state, purchase, (ushort)(token.Leg.Depth - 1))
                : new(offer.Id, TransferCause.Correction, offer.To, (ushort)(token.Leg.Depth - 1), Recourse: false, Documents, state.Now),
        });
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [.. Details.Of(Offer, state), Details.Holder.Is(Former)];
}

public static partial class Rulebook
{
    internal static bool IsOn(Offer offer, Token token) =>
        token.State == UnitState.Live && token.Holder == offer.To && token.Leg.Act == offer.Id && token.Leg.Cause == offer.Cause;

    // From whom the units came: he who made the offer may have been succeeded before it was accepted.
    internal static PartyId FormerHolder(Tokens tokens, Offer offer) => tokens.Touching(offer.Units[0])[0].Leg.From;

    // The one who reviews serves neither side, and does not keep the account of who gets the units back.
    internal static bool HasReviewed(LedgerState state, Act act, PartyId reviewer, PartyId former) =>
        SignsAs(state, act, reviewer, Reviewers) && AreIndependent(state, reviewer, act.Party) && IsIndependentOfGainer(state, reviewer, former);

    internal static Verdict.Refused? JudgeCitation(LedgerState state, ValueList<DocumentUse> uses, PartyId seller)
    {
        for (var i = 0; i < uses.Count; i++)
        {
            if (state.Document(uses[i].Document) is not { } document) return Verdict.No(Refusal.DocumentNotFound, uses[i].Document.ToString());
            if (uses.Span[..i].ToArray().Any(use => use.Document == document.Id)) return new(Refusal.DocumentCitedTwice, Facts.None);
            if (document.Seller != seller) return new(Refusal.DocumentPartiesDiffer, Facts.None);
            if (uses[i].Amount.IsZero) return new(Refusal.AmountZero, Facts.None);
            if (uses[i].Amount > document.Used) return new(Refusal.DocumentsDoNotCover, Facts.None);
        }

        return null;
    }
}
