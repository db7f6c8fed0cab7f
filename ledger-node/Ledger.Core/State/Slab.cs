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

    // A chunk that a frozen copy reads too is copied before it is first written again.
    readonly List<bool> isShared = [];
    readonly Stack<uint> free = [];
    uint count;

    /// <summary>A run to write. Asking for it alone may copy the chunk that it stands in.</summary>
    public Span<T> this[uint run]
    {
        get
        {
            var (chunk, place) = Math.DivRem((int)(run - 1), RunsPerChunk);
            if (isShared[chunk])
            {
                chunks[chunk] = [.. chunks[chunk]];
                isShared[chunk] = false;
            }

            return chunks[chunk].AsSpan(place * width, width);
        }
    }

    public ReadOnlySpan<T> Read(uint run)
    {
        var place = (int)(run - 1);
        return chunks[place / RunsPerChunk].AsSpan(place % RunsPerChunk * width, width);
    }

    public uint Take()
    {
        if (free.TryPop(out var run)) return run;
        if (count % RunsPerChunk == 0)
        {
            chunks.Add(new T[RunsPerChunk * width]);
            isShared.Add(false);
        }

        return ++count;
    }

    public void Release(uint run) => free.Push(run);

    /// <summary>The runs as they are now: they stay so, whatever is written here, and what is written there is not written here.</summary>
    public Slab<T> Freeze()
    {
        for (var chunk = 0; chunk < isShared.Count; chunk++) isShared[chunk] = true;
        var frozen = new Slab<T>(width) { count = count };
        frozen.chunks.AddRange(chunks);
        frozen.isShared.AddRange(isShared);
        return frozen;
    }
}
