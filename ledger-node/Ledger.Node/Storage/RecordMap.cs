using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Chain;

namespace Ledger.Node.Storage;

/// <summary>Where a record is: the number of its segment, its offset there, the size of its payload. A checkpoint has the height that it covers, a block its first leaf.</summary>
readonly record struct Place(ulong Height, int Segment, long Offset, int PayloadLength, ulong FirstLeaf = 0)
{
    public long End => Offset + PayloadLength + SegmentCodec.Overhead;
}

/// <summary>Records that continue the chain, found but not yet in the map.</summary>
sealed record FoundRecords(IReadOnlyList<Place> Blocks, IReadOnlyList<Place> Checkpoints, ulong NextLeaf);

/// <summary>
/// Where every block and checkpoint of the log is. One writer adds to it; anybody may look up what the writer released, which is what is durable and
/// covered. One lock guards both.
/// </summary>
sealed class RecordMap
{
    readonly Lock gate = new();
    readonly List<Place> blocks = [];
    readonly List<Place> checkpoints = [];
    int readableBlocks;
    int readableCheckpoints;

    /// <summary>The height of the next block.</summary>
    public ulong NextHeight => (ulong)blocks.Count;

    /// <summary>The place of the next block's first leaf in the history.</summary>
    public ulong NextLeaf { get; private set; }

    /// <summary>Whether the last record is a checkpoint.</summary>
    public bool IsCovered => checkpoints.Count > 0 && checkpoints[^1].Height + 1 == NextHeight;

    public Place? LastCheckpoint => checkpoints.Count > 0 ? checkpoints[^1] : null;

    public ulong Readable
    {
        get
        {
            lock (gate) return (ulong)readableBlocks;
        }
    }

    /// <summary>Finds the blocks and checkpoints among records; records that do not continue the chain are a bug of the caller.</summary>
    public FoundRecords Find(ReadOnlySpan<byte> records, int segment, long offset)
    {
        var (newBlocks, newCheckpoints, nextLeaf) = (new List<Place>(), new List<Place>(), NextLeaf);
        while (!records.IsEmpty)
        {
            if (!SegmentCodec.TryRead(records, out var record, out var fault)) throw new ArgumentException($"No record: {fault}.", nameof(records));
            var height = NextHeight + (ulong)newBlocks.Count;
            if (record.Type == RecordType.Block && TryReadHeader(record.Payload, out var header) && header.Height == height)
            {
                newBlocks.Add(new(height, segment, offset, record.Payload.Length, header.FirstLeaf));
                nextLeaf = header.FirstLeaf + header.EntryCount + (height == 0 ? 1UL : 2UL);
            }
            else if (record.Type == RecordType.Checkpoint && height > 0)
            {
                newCheckpoints.Add(new(height - 1, segment, offset, record.Payload.Length));
            }
            else
            {
                throw new ArgumentException($"This {record.Type} does not continue the chain at height {height}.", nameof(records));
            }

            offset += record.Length;
            records = records[record.Length..];
        }

        return new(newBlocks, newCheckpoints, nextLeaf);
    }

    public void Add(FoundRecords found)
    {
        lock (gate)
        {
            blocks.AddRange(found.Blocks);
            checkpoints.AddRange(found.Checkpoints);
            NextLeaf = found.NextLeaf;
        }
    }

    /// <summary>Lets everything be read that a checkpoint covers.</summary>
    public void Release()
    {
        lock (gate)
        {
            readableCheckpoints = checkpoints.Count;
            readableBlocks = checkpoints.Count == 0 ? 0 : (int)checkpoints[^1].Height + 1;
        }
    }

    public Place? Block(ulong height)
    {
        lock (gate) return height < (ulong)readableBlocks ? blocks[(int)height] : null;
    }

    /// <summary>The height of the readable block that a leaf of the history is in.</summary>
    public ulong? BlockOf(ulong leaf)
    {
        lock (gate)
        {
            if (readableBlocks == 0 || (readableBlocks < blocks.Count ? leaf >= blocks[readableBlocks].FirstLeaf : leaf >= NextLeaf)) return null;
            int low = 0, high = readableBlocks - 1;
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                if (blocks[middle].FirstLeaf <= leaf) low = middle;
                else high = middle - 1;
            }

            return blocks[low].Height;
        }
    }

    /// <summary>The first checkpoint that covers a height.</summary>
    public Place? Checkpoint(ulong height)
    {
        lock (gate)
        {
            if (height >= (ulong)readableBlocks) return null;
            int low = 0, high = readableCheckpoints - 1;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (checkpoints[middle].Height < height) low = middle + 1;
                else high = middle;
            }

            return checkpoints[low];
        }
    }

    // A block ends with its header, whose size is fixed.
    static bool TryReadHeader(ReadOnlySpan<byte> block, [NotNullWhen(true)] out Header? header)
    {
        header = null;
        return block.Length > Header.Size && Header.TryRead(block[^Header.Size..], out header);
    }
}
