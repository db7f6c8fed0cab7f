using System.CommandLine;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger instrument</c>: one debt in its whole life, receivable or bill.</summary>
static class InstrumentCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "instrument", "凭证与票据：查询、展期。", "Receivables and bills: show, list, extend.", Extend(shell), Show(shell, "instrument show"), List(shell, "instrument list"));

    public static Argument<Id<Instrument>> Argument() => Options.IdArgument<Instrument>("INSTRUMENT", "凭证或票据的编号", "the instrument's id");

    public static Command Show(Shell shell, string path)
    {
        var (id, reading) = (Argument(), new Reading());
        return shell.Command(
            "show", "显示一张凭证或票据，及其全部份额。", "Show a receivable or a bill, with all its units.", [id, .. reading.All],
            (run, cancel) => Node.ShowAsync(run, reading, NodePaths.Instrument(run.Value(id)), run.Value(id).ToString(), cancel), $"{path} AAAAAAAAAAAAAAAAAAAAAQ");
    }

    public static Command List(Shell shell, string path)
    {
        var obligor = Options.OptionalParty("--obligor", "债务人", "who owes");
        var creditor = Options.OptionalParty("--creditor", "首个债权人", "who was owed first");
        return new Listing(NounLists.Instruments).Command(
            shell, "list", "列出一方所欠，或最初欠其的凭证与票据。", "List what a party owes, or was first owed.", [obligor, creditor],
            run => (run.Value(obligor), run.Value(creditor)) switch
            {
                ({ } owes, null) => NodePaths.List("instruments", "obligor", owes),
                (null, { } owed) => NodePaths.List("instruments", "creditor", owed),
                _ => throw StopException.Usage("请在 --obligor 与 --creditor 中二选一。", "Give either --obligor or --creditor."),
            },
            $"{path} --obligor 91320500XX0001003F", $"{path} --creditor 91310115XX0000019T -o json");
    }

    static Command Extend(Shell shell)
    {
        var (id, due) = (Argument(), Options.Date("--due", "新的到期日", "the new due date"));
        var rate = Options.Optional<Rate>("--late-rate", "约定的逾期日利率：0.05%，或百万分之一", "the agreed late rate a day: 0.05%, or millionths", Options.TryParseRate);
        return Submission.Command(
            shell, "extend", [id, due, rate], (run, now) => new ExtendDueDate(run.Value(id), run.Value(due), run.Value(rate), now.Terms),
            ("由债务人签名，全部持有人与权利人共同签名", "by the obligor; every holder and every beneficiary of a burden signs too"),
            "instrument extend AAAAAAAAAAAAAAAAAAAAAQ --due 2026-12-10 --key core.key.json --co-sign holder.key.json");
    }
}
