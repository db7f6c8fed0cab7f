using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grpc.Core;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Node.Ordering.Etcd.Rpc;
using Ledger.Node.Storage;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>
/// The order is the order of changes in etcd. A batch goes there as the value of its own key, and comes back by a watch of all keys; what comes back is a batch only
/// if it decodes, is of this chain and epoch, and of the bank and counter of its key, with the transactions that its digest names (W4). etcd is trusted to order while it is healthy, and checked.
/// </summary>
sealed class EtcdOrdering : IOrdering
{
    /// <summary>What may be put and not yet taken here: beyond it nothing is sealed.</summary>
    public const int MaxAhead = 64;

    public const long MaxBytesAhead = 64 * 1024 * 1024;

    // What is told and not yet read, at most a batch each; the rest waits at the member.
    const int MaxTold = 16;

    // So many batches are taken before what is behind them goes.
    const int ForgetEvery = 64;

    // So many keys of earlier epochs go at once, and so many epochs are looked through.
    const int SweptAtOnce = 1_000;
    const int EpochsAtOnce = 16;

    readonly Fold fold;
    readonly PartyId bank;
    readonly ByteString nodeKey;
    readonly uint epoch;
    readonly OrderKeys keys;
    readonly IReadOnlyList<IEtcdMember> members;
    readonly TimeProvider time;
    readonly PositionFile position;
    readonly OutboxFile outbox;
    readonly OrderHealth health = new();
    readonly Members putting;
    readonly Members watching;
    readonly Members asking;
    readonly Members forgetting;
    readonly BatchPut puts;
    readonly ConcurrentDictionary<ulong, (Batch Batch, Outgoing Value)> ahead = new();

    // A semaphore that is disposed of forgets who waits: one whose wait was cancelled just before would wait for ever.
    [SuppressMessage("Usage", "CA2213:Disposable fields should be disposed", Justification = "Holds nothing, and a cancelled wait must find its end.")]
    readonly SemaphoreSlim fewer = new(0);

    [SuppressMessage("Usage", "CA2213:Disposable fields should be disposed", Justification = "Holds nothing, and a cancelled wait must find its end.")]
    readonly SemaphoreSlim turn = new(0);

    readonly CancellationTokenSource end = new();
    readonly Lock gate = new();
    ChannelReader<Told>? reading;
    ulong? cluster;
    OrderPosition? current;
    Outgoing? lastPut;
    int takenSince;
    uint swept;
    Task forgotten = Task.CompletedTask;

    public EtcdOrdering(Fold fold, NodeKey key, uint epoch, IReadOnlyList<IEtcdMember> members, IStorage storage, TimeProvider time)
    {
        this.fold = fold;
        this.epoch = epoch;
        this.members = members;
        this.time = time;
        (bank, nodeKey) = (key.Bank, key.PublicKey);
        keys = new(fold.Genesis.Chain.ChainId, epoch);
        position = PositionFile.Open(storage, epoch);
        outbox = OutboxFile.Open(storage);
        cluster = position.Cluster;
        (putting, watching, asking, forgetting) = (new(members, time), new(members, time), new(members, time), new(members, time));
        puts = new(keys, bank, IsMine, putting, Check, health.Putting);

        // What was put under another key of the bank takes no place any more, and what goes into its place is put over it.
        lastPut = outbox.Last is { } last && last.Epoch == epoch && IsMine(last.Value, last.Counter) ? last : null;
    }

    public int MaxBatchBytes => BatchValue.MaxTransactions;

    public OrderTrouble? Trouble => health.Trouble;

    /// <summary>Up to which revision the chain has what was ordered.</summary>
    public ulong Revision => position.Last.Revision;

    /// <summary>How many batches were put and are not yet in the chain.</summary>
    public int Ahead => ahead.Count;

    /// <summary>How often another member was turned to, because one had failed.</summary>
    public long Changes => putting.Changes + watching.Changes;

    CryptoSuite Suite => fold.Genesis.Chain.Suite;

    public ulong FirstFree(ulong wanted) => lastPut is { } last && last.Counter >= wanted ? last.Counter + 1 : wanted;

