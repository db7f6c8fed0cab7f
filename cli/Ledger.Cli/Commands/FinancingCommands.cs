using System.CommandLine;
using System.Globalization;
using Ledger.Cli.Help;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger financing</c>: money raised on units, from the application to the last fen.</summary>
static class FinancingCommands
{
    const string Id = "AAAAAAAAAAAAAAAAAAAAAQ";

    public static Command Make(Shell shell) => Shell.Noun(
        "financing", "融资：申请、审批、放款、还款、退余、回购。", "Financing: apply, approve, disburse, repay, settle, buy back.",
        Apply(shell, "apply", "financing apply"), Withdraw(shell), Release(shell), Approve(shell), Disburse(shell), Repay(shell), Settle(shell), BuyBack(shell), Reverse(shell),
        Correct(shell), Show(shell), List(shell));

    public static Command Apply(Shell shell, string name, string path)
    {
        var instrument = InstrumentCommands.Argument();
        var financier = Options.Party("--financier", "资金方银行", "the bank that is asked");
        var form = Options.Name<FinancingForm>("--form", "法律形式", "the legal form");
        var principal = Options.AmountOption("本金：300000.00", "the principal: 300000.00", name: "--principal");
        var currency = Options.CurrencyOption();
        var end = Options.Date("--end", "融资到期日", "when the money is owed back");
        var units = Options.OptionalUnits("份额区间：1-30000000", "named units: 1-30000000");
        var amount = Options.AmountOption("份额金额，代替区间：由低到高取可用份额", "an amount in place of units: free ones are taken, lowest first", required: false);
        var documents = Options.Several<Id<Document>>("--document", "份额来由所用的背景材料；可重复", "a document behind the units; may be repeated", Id<Document>.TryParse);
        var terms = new InterestOptions();
        var id = Options.NewId<Financing>();
        return Submission.Command(
            shell, name, [instrument, financier, form, principal, currency, end, units, amount, documents, .. terms.All, id],
            (run, now) => new ApplyForFinancing(
                run.Value(id) ?? Submission.NewId<Financing>(), run.Value(instrument), run.Value(financier), run.Value(form), Options.Money(run.Required(principal), run.Value(currency)),
                run.Value(end), [.. run.Required(documents)], run.Value(units), run.Value(amount) is { } typed ? Options.Money(typed, run.Value(currency)) : null,
                terms.DayCount(run), terms.Bounds(run), terms.Rounding(run), terms.Payment(run), terms.Refunds(run), terms.Grace(run), terms.Accrues(run), now.Terms),
            ("由持有人签名；利率等只以摘要上链", "by the holder; the rate goes on the ledger as a digest"),
            $"{path} {Id} --financier 91440300MA1000017E --form nonRecourseFactoring --principal 280000.00 --amount 300000.00 --end 2026-09-10 --document AAAAAAAAAAAAAAAAAAAAAg"
            + " --day-count actual360 --bounds first --rounding halfUp --payment prepaid --hide rate=3.85% --disclosures-out ./disclosures --key supplier.key.json");
    }

    static Command Withdraw(Shell shell) => One(shell, "withdraw", id => new WithdrawFinancing(id), ("审批之前，由申请人签名", "before approval, by the applicant"), "supplier");

    static Command Release(Shell shell) => One(shell, "release", id => new ReleaseFinancing(id), ("放款之前，由资金方签名", "before the payout, by the financier"), "bank");

    static Command Approve(Shell shell)
    {
        var (id, reviewer) = (Argument(), Options.Party("--reviewer", "复核方", "who reviews it"));
        var days = Options.Days("--committed-for", "承诺天数（默认 7）", "days that the commitment stands (default: 7)", 7);
        var credit = Options.Name<CreditMode>("--credit", "授信方式", "which credit it draws");
        var line = Options.OptionalId<CreditLine>("--line", "授信额度的编号", "the credit line's id");
        return Submission.Command(
            shell, "approve", [id, reviewer, days, credit, line],
            (run, now) => new ApproveFinancing(run.Value(id), run.Value(reviewer), now.InDays(run.Value(days)), run.Value(credit), run.Value(line), now.Terms),
            ("由资金方签名，复核方共同签名；--terms 给出申请的披露文件", "by the financier, the reviewer signs too; --terms names the application's disclosures"),
            $"financing approve {Id} --reviewer 91440300XX0008109Y --credit general --line AAAAAAAAAAAAAAAAAAAAAg --terms application.json --key bank.key.json --co-sign reviewer.key.json");
    }

    static Command Disburse(Shell shell) => Paid(
        shell, "disburse", (id, reference, terms) => new Disburse(id, reference, terms), ("由资金方签名", "by the financier"), "--key bank.key.json");

    static Command Repay(Shell shell) => Paid(
        shell, "repay", (id, reference, terms) => new Repay(id, reference, terms), ("由质押贷款的资金方签名，申请人共同签名", "by the financier of a pledge loan; the applicant signs too"),
        "--key bank.key.json --co-sign supplier.key.json");

    static Command Settle(Shell shell)
    {
        var (id, reference) = (Argument(), Reference());
        var surplus = Options.Flag("--surplus", "退还余款", "the surplus is returned");
        var refund = Options.Flag("--refund", "退还未到期利息", "unearned interest is refunded");
        return Submission.Command(
            shell, "settle", [id, surplus, refund, reference],
            (run, now) => new SettleFinancing(run.Value(id), run.Value(surplus), run.Value(refund), run.Required(reference), now.Terms),
            ("由资金方签名，申请人共同签名", "by the financier; the applicant signs too"),
            $"financing settle {Id} --surplus --reference 2026091000017 --key bank.key.json --co-sign supplier.key.json");
    }

