using Ledger.Core.Chain;
using Ledger.Node.Storage;

namespace Ledger.Node.Voting;

/// <summary>
/// The file <c>pending</c>: blocks that are durable here and not yet final, as records of a segment without opener and checkpoints. What has become final meanwhile may still stand in
/// front, for the chain has it first. A torn record at the end was promised to nobody.
/// </summary>
sealed class PendingFile : IDisposable
{
    // Beyond so much that is final the rest is written anew.
    const long MaxStale = 16 * 1024 * 1024;

    readonly IStorage storage;
    readonly List<(ulong Height, long Offset, int Length)> records = [];
    IStorageFile file;
    long end;

    PendingFile(IStorage storage, IStorageFile file)
    {
        this.storage = storage;
        this.file = file;
    }

    /// <summary>Opens the file with the blocks that it holds; what is torn at its end is cut.</summary>
    public static PendingFile Open(IStorage storage, out IReadOnlyList<Block> blocks)
    {
        if (storage.Open(FolderLayout.Pending) is not { } file)
        {
            file = storage.Create(FolderLayout.Pending);
            storage.FlushFolder("");
        }

        var pending = new PendingFile(storage, file);
        blocks = pending.Read();
        return pending;
    }

    /// <summary>Returns when the block is durable.</summary>
    public void Append(Block block)
    {
        var record = RecordOf(block);
        Step("writing", () =>
        {
            file.Write(end, record);
            file.Flush();
        });
        records.Add((block.Header.Height, end, record.Length));
        end += record.Length;
    }

    /// <summary>What the chain has, up to a height, is no longer needed here.</summary>
    public void Drop(ulong height)
    {
        records.RemoveAll(record => record.Height <= height);
        if (records.Count == 0 && end > 0) CutTo(0);
        else if (records.Count > 0 && records[0].Offset > MaxStale) Rewrite();
    }

    /// <summary>Forgets what is above a height; returns when that is durable.</summary>
    public void CutAbove(ulong height)
    {
        if (records.FindIndex(record => record.Height > height) is not (>= 0 and var first)) return;
        var offset = records[first].Offset;
        records.RemoveRange(first, records.Count - first);
        CutTo(offset);
        Step("flushing", file.Flush);
    }

    public void Dispose() => file.Dispose();

    /// <summary>A block as it stands in the file.</summary>
    public static byte[] RecordOf(Block block)
    {
        var record = new byte[block.Payload.Length + SegmentCodec.Overhead];
        SegmentCodec.Write(RecordType.Block, block.Payload.Span, record);
        return record;
    }

    /// <summary>The blocks of such records, up to the first that is none, and how long the record of each is.</summary>
    public static IEnumerable<(Block Block, int Length)> BlocksOf(ReadOnlyMemory<byte> records)
    {
        while (SegmentCodec.TryRead(records.Span, out var record, out _) && record.Type == RecordType.Block && Block.TryRead(record.Payload.ToArray(), out var block))
        {
            var length = record.Length;
            yield return (block, length);
            records = records[length..];
        }
    }

    List<Block> Read()
    {
        var bytes = new byte[file.Length];
        if (file.Read(0, bytes) != bytes.Length) throw new EndOfStreamException($"{FolderLayout.Pending} became shorter while it was read.");
        var blocks = new List<Block>();
        foreach (var (block, length) in BlocksOf(bytes))
        {
            blocks.Add(block);
            records.Add((block.Header.Height, end, length));
            end += length;
        }

        if (end < bytes.Length) CutTo(end);
        return blocks;
    }

    // Not flushed: what comes back after a crash is known to be in the chain, or is folded again.
    void CutTo(long length)
    {
        Step("cutting", () => file.SetLength(length));
        end = length;
    }

    void Rewrite()
    {
        var (first, length) = (records[0].Offset, (int)(end - records[0].Offset));
        var bytes = new byte[length];
        Step("rewriting", () =>
        {
            if (file.Read(first, bytes) != length) throw new EndOfStreamException("It became shorter.");
            file.Dispose();
            WholeFile.Write(storage, FolderLayout.Pending, bytes);
            file = storage.Open(FolderLayout.Pending) ?? throw new FileNotFoundException("It is gone.");
        });
        for (var i = 0; i < records.Count; i++) records[i] = records[i] with { Offset = records[i].Offset - first };
        end = length;
    }

    static void Step(string doing, Action step) => StorageFault.Do(FolderLayout.Pending, doing, step);
}
