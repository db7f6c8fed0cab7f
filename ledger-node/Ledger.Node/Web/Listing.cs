namespace Ledger.Node.Web;

public sealed record Filter(string Name, Word Label, IReadOnlyList<(string Value, Word Word)> Choices)
{
    public static Filter Text(string name, Word label) => new(name, label, []);

    /// <summary>One of an enum's members, by its name.</summary>
    public static Filter Of<T>(string name, Word label, Func<T, Word> wordOf)
        where T : struct, Enum => new(name, label, [.. Enum.GetValues<T>().Select(one => (one.ToString(), wordOf(one)))]);
}

/// <summary>What a list page shows: a page of rows, how many there are under the filter, and what stands below them.</summary>
public sealed record Listing(Word Title, Word? Intro, IReadOnlyList<Filter> Filters, Sheet Sheet, int Total, int Page)
{
    public IReadOnlyList<Sheet> More { get; init; } = [];

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
}
