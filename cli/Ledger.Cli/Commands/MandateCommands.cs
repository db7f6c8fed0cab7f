using System.CommandLine;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger mandate</c>: who may act for whom.</summary>
static class MandateCommands
{
    public static Command Make(Shell shell) => Shell.Noun("mandate", "授权委托。", "Mandates: who may act for whom.", Grant(shell), Revoke(shell));

    static Command Grant(Shell shell)
    {
        var agent = Options.Party("--agent", "代理人", "who may act");
        var verbs = Options.Texts("--verb", "可代理的操作：token.transfer；可重复", "what the agent may do: token.transfer; may be repeated", "KIND", required: true);
        var cap = Options.AmountOption("单日上限", "up to this amount a day", name: "--cap");
        var currency = Options.CurrencyOption();
        var others = Options.Several<PartyId>("--counterparty", "限定的交易对手；可重复，省略为不限", "only with this counterparty; may be repeated, any without", PartyId.TryParse);
        var days = Options.Days("--days", "有效天数（默认 365）", "days that it lasts (default: 365)", 365);
        var id = Options.NewId<Mandate>();
        return Submission.Command(
            shell, "grant", [agent, verbs, cap, currency, others, days, id],
            (run, now) => new GrantMandate(
                run.Value(id) ?? now.NewId<Mandate>(), run.Value(agent), [.. run.Required(verbs)], run.Value(currency), Options.Money(run.Required(cap), run.Value(currency)),
                [.. run.Required(others)], now.InDays(run.Value(days))),
            ("由委托人签名", "by the principal"),
            "mandate grant --agent 91440300MA1000017E --verb token.transfer --verb offer.accept --cap 500000.00 --key supplier.key.json");
    }

    static Command Revoke(Shell shell)
    {
        var id = Options.IdArgument<Mandate>("MANDATE", "授权委托的编号", "the mandate's id");
        return Submission.Command(
            shell, "revoke", [id], (run, _) => new RevokeMandate(run.Value(id)), ("由委托人、其保荐银行或代理人签名", "by the principal, its sponsor, or the agent"),
            "mandate revoke AAAAAAAAAAAAAAAAAAAAAQ --key supplier.key.json");
    }
}
