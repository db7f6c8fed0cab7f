namespace Ledger.Core.Interest;

/// <summary>How the days of a period and of a year are counted.</summary>
public enum DayCount : byte
{
    /// <summary>Calendar days over 360.</summary>
    Actual360 = 1,

    /// <summary>Calendar days over 365, leap years too.</summary>
    Actual365 = 2,

    /// <summary>Months of 30 days, a 31st counts as the 30th (30E/360).</summary>
    Thirty360 = 3,
}

/// <summary>Which ends of a period bear interest (算头不算尾 is <see cref="First"/>).</summary>
public enum DayBounds : byte
{
    First = 1,
    Last = 2,
    Both = 3,
    Neither = 4,
}

/// <summary>What becomes of a fraction of a minor unit. Half up is the rule of Chinese banks (四舍五入).</summary>
public enum Rounding : byte
{
    HalfUp = 1,
    Down = 2,
    Up = 3,
}

/// <summary>Days that bear interest.</summary>
public static class Days
{
    /// <summary>From <paramref name="start"/> to <paramref name="end"/>, never fewer than none; a period that has not begun has none.</summary>
    public static int Between(DateOnly start, DateOnly end, DayCount count, DayBounds bounds)
    {
        if (end < start) return 0;
        var days = count == DayCount.Thirty360
            ? (360 * (end.Year - start.Year)) + (30 * (end.Month - start.Month)) + Math.Min(end.Day, 30) - Math.Min(start.Day, 30)
            : end.DayNumber - start.DayNumber;
        return Math.Max(0, bounds switch
        {
            DayBounds.First or DayBounds.Last => days,
            DayBounds.Both => days + 1,
            DayBounds.Neither => days - 1,
        });
    }

    /// <summary>The days of a year by which a yearly rate is divided.</summary>
    public static int OfYear(DayCount count) => count == DayCount.Actual365 ? 365 : 360;
}
