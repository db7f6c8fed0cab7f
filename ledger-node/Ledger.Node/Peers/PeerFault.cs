using Ledger.Client.Text;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Peers;

/// <summary>What was wrong with a peer. Up to <see cref="Refused"/> it may be the network's doing; what comes after is the peer's own.</summary>
public enum PeerFaultKind
{
    [Says("未能联系该节点", "the node was not reached")]
    NotReached = 1,

    [Says("该节点应答过慢", "the node answers too slowly")]
    TooSlow,

    [Says("应答中途中断", "the answer broke off before its end")]
    BrokenOff,

    [Says("该节点没有快照，或快照已被更新的取代", "the node has no snapshot, or a newer one took its place")]
    SnapshotGone,

    [Says("该节点拒绝了本节点的请求", "the node refused what it was asked")]
    Refused,

    [Says("证书不是本联盟机构签发，或已失效", "its certificate is not of the consortium's authority, or not valid now")]
    CertificateForeign,

    [Says("证书属于另一家机构", "its certificate is another party's")]
    CertificateOfAnother,

    [Says("应答超过约定的长度", "the answer is longer than any may be")]
    TooLong,

    [Says("应答格式不符合约定", "the answer is not as agreed")]
    Malformed,

    [Says("该节点属于另一条链", "the node is another chain's")]
    OtherChain,

    [Says("区块不是所请求的下一个区块", "the block is not the one that comes next")]
    BlockOutOfOrder,

    [Says("区块没有检查点覆盖", "no checkpoint covers the blocks")]
    Uncovered,

    [Says("检查点与所给区块不符：区块或检查点被改动", "the checkpoint is not that of the blocks: one of them was altered")]
    CheckpointDiffers,

    [Says("检查点签名验证不通过", "a signature of the checkpoint does not verify")]
    CheckpointSignatureFalse,

    [Says("检查点缺少法定人数的签名", "the checkpoint does not have the signatures of a quorum")]
    CheckpointUntrusted,

    [Says("法定人数签署的检查点属于另一份历史：历史分叉", "a quorum signed its checkpoint, and it is of another history than this node's: a split view")]
    OtherHistory,

    [Says("所给区块不是法定人数所准备的区块", "the blocks are not those that a quorum prepared")]
    NotPrepared,

    [Says("快照不是法定人数所签署的状态", "the snapshot is not the state that a quorum signed")]
    SnapshotFalse,
}

/// <summary>Which peer failed or lied, in what, and about which height where it was about one.</summary>
public sealed record PeerFault(PartyId Bank, PeerFaultKind Kind, ulong? Height = null, string? Detail = null)
{
    /// <summary>Whether the peer itself said something false: nothing on the way can do that, for it comes under the peer's certificate.</summary>
    public bool IsLie => Kind > PeerFaultKind.Refused;

    public string English => $"{Bank}: {Kind.Says(Language.English)}{(Height is { } height ? $", height {height}" : "")}{(Detail is null ? "" : $" ({Detail})")}";

    public string Chinese => $"{Bank}：{Kind.Says(Language.Chinese)}{(Height is { } height ? $"，高度 {height}" : "")}";

    public override string ToString() => $"{English}. {Chinese}。";
}

/// <summary>A peer failed or lied; whoever asked turns to another.</summary>
public sealed class PeerException(PeerFault fault, Exception? cause = null) : Exception(fault.ToString(), cause)
{
    public PeerFault Fault { get; } = fault;
}
