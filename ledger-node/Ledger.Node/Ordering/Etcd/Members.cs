using System.Net.Sockets;
using Grpc.Core;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>Asks one member after another until one answers: each has two seconds, and when all have failed there is a pause.</summary>
sealed class Members(IReadOnlyList<IEtcdMember> members, TimeProvider time)
{
    /// <summary>What one member has to answer one request.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <summary>Between two rounds in which nobody has answered.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    int at;
    int failed;

    public IEtcdMember Current => members[at];

    /// <summary>How often another member was turned to.</summary>
    public long Changes { get; private set; }

    /// <summary>The current one has answered.</summary>
    public void Answered() => failed = 0;

    /// <summary>The current one has failed: turns to the next. True when all have, one after another.</summary>
    public bool Next()
    {
        at = (at + 1) % members.Count;
        Changes++;
        return ++failed % members.Count == 0;
    }

    /// <summary>
    /// Asks until a member answers, and says through <paramref name="tell"/> what keeps all of them from it. A request that failed may have been done: only what
    /// may be done twice is asked so.
    /// </summary>
    public async Task<T> AskAsync<T>(Func<IEtcdMember, CancellationToken, Task<T>> ask, Action<Exception?> tell, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var answer = await OnceAsync(Current, ask, cancel);
                Answered();
                tell(null);
                return answer;
            }
            catch (Exception fault) when (IsFault(fault))
            {
                cancel.ThrowIfCancellationRequested();
                if (!Next()) continue;
                tell(fault);
                await Task.Delay(Pause, time, cancel);
            }
        }
    }

    /// <summary>Asks one member once, within the deadline.</summary>
    public async Task<T> OnceAsync<T>(IEtcdMember member, Func<IEtcdMember, CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        try
        {
            return await ask(member, either.Token);
        }
        catch (Exception late) when (IsFault(late) && deadline.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"{member.Name} has not answered within {Deadline.TotalSeconds:0} s", late);
        }
    }

    /// <summary>Whether a member has failed, or did not answer in time; anything else is a mistake of this program.</summary>
    public static bool IsFault(Exception fault) => fault is RpcException or OperationCanceledException or TimeoutException or IOException or HttpRequestException or SocketException;
}
