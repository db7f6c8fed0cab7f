using System.Globalization;

namespace Ledger.Core.Primitives;

/// <summary>Unix time in milliseconds. Days and months are told only through a fixed offset (genesis), never a time-zone table.</summary>
public readonly record struct Timestamp(long UnixMilliseconds) : IComparable<Timestamp>
{
    public const long Second = 1_000;
    public const long Minute = 60 * Second;
    public const long Hour = 60 * Minute;
    public const long Day = 24 * Hour;

    /// <summary>The last instant that a payload may name: the end of the year 9998, so that adding a deadline cannot overflow a date.</summary>
    public const long MaxUnixMilliseconds = 253_370_764_799_999;

    public bool IsWholeMinute => UnixMilliseconds % Minute == 0;

    public Timestamp Add(long milliseconds) => new(UnixMilliseconds + milliseconds);

    /// <summary>This instant, or the next whole minute after it: deadlines are stored and shown in whole minutes.</summary>
    public Timestamp CeilingMinute() => IsWholeMinute ? this : new(((UnixMilliseconds / Minute) + 1) * Minute);

    /// <summary>This instant, or the last whole minute before it.</summary>
    public Timestamp FloorMinute() => new(UnixMilliseconds - (UnixMilliseconds % Minute));

    /// <summary>The calendar date at a place <paramref name="offsetMinutes"/> east of UTC.</summary>
    public DateOnly DateAt(int offsetMinutes) =>
        Epoch.AddDays((int)Math.DivRem(UnixMilliseconds + (offsetMinutes * Minute), Day, out _));

    /// <summary>Midnight at the start of <paramref name="date"/> at a place <paramref name="offsetMinutes"/> east of UTC.</summary>
    public static Timestamp StartOf(DateOnly date, int offsetMinutes) =>
        new(((date.DayNumber - Epoch.DayNumber) * Day) - (offsetMinutes * Minute));

    public static bool operator <(Timestamp left, Timestamp right) => left.UnixMilliseconds < right.UnixMilliseconds;

    public static bool operator >(Timestamp left, Timestamp right) => left.UnixMilliseconds > right.UnixMilliseconds;

    public static bool operator <=(Timestamp left, Timestamp right) => left.UnixMilliseconds <= right.UnixMilliseconds;

    public static bool operator >=(Timestamp left, Timestamp right) => left.UnixMilliseconds >= right.UnixMilliseconds;

    public int CompareTo(Timestamp other) => UnixMilliseconds.CompareTo(other.UnixMilliseconds);

    public override string ToString() => UnixMilliseconds.ToString(CultureInfo.InvariantCulture);

    static readonly DateOnly Epoch = new(1970, 1, 1);
}
