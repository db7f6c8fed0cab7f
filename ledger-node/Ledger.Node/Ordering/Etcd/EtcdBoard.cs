using System.Runtime.CompilerServices;
using Google.Protobuf;
using Ledger.Core.Primitives;
using Ledger.Node.Ordering.Etcd.Rpc;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>
/// The banks' votes as keys of etcd beside the batches. Nothing of the order's checks is asked of them, for each is worth what its signatures are, and the newest says all; so a watch that ends begins again with what
/// stands there.
/// </summary>
sealed class EtcdBoard : IVoteBoard
{
    // A closing of as many reports as there may be, and what one bank may say.
    const int MaxEnd = 1_250_000;
    const int MaxVote = 32 * 1024;
    const int MaxReport = 16 * 1024;

    static readonly Posting[] Kinds = Enum.GetValues<Posting>();

    readonly OrderKeys keys;
    readonly PartyId bank;
    readonly IReadOnlyList<IEtcdMember> members;
    readonly TimeProvider time;
    readonly Members putting;
    readonly Members watching;
    readonly ReadOnlyMemory<byte>?[] due = new ReadOnlyMemory<byte>?[Kinds.Length];
    readonly SemaphoreSlim isDue = new(0);
    readonly CancellationTokenSource end = new();
    readonly Lock gate = new();
    readonly Task posting;

    public EtcdBoard(Hash256 chainId, uint epoch, PartyId bank, IReadOnlyList<IEtcdMember> members, TimeProvider time)
    {
        (keys, this.bank, this.members, this.time) = (new(chainId, epoch), bank, members, time);
        (putting, watching) = (new(members, time), new(members, time));
        posting = PostAsync(end.Token);
    }

    public void Post(Posting kind, ReadOnlyMemory<byte> octets)
    {
        lock (gate)
        {
            if (end.IsCancellationRequested) return;
            due[(int)kind] = octets;
            if (isDue.CurrentCount == 0) isDue.Release();
        }
    }

    public async IAsyncEnumerable<Posted?> ReadAsync(Func<IReadOnlyCollection<PartyId>> voters, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await using var telling = TellAsync(watching.Current, voters(), cancel).GetAsyncEnumerator(cancel);
            while (await NextAsync(telling, cancel)) yield return telling.Current;
            if (watching.Next()) await Task.Delay(Members.Pause, time, cancel);
        }
    }

    public void Dispose()
    {
        // Nobody waits for what is on its way: said or not, it is in the ballot.
        lock (gate) end.Cancel();
        posting.ContinueWith(
            _ =>
            {
                foreach (var member in members) member.Dispose();
                isDue.Dispose();
                end.Dispose();
            },
            TaskScheduler.Default);
    }

    async Task PostAsync(CancellationToken cancel)
    {
        while (true)
        {
            await isDue.WaitAsync(cancel);
            foreach (var kind in Kinds)
            {
                // A vote that is newer by the time that a member answers goes next.
                if (Take(kind) is not { } octets) continue;
                var request = Request(kind, UnsafeByteOperations.UnsafeWrap(octets));
                await putting.AskAsync((member, deadline) => member.TxnAsync(request, deadline), static _ => { }, cancel);
            }
        }
    }

    ReadOnlyMemory<byte>? Take(Posting kind)
    {
        lock (gate)
        {
            var octets = due[(int)kind];
            due[(int)kind] = null;
            return octets;
        }
    }

    TxnRequest Request(Posting kind, Google.Protobuf.ByteString value)
    {
        var key = keys.Of(kind, bank);
        var request = new TxnRequest { Success = { new RequestOp { RequestPut = new() { Key = key, Value = value } } } };
        if (kind == Posting.End) request.Compare.Add(new Compare { Key = key, Target = Compare.Types.CompareTarget.Create, Result = Compare.Types.CompareResult.Equal, CreateRevision = 0 });
        return request;
    }

    // What failed at this member the next one may tell.
    static async ValueTask<bool> NextAsync(IAsyncEnumerator<Posted?> telling, CancellationToken cancel)
    {
        try
        {
            return await telling.MoveNextAsync();
        }
        catch (Exception fault) when (Members.IsFault(fault))
        {
            cancel.ThrowIfCancellationRequested();
            return false;
        }
    }

    async IAsyncEnumerable<Posted?> TellAsync(IEtcdMember member, IReadOnlyCollection<PartyId> voters, [EnumeratorCancellation] CancellationToken cancel)
    {
        // One key at a time: who fills the place of one bank, or a thousand places of nobody, is told of by itself. What changes meanwhile the watch tells.
        var seen = long.MaxValue;
        foreach (var key in voters.SelectMany(of => (Google.Protobuf.ByteString[])[keys.Of(Posting.Vote, of), keys.Of(Posting.Report, of)]).Prepend(keys.Of(Posting.End, bank)))
        {
            var standing = await watching.OnceAsync(member, (one, deadline) => one.RangeAsync(new() { Key = key }, deadline), cancel);
            watching.Answered();
            seen = Math.Min(seen, standing.Header.Revision);
            if (standing.Kvs is [var kv] && PostedUnder(kv) is { } posted) yield return posted;
        }

        yield return null;
        var request = new WatchCreateRequest { Key = keys.FirstPosting, RangeEnd = keys.EndPosting, StartRevision = seen + 1, Fragment = true };
        using var watch = await watching.OnceAsync(member, (one, deadline) => one.WatchAsync(request, deadline), cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var asking = OrderWatch.AskAsync(watch, time, stop.Token);
        try
        {
            // A cluster that went back tells nothing of what is written below the watch: then what stands there is read again.
            while (await OrderWatch.NextAsync(member, watch, time, cancel) is { Canceled: false } response && response.Header.Revision >= seen)
            {
                seen = response.Header.Revision;
                foreach (var change in response.Events)
                {
                    if (change.Type == Event.Types.EventType.Put && PostedUnder(change.Kv) is { } posted) yield return posted;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await asking;
        }
    }

    Posted? PostedUnder(KeyValue kv) => keys.PostingOf(kv.Key) is var (kind, of) && kv.Value.Length <= MostOf(kind) ? new(kind, of, kv.Value.Memory) : null;

    static int MostOf(Posting kind) => kind switch
    {
        Posting.Vote => MaxVote,
        Posting.Report => MaxReport,
        Posting.End => MaxEnd,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
