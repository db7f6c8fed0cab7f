using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Replay;

/// <summary>What is wrong with a snapshot.</summary>
public enum SnapshotFaultKind
{
    [Says("不是账本快照文件", "this is no snapshot")]
    NotASnapshot = 1,

    [Says("快照属于另一条链", "the snapshot is another chain's")]
    OtherChain,

    [Says("快照在中途结束", "the snapshot ends in the middle")]
    Truncated,

    [Says("快照末尾有多余内容", "something follows the snapshot's end")]
    LeftOver,

    [Says("区块头格式无效", "the header is not well formed")]
    HeaderMalformed,

    [Says("记录格式无效", "a record is not well formed")]
    RecordMalformed,

    [Says("记录次序不对或重复", "records are out of order, or one stands twice")]
    RecordOutOfOrder,

    [Says("交易标识与记录的摘要不符", "the used ids are not those that the records tell of")]
    IdsDiffer,

    [Says("校验和不符：文件已被改动或损坏", "a checksum does not match: the file was changed or damaged")]
    ChecksumDiffers,

    [Says("由内容重算的状态根与区块头不符", "the state root of the contents is not the one of the header")]
    RootDiffers,

    [Says("检查点格式无效", "the checkpoint is not well formed")]
    CheckpointMalformed,

    [Says("检查点签名验证不通过", "a signature of the checkpoint does not verify")]
    CheckpointSignatureFalse,

    [Says("检查点缺少法定人数的签名", "the checkpoint does not have the signatures of a quorum")]
    CheckpointUntrusted,

    [Says("区块头不在检查点所覆盖的历史末尾", "the header does not end the history that the checkpoint covers")]
    HeaderNotInHistory,
}

/// <summary>The first thing that is wrong, and which record it is where one can be named.</summary>
public sealed record SnapshotFault(SnapshotFaultKind Kind, Section? Section = null, ByteString Key = default);

/// <summary>
/// A ledger as it stood behind a final block, for reading beside the writer that goes on: what a snapshot is written from, and what is in the state is proved with.
/// </summary>
public sealed record FrozenLedger(Genesis Genesis, Header Header, LedgerState State, StateTree Tree, Note Checkpoint, ValueList<Hash256> HeaderProof)
{
    /// <summary>Proves what the state holds under these keys, or that it holds nothing: each record as a table gave it of this state, once.</summary>
    public StateProofFile Prove(IEnumerable<StateRecord> records) => new(
        StateProofFile.InOrder(records.Select(record => new StateClaim((byte)record.Section, record.Key, record.Value, Tree.Prove((byte)record.Section, record.Key.Span)))),
        new(new(Header.Write()), Checkpoint.Checkpoint.Size - 1, HeaderProof, Checkpoint), Header);
}

/// <summary>
/// All that a ledger is behind a final block, read from a file and proved: its records give the state root of the header, and the header ends the
/// history under a checkpoint with a quorum's signatures. <paramref name="Content"/> is the hash of everything but the signatures: two banks'
/// snapshots of one height have the same.
/// </summary>
public sealed record Snapshot(Header Header, LedgerState State, StateTree Tree, Note Checkpoint, Hash256 Content, ulong Records, ulong KeptIds)
{
    public const ushort FormatVersion = 1;

    internal const int MaxKey = 1024;
    internal const int MaxValue = 32 * 1024 * 1024;
    internal const int MaxNote = 64 * 1024;
    internal const int MaxProof = 64;

    internal static ReadOnlySpan<byte> Magic => "ledger-snapshot\n"u8;

    /// <summary>Writes a ledger without holding it a second time in memory: records are made one by one.</summary>
    public static void Write(Stream stream, FrozenLedger ledger, CancellationToken cancel) => new SnapshotWriter(stream).Write(ledger, cancel);

    /// <summary>The hash of a ledger's contents, as a snapshot of it has it.</summary>
    public static Hash256 ContentOf(FrozenLedger ledger, CancellationToken cancel) => new SnapshotWriter(Stream.Null).Write(ledger, cancel);

    /// <summary>
    /// Reads and proves a snapshot, or says what is wrong first. Whose signatures are believed is said by whoever asks: those whom the snapshot itself names (null) only where the
    /// chain is beside it, for anybody could name itself.
    /// </summary>
    public static Snapshot? Read(Stream stream, Genesis genesis, TrustPolicy? trusted, out SnapshotFault? fault) =>
        new SnapshotReader(stream, genesis).Read(trusted, out fault);
}
