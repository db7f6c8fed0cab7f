using System.Text;

namespace Ledger.Core.Primitives;

/// <summary>
/// Text that shows what it is: nothing in it is invisible, turns the order of reading, or is no character at all, so that two texts which look the same
/// to a person do not differ by such. Which characters these are is fixed here and not asked of the platform, whose tables change with its versions.
/// </summary>
public static class ShownText
{
    // Controls, format characters, bidirectional marks, line and paragraph separators and what Unicode 16 calls Default_Ignorable_Code_Point, with first
    // and last of each run.
    static readonly (int First, int Last)[] Hidden =
    [
        (0x0000, 0x001F), (0x007F, 0x009F), (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
        (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFDD0, 0xFDEF), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
        (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
    ];

    public static bool Is(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, at, out var rune) || IsHidden(rune.Value)) return false;
            at += rune.Utf16SequenceLength;
        }

        return true;
    }

    /// <summary>Whether a text is of so many characters at most: Unicode scalar values are counted, as any language counts them.</summary>
    public static bool IsNoLonger(string text, int longest)
    {
        var length = 0;
        foreach (var _ in text.EnumerateRunes()) length++;
        return length <= longest;
    }

    static bool IsHidden(int character)
    {
        foreach (var (first, last) in Hidden)
        {
            if (character < first) break;
            if (character <= last) return true;
        }

        // The last two of each plane are no characters.
        return (character & 0xFFFE) == 0xFFFE;
    }
}
