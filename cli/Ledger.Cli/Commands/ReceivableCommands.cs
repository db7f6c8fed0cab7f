using System.CommandLine;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Rules;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger receivable</c>: from a claim to an issued certificate.</summary>
static class ReceivableCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "receivable", "应收账款：确权申请、确权、异议、开立、作废。", "Request, confirm, dispute, issue and cancel receivables.",
        Request(shell), Confirm(shell), Dispute(shell), Issue(shell, "receivable issue"), Cancel(shell), InstrumentCommands.Show(shell, "receivable show"),
        InstrumentCommands.List(shell, "receivable list"));

    static Command Request(Shell shell)
    {
        var obligor = Options.Party("--obligor", "债务人", "who owes");
        var (amount, currency) = (Options.AmountOption(), Options.CurrencyOption());
        var signed = Options.Date("--contract-signed", "合同签订日", "the contract's date");
        var obligorSize = Options.Name<SizeClass>("--obligor-size", "债务人签约时的企业规模", "its size when the contract was signed");
        var creditorSize = Options.Name<SizeClass>("--creditor-size", "本方签约时的企业规模", "one's own size then");
        var consent = Options.Evidence("--consent", "供应商同意书（条例 11）", "the supplier's consent (条例 11)");
        var number = Options.TextOption("--number", "平台编号", "platform number");
        var id = Options.NewId<Instrument>();
        return Submission.Command(
            shell, "request", [obligor, amount, currency, signed, obligorSize, creditorSize, consent, number, id],
            (run, now) => new RequestConfirmation(
                run.Value(id) ?? now.NewId<Instrument>(), run.Value(obligor), run.Value(currency), Options.Money(run.Required(amount), run.Value(currency)),
                run.Value(signed), run.Value(obligorSize), run.Value(creditorSize), now.HashOf(run.Required(consent)), run.Value(number) ?? "", now.Terms),
            ("请债务人确认债权；由债权人签名", "asks a debtor to confirm a claim; by the creditor"),
            "receivable request --obligor 91320500XX0001003F --amount 1000000.00 --contract-signed 2026-02-01 --obligor-size large --creditor-size small --consent consent.pdf --key supplier.key.json");
    }

    static Command Confirm(Shell shell)
    {
        var (id, amount, currency) = (InstrumentCommands.Argument(), Options.AmountOption(), Options.CurrencyOption());
        var undertaking = new UndertakingOptions(required: true);
        var reason = Options.Evidence("--dispute-reason", "其余部分的异议理由", "why the rest is disputed", required: false);
        return Submission.Command(
            shell, "confirm", [id, amount, currency, .. undertaking.All, reason],
            (run, now) => new Confirm(
                run.Value(id), Options.Money(run.Required(amount), run.Value(currency)),
                undertaking.Of(run, now) ?? throw UndertakingOptions.Incomplete, now.HashOfGiven(run.Value(reason))),
            ("全部或部分确认；由债务人签名", "in whole or in part; by the obligor"),
            "receivable confirm AAAAAAAAAAAAAAAAAAAAAQ --amount 800000.00 --undertaking letter.pdf --clause clause.txt --waive-defences yes --dispute-reason reason.txt --key core.key.json");
    }

    static Command Dispute(Shell shell)
    {
        var id = InstrumentCommands.Argument();
        var reason = Options.Evidence("--reason", "理由", "why");
        return Submission.Command(
            shell, "dispute", [id, reason], (run, now) => new Dispute(run.Value(id), now.HashOf(run.Required(reason))), ("由债务人签名", "by the obligor"),
            "receivable dispute AAAAAAAAAAAAAAAAAAAAAQ --reason reason.txt --key core.key.json");
    }

    public static Command Issue(Shell shell, string path)
    {
        var creditor = Options.Party("--creditor", "债权人", "who is owed");
        var (amount, currency, uses) = (Options.AmountOption(), Options.CurrencyOption(), DocumentUses.Option());
        var due = Options.Date("--due", "到期日", "the due date");
        var issued = Options.OptionalDate("--issue-date", "账本日期（默认：+08:00 的今天）", "the ledger's date (default: today's at +08:00)");
        var bound = Options.Flag("--not-transferable", "不得转让", "the certificate may not be transferred");
        var undertaking = new UndertakingOptions(required: false);
        var number = Options.TextOption("--number", "平台编号", "platform number");
        var line = Options.OptionalId<CreditLine>("--line", "占用的专项授信额度", "an earmarked line that it draws");
        var justification = Options.Evidence("--justification", "期限超过规则时的说明", "why the tenor is longer than the rules have it", required: false);
        var rate = Options.Optional<Rate>("--late-rate", "约定的逾期日利率：0.05%，或百万分之一", "the agreed late rate a day: 0.05%, or millionths", Options.TryParseRate);
        var (days, id, offer) = (Offers.DaysOption(), Options.NewId<Instrument>(), Options.NewId<Offer>("--offer-id"));
        return Submission.Command(
            shell, "issue", [creditor, amount, currency, due, issued, bound, uses, .. undertaking.All, number, line, justification, rate, days, id, offer],
            (run, now) => new IssueReceivable(
                run.Value(offer) ?? now.NewId<Offer>(), run.Value(id) ?? now.NewId<Instrument>(), run.Value(creditor), run.Value(currency),
                Options.Money(run.Required(amount), run.Value(currency)), run.Value(issued) ?? now.Today, run.Value(due), !run.Value(bound),
                DocumentUses.Of(run, uses, run.Value(currency)), now.InDays(run.Value(days)), undertaking.Of(run, now), run.Value(number) ?? "", now.Terms, run.Value(line),
                now.HashOfGiven(run.Value(justification)), run.Value(rate)),
            ("由债务人签名；已确权的债权用 --id 原处开立", "by the obligor; a confirmed claim in place with --id"),
            $"{path} --creditor 91310115XX0000019T --amount 1000000.00 --due 2026-09-10 --document AAAAAAAAAAAAAAAAAAAAAQ=1000000.00 --id AAAAAAAAAAAAAAAAAAAAAQ --key core.key.json");
    }

    static Command Cancel(Shell shell)
    {
        var id = InstrumentCommands.Argument();
        return Submission.Command(
            shell, "cancel", [id], (run, _) => new CancelReceivable(run.Value(id)),
            ("尚无后续行为时收回；由债务人签名，签收后债权人共同签名", "while nothing depends on it; by the obligor, after acceptance the creditor signs too"),
            "receivable cancel AAAAAAAAAAAAAAAAAAAAAQ --key core.key.json");
    }

    /// <summary>What an obligor binds itself to.</summary>
    sealed class UndertakingOptions
    {
        readonly Option<string> letter;
        readonly Option<string> clause;
        readonly AskedTerms terms = new();
        readonly Asked<Agreed> waived;

        public UndertakingOptions(bool required)
        {
            letter = Options.Evidence("--undertaking", "付款承诺函", "the undertaking to pay (承诺函)", required);
            clause = Options.Evidence("--clause", "合同条款（条例 11）", "the contract clause (条例 11)", required);
            waived = terms.AddAgreed("--waive-defences", "承诺付款时：是否放弃抗辩", "of an undertaking: whether defences are waived");
        }

        public static StopException Incomplete => StopException.Usage("--undertaking 与 --clause 须同时给出。", "--undertaking and --clause go together.");

        public IEnumerable<Symbol> All => [letter, clause, .. terms.All];

        public Undertaking? Of(Run run, Circumstances now) => (run.Value(letter), run.Value(clause)) switch
        {
            ({ } signed, { } agreed) => new(now.HashOf(signed), Waives(run), now.HashOf(agreed)),
            (null, null) => null,
            _ => throw Incomplete,
        };

        bool Waives(Run run)
        {
            terms.Demand(run);
            return waived.Of(run).Is;
        }
    }
}
