using System.Globalization;
using System.Security.Cryptography;
using Ledger.Client.Documents;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Documents;

/// <summary>
/// The bank's desk for originals: reads one and prepares its attestation. It holds the consortium's fingerprint keys, which no supplier may, and keeps
/// nothing: the opening goes back to the bank's own files, and on to whoever lends on the document.
/// </summary>
public sealed class DocumentService(CryptoSuite suite, EpochKeyRing keyRing)
{
    public const int MaxOriginal = 5_000_000;

    /// <summary>Reads an original that a seller brought, which is none of <paramref name="distinctFrom"/>, or says why it cannot be attested.</summary>
    public DocumentReading Read(LedgerState state, ReadOnlySpan<byte> original, PartyId seller, ValueList<Id<Document>> distinctFrom)
    {
        if (!InvoiceReader.TryRead(original, out var invoice, out var problem))
            return new DocumentReading.NotTaken((Refusal)(ushort)problem.Refusal, new(Reference: problem.Value, Reason: problem.Element));
        if (!DocumentOpening.TryOf(invoice, new(RandomNumberGenerator.GetBytes(DocumentOpening.SaltSize)), out var opening, out problem))
            return new DocumentReading.NotTaken(problem.Refusal, new(Reference: problem.Value, Reason: problem.Element));
        if (opening.Seller != seller) return new DocumentReading.NotTaken(Refusal.DocumentPartiesDiffer, new(Reference: opening.Seller.Text));

        if (EpochsWithoutKey(state) is [var lacking, ..]) return new DocumentReading.NotTaken(Refusal.EpochKeyMissing, new(Reference: lacking.ToString(CultureInfo.InvariantCulture)));
        var epochKeys = keyRing.Of(state);
        var attestation = opening.Attestation(
            NewId.Of<Document>(state.Now), suite, state.Epochs.Select(epoch => (epoch.Number, epochKeys[epoch.Number])), distinctFrom);
        var registered = attestation.Fingerprints.Select(state.Document).FirstOrDefault(known => known is not null);
        return new DocumentReading.Taken(attestation, opening, registered, [.. Warnings(state, attestation)]);
    }

    /// <summary>The epochs whose fingerprint key the bank lacks; while there is one, no document is attested.</summary>
    public IReadOnlyList<uint> EpochsWithoutKey(LedgerState state) => keyRing.Missing(state);

    /// <summary>
    /// The fingerprints that an invoice of this number has, if there is one: of what the tax authority numbered, for only that is recognised by its number
    /// alone. A code and a number are written with a blank between.
    /// </summary>
    public IEnumerable<Fingerprint> FingerprintsOf(LedgerState state, string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length is 0 or > 2) yield break;
        foreach (var (epoch, key) in keyRing.Of(state))
        {
            if (DocumentOpening.NationalFingerprint(suite, key, parts.Length == 2 ? parts[0] : "", parts[^1]) is { } value)
                yield return new(DocumentKind.Invoice.Name(), epoch, value);
        }
    }

    // What would make the ledger refuse the attestation as things are, or leave the document without use.
    static IEnumerable<(Refusal, Facts)> Warnings(LedgerState state, AttestDocument attestation)
    {
        if (state.Party(attestation.Seller) is null) yield return (Refusal.SellerUnknown, new(Reference: attestation.Seller.Text));
        if (state.Party(attestation.Buyer) is null) yield return (Refusal.PartyNotFound, new(Reference: attestation.Buyer.Text));
        if (attestation.Date > state.Today) yield return (Refusal.DocumentFromTheFuture, Facts.None);

        var alike = attestation.Skeletons.SelectMany(skeleton => state.DocumentsLike(attestation.Seller, skeleton)).Distinct().ToArray();
        foreach (var known in alike.Except(attestation.DistinctFrom).Select(state.Document))
        {
            if (known is not null) yield return (Refusal.DocumentLooksLikeAnother, new(Reference: known.Id.ToString(), Conflict: new("Document", known.Id.ToString(), known.AttestedAt)));
        }

        foreach (var other in attestation.DistinctFrom.Except(alike)) yield return (Refusal.DistinctFromOthers, new(Reference: other.ToString()));
        if (attestation.DistinctFrom.Count > 0) yield return (Refusal.DistinctionNeedsSecondBank, Facts.None);
    }
}

/// <summary>What the desk makes of an original.</summary>
public abstract record DocumentReading
{
    private protected DocumentReading() { }

    public sealed record NotTaken(Refusal Refusal, Facts Facts) : DocumentReading;

    /// <summary>
    /// An attestation that is ready to be signed by bank and seller. <paramref name="Registered"/> is the document that the ledger has under the same
    /// fingerprint: then this one would be refused.
    /// </summary>
    public sealed record Taken(AttestDocument Attestation, DocumentOpening Opening, Document? Registered, ValueList<(Refusal, Facts)> Warnings) : DocumentReading;
}
