using System.CommandLine;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger receivable</c>: from a claim to an issued certificate.</summary>
static class ReceivableCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "receivable", "Request, confirm, issue and cancel receivables.",
        Request(shell), Confirm(shell), Dispute(shell), Issue(shell), Cancel(shell), Show(shell));

    static Command Request(Shell shell)
    {
        var obligor = Options.Party("--obligor", "who owes");
        var (amount, currency) = (Options.AmountOption(), Options.CurrencyOption());
        var signed = Options.Option<DateOnly>("--contract-signed", "the contract's date, yyyy-MM-dd", Options.TryParseDate);
        var obligorSize = Options.Option<SizeClass>("--obligor-size", "its size when the contract was signed: large, medium, small, micro, publicBody", Options.TryParseName);
        var creditorSize = Options.Option<SizeClass>("--creditor-size", "one's own size then", Options.TryParseName);
        var consent = Options.File("--consent", "the supplier's consent (条例 11): a file, or its hash");
        var number = Options.TextOption("--number", "platform number");
        var id = Submission.IdOption<Instrument>();
        return Submission.Command(
            shell, "request", "Ask a debtor to confirm a claim (确权申请).", [obligor, amount, currency, signed, obligorSize, creditorSize, consent, number, id],
            (run, now) => new RequestConfirmation(
                run.Value(id) ?? Submission.NewId<Instrument>(), run.Value(obligor), run.Value(currency), Options.Money(run.Required(amount), run.Value(currency)),
                run.Value(signed), run.Value(obligorSize), run.Value(creditorSize), now.HashOf(run.Required(consent)), run.Value(number) ?? ""),
            "receivable request --obligor 91320500MA1000164U --amount 1000000.00 --contract-signed 2026-02-01 --obligor-size large --creditor-size small --consent consent.pdf --key supplier.key.json");
    }

    static Command Confirm(Shell shell)
    {
        var (id, amount, currency) = (InstrumentArgument(), Options.AmountOption(), Options.CurrencyOption());
        var undertaking = new UndertakingOptions(required: true);
        var reason = Options.TextOption("--dispute-reason", "why the rest is disputed: a file, or its hash");
        return Submission.Command(
            shell, "confirm", "Confirm a claim in whole or in part (确权).", [id, amount, currency, .. undertaking.All, reason],
            (run, now) => new Confirm(
                run.Value(id), Options.Money(run.Required(amount), run.Value(currency)),
                undertaking.Of(run, now) ?? throw UndertakingOptions.Incomplete, run.Value(reason) is { } why ? now.HashOf(why) : null),
            "receivable confirm AAAAAAAAAAAAAAAAAAAAAQ --amount 800000.00 --undertaking letter.pdf --clause clause.txt --waive-defences --dispute-reason reason.txt --key core.key.json");
    }

    static Command Dispute(Shell shell)
    {
        var id = InstrumentArgument();
        var reason = Options.File("--reason", "why: a file, or its hash");
        return Submission.Command(
            shell, "dispute", "Dispute a claim (异议).", [id, reason], (run, now) => new Dispute(run.Value(id), now.HashOf(run.Required(reason))),
            "receivable dispute AAAAAAAAAAAAAAAAAAAAAQ --reason reason.txt --key core.key.json");
    }

    static Command Issue(Shell shell)
    {
        var creditor = Options.Party("--creditor", "who is owed");
        var (amount, currency, uses) = (Options.AmountOption(), Options.CurrencyOption(), DocumentUses.Option());
        var due = Options.Option<DateOnly>("--due", "the due date, yyyy-MM-dd", Options.TryParseDate);
        var issued = Options.Optional<DateOnly>("--issue-date", "the ledger's date (default: today's at +08:00)", Options.TryParseDate);
        var bound = Options.Flag("--not-transferable", "the certificate may not be transferred");
        var undertaking = new UndertakingOptions(required: false);
        var number = Options.TextOption("--number", "platform number");
        var (days, id, offer) = (Offers.DaysOption(), Submission.IdOption<Instrument>(), Submission.IdOption<Offer>("--offer-id"));
        return Submission.Command(
            shell, "issue", "Issue a certificate to a creditor (开立); a confirmed claim in place with --id.",
            [creditor, amount, currency, due, issued, bound, uses, .. undertaking.All, number, days, id, offer],
            (run, now) => new IssueReceivable(
                run.Value(offer) ?? Submission.NewId<Offer>(), run.Value(id) ?? Submission.NewId<Instrument>(), run.Value(creditor), run.Value(currency),
                Options.Money(run.Required(amount), run.Value(currency)), run.Value(issued) ?? now.Today, run.Value(due), !run.Value(bound),
                DocumentUses.Of(run, uses, run.Value(currency)), now.InDays(run.Value(days)), undertaking.Of(run, now), run.Value(number) ?? ""),
            "receivable issue --creditor 91310115MA1000033K --amount 1000000.00 --due 2026-09-10 --document AAAAAAAAAAAAAAAAAAAAAQ=1000000.00 --id AAAAAAAAAAAAAAAAAAAAAQ --key core.key.json");
    }

    static Command Cancel(Shell shell)
    {
        var id = InstrumentArgument();
        return Submission.Command(
            shell, "cancel", "Take an issue back while nothing depends on it (作废).", [id], (run, _) => new CancelReceivable(run.Value(id)),
            "receivable cancel AAAAAAAAAAAAAAAAAAAAAQ --key core.key.json");
    }

    static Command Show(Shell shell)
    {
        var (id, node) = (InstrumentArgument(), Node.Option());
        return shell.Command(
            "show", "Show a receivable.", [id, node], (run, cancel) => Node.ShowAsync(run, node, NodePaths.Instrument(run.Value(id)), run.Value(id).ToString(), cancel),
            "receivable show AAAAAAAAAAAAAAAAAAAAAQ");
    }

    static Argument<Id<Instrument>> InstrumentArgument() => Options.Argument<Id<Instrument>>("ID", "the receivable's id", Id<Instrument>.TryParse);

    /// <summary>What an obligor binds itself to.</summary>
    sealed class UndertakingOptions(bool required)
    {
        readonly Option<string?> letter = Options.TextOption("--undertaking", "the undertaking to pay (承诺函): a file, or its hash", required);
        readonly Option<string?> clause = Options.TextOption("--clause", "the contract clause (条例 11): a file, or its hash", required);
        readonly Option<bool> waived = Options.Flag("--waive-defences", "defences are waived");

        public static StopException Incomplete => StopException.Usage("--undertaking 与 --clause 须同时给出。", "--undertaking and --clause go together.");

        public IEnumerable<Symbol> All => [letter, clause, waived];

        public Undertaking? Of(Run run, Circumstances now) => (run.Value(letter), run.Value(clause)) switch
        {
            ({ } signed, { } agreed) => new(now.HashOf(signed), run.Value(waived), now.HashOf(agreed)),
            (null, null) => null,
            _ => throw Incomplete,
        };
    }
}
