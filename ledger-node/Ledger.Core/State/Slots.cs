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

/// <summary>
/// The values of all slots. A copy shares every row but those that were written, so that a write costs the same however many kinds of nouns there are;
/// what is written into a copy that nobody has seen yet is written where it lies, once its row is the copy's own.
/// </summary>
readonly struct Slots
{
    const int Width = 8;

    readonly object?[][]? rows;

    // The rows that no other copy has, a bit for each; none while the outer array is shared too.
    readonly ulong own;

    Slots(object?[][]? rows, ulong own) => (this.rows, this.own) = (rows, own);

    public T Of<T>(Slot<T> slot)
        where T : class
    {
        var (row, place) = (slot.Number / Width, slot.Number % Width);
        return rows is not null && row < rows.Length ? (T?)rows[row][place] ?? slot.Empty : slot.Empty;
    }

    /// <summary>A copy with one value.</summary>
    public Slots With<T>(Slot<T> slot, T value)
        where T : class => new Slots(rows, own: 0).Written(slot, value);

    /// <summary>The same copy with one value more. Nobody else may have seen it.</summary>
    public Slots Written<T>(Slot<T> slot, T value)
        where T : class
    {
        var (row, place) = (slot.Number / Width, slot.Number % Width);
        var mine = rows is not null && own != 0 ? rows : [.. rows ?? []];
        while (mine.Length <= row) mine = [.. mine, new object?[Width]];
        if ((own & (1UL << row)) == 0) mine[row] = [.. mine[row]];
        mine[row][place] = value;
        return new(mine, own | (1UL << row));
    }
}
