using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Threading.Channels;
using Ledger.Core.Primitives;
using Ledger.Node.Ordering.Etcd.Rpc;
using Bytes = Google.Protobuf.ByteString;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>A put that the order tells of. Where keys were read because their revisions are no longer told one by one, it has no position.</summary>
readonly record struct Told(Bytes Key, Bytes Value, OrderPosition? At);

/// <summary>
/// Follows every change of the keyspace from a position on, at one member after another, and believes none of them more than it can check: revisions are dense (W1), the
/// put at the position is the one that it was (W2), the cluster is the same and not behind it (W3).
/// </summary>
sealed class OrderWatch(Members members, OrderKeys keys, TimeProvider time, OrderHealth health, Action<ResponseHeader> check, OrderPosition from)
{
    /// <summary>A member that says nothing for so long, though it is asked, is left.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    /// <summary>How often it is asked whether it is there.</summary>
    public static readonly TimeSpan Asking = TimeSpan.FromSeconds(1);

    // As much as is held of keys whose revisions are gone, at most a batch each.
    const int PageSize = 16;

    OrderPosition anchor = from;
    ulong highest = from.Revision;

    // Behind keys that were read there is no put to check, only the next revision.
    ulong? readUpTo;

    public async Task RunAsync(ChannelWriter<Told> told, CancellationToken cancel)
    {
        while (true)
        {
            Exception fault;
            try
            {
                fault = await FollowAsync(members.Current, told, cancel);
            }
            catch (Exception failed) when (Members.IsFault(failed))
            {
                cancel.ThrowIfCancellationRequested();
                fault = failed;
            }

            if (!members.Next()) continue;
            health.Watching(fault);
            await Task.Delay(Members.Pause, time, cancel);
        }
    }

    async Task<Exception> FollowAsync(IEtcdMember member, ChannelWriter<Told> told, CancellationToken cancel)
    {
        while (true)
        {
            // A member may be behind the others for a while, and would then tell of revisions again that it already told: this answer waits until it is not.
            await CheckEndAsync(member, cancel);
            var request = new WatchCreateRequest { Key = OrderKeys.Everything, RangeEnd = OrderKeys.Everything, StartRevision = (long)StartRevision, Fragment = true };
            using var watch = await members.OnceAsync(member, (one, deadline) => one.WatchAsync(request, deadline), cancel);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var asking = AskAsync(watch, time, stop.Token);
            try
            {
                if (await FollowAsync(member, watch, told, cancel) is { } ended) return ended;
            }
            finally
            {
                await stop.CancelAsync();
                await asking;
            }

            await ReadKeysAsync(member, told, cancel);
        }
    }

    ulong StartRevision => readUpTo is { } read ? read + 1 : Math.Max(anchor.Revision, 1);

    // Null when the revisions to begin with are no longer told.
    async Task<Exception?> FollowAsync(IEtcdMember member, IEtcdWatch watch, ChannelWriter<Told> told, CancellationToken cancel)
    {
        var dense = readUpTo ?? anchor.Revision;
        var isChecked = readUpTo is not null || anchor.Revision == 0;
        while (await NextAsync(member, watch, time, cancel) is { } response)
        {
            members.Answered();
            health.Watching(null);
            if (response.CompactRevision > 0) return null;
            if (response.Canceled) return new IOException($"{member.Name} ended the watch: {response.CancelReason}");
            check(response.Header);

            // What a member says when it is asked for progress may be overtaken by the change that came meanwhile: where the order ends is asked of all.
            if ((ulong)response.Header.Revision < highest) await CheckEndAsync(member, cancel);
            foreach (var change in response.Events)
            {
                var revision = (ulong)change.Kv.ModRevision;
                if (!isChecked)
                {
                    if (revision > anchor.Revision) throw Changed(anchor.Revision);
                    if (revision < anchor.Revision || change.Type != Event.Types.EventType.Put) continue;
                    if (HashOf(change.Kv) != anchor.Event) throw Changed(anchor.Revision);
                    isChecked = true;
                    continue;
                }

                if (revision < dense) continue;
                if (dense > 0 && revision > dense + 1)
                    throw new OrderBrokenException($"第 {dense + 1} 至 {revision - 1} 次变更缺失", $"revisions {dense + 1} to {revision - 1} are missing");
                dense = revision;
                highest = Math.Max(highest, revision);
                if (change.Type != Event.Types.EventType.Put) continue;
                if (anchor.Revision != revision) (anchor, readUpTo) = (new(revision, HashOf(change.Kv)), null);
                await told.WriteAsync(new(change.Kv.Key, change.Kv.Value, anchor), cancel);
            }
        }

        return new IOException($"{member.Name} ended the watch");
    }

