using System.Buffers.Binary;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>
/// A transaction with its answer: 0 for accepted or the refusal's number, and which operation was refused. The transaction is the bytes that were
/// signed, never written anew.
/// </summary>
public readonly record struct EntryLeaf(ushort Code, ushort OperationIndex, ByteString Transaction)
{
    public const int MaxTransactionSize = Leaf.MaxSize - HeadSize;

    const int HeadSize = 5;

    public int Size => HeadSize + Transaction.Length;

    public byte[] Write()
    {
        var bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }

    /// <summary>Writes into the first <see cref="Size"/> bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The transaction is too long for a leaf.</exception>
    public void Write(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Transaction.Length, MaxTransactionSize);

        destination[0] = Leaf.EntryKind;
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], Code);
        BinaryPrimitives.WriteUInt16BigEndian(destination[3..], OperationIndex);
        Transaction.Span.CopyTo(destination[HeadSize..]);
    }

    /// <summary>Reads without copying: the entry keeps the memory that it was read from.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out EntryLeaf entry)
    {
        entry = default;
        var head = bytes.Span;
        if (head.Length is <= HeadSize or > Leaf.MaxSize || head[0] != Leaf.EntryKind) return false;

        entry = new(
            BinaryPrimitives.ReadUInt16BigEndian(head[1..]),
            BinaryPrimitives.ReadUInt16BigEndian(head[3..]),
            new(bytes[HeadSize..]));
        // What was accepted has no operation that was refused.
        return entry.Code != 0 || entry.OperationIndex == 0;
    }
}
