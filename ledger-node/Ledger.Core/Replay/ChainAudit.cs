using Ledger.Core.Chain;
using Ledger.Core.State;

namespace Ledger.Core.Replay;

/// <summary>What is wrong with a stored chain.</summary>
public enum AuditFaultKind
{
    [Says("记录头损坏：类型未知", "the record's type is unknown")]
    RecordTypeUnknown = 1,

    [Says("记录头损坏：长度不可能", "the record's length is impossible")]
    RecordLengthWrong,

    [Says("记录在文件末尾中断：若为节点的数据目录，节点下次启动时会截断残尾；若为副本，请重新复制", "the file ends inside a record, a torn tail: in a node's data folder its next start cuts it; a copy is to be made again")]
    TornTail,

    [Says("记录的校验和不符", "the record's checksum does not match")]
    ChecksumDiffers,

    [Says("段文件缺失、多余或次序不对", "a segment file is missing, left over or out of order")]
    SegmentOutOfOrder,

    [Says("段文件的开头记录与链不符", "the segment's opening record does not belong here")]
    OpenerDiffers,

    [Says("区块与规则推导不符", "the block is not what the rules make of its batch")]
    BlockDiffers,

    [Says("检查点格式无效", "the checkpoint is not well formed")]
    CheckpointMalformed,

    [Says("检查点与推导出的历史根不符", "the checkpoint's size or root is not that of the history")]
    CheckpointDiffers,

    [Says("检查点签名验证不通过", "a signature of the checkpoint does not verify")]
    CheckpointSignatureFalse,

    [Says("检查点缺少法定人数的签名", "the checkpoint does not have the signatures of a quorum")]
    CheckpointUntrusted,

    [Says("末尾有检查点未覆盖的内容", "the chain ends with bytes that no checkpoint covers")]
    Uncovered,

    [Says("没有任何区块", "there are no blocks")]
    Empty,

    [Says("快照晚于链的末尾", "the snapshot is later than the chain's end")]
    SnapshotAhead,

    [Says("文件短于节点已确认的长度，已确认的内容丢失：请从备份恢复数据目录", "the file ends before what its node had acknowledged, and acknowledged blocks are lost: restore the data folder from a backup")]
    AcknowledgedMissing,

    [Says("检查点之前不是区块", "the checkpoint does not stand directly behind a block")]
    CheckpointOutOfPlace,

    [Says("末尾的段文件没有区块：节点中断时可能留下，下次启动时会移除", "the last segment holds no block: a crash leaves such a file, and the node's next start removes it")]
    SegmentWithoutBlocks,

    [Says("变更验证节点的区块之后没有它自己的检查点", "a block changes the validators and no checkpoint of its own stands behind it")]
    ChangeWithoutCheckpoint,

    [Says("此后的区块属于更高的协议版本，须用支持该版本的程序核验", "what follows is of a later version of the protocol: verify it with a program that knows that version")]
    ProtocolUnknown,

    [Says("段文件过长", "the segment is longer than any can be")]
    SegmentTooLong,
}

/// <summary>
/// The first thing that is wrong: the file, the offset of the record in it, the height that the record is or should be, and for a block the leaf.
/// </summary>
public sealed record AuditFault(string File, long Offset, AuditFaultKind Kind, ulong Height, LeafFault? Leaf = null);

/// <summary>
/// Reads the segments of a chain in order and forgives nothing: every octet is framed, re-derived and covered by a checkpoint, or the chain is false.
/// With signatures verified it is a regulator's proof; without them, a node's recovery of its own disk.
/// </summary>
public sealed class ChainAudit
{
    readonly bool verifySignatures;
    readonly Snapshot? snapshot;
    HistoryTree? linked;
    Header? lastLinked;
    (object Set, TrustPolicy Policy)? trusted;
    bool hasGenesisBlock;
    bool hasBlocks;
    ulong coveredLeaves;

    public ChainAudit(Genesis genesis, bool verifySignatures)
    {
        Fold = new(genesis);
        this.verifySignatures = verifySignatures;
    }

    /// <summary>
    /// An audit of one's own disk that goes on from a snapshot: the blocks up to its height are read and linked into the history, and only those
    /// behind it are repeated. That the block of its height is the snapshot's is checked when it comes.
    /// </summary>
    public ChainAudit(Genesis genesis, Snapshot snapshot)
        : this(genesis, verifySignatures: false)
    {
        this.snapshot = snapshot;
        linked = new(genesis.Chain.Suite);
    }

    ChainAudit(Genesis genesis)
        : this(genesis, verifySignatures: false) => linked = new(genesis.Chain.Suite);

    /// <summary>An audit of what was fetched and is not to be repeated yet: the blocks are read and linked into the history, and that is all.</summary>
    public static ChainAudit OfLinks(Genesis genesis) => new(genesis);

    /// <summary>The ledger as far as it was read; where blocks were only linked, as it was founded.</summary>
    public Fold Fold { get; private set; }

    /// <summary>The history as far as it was read.</summary>
    public HistoryTree History => linked ?? Fold.History;

