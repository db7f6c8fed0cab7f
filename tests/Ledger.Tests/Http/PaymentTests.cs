using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Http;

/// <summary>What is due and what was paid, as a node tells it.</summary>
public sealed class PaymentTests : IDisposable
{
    readonly World world = new World(Stage.Es256OverHttp, "2026-03-22 10:00:00").Lends();

    public void Dispose() => world.Dispose();

    [Fact]
    public void Instructions_say_what_is_due_to_whom_on_the_ledgers_day_or_another()
    {
        var note = world.Certificate(A, 1_000_000);
        world.Hands(note, A, B, 1, 300_000);

        Assert.Empty(world.Get($"v1/instruments/{note}/instructions").GetProperty("instructions").EnumerateArray());
        var planned = world.Get($"v1/instruments/{note}/instructions?on=2026-09-22");
        Assert.Equal(("2026-09-22", "1000000", C.Text), (Text(planned, "on"), Text(planned, "total"), Text(planned, "obligor")));
        Assert.Equal(
            [(B.Text, "1-300000", "300000"), (A.Text, "300001-1000000", "700000")],
            planned.GetProperty("instructions").EnumerateArray().Select(one => (Text(one, "payee"), Text(one, "units"), Text(one, "total"))));
        Assert.Equal(Lending.Account.ToString(), Text(planned.GetProperty("instructions")[0], "account"));

        // Ten days late at 0.05 % a day.
        world.Until("2026-10-02 10:00:00");
        var late = world.Get($"v1/instruments/{note}/instructions");
        Assert.Equal(("2026-10-02", "1005000"), (Text(late, "on"), Text(late, "total")));
        Assert.Equal("1500", Text(late.GetProperty("instructions")[0], "interest"));
    }

    [Fact]
    public async Task The_clients_api_reads_instructions_as_values()
    {
        var note = world.Certificate(A, 1_000_000);

        var due = await world.Api.InstructionsAsync(note, Date("2026-10-02"), TestContext.Current.CancellationToken);

        Assert.Equal((note, C, Currency.Cny, Date("2026-10-02")), (due!.Instrument, due.Obligor, due.Currency, due.On));
        Assert.Equal(Rulebook.Instructions(world.State, note, Date("2026-10-02")), due.Instructions);
        Assert.Single(due.Instructions);
    }

    [Fact]
    public void An_instrument_tells_what_is_outstanding_paid_and_late_and_its_payments_are_found()
    {
        var note = world.Certificate(A, 1_000_000);
        Assert.Equal(("1000000", "0", "2026-09-22"), Debt(note));

        world.Until("2026-10-02 10:00:00");
        var receipt = world.Receipt(note, PaymentOutcome.PartlyPaid, 205_000);
        world.Accepts(X, receipt);

        Assert.Equal(("800000", "200000", "2026-09-22"), Debt(note));
        var found = world.Get($"v1/instruments/{note}");
        Assert.Equal("2026-09-22", Assert.Single(found.GetProperty("overdueOn").EnumerateArray()).GetString());
        var claim = Assert.Single(found.GetProperty("lateClaims").EnumerateArray());
        Assert.Equal(("200001-1000000", "2026-10-02", "0"), (Text(claim, "units"), Text(claim, "from"), Text(claim, "interest")));

        var payment = world.Get($"v1/payments/{receipt.Payment}");
        Assert.Equal((X.Text, "received", "205000", "CNY", receipt.Reference), (Text(payment, "bank"), Text(payment, "status"), Text(payment, "amount"), Text(payment, "currency"), Text(payment, "reference")));
        var share = Assert.Single(payment.GetProperty("shares").EnumerateArray());
        Assert.Equal((A.Text, "5000"), (Text(share, "payee"), Text(share, "interest")));
        world.Accepts(X, new ReturnPayment(receipt.Payment, world.Reference()));
        foreach (var path in new[] { $"instruments/{note}", $"parties/{A}" })
        {
            var one = Assert.Single(world.Get($"v1/{path}/payments").GetProperty("payments").EnumerateArray());
            Assert.Equal((receipt.Payment.ToString(), "returned"), (Text(one, "id"), Text(one, "status")));
        }

        Assert.Empty(world.Get($"v1/parties/{B}/payments").GetProperty("payments").EnumerateArray());
    }

