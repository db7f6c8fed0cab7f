using Ledger.Client.Text;
using Ledger.Node.Nouns;

namespace Ledger.Node.Web;

static class NounSheet
{
    /// <summary>An empty table of nouns, without some of their columns.</summary>
    public static NounSheet<T> Of<T>(Visit visit, Word caption, Noun<T> noun, params IReadOnlyCollection<string> without)
    {
        var columns = new List<(ListColumn, Column<T>)>();
        foreach (var listed in noun.List.Columns)
        {
            if (!without.Contains(listed.Member) && noun.Find(listed) is { } column) columns.Add((listed, column));
        }

        return new(visit, caption, noun, [.. columns]);
    }
}

/// <summary>
/// A table of nouns: it has the columns of the noun's lists, but for those that say the same in every row of it. Whatever stands in it is taken down as shown.
/// </summary>
sealed class NounSheet<T> : Sheet
{
    readonly Visit visit;
    readonly Noun<T> noun;
    readonly Column<T>[] cells;

    public NounSheet(Visit visit, Word caption, Noun<T> noun, (ListColumn Listed, Column<T> Cell)[] columns)
        : base(caption, [.. columns.Select(column => new Column(column.Listed.Member, column.Listed.Word.AsHeading, column.Cell.Kind))])
    {
        (this.visit, this.noun) = (visit, noun);
        cells = Array.ConvertAll(columns, column => column.Cell);
    }

    public void Add(T thing)
    {
        visit.Sight.Show(noun.Guard, thing);
        var at = new At(noun.Needs(thing) is { } needed ? visit.Library.StateWith(needed) : visit.State, visit.Sight);
        Add([.. cells.Select(cell => cell.Show(thing, at, visit.Reader))]);
    }

    /// <summary>With a row for each of these.</summary>
    public NounSheet<T> With(IEnumerable<T> things)
    {
        foreach (var thing in things) Add(thing);
        return this;
    }
}
