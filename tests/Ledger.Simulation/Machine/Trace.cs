namespace Ledger.Simulation.Machine;

/// <summary>What happened, in short: the last of it for whoever looks for a fault, and a number over all of it by which two runs are known to be the same.</summary>
sealed class Trace(Clockwork clock)
{
    const int Kept = 150;

    readonly Queue<string> last = [];

    public ulong Number { get; private set; } = 14_695_981_039_346_656_037;

    public IEnumerable<string> Last => last;

    public void Say(string line)
    {
        line = $"{clock.Steps,7} {clock.Now / 1000.0,9:F3} {line}";
        foreach (var c in line) Number = unchecked((Number ^ c) * 1_099_511_628_211);
        last.Enqueue(line);
        if (last.Count > Kept) last.Dequeue();
    }
}
