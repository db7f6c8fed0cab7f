using Ledger.Core.Primitives;

namespace Ledger.Client.Disclosures;

/// <summary>A figure of a financing: what it is, or in both languages why it cannot be computed.</summary>
public abstract record Figure
{
    private protected Figure() { }

    public sealed record Computed(Amount Amount) : Figure;

    /// <summary>What was not disclosed could change it.</summary>
    public sealed record Undisclosed(ValueList<Term> Missing) : Figure;

    /// <summary>What it is about has not happened yet.</summary>
    public sealed record TooEarly(string Chinese, string English) : Figure;

    /// <summary>It happened in a way for which there is no such arithmetic.</summary>
    public sealed record Beyond(string Chinese, string English) : Figure;

    /// <summary>Why there is no amount.</summary>
    public (string Chinese, string English) Why => this switch
    {
        Undisclosed { Missing: var missing } => ($"未披露：{Names(missing)}", $"not disclosed: {Names(missing)}"),
        TooEarly early => (early.Chinese, early.English),
        Beyond beyond => (beyond.Chinese, beyond.English),
        _ => ("", ""),
    };

    static string Names(ValueList<Term> terms) => string.Join(", ", terms.Select(Terms.Name));
}
