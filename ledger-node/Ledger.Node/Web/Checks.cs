using Ledger.Client.Text;
using Ledger.Core.Chain;

namespace Ledger.Node.Web;

/// <summary>
/// What a page verifies anew of what it shows, from the stored bytes. It is this node that says so: who trusts it not uses a receipt and the offline
/// page, or <c>ledger verify chain</c>.
/// </summary>
static class Checks
{
    public static IReadOnlyList<(Word What, bool IsGood)> Of(Visit v, Block block, Note? note)
    {
        var suite = v.Ledger.Genesis.Chain.Suite;
        var header = block.Header;
        var checks = new List<(Word, bool)>();

        // Who validated before the last change of the validators is only in the chain: then these two are not asked.
        var certifiers = v.State.CertifiersOf(header.Height)?.ToArray();
        if (header.Height > 0 && v.Library.Block(header.Height - 1) is { } before)
            checks.Add((Words.LinkedToPrevious, before.Header.LeafHash(suite) == header.Previous && before.EndLeaf == header.FirstLeaf));
        if (block.Envelope is { Envelope: var envelope })
        {
            var key = certifiers?.FirstOrDefault(one => one.Bank == envelope.Bank)?.NodeKey;
            if (certifiers is not null) checks.Add((Words.SealedByBank, key is { } known && suite.Verify(known, envelope.SignedBytes(), envelope.Signature.Span)));
        }

        if (note is not null && certifiers is not null) checks.Add((Words.CheckpointSigned, v.Ledger.Genesis.PolicyOf(certifiers).Check(suite, note).Verdict == TrustVerdict.Trusted));
        return checks;
    }

    public static IReadOnlyList<(Word What, bool IsGood)> Of(Visit v, Entry entry)
    {
        var chain = v.Ledger.Genesis.Chain;
        var isIncluded = v.Library.Receipt(entry)?.Verify(chain.Suite, v.Ledger.Genesis.PolicyOf(v.State.Certifiers)) == ProofVerdict.Verified;
        var signatures = entry.Signed.Signers.Count == entry.Signed.Parts.Count;
        for (var i = 0; signatures && i < entry.Signed.Parts.Count; i++)
        {
            // A key that was registered by this very transaction is known by now, too.
            signatures = v.State.Key(entry.Signed.Signers[i]) is { } key
                && chain.Suite.Verify(key.PublicKey, entry.Signed.Parts[i].Message.Span, entry.Signed.Parts[i].Signature.Span);
        }

        return [(Words.Included, isIncluded), (Words.SignedByParties, signatures)];
    }
}
