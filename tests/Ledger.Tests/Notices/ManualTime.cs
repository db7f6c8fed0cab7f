namespace Ledger.Tests.Notices;

/// <summary>The world's time, which goes on only when it is told to; what waits for it then happens.</summary>
sealed class ManualTime : TimeProvider
{
    readonly Lock gate = new();
    readonly List<Waiting> waiting = [];
    readonly DateTimeOffset start = DateTimeOffset.UtcNow;
    TimeSpan passed;
    TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when somebody else begins to wait: time that passed before did not reach them.</summary>
    public Task NextToWait
    {
        get
        {
            lock (gate) return begun.Task;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return start + passed;
    }

    public override long GetTimestamp()
    {
        lock (gate) return passed.Ticks;
    }

    public void Pass(TimeSpan time)
    {
        Waiting[] due;
        lock (gate)
        {
            passed += time;
            due = [.. waiting.Where(one => one.Due <= passed)];
            foreach (var one in due) waiting.Remove(one);
        }

        foreach (var one in due) one.Callback(one.State);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Waiting(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    sealed class Waiting(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimerCallback Callback => callback;

        public object? State => state;

        public TimeSpan Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                time.waiting.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time.passed + dueTime;
                time.waiting.Add(this);
                time.begun.SetResult();
                time.begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
                return true;
            }
        }

        public void Dispose()
        {
            lock (time.gate) time.waiting.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
