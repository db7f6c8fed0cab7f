using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;

namespace Ledger.Client.Mirroring;

/// <summary>What a copy holds: so many leaves by their hashes, of which so many are here themselves, and files that belong to no size up to its checkpoint's, or to nobody.</summary>
public sealed record MirrorReport(Note Checkpoint, ulong Tiles, ulong Entries, int Beyond, IReadOnlyList<string> ForeignFiles);

/// <summary>Whether a copy is what it says. False is not the same as unknown.</summary>
public abstract record MirrorVerdict
{
    private protected MirrorVerdict()
    {
    }

    public sealed record Verified(MirrorReport Report) : MirrorVerdict;

    public sealed record Falsified(string File, string Chinese, string English) : MirrorVerdict;

    public sealed record CannotBeChecked(string File, string Chinese, string English) : MirrorVerdict;
}

/// <summary>Verifies copies offline, every octet of them, and finds where two of them part.</summary>
public static class MirrorAudit
{
    /// <summary>Holds a copy against its checkpoint, and that against the policy.</summary>
    /// <exception cref="MirrorException">There is a link in it, or its checkpoint is none.</exception>
    public static MirrorVerdict Verify(MirrorFolder folder, CryptoSuite suite, TrustPolicy policy, Action<MirrorProgress> tell, CancellationToken cancel)
    {
        if (folder.Checkpoint() is not { } note) return new MirrorVerdict.CannotBeChecked("checkpoint", "没有检查点", "there is no checkpoint");
        var signed = policy.Check(suite, note).Verdict;
        if (signed == TrustVerdict.CannotBeChecked) return new MirrorVerdict.CannotBeChecked("checkpoint", "信任策略要求本程序不支持的签名类型", "the policy asks for signatures of a type that this program does not verify");
        if (signed != TrustVerdict.Trusted) return new MirrorVerdict.Falsified("checkpoint", "检查点没有信任策略所要求的签名，或有签名是假的", "it lacks signatures that the policy asks for, or one of them does not verify");

        var size = note.Checkpoint.Size;
        if (Hashes(folder, suite, size, tell, cancel, out var tiles) is { } wrong) return wrong;
        if (HistoryOf(folder, suite, size).Root() != note.Checkpoint.Root) return new MirrorVerdict.Falsified("checkpoint", "瓦片不能得出检查点的根", "the tiles do not make its root");
        if (Leaves(folder, suite, size, tell, cancel, out var entries) is { } other) return other;
        return Rest(folder, suite, note, tiles, entries, cancel);
    }

    /// <summary>Where two copies of one log part that were verified: the size up to which they are the same, and the proof that two histories were signed; null where one begins with the other.</summary>
    public static (ulong Common, SplitView View)? Compare(CryptoSuite suite, MirrorFolder one, MirrorFolder other, Timestamp now)
    {
        if (one.Checkpoint() is not { } first || other.Checkpoint() is not { } second) throw new ArgumentException("A copy that was verified has a checkpoint.");
        if (first.Checkpoint.Size > second.Checkpoint.Size) (one, first, other, second) = (other, second, one, first);
        var (size, longSize) = (first.Checkpoint.Size, second.Checkpoint.Size);
        var (small, large) = (HistoryOf(one, suite, size), HistoryOf(other, suite, longSize));
        var root = large.RootAt(size);
        if (root == first.Checkpoint.Root) return null;
        Hash256[] proof = size == longSize ? [] : large.ConsistencyProof(size);
        return (small.CommonWith(large, size), new SplitView(null, now, first, second, root, [.. proof]));
    }

    /// <summary>Whether a bundle has just the leaves whose hashes a tile begins with.</summary>
    internal static bool IsBundleOf(CryptoSuite suite, ReadOnlyMemory<byte> octets, ReadOnlySpan<byte> hashes, int width)
    {
        if (!EntryBundle.TryRead(octets, width, out var leaves)) return false;
        for (var i = 0; i < width; i++)
        {
            if (MerkleHash.OfLeaf(suite, leaves[i].Span) != Hash256.Read(hashes.Slice(i * Hash256.Size, Hash256.Size))) return false;
        }

        return true;
    }

