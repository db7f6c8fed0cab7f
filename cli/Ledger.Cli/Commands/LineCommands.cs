using System.CommandLine;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Rules;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger line</c>: credit lines that banks keep.</summary>
static class LineCommands
{
    public static Command Make(Shell shell) => Shell.Noun("line", "授信额度。", "Credit lines.", Set(shell), Show(shell), List(shell));

    static Command Set(Shell shell)
    {
        var debtor = Options.Party("--debtor", "受信人", "whose debts it is for");
        var mode = Options.Name<CreditMode>("--mode", "方式", "what it is kept for", null, CreditMode.None);
        var limit = Options.AmountOption("额度：5000000.00", "the limit: 5000000.00", name: "--limit");
        var (currency, until) = (Options.CurrencyOption(), Options.Date("--until", "有效至", "until when"));
        var id = Options.NewId<CreditLine>();
        return Submission.Command(
            shell, "set", [debtor, mode, limit, currency, until, id],
            (run, now) => new SetLine(
                run.Value(id) ?? now.NewId<CreditLine>(), run.Value(debtor), run.Value(mode), run.Value(currency), Options.Money(run.Required(limit), run.Value(currency)), run.Value(until)),
            ("由银行签名；用 --id 变更已有额度", "by the bank; with --id it changes a line that is there"),
            "line set --debtor 91320500XX0001003F --mode general --limit 5000000.00 --until 2027-03-31 --key bank.key.json");
    }

    static Command Show(Shell shell)
    {
        var (id, reading) = (Options.IdArgument<CreditLine>("LINE", "额度的编号", "the line's id"), new Reading());
        return shell.Command(
            "show", "显示一个授信额度及其余额。", "Show a credit line and what is left of it.", [id, .. reading.All],
            (run, cancel) => Node.ShowAsync(run, reading, NodePaths.Of("line", run.Value(id).ToString()), run.Value(id).ToString(), cancel), "line show AAAAAAAAAAAAAAAAAAAAAQ");
    }

    static Command List(Shell shell)
    {
        var party = Options.Party("--party", "银行或受信人", "the bank, or whose debts they are for");
        return new Listing(NounLists.Lines).Command(
            shell, "list", "列出银行的，或为一方而设的授信额度。", "List the credit lines that a bank keeps or that are kept for a party.", [party],
            run => NodePaths.Of(run.Value(party), "lines"), "line list --party 91440300MA1000017E");
    }
}
