using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Node.Storage;

namespace Ledger.Node.Voting;

/// <summary>
/// The file <c>cut</c>: blocks that waited here and gave way where an epoch ended, as records of a segment. A quorum may have prepared one of them and none of the banks whose reports ended the epoch known of it; a bank that brings its certificate
/// where a later epoch ends makes that one go on from it, and then somebody must have it still. Once something else is final nothing can go on from them, and they are forgotten.
/// </summary>
sealed class CutBlocks
{
    readonly IStorage storage;
    readonly CryptoSuite suite;
    readonly long most;
    bool isThere;

    // In the order in which they were cut.
    List<(Block Block, BlockPoint Point)> kept = [];

    CutBlocks(IStorage storage, CryptoSuite suite, long most, bool isThere) => (this.storage, this.suite, this.most, this.isThere) = (storage, suite, most, isThere);

    public IReadOnlyList<(Block Block, BlockPoint Point)> Kept => kept;

    /// <summary>Opens the file and reads the blocks that it holds; of them those are to be kept again that stand on what is here.</summary>
    /// <param name="storage">The data folder.</param>
    /// <param name="suite">The chain's.</param>
    /// <param name="most">So many octets of blocks are kept at the most.</param>
    /// <param name="blocks">What was read.</param>
    public static CutBlocks Open(IStorage storage, CryptoSuite suite, long most, out IReadOnlyList<Block> blocks)
    {
        using var file = storage.Open(FolderLayout.Cut);
        var records = new byte[file?.Length ?? 0];
        blocks = file?.Read(0, records) == records.Length ? [.. PendingFile.BlocksOf(records).Select(static one => one.Block)] : [];
        return new(storage, suite, most, isThere: file is not null);
    }

    /// <summary>The blocks of a branch, from the lowest that is among these up to and with the one that ends there; none where it is not.</summary>
    public static IReadOnlyList<Block> BranchTo(CryptoSuite suite, IReadOnlyCollection<(Block Block, BlockPoint Point)> known, ulong size, Hash256 root)
    {
        var branch = new List<Block>();
        var next = known.FirstOrDefault(one => one.Point.Size == size && one.Point.Root == root).Block;
        while (next is { Header: var header })
        {
            branch.Add(next);
            next = known.FirstOrDefault(one => one.Block.Header.Height + 1 == header.Height && one.Block.Header.LeafHash(suite) == header.Previous).Block;
        }

        branch.Reverse();
        return branch;
    }

    /// <summary>Keeps blocks that are cut; returns when they are durable. What was cut first goes first where it is too much.</summary>
    public void Keep(IReadOnlyCollection<(Block Block, BlockPoint Point)> cut)
    {
        if (cut.Count == 0) return;
        kept = [.. kept.Where(one => !cut.Any(other => other.Point == one.Point)), .. cut];
        var above = kept.Sum(static one => (long)one.Block.Payload.Length) - most;
        var first = 0;
        for (; above > 0; first++) above -= kept[first].Block.Payload.Length;
        kept.RemoveRange(0, first);
        Write();
    }

    /// <summary>Forgets what does not stand on the last final block.</summary>
    public void Settle(Header final, IEnumerable<Header> waiting)
    {
        if (!isThere) return;
        HashSet<Hash256> stands = [final.LeafHash(suite), .. waiting.Select(header => header.LeafHash(suite))];
        foreach (var header in kept.Select(static one => one.Block.Header).OrderBy(static header => header.Height))
        {
            if (stands.Contains(header.Previous)) stands.Add(header.LeafHash(suite));
        }

        kept.RemoveAll(one => !stands.Contains(one.Block.Header.Previous));

        // Not flushed: what comes back after a crash does not stand on what is here.
        if (kept.Count > 0) return;
        StorageFault.Do(FolderLayout.Cut, "removing", () => storage.Remove(FolderLayout.Cut));
        isThere = false;
    }

    void Write()
    {
        isThere = true;
        StorageFault.Do(FolderLayout.Cut, "writing", () => WholeFile.Write(storage, FolderLayout.Cut, file =>
        {
            var end = 0L;
            foreach (var record in kept.Select(static one => PendingFile.RecordOf(one.Block)))
            {
                file.Write(end, record);
                end += record.Length;
            }
        }));
    }
}
