using FsCheck;
using FsCheck.Fluent;
using Ledger.Client.Documents;

namespace Ledger.Tests.Documents;

public class DocumentNumberTests
{
    [Theory]
    [InlineData("HT2026001", "HT2026001")]
    [InlineData(" ht-2026-001\t", "HT2026001")]
    [InlineData("ＨＴ－２０２６－００１", "HT2026001")]
    [InlineData("HT–2026—001−", "HT2026001")]
    [InlineData("HT　2026\u00A0001\r\n", "HT2026001")]
    [InlineData("粤采合字〔２０２６〕第12号", "粤采合字〔2026〕第12号")]
    [InlineData("（2026）/A.1", "(2026)/A.1")]
    [InlineData("é", "é")]
    [InlineData("", "")]
    public void One_number_has_one_spelling(string typed, string canonical)
    {
        Assert.True(DocumentNumber.TryCanonicalise(typed, out var read));
        Assert.Equal(canonical, read);
    }

    [Theory]
    [InlineData("HT\u200B1")]
    [InlineData("HT\u00AD1")]
    [InlineData("\uFEFFHT1")]
    [InlineData("HT\u202E1")]
    [InlineData("HT\0001")]
    [InlineData("HT\uD8401")]
    [InlineData("HT\uE0001")]
    [InlineData("HT\uFE0F1")]
    public void What_nobody_sees_is_refused(string typed) => Assert.False(DocumentNumber.TryCanonicalise(typed, out _));

    [Fact]
    public void A_number_has_at_most_a_hundred_characters()
    {
        Assert.True(DocumentNumber.TryCanonicalise(new string('1', 100) + "  ", out _));
        Assert.False(DocumentNumber.TryCanonicalise(new string('1', 101), out _));
    }

    [Fact]
    public void A_canonical_spelling_is_its_own() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), typed =>
            typed is null || !DocumentNumber.TryCanonicalise(typed, out var once)
            || (DocumentNumber.TryCanonicalise(once, out var twice) && once == twice && !once.Any(character => char.IsWhiteSpace(character) || char.IsControl(character))))
        .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("3100261130", "26990000000000000001", "", "26990000000000000001", true)]
    [InlineData("", "26990000000000000001", "", "26990000000000000001", true)]
    [InlineData("3100261130", "00000123", "3100261130", "00000123", true)]
    [InlineData("3100261130", "123", "3100261130", "00000123", true)]
    [InlineData("031002600111", "12345678", "031002600111", "12345678", true)]
    [InlineData("", "12345678", "", "12345678", false)]
    [InlineData("31002611", "123", "31002611", "123", false)]
    [InlineData("3100261130", "123456789", "3100261130", "123456789", false)]
    [InlineData("3100261130", "", "3100261130", "", false)]
    [InlineData("", "INV1", "", "INV1", false)]
    public void Invoices_are_numbered_nationally_by_20_digits_or_by_a_code_and_8(string code, string number, string itsCode, string itsNumber, bool national)
    {
        var read = DocumentNumber.OfInvoice(code, number);

        Assert.Equal((itsCode, itsNumber), read);
        Assert.Equal(national, DocumentNumber.IsNational(read.Code, read.Number));
    }
}
