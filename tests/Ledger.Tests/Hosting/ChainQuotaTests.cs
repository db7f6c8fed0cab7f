using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Tests.Http;

namespace Ledger.Tests.Hosting;

/// <summary>One party does not fill the disk of everybody's bank.</summary>
public sealed class ChainQuotaTests
{
    readonly Day time = new();

    [Fact]
    public async Task A_party_puts_no_more_on_the_chain_in_a_day_than_its_quota()
    {
        var quota = new DailyQuota(3_000, time);
        await using var node = new TestNode { ChainQuota = quota };
        await node.InitializeAsync();
        var invoice = await node.InvoiceAsync(node.A, node.C, 1_000);
        byte[] Issue() => node.Sign(TestNode.Draft(node.C, TestNode.Issue(TestNode.New<Core.Instruments.Offer>(), TestNode.New<Core.Instruments.Instrument>(), node.A, 1, invoice)));
        while (quota.HasRoom(node.C)) await node.AcceptedAsync(Issue());
        var (height, late) = (node.Loop.Reader.View.Header.Height, Issue());

        var refused = await node.RefusedAsync(Refusal.ChainQuotaUsed, late);
        Assert.Equal(429, refused.HttpStatus);
        Assert.Equal(height, node.Loop.Reader.View.Header.Height);

        // The bank's own disk is its own, others have theirs, and what was refused so may be sent again tomorrow.
        await node.InvoiceAsync(node.A, node.C, 5);
        Assert.True(quota.HasRoom(node.A));
        time.Now = time.Now.AddDays(1);
        await node.AcceptedAsync(late);
    }

    [Fact]
    public void A_day_begins_for_everybody_at_once()
    {
        var quota = new DailyQuota(100, time);
        Assert.True(quota.TryTake(Ada, 150));
        Assert.False(quota.TryTake(Ada, 1));
        Assert.True(quota.TryTake(Bob, 99));
        Assert.Equal(TimeSpan.FromHours(12), quota.UntilTomorrow);

        time.Now = time.Now.AddHours(12);
        Assert.True(quota.TryTake(Ada, 1));
    }

    static readonly PartyId Ada = Client.Invoices.FictionalUscc.Of("110000", 1);
    static readonly PartyId Bob = Client.Invoices.FictionalUscc.Of("110000", 2);

    sealed class Day : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
