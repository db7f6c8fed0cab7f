using System.CommandLine;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger token</c>: units of instruments, and all that people do with them under the names that they look for.</summary>
static class TokenCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "token", "份额：开立、流转、签收、融资、兑付、冻结。", "Units: issue, transfer, accept, finance, redeem, freeze.",
        ReceivableCommands.Issue(shell, "token issue"), Transfer(shell), OfferCommands.Accept(shell, "token"), OfferCommands.Decline(shell, "token"), OfferCommands.Withdraw(shell, "token"),
        FinancingCommands.Apply(shell, "finance", "token finance"), PaymentCommands.Receipt(shell, "redeem", "token redeem"), Correct(shell), Freeze(shell), ExtendFreeze(shell), Unfreeze(shell),
        InstrumentCommands.Show(shell, "token show"), ShowCommands.MakeLineage(shell, "token lineage"), List(shell));

    static Command Transfer(Shell shell)
    {
        var instrument = InstrumentArgument();
        var to = Options.Party("--to", "接收方", "who is to receive");
        var cause = Options.Name("--cause", "来由（默认 trade）", "why they move (default: trade)", TransferCause.Trade, TransferCause.Issue, TransferCause.Correction);
        var (amount, currency, uses) = (Options.AmountOption(required: false), Options.CurrencyOption(), DocumentUses.Option());
        var units = Options.OptionalUnits("指定份额区间，代替金额：1-30000000", "named units in place of an amount: 1-30000000");
        var terms = new AskedTerms();
        var recourse = terms.AddAgreed("--recourse", "是否有追索权（trade、sale 必填）", "whether with recourse (of a trade or sale)");
        var from = Options.OptionalParty("--from", "现持有人，操作方不是持有人时给出（realisation、succession、court）", "the holder, where another acts (realisation, succession, court)");
        var evidence = Options.Evidence("--evidence", "依据（依来由而定）", "what the cause rests on", required: false);
        var bound = Options.Flag("--not-transferable", "票据：记载不得转让", "of a bill: it goes no further (不得转让)");
        var (days, offer) = (Offers.DaysOption(), Options.NewId<Offer>("--offer-id"));
        return Submission.Command(
            shell, "transfer", [instrument, to, cause, amount, currency, units, uses, .. terms.All, from, evidence, bound, days, offer],
            (run, now) => new Transfer(
                run.Value(offer) ?? now.NewId<Offer>(), run.Value(instrument), run.Value(to), run.Value(cause), HasRecourse(run),
                DocumentUses.Of(run, uses, run.Value(currency)), now.InDays(run.Value(days)), run.Value(units),
                run.Value(amount) is { } typed ? Options.Money(typed, run.Value(currency)) : null, now.Terms, run.Value(from), now.HashOfGiven(run.Value(evidence)),
                run.Value(bound) ? true : null),
            ("向另一方发出要约，对方签收后生效；由持有人或该来由所定的一方签名", "an offer that the other party accepts; by the holder, or whom the cause names"),
            "token transfer AAAAAAAAAAAAAAAAAAAAAQ --to 91310115XX0000019T --amount 300000.00 --document AAAAAAAAAAAAAAAAAAAAAg=300000.00 --recourse no --key supplier.key.json");

        // Only a bargain has this term; whatever moves by another cause moves without it.
        bool HasRecourse(Run run)
        {
            if (run.Value(cause) is TransferCause.Trade or TransferCause.Sale) terms.Demand(run);
            else if (!recourse.IsGiven(run)) return false;
            return recourse.Of(run).Is;
        }
    }

    static Command Correct(Shell shell)
    {
        var offer = Options.IdArgument<Offer>("OFFER", "已签收的流转或出售要约", "the accepted offer of a trade or sale");
        var reviewer = Options.Party("--reviewer", "复核方", "who reviews it");
        var (uses, currency) = (DocumentUses.Option(), Options.CurrencyOption());
        var anew = Options.Flag("--no-documents", "更正为不使用背景材料", "corrected to no documents at all");
        return Submission.Command(
            shell, "correct", [offer, reviewer, uses, currency, anew],
            (run, _) => new CorrectTransfer(
                run.Value(offer), run.Value(reviewer),
                run.Required(uses).Length == 0 && !run.Value(anew) ? null : DocumentUses.Of(run, uses, run.Value(currency))),
            ("由接收方签名，原持有人与复核方共同签名", "by who received the units; the former holder and the reviewer sign too"),
            "token correct AAAAAAAAAAAAAAAAAAAAAQ --reviewer 91440300MA1000017E --key receiver.key.json --co-sign former.key.json --co-sign reviewer.key.json");
    }

    static Command Freeze(Shell shell)
    {
        var instrument = InstrumentArgument();
        var units = Options.OptionalUnits("指定份额区间：1-30000000", "named units: 1-30000000");
        var holder = Options.OptionalParty("--holder", "被冻结的持有人，与金额一并给出，代替份额区间", "whose units, with an amount, in place of named units");
        var (amount, currency) = (Options.AmountOption(required: false), Options.CurrencyOption());
        var authority = Options.TextOption("--authority", "有权机关", "who ordered it", required: true);
        var number = Options.Evidence("--case", "案号的加盐摘要", "salted digest of the case number");
        var (order, until) = (Options.Evidence("--order", "裁定或通知书", "the order"), Options.Date("--until", "冻结的末日", "the freeze's last day"));
        var id = Options.NewId<Freeze>();
        return Submission.Command(
            shell, "freeze", [instrument, units, holder, amount, currency, authority, number, order, until, id],
            (run, now) => new FreezeUnits(
                run.Value(id) ?? now.NewId<Freeze>(), run.Value(instrument), run.Required(authority) ?? "", now.HashOf(run.Required(number)),
                now.HashOf(run.Required(order)), run.Value(until), run.Value(units), run.Value(holder),
                run.Value(amount) is { } typed ? Options.Money(typed, run.Value(currency)) : null),
            ("执行有权机关的裁定；由银行或运营方签名，超过紧急冻结时限的须第二家机构共同签名", "executes an authority's order; by a bank or operator, for longer than an emergency with a second institution"),
            "token freeze AAAAAAAAAAAAAAAAAAAAAQ --units 1-30000000 --authority 某某人民法院 --case case.txt --order order.pdf --until 2026-12-31 --key bank.key.json --co-sign second.key.json",
            "token freeze AAAAAAAAAAAAAAAAAAAAAQ --holder 91310115XX0000019T --amount 350000.00 --authority 某某人民法院 --case case.txt --order order.pdf --until 2026-12-31 --key bank.key.json --co-sign second.key.json");
    }

    static Command ExtendFreeze(Shell shell)
    {
        var freeze = FreezeArgument();
        var (order, until) = (Options.Evidence("--order", "续冻的裁定或通知书", "the order to extend it"), Options.Date("--until", "新的末日", "the new last day"));
        return Submission.Command(
            shell, "extend-freeze", [freeze, order, until], (run, now) => new ExtendFreeze(run.Value(freeze), run.Value(until), now.HashOf(run.Required(order))),
            ("由执行冻结的一方与第二家机构签名；轮候顺位不变", "by who executed it and a second institution; its rank stays"),
            "token extend-freeze AAAAAAAAAAAAAAAAAAAAAQ --until 2027-06-30 --order order.pdf --key bank.key.json --co-sign second.key.json");
    }

    static Command Unfreeze(Shell shell)
    {
        var freeze = FreezeArgument();
        return Submission.Command(
            shell, "unfreeze", [freeze], (run, _) => new UnfreezeUnits(run.Value(freeze)), ("由执行冻结的一方签名", "by who executed it"),
            "token unfreeze AAAAAAAAAAAAAAAAAAAAAQ --key bank.key.json");
    }

    static Command List(Shell shell)
    {
        var holder = Options.Party("--holder", "持有人", "whose");
        return new Listing(NounLists.Tokens, without: "holder").Command(
            shell, "list", "列出一方持有的份额。", "List the units that a party holds.", [holder], run => NodePaths.List("tokens", "holder", run.Value(holder)),
            "token list --holder 91310115XX0000019T", "token list --holder 91310115XX0000019T --all -o csv");
    }

    static Argument<Id<Instrument>> InstrumentArgument() => InstrumentCommands.Argument();

    static Argument<Id<Freeze>> FreezeArgument() => Options.IdArgument<Freeze>("FREEZE", "冻结的编号", "the freeze's id");
}
