using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>The small parts that C2SP's text formats share. Each thing has one spelling; any other is refused.</summary>
static class NoteSyntax
{
    /// <summary>UTF-8 without control characters other than the line feed, and with a line feed at its end.</summary>
    public static bool TryDecodeText(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!utf8.EndsWith("\n"u8) || !Utf8.IsValid(utf8)) return false;
        foreach (var octet in utf8)
        {
            if (octet < 0x20 && octet != '\n') return false;
        }

        text = Encoding.UTF8.GetString(utf8);
        return true;
    }

    /// <summary>RFC 4648 section 4, with its padding and with zero in the bits that carry nothing.</summary>
    public static bool TryDecodeBase64(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var decoded = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64Chars(text, decoded, out var length)) return false;
        if (!text.SequenceEqual(Convert.ToBase64String(decoded, 0, length))) return false;
        bytes = decoded[..length];
        return true;
    }

    public static bool TryDecodeHash(ReadOnlySpan<char> base64, out Hash256 hash)
    {
        hash = default;
        if (!TryDecodeBase64(base64, out var bytes) || bytes.Length != Hash256.Size) return false;
        hash = Hash256.Read(bytes);
        return true;
    }

    public static bool TryParseDecimal(ReadOnlySpan<char> text, out ulong number)
    {
        number = 0;
        if (text.Length > 1 && text[0] == '0') return false;
        return ulong.TryParse(text, NumberStyles.None, NumberFormatInfo.InvariantInfo, out number);
    }

    /// <summary>A key's name, and an origin, for a log's key bears the log's origin: not empty, no Unicode space, no plus, no control character.</summary>
    public static bool IsKeyName(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (char.IsWhiteSpace(character) || char.IsControl(character) || character == '+') return false;
        }

        return !text.IsEmpty;
    }
}
