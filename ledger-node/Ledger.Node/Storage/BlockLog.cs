using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;

namespace Ledger.Node.Storage;

/// <summary>
/// The final blocks and their checkpoints, in append-only segments under <c>chain/</c>. One writer appends and flushes; only what was flushed and is
/// covered by a checkpoint can be read, by anybody at any time.
/// </summary>
public sealed class BlockLog : IDisposable
{
    public const long DefaultSegmentSize = 64 * 1024 * 1024;

    readonly IStorage storage;
    readonly Hash256 chainId;
    readonly long segmentSize;
    readonly RecordMap map;
    readonly IStorageFile published;

    // Never changed in place: readers look here while the writer starts a segment.
    Segment[] segments;
    PublishedLength lastPublished;
    bool isOpen = true;

    internal BlockLog(IStorage storage, Hash256 chainId, long segmentSize, Segment[] segments, RecordMap map)
    {
        this.storage = storage;
        this.chainId = chainId;
        this.segmentSize = segmentSize;
        this.segments = segments;
        this.map = map;
        published = storage.Open(FolderLayout.Published) ?? storage.Create(FolderLayout.Published);
    }

    /// <summary>How many blocks can be read, block 0 among them.</summary>
    public ulong Count => map.Readable;

    /// <summary>Founds a chain in a data folder that has none: genesis, block 0 and the checkpoint over it.</summary>
    public static BlockLog Create(IStorage storage, Fold founded, Note checkpoint, long segmentSize)
    {
        if (GenesisFile.Read(storage) is not null) throw new InvalidOperationException("A chain was founded in this folder before.");
        storage.CreateFolder(FolderLayout.Chain);
        storage.FlushFolder("");

        var log = new BlockLog(storage, founded.Genesis.Chain.ChainId, segmentSize, [], new());
        log.StartSegment();
        log.Append(Records([founded.GenesisBlock], checkpoint));
        log.Flush();

        // Genesis comes last: until it is there, what a crash left of the first segment is nobody's.
        GenesisFile.Write(storage, founded.Genesis);
        return log;
    }

    /// <summary>
    /// Opens the log of this genesis by repeating every block that it holds. A tail that a crash tore is cut and told; any other damage is told and
    /// left as it is.
    /// </summary>
    public static Recovery Open(
        IStorage storage, Genesis genesis, long segmentSize, bool verifySignatures, Action<RecoveryProgress> progress, Action<FoldedBlock> onBlock) =>
        NotOf(storage, genesis) ?? new LogRecovery(storage, genesis, segmentSize, verifySignatures, progress, onBlock).Run();

    /// <summary>
    /// The same from a snapshot of this chain: only the blocks behind it are repeated and told. Where chain and snapshot do not fit together the
    /// folder is called damaged, and whoever asked tries without.
    /// </summary>
    public static Recovery OpenFrom(
        Snapshot snapshot, IStorage storage, Genesis genesis, long segmentSize, Action<RecoveryProgress> progress, Action<FoldedBlock> onBlock) =>
        NotOf(storage, genesis) ?? new LogRecovery(storage, genesis, segmentSize, snapshot, progress, onBlock).Run();

    /// <summary>Opens a log that is being fetched from others, whose blocks are linked into the history and not repeated.</summary>
    public static Recovery OpenLinks(IStorage storage, Genesis genesis, long segmentSize) =>
        NotOf(storage, genesis) ?? new LogRecovery(storage, genesis, segmentSize, ChainAudit.OfLinks(genesis), static _ => { }, static _ => { }).RunLinks();

    static Recovery? NotOf(IStorage storage, Genesis genesis)
    {
        if (GenesisFile.Read(storage) is not { } stored) return new Recovery.NotFounded();
        return stored.AsSpan().SequenceEqual(genesis.Bytes.Span) ? null : new Recovery.OtherGenesis(genesis.Chain.Suite.Hash(stored));
    }

    /// <summary>Blocks and the checkpoint that covers them, as records for <see cref="Append"/>.</summary>
    public static byte[] Records(IReadOnlyList<Block> blocks, Note checkpoint)
    {
        var note = checkpoint.Write();
        var records = new byte[blocks.Sum(block => block.Payload.Length + SegmentCodec.Overhead) + note.Length + SegmentCodec.Overhead];
        var end = 0;
        foreach (var block in blocks) end += SegmentCodec.Write(RecordType.Block, block.Payload.Span, records.AsSpan(end));
        SegmentCodec.Write(RecordType.Checkpoint, note, records.AsSpan(end));
        return records;
    }

