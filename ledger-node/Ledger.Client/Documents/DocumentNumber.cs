using System.Diagnostics.CodeAnalysis;
using System.Text;
using Ledger.Client.Money;

namespace Ledger.Client.Documents;

/// <summary>
/// The one spelling of a document's code and number, so that two banks that look at the same paper compute the same fingerprint: half-width,
/// without spaces and dashes, ASCII letters in upper case. The lists of characters are closed: what is hashed must not change with Unicode's tables.
/// </summary>
public static class DocumentNumber
{
    public const int MaxLength = 100;

    /// <summary>False for what is longer than <see cref="MaxLength"/> or has characters that nobody sees: two numbers that look alike must be alike.</summary>
    public static bool TryCanonicalise(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? canonical)
    {
        canonical = null;
        var spelling = new StringBuilder(text.Length);
        foreach (var typed in text)
        {
            var character = HalfWidth.Of(typed);
            if (IsSpace(character) || IsDash(character)) continue;
            if (IsInvisible(character)) return false;
            spelling.Append(char.IsAsciiLetterLower(character) ? (char)(character - 'a' + 'A') : character);
        }

        if (spelling.Length > MaxLength) return false;
        canonical = spelling.ToString();
        return true;
    }

    /// <summary>
    /// An invoice's code and number. A number of 20 digits (数电票) needs no code and loses it; one of up to 8 digits under a code of 10 or 12 is
    /// written with all 8, for a leading zero is easily lost on the way.
    /// </summary>
    public static (string Code, string Number) OfInvoice(string code, string number)
    {
        if (IsDigits(number) && number.Length == 20) return ("", number);
        return IsDigits(number) && IsDigits(code) && code.Length is 10 or 12 && number.Length is > 0 and <= 8
            ? (code, number.PadLeft(8, '0'))
            : (code, number);
    }

    /// <summary>Whether the tax authority numbered this invoice, so that no other seller's invoice can bear the same code and number.</summary>
    public static bool IsNational(string code, string number) =>
        IsDigits(number) && ((code.Length == 0 && number.Length == 20) || (code.Length is 10 or 12 && IsDigits(code) && number.Length == 8));

    static bool IsDigits(string text) => !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    static bool IsSpace(char character) => character is
        (>= '\u0009' and <= '\u000D') or ' ' or '\u0085' or '\u00A0' or '\u1680' or (>= '\u2000' and <= '\u200A')
        or '\u2028' or '\u2029' or '\u202F' or '\u205F' or '\u3000';

    static bool IsDash(char character) => character is '-' or (>= '\u2010' and <= '\u2015') or '\u2212' or '\u2E3A' or '\u2E3B' or '\uFE58' or '\uFE63';

    // Controls, soft hyphen, zero-width and direction marks, variation selectors, surrogates, private use and non-characters.
    static bool IsInvisible(char character) => character is
        < ' ' or (>= '\u007F' and <= '\u009F') or '\u00AD' or '\u034F' or '\u061C' or '\u115F' or '\u1160' or '\u17B4' or '\u17B5'
        or (>= '\u180B' and <= '\u180F') or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u206F')
        or '\u3164' or (>= '\uD800' and <= '\uF8FF') or (>= '\uFE00' and <= '\uFE0F') or '\uFEFF' or '\uFFA0' or >= '\uFFF0';
}
