using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>What stands in the way of a refused act: kind, reference and time, and never another party's documents.</summary>
public sealed record Conflict(string Kind, string Reference, Timestamp Since);

/// <summary>
/// What fills the words in braces of a refusal's sentence. Facts are told to the one who asked; an entry holds only the number.
/// <paramref name="Subject"/> is the instrument or document that a double-pledge attempt was about, for the quota of attempts.
/// </summary>
public sealed record Facts(
    Amount? Available = null,
    Currency? Currency = null,
    Conflict? Conflict = null,
    string? Reference = null,
    string? Reason = null,
    UInt128 Subject = default,
    bool IsOfOwnTransaction = false)
{
    public static readonly Facts None = new();
}

/// <summary>The rulebook's answer to one operation: what happens, or the one reason why nothing does.</summary>
public abstract record Verdict
{
    private protected Verdict() { }

    public sealed record Accepted(ValueList<LedgerEvent> Events) : Verdict;

    public sealed record Refused(Refusal Refusal, Facts Facts) : Verdict;

    public static implicit operator Verdict(Refusal refusal) => new Refused(refusal, Facts.None);

    public static implicit operator Verdict(LedgerEvent happened) => new Accepted([happened]);

    /// <summary>Refuses and names what it is about.</summary>
    public static Refused No(Refusal refusal, string reference) => new(refusal, new Facts(Reference: reference));
}
