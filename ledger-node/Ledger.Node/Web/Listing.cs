using Ledger.Client.Text;

namespace Ledger.Node.Web;

public sealed record Filter(string Name, Word Label, IReadOnlyList<(string Value, Word Word)> Choices)
{
    public static Filter Text(string name, Word label) => new(name, label, []);

    /// <summary>One of an enum's members, by its name.</summary>
    public static Filter Of<T>(string name, Word label, Func<T, Word> wordOf)
        where T : struct, Enum => new(name, label, [.. Enum.GetValues<T>().Select(one => (one.ToString(), wordOf(one)))]);
}

/// <summary>
/// What a list page shows: a page of rows and what stands below them. A list that is all at hand says how many there are and has numbered pages; one
/// that may be of millions says after what the next page begins.
/// </summary>
public sealed record Listing(Word Title, Word? Intro, IReadOnlyList<Filter> Filters, Sheet Sheet, int? Total, int Page)
{
    /// <summary>The last thing that this page looked at, for the address of the next one.</summary>
    public const string After = "after";

    const int Piece = Sheet.PageSize * 2;

    // Who filters for what hardly occurs gets what was found among so many, and a way on.
    const int MostLookedAt = 2_000;

    public string? Next { get; init; }

    /// <summary>The rows of the visit's page; an export has them all, up to what a file may hold.</summary>
    public static Listing Of<T>(Visit visit, Word title, Word? intro, IReadOnlyList<Filter> filters, Sheet sheet, IReadOnlyList<T> items, Action<Sheet, T> add)
    {
        var isExport = visit.Query("format") is not null;
        var page = !isExport && int.TryParse(visit.Query("page"), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var asked)
            ? Math.Clamp(asked, 1, Math.Max(1, (items.Count + Sheet.PageSize - 1) / Sheet.PageSize))
            : 1;
        foreach (var item in isExport ? items.Take(Sheet.MostExported) : items.Skip((page - 1) * Sheet.PageSize).Take(Sheet.PageSize)) add(sheet, item);
        return new(title, intro, filters, sheet, items.Count, page);
    }

    /// <summary>A list of nouns, under the caption of its table.</summary>
    internal static Listing Of<T>(
        Visit visit, Word? intro, IReadOnlyList<Filter> filters, NounSheet<T> sheet, Func<string?, int, IReadOnlyList<(string Key, T? Thing)>> fetch, Func<T, bool> fits)
        where T : class => Of(visit, sheet.Caption, intro, filters, sheet, fetch, fits, (_, thing) => sheet.Add(thing));

    /// <summary>
    /// The same of a list that is fetched in pieces, each after a key: only what the page needs is read. What is null is not for the visitor, or is
    /// gone, and is passed over.
    /// </summary>
    public static Listing Of<T>(
        Visit visit, Word title, Word? intro, IReadOnlyList<Filter> filters, Sheet sheet, Func<string?, int, IReadOnlyList<(string Key, T? Thing)>> fetch,
        Func<T, bool> fits, Action<Sheet, T> add)
        where T : class
    {
        var isExport = visit.Query("format") is not null;
        var (wanted, most) = isExport ? (Sheet.MostExported, Sheet.MostExported) : (Sheet.PageSize, MostLookedAt);
        var first = isExport ? null : visit.Query(After);
        var (after, next, seen) = (first, (string?)null, 0);
        for (var isMore = true; isMore && next is null;)
        {
            var piece = fetch(after, Piece);
            isMore = piece.Count == Piece;
            foreach (var (key, thing) in piece)
            {
                if (thing is not null && fits(thing))
                {
                    if (sheet.Rows.Count == wanted)
                    {
                        next = after;
                        break;
                    }

                    add(sheet, thing);
                }

                after = key;
                seen++;
            }

            if (isMore && seen >= most) next ??= after;
        }

        return new(title, intro, filters, sheet, next is null && first is null ? sheet.Rows.Count : null, 1) { Next = next };
    }
}