    static Command BuyBack(Shell shell) => Paid(
        shell, "buy-back", (id, reference, terms) => new BuyBack(id, reference, terms), ("由有追索权的资金方签名，申请人共同签名", "by the financier under recourse; the applicant signs too"),
        "--key bank.key.json --co-sign supplier.key.json");

    static Command Reverse(Shell shell)
    {
        var (id, reference) = (Argument(), Reference());
        return Submission.Command(
            shell, "reverse", [id, reference], (run, _) => new ReverseFinancing(run.Value(id), run.Required(reference)), ("款项退回时，由资金方签名", "when the money came back; by the financier"),
            $"financing reverse {Id} --reference 2026040200009 --key bank.key.json");
    }

    static Command Correct(Shell shell)
    {
        var (id, reviewer) = (Argument(), Options.Party("--reviewer", "复核方", "who reviews it"));
        return Submission.Command(
            shell, "correct", [id, reviewer], (run, _) => new CorrectFinancing(run.Value(id), run.Value(reviewer)),
            ("由资金方签名，申请人与复核方共同签名", "by the financier; the applicant and the reviewer sign too"),
            $"financing correct {Id} --reviewer 91440300XX0008109Y --key bank.key.json --co-sign supplier.key.json --co-sign reviewer.key.json");
    }

    static Command Show(Shell shell)
    {
        var (id, reading) = (Argument(), new Reading());
        return shell.Command(
            "show", "显示一笔融资，以及登记系统的答复。", "Show a financing and what the registry answered about it.", [id, .. reading.All],
            (run, cancel) => Node.ShowAsync(run, reading, NodePaths.Of("financing", run.Value(id).ToString()), run.Value(id).ToString(), cancel), $"financing show {Id}");
    }

    static Command List(Shell shell)
    {
        var party = Options.Party("--party", "申请人或资金方", "who applied, or was asked");
        return Lists.Financings.Command(
            shell, "list", "列出一方申请的或被申请的融资，由早到晚。", "List the financings that a party applied for or was asked for, oldest first.", [party],
            run => NodePaths.Of(run.Value(party), "financings"), "financing list --party 91310115XX0000019T");
    }

    /// <summary>A bank's reference: good once on a ledger.</summary>
    public static Option<string> Reference() => new Option<string>("--reference") { Required = true, HelpName = "TEXT" }.Told("银行流水号，1 至 35 个字符", "the bank's reference, 1 to 35 characters");

    static Argument<Id<Financing>> Argument() => Options.IdArgument<Financing>("FINANCING", "融资的编号", "the financing's id");

    static Command One<TOperation>(Shell shell, string name, Func<Id<Financing>, TOperation> operation, (string, string) note, string who)
        where TOperation : Operation
    {
        var id = Argument();
        return Submission.Command(shell, name, [id], (run, _) => operation(run.Value(id)), note, $"financing {name} {Id} --key {who}.key.json");
    }

    static Command Paid<TOperation>(
        Shell shell, string name, Func<Id<Financing>, string, ValueList<Hash256>, TOperation> operation, (string, string) note, string signers)
        where TOperation : Operation
    {
        var (id, reference) = (Argument(), Reference());
        return Submission.Command(
            shell, name, [id, reference], (run, now) => operation(run.Value(id), run.Required(reference), now.Terms), note,
            $"financing {name} {Id} --reference 2026040100001 {signers}");
    }

    /// <summary>How interest is reckoned: none of it has a default, for both sides sign it.</summary>
    sealed class InterestOptions
    {
        readonly Option<DayCount> dayCount = Options.Name<DayCount>("--day-count", "计息天数", "how days are counted");
        readonly Option<DayBounds> bounds = Options.Name<DayBounds>("--bounds", "计息首尾日（算头不算尾为 first）", "which ends bear interest");
        readonly Option<Rounding> rounding = Options.Name<Rounding>("--rounding", "舍入（四舍五入为 halfUp）", "what becomes of a fraction of a fen");
        readonly Option<InterestPayment> payment = Options.Name<InterestPayment>("--payment", "利息支付方式", "when interest is paid");
        readonly Option<bool> refunds = Options.Flag("--refunds-unearned", "退还未到期利息", "unearned interest is refunded");
        readonly Option<uint?> grace = Options.OptionalWhole("--grace-days", "宽限天数（默认 0）", "days of grace (default: 0)");
        readonly Option<bool> accrues = Options.Flag("--accrues-on-rolled-days", "到期日顺延期间计息", "days by which a due date is put off bear interest");

        public IEnumerable<Symbol> All => [dayCount, bounds, rounding, payment, refunds, grace, accrues];

        public DayCount DayCount(Run run) => run.Value(dayCount);

        public DayBounds Bounds(Run run) => run.Value(bounds);

        public Rounding Rounding(Run run) => run.Value(rounding);

        public InterestPayment Payment(Run run) => run.Value(payment);

        public bool Refunds(Run run) => run.Value(refunds);

        public ushort Grace(Run run) => run.Value(grace) is not { } days ? (ushort)0
            : days <= ushort.MaxValue ? (ushort)days
            : throw StopException.Usage("--grace-days 至多 65535。", string.Create(CultureInfo.InvariantCulture, $"--grace-days is at most {ushort.MaxValue}."));

        public bool Accrues(Run run) => run.Value(accrues);
    }
}
