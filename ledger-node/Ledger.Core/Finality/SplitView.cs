using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Core.Finality;

/// <summary>
/// Two histories of one origin of which neither begins with the other, each under a quorum's signatures: what a node has, and what a peer showed it. Which banks signed both broke the
/// rules, for anybody to check; that there are so many is more than the ledger can bear.
/// </summary>
/// <param name="ShownBy">The party whose node showed it; null where two copies were compared and nobody knows.</param>
/// <param name="At">When, by the clock of whoever kept it.</param>
/// <param name="Shown">The checkpoint that was shown.</param>
/// <param name="Mine">The other one, which is the node's own, of the same size or a larger one.</param>
/// <param name="PrefixRoot">The root of that other history at the size of what was shown.</param>
/// <param name="Proof">That the other checkpoint goes on from that root.</param>
public sealed record SplitView(PartyId? ShownBy, Timestamp At, Note Shown, Note Mine, Hash256 PrefixRoot, ValueList<Hash256> Proof)
{
    /// <summary>How the name of such a file begins and ends.</summary>
    public const string FilePrefix = "split-", FileExtension = ".txt";

    const string Title = "ledger-split-view";
    const string Nobody = "-";

    // Head, two notes of two paragraphs each, and the proof.
    const int Paragraphs = 6;

    // A proof is as long as a tree of 2^64 leaves is high, and one more; the notes are bounded by their signatures.
    const int MaxProof = 65;
    const int MaxFile = 64 * 1024;

    /// <summary>Whether it proves what it says: both checkpoints are believed by the policy, and the shown one is no beginning of the other.</summary>
    public bool IsGood(CryptoSuite suite, TrustPolicy policy)
    {
        Checkpoint shown = Shown.Checkpoint, mine = Mine.Checkpoint;
        if (shown.Origin != mine.Origin || shown.Size > mine.Size || shown.Root == PrefixRoot) return false;
        if (policy.Check(suite, Shown).Verdict != TrustVerdict.Trusted || policy.Check(suite, Mine).Verdict != TrustVerdict.Trusted) return false;
        return shown.Size == mine.Size
            ? PrefixRoot == mine.Root && Proof.Count == 0
            : Proofs.VerifyConsistency(suite, shown.Size, mine.Size, Proof.Span, PrefixRoot, mine.Root);
    }

    /// <summary>The name of its file, one for each size and root that was shown.</summary>
    public string FileName(CryptoSuite suite) =>
        string.Create(CultureInfo.InvariantCulture, $"{FilePrefix}{Shown.Checkpoint.Size}-{suite.Hash(Shown.Checkpoint.Root.ToBytes()).ToString()[..16]}{FileExtension}");

    public byte[] Write()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Title}\n{ShownBy?.Text ?? Nobody}\n{At.UnixMilliseconds}\n\n{Shown}\n{Mine}\n{Convert.ToBase64String(PrefixRoot.ToBytes())}\n");
        foreach (var hash in Proof) text.Append(Convert.ToBase64String(hash.ToBytes())).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static bool TryRead(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out SplitView? view)
    {
        view = null;
        if (octets.Length > MaxFile) return false;
        var paragraphs = Encoding.UTF8.GetString(octets).Split("\n\n");
        if (paragraphs.Length != Paragraphs || paragraphs[0].Split('\n') is not [Title, var party, var time] || paragraphs[5].Split('\n') is not [var root, .. var hashes, ""]) return false;
        PartyId? by = PartyId.TryParse(party, out var known) ? known : null;
        if ((by is null && party != Nobody) || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || hashes.Length > MaxProof) return false;
        if (!Note.TryParse(NoteOf(paragraphs[1], paragraphs[2]), out var shown) || !Note.TryParse(NoteOf(paragraphs[3], paragraphs[4]), out var mine)) return false;
        if (!NoteSyntax.TryDecodeHash(root, out var prefix)) return false;
        var proof = new Hash256[hashes.Length];
        for (var i = 0; i < proof.Length; i++)
        {
            if (!NoteSyntax.TryDecodeHash(hashes[i], out proof[i])) return false;
        }

        // There is one way to write it.
        var read = new SplitView(by, new(at), shown, mine, prefix, [.. proof]);
        if (!read.Write().AsSpan().SequenceEqual(octets)) return false;
        view = read;
        return true;
    }

    static byte[] NoteOf(string text, string signatures) => Encoding.UTF8.GetBytes($"{text}\n\n{signatures}\n");
}
