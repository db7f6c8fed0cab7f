using FsCheck;
using FsCheck.Fluent;
using Ledger.Client.Money;
using Ledger.Core.Primitives;

namespace Ledger.Tests.Money;

public class CapitalAmountTests
{
    // The examples of 《支付结算办法》 annex 1, and then others by its rules.
    [Theory]
    [InlineData(1_600_000, "人民币壹万陆仟元整")]
    [InlineData(140_950, "人民币壹仟肆佰零玖元伍角")]
    [InlineData(600_714, "人民币陆仟零柒元壹角肆分")]
    [InlineData(1_640_902, "人民币壹万陆仟肆佰零玖元零贰分")]
    [InlineData(32_504, "人民币叁佰贰拾伍元零肆分")]
    [InlineData(168_032, "人民币壹仟陆佰捌拾元叁角贰分")]
    [InlineData(10_700_053, "人民币壹拾万柒仟元伍角叁分")]
    [InlineData(100_000_000, "人民币壹佰万元整")]
    [InlineData(11_821_617, "人民币壹拾壹万捌仟贰佰壹拾陆元壹角柒分")]
    [InlineData(0, "人民币零元整")]
    [InlineData(5, "人民币伍分")]
    [InlineData(50, "人民币伍角")]
    [InlineData(1_000, "人民币壹拾元整")]
    [InlineData(10_001_00, "人民币壹万零壹元整")]
    [InlineData(10_000_700_000, "人民币壹亿零柒仟元整")]
    [InlineData(10_010_000_000, "人民币壹亿零壹拾万元整")]
    [InlineData(10_000_000_001, "人民币壹亿元零壹分")]
    [InlineData(500_000_000_000, "人民币伍拾亿元整")]
    [InlineData(999_999_999_999, "人民币玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分")]
    public void Payment_documents_write_amounts_so(long fen, string text) =>
        Assert.Equal(text, CapitalAmount.Of(new((ulong)fen), CapitalStyle.Payment));

    [Theory]
    [InlineData(1_600_000, "壹万陆仟圆整")]
    [InlineData(113_000, "壹仟壹佰叁拾圆整")]
    [InlineData(212, "贰圆壹角贰分")]
    [InlineData(350, "叁圆伍角整")]
    public void Electronic_invoices_write_amounts_so(long fen, string text) =>
        Assert.Equal(text, CapitalAmount.Of(new((ulong)fen), CapitalStyle.EInvoice));

    [Fact]
    public void Prefix_yuan_and_whole_can_be_chosen_one_by_one()
    {
        Assert.Equal("伍元陆角壹分", CapitalAmount.Of(new(561), CapitalStyle.EInvoice with { Yuan = '元' }));
        Assert.Equal("人民币叁元伍角整", CapitalAmount.Of(new(350), CapitalStyle.Payment with { WholeAfterJiao = true }));
    }

    [Theory]
    [InlineData("人民币壹拾万零柒仟元伍角叁分", 10_700_053)]
    [InlineData("壹拾万柒仟元零伍角叁分", 10_700_053)]
    [InlineData("壹仟陆佰捌拾元零叁角贰分", 168_032)]
    [InlineData("壹萬陸仟圓正", 1_600_000)]
    [InlineData("零圆伍角整", 50)]
    public void Other_spellings_that_custom_allows_are_read(string text, long fen)
    {
        Assert.True(CapitalAmount.TryRead(text, out var amount));
        Assert.Equal(new Amount((ulong)fen), amount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("整")]
    [InlineData("零")]
    [InlineData("壹")]
    [InlineData("壹万陆仟")]
    [InlineData("一万六千元整")]
    [InlineData("壹壹元整")]
    [InlineData("拾元整")]
    [InlineData("壹拾壹佰元整")]
    [InlineData("壹元壹元整")]
    [InlineData("壹分壹角")]
    [InlineData("（负数）伍佰圆整")]
    [InlineData("壹佰亿元整")]
    [InlineData("壹亿亿亿亿亿亿亿亿亿元整")]
    public void What_is_not_a_capital_amount_is_not_read(string text) => Assert.False(CapitalAmount.TryRead(text, out _));

    [Fact]
    public void Every_style_is_read_back_by_the_reader_and_by_another_made_for_this_test() =>
        Prop.ForAll(Generators.Amounts, Gen.Elements(CapitalStyle.Payment, CapitalStyle.EInvoice).ToArbitrary(), (amount, style) =>
        {
            var text = CapitalAmount.Of(amount, style);
            return CapitalAmount.TryRead(text, out var read) && read == amount && ReadByHand(text) == amount;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Different_amounts_are_written_differently() =>
        Prop.ForAll(Generators.Amounts, Generators.Amounts, (left, right) =>
            (left == right) == (CapitalAmount.Of(left, CapitalStyle.Payment) == CapitalAmount.Of(right, CapitalStyle.Payment)))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Zeros_stand_neither_doubled_nor_before_a_unit() =>
        Prop.ForAll(Generators.Amounts, amount =>
        {
            var text = CapitalAmount.Of(amount, CapitalStyle.EInvoice);
            return amount.IsZero || !(text.Contains("零零") || text.Contains("零万") || text.Contains("零亿") || text.Contains("零圆") || text.Contains("零整"));
        }).QuickCheckThrowOnFailure();

    // Splits at the units from the largest down, as one would with a pencil.
    static Amount ReadByHand(string text)
    {
        text = text.Replace("人民币", "").Replace("整", "").Replace("零", "").Replace('圆', '元');
        ulong fen = 0;
        foreach (var (unit, value) in new (char, ulong)[] { ('亿', 10_000_000_000), ('万', 1_000_000), ('元', 100), ('角', 10), ('分', 1) })
        {
            var end = text.IndexOf(unit);
            if (end < 0) continue;
            fen += BelowTenThousand(text[..end]) * value;
            text = text[(end + 1)..];
        }

        Assert.Equal("", text);
        return new(fen);
    }

    static ulong BelowTenThousand(string text)
    {
        ulong sum = 0;
        foreach (var (unit, value) in new (char, ulong)[] { ('仟', 1000), ('佰', 100), ('拾', 10) })
        {
            var end = text.IndexOf(unit);
            if (end < 0) continue;
            sum += Digit(text[..end]) * value;
            text = text[(end + 1)..];
        }

        return sum + (text.Length == 0 ? 0 : Digit(text));
    }

    static ulong Digit(string text) => (ulong)"零壹贰叁肆伍陆柒捌玖".IndexOf(Assert.Single(text));
}
