using Ledger.Node.Ordering.Etcd.Rpc;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>
/// One member of the cluster as the order asks it. Every call may fail with <see cref="Grpc.Core.RpcException"/>, or never answer: whoever calls brings
/// the deadline. A call that failed may have been done. Calls may overlap.
/// </summary>
interface IEtcdMember : IDisposable
{
    string Name { get; }

    Task<RangeResponse> RangeAsync(RangeRequest request, CancellationToken cancel);

    Task<TxnResponse> TxnAsync(TxnRequest request, CancellationToken cancel);

    Task<DeleteRangeResponse> DeleteAsync(DeleteRangeRequest request, CancellationToken cancel);

    Task<CompactionResponse> CompactAsync(CompactionRequest request, CancellationToken cancel);

    /// <summary>Begins a watch, which lasts until it is disposed.</summary>
    Task<IEtcdWatch> WatchAsync(WatchCreateRequest request, CancellationToken cancel);
}

/// <summary>
/// What a member tells of every change, for as long as it is asked: what is not asked for waits at the member. <see cref="AskProgressAsync"/> may run beside
/// <see cref="NextAsync"/>, and is answered by a response without events.
/// </summary>
interface IEtcdWatch : IDisposable
{
    /// <summary>The next response; null where the member has ended the watch.</summary>
    Task<WatchResponse?> NextAsync(CancellationToken cancel);

    Task AskProgressAsync(CancellationToken cancel);
}
