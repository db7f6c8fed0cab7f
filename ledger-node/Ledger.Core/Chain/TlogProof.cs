using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

public enum ProofVerdict
{
    Verified,

    /// <summary>The proof carries no leaf, so there is nothing that it could be a proof of.</summary>
    NoLeaf,

    /// <summary>The leaf is not where the proof says under the root that the checkpoint names.</summary>
    NotIncluded,

    /// <summary>The checkpoint has too few good signatures of those that the policy asks for, or is of another origin.</summary>
    Untrusted,

    /// <summary>A known key's signature on the checkpoint is false.</summary>
    BadSignature,

    /// <summary>All that could be checked is right, but the policy asks for signatures of a type that is not checked here.</summary>
    CannotBeChecked,
}

/// <summary>
/// A receipt: a leaf, its place, and the way to a signed root (C2SP tlog-proof), to be verified offline. <paramref name="Leaf"/> is the format's
/// extra data: the leaf's bytes, or empty where they travel by themselves.
/// </summary>
public sealed record TlogProof(ByteString Leaf, ulong Index, ValueList<Hash256> Hashes, Note Note)
{
    const string FirstLine = "c2sp.org/tlog-proof@v1";
    const string ExtraWord = "extra ";
    const string IndexWord = "index ";

    // A path in a tree of at most 2^64 leaves.
    const int MaxHashes = 64;

    public ProofVerdict Verify(CryptoSuite suite, TrustPolicy policy)
    {
        if (Leaf.Length == 0) return ProofVerdict.NoLeaf;

        var checkpoint = Note.Checkpoint;
        var leafHash = MerkleHash.OfLeaf(suite, Leaf.Span);
        if (!Proofs.VerifyInclusion(suite, leafHash, Index, checkpoint.Size, Hashes.Span, checkpoint.Root)) return ProofVerdict.NotIncluded;

        return policy.Check(suite, Note).Verdict switch
        {
            TrustVerdict.Trusted => ProofVerdict.Verified,
            TrustVerdict.Untrusted => ProofVerdict.Untrusted,
            TrustVerdict.BadSignature => ProofVerdict.BadSignature,
            TrustVerdict.CannotBeChecked => ProofVerdict.CannotBeChecked,
        };
    }

    /// <summary>The root that leaf and path lead to, whatever the checkpoint says; null when the path cannot be one.</summary>
    public Hash256? RootOfLeaf(CryptoSuite suite) =>
        Proofs.InclusionRoot(suite, MerkleHash.OfLeaf(suite, Leaf.Span), Index, Note.Checkpoint.Size, Hashes.Span);

    public byte[] Write()
    {
        var text = new StringBuilder(FirstLine).Append('\n');
        if (Leaf.Length > 0) text.Append(ExtraWord).Append(Convert.ToBase64String(Leaf.Span)).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"{IndexWord}{Index}\n");
        foreach (var hash in Hashes) text.Append(Convert.ToBase64String(hash.ToBytes())).Append('\n');
        return Encoding.UTF8.GetBytes(text.Append('\n').Append(Note.ToString()).ToString());
    }

    public static bool TryParse(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out TlogProof? proof)
    {
        proof = null;
        if (!NoteSyntax.TryDecodeText(utf8, out var text)) return false;

        ReadOnlySpan<char> rest = text;
        if (!TryTakeLine(ref rest, out var line) || !line.SequenceEqual(FirstLine) || !TryTakeLine(ref rest, out line)) return false;

        byte[] leaf = [];
        if (line.StartsWith(ExtraWord, StringComparison.Ordinal))
        {
            if (!NoteSyntax.TryDecodeBase64(line[ExtraWord.Length..], out var extra) || extra.Length == 0) return false;
            leaf = extra;
            if (!TryTakeLine(ref rest, out line)) return false;
        }

        if (!line.StartsWith(IndexWord, StringComparison.Ordinal)) return false;
        if (!NoteSyntax.TryParseDecimal(line[IndexWord.Length..], out var index)) return false;

        var hashes = new List<Hash256>();
        while (true)
        {
            if (!TryTakeLine(ref rest, out line)) return false;
            if (line.IsEmpty) break;
            if (hashes.Count == MaxHashes || !NoteSyntax.TryDecodeHash(line, out var hash)) return false;
            hashes.Add(hash);
        }

        if (!Note.TryParse(rest, out var note)) return false;
        proof = new(new(leaf), index, [.. hashes], note);
        return true;
    }

    static bool TryTakeLine(ref ReadOnlySpan<char> text, out ReadOnlySpan<char> line)
    {
        var end = text.IndexOf('\n');
        line = end < 0 ? default : text[..end];
        if (end < 0) return false;
        text = text[(end + 1)..];
        return true;
    }
}
