using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Finality;

/// <summary>
/// The end of a block as votes name it: the history up to and with the block, and the epoch of ordering of its envelope. The genesis block has no envelope; it stands in
/// epoch 0, before all others.
/// </summary>
public readonly record struct BlockPoint(uint Epoch, ulong Size, Hash256 Root) : IComparable<BlockPoint>
{
    /// <summary>
    /// Which of two certified blocks a new epoch goes on from: the later epoch first. By size alone a long branch that could never become final would win over a
    /// short one that a later epoch made final.
    /// </summary>
    public int CompareTo(BlockPoint other) => (Epoch, Size).CompareTo((other.Epoch, other.Size));

    internal void Write(BigEndianWriter writer) => writer.U32(Epoch).U64(Size).Hash(Root);

    internal static BlockPoint Read(ref BigEndianReader reader) => new(reader.U32(), reader.U64(), reader.Hash());
}

/// <summary>The blocks that a node has durably, final ones and those that are not yet: one line without branches.</summary>
public interface IBlockLine
{
    /// <summary>Whether a block of the line ends there.</summary>
    bool Has(BlockPoint point);

    /// <summary>The same, of a block that may have been voted on again in a later epoch than its own.</summary>
    bool HasAgain(BlockPoint point) => Has(point);
}
