using System.Text.Json;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Node.Nouns;

/// <summary>
/// All that is told of a <typeparamref name="T"/>, in the order in which an answer has it. What the answer holds, what its description says and what a table
/// shows follow from it.
/// </summary>
abstract class Shape<T>(string name)
{
    IReadOnlyList<Column<T>>? columns;

    public IReadOnlyList<Column<T>> Columns => columns ??= [.. Describe()];

    public IEnumerable<Member> Members => Columns.Select(column => column.Member);

    /// <summary>The description of an answer's object.</summary>
    public Schema Schema => Schema.Object(name, [.. Members]);

    /// <summary>The same where it is all that is answered, as of a height.</summary>
    public Schema SchemaAsOf => Schema.Object($"{name}AsOf", [.. Members, .. Schema.AsOf]);

    protected abstract IEnumerable<Column<T>> Describe();

    /// <summary>The money that its amounts are of.</summary>
    protected virtual Currency CurrencyOf(T thing, At at) => default;

    public void Write(Utf8JsonWriter json, T thing, At at)
    {
        foreach (var column in Columns) column.Write(json, thing, at);
    }

    /// <summary>The column under a name, or under a path of names through what stands inside.</summary>
    public Column<T>? Find(string path)
    {
        var end = path.IndexOf('.', StringComparison.Ordinal);
        if (end < 0) return Columns.FirstOrDefault(column => column.Name == path);
        return Find(path[..end])?.Inside(path[(end + 1)..]);
    }

    protected static Column<T> Of<TValue>(string name, Kind<TValue> kind, Func<T, At, TValue> value) => Column<T>.Of(name, kind, value);

    protected static Column<T> Of<TValue>(string name, Kind<TValue> kind, Func<T, TValue> value) => Of(name, kind, (thing, _) => value(thing));

    protected static Column<T> Id<TNoun>(string name, Func<T, Id<TNoun>> value) => Of(name, Kinds.Id<TNoun>(), value);

    protected static Column<T> Party(string name, Func<T, PartyId> value) => Of(name, Kinds.Party, value);

    protected static Column<T> Time(string name, Func<T, Timestamp> value) => Of(name, Kinds.Time, value);

    protected static Column<T> Date(string name, Func<T, DateOnly> value) => Of(name, Kinds.Date, value);

    protected static Column<T> Number(string name, Func<T, ulong> value) => Of(name, Kinds.Number, value);

    protected static Column<T> Flag(string name, Func<T, bool> value) => Of(name, Kinds.Flag, value);

    protected static Column<T> Hash(string name, Func<T, Hash256> value) => Of(name, Kinds.Hash, value);

    protected static Column<T> Units(string name, Func<T, ValueList<Interval>> value) => Of(name, Kinds.Units, value);

    protected static Column<T> Uses(string name, Func<T, ValueList<DocumentUse>> value) => Of(name, Kinds.Uses, value);

    /// <summary>A text, which is left out where it is empty if it is optional.</summary>
    protected static Column<T> Text(string name, Func<T, string> value) => Of(name, Kinds.Text, value);

    protected static Column<T> TextIfAny(string name, Func<T, string> value) => Of(name, Kinds.TextIfAny, value).Optional;

    protected static Column<T> Name<TName>(string name, Func<T, TName> value, Func<TName, Word> word, Func<TName, string>? tone = null)
        where TName : struct, Enum => Of(name, Kinds.Name(word, tone), value);

    protected static Column<T> Terms(Func<T, ValueList<Hash256>> value) => Of("_sd", Kinds.Terms, value).If((thing, _) => value(thing).Count > 0);

    protected Column<T> Amount(string name, Func<T, Amount> value) => Of(name, Kinds.Money, (thing, at) => (value(thing), CurrencyOf(thing, at)));

    protected Column<T> Currency() => Of("currency", Kinds.Currency, CurrencyOf);

    /// <summary>An object inside, which is left out where there is none.</summary>
    protected static Column<T> Object<TInner>(string name, Shape<TInner> shape, Func<T, At, TInner?> value) => new(
        new(name, shape.Schema),
        (json, thing, at) =>
        {
            if (value(thing, at) is not { } inner) return;
            json.WriteStartObject(name);
            shape.Write(json, inner, at);
            json.WriteEndObject();
        },
        static (_, _, _) => Cell.Empty)
    {
        Inside = path => shape.Find(path)?.In(value),
    };

    /// <summary>Objects inside; a table has the words of each that has some.</summary>
    protected static Column<T> Objects<TInner>(
        string name, Shape<TInner> shape, Func<T, At, IEnumerable<TInner>> value, Func<TInner, At, Reader, string?>? show = null) => new(
        new(name, Schema.List(shape.Schema)),
        (json, thing, at) => json.Objects(name, value(thing, at), (json, inner) => shape.Write(json, inner, at)),
        (thing, at, reader) => show is null ? Cell.Empty : new(reader.Phrases(value(thing, at).Select(inner => show(inner, at, reader)).OfType<string>())));

    /// <summary>What only a table shows.</summary>
    protected static Column<T> ForPeople(string name, Func<T, At, Reader, Cell> show, ColumnKind kind = ColumnKind.Text, ListedAs listed = ListedAs.Text) =>
        new(new(name, Schema.Any), static (_, _, _) => { }, show) { Kind = kind, Listed = listed };
}
