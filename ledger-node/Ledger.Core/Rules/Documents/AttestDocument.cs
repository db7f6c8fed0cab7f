using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// A bank that saw the original puts a document on the ledger (<c>document.attest</c>); the seller signs with it. The total is fixed for ever.
/// <paramref name="DistinctFrom"/>: the seller's documents whose numbers look like this one's and that are others; a second bank signs that they are.
/// </summary>
public sealed record AttestDocument(
    Id<Document> Document,
    DocumentKind DocumentKind,
    PartyId Seller,
    PartyId Buyer,
    Currency Currency,
    Amount Total,
    DateOnly Date,
    Hash256 Commitment,
    ValueList<Fingerprint> Fingerprints,
    ValueList<Fingerprint> Skeletons,
    ValueList<Id<Document>> DistinctFrom) : Operation<AttestDocument>, IVerb
{
    public static Verb Verb { get; } = new("document.attest", "登记背景材料", "attest a document");

    public override ValueList<UInt128> Makes(LedgerState state) => [Document.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [new(act.Party, null, Currency, Total)];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Document(Document) is not null) return Refusal.DocumentIdInUse;
        if (state.Party(act.Party) is not { } attester || !attester.Has(Roles.Bank)) return Refusal.AttesterIsNotBank;
        if (state.Party(Seller) is null) return Refusal.SellerUnknown;
        // A small seller without keys signs through its agent: any mandate it gave the agent shows that the agent speaks for it.
        if (HandOf(state, act, Seller, towards: null, static _ => true) is not { } hand) return Refusal.SellerDidNotSign;
        if (Seller == Buyer) return Refusal.DocumentPartiesDiffer;
        if (Total.IsZero) return Refusal.DocumentTotalZero;
        if (Date > state.Today) return Refusal.DocumentFromTheFuture;
        if (!HasMarksOf(state, DocumentKind, Fingerprints, Skeletons)) return Refusal.FingerprintsIncomplete;
        foreach (var fingerprint in Fingerprints)
        {
            if (state.Document(fingerprint) is not { } known) continue;
            return Tells(known, this)
                ? Verdict.No(Refusal.DocumentAlreadyRegistered, known.Id.ToString())
                : new Verdict.Refused(
                    Refusal.DocumentContradicts,
                    new(Reference: known.Id.ToString(), Conflict: new("Document", known.Id.ToString(), known.AttestedAt)));
        }

        if (WhyNotDistinct(state, act, Seller, Buyer, Skeletons, DistinctFrom) is { } alike) return alike;

        return new DocumentAttested(new(
            Document, DocumentKind, Seller, Buyer, Currency, Total, Date, Commitment,
            Fingerprints, Skeletons, DistinctFrom, act.Party, hand, state.Now, Amount.Zero, Amount.Zero, Amount.Zero, []));
    }
}

public sealed record DocumentAttested(Document Document) : LedgerEvent<DocumentAttested>, IEvent
{
    public static (string Chinese, string English) Words => ("背景材料已登记", "document attested");

    public override LedgerState Enact(LedgerState state) => state.With(Document);

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.Document.Is(Document.Id), Details.Currency.Is(Document.Currency), Details.Total.Is(Document.Total),
        Details.Seller.Is(Document.Seller), Details.Buyer.Is(Document.Buyer),
    ];
}

public static partial class Rulebook
{
    // An invoice of the digital kind on paper (数电纸质发票) has two numbers, and is found under either.
    internal static bool HasMarksOf(LedgerState state, DocumentKind kind, ValueList<Fingerprint> fingerprints, ValueList<Fingerprint> skeletons)
    {
        var numbers = kind == DocumentKind.Invoice && fingerprints.Count > state.Epochs.Count ? 2 : 1;
        return CoversEveryEpoch(state, fingerprints, Fingerprint.SchemeOf(kind), numbers) && CoversEveryEpoch(state, skeletons, Fingerprint.SkeletonScheme, numbers);
    }

    static bool CoversEveryEpoch(LedgerState state, ValueList<Fingerprint> marks, string scheme, int numbers)
    {
        if (marks.Count != state.Epochs.Count * numbers) return false;
        for (var i = 0; i < marks.Count; i++)
        {
            if (marks[i].Epoch != state.Epochs[i / numbers].Number || marks[i].Scheme != scheme || (i % numbers > 0 && marks[i] == marks[i - 1])) return false;
        }

        return true;
    }

    /// <summary>Whether an attestation says of a document what is registered of it.</summary>
    public static bool Tells(Document known, AttestDocument attest) =>
        known.Kind == attest.DocumentKind && known.Seller == attest.Seller && known.Buyer == attest.Buyer
        && known.Currency == attest.Currency && known.Total == attest.Total && known.Date == attest.Date;
}
