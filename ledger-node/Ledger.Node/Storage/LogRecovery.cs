using System.Diagnostics;
using Ledger.Core.Chain;
using Ledger.Core.Replay;

namespace Ledger.Node.Storage;

/// <summary>
/// The way from a folder to a running log: every segment is audited, and only when all of it was found good is a torn tail cut.
/// </summary>
sealed class LogRecovery
{
    readonly IStorage storage;
    readonly Genesis genesis;
    readonly long segmentSize;
    readonly ChainAudit audit;
    readonly List<Segment> segments = [];
    readonly RecordMap map = new();
    readonly PublishedLength published;

    public LogRecovery(
        IStorage storage, Genesis genesis, long segmentSize, bool verifySignatures, Action<RecoveryProgress> progress, Action<FoldedBlock> onBlock)
        : this(storage, genesis, segmentSize, new ChainAudit(genesis, verifySignatures), progress, onBlock)
    {
    }

    public LogRecovery(IStorage storage, Genesis genesis, long segmentSize, Snapshot snapshot, Action<RecoveryProgress> progress, Action<FoldedBlock> onBlock)
        : this(storage, genesis, segmentSize, new ChainAudit(genesis, snapshot), progress, onBlock)
    {
    }

    public LogRecovery(IStorage storage, Genesis genesis, long segmentSize, ChainAudit audit, Action<RecoveryProgress> progress, Action<FoldedBlock> onBlock)
    {
        this.storage = storage;
        this.genesis = genesis;
        this.segmentSize = segmentSize;
        foreach (var name in storage.List(FolderLayout.Chain))
        {
            if (SegmentCodec.TryParseFileName(name, out var first) && storage.Open($"{FolderLayout.Chain}/{name}") is { } file) segments.Add(new(first, file));
        }

        published = ReadPublished();
        this.audit = audit;
        Follow(progress, onBlock);
    }

    public Recovery Run() => Audit(out var cut) is { } fault
        ? new Recovery.Damaged(fault)
        : new Recovery.Complete(Log(), audit.Fold, audit.Covered ?? throw new UnreachableException("A chain without a checkpoint is damaged."), cut);

    /// <summary>The same of blocks that are only linked.</summary>
    public Recovery RunLinks() => Audit(out _) is { } fault ? new Recovery.Damaged(fault) : new Recovery.Linked(Log(), audit.History, audit.Last);

    AuditFault? Audit(out CutTail? cut)
    {
        var fault = AuditSegments(out var lastLength);
        cut = fault is null ? Cut(lastLength) : null;
        if (fault is null) return null;
        foreach (var segment in segments) segment.File.Dispose();
        return fault;
    }

    BlockLog Log()
    {
        var log = new BlockLog(storage, genesis.Chain.ChainId, segmentSize, [.. segments], map);
        log.Flush();
        return log;
    }

    AuditFault? AuditSegments(out long lastLength)
    {
        lastLength = 0;
        if (segments.Count == 0) return new(SegmentCodec.FileName(0), 0, AuditFaultKind.SegmentOutOfOrder, 0);
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            var isLast = i == segments.Count - 1;
            if (segment.File.Length > SegmentCodec.MaxSegment) return new(segment.FileName, 0, AuditFaultKind.SegmentTooLong, map.NextHeight);
            var bytes = new byte[segment.File.Length];
            if (segment.File.Read(0, bytes) != bytes.Length) throw new EndOfStreamException($"{segment.Path} became shorter while it was read.");

            var acknowledged = published.FirstHeight == segment.FirstHeight ? published.Length : 0;
            var kept = isLast ? SegmentTail.KeptLength(bytes, genesis.Origin, acknowledged) : bytes.Length;
            if (audit.Read(segment.FileName, bytes.AsMemory(0, kept)) is { } fault) return Judged(fault, acknowledged > (ulong)bytes.Length);
            if (acknowledged > (ulong)bytes.Length) return new(segment.FileName, bytes.Length, AuditFaultKind.AcknowledgedMissing, map.NextHeight);

            Adopt(segment, i, bytes.AsSpan(0, kept));
            lastLength = bytes.Length;
        }

        if (published.FirstHeight > segments[^1].FirstHeight)
            return new(SegmentCodec.FileName(published.FirstHeight), 0, AuditFaultKind.AcknowledgedMissing, map.NextHeight);

        // What a crash left of a segment that was being begun is removed, not blamed.
        return audit.Finish(segments[^1].FileName) is { Kind: not AuditFaultKind.SegmentWithoutBlocks } unfinished ? unfinished : null;
    }

    void Adopt(Segment segment, int index, ReadOnlySpan<byte> bytes)
    {
        segment.Length = bytes.Length;
        if (SegmentCodec.TryRead(bytes, out var opener, out _)) map.Add(map.Find(bytes[opener.Length..], index, opener.Length));
    }

    // A tail that could be cut was cut off before the audit: where the audit finds the file ending inside a record, what was acknowledged is gone, or
    // the record's length is false.
    static AuditFault Judged(AuditFault fault, bool isShort) => fault.Kind != AuditFaultKind.TornTail ? fault
        : fault with { Kind = isShort ? AuditFaultKind.AcknowledgedMissing : AuditFaultKind.RecordLengthWrong };

    CutTail? Cut(long lastLength)
    {
        var last = segments[^1];
        if (map.LastCheckpoint is { } checkpoint && checkpoint.Segment < segments.Count - 1) return Remove(last, lastLength);
        if (lastLength == last.Length) return null;
        last.File.SetLength(last.Length);
        last.File.Flush();
        return new(last.FileName, last.Length, lastLength - last.Length);
    }

    // The crash came while the segment was begun: without a checkpoint there is nothing in it to keep.
    CutTail Remove(Segment last, long lastLength)
    {
        last.File.Dispose();
        storage.Remove(last.Path);
        storage.FlushFolder(FolderLayout.Chain);
        segments.Remove(last);
        return new(last.FileName, 0, lastLength);
    }

    PublishedLength ReadPublished()
    {
        using var file = storage.Open(FolderLayout.Published);
        Span<byte> bytes = stackalloc byte[PublishedLength.Size];
        return file is not null && PublishedLength.TryRead(bytes[..file.Read(0, bytes)], out var read) ? read : default;
    }

    void Follow(Action<RecoveryProgress> progress, Action<FoldedBlock> onBlock)
    {
        var total = segments.Sum(segment => segment.File.Length);
        var done = 0L;
        audit.OnCheckpoint = note => done += note.Write().Length + SegmentCodec.Overhead;
        audit.OnLinked = Done;
        audit.OnBlock = folded =>
        {
            onBlock(folded);
            Done(folded.Block);
        };

        void Done(Block block)
        {
            done += block.Payload.Length + SegmentCodec.Overhead;
            progress(new(block.Header.Height + 1, block.EndLeaf, done, total));
        }
    }
}
