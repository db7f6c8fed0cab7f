using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>What becomes of two checkpoints and the hashes between them.</summary>
public enum ConsistencyVerdict
{
    /// <summary>The newer history begins with the older one.</summary>
    Consistent,

    /// <summary>They are of two origins: of neither can be said how it stands to the other.</summary>
    OtherOrigin,

    /// <summary>The one that was given as the older is the longer.</summary>
    OlderIsLonger,

    /// <summary>One size and two roots: whoever signed both signed two histories.</summary>
    TwoHistories,

    /// <summary>The proof begins at another size, or ends under another checkpoint.</summary>
    OtherProof,

    /// <summary>There are no hashes between two sizes that differ.</summary>
    NoProof,

    /// <summary>The hashes do not lead from the older root to the newer.</summary>
    RootsDiffer,
}

/// <summary>
/// The hashes from an older size of the history to a checkpoint, which stands behind them: the body of C2SP tlog-witness's add-checkpoint. Both checkpoints are judged by whom one trusts; the proof
/// itself is nobody's word.
/// </summary>
public sealed record ConsistencyProof(ulong OldSize, ValueList<Hash256> Hashes, Note Newer)
{
    // C2SP tlog-witness.
    public const int MaxHashes = 63;

    const string OldWord = "old ";

    /// <summary>Whether the history of one checkpoint begins with that of another; <paramref name="proof"/> may be null where they are of one size.</summary>
    public static ConsistencyVerdict Judge(CryptoSuite suite, Checkpoint older, Checkpoint newer, ConsistencyProof? proof)
    {
        if (older.Origin != newer.Origin) return ConsistencyVerdict.OtherOrigin;
        if (older.Size > newer.Size) return ConsistencyVerdict.OlderIsLonger;
        if (older.Size == newer.Size && older.Root != newer.Root) return ConsistencyVerdict.TwoHistories;
        if (older.Size == newer.Size && proof is null) return ConsistencyVerdict.Consistent;
        if (proof is null) return ConsistencyVerdict.NoProof;
        if (proof.OldSize != older.Size || proof.Newer.Checkpoint != newer) return ConsistencyVerdict.OtherProof;
        return Proofs.VerifyConsistency(suite, older.Size, newer.Size, proof.Hashes.Span, older.Root, newer.Root) ? ConsistencyVerdict.Consistent : ConsistencyVerdict.RootsDiffer;
    }

    public byte[] Write()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{OldWord}{OldSize}\n");
        foreach (var hash in Hashes) text.Append(Convert.ToBase64String(hash.ToBytes())).Append('\n');
        return Encoding.UTF8.GetBytes(text.Append('\n').Append(Newer.ToString()).ToString());
    }

    public static bool TryParse(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out ConsistencyProof? proof)
    {
        proof = null;
        if (!NoteSyntax.TryDecodeText(utf8, out var text)) return false;
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0) return false;

        var lines = text[..end].Split('\n');
        if (lines.Length > 1 + MaxHashes || !lines[0].StartsWith(OldWord, StringComparison.Ordinal) || !NoteSyntax.TryParseDecimal(lines[0].AsSpan(OldWord.Length), out var old)) return false;
        var hashes = new Hash256[lines.Length - 1];
        for (var i = 0; i < hashes.Length; i++)
        {
            if (!NoteSyntax.TryDecodeHash(lines[i + 1], out hashes[i])) return false;
        }

        if (!Note.TryParse(text.AsSpan(end + 2), out var note)) return false;
        proof = new(old, [.. hashes], note);
        return true;
    }
}
