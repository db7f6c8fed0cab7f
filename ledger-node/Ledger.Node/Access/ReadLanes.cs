namespace Ledger.Node.Access;

/// <summary>
/// What looks things up is answered by so many threads at once; others wait in their turn, and hold no thread meanwhile. So what needs no looking up
/// (health, checkpoints, a transaction) never waits behind it, however many readers there are. Callers take turns: who asks for much waits for itself, and
/// anybody else for one look-up of each who waits too. While an answer waits for its client it is in no lane.
/// </summary>
sealed class ReadLanes(int count)
{
    /// <summary>As many as there are processors.</summary>
    public static readonly ReadLanes OfNode = new(Environment.ProcessorCount);

    readonly Lock gate = new();
    readonly Dictionary<string, Queue<Action>> waiting = new(StringComparer.Ordinal);
    readonly Queue<string> turns = new();
    int busy;

    public int Count => count;

    public Task RunAsync(string caller, Func<Task> read) =>
        Task.Factory.StartNew(read, CancellationToken.None, TaskCreationOptions.DenyChildAttach, new Lane(this, caller)).Unwrap();

    void Wait(string caller, Action work)
    {
        lock (gate)
        {
            if (!waiting.TryGetValue(caller, out var own)) waiting[caller] = own = new();
            if (own.Count == 0) turns.Enqueue(caller);
            own.Enqueue(work);
            if (busy == count) return;
            busy++;
        }

        GoOn();
    }

    // After each look-up the thread is everybody's again: what needs no lane waits for none to run empty.
    void GoOn() => ThreadPool.UnsafeQueueUserWorkItem(static lanes => lanes.Work(), this, preferLocal: false);

    void Work()
    {
        if (Next() is not { } work) return;
        work();
        GoOn();
    }

    // A caller of whom more is waiting stands behind all others again.
    Action? Next()
    {
        lock (gate)
        {
            if (!turns.TryDequeue(out var caller))
            {
                busy--;
                return null;
            }

            var own = waiting[caller];
            var work = own.Dequeue();
            if (own.Count > 0) turns.Enqueue(caller);
            else waiting.Remove(caller);
            return work;
        }
    }

    /// <summary>One request of a caller, with all that it goes on with after it waited.</summary>
    sealed class Lane(ReadLanes lanes, string caller) : TaskScheduler
    {
        protected override void QueueTask(Task task) => lanes.Wait(caller, () => TryExecuteTask(task));

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
