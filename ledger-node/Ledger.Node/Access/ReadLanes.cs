namespace Ledger.Node.Access;

/// <summary>
/// What looks things up is answered by as many threads at once as there are processors; others wait in their turn, and hold no thread meanwhile. So what
/// needs no looking up (health, checkpoints, a transaction) never waits behind it, however many readers there are. While an answer waits for its client
/// it is in no lane.
/// </summary>
static class ReadLanes
{
    public static readonly int Count = Environment.ProcessorCount;

    static readonly TaskScheduler Lanes = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Count).ConcurrentScheduler;

    public static Task RunAsync(Func<Task> read) => Task.Factory.StartNew(read, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Lanes).Unwrap();
}
