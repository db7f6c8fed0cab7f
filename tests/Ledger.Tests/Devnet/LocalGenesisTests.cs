using Ledger.Client.Devnet;
using Ledger.Client.Founding;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Tests.Devnet;

public sealed class LocalGenesisTests
{
    [Theory]
    [InlineData(1, "ES256")]
    [InlineData(3, "ES256")]
    [InlineData(4, "SM2")]
    [InlineData(7, "ES256")]
    public void As_many_founding_banks_vote_as_were_asked_for(int nodes, string suite)
    {
        using var founding = FoundingKeys.Fill(LocalGenesis.Template(nodes, suite), new Timestamp(1_790_000_000_000));
        var text = founding.Genesis.Text;

        Assert.Equal((Purpose.Demo, suite, nodes), (text.Purpose, text.Suite, text.Validators.Count));
        Assert.Equal(text.Parties.Take(nodes).Select(bank => bank.Id).Order(), text.Validators.Select(validator => validator.Bank));
        Assert.Equal(text.Parties.Count, text.Parties.Select(bank => bank.Name).Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public void Of_none_and_of_more_than_seven_there_is_no_template(int nodes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LocalGenesis.Template(nodes, "ES256"));
}
