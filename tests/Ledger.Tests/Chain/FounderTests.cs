using System.Text.Json;
using Ledger.Client.Founding;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Wire;
using Ledger.Suites;

namespace Ledger.Tests.Chain;

/// <summary>Who founds a chain is judged by what everybody is judged by who registers on it later.</summary>
public class FounderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("440301")]
    [InlineData("Shenzhen")]
    public void A_founders_region_is_the_one_that_its_number_says(string region) =>
        Assert.Contains("region", Problem(founder => founder with { Region = region }));

    [Fact]
    public void A_founders_texts_have_the_lengths_of_every_partys()
    {
        // A character beyond the first plane is one, though UTF-16 writes two.
        Assert.Equal("", Problem(founder => founder with { Name = Repeated("𠮷", 200), IndustryChain = Repeated("𠮷", 64) }));
        Assert.Contains("name", Problem(founder => founder with { Name = Repeated("𠮷", 201) }));
        Assert.Contains("name", Problem(founder => founder with { Name = "" }));
        Assert.Contains("industryChain", Problem(founder => founder with { IndustryChain = Repeated("链", 65) }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("张三")]
    [InlineData("zhang san")]
    public void The_person_behind_a_founders_key_has_a_name_that_tells_nobody_who_that_is(string person) =>
        Assert.Contains("person", Problem(founder => founder with { Keys = [founder.Keys[0] with { Person = person }, .. founder.Keys.Skip(1)] }));

    static string Repeated(string character, int times) => string.Concat(Enumerable.Repeat(character, times));

    static string Problem(Func<FoundingParty, FoundingParty> change)
    {
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), new Timestamp(1_773_100_800_000));
        var text = founding.Genesis.Text;
        text = text with { Parties = [change(text.Parties[0]), .. text.Parties.Skip(1)] };
        _ = Genesis.Read(JsonSerializer.SerializeToUtf8Bytes(text, WireJson.TypeInfo<GenesisText>()), KnownSuites.Find, out var problem);
        return problem;
    }
}