    [Fact]
    public void What_is_announced_is_shown_until_it_is_confirmed_and_waits_on_its_payees_list()
    {
        var note = world.Certificate(A, 1_000_000);
        world.Hands(note, A, D, 1, 400_000);
        world.Until("2026-09-22 10:00:00");
        var lump = world.Receipt(note, PaymentOutcome.Paid, 1_000_000);
        var said = world.Accepts(X, lump).Events.OfType<PaymentReceived>().Single();
        Assert.Equal(D, Assert.Single(said.Payment.Announced).Payee);

        var payment = world.Get($"v1/payments/{lump.Payment}");
        Assert.Equal((D.Text, "400000"), (Text(Assert.Single(payment.GetProperty("announced").EnumerateArray()), "payee"), Text(payment.GetProperty("announced")[0], "amount")));
        Assert.True(payment.GetProperty("announcedUntil").GetInt64() > world.State.Now.UnixMilliseconds);
        Assert.Equal("400000", Text(Assert.Single(world.Get($"v1/instruments/{note}/instructions").GetProperty("instructions").EnumerateArray()), "announced"));
        Assert.Single(world.Get($"v1/parties/{D}/payments").GetProperty("payments").EnumerateArray());
        foreach (var asked in new[] { D, Y })
        {
            var toDo = Assert.Single(world.Get($"v1/parties/{asked}/todo").GetProperty("toDos").EnumerateArray(), one => Text(one, "kind") == "confirmPayment");
            Assert.Equal((lump.Payment.ToString(), "payment", "400000"), (Text(toDo, "id"), Text(toDo, "noun"), Text(toDo, "amount")));
        }

        var confirm = new ConfirmPayment(lump.Payment, world.New<Payment>(), D, world.Reference());
        world.Accepts(Y, confirm);
        Assert.Empty(world.Get($"v1/payments/{lump.Payment}").GetProperty("announced").EnumerateArray());
        Assert.Equal(confirm.Payment.ToString(), Text(Assert.Single(world.Get($"v1/parties/{D}/payments").GetProperty("payments").EnumerateArray()), "id"));
        Assert.DoesNotContain(world.Get($"v1/parties/{Y}/todo").GetProperty("toDos").EnumerateArray(), one => Text(one, "kind") == "confirmPayment");
        Assert.Equal("settled", Text(world.Get($"v1/instruments/{note}"), "status"));
    }

    [Theory]
    [InlineData("instruments/AAAAAAAAAAAAAAAAAAAAAQ/instructions", 404, Refusal.NotFound)]
    [InlineData("instruments/AAAAAAAAAAAAAAAAAAAAAQ/payments", 404, Refusal.NotFound)]
    [InlineData("payments/AAAAAAAAAAAAAAAAAAAAAQ", 404, Refusal.NotFound)]
    [InlineData("payments/x", 400, Refusal.QueryInvalid)]
    [InlineData("instruments/AAAAAAAAAAAAAAAAAAAAAQ/instructions?on=22.09.2026", 400, Refusal.QueryInvalid)]
    [InlineData("instruments/AAAAAAAAAAAAAAAAAAAAAQ/instructions?on=9999-12-31", 400, Refusal.QueryInvalid)]
    [InlineData("instruments/AAAAAAAAAAAAAAAAAAAAAQ/instructions?day=2026-09-22", 400, Refusal.QueryInvalid)]
    public void What_is_not_there_or_not_asked_rightly_is_a_problem(string path, int status, Refusal code) =>
        Assert.Equal((status, code), world.Problem($"v1/{path}"));

    (string?, string?, string?) Debt(Id<Instrument> note)
    {
        var found = world.Get($"v1/instruments/{note}");
        return (Text(found, "outstanding"), Text(found, "paid"), Text(found, "payableOn"));
    }

    static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
