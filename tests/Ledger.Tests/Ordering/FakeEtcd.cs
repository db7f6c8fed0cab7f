using System.Text;
using Grpc.Core;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Ordering.Etcd.Rpc;
using Bytes = Google.Protobuf.ByteString;

namespace Ledger.Tests.Ordering;

/// <summary>A cluster as far as the order asks it: one keyspace, its revisions, watches and compactions, told by members that fail when they are told to.</summary>
sealed class FakeEtcd
{
    readonly Lock gate = new();
    readonly List<Event> changes = [];

    // As the changes leave it, so that a long history costs nothing.
    readonly Dictionary<Bytes, KeyValue> newest = [];
    TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long compacted;

    public FakeEtcd(int members = 3) => Members = [.. Enumerable.Range(0, members).Select(n => new FakeMember(this, $"member-{n}"))];

    public IReadOnlyList<FakeMember> Members { get; }

    public ulong ClusterId { get; set; } = 7;

    public long Revision { get; private set; } = 1;

    public long Compacted => compacted;

    public Task Changed
    {
        get
        {
            lock (gate) return changed.Task;
        }
    }

    public IReadOnlyList<KeyValue> Keys
    {
        get
        {
            lock (gate) return [.. Now(Revision)];
        }
    }

    public void Put(Bytes key, ReadOnlySpan<byte> value) => Put((key, value.ToArray()));

    /// <summary>Several in one transaction: one revision.</summary>
    public void Put(params (Bytes Key, byte[] Value)[] together)
    {
        lock (gate)
        {
            Revision++;
            foreach (var (key, value) in together) Add(key, Bytes.CopyFrom(value));
            Tell();
        }
    }

    public void Delete(Bytes key)
    {
        lock (gate) Delete(key, default);
    }

    /// <summary>A revision of which nobody will ever be told.</summary>
    public void LoseOne()
    {
        lock (gate) Revision++;
    }

    /// <summary>A stale data folder took over: what came behind a revision never was.</summary>
    public void GoBackTo(long revision)
    {
        lock (gate)
        {
            changes.RemoveAll(change => change.Kv.ModRevision > revision);
            Revision = revision;
            newest.Clear();
            foreach (var change in changes) Note(change);
        }
    }

    public void Compact(long revision)
    {
        lock (gate)
        {
            if (revision <= compacted) throw new RpcException(new(StatusCode.OutOfRange, "compacted"));
            compacted = revision;
            Tell();
        }
    }

    public RangeResponse Range(RangeRequest request)
    {
        lock (gate)
        {
            if (request.Revision > 0 && request.Revision < compacted) throw new RpcException(new(StatusCode.OutOfRange, "compacted"));
            var response = new RangeResponse { Header = Header() };
            if (request.CountOnly) return response;
            var found = Now(request.Revision > 0 ? request.Revision : Revision).Where(kv => IsIn(kv.Key, request.Key, request.RangeEnd) && kv.ModRevision >= request.MinModRevision && (request.MaxModRevision == 0 || kv.ModRevision <= request.MaxModRevision));
            if (request.SortTarget == RangeRequest.Types.SortTarget.Mod) found = found.OrderBy(kv => kv.ModRevision);
            var all = found.ToArray();
            response.Kvs.AddRange((request.Limit > 0 ? all.Take((int)request.Limit) : all).Select(kv => request.KeysOnly ? new() { Key = kv.Key, CreateRevision = kv.CreateRevision, ModRevision = kv.ModRevision, Version = kv.Version } : kv));
            response.More = response.Kvs.Count < all.Length;
            return response;
        }
    }

