using Ledger.Core.Primitives;

namespace Ledger.Node.Nouns;

/// <summary>How a column of a table stands on a page.</summary>
public enum ColumnKind
{
    Text,

    /// <summary>Right-aligned, with the unit in the heading.</summary>
    Money,

    /// <summary>Right-aligned.</summary>
    Number,

    /// <summary>Ids, hashes and units, in figures of one width.</summary>
    Code,
}

/// <summary>What stands in one place of a table: for a person as text, perhaps with a way to more; for a program as plain as it can be.</summary>
public sealed record Cell(string Text, string? Href = null, string? Tone = null, Amount? Amount = null, Currency? Currency = null)
{
    public static readonly Cell Empty = new("");

    public static Cell Money(Amount amount, Currency currency, string? href = null) => new("", href, Amount: amount, Currency: currency);

    public bool IsEmpty => Text.Length == 0 && Amount is null;
}
