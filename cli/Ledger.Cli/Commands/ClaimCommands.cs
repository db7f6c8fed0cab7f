using System.CommandLine;
using Ledger.Core.Rules;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger claim</c>: what is owed beside the principal.</summary>
static class ClaimCommands
{
    public static Command Make(Shell shell) => Shell.Noun("claim", "本金之外的债权。", "What is owed beside the principal.", Costs(shell));

    static Command Costs(Shell shell)
    {
        var (instrument, units) = (InstrumentCommands.Argument(), Options.Units());
        var (amount, currency) = (Options.AmountOption(), Options.CurrencyOption());
        var evidence = Options.Evidence("--evidence", "费用依据", "what the costs rest on");
        return Submission.Command(
            shell, "costs", [instrument, units, amount, currency, evidence],
            (run, now) => new ClaimCosts(run.Value(instrument), run.Value(units), Options.Money(run.Required(amount), run.Value(currency)), now.HashOf(run.Required(evidence))),
            ("由持有人签名，债务人或执行裁定的银行、运营方共同签名", "by the holder; the obligor, or a bank or operator that executes an order, signs too"),
            "claim costs AAAAAAAAAAAAAAAAAAAAAQ --units 1-30000000 --amount 1200.00 --evidence costs.pdf --key holder.key.json --co-sign core.key.json");
    }
}
