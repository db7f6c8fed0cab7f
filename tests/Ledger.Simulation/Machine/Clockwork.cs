using Ledger.Simulation.Founding;

namespace Ledger.Simulation.Machine;

/// <summary>Virtual time: what is to happen, in order. Nothing waits, and nothing happens that is not one of its steps.</summary>
sealed class Clockwork : TimeProvider
{
    readonly PriorityQueue<Action, (long At, long Number)> queue = new();
    long number;

    /// <summary>Milliseconds since the beginning.</summary>
    public long Now { get; private set; }

    public long Steps { get; private set; }

    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => Now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Consortium.Start.UnixMilliseconds + Now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new NotSupportedException("What is simulated keeps no timers.");

    public void After(long milliseconds, Action happens) => queue.Enqueue(happens, (Now + milliseconds, ++number));

    /// <summary>The next thing happens.</summary>
    public void Step()
    {
        if (!queue.TryDequeue(out var happens, out var due)) throw new InvalidOperationException("Nothing is left to happen.");
        Now = due.At;
        Steps++;
        happens();
    }
}