    public TxnResponse Transact(TxnRequest request)
    {
        lock (gate)
        {
            var holds = request.Compare.All(compare =>
            {
                var kv = newest.GetValueOrDefault(compare.Key);
                var (found, wanted) = compare.Target == Compare.Types.CompareTarget.Mod ? (kv?.ModRevision ?? 0, compare.ModRevision) : (kv?.CreateRevision ?? 0, compare.CreateRevision);
                return compare.Result == Compare.Types.CompareResult.Greater ? found > wanted : found == wanted;
            });
            var response = new TxnResponse { Succeeded = holds };
            foreach (var act in holds ? request.Success : request.Failure)
            {
                if (act.RequestRange is { } range) response.Responses.Add(new ResponseOp { ResponseRange = Range(range) });
                if (act.RequestPut is not { } put) continue;
                Put(put.Key, put.Value.Span);
                response.Responses.Add(new ResponseOp { ResponsePut = new() });
            }

            response.Header = Header();
            return response;
        }
    }

    public DeleteRangeResponse Delete(DeleteRangeRequest request)
    {
        lock (gate) return new() { Deleted = Delete(request.Key, request.RangeEnd), Header = Header() };
    }

    /// <summary>What a watch tells next; null when there is nothing yet.</summary>
    public WatchResponse? Next(ref long revision, int most, Bytes? hidden)
    {
        lock (gate)
        {
            var from = revision;
            if (from < compacted) return new() { Header = Header(), Canceled = true, CompactRevision = compacted };
            var first = changes.Count;
            while (first > 0 && changes[first - 1].Kv.ModRevision >= from) first--;
            var due = changes.Skip(first).Take(most).ToArray();
            if (due.Length == 0) return null;
            revision = due[^1].Kv.ModRevision + 1;
            var response = new WatchResponse { Header = Header() };
            response.Events.AddRange(due.Where(change => change.Kv.Key != hidden));
            return response;
        }
    }

    public ResponseHeader Header() => new() { ClusterId = ClusterId, Revision = Revision };

    long Delete(Bytes key, Bytes? end)
    {
        var found = Now(Revision).Where(kv => IsIn(kv.Key, key, end ?? Bytes.Empty)).ToArray();
        if (found.Length == 0) return 0;
        Revision++;
        foreach (var kv in found) Add(new Event { Type = Event.Types.EventType.Delete, Kv = new() { Key = kv.Key, ModRevision = Revision } });
        Tell();
        return found.Length;
    }

    void Add(Bytes key, Bytes value)
    {
        var before = newest.GetValueOrDefault(key);
        Add(new Event
        {
            Type = Event.Types.EventType.Put,
            Kv = new() { Key = key, Value = value, ModRevision = Revision, CreateRevision = before?.CreateRevision ?? Revision, Version = (before?.Version ?? 0) + 1 },
        });
    }

    void Add(Event change)
    {
        changes.Add(change);
        Note(change);
    }

    void Note(Event change)
    {
        if (change.Type == Event.Types.EventType.Put) newest[change.Kv.Key] = change.Kv;
        else newest.Remove(change.Kv.Key);
    }

    IEnumerable<KeyValue> Now(long revision) => revision == Revision ? newest.Values.OrderBy(kv => kv.Key.ToString(Encoding.Latin1), StringComparer.Ordinal) : Then(revision);

    IEnumerable<KeyValue> Then(long revision) => changes.Where(change => change.Kv.ModRevision <= revision).GroupBy(change => change.Kv.Key).Select(one => one.Last())
        .Where(last => last.Type == Event.Types.EventType.Put).Select(last => last.Kv).OrderBy(kv => kv.Key.ToString(Encoding.Latin1), StringComparer.Ordinal);

    void Tell()
    {
        var told = changed;
        changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        told.SetResult();
    }

    static bool IsIn(Bytes key, Bytes from, Bytes end) => end.IsEmpty
        ? key == from
        : key.Span.SequenceCompareTo(from.Span) >= 0 && (end == OrderKeys.Everything || key.Span.SequenceCompareTo(end.Span) < 0);
}

sealed class FakeMember(FakeEtcd cluster, string name) : IEtcdMember
{
    public string Name => name;

    /// <summary>Refuses every call, as a port on which nobody listens.</summary>
    public bool IsDown { get; set; }

    /// <summary>Takes calls and never answers, as a process that was stopped; watches fall silent.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Does what it is asked for so many transactions, and says that it failed.</summary>
    public int AnswersToLose { get; set; }

