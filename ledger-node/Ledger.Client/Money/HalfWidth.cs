namespace Ledger.Client.Money;

/// <summary>
/// Full-width forms of ASCII (U+FF01 to U+FF5E), the ideographic space and the full-width yuan sign in their half-width spelling: a Chinese
/// keyboard produces either. Nothing else changes; this is not Unicode normalisation, whose tables grow with every version.
/// </summary>
public static class HalfWidth
{
    public static string Of(ReadOnlySpan<char> text)
    {
        var narrow = new char[text.Length];
        for (var i = 0; i < text.Length; i++) narrow[i] = Of(text[i]);
        return new(narrow);
    }

    public static char Of(char character) => character switch
    {
        >= '\uFF01' and <= '\uFF5E' => (char)(character - 0xFEE0),
        '\u3000' => ' ',
        '\uFFE5' => '¥',
        _ => character,
    };
}
