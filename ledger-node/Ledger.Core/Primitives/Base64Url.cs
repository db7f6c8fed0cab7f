using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Ledger.Core.Primitives;

/// <summary>Base64url without padding (RFC 4648 section 5), in its one canonical spelling: other spellings of the same bytes are refused.</summary>
public static class Base64Url
{
    public static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.ContainsAnyExcept(Alphabet) || text.Length % 4 == 1) return false;

        var decoded = new byte[text.Length * 3 / 4];
        if (System.Buffers.Text.Base64Url.DecodeFromChars(text, decoded, out _, out var written) != OperationStatus.Done || written != decoded.Length) return false;

        // The bits after the last byte must be zero: only then does the text encode back to itself.
        if (!System.Buffers.Text.Base64Url.EncodeToString(decoded).AsSpan().SequenceEqual(text)) return false;
        bytes = decoded;
        return true;
    }

    /// <summary>The same of a text that is still in octets, as a transaction's parts are.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> ascii, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (ascii.ContainsAnyExcept(Octets) || ascii.Length % 4 == 1 || !EndsInZeroBits(ascii)) return false;

        var decoded = new byte[ascii.Length * 3 / 4];
        if (System.Buffers.Text.Base64Url.DecodeFromUtf8(ascii, decoded, out _, out var written) != OperationStatus.Done || written != decoded.Length) return false;
        bytes = decoded;
        return true;
    }

    // Two characters hold one byte and four bits more, three hold two bytes and two bits more: the last character may be one of these only.
    static bool EndsInZeroBits(ReadOnlySpan<byte> ascii) => (ascii.Length % 4) switch
    {
        2 => "AQgw"u8.Contains(ascii[^1]),
        3 => "AEIMQUYcgkosw048"u8.Contains(ascii[^1]),
        _ => true,
    };

    static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    static readonly SearchValues<byte> Octets =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);
}
