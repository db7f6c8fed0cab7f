using System.Diagnostics.CodeAnalysis;
using System.Text;
using Ledger.Client.Money;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Documents;

/// <summary>
/// What a document is called, in its kind's one spelling, so that two banks that look at the same paper compute the same fingerprint. An invoice that
/// China's tax authority numbered is its digits: 20 of them (数电票), or a code of 10 or 12 and a number of 8. Every other number is its seller's own: it is
/// kept as it is written, and only what is the same to every reader is made the same: width, letters' case, kinds of dash and blank. A digital invoice on
/// paper (数电纸质发票) bears its 20 digits, which are its name, and those of the form that it is printed on.
/// </summary>
public sealed record DocumentNumber
{
    public const int MaxLength = 100;

    const int Digital = 20, ShortCode = 10, LongCode = 12, OldNumber = 8;

    DocumentNumber(string code, string number, bool isNational, DocumentNumber? onPaper = null) => (Code, Number, IsNational, OnPaper) = (code, number, isNational, onPaper);

    /// <summary>The 10 or 12 digits before an old invoice's number; empty for everything else.</summary>
    public string Code { get; }

    public string Number { get; }

    /// <summary>Whether the tax authority numbered this invoice, so that no other seller's invoice can bear the same code and number.</summary>
    public bool IsNational { get; }

    /// <summary>The code and number of the paper form that a digital invoice was printed on; null for everything else.</summary>
    public DocumentNumber? OnPaper { get; }

    /// <summary>
    /// What the number looks like: two numbers that an eye may take for each other have one skeleton. A leading <c>No.</c> is not part of it, nor are
    /// separators, and code and number stand together.
    /// </summary>
    public string Skeleton => Bones(Code + Number);

    /// <summary>Reads a code (empty where there is none) and a number as somebody wrote them, or says why no document of this kind and seller can be called so.</summary>
    public static bool TryRead(
        DocumentKind kind, PartyId seller, string code, string number, [NotNullWhen(true)] out DocumentNumber? read, out Refusal why)
    {
        read = null;
        why = Refusal.DocumentNumberUnusable;
        if (!TrySpell(code, out var spelledCode) || !TrySpell(number, out var spelled)) return false;

        if (kind == DocumentKind.Invoice)
        {
            var isChinese = seller != default && seller.IsUscc;
            why = Refusal.InvoiceNumberMalformed;
            read = National(isChinese, Digits(spelledCode), Digits(spelled));
            if (read is null && (spelledCode.Length > 0 || (isChinese && LooksNational(spelled)))) return false;
        }
        else if (spelledCode.Length > 0)
        {
            why = Refusal.DocumentHasNoCode;
            return false;
        }

        if (Bones(spelled).Length == 0)
        {
            why = Refusal.DocumentNumberUnusable;
            return false;
        }

        read ??= new("", spelled, isNational: false);
        why = Refusal.None;
        return true;
    }

    /// <summary>
    /// Reads a document that also bears a second number (empty where it does not): of an invoice, its 20 digits and the code and number of its paper form,
    /// whichever of them was given first.
    /// </summary>
    public static bool TryRead(
        DocumentKind kind, PartyId seller, string code, string number, string second, [NotNullWhen(true)] out DocumentNumber? read, out Refusal why)
    {
        if (!TryRead(kind, seller, code, number, out read, out why) || string.IsNullOrWhiteSpace(second)) return read is not null;
        var other = kind == DocumentKind.Invoice ? TryNational("", second) : null;
        why = kind == DocumentKind.Invoice ? Refusal.InvoiceNumberMalformed : Refusal.DocumentHasNoCode;
        read = other is null || !read.IsNational || read.IsDigital == other.IsDigital ? null
            : read.IsDigital ? new("", read.Number, isNational: true, other)
            : new("", other.Number, isNational: true, read);
        if (read is not null) why = Refusal.None;
        return read is not null;
    }

    bool IsDigital => IsNational && Code.Length == 0;

    /// <summary>An invoice that is known by its number alone, whoever sold; null where no invoice of the tax authority is called so.</summary>
    public static DocumentNumber? TryNational(string code, string number) =>
        TrySpell(code, out var spelledCode) && TrySpell(number, out var spelled) ? National(isChinese: true, Digits(spelledCode), Digits(spelled)) : null;

    // A code of 12 digits begins with 0 or 1, a number of 20 with its year: written apart or together, the digits say which it is.
    static DocumentNumber? National(bool isChinese, string? code, string? number)
    {
        if (code is null || number is null) return null;
        var digits = number.Length == Digital ? number
            : code.Length is ShortCode or LongCode && number.Length is > 0 and <= OldNumber ? code + number.PadLeft(OldNumber, '0')
            : code.Length == 0 && number.Length == ShortCode + OldNumber && isChinese ? number
            : "";
        return digits.Length switch
        {
            Digital when digits[0] > '1' => new("", digits, isNational: true),
            Digital => new(digits[..LongCode], digits[LongCode..], isNational: true),
            ShortCode + OldNumber => new(digits[..ShortCode], digits[ShortCode..], isNational: true),
            _ => null,
        };
    }