    /// <summary>A key of which its watches do not tell.</summary>
    public Bytes? Hidden { get; set; }

    /// <summary>How many changes one response of a watch brings.</summary>
    public int AtOnce { get; set; } = 100;

    public int Transactions { get; private set; }

    public int Watches { get; private set; }

    /// <summary>How often it was waited for what a watch tells next.</summary>
    public int Listened { get; private set; }

    /// <summary>What it told of keys is compacted away behind each answer, as where others go on writing.</summary>
    public bool IsOvertaken { get; set; }

    /// <summary>How many keys one answer had.</summary>
    public int MostAtOnce { get; private set; }

    public int Told { get; set; }

    /// <summary>How often a watch has said that there is nothing new.</summary>
    public int Quiet { get; set; }

    /// <summary>By how many revisions what a watch says of its progress was overtaken by changes that it told meanwhile.</summary>
    public int Overtaken { get; set; }

    public async Task<RangeResponse> RangeAsync(RangeRequest request, CancellationToken cancel)
    {
        await ReachAsync(cancel);
        var response = cluster.Range(request);
        MostAtOnce = Math.Max(MostAtOnce, response.Kvs.Count);
        if (!IsOvertaken || response.Kvs.Count == 0) return response;
        cluster.Put(Bytes.CopyFromUtf8("another"), "goes on"u8);
        cluster.Compact(cluster.Revision);
        return response;
    }

    public async Task<TxnResponse> TxnAsync(TxnRequest request, CancellationToken cancel)
    {
        Transactions++;
        await ReachAsync(cancel);
        var response = cluster.Transact(request);
        if (AnswersToLose-- > 0) throw new RpcException(new(StatusCode.Unavailable, "lost"));
        return response;
    }

    public async Task<DeleteRangeResponse> DeleteAsync(DeleteRangeRequest request, CancellationToken cancel)
    {
        await ReachAsync(cancel);
        return cluster.Delete(request);
    }

    public async Task<CompactionResponse> CompactAsync(CompactionRequest request, CancellationToken cancel)
    {
        await ReachAsync(cancel);
        cluster.Compact(request.Revision);
        return new() { Header = cluster.Header() };
    }

    public async Task<IEtcdWatch> WatchAsync(WatchCreateRequest request, CancellationToken cancel)
    {
        await ReachAsync(cancel);
        Watches++;
        return new FakeWatch(this, cluster, request.StartRevision);
    }

    public void Dispose()
    {
    }

    async Task ReachAsync(CancellationToken cancel)
    {
        if (IsDown) throw new RpcException(new(StatusCode.Unavailable, "nobody listens"));
        if (IsStopped) await Task.Delay(Timeout.Infinite, cancel);
    }

    sealed class FakeWatch(FakeMember member, FakeEtcd cluster, long from) : IEtcdWatch
    {
        readonly SemaphoreSlim asked = new(0);
        long next = from;

        // One that was not answered yet is waited for again.
        Task? progress;

        public async Task<WatchResponse?> NextAsync(CancellationToken cancel)
        {
            member.Listened++;
            while (true)
            {
                if (member.IsStopped) await Task.Delay(Timeout.Infinite, cancel);
                if (member.IsDown) throw new RpcException(new(StatusCode.Unavailable, "gone"));
                var changed = cluster.Changed;
                if (cluster.Next(ref next, member.AtOnce, member.Hidden) is { } response)
                {
                    member.Told += response.Events.Count;
                    return response;
                }

                progress ??= asked.WaitAsync(CancellationToken.None);
                if (await Task.WhenAny(progress, changed).WaitAsync(cancel) == progress && !member.IsStopped)
                {
                    progress = null;
                    member.Quiet++;
                    var header = cluster.Header();
                    header.Revision -= member.Overtaken;
                    return new() { Header = header };
                }
            }
        }

        public Task AskProgressAsync(CancellationToken cancel)
        {
            asked.Release();
            return Task.CompletedTask;
        }

        public void Dispose() => asked.Dispose();
    }
}