    // From the leaves' hashes up: each full tile makes a hash of the tile above it.
    static MirrorVerdict? Hashes(MirrorFolder folder, CryptoSuite suite, ulong size, Action<MirrorProgress> tell, CancellationToken cancel, out ulong tiles)
    {
        tiles = 0;
        var made = new List<Hash256>();
        for (var level = 0; level <= Tile.MaxLevel && size >> (8 * level) > 0; level++)
        {
            var above = new List<Hash256>();
            for (var index = 0UL; Tile.Of(size, level, index) is { } tile; index++)
            {
                cancel.ThrowIfCancellationRequested();
                tell(new(index * Tile.MaxWidth, size >> (8 * level), IsOfEntries: false));
                if (folder.Read(tile) is not { } octets) return new MirrorVerdict.CannotBeChecked(MirrorFolder.NameOf(tile), "缺失，或长度不对", "it is missing, or of another length");
                for (var i = 0; level > 0 && i < tile.Width; i++)
                {
                    var below = (index * Tile.MaxWidth) + (ulong)i;
                    if (made[(int)below] == Hash256.Read(octets.AsSpan(i * Hash256.Size, Hash256.Size))) continue;
                    var (upper, lower) = (MirrorFolder.NameOf(tile), MirrorFolder.NameOf(new(level - 1, below, Tile.MaxWidth)));
                    return new MirrorVerdict.Falsified(lower, $"与 {upper} 中的第 {i} 个哈希不符", $"it does not make hash {i} of {upper}");
                }

                if (tile.Width == Tile.MaxWidth) above.Add(TiledHistory.RootOf(suite, octets));
                tiles++;
            }

            made = above;
        }

        return null;
    }

    static MirrorVerdict.Falsified? Leaves(MirrorFolder folder, CryptoSuite suite, ulong size, Action<MirrorProgress> tell, CancellationToken cancel, out ulong entries)
    {
        entries = 0;
        for (var index = 0UL; Tile.Of(size, 0, index) is { } tile; index++)
        {
            cancel.ThrowIfCancellationRequested();
            if (folder.ReadBundle(tile) is not { } octets) continue;
            tell(new(index * Tile.MaxWidth, size, IsOfEntries: true));
            if (folder.Read(tile) is not { } hashes || !IsBundleOf(suite, octets, hashes, tile.Width)) return OtherLeaves(MirrorFolder.BundleNameOf(tile));
            entries += (ulong)tile.Width;
        }

        return null;
    }

    // What lies there beside what the size asks for is served too: older partial tiles must be beginnings of what stands in their places now.
    static MirrorVerdict Rest(MirrorFolder folder, CryptoSuite suite, Note note, ulong tiles, ulong entries, CancellationToken cancel)
    {
        var (size, beyond, foreign) = (note.Checkpoint.Size, 0, new List<string>());
        foreach (var (name, tile, bundle) in folder.Files())
        {
            cancel.ThrowIfCancellationRequested();
            if ((tile ?? bundle) is not { } place)
            {
                foreign.Add(name);
            }
            else if (!place.IsWithin(size))
            {
                beyond++;
            }
            else if (Tile.Of(size, place.Level, place.Index) is { } now && now != place && folder.Read(now) is { } hashes)
            {
                if (tile is not null && folder.Read(place)?.AsSpan().SequenceEqual(hashes.AsSpan(0, place.Length)) != true) return new MirrorVerdict.Falsified(name, "与同一处更长的瓦片不符", "it is no beginning of the longer tile in its place");
                if (bundle is not null && (folder.ReadBundle(place) is not { } octets || !IsBundleOf(suite, octets, hashes, place.Width))) return OtherLeaves(name);
            }
        }

        return new MirrorVerdict.Verified(new(note, tiles, entries, beyond, foreign));
    }

    static MirrorVerdict.Falsified OtherLeaves(string name) => new(name, "不是该历史的叶子", "it has other leaves than the history");

    static TiledHistory HistoryOf(MirrorFolder folder, CryptoSuite suite, ulong size) =>
        new(suite, size, tile => folder.Read(tile) ?? throw new MirrorException(MirrorFault.Folder, $"{folder.Path} 中缺少 {MirrorFolder.NameOf(tile)}。", $"{MirrorFolder.NameOf(tile)} is missing in {folder.Path}."));
}
