using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Client.Documents;
using Ledger.Client.Invoices;
using Ledger.Core.Crypto;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Tests.Invoices;

namespace Ledger.Tests.Documents;

/// <summary>One document, one number: however it is written, and whatever it may be taken for.</summary>
public class DocumentNumberTests
{
    static readonly PartyId Chinese = SampleFiles.Supplier.Id;
    static readonly PartyId Foreign = PartyId.TryParse("5493001KJTIIGC8Y1R12", out var lei) ? lei : default;
    static readonly P256Suite Suite = new();
    static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(n => (byte)n)];

    [Theory]
    [InlineData("HT2026001", "HT2026001")]
    [InlineData(" ht-2026-001\t", "HT-2026-001")]
    [InlineData("ＨＴ－２０２６－００１", "HT-2026-001")]
    [InlineData("HT–2026—001−9", "HT-2026-001-9")]
    [InlineData("HT　2026\u00A0\u00A0001\r\n", "HT 2026 001")]
    [InlineData("HT - 2026 / 001", "HT-2026/001")]
    [InlineData("'2026-1-11", "2026-1-11")]
    [InlineData("粤采合字〔２０２６〕第12号", "粤采合字〔2026〕第12号")]
    [InlineData("（2026）/A.1", "(2026)/A.1")]
    [InlineData("二○二六年第一号", "二○二六年第一号")]
    [InlineData("2〇一", "2〇一")]
    [InlineData("é1", "é1")]
    public void One_number_has_one_spelling(string typed, string canonical) => Assert.Equal(canonical, Read(DocumentKind.Contract, Chinese, "", typed).Number);

    [Theory]
    [InlineData("HT\u200B1")]
    [InlineData("HT\u00AD1")]
    [InlineData("\uFEFFHT1")]
    [InlineData("HT\u202E1")]
    [InlineData("HT\0001")]
    [InlineData("HT\uD8401")]
    [InlineData("HT\uE0001")]
    [InlineData("HT\uFE0F1")]
    [InlineData("e\u03011")]
    [InlineData("HT|1")]
    [InlineData("HT│1")]
    [InlineData("2026一1")]
    [InlineData("2026ー1")]
    [InlineData("HT😀1")]
    [InlineData("")]
    [InlineData(" -. ")]
    public void What_nobody_sees_or_can_tell_from_something_else_is_refused(string typed) =>
        Assert.Equal(Refusal.DocumentNumberUnusable, Refused(DocumentKind.Contract, Chinese, "", typed));

    [Fact]
    public void A_number_has_at_most_a_hundred_characters()
    {
        Read(DocumentKind.Contract, Chinese, "", new string('1', 100) + "  ");
        Assert.Equal(Refusal.DocumentNumberUnusable, Refused(DocumentKind.Contract, Chinese, "", new string('1', 101)));
    }

    [Fact]
    public void A_canonical_spelling_is_its_own() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), typed =>
            typed is null || !DocumentNumber.TryRead(DocumentKind.Contract, Chinese, "", typed, out var once, out _)
            || (DocumentNumber.TryRead(DocumentKind.Contract, Chinese, "", once.Number, out var twice, out _) && once == twice))
        .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("", "26990000000000000001", "", "26990000000000000001")]
    [InlineData("3100261130", "26990000000000000001", "", "26990000000000000001")]
    [InlineData("269900000000", "00000001", "", "26990000000000000001")]
    [InlineData("", "269900000000 00000001", "", "26990000000000000001")]
    [InlineData("", "2699-0000-0000-0000-0001", "", "26990000000000000001")]
    [InlineData("", "'26990000000000000001", "", "26990000000000000001")]
    [InlineData("", "No. 26990000000000000001", "", "26990000000000000001")]
    [InlineData("", "№26990000000000000001...", "", "26990000000000000001")]
    [InlineData("", "２６９９００００００００００００００01", "", "26990000000000000001")]
    [InlineData("3100261130", "00000123", "3100261130", "00000123")]
    [InlineData("3100261130", "123", "3100261130", "00000123")]
    [InlineData("", "310026113000000123", "3100261130", "00000123")]
    [InlineData("", "3100261130/00000123", "3100261130", "00000123")]
    [InlineData("031002600111", "12345678", "031002600111", "12345678")]
    [InlineData("", "03100260011112345678", "031002600111", "12345678")]
    public void An_invoice_of_the_tax_authority_is_its_digits_however_they_are_set_apart(string code, string number, string itsCode, string itsNumber)
    {
        var read = Read(DocumentKind.Invoice, Chinese, code, number);

        Assert.Equal((itsCode, itsNumber, true), (read.Code, read.Number, read.IsNational));
    }

    [Theory]
    [InlineData("", "12345678")]
    [InlineData("", "2699000000000000001")]
    [InlineData("", "269900000000000000011")]
    [InlineData("", "2699000000000000000l")]
    [InlineData("", "2699OOOOOOOOOOOOOOO1")]
    [InlineData("", "2699００００００００００００00О1")]
    [InlineData("", "②⑥⑨⑨⓪⓪⓪⓪⓪⓪⓪⓪⓪⓪⓪⓪⓪⓪⓪①")]
    [InlineData("", "٢٦٩٩٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠١")]
    [InlineData("", "二六九九〇〇〇〇〇〇〇〇〇〇〇〇〇〇〇一")]
    [InlineData("31002611", "123")]
    [InlineData("3100261130", "123456789")]
    [InlineData("3100261130", "")]
    [InlineData("HT", "2026001")]
    public void What_the_tax_authority_cannot_have_given_is_refused(string code, string number) =>
        Assert.Equal(Refusal.InvoiceNumberMalformed, Refused(DocumentKind.Invoice, Chinese, code, number));

    [Fact]
    public void Sellers_elsewhere_number_their_own_invoices()
    {
        Assert.Equal(("12345678", false), (Read(DocumentKind.Invoice, Foreign, "", "12345678").Number, Read(DocumentKind.Invoice, Foreign, "", "12345678").IsNational));
        Assert.False(Read(DocumentKind.Invoice, Foreign, "", "202603100000000001").IsNational);
        Assert.True(Read(DocumentKind.Invoice, Foreign, "", "26990000000000000001").IsNational);
        Assert.Equal(Refusal.InvoiceNumberMalformed, Refused(DocumentKind.Invoice, Foreign, "A", "1"));
    }

    [Theory]
    [InlineData(DocumentKind.Contract)]
    [InlineData(DocumentKind.Waybill)]
    [InlineData(DocumentKind.WarehouseReceipt)]
    [InlineData(DocumentKind.CustomsDeclaration)]
    public void Only_invoices_have_a_code(DocumentKind kind) => Assert.Equal(Refusal.DocumentHasNoCode, Refused(kind, Chinese, "HT", "2026001"));

    [Theory]
    [InlineData("2026-1-11", "2026-11-1")]
    [InlineData("2026-1-11", "2026.1.11.")]
    [InlineData("2026-1-11", "2026 1 11")]
    [InlineData("2026-1-11", "No.2026-1-11")]
    [InlineData("2026-1-11", "N° 2026-1-11")]
    [InlineData("2026-1-11", "№2026-1-11...")]
    [InlineData("2026-1-11", "2O26-l-I1")]
    [InlineData("2026-1-11", "②⓪②⑥-①-①①")]
    [InlineData("2026-1-11", "٢٠٢٦-١-١١")]
    [InlineData("2026-1-11", "२०२६-१-११")]
    [InlineData("2026-1-11", "二〇二六-1-11")]
    [InlineData("2026-1-11", "貳零貳陸-壹-壹壹")]
    [InlineData("2026-1-11", "二○二六1一一")]
    [InlineData("2026-1-11", "𝟐𝟎𝟐𝟔-𝟏-𝟏𝟏")]
    [InlineData("HAT-1", "НАТ-1")]
    [InlineData("HAT-1", "ΗΑΤ-1")]
    [InlineData("PACE-1", "расе-1")]
    [InlineData("MODERN", "rnodern")]
    [InlineData("Ä-1", "A-1")]
    public void What_an_eye_takes_for_another_has_its_skeleton_and_not_its_fingerprint(string one, string other)
    {
        var (first, second) = (Opening(DocumentKind.Contract, one), Opening(DocumentKind.Contract, other));

        Assert.Equal(first.Skeleton(Suite, Key), second.Skeleton(Suite, Key));
        Assert.NotEqual(first.Fingerprint(Suite, Key), second.Fingerprint(Suite, Key));
    }

    [Fact]
    public void Code_and_number_have_the_skeleton_of_their_digits_in_a_row() =>
        Assert.Equal(Read(DocumentKind.Invoice, Chinese, "3100261130", "00000123").Skeleton, Read(DocumentKind.Contract, Chinese, "", "310026113000000123").Skeleton);

    [Fact]
    public void A_skeleton_belongs_to_a_seller_and_a_key_and_to_no_kind()
    {
        var opening = Opening(DocumentKind.Contract, "HT-1");
        Hash256[] skeletons =
        [
            opening.Skeleton(Suite, Key), opening.Skeleton(Suite, [1]),
            Opening(DocumentKind.Contract, "HT-1", FictionalUscc.Of("310115", 7)).Skeleton(Suite, Key), opening.Fingerprint(Suite, Key),
        ];

        Assert.Equal(skeletons.Length, skeletons.Distinct().Count());
        Assert.All(Enum.GetValues<DocumentKind>(), kind => Assert.Equal(skeletons[0], Opening(kind, "HT-1").Skeleton(Suite, Key)));
    }

    [Fact]
    public void Different_numbers_never_share_a_fingerprint_and_spellings_of_one_always_do() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var chance = new Random(seed);
            var (one, other) = (AnyNumber(chance), AnyNumber(chance));
            var regrouped = Regrouped(chance, one);

            // These are canonical as they stand, so what differs in one character is another number.
            Assert.Equal(one == other, Print(one) == Print(other));
            Assert.Equal(one == regrouped, Print(one) == Print(regrouped));
            for (var i = 0; i < 4; i++) Assert.Equal(Print(one), Print(Respelled(chance, one)));

            static Hash256 Print(string number) => Opening(DocumentKind.Contract, number).Fingerprint(Suite, Key);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Numbers_of_the_tax_authority_never_share_a_fingerprint_and_their_spellings_always_do() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var chance = new Random(seed);
            var (one, other) = (Digits(chance), Digits(chance));
            var changed = one[..^1] + (char)('0' + ((one[^1] - '0' + 1) % 10));
            Assert.Equal(one == other, Print("", one) == Print("", other));
            Assert.NotEqual(Print("", one), Print("", changed));

            var split = one.Length - 8;
            foreach (var (code, number) in new[] { ("", one), (one[..split], one[split..]), (one[..split], one[split..].TrimStart('0').PadLeft(1, '0')), ("", $"{one[..split]} {one[split..]}") })
                Assert.Equal(Print("", one), Print(Respelled(chance, code), Respelled(chance, number)));

            static string Digits(Random chance) => string.Concat(Enumerable.Range(0, chance.Next(2) == 0 ? 20 : 18).Select(_ => chance.Next(4)));

            static Hash256 Print(string code, string number) => Opening(DocumentKind.Invoice, number, code: code).Fingerprint(Suite, Key);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Look_alikes_always_share_the_skeleton() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var chance = new Random(seed);
            var number = AnyNumber(chance);
            var drawn = Redrawn(chance, number);

            // A lone Han one may be a dash and is refused; nothing else here is.
            if (DocumentNumber.TryRead(DocumentKind.Contract, Chinese, "", drawn, out var read, out var why))
                Assert.Equal(Read(DocumentKind.Contract, Chinese, "", number).Skeleton, read.Skeleton);
            else
                Assert.True(why == Refusal.DocumentNumberUnusable && drawn.Contains('一'), drawn);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_script_writes_the_same_digits()
    {
        var digits = Enumerable.Range(0, 0x10000).Where(code => !char.IsSurrogate((char)code)).Select(code => (char)code)
            .Where(character => char.GetUnicodeCategory(character) == UnicodeCategory.DecimalDigitNumber).ToArray();

        Assert.True(digits.Length > 300);
        Assert.All(digits, digit => Assert.Equal(CharUnicodeInfo.GetDecimalDigitValue(digit).ToString(CultureInfo.InvariantCulture), LookAlikes.Of(new Rune(digit))));
    }

    // Ledgers keep what it says, so it is as frozen as any format; the digest stands in docs/FORMATS.md too.
    [Fact]
    public void The_table_of_look_alikes_is_the_one_that_the_formats_name()
    {
        var table = File.ReadAllBytes(Path.Combine(Repository.Root(), "ledger-node", "Ledger.Client", "Documents", "look-alikes.txt"));
        var digest = Convert.ToHexStringLower(SHA256.HashData(table));

        Assert.Contains(digest, File.ReadAllText(Path.Combine(Repository.Root(), "ledger-node", "docs", "FORMATS.md")));
    }

    /// <summary>Groups of letters, digits and Han with one separator between.</summary>
    internal static string AnyNumber(Random chance)
    {
        const string Characters = "0011223OILAHNMPX采合";
        var number = new StringBuilder("采");
        for (var group = chance.Next(1, 4); group > 0; group--)
        {
            if (number.Length > 1) number.Append("-/. "[chance.Next(4)]);
            for (var length = chance.Next(1, 5); length > 0; length--) number.Append(Characters[chance.Next(Characters.Length)]);
        }

        return number.ToString();
    }

    // Its separators elsewhere.
    static string Regrouped(Random chance, string number)
    {
        var plain = number.Replace("-", "");
        var at = chance.Next(1, plain.Length);
        return char.IsLetterOrDigit(plain[at - 1]) && char.IsLetterOrDigit(plain[at]) ? plain.Insert(at, "-") : plain;
    }

    // Width, case, kinds of dash and blank, blanks around what separates: nothing of it is the number.
    static string Respelled(Random chance, string number)
    {
        var spelling = new StringBuilder(chance.Next(3) == 0 && number.Length > 0 ? "'" : "");
        foreach (var character in number)
        {
            spelling.Append(character switch
            {
                '-' => Pick(chance, "-", "－", "–", "—", " − ", "-  "),
                ' ' => Pick(chance, " ", "　", "\u00A0", " \t ", "\n"),
                '/' or '.' => Pick(chance, $"{character}", $" {character}", $"{character}　", $"{(char)(character + 0xFEE0)}"),
                _ when char.IsAscii(character) => Pick(chance, $"{character}", $"{char.ToLowerInvariant(character)}", $"{(char)(character + 0xFEE0)}"),
                _ => $"{character}",
            });
        }

        return spelling.Append(Pick(chance, "", " ", "\r\n")).ToString();
    }

    // Another character that looks the same, or none where something separates.
    static string Redrawn(Random chance, string number)
    {
        var drawing = new StringBuilder(Pick(chance, "", "No.", "№ ", "'", "#"));
        foreach (var character in number)
        {
            drawing.Append(character switch
            {
                '0' or 'O' => Pick(chance, "0", "O", "o", "О", "о", "Ο", "〇", "零", "⓪", "٠", "०", "０", "𝟎"),
                '1' or 'I' or 'L' => Pick(chance, "1", "I", "l", "i", "L", "І", "Ι", "①", "١", "¹", "一", "壹", "１"),
                '2' => Pick(chance, "2", "②", "٢", "二", "贰", "２"),
                '3' => Pick(chance, "3", "③", "٣", "三", "叁", "₃"),
                'A' => Pick(chance, "A", "a", "А", "а", "Α", "Ａ", "𝐀"),
                'H' => Pick(chance, "H", "Н", "Η", "н"),
                'N' => Pick(chance, "N", "n", "Ν", "Ｎ"),
                'M' => Pick(chance, "M", "m", "rn", "М", "Μ"),
                'P' => Pick(chance, "P", "Р", "р", "Ρ"),
                'X' => Pick(chance, "X", "Х", "х", "Χ", "Ⅹ"),
                '-' or '/' or '.' or ' ' => Pick(chance, "-", "/", ".", " ", "", "_", "·", "‧", "〔"),
                _ => $"{character}",
            });
        }

        return drawing.Append(Pick(chance, "", ".", "...", "。")).ToString();
    }

    static string Pick(Random chance, params string[] choices) => choices[chance.Next(choices.Length)];

    static DocumentNumber Read(DocumentKind kind, PartyId seller, string code, string number)
    {
        Assert.True(DocumentNumber.TryRead(kind, seller, code, number, out var read, out var why), $"{why}: {code} {number}");
        return read;
    }

    static Refusal Refused(DocumentKind kind, PartyId seller, string code, string number)
    {
        Assert.False(DocumentNumber.TryRead(kind, seller, code, number, out var read, out var why), $"{read}");
        return why;
    }

    static DocumentOpening Opening(DocumentKind kind, string number, PartyId? seller = null, string code = "")
    {
        Assert.True(DocumentOpening.TryCreate(
            new(new byte[DocumentOpening.SaltSize]), kind, code, number, seller ?? Chinese, SampleFiles.Core.Id, Currency.Cny, new(1), new(2026, 3, 10), out var opening, out var why),
            $"{why}: {code} {number}");
        return opening;
    }
}
