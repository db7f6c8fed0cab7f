using System.CommandLine;
using Ledger.Cli.Help;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger bill</c>: supply-chain bills by intervals. Every act is an offer that the other side accepts, and where there is a bill register, it answers.</summary>
static class BillCommands
{
    const string Id = "AAAAAAAAAAAAAAAAAAAAAQ";

    public static Command Make(Shell shell) => Shell.Noun(
        "bill", "供应链票据：出票、承兑、收票、保证、质押、付款、追索。", "Supply-chain bills: register, accept, deliver, guarantee, pledge, pay, recourse.",
        Register(shell), PresentForAcceptance(shell), Deliver(shell), Cancel(shell), Guarantee(shell), Pledge(shell), ReleasePledge(shell), AllowTransfer(shell),
        Present(shell), Recourse(shell), SettleRecourse(shell), Import(shell), Attest(shell), Reconcile(shell), InstrumentCommands.Show(shell, "bill show"));

    static Command Register(Shell shell)
    {
        var acceptor = Options.Party("--acceptor", "承兑人", "who is to accept");
        var payee = Options.Party("--payee", "收款人", "the payee");
        var (bill, uses) = (new BillOptions(), DocumentUses.Option());
        var issued = Options.OptionalDate("--issue-date", "账本日期（默认：+08:00 的今天）", "the ledger's date (default: today's at +08:00)");
        return Submission.Command(
            shell, "register", [acceptor, payee, .. bill.All, issued, uses],
            (run, now) => new RegisterBill(
                bill.Id(run, now), bill.Package(run), run.Value(acceptor), run.Value(payee), bill.Currency(run), bill.Amount(run), run.Value(issued) ?? now.Today, bill.Due(run),
                bill.IsTransferable(run), bill.IsUndivided(run), DocumentUses.Of(run, uses, bill.Currency(run)), now.Terms),
            ("由出票人签名", "by the drawer"),
            "bill register --acceptor 91320500XX0001003F --payee 91310115XX0000019T --package-number 630000000000020260401000000001 --amount 500000.00 --due 2026-10-01 --key core.key.json");
    }

    static Command PresentForAcceptance(Shell shell)
    {
        var (bill, days, offer) = (InstrumentCommands.Argument(), Offers.DaysOption(3), NewOffer());
        return Submission.Command(
            shell, "present-for-acceptance", [bill, days, offer], (run, now) => new PresentForAcceptance(IdOf(run, now, offer), run.Value(bill), now.InDays(run.Value(days))),
            ("由出票人签名，至多三天", "by the drawer, for at most three days"), $"bill present-for-acceptance {Id} --key drawer.key.json");
    }

    static Command Deliver(Shell shell)
    {
        var (bill, days, offer) = (InstrumentCommands.Argument(), Offers.DaysOption(), NewOffer());
        return Submission.Command(
            shell, "deliver", [bill, days, offer], (run, now) => new DeliverBill(IdOf(run, now, offer), run.Value(bill), now.InDays(run.Value(days))),
            ("由出票人签名", "by the drawer"), $"bill deliver {Id} --key drawer.key.json");
    }

    static Command Cancel(Shell shell)
    {
        var (bill, offer) = (InstrumentCommands.Argument(), NewOffer());
        return Submission.Command(
            shell, "cancel", [bill, offer], (run, now) => new CancelBill(IdOf(run, now, offer), run.Value(bill)), ("由出票人签名", "by the drawer"), $"bill cancel {Id} --key drawer.key.json");
    }

    static Command Guarantee(Shell shell)
    {
        var (bill, units, days, offer) = (InstrumentCommands.Argument(), Options.Units(), Offers.DaysOption(), NewOffer());
        var guarantor = Options.Party("--guarantor", "保证人", "who is to guarantee");
        return Submission.Command(
            shell, "guarantee", [bill, units, guarantor, days, offer],
            (run, now) => new GuaranteeBill(IdOf(run, now, offer), run.Value(bill), run.Value(units), run.Value(guarantor), now.InDays(run.Value(days))),
            ("由持票人签名", "by the holder"), $"bill guarantee {Id} --units 1-50000000 --guarantor 91440300MA1000017E --key holder.key.json");
    }

    static Command Pledge(Shell shell)
    {
        var (bill, units, days, offer) = (InstrumentCommands.Argument(), Options.Units(), Offers.DaysOption(), NewOffer());
        var pledgee = Options.Party("--pledgee", "质权人", "the pledgee");
        return Submission.Command(
            shell, "pledge", [bill, units, pledgee, days, offer],
            (run, now) => new PledgeBill(IdOf(run, now, offer), run.Value(bill), run.Value(units), run.Value(pledgee), now.InDays(run.Value(days))),
            ("由持票人签名", "by the holder"), $"bill pledge {Id} --units 1-50000000 --pledgee 91440300MA1000017E --key holder.key.json");
    }

