using Ledger.Core.State;

namespace Ledger.Client.Files;

/// <summary>
/// A refusal with the place in the file that caused it and what stands there: for a red letter the blue invoice's number, if it is given.
/// A value is cut to what fits on a line.
/// </summary>
public sealed record ImportProblem
{
    const int LongestValue = 80;

    public ImportProblem(Refusal refusal, string element, string? value = null)
    {
        Refusal = refusal;
        Element = element;
        Value = value is { Length: > LongestValue } ? value[..LongestValue] : value;
    }

    public Refusal Refusal { get; }

    /// <summary>The path of the element below the root, or the part of the file that is wrong when it is not an element.</summary>
    public string Element { get; }

    public string? Value { get; }
}
