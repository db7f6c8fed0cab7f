namespace Ledger.Core.State;

/// <summary>A place in every state for one immutable value.</summary>
abstract class Slot
{
    static int taken = -1;

    public int Number { get; } = Interlocked.Increment(ref taken);
}

sealed class Slot<T>(T empty) : Slot
    where T : class
{
    public T Empty => empty;
}

/// <summary>The values of all slots. A copy shares every row but the one that was written, so that a write costs the same however many kinds of nouns there are.</summary>
readonly struct Slots
{
    const int Width = 8;

    readonly object?[][]? rows;

    Slots(object?[][] rows) => this.rows = rows;

    public T Of<T>(Slot<T> slot)
        where T : class
    {
        var (row, place) = (slot.Number / Width, slot.Number % Width);
        return rows is not null && row < rows.Length ? (T?)rows[row][place] ?? slot.Empty : slot.Empty;
    }

    public Slots With<T>(Slot<T> slot, T value)
        where T : class
    {
        var (row, place) = (slot.Number / Width, slot.Number % Width);
        object?[][] copy = [.. rows ?? []];
        while (copy.Length <= row) copy = [.. copy, new object?[Width]];
        copy[row] = [.. copy[row]];
        copy[row][place] = value;
        return new(copy);
    }
}
