using Ledger.Client.Api;
using Ledger.Client.Founding;
using Ledger.Core.Primitives;
using Ledger.Node.Demo;
using Ledger.Tests.Storage;

namespace Ledger.Tests.Demo;

/// <summary>The story's acts, whenever it is told.</summary>
public sealed class DemoClientTests
{
    static readonly Timestamp Midnight = Timestamp.StartOf(new(2026, 4, 2), offsetMinutes: 480);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(60, 5)]
    public async Task What_is_signed_holds_for_five_minutes_and_never_beyond_the_ledgers_day(int minutesBefore, int holds)
    {
        var now = new Timestamp(Midnight.UnixMilliseconds - (minutesBefore * Timestamp.Minute));
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), ChainFixture.Start);
        var bank = founding.Genesis.Text.Validators[0].Bank;
        await using var node = await RunningNode.StartAsync(founding, bank, new Standing(now), new MemoryStorage(), privateStorage: null, RunningNode.Open);
        using var http = new HttpClient { BaseAddress = node.Address };
        var client = new DemoClient(_ => new LedgerApi(http), DemoBanks.Of(founding));

        var sent = await client.SendAsync(bank, null, [client.Bank(bank)], TestContext.Current.CancellationToken, ChainFixture.Policy(1));

        Assert.Equal(200, sent.Answer.HttpStatus);
        Assert.Equal(now.Add(holds * Timestamp.Minute), sent.Transaction.Expires);
    }

    sealed class Standing(Timestamp at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(at.UnixMilliseconds);
    }
}