    /// <summary>The header of the block that was read last.</summary>
    public Header Last => lastLinked ?? Fold.Last.Header;

    /// <summary>The newest checkpoint record.</summary>
    public Note? Covered { get; private set; }

    /// <summary>Where the newest checkpoint record ends in the segment that was read last: what comes after it is not acknowledged.</summary>
    public long CoveredLength { get; private set; }

    /// <summary>Called with every block that was repeated, in order; block 0 does nothing.</summary>
    public Action<FoldedBlock>? OnBlock { get; set; }

    /// <summary>Called with every block that was only linked, because a snapshot stands behind it; block 0 does nothing.</summary>
    public Action<Block>? OnLinked { get; set; }

    /// <summary>Called with every checkpoint that was found good.</summary>
    public Action<Note>? OnCheckpoint { get; set; }

    /// <summary>
    /// Reads one segment, whole or up to the length that its node published. A fault ends the audit; the fold then stands at the last good block.
    /// </summary>
    public AuditFault? Read(string file, ReadOnlyMemory<byte> bytes)
    {
        CoveredLength = 0;
        hasBlocks = false;
        var before = default(RecordType?);
        var offset = 0;
        if (!SegmentCodec.TryParseFileName(file, out var first) || first != NextHeight)
            return new(file, 0, AuditFaultKind.SegmentOutOfOrder, NextHeight);

        // A segment ends in a checkpoint before the next one begins.
        if (hasGenesisBlock && coveredLeaves != History.Size) return new(file, 0, AuditFaultKind.Uncovered, Last.Height);

        while (offset < bytes.Length)
        {
            // Judging a block moves the fold, even where the block turns out false: its height is asked before.
            var height = HeightOf((RecordType)bytes.Span[offset]);
            if (!SegmentCodec.TryRead(bytes.Span[offset..], out var record, out var recordFault))
                return new(file, offset, KindOf(recordFault), height, recordFault == RecordFault.ChecksumMismatch ? Diagnose(record, bytes.Span[(offset + record.Length)..]) : null);

            var payload = bytes.Slice(offset + SegmentCodec.HeadSize, record.Payload.Length);
            var (kind, leaf) = (record.Type, offset) switch
            {
                (RecordType.Opener, 0) => (OpenerFault(payload.Span), null),
                (RecordType.Block, > 0) => BlockFault(payload),
                (RecordType.Checkpoint, > 0) when before != RecordType.Block => (AuditFaultKind.CheckpointOutOfPlace, null),
                (RecordType.Checkpoint, > 0) => (CheckpointFault(payload.Span), null),
                _ => (AuditFaultKind.OpenerDiffers, null),
            };
            if (kind is { } wrong) return new(file, offset, wrong, height, leaf);

            offset += record.Length;
            before = record.Type;
            if (before == RecordType.Checkpoint) CoveredLength = offset;
            hasBlocks |= before == RecordType.Block;
        }

        return null;
    }

    /// <summary>After the last segment: whether everything that was read is covered.</summary>
    public AuditFault? Finish(string lastFile)
    {
        if (Covered is null) return new(lastFile, 0, AuditFaultKind.Empty, 0);
        if (linked is not null && snapshot is not null) return new(lastFile, CoveredLength, AuditFaultKind.SnapshotAhead, Last.Height);
        if (!hasBlocks) return new(lastFile, 0, AuditFaultKind.SegmentWithoutBlocks, NextHeight);
        return coveredLeaves == History.Size ? null : new(lastFile, CoveredLength, AuditFaultKind.Uncovered, Last.Height);
    }

    ulong NextHeight => hasGenesisBlock ? Last.Height + 1 : 0;

    // A checkpoint is about the blocks before it, any other record about the next.
    ulong HeightOf(RecordType type) => type == RecordType.Checkpoint ? Last.Height : NextHeight;

    AuditFaultKind? OpenerFault(ReadOnlySpan<byte> payload) =>
        SegmentOpener.TryRead(payload, out var opener) && opener == OpenerNow ? null : AuditFaultKind.OpenerDiffers;

    SegmentOpener OpenerNow => new(Fold.Genesis.Chain.ChainId, NextHeight, hasGenesisBlock ? History.Size : 0);

    (AuditFaultKind? Kind, LeafFault? Leaf) BlockFault(ReadOnlyMemory<byte> payload)
    {
        if (!hasGenesisBlock)
        {
            if (!payload.Span.SequenceEqual(Fold.GenesisBlock.Payload.Span)) return (AuditFaultKind.BlockDiffers, new(0, LeafFaultKind.NotTheGenesisBlock));
            hasGenesisBlock = true;
            return linked is null || Link(Fold.GenesisBlock) ? (null, null) : (AuditFaultKind.BlockDiffers, null);
        }

        if (linked is null && !Fold.KnowsNext) return (AuditFaultKind.ProtocolUnknown, null);

        // Whoever validates from here on was not asked about that block.
        if (linked is null && Fold.State.ChangesValidators && coveredLeaves != History.Size) return (AuditFaultKind.ChangeWithoutCheckpoint, null);
        if (!Block.TryRead(payload, out var block)) return (AuditFaultKind.BlockDiffers, new(Block.FirstUnreadableLeaf(payload, Fold.Takes), LeafFaultKind.NotABlock));
        if (linked is not null)
        {
            if (!Link(block)) return (AuditFaultKind.BlockDiffers, new(block.Leaves.Count - 1, LeafFaultKind.HeaderDiffers));
            OnLinked?.Invoke(block);
            return (null, null);
        }

        var folded = Fold.Repeat(block, verifySignatures, out var leaf);
        if (folded is null) return (AuditFaultKind.BlockDiffers, leaf);
        OnBlock?.Invoke(folded);
        return (null, null);
    }

