using System.Text.Json.Nodes;
using Ledger.Cli;
using Ledger.Client.Text;

namespace Ledger.Tests.Cli;

public class PeopleTextTests
{
    static readonly JsonNode Token = JsonNode.Parse(
        """
        {"instrument":"hlxNJuOd1l1sqP7_sJTR4w","currency":"CNY","units":"1-12000000","amount":"12000000",
         "leg":{"act":"xNwCwd8owxqvWCe1MUIsMg","cause":"trade","from":"91310115XX0000019T","depth":2,"documents":[]},
         "encumbrances":[{"kind":"offer","beneficiary":"91440300XX0008109Y","until":1773100800000}]}
        """)!;

    [Theory]
    [InlineData(Language.English, "trade from 91310115XX0000019T, hand 2", "offered to 91440300XX0008109Y until 2026-03-10 08:00:00")]
    [InlineData(Language.Chinese, "贸易流转，自 91310115XX0000019T，第 2 手", "要约中 → 91440300XX0008109Y，至 2026-03-10 08:00:00")]
    public void A_token_is_told_in_words_money_and_dates(Language language, string leg, string burdens)
    {
        var told = PeopleText.Of(Token, language)!;

        Assert.Equal("¥120,000.00", told["amount"]!.GetValue<string>());
        Assert.Equal("1-12000000", told["units"]!.GetValue<string>());
        Assert.Equal(leg, told["leg"]!.GetValue<string>());
        Assert.Equal(burdens, told["encumbrances"]!.GetValue<string>());
    }

    [Fact]
    public void An_amount_takes_the_currency_of_what_it_stands_in_and_is_told_in_minor_units_and_in_yuan_where_none_is_known()
    {
        Assert.Equal("¥1.00", PeopleText.Of(JsonNode.Parse("""{"currency":"CNY","confirmation":{"requested":"100"}}"""), Language.English)!["confirmation"]!["requested"]!.GetValue<string>());
        Assert.Equal("100 minor units (in CNY: ¥1.00)", PeopleText.Of(JsonNode.Parse("""{"amount":"100"}"""), Language.English)!["amount"]!.GetValue<string>());
    }
}
