namespace Ledger.Client.Devnet;

/// <summary>
/// How a bank's node is. What it does not say, because it has ended or does not answer, is null. <paramref name="Lag"/> is by how many blocks it is behind
/// the farthest. A node that is not ready may answer reads all the same.
/// </summary>
public sealed record NodeStatus(LocalBank Bank, ProcessState Process, bool IsReady, bool Reads, string? NotReady, string? NotReadyChinese, ulong? Height, string? Root, ulong? Epoch, ulong? Lag);

/// <summary>How a member of etcd is; <paramref name="StoredBytes"/> of <paramref name="QuotaBytes"/> are used.</summary>
public sealed record MemberStatus(LocalMember Member, ProcessState Process, bool IsHealthy, bool IsLeader, long? StoredBytes, long? QuotaBytes);

/// <summary>How a network is, asked of everything in it at about the same time.</summary>
public sealed record NetworkStatus(IReadOnlyList<NodeStatus> Nodes, IReadOnlyList<MemberStatus> Members)
{
    /// <summary>Whether all nodes are ready and have the same chain, of at least one block behind genesis.</summary>
    public bool IsAgreed => Nodes.All(node => node is { IsReady: true, Height: > 0 }) && Nodes.Select(node => (node.Height, node.Root)).Distinct().Count() == 1;

    /// <summary>Whether nothing is to be done: all agree, and every member of etcd is there.</summary>
    public bool IsWell => IsAgreed && Members.All(member => member.IsHealthy);
}
