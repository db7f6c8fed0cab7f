using Ledger.Node.Ordering.Etcd.Rpc;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>Asks every member again and again how it is: the order itself speaks to one at a time, and would not miss another that is gone.</summary>
sealed class EtcdWatch(IReadOnlyList<IEtcdHealth> members, EtcdBook book, TimeProvider time)
{
    /// <summary>Between two rounds.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    // As a member of 3.4 to 3.6 writes one: "memberID:8211f1d0f64f3269 alarm:NOSPACE".
    const string Alarm = "alarm:";

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            await LookAsync(cancel);
        }
        while (await timer.WaitForNextTickAsync(cancel));
    }

    /// <summary>One round.</summary>
    public Task LookAsync(CancellationToken cancel) => Task.WhenAll(members.Select(member => LookAsync(member, cancel)));

    async Task LookAsync(IEtcdHealth member, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(Members.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        try
        {
            book.Note(RecordOf(member.Name, await member.StatusAsync(either.Token)));
        }
        catch (Exception fault) when (Members.IsFault(fault))
        {
            cancel.ThrowIfCancellationRequested();
            var known = book.All.First(record => record.Address == member.Name);
            book.Note(known with { IsLeader = false, Trouble = MemberFault.Says(deadline.IsCancellationRequested ? new TimeoutException() : fault) });
        }
    }

    MemberRecord RecordOf(string address, StatusResponse status)
    {
        string[] alarms = [.. status.Errors.Where(static error => error.Contains(Alarm, StringComparison.Ordinal)).Select(static error => error[(error.LastIndexOf(Alarm, StringComparison.Ordinal) + Alarm.Length)..].Trim())];
        (string, string)? trouble = status.Leader == 0 ? ("集群没有主节点：多数成员不可用", "the cluster has no leader: most members are gone") : null;
        return new(
            address, status.Leader != 0 && status.Leader == status.Header.MemberId, (ulong)status.Header.Revision, status.DbSize, status.DbSizeInUse, status.Version, time.GetUtcNow(), alarms, trouble);
    }
}
