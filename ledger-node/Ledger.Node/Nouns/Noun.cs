using Ledger.Client.Text;
using Ledger.Node.Access;
using Ledger.Node.Views;

namespace Ledger.Node.Nouns;

/// <summary>A noun as it is shown: what is told of it, to whom, and what of that stands in a list of such nouns.</summary>
abstract class Noun<T>(string name, Guard<T> guard, NounList list) : Shape<T>(name)
{
    IReadOnlyList<Column<T>>? forPeople;

    public Guard<T> Guard => guard;

    public NounList List => list;

    /// <summary>What a state must have for all of this to be told; null where the thing tells itself.</summary>
    public virtual ThingRef? Needs(T thing) => null;

    /// <summary>What a table shows and no answer holds: it follows from what an answer holds.</summary>
    protected virtual IEnumerable<Column<T>> OnlyForPeople() => [];

    /// <summary>What a column of its lists shows, told as the column says; null for what no list here has.</summary>
    public Column<T>? Find(ListColumn listed) =>
        Find(listed.Member) is { } column && column.Listed == listed.Kind
            ? column
            : (forPeople ??= [.. OnlyForPeople()]).FirstOrDefault(one => one.Name == listed.Member && one.Listed == listed.Kind);
}

/// <summary>One that the ledger keeps under an id.</summary>
abstract class Noun<TNoun, T>(string name, Guard<TNoun, T> guard, NounList list) : Noun<T>(name, guard, list)
    where T : class
{
    public new Guard<TNoun, T> Guard => guard;
}
