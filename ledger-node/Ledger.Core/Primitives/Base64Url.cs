using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Ledger.Core.Primitives;

/// <summary>Base64url without padding (RFC 4648 section 5), in its one canonical spelling: other spellings of the same bytes are refused.</summary>
public static class Base64Url
{
    public static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = new byte[text.Length * 3 / 4];
        if (TryDecode(text, bytes)) return true;
        bytes = null;
        return false;
    }

    /// <summary>The same into memory that is there; false also when it is not exactly as long as what the text says.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes) =>
        !text.ContainsAnyExcept(Alphabet) && text.Length % 4 != 1 && (text.IsEmpty || EndsInZeroBits(text.Length, text[^1]))
        && System.Buffers.Text.Base64Url.DecodeFromChars(text, bytes, out _, out var written) == OperationStatus.Done && written == bytes.Length;

    /// <summary>The same of a text that is still in octets, as a transaction's parts are.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> ascii, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (ascii.ContainsAnyExcept(Octets) || ascii.Length % 4 == 1 || (!ascii.IsEmpty && !EndsInZeroBits(ascii.Length, (char)ascii[^1]))) return false;

        var decoded = new byte[ascii.Length * 3 / 4];
        if (System.Buffers.Text.Base64Url.DecodeFromUtf8(ascii, decoded, out _, out var written) != OperationStatus.Done || written != decoded.Length) return false;
        bytes = decoded;
        return true;
    }

    // The bits after the last byte must be zero: only then does the text encode back to itself. Two characters hold one byte and four bits more, three
    // hold two bytes and two bits more: the last character may be one of these only.
    static bool EndsInZeroBits(int length, char last) => (length % 4) switch
    {
        2 => "AQgw".Contains(last),
        3 => "AEIMQUYcgkosw048".Contains(last),
        _ => true,
    };

    static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    static readonly SearchValues<byte> Octets =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);
}
