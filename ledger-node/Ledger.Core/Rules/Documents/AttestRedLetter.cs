using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// A bank attests a red letter against a document (<c>document.redLetter</c>). What was used stays used: when that is now more than the net total,
/// the parties that rely on the document are alerted and nothing is reversed. A red letter has a number of its own and counts once, whoever saw it.
/// </summary>
public sealed record AttestRedLetter(
    Id<Document> Document,
    Amount Amount,
    DateOnly Date,
    Hash256 Commitment,
    ValueList<Fingerprint> Fingerprints,
    ValueList<Fingerprint> Skeletons,
    ValueList<Id<Document>> DistinctFrom) : Operation<AttestRedLetter>, IVerb
{
    public static Verb Verb { get; } = new("document.redLetter", "登记红字冲减", "attest a red letter");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Document(Document) is { } document ? [new(act.Party, null, document.Currency, Amount)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Document(Document) is not { } document) return Verdict.No(Refusal.DocumentNotFound, Document.ToString());
        if (state.Party(act.Party) is not { } attester || !attester.Has(Parties.Roles.Bank)) return Refusal.AttesterIsNotBank;
        if (Amount.IsZero) return Refusal.AmountZero;
        if (Date > state.Today) return Refusal.DocumentFromTheFuture;
        if (!HasMarksOf(state, document.Kind, Fingerprints, Skeletons)) return Refusal.FingerprintsIncomplete;
        foreach (var fingerprint in Fingerprints)
        {
            if (state.Document(fingerprint) is { } known) return Verdict.No(Refusal.DocumentAlreadyRegistered, known.Id.ToString());
        }

        if (WhyNotDistinct(state, act, document.Seller, document.Buyer, Skeletons, DistinctFrom) is { } alike) return alike;
        if (Amount > document.NetTotal) return new Verdict.Refused(Refusal.RedLetterTooLarge, new(document.NetTotal, document.Currency));

        var attested = new RedLetterAttested(Document, Amount, Date, Commitment, Fingerprints, Skeletons, DistinctFrom, act.Party);
        var left = document.NetTotal - Amount;
        if (document.Taken <= left) return attested;
        ValueList<PartyId> alerted = [.. new SortedSet<PartyId>([document.Buyer, document.Attester, .. document.Reliant])];
        return new Verdict.Accepted([attested, new DocumentOverused(Document, document.Taken - left, alerted)]);
    }
}

public sealed record RedLetterAttested(
    Id<Document> Document,
    Amount Amount,
    DateOnly Date,
    Hash256 Commitment,
    ValueList<Fingerprint> Fingerprints,
    ValueList<Fingerprint> Skeletons,
    ValueList<Id<Document>> DistinctFrom,
    PartyId Attester) : LedgerEvent<RedLetterAttested>, IEvent
{
    public static (string Chinese, string English) Words => ("红字冲减已登记", "red letter attested");

    public override LedgerState Enact(LedgerState state)
    {
        var document = DocumentNamed(state, Document);
        return state.With(document with { RedLetters = document.RedLetters + Amount }).With(document, Fingerprints, Skeletons);
    }

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.Document.Is(Document), Details.Currency.Is(state.Document(Document)?.Currency), Details.Amount.Is(Amount),
    ];
}

/// <summary>More of a document is taken than is left of it; these parties should know: its buyer, its attester and the banks that lent on it.</summary>
public sealed record DocumentOverused(Id<Document> Document, Amount Excess, ValueList<PartyId> Alerted) : LedgerEvent<DocumentOverused>, IEvent
{
    public static (string Chinese, string English) Words => ("背景材料被超额使用", "document overused");

    public override LedgerState Enact(LedgerState state) => state;

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.Document.Is(Document), Details.Currency.Is(state.Document(Document)?.Currency), Details.Excess.Is(Excess),
        Details.Alerted.Is(Alerted),
    ];
}
