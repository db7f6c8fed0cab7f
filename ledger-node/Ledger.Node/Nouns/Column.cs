using System.Text.Json;
using Ledger.Client.Text;
using Ledger.Core.State;
using Ledger.Node.Access;

namespace Ledger.Node.Nouns;

/// <summary>For whom something is told, and the state that has what it names.</summary>
readonly record struct At(LedgerState State, Sight Sight);

/// <summary>
/// One thing that is told of a <typeparamref name="T"/>: as a member of an answer, which it describes, and in a table for people. What there is not is left out
/// of the one, and empty in the other.
/// </summary>
sealed record Column<T>(Member Member, Action<Utf8JsonWriter, T, At> Write, Func<T, At, Reader, Cell> Show)
{
    public string Name => Member.Name;

    public ColumnKind Kind { get; init; }

    /// <summary>How people's lists of it must say that it is told.</summary>
    public ListedAs Listed { get; init; }

    /// <summary>What stands in it under a name, where it is an object.</summary>
    public Func<string, Column<T>?> Inside { get; init; } = static _ => null;

    public static Column<T> Of<TValue>(string name, Kind<TValue> kind, Func<T, At, TValue> value) => new(
        new(name, kind.Schema), (json, thing, at) => kind.Write(json, name, value(thing, at)), (thing, at, reader) => kind.Show(value(thing, at), reader))
    {
        Kind = kind.Column,
        Listed = kind.Listed,
    };

    /// <summary>Not told of everything.</summary>
    public Column<T> Optional => this with { Member = Member.Optional };

    /// <summary>Told only where this holds.</summary>
    public Column<T> If(Func<T, At, bool> applies) => Optional with
    {
        Write = (json, thing, at) =>
        {
            if (applies(thing, at)) Write(json, thing, at);
        },
        Show = (thing, at, reader) => applies(thing, at) ? Show(thing, at, reader) : Cell.Empty,
        Inside = name => Inside(name)?.If(applies),
    };

    /// <summary>The same told of what has a <typeparamref name="T"/> in it.</summary>
    public Column<TOuter> In<TOuter>(Func<TOuter, At, T?> part) => new(
        Member,
        (json, outer, at) =>
        {
            if (part(outer, at) is { } thing) Write(json, thing, at);
        },
        (outer, at, reader) => part(outer, at) is { } thing ? Show(thing, at, reader) : Cell.Empty)
    {
        Kind = Kind,
        Listed = Listed,
        Inside = name => Inside(name)?.In(part),
    };
}
