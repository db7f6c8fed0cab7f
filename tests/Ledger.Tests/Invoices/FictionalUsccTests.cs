using Ledger.Client.Invoices;
using Ledger.Core.Primitives;

namespace Ledger.Tests.Invoices;

public class FictionalUsccTests
{
    [Fact]
    public void A_fictional_company_has_a_valid_number_in_its_region()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var id = FictionalUscc.Of("310115", seed);

            Assert.True(PartyId.TryParse(id.Text, out _));
            Assert.Equal("310115", id.RegionCode.ToString());
            Assert.Equal("XX", id.Text[8..10]);
        }
    }

    [Fact]
    public void Each_seed_and_region_is_another_company_and_always_the_same()
    {
        var ids = Enumerable.Range(0, 500).SelectMany(seed => new[] { FictionalUscc.Of("310115", seed), FictionalUscc.Of("320500", seed) });

        Assert.Equal(1000, ids.Distinct().Count());
        Assert.Equal("91310115XX0000019T", FictionalUscc.Of("310115", 1).Text);
    }

    [Fact]
    public void Regions_and_seeds_outside_the_scheme_are_a_bug()
    {
        Assert.Throws<ArgumentException>(() => FictionalUscc.Of("31011", 1));
        Assert.Throws<ArgumentException>(() => FictionalUscc.Of("上海1234", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FictionalUscc.Of("310115", -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FictionalUscc.Of("310115", 1_000_000));
    }
}
