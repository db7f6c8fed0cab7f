using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

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
    ValueList<Id<Document>> DistinctFrom) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Document(Document) is { } document ? [new(act.Party, null, document.Currency, Amount)] : [];
}

public sealed record RedLetterAttested(
    Id<Document> Document,
    Amount Amount,
    DateOnly Date,
    Hash256 Commitment,
    ValueList<Fingerprint> Fingerprints,
    ValueList<Fingerprint> Skeletons,
    ValueList<Id<Document>> DistinctFrom,
    PartyId Attester) : LedgerEvent;

/// <summary>More of a document is taken than is left of it; these parties should know: its buyer, its attester and the banks that lent on it.</summary>
public sealed record DocumentOverused(Id<Document> Document, Amount Excess, ValueList<PartyId> Alerted) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, AttestRedLetter red)
    {
        if (state.Document(red.Document) is not { } document) return Verdict.No(Refusal.DocumentNotFound, red.Document.ToString());
        if (state.Party(act.Party) is not { } attester || !attester.Has(Parties.Roles.Bank)) return Refusal.AttesterIsNotBank;
        if (red.Amount.IsZero) return Refusal.AmountZero;
        if (red.Date > state.Today) return Refusal.DocumentFromTheFuture;
        if (!HasMarksOf(state, document.Kind, red.Fingerprints, red.Skeletons)) return Refusal.FingerprintsIncomplete;
        foreach (var fingerprint in red.Fingerprints)
        {
            if (state.Document(fingerprint) is { } known) return Verdict.No(Refusal.DocumentAlreadyRegistered, known.Id.ToString());
        }

        if (WhyNotDistinct(state, act, document.Seller, document.Buyer, red.Skeletons, red.DistinctFrom) is { } alike) return alike;
        if (red.Amount > document.NetTotal) return new Verdict.Refused(Refusal.RedLetterTooLarge, new(document.NetTotal, document.Currency));

        var attested = new RedLetterAttested(red.Document, red.Amount, red.Date, red.Commitment, red.Fingerprints, red.Skeletons, red.DistinctFrom, act.Party);
        var left = document.NetTotal - red.Amount;
        if (document.Taken <= left) return attested;
        ValueList<PartyId> alerted = [.. new SortedSet<PartyId>([document.Buyer, document.Attester, .. document.Reliant])];
        return new Verdict.Accepted([attested, new DocumentOverused(red.Document, document.Taken - left, alerted)]);
    }

    static LedgerState Enact(LedgerState state, RedLetterAttested red)
    {
        var document = DocumentNamed(state, red.Document);
        return state.With(document with { RedLetters = document.RedLetters + red.Amount }).With(document, red.Fingerprints, red.Skeletons);
    }
}
