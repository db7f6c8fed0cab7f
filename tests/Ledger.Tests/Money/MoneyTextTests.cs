using FsCheck;
using FsCheck.Fluent;
using Ledger.Client.Money;
using Ledger.Core.Primitives;

namespace Ledger.Tests.Money;

public class MoneyTextTests
{
    static readonly Currency Cny = Currency.Cny;

    [Theory]
    [InlineData(100_000_000, "CNY", "1,000,000.00", "¥1,000,000.00")]
    [InlineData(0, "CNY", "0.00", "¥0.00")]
    [InlineData(7, "CNY", "0.07", "¥0.07")]
    [InlineData(12_345, "CNY", "123.45", "¥123.45")]
    [InlineData(100, "USD", "1.00", "USD 1.00")]
    [InlineData(1_234_567, "JPY", "1,234,567", "JPY 1,234,567")]
    [InlineData(999_999_999_999, "CNY", "9,999,999,999.99", "¥9,999,999,999.99")]
    public void Money_is_shown_with_thousands_and_the_currencys_decimals(long minor, string code, string plain, string withSymbol)
    {
        var (amount, currency) = (new Amount((ulong)minor), Named(code));

        Assert.Equal(plain, MoneyText.Format(amount, currency));
        Assert.Equal(withSymbol, MoneyText.FormatWithSymbol(amount, currency));
    }

    [Theory]
    [InlineData("300000")]
    [InlineData("300000.0")]
    [InlineData("300,000.00")]
    [InlineData("¥300,000")]
    [InlineData("￥300,000.00")]
    [InlineData("￥ 300,000.00")]
    [InlineData("CNY300,000.00")]
    [InlineData("cny 300000")]
    [InlineData("  300,000 ")]
    [InlineData("３００，０００．００")]
    public void A_person_may_type_300000_yuan_in_many_ways(string typed)
    {
        Assert.True(MoneyText.TryParse(typed, Cny, out var amount));
        Assert.Equal(new Amount(30_000_000), amount);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("¥")]
    [InlineData("CNY")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1-")]
    [InlineData("(1.00)")]
    [InlineData("300,00")]
    [InlineData("30,0000")]
    [InlineData("3,00,000")]
    [InlineData(",300")]
    [InlineData("300,")]
    [InlineData("1000,000")]
    [InlineData("1,000000")]
    [InlineData("0,300")]
    [InlineData("1.234")]
    [InlineData("1.000")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1.2.3")]
    [InlineData("1.0,0")]
    [InlineData("01")]
    [InlineData("1 000")]
    [InlineData("1e5")]
    [InlineData("0x10")]
    [InlineData("٣٠٠")]
    [InlineData("¥¥1")]
    [InlineData("CNY¥1")]
    [InlineData("USD 1.00")]
    [InlineData("$1")]
    [InlineData("30万")]
    [InlineData("10,000,000,000.00")]
    [InlineData("99999999999999999999999")]
    public void What_is_ambiguous_or_foreign_is_refused(string typed) => Assert.False(MoneyText.TryParse(typed, Cny, out _));

    [Fact]
    public void The_yen_takes_no_decimals_and_does_not_answer_to_the_sign_of_the_yuan()
    {
        var jpy = Named("JPY");

        Assert.True(MoneyText.TryParse("JPY 1,234", jpy, out var amount));
        Assert.Equal(new Amount(1234), amount);
        Assert.False(MoneyText.TryParse("1,234.0", jpy, out _));
        Assert.False(MoneyText.TryParse("¥1,234", jpy, out _));
    }

    [Fact]
    public void What_is_shown_can_be_typed() =>
        Prop.ForAll(Generators.Amounts, Gen.Elements("CNY", "USD", "JPY").ToArbitrary(), (amount, code) =>
        {
            var currency = Named(code);
            return MoneyText.TryParse(MoneyText.Format(amount, currency), currency, out var plain) && plain == amount
                && MoneyText.TryParse(MoneyText.FormatWithSymbol(amount, currency), currency, out var full) && full == amount;
        }).QuickCheckThrowOnFailure();

    static Currency Named(string code) => Currency.TryParse(code, out var currency) ? currency : throw new ArgumentException(code);
}
