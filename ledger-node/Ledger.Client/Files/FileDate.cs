using System.Globalization;

namespace Ledger.Client.Files;

/// <summary>Dates and times as the XML syntaxes write them. An offset is allowed and not applied: the day is the one that the paper says.</summary>
static class FileDate
{
    const string Day = "yyyy-MM-dd";

    /// <summary>An <c>xs:date</c>: <c>2009-12-15</c>, <c>2009-12-15Z</c> or <c>2009-12-15+01:00</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateOnly date)
    {
        date = default;
        return text.Length >= Day.Length && IsOffset(text[Day.Length..])
            && DateOnly.TryParseExact(text[..Day.Length], Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
    }

    /// <summary>The day of an <c>xs:dateTime</c>: <c>2009-10-30T21:01:45+02:00</c>, with or without fractions of a second and an offset.</summary>
    public static bool TryParseTime(ReadOnlySpan<char> text, out DateOnly date)
    {
        date = default;
        var mark = text.IndexOf('T');
        if (mark != Day.Length || !DateOnly.TryParseExact(text[..mark], Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out date)) return false;

        var clock = text[(mark + 1)..];
        var length = clock.IndexOfAny('Z', '+', '-');
        var time = length < 0 ? clock : clock[..length];
        if (time.Length > 8 && (time[8] != '.' || time.Length is < 10 or > 18 || time[9..].ContainsAnyExceptInRange('0', '9'))) return false;
        return TimeOnly.TryParseExact(time[..Math.Min(8, time.Length)], "HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            && IsOffset(length < 0 ? default : clock[length..]);
    }

    public static string Text(DateOnly date) => date.ToString(Day, CultureInfo.InvariantCulture);

    static bool IsOffset(ReadOnlySpan<char> text) =>
        text.IsEmpty || text is "Z"
        || (text.Length == 6 && text[0] is '+' or '-' && TimeOnly.TryParseExact(text[1..], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
}
