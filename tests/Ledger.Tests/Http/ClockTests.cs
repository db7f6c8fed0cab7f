using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.Cli;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Tests.Cli;

namespace Ledger.Tests.Http;

public sealed class ClockTests : IAsyncLifetime
{
    const string Path = "v1/clock";

    readonly TestNode node = new();

    public ValueTask InitializeAsync() => node.InitializeAsync();

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task A_demo_chains_time_is_set_and_stands_and_every_answer_says_so()
    {
        using var before = await node.Http.GetAsync("v1/health", TestNode.Cancel);
        Assert.False(before.Headers.Contains("Ledger-Clock"));
        Assert.Equal((TestNode.Start, false, true), Told(await node.Api.ClockAsync(TestNode.Cancel)));

        var later = TestNode.Start.Add(40 * Timestamp.Day);
        var set = await node.Api.SetClockAsync(later, TestNode.Cancel);

        Assert.Equal(200, set.HttpStatus);
        Assert.Equal((later, true, true), Told(await node.Api.ClockAsync(TestNode.Cancel)));
        var health = await node.Api.HealthAsync(TestNode.Cancel);
        Assert.Equal((later, true), (health.LedgerTime, health.IsClockHeld));
        foreach (var path in new[] { "v1/health", $"v1/parties/{node.A}", "v1/nothing" })
        {
            using var answer = await node.Http.GetAsync(path, TestNode.Cancel);
            Assert.Equal("story", Assert.Single(answer.Headers.GetValues("Ledger-Clock")));
        }

        var refused = await node.RefusedAsync(Refusal.Expired, node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5)), node.A));
        Assert.Equal("held", refused.Body.GetProperty("clock").GetString());
        var accepted = await node.AcceptedAsync(node.Sign(Draft(later), node.A));
        Assert.Equal(("held", later.UnixMilliseconds), (accepted.GetProperty("clock").GetString(), accepted.GetProperty("ledgerTime").GetInt64()));
    }

    [Fact]
    public async Task What_falls_due_by_then_has_happened_when_the_answer_comes()
    {
        var offers = new List<Id<Offer>>();
        var instrument = await node.ReceivableAsync(300);
        var invoice = await node.InvoiceAsync(node.B, node.A, 300);
        for (var i = 0; i < 3; i++)
        {
            offers.Add(TestNode.New<Offer>());
            await node.AcceptedAsync(node.A, TestNode.Transfer(offers[i], instrument, node.B, 100, invoice));
        }

        await node.Api.SetClockAsync(TestNode.Tomorrow.Add(-1), TestNode.Cancel);
        foreach (var offer in offers) Assert.Equal("open", await StatusAsync(offer));

        await node.Api.SetClockAsync(TestNode.Tomorrow, TestNode.Cancel);
        foreach (var offer in offers) Assert.Equal("expired", await StatusAsync(offer));
        Assert.Equal(TestNode.Tomorrow, node.Loop.Reader.View.Header.Time);
    }

    [Fact]
    public async Task Time_never_goes_back()
    {
        var later = TestNode.Start.Add(Timestamp.Day);
        await node.Api.SetClockAsync(later, TestNode.Cancel);

        var back = await node.Api.SetClockAsync(later.Add(-1), TestNode.Cancel);

        Assert.Equal((409, Refusal.ClockGoesBack), (back.HttpStatus, back.Code));
        Assert.Equal(later, (await node.Api.ClockAsync(TestNode.Cancel)).LedgerTime);
        Assert.Equal(200, (await node.Api.SetClockAsync(later, TestNode.Cancel)).HttpStatus);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"time":"2026-09-22T09:00:00+08:00"}""")]
    [InlineData("""{"time":1790000000000.5}""")]
    [InlineData("""{"time":1790000000000,"time":1790000000000}""")]
    [InlineData("""{"time":1790000000000,"hold":false}""")]
    [InlineData("""{"time":7258118400000}""")]
    [InlineData("[1790000000000]")]
    [InlineData("")]
    public async Task A_time_is_one_number_of_unix_milliseconds(string body)
    {
        var request = TestNode.Post(Path, Encoding.UTF8.GetBytes(body), "application/json");
        request.Method = HttpMethod.Put;

        var (status, problem) = await node.ProblemAsync(request);

        Assert.Equal((HttpStatusCode.BadRequest, (int)Refusal.BodyInvalid), (status, problem.GetProperty("code").GetInt32()));
        Assert.False(node.Loop.Reader.IsClockHeld);
    }

    [Fact]
    public async Task The_command_line_shows_and_sets_it()
    {
        using var cli = new CommandLine();
        cli.Variables["LEDGER_NODE"] = node.Address.ToString();

        Assert.Equal(ExitCode.Ok, await cli.Run("clock", "show"));
        Assert.Contains("running", cli.Output);
        Assert.Equal(ExitCode.Ok, await cli.Run("clock", "set", "2026-09-22T09:00:00+08:00"));
        Assert.Contains("2026-09-22 09:00:00", cli.Output);
        Assert.Equal(ExitCode.Ok, await cli.Run("clock", "show", "-o", "json"));
        using var shown = JsonDocument.Parse(cli.Output);
        Assert.Equal((1_790_038_800_000, "held"), (shown.RootElement.GetProperty("ledgerTime").GetInt64(), shown.RootElement.GetProperty("clock").GetString()));

        Assert.Equal(ExitCode.Refused, await cli.Run("clock", "set", "2026-09-22T00:59:59Z"));
        Assert.Equal(ExitCode.Usage, await cli.Run("clock", "set", "2026-09-22 09:00"));
    }

    async Task<string?> StatusAsync(Id<Offer> offer) => (await node.GetAsync($"v1/offers/{offer}")).GetProperty("status").GetString();

    Transaction Draft(Timestamp now) => TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5) with { Document = Client.Signing.NewId.Of<Core.Instruments.Document>(now) }) with { Expires = now.Add(5 * Timestamp.Minute) };

    static (Timestamp, bool, bool) Told(Client.Api.LedgerClock clock) => (clock.LedgerTime, clock.IsHeld, clock.MaySet);
}
