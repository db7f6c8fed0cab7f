using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>Which sets of signers are enough: a key, or so many of several such rules.</summary>
public abstract record Quorum
{
    private protected Quorum()
    {
    }

    /// <summary>How many of so many validators: more than two thirds, so that any two quorums share one that keeps the rules while fewer than a third do not.</summary>
    public static int SizeOf(int validators) => (2 * validators / 3) + 1;

    public sealed record Key(VKey VKey) : Quorum;

    /// <summary>Threshold 0 without members asks for nobody.</summary>
    public sealed record AtLeast(int Threshold, ValueList<Quorum> Members) : Quorum;
}
