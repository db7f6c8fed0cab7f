using Grpc.Core;
using Grpc.Net.Client;
using Ledger.Node.Ordering.Etcd.Rpc;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>A member over gRPC. Where it has lost its leader it says so at once, instead of telling what is old or waiting for what may never come.</summary>
sealed class EtcdMember : IEtcdMember, IEtcdHealth
{
    // Long enough for a handshake between two cities, and no longer than what the caller waits for an answer.
    static readonly TimeSpan Connecting = TimeSpan.FromSeconds(2);

    // No more than so many batches are asked for at once, each as large as a request of etcd may be, and a watch's responses come in fragments of that size. What is larger is no answer of a member that is well.
    const int MaxAnswer = 128 * 1024 * 1024;

    static readonly Metadata WithLeader = new() { { "hasleader", "true" } };

    readonly GrpcChannel channel;
    readonly KV.KVClient keys;
    readonly Watch.WatchClient watches;
    readonly Maintenance.MaintenanceClient maintenance;

    EtcdMember(Uri address, SocketsHttpHandler handler)
    {
        channel = GrpcChannel.ForAddress(address, new() { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = MaxAnswer });
        keys = new(channel);
        watches = new(channel);
        maintenance = new(channel);
        Name = address.Authority;
    }

    public string Name { get; }

    public static IReadOnlyList<EtcdMember> Of(EtcdAddress address) => [.. address.Members.Select(member =>
    {
        var handler = new SocketsHttpHandler { UseProxy = false, ConnectTimeout = Connecting, EnableMultipleHttp2Connections = true };
        address.Secure(handler);
        return new EtcdMember(member, handler);
    })];

    public Task<RangeResponse> RangeAsync(RangeRequest request, CancellationToken cancel) => keys.RangeAsync(request, WithLeader, cancellationToken: cancel).ResponseAsync;

    public Task<TxnResponse> TxnAsync(TxnRequest request, CancellationToken cancel) => keys.TxnAsync(request, WithLeader, cancellationToken: cancel).ResponseAsync;

    public Task<DeleteRangeResponse> DeleteAsync(DeleteRangeRequest request, CancellationToken cancel) =>
        keys.DeleteRangeAsync(request, WithLeader, cancellationToken: cancel).ResponseAsync;

    public Task<CompactionResponse> CompactAsync(CompactionRequest request, CancellationToken cancel) => keys.CompactAsync(request, WithLeader, cancellationToken: cancel).ResponseAsync;

    // Of one that has no leader the answer says so.
    public Task<StatusResponse> StatusAsync(CancellationToken cancel) => maintenance.StatusAsync(new(), cancellationToken: cancel).ResponseAsync;

    public async Task<IEtcdWatch> WatchAsync(WatchCreateRequest request, CancellationToken cancel)
    {
        // It lasts longer than what its beginning is given.
        var call = watches.Watch(WithLeader, cancellationToken: CancellationToken.None);
        try
        {
            await call.RequestStream.WriteAsync(new() { CreateRequest = request }, cancel);
        }
        catch
        {
            call.Dispose();
            throw;
        }

        return new OneWatch(call);
    }

    public void Dispose() => channel.Dispose();

    sealed class OneWatch(AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call) : IEtcdWatch
    {
        public async Task<WatchResponse?> NextAsync(CancellationToken cancel) => await call.ResponseStream.MoveNext(cancel) ? call.ResponseStream.Current : null;

        public Task AskProgressAsync(CancellationToken cancel) => call.RequestStream.WriteAsync(new() { ProgressRequest = new() }, cancel);

        public void Dispose() => call.Dispose();
    }
}
