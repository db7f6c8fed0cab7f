namespace Ledger.Core.State;

/// <summary>
/// Many small runs of <paramref name="width"/> items in few large arrays: no object header for each and nothing for the garbage collector to
/// visit. A run never moves while it is taken; numbers start at 1, so that 0 can mean none.
/// </summary>
sealed class Slab<T>(int width)
    where T : unmanaged
{
    const int RunsPerChunk = 1024;

    readonly List<T[]> chunks = [];
    readonly Stack<uint> free = [];
    uint count;

    public Span<T> this[uint run]
    {
        get
        {
            var place = (int)(run - 1);
            return chunks[place / RunsPerChunk].AsSpan(place % RunsPerChunk * width, width);
        }
    }

    public uint Take()
    {
        if (free.TryPop(out var run)) return run;
        if (count % RunsPerChunk == 0) chunks.Add(new T[RunsPerChunk * width]);
        return ++count;
    }

    public void Release(uint run) => free.Push(run);
}
