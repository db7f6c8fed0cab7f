using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace Ledger.Benchmarks;

/// <summary>
/// What is allocated, by type: of every hundred thousand bytes or so the runtime names what came last, and of the whole each type has the
/// share that it has of those.
/// </summary>
sealed class TypesStage : EventListener
{
    const int Shown = 40;

    // The runtime's events come through a thread of its own.
    static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<string, long> sampled = new();
    volatile bool isCounting;

    public void Tell(string what, int each, Action act)
    {
        Thread.Sleep(Late);
        sampled.Clear();
        isCounting = true;
        var before = GC.GetAllocatedBytesForCurrentThread();
        act();
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / each;
        Thread.Sleep(Late);
        isCounting = false;

        var all = sampled.Values.Sum();
        Console.WriteLine($"{what}: {allocated} bytes each");
        foreach (var (type, bytes) in sampled.OrderByDescending(static one => one.Value).Take(Shown))
            Console.WriteLine($"{allocated * bytes / all,8} {type}");
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        const EventKeywords garbageCollection = (EventKeywords)1;
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime") EnableEvents(eventSource, EventLevel.Verbose, garbageCollection);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (!isCounting || eventData is not { EventName: "GCAllocationTick_V4", Payload: [_, _, _, ulong amount, _, string type, ..] }) return;
        sampled.AddOrUpdate(type, (long)amount, (_, known) => known + (long)amount);
    }
}
