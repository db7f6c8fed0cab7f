using Ledger.Node.Ordering.Etcd;

namespace Ledger.Node;

/// <summary>The watch of a running node over the members that order for it.</summary>
sealed class NodeEtcd : IAsyncDisposable
{
    readonly IReadOnlyList<EtcdMember> members;
    Task watching = Task.CompletedTask;

    public NodeEtcd(EtcdAddress address) => (members, Book) = (EtcdMember.Of(address), EtcdBook.Of(address));

    public EtcdBook Book { get; }

    /// <summary>Watches until cancelled.</summary>
    public void Start(CancellationToken cancel)
    {
        var watch = new EtcdWatch(members, Book, TimeProvider.System);
        watching = Task.Run(() => watch.RunAsync(cancel), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var member in members) member.Dispose();
    }
}
