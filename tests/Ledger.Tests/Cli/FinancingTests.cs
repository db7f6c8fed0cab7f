using System.Text.Json;
using Ledger.Cli;
using Ledger.Client.Disclosures;
using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using static Ledger.Tests.World;

namespace Ledger.Tests.Cli;

/// <summary>
/// Money raised by command: what both sides agree is said in full, what follows from it is computed by the program, and another figure is not signed.
/// E1's sale: 120,000.00 at 3.85 % for 139 days; E5a's loan: 700,000.00 at 4.35 %.
/// </summary>
public sealed class FinancingTests : IDisposable
{
    static readonly string[] Plain =
    [
        "--day-count", "actual360", "--bounds", "first", "--rounding", "halfUp", "--payment", "prepaid", "--refunds-unearned", "yes", "--grace-days", "0", "--accrues-on-rolled-days", "no",
    ];

    static readonly string[] Price = ["--rate", "3.85%", "--penalty-rate", "5.775%", "--fees", "0.00"];

    readonly World world = new World(Stage.Es256OverHttp, "2026-03-22 10:00:00").Lends();
    readonly CommandLine cli = new();

    public FinancingTests()
    {
        cli.Variables["LEDGER_NODE"] = world.Address.ToString();
        foreach (var party in new[] { A, X, Y, Lending.P })
            Assert.True(KeyFile.Lock(world.Signer(Key(party)), Key(party).ToString(), "correct horse", KeyFile.MinIterations).TryWriteNew(cli[$"{party}.json"]));
    }

    public void Dispose()
    {
        cli.Dispose();
        world.Dispose();
    }

    [Fact]
    public async Task Interest_and_net_proceeds_are_computed_shown_and_signed_and_another_figure_is_not()
    {
        var (financing, terms) = await RegisteredAsync(X, "nonRecourseFactoring", "120000.00", Price);

        Assert.Equal(ExitCode.Ok, await cli.Run("financing", "quote", financing, "--terms", terms, "--key", cli[$"{X}.json"], "--password-file", cli["pw"]));
        Assert.Matches(@"interest +1,783\.83 +2026-05-06", cli.Output);
        Assert.Matches(@"netProceeds +118,216\.17", cli.Output);

        Assert.Equal(ExitCode.Refused, await Act(X, "financing", "disburse", financing, "--reference", "R1", "--hide", "interest=1783.84", "--disclosures-out", cli["x"]));
        Assert.Contains("1,783.83", cli.Error);
        Assert.Contains("1,783.84", cli.Error);
        Assert.False(Directory.Exists(cli["x"]));

        Assert.Equal(ExitCode.Ok, await Act(X, "financing", "disburse", financing, "--reference", "R1", "--disclosures-out", cli["x"]));
        Assert.Contains("netProceeds: 118,216.17", cli.Error);
        Assert.Equal((178_383UL, 11_821_617UL), Figures(cli["x"], Term.Interest, Term.NetProceeds));
        Assert.True(Audited(cli["a"], cli["x"]).IsGood);
    }

    [Fact]
    public async Task A_figure_that_cannot_be_computed_for_want_of_the_rate_is_not_signed_and_the_file_of_the_application_mends_it()
    {
        // Asked of Y on X's node: the rate is not X's to see, so it stays with Y.
        var (financing, terms) = await RegisteredAsync(Y, "nonRecourseFactoring", "120000.00", Price);
        Assert.Empty(Assert.IsType<Reckoning>(await world.Api.ReckoningAsync(Parse(financing), TestContext.Current.CancellationToken)).Shown);

        Assert.Equal(ExitCode.Refused, await Act(Y, "financing", "disburse", financing, "--reference", "R1", "--disclosures-out", cli["x"]));
        Assert.Contains("--terms", cli.Error);
        Assert.Contains("rate", cli.Error);
        Assert.Equal(ExitCode.Ok, await Act(Y, "financing", "disburse", financing, "--reference", "R1", "--terms", terms, "--disclosures-out", cli["x"]));
        Assert.Equal((178_383UL, 11_821_617UL), Figures(cli["x"], Term.Interest, Term.NetProceeds));
    }

