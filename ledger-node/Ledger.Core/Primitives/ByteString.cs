using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Ledger.Core.Primitives;

/// <summary>Immutable bytes compared by content: a public key, a signature, a digest of unknown length. Written as base64url.</summary>
public readonly struct ByteString(ReadOnlyMemory<byte> memory) : IEquatable<ByteString>
{
    readonly ReadOnlyMemory<byte> memory = memory;

    public ReadOnlySpan<byte> Span => memory.Span;

    public ReadOnlyMemory<byte> Memory => memory;

    public int Length => memory.Length;

    public bool Equals(ByteString other) => Span.SequenceEqual(other.Span);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ByteString other && Equals(other);

    // Of all bytes, and as texts are hashed: keys of records differ only here or there, and clients choose some of them.
    public override int GetHashCode() =>
        Length == 0 ? 0 : string.GetHashCode(MemoryMarshal.Cast<byte, char>(Span)) ^ Span[^1];

    public override string ToString() => Base64Url.Encode(Span);

    public static bool TryParse(ReadOnlySpan<char> text, out ByteString bytes)
    {
        bytes = default;
        if (!Base64Url.TryDecode(text, out var decoded)) return false;
        bytes = new(decoded);
        return true;
    }

    public static bool operator ==(ByteString left, ByteString right) => left.Equals(right);

    public static bool operator !=(ByteString left, ByteString right) => !left.Equals(right);
}
