using System.Text;
using Ledger.Core.Primitives;

namespace Ledger.Client.Money;

/// <summary>Yuan in capital characters (大写金额), as 《支付结算办法》 annex 1 asks for on payment documents and as invoices print them.</summary>
public static class CapitalAmount
{
    const string Digits = "零壹贰叁肆伍陆柒捌玖";
    const string Places = "仟佰拾";

    /// <summary>The capital text of an amount in fen. Where 零 is optional (a 0 at the end of a group of four, 元 = 0 before 角) it is left out.</summary>
    public static string Of(Amount fen, CapitalStyle style)
    {
        if (fen.Minor > Amount.MaxMinor) throw new ArgumentOutOfRangeException(nameof(fen));

        var (yuan, rest) = Math.DivRem(fen.Minor, 100UL);
        var (jiao, cent) = ((int)(rest / 10), (int)(rest % 10));

        var text = new StringBuilder(style.Prefix ? "人民币" : "");
        if (yuan > 0 || rest == 0) AppendYuan(text, yuan).Append(style.Yuan);
        if (jiao > 0) text.Append(Digits[jiao]).Append('角');
        if (cent > 0)
        {
            if (jiao == 0 && yuan > 0) text.Append('零');
            text.Append(Digits[cent]).Append('分');
        }
        else if (jiao == 0 || style.WholeAfterJiao)
        {
            text.Append('整');
        }

        return text.ToString();
    }

    /// <summary>
    /// Reads what <see cref="Of"/> writes in any style, and what others may write for the same amount: 正 for 整, traditional characters, and 零
    /// wherever it may stand.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<char> text, out Amount fen)
    {
        fen = default;
        var plain = Plain(text);
        if (!TryAddUp(plain, out var sum)) return false;

        // The sum forgives units in disorder; only a text that is written like its own amount was read rightly.
        var read = new Amount(sum);
        if (Plain(Of(read, CapitalStyle.Payment)) != plain) return false;
        fen = read;
        return true;
    }

    static StringBuilder AppendYuan(StringBuilder text, ulong yuan)
    {
        if (yuan == 0) return text.Append('零');

        var start = text.Length;
        (ulong Scale, string Name)[] groups = [(100_000_000, "亿"), (10_000, "万"), (1, "")];
        foreach (var (scale, name) in groups)
        {
            var group = (int)(yuan / scale % 10_000);
            if (group == 0) continue;

            // 零 stands for zeros that lie between two digits: a group that does not fill its four places, or a whole group of zeros before this one.
            var gap = group < 1000 || yuan / scale / 10_000 % 10_000 == 0;
            if (gap && text.Length > start) text.Append('零');
            AppendGroup(text, group);
            text.Append(name);
        }

        return text;
    }

    static void AppendGroup(StringBuilder text, int group)
    {
        var begun = false;
        var skipped = false;
        for (var (place, scale) = (0, 1000); scale > 0; place++, scale /= 10)
        {
            var digit = group / scale % 10;
            if (digit == 0)
            {
                skipped = begun;
                continue;
            }

            if (skipped) text.Append('零');
            text.Append(Digits[digit]);
            if (place < Places.Length) text.Append(Places[place]);
            (begun, skipped) = (true, false);
        }
    }

    // One spelling for each amount: without what is optional. Every digit but the last of a group carries its place, so 零 adds nothing.
    static string Plain(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("人民币") || text.StartsWith("人民幣")) text = text[3..];
        if (text.EndsWith("整") || text.EndsWith("正")) text = text[..^1];

        var plain = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (character != '零') plain.Append(Simplified(character));
        }

        // 零元伍角 is 伍角.
        if (plain.Length > 1 && plain[0] == '元') plain.Remove(0, 1);
        return plain.ToString();
    }

    static char Simplified(char character) => character switch
    {
        '圆' or '圓' => '元',
        '貳' => '贰',
        '叄' or '參' => '叁',
        '陸' => '陆',
        '萬' => '万',
        '億' => '亿',
        _ => character,
    };

    static bool TryAddUp(string plain, out ulong fen)
    {
        fen = 0;
        if (plain.Length is 0 or > 40) return false;

        var (total, group, digit) = (0UL, 0UL, 0UL);
        foreach (var character in plain)
        {
            if (Digits.IndexOf(character) is > 0 and var value)
            {
                if (digit != 0) return false;
                digit = (ulong)value;
                continue;
            }

            switch (character)
            {
                case '仟' or '佰' or '拾':
                    group += digit * (character switch { '仟' => 1000UL, '佰' => 100UL, _ => 10UL });
                    break;
                case '万' or '亿':
                    total += (group + digit) * (character == '万' ? 10_000UL : 100_000_000UL);
                    group = 0;
                    break;
                case '元':
                    fen += (total + group + digit) * 100;
                    (total, group) = (0, 0);
                    break;
                case '角' or '分':
                    fen += digit * (character == '角' ? 10UL : 1UL);
                    break;
                default:
                    return false;
            }

            digit = 0;
            if (total > Amount.MaxMinor || fen > Amount.MaxMinor) return false;
        }

        return digit == 0 && fen <= Amount.MaxMinor;
    }
}