    // Each header names the one before and the leaves before, so that whoever knows the last knows all.
    bool Link(Block block)
    {
        if (linked is null) return false;
        var header = block.Header;
        var suite = Fold.Genesis.Chain.Suite;
        if (lastLinked is { } before && (header.Height != before.Height + 1 || header.Previous != before.LeafHash(suite))) return false;
        if (block.FirstLeaf != linked.Size) return false;
        foreach (var leaf in block.Leaves) linked.Append(MerkleHash.OfLeaf(suite, leaf.Span));
        lastLinked = header;
        if (snapshot is null || header.Height < snapshot.Header.Height) return true;
        if (header != snapshot.Header || linked.Root() != snapshot.Checkpoint.Checkpoint.Root) return false;
        Fold = Fold.After(Fold.Genesis, block, snapshot.State, snapshot.Tree, linked);
        (linked, lastLinked) = (null, null);
        return true;
    }

    AuditFaultKind? CheckpointFault(ReadOnlySpan<byte> payload)
    {
        if (!Note.TryParse(payload, out var note) || !note.Write().AsSpan().SequenceEqual(payload)) return AuditFaultKind.CheckpointMalformed;
        if (!hasGenesisBlock || note.Checkpoint != new Checkpoint(Fold.Genesis.Origin, History.Size, History.Root())) return AuditFaultKind.CheckpointDiffers;
        if (verifySignatures)
        {
            var trust = Certifying().Check(Fold.Genesis.Chain.Suite, note);
            if (trust.Verdict == TrustVerdict.BadSignature) return AuditFaultKind.CheckpointSignatureFalse;

            // Block 0 is the genesis file and nothing else: whoever has it needs nobody's word, and each validator signs it alone when it founds the chain.
            if (trust.Verdict != TrustVerdict.Trusted && note.Checkpoint.Size > Fold.GenesisBlock.EndLeaf) return AuditFaultKind.CheckpointUntrusted;
        }

        Covered = note;
        coveredLeaves = note.Checkpoint.Size;
        OnCheckpoint?.Invoke(note);
        return null;
    }

    // A checkpoint is judged by those who were the validators before its last block, and who they are by the chain itself.
    TrustPolicy Certifying()
    {
        var state = Fold.State;
        if (state.ChangesValidators) return Fold.Genesis.PolicyOf(state.Certifiers);
        if (trusted is not { } known || !ReferenceEquals(known.Set, state.ValidatorSet)) trusted = known = (state.ValidatorSet, Fold.Genesis.PolicyOf(state.Validators));
        return known.Policy;
    }

    // The checksum says that something flipped; judging the leaves one by one says which, unless it was the checksum or the record's head.
    LeafFault? Diagnose(SegmentRecord record, ReadOnlySpan<byte> next)
    {
        if (record.Type != RecordType.Block) return null;
        var payload = record.Payload.ToArray();
        if (!hasGenesisBlock) return payload.AsSpan().SequenceEqual(Fold.GenesisBlock.Payload.Span) ? null : new(0, LeafFaultKind.NotTheGenesisBlock);
        if (!Block.TryRead(payload, out var block)) return new(Block.FirstUnreadableLeaf(payload, Fold.Takes), LeafFaultKind.NotABlock);
        if (Fold.Repeat(block, verifySignatures: true, out var leaf) is null) return leaf;

        // Why a transaction was skipped stands in the envelope's leaf unsigned, and only the checkpoint behind it says whether it is unchanged.
        var isOtherHistory = SegmentCodec.TryRead(next, out var follower, out _) && follower.Type == RecordType.Checkpoint
            && Note.TryParse(follower.Payload, out var note) && note.Checkpoint != Fold.Checkpoint;
        return isOtherHistory ? new(0, LeafFaultKind.EnvelopeInvalid) : null;
    }

    static AuditFaultKind KindOf(RecordFault fault) => fault switch
    {
        RecordFault.NeedsMoreBytes => AuditFaultKind.TornTail,
        RecordFault.UnknownType => AuditFaultKind.RecordTypeUnknown,
        RecordFault.LengthOutOfRange => AuditFaultKind.RecordLengthWrong,
        RecordFault.ChecksumMismatch => AuditFaultKind.ChecksumDiffers,
        RecordFault.None => throw new System.Diagnostics.UnreachableException(),
    };
}
