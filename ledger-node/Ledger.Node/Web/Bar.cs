namespace Ledger.Node.Web;

/// <summary>One bar of a chart.</summary>
public sealed record Bar(string Label, UInt128 Value, string? Href = null);
