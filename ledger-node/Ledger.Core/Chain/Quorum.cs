using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>Which sets of signers are enough: a key, or so many of several such rules.</summary>
public abstract record Quorum
{
    private protected Quorum()
    {
    }

    public sealed record Key(VKey VKey) : Quorum;

    /// <summary>Threshold 0 without members asks for nobody.</summary>
    public sealed record AtLeast(int Threshold, ValueList<Quorum> Members) : Quorum;
}
