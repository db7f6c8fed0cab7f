using System.Text.Json.Nodes;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using static Ledger.Tests.World;

namespace Ledger.Tests.Http;

/// <summary>What left the state is told by a node as it was last: the chain and its views forget nothing.</summary>
public sealed class RetentionTests : IDisposable
{
    readonly World world = new World(Stage.Es256OverHttp, "2026-03-22 10:00:00", Forgetful).Lends();

    public void Dispose() => world.Dispose();

    [Fact]
    public void Whatever_was_asked_of_a_debt_is_answered_after_it_left_as_before()
    {
        var note = world.Certificate(A, 1_000);
        var issue = world.Instrument(note).IssueOffer;
        var trade = world.Trade(note, A, B, 1, 300);
        world.Accepts(A, trade);
        world.Accepts(B, new AcceptOffer(trade.Offer));
        var declined = world.Trade(note, A, B, 301, 400);
        world.Accepts(A, declined);
        world.Accepts(B, new DeclineOffer(declined.Offer));
        var financing = world.Financed(A, world.Applying(note, FinancingForm.PledgeLoan, 501, 600));
        var paper = world.Invoice(A, C, 50);
        var pledge = new PledgeDocuments(world.New<Offer>(), X, Currency.Cny, new(50), [new(paper, new(50))], world.Tomorrow);
        world.Accepts(A, pledge);
        world.Accepts(X, new AcceptOffer(pledge.Offer));
        world.Accepts(X, new ReleasePledge(pledge.Offer, DebtWasPaid: false));
        world.Until("2026-09-22 10:00:00");
        var receipts = new List<ReceivePayment>();
        foreach (var one in Rulebook.Instructions(world.State, note, world.State.Today))
        {
            receipts.Add(world.Receipt(note, PaymentOutcome.Paid, one.Total.Minor) with { Units = one.Units, Payee = one.Payee });
            world.Accepts(Rulebook.BankOf(world.State, one.Payee), receipts[^1]);
        }

        Assert.Equal(InstrumentStatus.Settled, world.Instrument(note).Status);
        string[] paths =
        [
            $"v1/instruments/{note}", $"v1/instruments/{note}/history", $"v1/instruments/{note}/instructions?on=2026-09-22", $"v1/instruments/{note}/lineage?unit=1", $"v1/instruments/{note}/payments",
            $"v1/instruments/{note}/tree", $"v1/instruments?creditor={A}", $"v1/offers?from={A}", $"v1/offers/{trade.Offer}", $"v1/offers/{declined.Offer}", $"v1/offers/{issue}",
            $"v1/financings/{financing}", $"v1/payments/{receipts[0].Payment}", $"v1/pledges/{pledge.Offer}", $"v1/parties/{A}/financings", $"v1/parties/{A}/payments",
            $"v1/parties/{B}/payments", $"v1/search?q={receipts[0].Reference}", $"v1/search?q={trade.Offer}", $"v1/search?q={note}", $"v1/search?q={financing}",
        ];
        var before = paths.Select(Told).ToList();

        world.Pass(40 * Timestamp.Day);

        Assert.Null(world.State.Instrument(note));
        Assert.Null(world.State.Offer(trade.Offer));
        Assert.Null(world.State.Financing(financing));
        Assert.Null(world.State.Payment(receipts[0].Payment));
        Assert.Null(world.State.Pledge(pledge.Offer));
        Assert.Equal(before, paths.Select(Told));
    }

    // An answer, but for as of when it is.
    string Told(string path)
    {
        var answer = JsonNode.Parse(world.Get(path).GetRawText())!.AsObject();
        foreach (var moment in (string[])["height", "ledgerTime"]) answer.Remove(moment);
        return $"{path}: {answer.ToJsonString()}";
    }
}
