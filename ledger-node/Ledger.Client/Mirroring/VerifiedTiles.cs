using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Client.Mirroring;

/// <summary>
/// The tiles of one checkpoint's history, from a copy or from a node, each held against the checkpoint's root before it is given: the partial ones make the root together, a full one makes a hash of the tile above it.
/// </summary>
sealed class VerifiedTiles(CryptoSuite suite, Checkpoint checkpoint, MirrorFolder folder, LogSource source)
{
    readonly Dictionary<Tile, byte[]> known = [];

    /// <summary>How many a node gave.</summary>
    public int Fetched { get; private set; }

    /// <summary>The history, so far as tiles of it were asked for.</summary>
    public TiledHistory History => new(suite, checkpoint.Size, tile => known[tile]);

    /// <summary>Gets what the root now, the root at an earlier size and the proof between them are made of.</summary>
    /// <exception cref="MirrorException">The node does not have it, or gives what is false.</exception>
    public async Task NeedAsync(ulong earlier, CancellationToken cancel)
    {
        foreach (var tile in Tile.Edge(checkpoint.Size)) known[tile] = await FetchAsync(tile, cancel);
        if (History.Root() != checkpoint.Root)
        {
            throw new MirrorException(
                MirrorFault.False, $"节点 {source.Address} 的瓦片不能得出其检查点（{checkpoint.Size} 叶）的根。", $"The tiles of the node at {source.Address} do not make the root of its checkpoint of {checkpoint.Size} leaves.");
        }

        foreach (var tile in TiledHistory.Needed(checkpoint.Size, earlier)) known[tile] = await ReadAsync(tile, cancel);
    }

    /// <summary>A tile of this history.</summary>
    /// <exception cref="MirrorException">The node does not have it, or gives what is false.</exception>
    public async Task<byte[]> ReadAsync(Tile tile, CancellationToken cancel)
    {
        if (known.TryGetValue(tile, out var octets)) return octets;

        // Only full tiles come here, for the others are the edge; the tile above has them all.
        var (level, index) = (tile.Level + 1, tile.Index / Tile.MaxWidth);
        var above = await ReadAsync(Tile.Of(checkpoint.Size, level, index) ?? throw new ArgumentOutOfRangeException(nameof(tile), tile, "The history has not grown so far."), cancel);
        var hash = Hash256.Read(above.AsSpan((int)(tile.Index % Tile.MaxWidth) * Hash256.Size, Hash256.Size));
        octets = folder.Read(tile) is { } mine && TiledHistory.RootOf(suite, mine) == hash ? mine : await FetchAsync(tile, cancel);
        if (TiledHistory.RootOf(suite, octets) != hash)
        {
            throw new MirrorException(
                MirrorFault.False, $"节点 {source.Address} 的 {MirrorFolder.NameOf(tile)} 与其上层不符。", $"{MirrorFolder.NameOf(tile)} of the node at {source.Address} does not make the hash above it.");
        }

        // Of those below everything there is one for 256 leaves: they are not kept.
        if (tile.Level > 0) known[tile] = octets;
        return octets;
    }

    async Task<byte[]> FetchAsync(Tile tile, CancellationToken cancel)
    {
        Fetched++;
        if (await source.TileAsync(tile, cancel) is { } octets) return octets;

        // A log may take a partial tile away once it has the full one, which begins with it.
        if (tile.Width < Tile.MaxWidth && await source.TileAsync(tile with { Width = Tile.MaxWidth }, cancel) is { } full) return full[..tile.Length];
        throw new MirrorException(
            MirrorFault.NoAnswer, $"节点 {source.Address} 没有 {MirrorFolder.NameOf(tile)}，而其检查点有 {checkpoint.Size} 叶。",
            $"The node at {source.Address} does not have {MirrorFolder.NameOf(tile)}, and shows a checkpoint of {checkpoint.Size} leaves.");
    }
}
