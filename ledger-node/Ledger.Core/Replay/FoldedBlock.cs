using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Replay;

/// <summary>A transaction as a batch brings it; <paramref name="Known"/> when it was read and verified before.</summary>
public readonly record struct BatchItem(ReadOnlyMemory<byte> Bytes, Authenticated? Known);

/// <summary>
/// What became of one transaction, whoever asked. <paramref name="Height"/> and <paramref name="Leaf"/> say where its entry stands; they are null when
/// it left none. <paramref name="Transaction"/> is null when it could not be read. <paramref name="Replayed"/>: it had been answered before, and this is
/// that answer.
/// </summary>
public sealed record Answer(
    Refusal Code, int Operation, Facts Facts, ulong? Height, ulong? Leaf, ValueList<LedgerEvent> Events, Timestamp LedgerTime, SignedTransaction? Transaction,
    bool Replayed = false)
{
    public bool IsAccepted => Code == Refusal.None;
}

/// <summary>
/// A block and everything it did: what opening it and its deadlines made happen, the answers in the order of the batch, the state it leaves, and
/// the records that it wrote or removed, each once, as it left them.
/// </summary>
public sealed record FoldedBlock(
    Block Block, ValueList<LedgerEvent> Opening, IReadOnlyList<Answer> Answers, LedgerState State, IReadOnlyList<StateRecord> Written)
{
    /// <summary>
    /// For each event of the opening the last state in which everything is that was there then: of a departure the one before it, of the others the one before the next
    /// departure, or the block's.
    /// </summary>
    public IReadOnlyList<LedgerState> OpeningStates { get; init; } = [];

    /// <summary>The records that the opening wrote and that left in it, as they were when they did.</summary>
    public IReadOnlyList<StateRecord> WrittenLast { get; init; } = [];
}

/// <summary>The first leaf of a stored block that is not what the ledger's rules make of its batch.</summary>
public sealed record LeafFault(int Leaf, LeafFaultKind Kind, Refusal Refusal = Refusal.None);

public enum LeafFaultKind
{
    [Says("区块结构不完整", "the block is not well formed")]
    NotABlock,

    [Says("创世区块与创世文件不符", "block 0 is not what genesis makes")]
    NotTheGenesisBlock,

    [Says("交易报文损坏", "the transaction is malformed")]
    EntryMalformed,

    [Says("交易签名验证不通过", "a signature of the transaction does not verify")]
    EntryUnauthentic,

    [Says("交易结果与规则推导不符", "the rules give this transaction another answer")]
    EntryCodeDiffers,

    [Says("批次信封无效", "the batch's envelope is not valid")]
    EnvelopeInvalid,

    [Says("批次摘要与交易不符", "the envelope's digest is not that of the transactions")]
    EnvelopeDigestDiffers,

    [Says("区块头与规则推导不符", "the header is not what the rules make of the batch")]
    HeaderDiffers,
}