    // What is there of this epoch's batches, in the order in which it was put; behind it the watch goes on. Each page is of its own moment, for what is no longer told one by one is soon no longer told at all
    // where others go on: what was put again meanwhile comes later, and what is gone every validator has.
    async Task ReadKeysAsync(IEtcdMember member, ChannelWriter<Told> told, CancellationToken cancel)
    {
        RangeResponse page;
        do
        {
            page = await PageAsync(member, new() { Limit = PageSize, MinModRevision = (long)StartRevision }, cancel);

            // The next page goes on behind a revision, and one change may put many keys under one: the last is told only where all of it was read.
            var last = page.More ? page.Kvs[^1].ModRevision : long.MaxValue;
            if (page.Kvs is [var first, ..] && first.ModRevision == last)
            {
                await TellAsync((await PageAsync(member, new() { MinModRevision = last, MaxModRevision = last }, cancel)).Kvs);
                readUpTo = (ulong)last;
            }
            else
            {
                await TellAsync(page.Kvs.TakeWhile(found => found.ModRevision < last));
            }
        }
        while (page.More);

        readUpTo = highest = (ulong)page.Header.Revision;

        async Task TellAsync(IEnumerable<KeyValue> some)
        {
            foreach (var found in some)
            {
                await told.WriteAsync(new(found.Key, found.Value, null), cancel);
                readUpTo = (ulong)found.ModRevision;
            }
        }
    }

    async Task<RangeResponse> PageAsync(IEtcdMember member, RangeRequest which, CancellationToken cancel)
    {
        (which.Key, which.RangeEnd) = (keys.First, keys.End);
        (which.SortOrder, which.SortTarget) = (RangeRequest.Types.SortOrder.Ascend, RangeRequest.Types.SortTarget.Mod);
        var page = await members.OnceAsync(member, (one, deadline) => one.RangeAsync(which, deadline), cancel);
        CheckHeader(page.Header);
        return page;
    }

    // An answer on which the members agreed.
    async Task CheckEndAsync(IEtcdMember member, CancellationToken cancel)
    {
        var now = await members.OnceAsync(member, static (one, deadline) => one.RangeAsync(new() { Key = OrderKeys.Everything, CountOnly = true }, deadline), cancel);
        CheckHeader(now.Header);
    }

    void CheckHeader(ResponseHeader header)
    {
        check(header);
        if ((ulong)header.Revision < highest)
        {
            throw new OrderBrokenException(
                $"排序服务止于第 {header.Revision} 次变更，而本节点已读到第 {highest} 次", $"the order ends at revision {header.Revision}, and this node has read revision {highest}");
        }
    }

    static OrderBrokenException Changed(ulong revision) => new($"第 {revision} 次变更已不是本节点读到的那一次", $"revision {revision} is not what this node has read there");

    /// <summary>The next response, of a member that is not silent; null where it ended the watch.</summary>
    public static async Task<WatchResponse?> NextAsync(IEtcdMember member, IEtcdWatch watch, TimeProvider time, CancellationToken cancel)
    {
        using var silence = new CancellationTokenSource(Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, silence.Token);
        try
        {
            return await watch.NextAsync(either.Token);
        }
        catch (Exception late) when (Members.IsFault(late) && silence.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"{member.Name} has said nothing for {Silence.TotalSeconds:0} s", late);
        }
    }

    /// <summary>Asks a member again and again whether it is there. Whoever reads notices what becomes of the watch.</summary>
    public static async Task AskAsync(IEtcdWatch watch, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Asking, time, cancel);
                await watch.AskProgressAsync(cancel);
            }
        }
        catch (Exception ended) when (Members.IsFault(ended) || ended is InvalidOperationException)
        {
        }
    }

    static Hash256 HashOf(KeyValue put)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, put.Key.Length);
        hash.AppendData(length);
        hash.AppendData(put.Key.Span);
        hash.AppendData(put.Value.Span);
        return Hash256.Read(hash.GetHashAndReset());
    }
}