    public async ValueTask<bool> SubmitAsync(Batch batch, CancellationToken cancel)
    {
        // Sealed while the epoch, or the bank's key, was changing: it would take a place that nobody's next batch goes on from.
        if (batch.Envelope.Epoch != epoch || !IsSigned(batch.Envelope, nodeKey)) throw new OperationCanceledException("The batch is of another epoch, or under another key, than this order.");
        var isPlaced = true;
        await UnlessBrokenAsync(async until =>
        {
            await turn.WaitAsync(until);
            while (ahead.Count >= MaxAhead || ahead.Values.Sum(static one => (long)one.Value.Value.Length) >= MaxBytesAhead) await fewer.WaitAsync(until);

            var counter = batch.Envelope.Counter;
            if (counter < NextOf(bank))
            {
                isPlaced = false;
                turn.Release();
                return;
            }

            var followsMine = lastPut is { } last && last.Counter == counter - 1;
            var outgoing = new Outgoing(epoch, counter, BatchValue.Write(batch));
            outbox.Write(outgoing);
            lastPut = outgoing;
            ahead[counter] = (batch, outgoing);
            isPlaced = await puts.PutAsync(outgoing, followsMine, until);
            if (!isPlaced) ahead.TryRemove(counter, out _);
            turn.Release();
        }, cancel);
        return isPlaced;
    }