    static Command ReleasePledge(Shell shell)
    {
        var (pledge, offer) = (Options.IdArgument<Offer>("PLEDGE", "质押背书的要约编号", "the offer of the pledge"), NewOffer());
        return Submission.Command(
            shell, "release-pledge", [pledge, offer], (run, now) => new ReleaseBillPledge(IdOf(run, now, offer), run.Value(pledge)), ("由质权人签名", "by the pledgee"),
            $"bill release-pledge {Id} --key bank.key.json");
    }

    static Command AllowTransfer(Shell shell)
    {
        var (bill, units, offer) = (InstrumentCommands.Argument(), Options.Units(), NewOffer());
        return Submission.Command(
            shell, "allow-transfer", [bill, units, offer], (run, now) => new AllowTransfer(IdOf(run, now, offer), run.Value(bill), run.Value(units)),
            ("由记载不得转让的一方签名", "by who endorsed them as not transferable"), $"bill allow-transfer {Id} --units 1-50000000 --key endorser.key.json");
    }

    static Command Present(Shell shell)
    {
        var (bill, units, days, offer) = (InstrumentCommands.Argument(), Options.Units(), Offers.DaysOption(), NewOffer());
        var explanation = Options.Evidence("--explanation", "逾期提示的说明", "why it is presented late", required: false);
        return Submission.Command(
            shell, "present", [bill, units, explanation, days, offer],
            (run, now) => new PresentBill(IdOf(run, now, offer), run.Value(bill), run.Value(units), now.InDays(run.Value(days)), now.HashOfGiven(run.Value(explanation))),
            ("由持票人签名；已质押的由质权人签名", "by the holder, or the pledgee of pledged units"), $"bill present {Id} --units 1-50000000 --key holder.key.json");
    }

    static Command Recourse(Shell shell)
    {
        var (bill, units, days, offer) = (InstrumentCommands.Argument(), Options.Units(), Offers.DaysOption(), NewOffer());
        var debtor = Options.Party("--debtor", "被追索人", "who is asked to pay");
        var endorsement = Options.OptionalId<Offer>("--endorsement", "被追索人背书的要约编号", "the offer by which the debtor endorsed");
        return Submission.Command(
            shell, "recourse", [bill, units, debtor, endorsement, days, offer],
            (run, now) => new AskRecourse(IdOf(run, now, offer), run.Value(bill), run.Value(units), run.Value(debtor), now.InDays(run.Value(days)), run.Value(endorsement), now.Terms),
            ("由持票人签名；已质押的由质权人签名", "by the holder, or the pledgee of pledged units"), $"bill recourse {Id} --units 1-50000000 --debtor 91310115XX0000019T --key holder.key.json");
    }

    static Command SettleRecourse(Shell shell)
    {
        var (offer, reference) = (Options.IdArgument<Offer>("OFFER", "追索的要约编号", "the offer of the recourse"), FinancingCommands.Reference());
        return Submission.Command(
            shell, "settle-recourse", [offer, reference], (run, _) => new SettleRecourse(run.Value(offer), run.Required(reference)),
            ("由追索方的银行签名", "by the bank of who asked"), $"bill settle-recourse {Id} --reference 2026100100001 --key bank.key.json");
    }

    static Command Import(Shell shell)
    {
        var (drawer, acceptor) = (Options.Party("--drawer", "出票人", "the drawer"), Options.Party("--acceptor", "承兑人", "the acceptor"));
        var (holder, bill) = (Options.Party("--holder", "持票人", "the holder"), new BillOptions());
        var issued = Options.Date("--issue-date", "出票日", "the date of issue");
        return Submission.Command(
            shell, "import", [drawer, acceptor, holder, .. bill.All, issued],
            (run, now) => new ImportBill(
                bill.Id(run, now), bill.Package(run), run.Value(drawer), run.Value(acceptor), run.Value(holder), bill.Currency(run), bill.Amount(run), run.Value(issued), bill.Due(run),
                bill.IsTransferable(run), bill.IsUndivided(run), now.Terms),
            ("由票据登记机构签名，持票人共同签名；没有登记机构时由创世所定的一方签名", "by the bill register, the holder signs too; without a register by the authority of genesis"),
            "bill import --drawer 91320500XX0001003F --acceptor 91320500XX0001003F --holder 91310115XX0000019T --package-number 630000000000020260401000000001"
            + " --amount 500000.00 --issue-date 2026-04-01 --due 2026-10-01 --key register.key.json --co-sign holder.key.json");
    }