    /// <summary>
    /// Whether a seller in China gave digits, or what looks like them, that are no number of the tax authority's: one too few, the code left out, an O for
    /// a 0. Such an invoice would be registered beside itself.
    /// </summary>
    static bool LooksNational(string spelled)
    {
        var bones = Bones(spelled);
        if (bones.AsSpan().ContainsAnyExceptInRange('0', '9')) return false;
        var isPlain = !Bare(spelled).ContainsAnyExceptInRange('0', '9');
        var isDrawn = spelled.Any(character => !char.IsAscii(character) || char.IsAsciiLetter(character));
        return bones.Length is Digital or (ShortCode + OldNumber) || ((isPlain || isDrawn) && bones.Length is >= OldNumber and <= Digital + 2);
    }

    // Digits only, as often as somebody put a separator between them; null if there is anything else.
    static string? Digits(string spelled)
    {
        var digits = new StringBuilder(spelled.Length);
        foreach (var character in Bare(spelled))
        {
            if (char.IsAsciiDigit(character)) digits.Append(character);
            else if (character is not (' ' or '-' or '/' or '.' or '_')) return null;
        }

        return digits.ToString();
    }

    // Without what is written around a number and is none of it: a leading No., №, N° or #, and dots at the end.
    static ReadOnlySpan<char> Bare(string spelled)
    {
        var bare = spelled.AsSpan().TrimEnd(".。'\"");
        foreach (var mark in Marks)
        {
            if (bare.StartsWith(mark, StringComparison.Ordinal)) return bare[mark.Length..].TrimStart(".: ");
        }

        return bare;
    }

    static readonly string[] Marks = ["NO.", "NO:", "NO ", "№", "N°", "Nº", "#"];

    static string Bones(string spelled)
    {
        var bones = LookAlikes.Of(spelled);
        while (bones.StartsWith("N0", StringComparison.Ordinal)) bones = bones[2..];
        return bones;
    }

    static bool TrySpell(string text, [NotNullWhen(true)] out string? spelled)
    {
        spelled = null;
        var spelling = new StringBuilder(text.Length);
        foreach (var typed in text.EnumerateRunes())
        {
            var character = typed.IsBmp ? new(HalfWidth.Of((char)typed.Value)) : typed;
            if (IsBlank(character.Value)) character = new(' ');
            else if (IsDash(character.Value)) character = new('-');
            else if (character.Value is >= 'a' and <= 'z') character = new(character.Value - 'a' + 'A');
            if (LookAlikes.Of(character) is null) return false;

            // A blank beside a separator or another blank separates nothing further.
            var previous = spelling.Length == 0 ? ' ' : spelling[^1];
            if (character.Value == ' ' && IsSeparator(previous)) continue;
            if (previous == ' ' && spelling.Length > 0 && character.IsBmp && IsSeparator((char)character.Value)) spelling.Length--;
            spelling.Append(character.ToString());
        }

        // A spreadsheet's mark for "this is text".
        var written = spelling.ToString().AsSpan().TrimStart("'‘’`´").TrimEnd(' ').ToString();
        if (!ShownText.IsNoLonger(written, MaxLength) || HasDoubtfulStroke(written)) return false;
        spelled = written;
        return true;
    }

    // A stroke is a Han one or a long vowel beside other characters of their kind; alone between others it may be a dash.
    static bool HasDoubtfulStroke(string written)
    {
        for (var i = 0; i < written.Length; i++)
        {
            if (!IsStroke(written[i])) continue;
            if (!(i > 0 && IsEastAsian(written[i - 1])) && !(i + 1 < written.Length && IsEastAsian(written[i + 1]))) return true;
        }

        return false;
    }

    static bool IsStroke(char character) => character is '一' or 'ー' or 'ｰ' or '⼀' or '㆒';

    static bool IsEastAsian(char character) => character is >= '\u2E80' and not ((>= '\u3001' and <= '\u3004') or (>= '\u3008' and <= '\u3020') or (>= '\uFF00' and <= '\uFF65'));

    static bool IsSeparator(char character) => !char.IsSurrogate(character) && LookAlikes.Of(new Rune(character)) == "";

    static bool IsBlank(int character) => character is
        (>= 0x0009 and <= 0x000D) or ' ' or 0x0085 or 0x00A0 or 0x1680 or (>= 0x2000 and <= 0x200A) or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x3000;

    static bool IsDash(int character) => character is '-' or (>= 0x2010 and <= 0x2015) or 0x2212 or 0x2E3A or 0x2E3B or 0xFE58 or 0xFE63;
}
