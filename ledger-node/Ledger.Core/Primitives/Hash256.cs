using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Ledger.Core.Primitives;

/// <summary>A 32-byte digest of the chain's suite. All zero is never a digest: it stands for "none" and edges refuse it.</summary>
public readonly record struct Hash256(UInt128 High, UInt128 Low) : IComparable<Hash256>
{
    public const int Size = 32;

    public bool IsZero => this == default;

    public static Hash256 Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..Size]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, High);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], Low);
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }

    /// <summary>The four bits at <paramref name="depth"/>, counted from the most significant: a step in a 16-ary tree.</summary>
    public int Nibble(int depth) =>
        (int)(((depth < 32 ? High : Low) >> (124 - (4 * (depth & 31)))) & 0xF);

    // As ids are: what is called a digest may be whatever somebody signed.
    public override int GetHashCode() => string.GetHashCode(MemoryMarshal.Cast<UInt128, char>([High, Low]));

    public int CompareTo(Hash256 other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>Lower-case hexadecimal, 64 characters.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToBytes());

    public static bool TryParse(ReadOnlySpan<char> hex, out Hash256 hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (hex.Length != 2 * Size || hex.ContainsAnyExcept(LowerHex)) return false;
        Convert.FromHexString(hex, bytes, out _, out _);
        hash = Read(bytes);
        return true;
    }

    static readonly System.Buffers.SearchValues<char> LowerHex = System.Buffers.SearchValues.Create("0123456789abcdef");
}
