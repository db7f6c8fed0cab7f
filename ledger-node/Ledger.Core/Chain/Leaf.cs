namespace Ledger.Core.Chain;

/// <summary>What every leaf of the history has in common: the first byte says its kind, and tiles allow it two bytes of length (C2SP tlog-tiles).</summary>
public static class Leaf
{
    public const byte EnvelopeKind = 1;
    public const byte EntryKind = 2;
    public const byte HeaderKind = 3;

    public const int MaxSize = ushort.MaxValue;
}