    public async IAsyncEnumerable<Batch> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancel, end.Token, health.Broken);
        var told = Channel.CreateBounded<Told>(new BoundedChannelOptions(MaxTold) { SingleReader = true, SingleWriter = true });
        reading = told.Reader;
        var resuming = ResumeAsync(told.Writer, until.Token);
        var following = FollowAsync(told.Writer, until.Token);
        try
        {
            await foreach (var one in told.Reader.ReadAllAsync(cancel))
            {
                if (health.IsBroken) break;
                var batch = BatchOf(one);
                foreach (var missed in batch is null ? [] : await MissingAsync(batch.Envelope, one, until.Token)) yield return missed;
                if (health.IsBroken) break;
                current = one.At ?? current;
                if (batch is null) Note();
                else yield return batch;
            }
        }
        finally
        {
            await until.CancelAsync();
            await Task.WhenAll(resuming, following).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        cancel.ThrowIfCancellationRequested();
        await Task.WhenAll(resuming, following);
    }

    public bool HasMore => reading is { Count: > 0 };

    public void Took(Forgettable forgettable)
    {
        foreach (var counter in ahead.Keys)
        {
            if (counter < NextOf(bank)) ahead.TryRemove(counter, out _);
        }

        if (fewer.CurrentCount == 0) fewer.Release();
        Note();
        if (forgotten.IsFaulted) forgotten.GetAwaiter().GetResult();
        if (++takenSince < ForgetEvery || !forgotten.IsCompleted || position.Last.Revision == 0) return;
        takenSince = 0;
        forgotten = ForgetAsync(forgettable, position.Last, end.Token);
    }

    public void Dispose()
    {
        end.Cancel();
        forgotten.ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
        foreach (var member in members) member.Dispose();
        position.Dispose();
        outbox.Dispose();
        health.Dispose();
        end.Dispose();
    }

    // Everything that was read is in the chain, or is none of its business.
    void Note()
    {
        if (current is { } at && cluster is { } known && at != position.Last) position.Write(known, at);
    }

    // What was last to be put and is not yet in the chain goes again: whether it went nobody here knows. Nothing else is put before.
    async Task ResumeAsync(ChannelWriter<Told> told, CancellationToken cancel)
    {
        try
        {
            await UnlessBrokenAsync(async until =>
            {
                if (lastPut is { } last && last.Counter >= NextOf(bank)) await puts.PutAsync(last, followsMine: false, until);
            }, cancel);
            turn.Release();
        }
        catch (Exception fault)
        {
            told.TryComplete(fault);
            throw;
        }
    }

    async Task FollowAsync(ChannelWriter<Told> told, CancellationToken cancel)
    {
        try
        {
            await UnlessBrokenAsync(until => new OrderWatch(watching, keys, time, health, Check, position.Last).RunAsync(told, until), cancel);
            told.TryComplete();
        }
        catch (Exception fault)
        {
            told.TryComplete(fault);
            throw;
        }
    }

    // Whatever finds that the order is broken, all that has to do with it ends.
    async Task UnlessBrokenAsync(Func<CancellationToken, Task> act, CancellationToken cancel)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancel, end.Token, health.Broken);
        try
        {
            if (!health.IsBroken) await act(until.Token);
        }
        catch (OrderBrokenException why)
        {
            health.Break(why);
        }
        catch (OperationCanceledException) when (health.IsBroken)
        {
        }
    }

    void Check(ResponseHeader header)
    {
        lock (gate)
        {
            cluster ??= header.ClusterId;
            if (cluster != header.ClusterId)
                throw new OrderBrokenException($"排序服务是另一集群（{header.ClusterId:x}），不是 {cluster:x}", $"this is cluster {header.ClusterId:x}, and what was read before is of {cluster:x}");
        }
    }

    Batch? BatchOf(Told one)
    {
        if (keys.Read(one.Key) is not { } place) return null;

        // What this node put itself it has read and verified already.
        if (place.Bank == bank && ahead.TryGetValue(place.Counter, out var own) && own.Value.Value.Span.SequenceEqual(one.Value.Span)) return own.Batch;
        return BatchAt(place.Bank, place.Counter, one.Value.Memory);
    }

    Batch? BatchAt(PartyId of, ulong counter, ReadOnlyMemory<byte> value)
    {
        var batch = BatchValue.Read(value, Suite);
        return batch?.Envelope is { } envelope && envelope.ChainId == fold.Genesis.Chain.ChainId && envelope.Epoch == epoch && envelope.Bank == of && envelope.Counter == counter ? batch : null;
    }

    bool IsMine(ReadOnlyMemory<byte> value, ulong counter) => BatchAt(bank, counter, value) is { } batch && IsSigned(batch.Envelope, nodeKey);

    bool IsSigned(Envelope envelope, ByteString key) => Suite.Verify(key, envelope.SignedBytes(), envelope.Signature.Span);

    ulong NextOf(PartyId of) => fold.State.Clock(of)?.NextCounter ?? 1;

    // W5: a bank puts one batch after another, so where one is missing the keys are asked what is in them.
    async ValueTask<IReadOnlyList<Batch>> MissingAsync(Envelope envelope, Told one, CancellationToken cancel)
    {
        var next = NextOf(envelope.Bank);
        if (envelope.Counter <= next || fold.State.Validator(envelope.Bank) is not { } validator || !IsSigned(envelope, validator.NodeKey)) return [];

        var missing = new List<Batch>();
        await UnlessBrokenAsync(async until =>
        {
            var request = new RangeRequest { Key = keys.Of(envelope.Bank, next), RangeEnd = keys.Of(envelope.Bank, envelope.Counter), Limit = MaxAhead };
            var found = await asking.AskAsync((member, deadline) => member.RangeAsync(request, deadline), health.Watching, until);
            Check(found.Header);
            foreach (var kv in found.Kvs)
            {
                // What was put later the watch tells later.
                if (one.At is { } at && (ulong)kv.ModRevision > at.Revision) break;
                if (BatchOf(new(kv.Key, kv.Value, null)) is not { } batch || batch.Envelope.Counter != next) break;
                missing.Add(batch);
                next++;
            }

            if (next == envelope.Counter || envelope.Bank != bank) return;
            throw new OrderBrokenException($"本行第 {next} 批曾获确认，现已不在排序服务中", $"batch {next} of this bank was ordered, and is no longer there");
        }, cancel);
        return missing;
    }

    // Behind the position nobody here reads again: the bank's own keys go but for the newest, which says that there was one, and then the revisions. What is not done
    // now is done the next time.
    async Task ForgetAsync(Forgettable forgettable, OrderPosition at, CancellationToken cancel)
    {
        position.Flush();
        try
        {
            if (forgettable.Below > 1) await DeleteAsync(keys.Of(bank, 0), keys.Of(bank, forgettable.Below - 1), cancel);
            if (forgettable.EarlierEpochs) await SweepAsync(cancel);
            var behind = new CompactionRequest { Revision = (long)at.Revision - 1 };
            await forgetting.OnceAsync(forgetting.Current, (member, deadline) => member.CompactAsync(behind, deadline), cancel);
        }
        catch (RpcException done) when (done.StatusCode == StatusCode.OutOfRange)
        {
            // Another has compacted further.
        }
        catch (Exception fault) when (Members.IsFault(fault))
        {
            forgetting.Next();
        }
    }

    // Whose keys they were is all the same, for whoever put them may be gone. Whoever else does it meanwhile leaves nothing to be done.
    async Task SweepAsync(CancellationToken cancel)
    {
        for (var looked = 0; looked < EpochsAtOnce && swept + 1 < epoch; looked++)
        {
            var old = new OrderKeys(fold.Genesis.Chain.ChainId, swept + 1);
            var request = new RangeRequest { Key = old.FirstOfEpoch, RangeEnd = old.EndOfEpoch, KeysOnly = true, Limit = SweptAtOnce };
            var page = await forgetting.OnceAsync(forgetting.Current, (member, deadline) => member.RangeAsync(request, deadline), cancel);
            if (page.Kvs.Count > 0) await DeleteAsync(page.Kvs[0].Key, OrderKeys.Behind(page.Kvs[^1].Key), cancel);
            if (page.More) return;
            swept++;
        }
    }

    async Task DeleteAsync(Google.Protobuf.ByteString first, Google.Protobuf.ByteString end, CancellationToken cancel)
    {
        var old = new DeleteRangeRequest { Key = first, RangeEnd = end };
        await forgetting.OnceAsync(forgetting.Current, (member, deadline) => member.DeleteAsync(old, deadline), cancel);
    }
}
