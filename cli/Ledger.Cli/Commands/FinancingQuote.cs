using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Client.Disclosures;
using Ledger.Core.Crypto;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Suites;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger financing quote</c>: every figure of a financing before anybody signs it, with the days that it is of.</summary>
static class FinancingQuote
{
    static readonly Field[] Columns =
    [
        new("term", "条款", "term", null), new("amount", "金额", "amount", null, IsFigure: true), new("on", "日期", "as of", null), new("note", "说明", "note", null),
    ];

    public static Command Make(Shell shell, Argument<Id<Financing>> id)
    {
        var on = Options.OptionalDate("--on", "按该日放款或归还计算（默认：账本当日）", "as if paid out, or back, on that day (default: the ledger's today)");
        var files = Options.Texts("--terms", "申请的披露文件（默认：节点所持）；可重复", "a file of the application's disclosures (default: what the node holds); may be repeated", "FILE");
        var reading = new Reading(hasHeights: false);
        return shell.Command(
            "quote", "按已披露的条款试算利息、净额、还款、余款、退息与回购价款。", "Compute interest, net proceeds, payoff, surplus, refund and buy-back price from the disclosed terms.",
            [id, on, files, .. reading.All], async (run, cancel) =>
            {
                var api = await reading.OpenAsync(run, cancel);
                var reckoning = await api.ReckoningAsync(run.Value(id), cancel) ?? throw StopException.NotFound(run.Value(id).ToString());
                var health = await api.HealthAsync(cancel);
                var suite = KnownSuites.Find(health.Suite) ?? throw new StopException(ExitCode.Fault, $"本程序不支持算法 {health.Suite}。", $"This program does not know the suite {health.Suite}.");
                Tell(run, reckoning, suite, run.Value(on) ?? health.LedgerTime.DateAt(offsetMinutes: 480), run.Required(files));
                return ExitCode.Ok;
            }, "financing quote AAAAAAAAAAAAAAAAAAAAAQ --terms application.json --key bank.key.json");
    }

    static void Tell(Run run, Reckoning reckoning, CryptoSuite suite, DateOnly day, string[] files)
    {
        var here = reckoning.With(suite, files.SelectMany(path => HidingOptions.Read(run, path).All).Select(one => one.Value));
        var paidOut = here.IsPaidOut ? here.Plan.Start : day;
        var back = here.Return ?? (reckoning.IfToday ?? new(day, InOne: true, AllPaid: false, here.Plan.Principal)) with { On = here.IsPaidOut ? day : here.Plan.Payable };
        var asked = here with { IsPaidOut = true, Plan = here.Plan with { Start = paidOut }, Return = back };
        run.Output.Table(Columns, FinancingCase.Figures.Select(term => Row(run.Output, reckoning.Currency, term, asked, term is Term.Interest or Term.NetProceeds ? paidOut : back.On)));
    }

    // What exceeds the debt is only there where the obligor pays it all.
    static IReadOnlyList<JsonNode?> Row(Output output, Currency currency, Term term, FinancingCase asked, DateOnly on)
    {
        var here = term == Term.Surplus && asked.Return is { } back ? asked with { Return = back with { AllPaid = true } } : asked;
        var (amount, note) = here.Of(term) switch
        {
            Figure.Computed { Amount: var computed } => (output.Money(computed, currency), ""),
            { Why: var (chinese, english) } => ("", output.Say(chinese, english)),
            _ => ("", ""),
        };
        return [output.Say(term.Chinese(), term.Name()), amount, FormattableString.Invariant($"{on:yyyy-MM-dd}"), note];
    }
}
