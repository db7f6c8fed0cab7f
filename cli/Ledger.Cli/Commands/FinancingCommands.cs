using System.CommandLine;
using System.Globalization;
using Ledger.Cli.Help;
using Ledger.Client.Disclosures;
using Ledger.Client.Text;
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
        Apply(shell, "apply", "financing apply"), FinancingQuote.Make(shell, Argument()), Withdraw(shell), Release(shell), Approve(shell), Disburse(shell), Repay(shell), Settle(shell), BuyBack(shell), Reverse(shell),
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
        var terms = new AgreedOptions(currency);
        var id = Options.NewId<Financing>();
        return Submission.Command(
            shell, name, [instrument, financier, form, principal, currency, end, units, amount, documents, .. terms.All, id],
            (run, now) => new ApplyForFinancing(
                run.Value(id) ?? now.NewId<Financing>(), run.Value(instrument), run.Value(financier), run.Value(form), Options.Money(run.Required(principal), run.Value(currency)),
                run.Value(end), [.. run.Required(documents)], run.Value(units), run.Value(amount) is { } typed ? Options.Money(typed, run.Value(currency)) : null,
                terms.DayCount.Of(run), terms.Bounds.Of(run), terms.Rounding.Of(run), terms.Payment.Of(run), terms.Refunds.Of(run).Is, terms.Grace.Of(run), terms.Accrues.Of(run).Is, now.Terms),
            terms.Hidden, figures: null,
            ("由持有人签名；利率、罚息与手续费只以摘要上链", "by the holder; rate, penalty rate and fees go on the ledger as digests"),
            $"{path} {Id} --financier 91440300MA1000017E --form nonRecourseFactoring --principal 300000.00 --amount 300000.00 --end 2026-09-01 --document AAAAAAAAAAAAAAAAAAAAAg"
            + " --day-count actual360 --bounds first --rounding halfUp --payment prepaid --refunds-unearned yes --grace-days 0 --accrues-on-rolled-days no"
            + " --rate 3.85% --penalty-rate 5.775% --fees 0.00 --disclosures-out ./disclosures --key supplier.key.json");
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
        shell, "disburse", [Term.Interest, Term.NetProceeds], (id, reference, terms) => new Disburse(id, reference, terms), ("由资金方签名", "by the financier"), "--key bank.key.json");

    static Command Repay(Shell shell) => Paid(
        shell, "repay", [Term.Payoff], (id, reference, terms) => new Repay(id, reference, terms), ("由质押贷款的资金方签名，申请人共同签名", "by the financier of a pledge loan; the applicant signs too"),
        "--key bank.key.json --co-sign supplier.key.json");

    static Command Settle(Shell shell)
    {
        var (id, reference) = (Argument(), Reference());
        var said = new AskedTerms();
        var surplus = said.AddAgreed("--surplus", "退还余款", "the surplus is returned");
        var refund = said.AddAgreed("--refund", "退还未到期利息", "unearned interest is refunded");
        IReadOnlyList<Term> Returned(Run run)
        {
            said.Demand(run);
            return [.. surplus.Of(run).Is ? [Term.Payoff, Term.Surplus] : Array.Empty<Term>(), .. refund.Of(run).Is ? [Term.Refund] : Array.Empty<Term>()];
        }

        return Submission.Command(
            shell, "settle", [id, .. said.All, reference],
            (run, now) => new SettleFinancing(run.Value(id), surplus.Of(run).Is, refund.Of(run).Is, run.Required(reference), now.Terms), agreed: null, new ComputedFigures(id, Returned),
            ("由资金方签名，申请人共同签名；金额由程序计算", "by the financier, the applicant signs too; the figures are computed"),
            $"financing settle {Id} --surplus yes --refund no --reference 2026090200017 --disclosures-out ./disclosures --key bank.key.json --co-sign supplier.key.json");
    }

    static Command BuyBack(Shell shell) => Paid(
        shell, "buy-back", [Term.BuyBackPrice], (id, reference, terms) => new BuyBack(id, reference, terms), ("由有追索权的资金方签名，申请人共同签名", "by the financier under recourse; the applicant signs too"),
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
        return new Listing(NounLists.Financings).Command(
            shell, "list", "列出一方申请的或被申请的融资，由早到晚。", "List the financings that a party applied for or was asked for, oldest first.", [party],
            run => NodePaths.Of(run.Value(party), "financings"), "financing list --party 91310115XX0000019T");
    }

    /// <summary>A bank's reference: good once on a ledger.</summary>
    public static Option<string> Reference() => new Option<string>("--reference") { Required = true, HelpName = "TEXT" }.Told("银行流水号，1 至 35 个字符", "the bank's reference, 1 to 35 characters");

    static Argument<Id<Financing>> Argument() => Options.IdArgument<Financing>("FINANCING", "融资的编号", "the financing's id");

    static Command One<TOperation>(Shell shell, string name, Func<Id<Financing>, TOperation> operation, (string, string) note, string who)
        where TOperation : Operation<TOperation>, IVerb
    {
        var id = Argument();
        return Submission.Command(shell, name, [id], (run, _) => operation(run.Value(id)), note, $"financing {name} {Id} --key {who}.key.json");
    }

    static Command Paid<TOperation>(
        Shell shell, string name, IReadOnlyList<Term> figures, Func<Id<Financing>, string, ValueList<Hash256>, TOperation> operation, (string Chinese, string English) note, string signers)
        where TOperation : Operation<TOperation>, IVerb
    {
        var (id, reference) = (Argument(), Reference());
        return Submission.Command(
            shell, name, [id, reference], (run, now) => operation(run.Value(id), run.Required(reference), now.Terms), agreed: null, new ComputedFigures(id, _ => figures),
            ($"{note.Chinese}；金额由程序计算", $"{note.English}; the figures are computed"),
            $"financing {name} {Id} --reference 2026040100001 --disclosures-out ./disclosures {signers}");
    }

    /// <summary>What both sides of a financing sign: how interest is reckoned, which is plain, and the rates and fees, which are not.</summary>
    sealed class AgreedOptions
    {
        readonly AskedTerms asked = new();
        readonly Option<Currency> currency;
        readonly Asked<Rate> rate, penaltyRate;
        readonly Asked<TypedAmount> fees;

        public AgreedOptions(Option<Currency> currency)
        {
            this.currency = currency;
            DayCount = asked.AddName<DayCount>("--day-count", "计息天数", "how days are counted");
            Bounds = asked.AddName<DayBounds>("--bounds", "计息首尾日（算头不算尾为 first）", "which ends bear interest");
            Rounding = asked.AddName<Rounding>("--rounding", "舍入（四舍五入为 halfUp）", "what becomes of a fraction of a fen");
            Payment = asked.AddName<InterestPayment>("--payment", "利息支付方式", "when interest is paid");
            Refunds = asked.AddAgreed("--refunds-unearned", "提前归还时退还未到期利息", "unearned interest is refunded");
            Grace = asked.Add<ushort>("--grace-days", "宽限天数", "days of grace", TryParseGrace, "DAYS");
            Accrues = asked.AddAgreed("--accrues-on-rolled-days", "到期日顺延期间计息", "days by which a due date is put off bear interest");
            rate = asked.Add<Rate>("--rate", "年利率，只以摘要上链", "yearly rate, on the ledger as a digest", Options.TryParseRate, "3.85%");
            penaltyRate = asked.Add<Rate>("--penalty-rate", "罚息年利率，没有则为 0%，只以摘要上链", "yearly penalty rate, 0% for none, on the ledger as a digest", Options.TryParseRate, "5.775%");
            fees = asked.Add<TypedAmount>("--fees", "手续费，没有则为 0.00，只以摘要上链", "fees, 0.00 for none, on the ledger as a digest", TypedAmount.TryParse, "AMOUNT");
        }

        public IEnumerable<Symbol> All => asked.All;

        public Asked<DayCount> DayCount { get; }

        public Asked<DayBounds> Bounds { get; }

        public Asked<Rounding> Rounding { get; }

        public Asked<InterestPayment> Payment { get; }

        public Asked<Agreed> Refunds { get; }

        public Asked<ushort> Grace { get; }

        public Asked<Agreed> Accrues { get; }

        /// <summary>Rates and fees beside what was typed under <c>--hide</c>; figures that follow from them are not agreed here.</summary>
        public HiddenGiven Hidden(Run run, HiddenGiven hidden)
        {
            if (hidden.New.All.Select(one => one.Key).FirstOrDefault(FinancingCase.Figures.Contains) is var figure && figure != default)
                throw ComputedFigures.Refused(Refusal.FigureTooEarly, new(Reference: $"{figure.Chinese()} {figure.Name()}"));
            var set = hidden.New;
            asked.Demand(run, [.. Hides(set, Term.Rate, "--rate"), .. Hides(set, Term.PenaltyRate, "--penalty-rate"), .. Hides(set, Term.Fees, "--fees")]);
            set = With(set, Term.Rate, rate.IsGiven(run), () => set.With(Term.Rate, rate.Of(run)));
            set = With(set, Term.PenaltyRate, penaltyRate.IsGiven(run), () => set.With(Term.PenaltyRate, penaltyRate.Of(run)));
            return hidden with { New = With(set, Term.Fees, fees.IsGiven(run), () => set.With(Term.Fees, Options.Money(fees.Of(run).Text, run.Value(currency)))) };
        }

        static DisclosureSet With(DisclosureSet set, Term term, bool isGiven, Func<DisclosureSet> with)
        {
            if (set[term] is null) return with();
            return !isGiven ? set : throw StopException.Usage($"条款 {term.Name()} 给出了两次。", $"The term {term.Name()} is given twice.");
        }

        static string[] Hides(DisclosureSet set, Term term, string name) => set[term] is null ? [] : [name];

        static bool TryParseGrace(ReadOnlySpan<char> text, out ushort days) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out days);
    }

    /// <summary>An amount as it was typed; its currency is another option's.</summary>
    readonly record struct TypedAmount(string Text)
    {
        public static bool TryParse(ReadOnlySpan<char> text, out TypedAmount amount)
        {
            amount = new(text.ToString());
            return text.Length > 0;
        }
    }
}
