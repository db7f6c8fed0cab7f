using System.Net;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Node.Access;
using Ledger.Node;
using static Ledger.Tests.World;

namespace Ledger.Tests.Web;

/// <summary>A clerk who looks up last year's certificate finds it, though it left the state long ago.</summary>
public sealed class LeftPagesTests : IDisposable
{
    readonly World world = new World(Stage.Es256OverHttp, "2026-03-22 10:00:00", Forgetful).Lends();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task The_pages_of_what_left_show_it_as_it_was_last()
    {
        var note = world.Certificate(A, 1_000);
        var trade = world.Trade(note, A, B, 1, 300);
        world.Accepts(A, trade);
        world.Accepts(B, new AcceptOffer(trade.Offer));
        var financing = world.Financed(A, world.Applying(note, FinancingForm.NonRecourseFactoring, 501, 600));
        world.Until("2026-09-22 10:00:00");
        foreach (var one in Rulebook.Instructions(world.State, note, world.State.Today))
            world.Accepts(Rulebook.BankOf(world.State, one.Payee), world.Receipt(note, PaymentOutcome.Paid, one.Total.Minor) with { Units = one.Units, Payee = one.Payee });
        world.Pass(40 * Timestamp.Day);
        Assert.Null(world.State.Instrument(note));

        var often = new Rate(1_000_000, 1_000_000, TimeSpan.FromSeconds(1));
        await using var server = world.Node.Serve(new("127.0.0.1", 0, NextFreePort: false) { Reads = Reads.Open, Rates = new(often, often, often, often, often, often) }, null);
        await server.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = NodeServer.AddressOf(server) };

        foreach (var (path, shows) in new[]
        {
            ($"instruments/{note}", "已兑付"), ($"offers/{trade.Offer}", "已签收"), ($"financings/{financing}", "1.00"), ("instruments", note.ToString()), ("offers", trade.Offer.ToString()),
            ("financings", financing.ToString()), ($"voucher/{note}", note.ToString()), ("", "html"),
        })
        {
            using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, path);
            Assert.Contains(shows, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        await server.StopAsync(TestContext.Current.CancellationToken);
    }
}
