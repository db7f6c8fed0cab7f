using System.Buffers.Binary;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>
/// What blinds a record's leaf: whoever holds a proof about one record must not find out the neighbours' contents by guessing. A salt is known
/// to those who know the transaction that wrote the record last.
/// </summary>
public static class Salts
{
    const byte ByTransactionTag = 0x15;
    const byte ByDeadlineTag = 0x16;

    public static Hash256 ByTransaction(CryptoSuite suite, Hash256 payloadHash, byte section, ReadOnlySpan<byte> key)
    {
        Span<byte> head = stackalloc byte[Hash256.Size + 1];
        payloadHash.Write(head);
        head[Hash256.Size] = section;
        return StateHash.Tagged(suite, ByTransactionTag, head, key);
    }

    /// <summary>For a record that a deadline wrote at <paramref name="height"/>; a record that is new has no old salt, which is zero.</summary>
    public static Hash256 ByDeadline(CryptoSuite suite, Hash256 oldSalt, byte section, ReadOnlySpan<byte> key, ulong height)
    {
        Span<byte> head = stackalloc byte[Hash256.Size + 1];
        oldSalt.Write(head);
        head[Hash256.Size] = section;

        Span<byte> tail = stackalloc byte[key.Length + 8];
        key.CopyTo(tail);
        BinaryPrimitives.WriteUInt64BigEndian(tail[key.Length..], height);
        return StateHash.Tagged(suite, ByDeadlineTag, head, tail);
    }
}
