using Ledger.Node.Ordering.Etcd.Rpc;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>One member of the cluster as its watchers ask how it is. A call may fail with <see cref="Grpc.Core.RpcException"/>, or never answer.</summary>
interface IEtcdHealth
{
    string Name { get; }

    Task<StatusResponse> StatusAsync(CancellationToken cancel);
}