    static Command Attest(Shell shell)
    {
        var (bill, message, units) = (InstrumentCommands.Argument(), MessageOption(), Options.Units());
        var (statuses, flows) = (new NamedValues<BillStatus>(BillCodes.Of), new NamedValues<BillFlow>(BillCodes.Of));
        var after = statuses.OfferedBy(Options.Option<BillStatus>("--status-after", "变更后的票据状态", "the status after it", statuses.TryParse, value: statuses.Help));
        var flowAfter = flows.OfferedBy(Options.Option<BillFlow>("--flow-after", "变更后的流通标志", "the flow after it", flows.TryParse, value: flows.Help));
        var before = statuses.OfferedBy(Options.Optional<BillStatus>("--status-before", "变更前的票据状态", "the status before it", statuses.TryParse, value: statuses.Help));
        var flowBefore = flows.OfferedBy(Options.Optional<BillFlow>("--flow-before", "变更前的流通标志", "the flow before it", flows.TryParse, value: flows.Help));
        var done = Options.Flag("--done", "登记机构已办理", "the register has done it");
        var offer = Options.OptionalId<Offer>("--offer", "所答复的指令", "the instruction that it answers");
        return Submission.Command(
            shell, "attest", [bill, message, units, after, flowAfter, before, flowBefore, done, offer],
            (run, _) => new AttestBill(
                run.Required(message), run.Value(bill), run.Value(units), run.Value(after), run.Value(flowAfter), run.Value(done), run.Value(before), run.Value(flowBefore), run.Value(offer)),
            ("由票据登记机构签名", "by the bill register"),
            $"bill attest {Id} --message-id M0001 --units 1-50000000 --status-before CS01 --flow-before TF0101 --status-after CS02 --flow-after TF0101 --done --key register.key.json");
    }

    static Command Reconcile(Shell shell)
    {
        var message = Options.Text("MESSAGE", "登记机构报文的编号", "the register's message");
        var reviewer = Options.Party("--reviewer", "复核银行", "the bank that reviews it");
        var offer = Options.OptionalId<Offer>("--offer", "已办理的指令", "the instruction that was carried out");
        return Submission.Command(
            shell, "reconcile", [message, reviewer, offer], (run, _) => new ReconcileBill(run.Value(message), run.Value(reviewer), run.Value(offer)),
            ("由票据登记机构签名，另一银行复核并共同签名", "by the bill register; another bank reviews and signs too"),
            "bill reconcile M0001 --reviewer 91440300MA1000017E --key register.key.json --co-sign bank.key.json");
    }

    static Option<Id<Offer>?> NewOffer() => Options.NewId<Offer>("--offer-id");

    static Id<Offer> IdOf(Run run, Circumstances now, Option<Id<Offer>?> option) => run.Value(option) ?? now.NewId<Offer>();

    static Option<string> MessageOption() => new Option<string>("--message-id") { Required = true, HelpName = "TEXT" }.Told("报文编号", "the message's id");

    /// <summary>What a bill package is, whoever enters it.</summary>
    sealed class BillOptions
    {
        readonly Option<string> package = new Option<string>("--package-number") { Required = true, HelpName = "30 DIGITS" }.Told("票据包号，30 位", "the package's number, 30 digits");
        readonly Option<string> amount = Options.AmountOption();
        readonly Option<Currency> currency = Options.CurrencyOption();
        readonly Option<DateOnly> due = Options.Date("--due", "到期日", "the due date");
        readonly Option<bool> bound = Options.Flag("--not-transferable", "不得转让", "it may not be transferred");
        readonly Option<bool> undivided = Options.Flag("--undivided", "不可分包流转", "it may not be divided");
        readonly Option<Id<Instrument>?> id = Options.NewId<Instrument>();

        public IEnumerable<Symbol> All => [package, amount, currency, due, bound, undivided, id];

        public Id<Instrument> Id(Run run, Circumstances now) => run.Value(id) ?? now.NewId<Instrument>();

        public string Package(Run run) => run.Required(package);

        public Currency Currency(Run run) => run.Value(currency);

        public Amount Amount(Run run) => Options.Money(run.Required(amount), run.Value(currency));

        public DateOnly Due(Run run) => run.Value(due);

        public bool IsTransferable(Run run) => !run.Value(bound);

        public bool IsUndivided(Run run) => run.Value(undivided);
    }
}
