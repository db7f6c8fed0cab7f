using System.CommandLine;
using Ledger.Client.Text;
using Ledger.Core.Parties;
using Ledger.Core.Rules;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger measure</c>: what two institutions announced against a party, or without it.</summary>
static class MeasureCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "measure", "措施：提出异议、裁定、查看。", "Measures: contest, decide, look.", Contest(shell), Decide(shell), Show(shell), List(shell));

    static Command Contest(Shell shell)
    {
        var (measure, reason) = (Argument(), Options.Evidence("--reason", "异议理由", "why"));
        return Submission.Command(
            shell, "contest", [measure, reason], (run, now) => new ContestMeasure(run.Value(measure), now.HashOf(run.Required(reason))),
            ("在异议期内由措施所针对的一方或其推荐银行签名", "within the contest period, by the party that it is against or its sponsor"),
            "measure contest AAAAAAAAAAAAAAAAAAAAAQ --reason letter.pdf --key supplier.key.json");
    }

    static Command Decide(Shell shell)
    {
        var (measure, order) = (Argument(), Options.Evidence("--order", "裁定书", "the order"));
        var upheld = Options.Flag("--upheld", "驳回异议，措施即时生效；不给则异议成立，措施终止", "the measure is in force at once; left out: the objection is right and the measure over");
        return Submission.Command(
            shell, "decide", [measure, upheld, order], (run, now) => new DecideMeasure(run.Value(measure), run.Value(upheld), now.HashOf(run.Required(order))),
            ("由独立于各方的第三家银行或运营方签名", "by a third bank or operator, independent of all sides"),
            "measure decide AAAAAAAAAAAAAAAAAAAAAQ --upheld --order order.pdf --key bank.key.json");
    }

    static Command Show(Shell shell)
    {
        var (measure, reading) = (Argument(), new Reading());
        return shell.Command(
            "show", "显示一项措施。", "Show a measure.", [measure, .. reading.All],
            (run, cancel) => Node.ShowAsync(run, reading, NodePaths.Of("measure", run.Value(measure).ToString()), run.Value(measure).ToString(), cancel),
            "measure show AAAAAAAAAAAAAAAAAAAAAQ");
    }

    static Command List(Shell shell)
    {
        var party = Options.Party("--party", "所涉参与方", "whom they concern");
        return new Listing(NounLists.Measures).Command(
            shell, "list", "列出尚未了结的措施。", "List measures that are not settled.", [party], run => NodePaths.List("measures", "party", run.Value(party)),
            "measure list --party 91310115XX0000019T", "measure list --party 91310115XX0000019T --all -o csv");
    }

    static Argument<Core.Primitives.Id<Measure>> Argument() => Options.IdArgument<Measure>("MEASURE", "措施的编号；涉及份额的，即其要约的编号", "the measure's id; on units, that of its offer");
}