    [Fact]
    public async Task What_a_loan_costs_and_what_is_over_is_computed_of_the_day_that_the_money_came()
    {
        var (financing, _) = await RegisteredAsync(X, "pledgeLoan", "700000.00", ["--rate", "4.35%", "--penalty-rate", "0%", "--fees", "0.00"], units: 100_000_000, payment: "atMaturity");
        Assert.Equal(ExitCode.Ok, await Act(X, "financing", "disburse", financing, "--reference", "R1", "--disclosures-out", cli["x"]));
        world.Until("2026-09-22 10:00:00");
        Assert.Equal(ExitCode.Ok, await cli.Run("financing", "quote", financing));
        Assert.Matches(@"payoff +711,757\.08 +2026-09-22", cli.Output);
        Assert.Matches(@"surplus +288,242\.92 +2026-09-22", cli.Output);
        var note = world.Node.Loop.Reader.View.State.Financing(Parse(financing))!.Instrument;
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, 100_000_000));

        Assert.Equal(ExitCode.Ok, await Act(X, A, "financing", "settle", financing, "--surplus", "yes", "--refund", "no", "--reference", "R2", "--disclosures-out", cli["s"]));
        Assert.Equal((71_175_708UL, 28_824_292UL), Figures(cli["s"], Term.Payoff, Term.Surplus));
        Assert.True(Audited(cli["a"], cli["x"], cli["s"]).IsGood);
    }

    [Fact]
    public async Task A_loan_repaid_early_costs_the_days_until_then()
    {
        var (loan, _) = await RegisteredAsync(X, "pledgeLoan", "700000.00", ["--rate", "4.35%", "--penalty-rate", "0%", "--fees", "0.00"], units: 100_000_000, payment: "atMaturity");
        Assert.Equal(ExitCode.Ok, await Act(X, "financing", "disburse", loan, "--reference", "R1", "--disclosures-out", cli["x"]));
        world.Until("2026-06-05 10:00:00");
        Assert.Equal(ExitCode.Ok, await Act(X, A, "financing", "repay", loan, "--reference", "R2", "--disclosures-out", cli["r"]));
        Assert.Equal(70_253_750UL, Figures(cli["r"], Term.Payoff, Term.Payoff).First);
        Assert.True(Audited(cli["a"], cli["x"], cli["r"]).IsGood);
    }

    [Fact]
    public async Task Terms_that_were_left_out_are_refused_by_name_and_never_taken_as_no()
    {
        var note = world.Certificate(A, 12_000_000);
        string[] apply = ["financing", "apply", note.ToString(), "--financier", X.Text, "--form", "nonRecourseFactoring", "--principal", "120000.00", "--amount", "120000.00", "--end", "2026-09-22", "--disclosures-out", cli["a"]];

        Assert.Equal(ExitCode.Usage, await Act(A, [.. apply, .. Plain[..8], "--rate", "3.85%"]));
        foreach (var name in new[] { "--refunds-unearned", "--grace-days", "--accrues-on-rolled-days", "--penalty-rate", "--fees" }) Assert.Contains(name, cli.Error);
        Assert.DoesNotContain("--rate", cli.Error);
        Assert.Equal(ExitCode.Usage, await Act(X, A, "financing", "settle", "AAAAAAAAAAAAAAAAAAAAAQ", "--surplus", "yes", "--reference", "R2", "--disclosures-out", cli["s"]));
        Assert.Contains("--refund", cli.Error);
        Assert.False(Directory.Exists(cli["a"]));
    }

    [Fact]
    public async Task Who_sits_before_it_is_asked_for_the_terms_that_were_left_out()
    {
        var note = world.Certificate(A, 12_000_000);
        cli.IsAttended = true;

        Assert.Equal(ExitCode.Ok, await cli.RunWith("perhaps\nyes\n0\nno\n3.85%\n5.775%\n0.00\n", [
            "financing", "apply", note.ToString(), "--financier", X.Text, "--form", "nonRecourseFactoring", "--principal", "120000.00", "--amount", "120000.00", "--end", "2026-09-22",
            .. Documents(note), .. Plain[..8], "--disclosures-out", cli["a"], "--key", cli[$"{A}.json"], "--password-file", cli["pw"]]));
        Assert.Equal(2, cli.Error.Split("Unearned interest is refunded").Length - 1);
        var financing = Assert.Single(world.Node.Loop.Reader.View.State.AllFinancings);
        Assert.True(financing.Interest.RefundsUnearned);
        Assert.False(financing.Interest.AccruesOnRolledDays);
        Assert.Equal(3, financing.Terms.Count);
    }

    [Fact]
    public async Task A_figure_that_only_the_payout_determines_is_not_agreed_beforehand()
    {
        var note = world.Certificate(A, 12_000_000);
        Assert.Equal(ExitCode.Refused, await Act(A, [
            "financing", "apply", note.ToString(), "--financier", X.Text, "--form", "nonRecourseFactoring", "--principal", "120000.00", "--amount", "120000.00", "--end", "2026-09-22",
            .. Plain, .. Price, "--hide", "interest=1783.83", "--disclosures-out", cli["a"]]));
        Assert.Contains("interest", cli.Error);
    }

    [Fact]
    public async Task What_is_signed_for_a_day_expires_with_it()
    {
        var (financing, _) = await RegisteredAsync(X, "nonRecourseFactoring", "120000.00", Price);
        world.Until("2026-05-06 23:55:00");
        Assert.Equal(ExitCode.Ok, await Act(X, "financing", "disburse", financing, "--reference", "R1", "--disclosures-out", cli["x"], "--expires-in", "60"));
    }

    string[] Documents(Id<Instrument> note) => [.. world.Node.Loop.Reader.View.State.Tokens(note)!.Span.ToArray().SelectMany(token => token.Leg.Documents).SelectMany(use => new[] { "--document", use.Document.ToString() })];

    /// <summary>Applied for on 6 May by command, found clear, approved with the application's file, and registered.</summary>
    async Task<(string Financing, string Terms)> RegisteredAsync(PartyId bank, string form, string principal, string[] price, ulong units = 12_000_000, string payment = "prepaid")
    {
        var note = world.Certificate(A, units);
        world.Until("2026-05-06 10:00:00");
        Assert.Equal((ExitCode.Ok, ""), (await Act(A, [
            "financing", "apply", note.ToString(), "--financier", bank.Text, "--form", form, "--principal", principal, "--units", $"1-{units}", "--end", "2026-09-22", .. Documents(note),
            .. Plain.Select(word => word == "prepaid" ? payment : word), .. price, "--disclosures-out", cli["a"], "-o", "json"]), cli.Error));
        using var answer = JsonDocument.Parse(cli.Output);
        var financing = answer.RootElement.GetProperty("operations")[0].GetProperty("financing").GetString() ?? "";
        var terms = Assert.Single(Directory.GetFiles(cli["a"]));
        world.IsClear(Parse(financing));
        Assert.Equal((ExitCode.Ok, ""), (await Act(bank, Lending.P, "financing", "approve", financing, "--reviewer", Lending.P.Text, "--credit", "none", "--terms", terms), cli.Error));
        world.IsRegistered(Parse(financing));
        return (financing, terms);
    }

    Task<int> Act(PartyId by, params string[] words) => cli.Run([.. words, "--key", cli[$"{by}.json"], "--password-file", cli["pw"]]);

    Task<int> Act(PartyId by, PartyId with, params string[] words) => Act(by, [.. words, "--co-sign", cli[$"{with}.json"]]);

    static Id<Financing> Parse(string id) => Id<Financing>.TryParse(id, out var read) ? read : throw new ArgumentException(id);

    static (ulong First, ulong Second) Figures(string folder, Term first, Term second)
    {
        var set = Read(folder).Set;
        return (set.Amount(first)!.Value.Minor, set.Amount(second)!.Value.Minor);
    }

    static DisclosureFile Read(string folder)
    {
        Assert.True(DisclosureFile.TryRead(File.ReadAllBytes(Assert.Single(Directory.GetFiles(folder))), out var file, out _));
        return file;
    }

    DisclosureReport Audited(params string[] folders)
    {
        var audit = new DisclosureAudit([.. folders.Select(Read)]);
        world.Pass(Timestamp.Minute);
        foreach (var block in world.Node.Blocks) audit.Read(block);
        var report = audit.Finish();
        Assert.NotEmpty(report.Figures);
        return report;
    }
}
