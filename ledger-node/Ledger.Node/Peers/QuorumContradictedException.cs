namespace Ledger.Node.Peers;

/// <summary>
/// A quorum signed a block that the rules here do not make. No peer alone can bring that about: more banks broke the rules than the ledger can bear, or this program is not
/// the one that they run. The node stops, for whatever it goes on with would be wrong for somebody.
/// </summary>
public sealed class QuorumContradictedException(ulong height, string what) : Exception(
    $"A quorum signed the block of height {height}, and it is not what the rules here make of it ({what}). This program may be of another version than the validators'; else more of them broke "
    + $"the rules than the ledger can bear. The node stops. 法定人数签署的高度 {height} 区块与本节点按规则推导的结果不符：可能程序版本不同，否则违规的验证银行已超过账本所能容忍的数目。节点停止。")
{
    public ulong Height { get; } = height;
}
