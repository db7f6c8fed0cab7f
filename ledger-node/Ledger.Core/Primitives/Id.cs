using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Ledger.Core.Primitives;

/// <summary>
/// A 128-bit name that a client chose for one <typeparamref name="TNoun"/>; unique on its chain. Written as 22 characters of base64url.
/// All zero is no id and is refused at the edge.
/// </summary>
public readonly record struct Id<TNoun>(UInt128 Value) : IComparable<Id<TNoun>>
{
    public const int Size = 16;

    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    public int CompareTo(Id<TNoun> other) => Value.CompareTo(other.Value);

    // As texts are hashed, under a key of the process: clients choose ids, and could choose thousands that share any other hash.
    public override int GetHashCode()
    {
        var value = Value;
        return string.GetHashCode(MemoryMarshal.Cast<UInt128, char>(new ReadOnlySpan<UInt128>(in value)));
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        return Base64Url.Encode(bytes);
    }

    public static Id<TNoun> Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public static bool TryParse(ReadOnlySpan<char> text, out Id<TNoun> id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (text.Length != 22 || !Base64Url.TryDecode(text, bytes)) return false;
        id = Read(bytes);
        return id.Value != 0;
    }
}