    /// <summary>
    /// Writes records behind the last one, in one write. A <see cref="StorageFault"/> leaves the log as it was, or refusing everything; records that
    /// do not continue the chain are a bug.
    /// </summary>
    public void Append(ReadOnlySpan<byte> records)
    {
        MustBeOpen();
        if (segments[^1].Length >= segmentSize && map.IsCovered) StartSegment();

        var tail = segments[^1];
        byte[] opener = tail.Length > 0 ? [] : OpenerOf(tail);
        var found = map.Find(records, segments.Length - 1, tail.Length + opener.Length);
        Write(tail, opener.Length == 0 ? records : (byte[])[.. opener, .. records]);
        tail.Length += opener.Length + records.Length;
        map.Add(found);
    }

    /// <summary>
    /// Returns when everything appended is durable and, so far as a checkpoint covers it, can be read; then publishes how far that is. If it fails
    /// the log takes nothing more.
    /// </summary>
    public void Flush()
    {
        MustBeOpen();
        Step(segments[^1].Path, "flushing", segments[^1].File.Flush);
        map.Release();
        Publish();
    }

    /// <summary>The block of a height, null above the last one.</summary>
    public Block? ReadBlock(ulong height)
    {
        if (map.Block(height) is not { } place) return null;
        return Block.TryRead(ReadPayload(place, RecordType.Block), out var block) ? block : throw Unreadable(place);
    }

    /// <summary>The height of the block that a leaf of the history is in, null for a leaf that is not there yet.</summary>
    public ulong? BlockOf(ulong leaf) => map.BlockOf(leaf);

    /// <summary>The first checkpoint that covers the block of a height, null above the last block.</summary>
    public Note? ReadNote(ulong height)
    {
        if (map.Checkpoint(height) is not { } place) return null;
        return Note.TryParse(ReadPayload(place, RecordType.Checkpoint).Span, out var note) ? note : throw Unreadable(place);
    }

    public void Dispose()
    {
        isOpen = false;
        foreach (var segment in segments) segment.File.Dispose();
        published.Dispose();
    }

    byte[] OpenerOf(Segment segment)
    {
        var payload = new SegmentOpener(chainId, segment.FirstHeight, map.NextLeaf).Write();
        var record = new byte[payload.Length + SegmentCodec.Overhead];
        SegmentCodec.Write(RecordType.Opener, payload, record);
        return record;
    }

    // The old segment is whole on disk before there is a new one, for only the last may have a tail.
    void StartSegment()
    {
        if (segments.Length > 0) Flush();
        var path = Segment.PathOf(map.NextHeight);
        Step(path, "starting", () =>
        {
            segments = [.. segments, new(map.NextHeight, storage.Create(path))];
            segments[^1].File.Flush();
            storage.FlushFolder(FolderLayout.Chain);
        });
    }

    void Write(Segment tail, ReadOnlySpan<byte> bytes)
    {
        try
        {
            tail.File.Write(tail.Length, bytes);
        }
        catch (IOException cause)
        {
            // What was written of it is cut off again; where that fails too, only a recovery can tell what is there.
            try
            {
                tail.File.SetLength(tail.Length);
            }
            catch (IOException)
            {
                isOpen = false;
            }

            throw new StorageFault(tail.Path, "writing", mayRetry: isOpen, cause);
        }
    }

    // Not flushed: it speaks to readers beside the running node, and to a recovery it may be late.
    void Publish()
    {
        if (map.LastCheckpoint is not { } last) return;
        var now = new PublishedLength(segments[last.Segment].FirstHeight, (ulong)last.End);
        if (now == lastPublished) return;
        Step(FolderLayout.Published, "writing", () => published.Write(0, now.Write()));
        lastPublished = now;
    }

    void Step(string path, string doing, Action act)
    {
        try
        {
            act();
        }
        catch (IOException cause)
        {
            isOpen = false;
            throw new StorageFault(path, doing, mayRetry: false, cause);
        }
    }

    ReadOnlyMemory<byte> ReadPayload(Place place, RecordType type)
    {
        var bytes = new byte[place.PayloadLength + SegmentCodec.Overhead];
        var read = segments[place.Segment].File.Read(place.Offset, bytes);
        if (!SegmentCodec.TryRead(bytes.AsSpan(0, read), out var record, out _) || record.Type != type) throw Unreadable(place);
        return bytes.AsMemory(SegmentCodec.HeadSize, place.PayloadLength);
    }

    // It was good when it was written or recovered: the disk or somebody has changed it since.
    InvalidDataException Unreadable(Place place) =>
        new($"{segments[place.Segment].Path} is damaged at offset {place.Offset}, height {place.Height}.");

    void MustBeOpen()
    {
        if (!isOpen) throw new InvalidOperationException("The log has failed or was closed; open it anew.");
    }
}
