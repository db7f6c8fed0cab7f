using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Api;
using Ledger.Client.Files;
using Ledger.Client.Payments;
using Ledger.Client.Signing;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Suites;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger payment</c>: messages between a bank and its customers, ISO 20022.</summary>
static class PaymentCommands
{
    static readonly Field[] OrderColumns =
    [
        new("day", "执行日", "execution day", null), new("debtor", "付款人", "debtor", null), new("debtorAccount", "付款账号", "debtor's account", null),
        new("endToEndId", "端到端标识", "end-to-end id", null), new("currency", "币种", "currency", null), new("amount", "金额", "amount", null, IsFigure: true),
        new("transferCurrency", "转账币种", "currency of transfer", null), new("creditor", "收款人", "creditor", null),
        new("creditorAccount", "收款账号", "creditor's account", null), new("remittance", "附言", "remittance", null),
    ];

    static readonly Field[] NoticeColumns =
    [
        new("account", "账号", "account", null), new("direction", "借贷", "direction", null), new("status", "状态", "status", null), new("booked", "记账日", "booked", null),
        new("value", "起息日", "value day", null), new("currency", "币种", "currency", null), new("amount", "金额", "amount", null, IsFigure: true), new("received", "到账", "received", null),
        new("why", "未到账的原因", "why not received", null),
        new("reversal", "冲正", "reversal", null), new("return", "退回", "return", null), new("reason", "退回原因", "reason", null), new("endToEndId", "端到端标识", "end-to-end id", null),
        new("bankReference", "银行流水号", "bank's reference", null), new("entryReference", "记账流水号", "entry's reference", null),
        new("debtor", "付款人", "debtor", null), new("creditor", "收款人", "creditor", null), new("remittance", "附言", "remittance", null),
    ];

    static readonly Field[] InstructionColumns =
    [
        new("units", "份额", "units", null), new("payee", "收款方", "payee", null), new("costs", "费用", "costs", null, IsFigure: true),
        new("interest", "逾期利息", "late interest", null, IsFigure: true), new("principal", "本金", "principal", null, IsFigure: true), new("total", "合计", "total", null, IsFigure: true),
        new("announced", "已公告", "announced", null, IsFigure: true), new("currency", "币种", "currency", null), new("account", "账号摘要", "account's digest", null),
        new("endToEndId", "端到端标识", "end-to-end id", null),
    ];

    static readonly Field[] ReceiptColumns =
    [
        new("reference", "银行流水号", "reference", null), new("amount", "金额", "amount", null, IsFigure: true), new("currency", "币种", "currency", null),
        new("value", "起息日", "value day", null), new("outcome", "结果", "outcome", null), new("units", "份额", "units", null),
        new("payee", "收款方", "payee", null), new("reason", "未起草的原因", "why not drafted", null),
        new("file", "文件", "file", null),
    ];

    public static Command Make(Shell shell) => Shell.Noun(
        "payment", "兑付：指令、银行报文、登记收款、确认到账、退回、异议。", "What is to be paid, the banks' messages about it, and what they receipt.",
        Instructions(shell), Receipts(shell), Read(shell), Receipt(shell, "receipt", "payment receipt"), Confirm(shell), Deny(shell), Return(shell), Dispute(shell), Show(shell), List(shell));

    public static Command Receipt(Shell shell, string name, string path)
    {
        var instrument = InstrumentCommands.Argument();
        var outcome = Options.Name<PaymentOutcome>("--outcome", "付款结果", "what became of it");
        var (amount, currency, reference) = (Options.AmountOption(), Options.CurrencyOption(), FinancingCommands.Reference());
        var value = Options.Date("--value-date", "起息日", "the value day");
        var units = Options.OptionalUnits("所付的份额，须与 --payee 同用；省略为全部份额均摊", "the units paid, with --payee; a lump for everybody without");
        var payee = Options.OptionalParty("--payee", "收款方", "who was paid");
        var id = Options.NewId<Payment>();
        return Submission.Command(
            shell, name, [instrument, outcome, amount, currency, reference, value, units, payee, id],
            (run, now) => new ReceivePayment(
                run.Value(id) ?? now.NewId<Payment>(), run.Value(instrument), run.Value(outcome), Options.Money(run.Required(amount), run.Value(currency)), run.Required(reference),
                run.Value(value), run.Value(units), run.Value(payee)),
            ("由收款方的银行签名，到期日前收款方共同签名；均摊的由债务人或任一收款方的银行签名，不由该行服务的各份仅为公告，待收款方或其银行确认", "by the payee's bank, before the due date the payee signs too; a lump by the obligor's or any payee's bank, which only announces the shares of those whom it does not serve"),
            $"{path} AAAAAAAAAAAAAAAAAAAAAQ --outcome paid --amount 300000.00 --reference 2026091000042 --value-date 2026-09-10 --units 1-30000000 --payee 91310115XX0000019T --key bank.key.json");
    }

    static Command Confirm(Shell shell)
    {
        var (announced, payee, reference, id) = (PaymentArgument(), Options.Party("--payee", "收款方", "to whom it was announced"), FinancingCommands.Reference(), Options.NewId<Payment>());
        return Submission.Command(
            shell, "confirm", [announced, payee, reference, id],
            (run, now) => new ConfirmPayment(run.Value(announced), run.Value(id) ?? now.NewId<Payment>(), run.Value(payee), run.Required(reference)),
            ("由收款方或其银行签名", "by the payee or its bank"),
            "payment confirm AAAAAAAAAAAAAAAAAAAAAQ --payee 91310115XX0000019T --reference 2026091000043 --key bank.key.json");
    }

    static Command Deny(Shell shell)
    {
        var (payment, payee, reason) = (PaymentArgument(), Options.Party("--payee", "收款方", "to whom it was announced"), Options.Evidence("--reason", "理由", "why"));
        return Submission.Command(
            shell, "deny", [payment, payee, reason], (run, now) => new DenyPayment(run.Value(payment), run.Value(payee), now.HashOf(run.Required(reason))),
            ("由收款方或其银行签名", "by the payee or its bank"),
            "payment deny AAAAAAAAAAAAAAAAAAAAAQ --payee 91310115XX0000019T --reason statement.pdf --key bank.key.json");
    }

    static Command Return(Shell shell)
    {
        var (payment, reference) = (PaymentArgument(), FinancingCommands.Reference());
        return Submission.Command(
            shell, "return", [payment, reference], (run, _) => new ReturnPayment(run.Value(payment), run.Required(reference)), ("由登记收款的银行签名，或收款方自行确认的由其银行签名", "by the bank that receipted it, or that of the payee that confirmed it itself"),
            "payment return AAAAAAAAAAAAAAAAAAAAAQ --reference 2026091100003 --key bank.key.json");
    }

    static Command Dispute(Shell shell)
    {
        var (payment, reason) = (PaymentArgument(), Options.Evidence("--reason", "理由", "why"));
        return Submission.Command(
            shell, "dispute", [payment, reason], (run, now) => new DisputePayment(run.Value(payment), now.HashOf(run.Required(reason))), ("由债务人或收款方签名", "by the obligor or a payee"),
            "payment dispute AAAAAAAAAAAAAAAAAAAAAQ --reason letter.pdf --key supplier.key.json");
    }

    static Command Show(Shell shell)
    {
        var (payment, reading) = (PaymentArgument(), new Reading());
        return shell.Command(
            "show", "显示一笔已登记的收款及其分配。", "Show a receipted payment and how it was shared.", [payment, .. reading.All],
            (run, cancel) => Node.ShowAsync(run, reading, NodePaths.Of("payment", run.Value(payment).ToString()), run.Value(payment).ToString(), cancel),
            "payment show AAAAAAAAAAAAAAAAAAAAAQ");
    }

    static Command List(Shell shell)
    {
        var party = Options.OptionalParty("--party", "收款方", "who has a share in them");
        var instrument = Options.OptionalId<Instrument>("--instrument", "凭证或票据", "the instrument that they are for");
        return new Listing(NounLists.Payments).Command(
            shell, "list", "列出一方的，或一张凭证的收款。", "List the payments to a party, or on an instrument.", [party, instrument],
            run => (run.Value(party), run.Value(instrument)) switch
            {
                ({ } payee, null) => NodePaths.Of(payee, "payments"),
                (null, { } paid) => NodePaths.PaymentsOn(paid),
                _ => throw StopException.Usage("请在 --party 与 --instrument 中二选一。", "Give either --party or --instrument."),
            },
            "payment list --party 91310115XX0000019T", "payment list --instrument AAAAAAAAAAAAAAAAAAAAAQ -o csv");
    }

    static Argument<Id<Payment>> PaymentArgument() => Options.IdArgument<Payment>("PAYMENT", "收款的编号", "the payment's id");

    static Command Instructions(Shell shell)
    {
        var instrument = InstrumentCommands.Argument();
        var on = Options.OptionalDate("--on", "付款日（默认：账本日期）", "the day of payment (default: the ledger's)");
        var accounts = Options.TextOption(
            "--accounts", "收款方与债务人的账号：CSV 或 JSON，含 party、account、name、bic、cnaps、disclosure", "accounts of the payees and of the obligor: CSV or JSON with party, account, name, bic, cnaps, disclosure", value: "FILE");
        var path = Options.TextOption("--out", "写出付款指令文件（pain.001）；须与 --accounts 同用", "payment order to write (pain.001); needs --accounts", value: "FILE");
        var reading = new Reading(hasHeights: false);
        Symbol[] symbols = [instrument, on, accounts, path, .. reading.All];
        return shell.Command("instructions", "列出债务人应付的款项，并可写成付款指令文件（兑付指令）。", "List what an obligor is to pay, and write it as a payment order (兑付指令).", symbols, async (run, cancel) =>
        {
            if (run.Value(path) is not null && run.Value(accounts) is null) throw StopException.Usage("--out 须与 --accounts 同用。", "--out needs --accounts.");
            var api = await reading.OpenAsync(run, cancel);
            var due = await DueAsync(api, run.Value(instrument), run.Value(on), cancel);
            if (run.Value(accounts) is { } list)
            {
                var order = await OrderAsync(run, api, due, list, cancel);
                if (run.Value(path) is { } file) File.WriteAllBytes(file, order);
            }

            run.Output.Table(InstructionColumns, due.Instructions.Select(one => (IReadOnlyList<JsonNode?>)
            [
                one.Units.ToString(), one.Payee.Text, run.Output.Money(one.Costs, due.Currency), run.Output.Money(one.Interest, due.Currency),
                run.Output.Money(one.Principal, due.Currency), run.Output.Money(one.Total, due.Currency),
                one.Announced.IsZero ? null : run.Output.Money(one.Announced, due.Currency), due.Currency.Code,
                one.Account.IsZero ? null : one.Account.ToString(), due.EndToEndId(one),
            ]));
            if (due.Instructions.Count == 0) run.Output.Message($"{Day(due.On)} 无应付款项。", $"Nothing is to be paid on {Day(due.On)}.");
            return ExitCode.Ok;
        }, "payment instructions AAAAAAAAAAAAAAAAAAAAAQ", "payment instructions AAAAAAAAAAAAAAAAAAAAAQ --on 2026-09-22 --accounts accounts.csv --out order.xml");
    }

    static Command Receipts(Shell shell)
    {
        var path = Options.Text("FILE", "银行通知（camt.054），- 为标准输入", "a bank's notice (camt.054), or - for standard input");
        var instrument = Options.Option<Id<Instrument>>("--instrument", "款项所付的凭证", "which instrument the money is for", Id<Instrument>.TryParse);
        var bank = Options.Party("--party", "作出陈述的银行", "the bank that says so");
        var lump = Options.Flag("--lump", "不对应指令的入账按全部份额均摊", "take credits that answer no instruction as lumps for everybody");
        var folder = Options.TextOption(
            "--out", "存放待签名内容的新目录或空目录，供 ledger tx sign 读取", "a new or empty folder for the payloads, which ledger tx sign takes", value: "DIR");
        var dryRun = Options.Flag("--dry-run", "只说明将起草什么", "only say what would be drafted");
        var minutes = Options.OptionalWhole("--expires-in", "有效分钟数（默认 10）", "minutes from now (default: 10)");
        var reading = new Reading(hasHeights: false);
        Symbol[] symbols = [path, instrument, bank, lump, folder, dryRun, minutes, .. reading.All];
        return shell.Command("receipts", "为银行通知中的每笔入账起草登记收款（payment.receipt）；不发送任何内容。", "Draft a payment.receipt for each credit of a bank's notice; nothing is sent.", symbols, async (run, cancel) =>
        {
            if (!run.Value(dryRun) && run.Value(folder) is null) throw StopException.Usage("请给出 --out 目录，或 --dry-run。", "Give --out DIR, or --dry-run.");
            if (!PaymentNotification.TryRead(run.Read(run.Value(path)), out var notification, out var problem)) throw Refused(problem);

            var api = await reading.OpenAsync(run, cancel);
            var due = new Dictionary<DateOnly, DuePayments>();
            foreach (var day in ReceiptDraft.DaysOf(notification)) due[day] = await DueAsync(api, run.Value(instrument), day, cancel);
            var now = (await api.HealthAsync(cancel)).LedgerTime;
            var drafts = ReceiptDraft.Of(notification, run.Value(instrument), day => due[day], run.Value(lump), () => NewId.Of<Payment>(now));

            var expires = now.Add((run.Value(minutes) ?? 10) * Timestamp.Minute);
            var files = run.Value(dryRun) || run.Value(folder) is not { } target ? [] : Write(target, drafts, run.Value(bank), expires);
            run.Output.Table(ReceiptColumns, drafts.Select(draft => (IReadOnlyList<JsonNode?>)
            [
                draft.Receipt?.Reference ?? draft.Notice.BankReference ?? draft.Notice.EndToEndId, Money(run, draft.Notice),
                draft.Notice.Currency.Code, Day(draft.Receipt?.ValueDate ?? draft.Notice.ValueDate),
                draft.Receipt is { } receipt ? JsonNamingPolicy.CamelCase.ConvertName(receipt.Outcome.ToString()) : null,
                draft.Receipt?.Units?.ToString(), draft.Receipt?.Payee?.Text,
                draft.Receipt is null ? run.Output.Say(draft.Chinese, draft.English) : null, files.GetValueOrDefault(draft),
            ]));
            if (drafts.Any(draft => draft.Receipt is not null)) return ExitCode.Ok;
            run.Output.Message("没有一笔是该凭证的兑付款。", "None of it is payment of this instrument.");
            return ExitCode.NotFound;
        }, "payment receipts notice.xml --instrument AAAAAAAAAAAAAAAAAAAAAQ --party 91440300MA1000017E --dry-run",
           "payment receipts notice.xml --instrument AAAAAAAAAAAAAAAAAAAAAQ --party 91440300MA1000017E --out receipts");
    }

    static async Task<DuePayments> DueAsync(LedgerApi api, Id<Instrument> instrument, DateOnly? on, CancellationToken cancel) =>
        await api.InstructionsAsync(instrument, on, cancel) ?? throw StopException.NotFound(instrument.ToString());

    static async Task<byte[]> OrderAsync(Run run, LedgerApi api, DuePayments due, string path, CancellationToken cancel)
    {
        if (!AccountBook.TryRead(run.Read(path), out var book, out var problem)) throw Refused(problem);
        var suite = KnownSuites.Find((await api.HealthAsync(cancel)).Suite);
        var parties = new Dictionary<PartyId, PaymentParty>();
        foreach (var id in due.Instructions.Select(one => one.Payee).Append(due.Obligor).Distinct())
        {
            if (book[id] is not { } entry) throw new StopException(ExitCode.NotFound, $"{path} 中没有 {id} 的账号。", $"{path} has no account of {id}.");
            parties[id] = new(entry.Name ?? await NameAsync(api, id, cancel), entry.Account) { Agent = entry.Agent };
        }

        foreach (var one in due.Instructions)
        {
            if (suite is not null && book[one.Payee] is { } entry && !entry.Agrees(suite, one.Account))
                throw new StopException(
                    ExitCode.VerificationFalse, $"{one.Payee} 的账号与账本登记的摘要不符。", $"The account of {one.Payee} is not the one filed on the ledger.");
        }

        return Pain001.TryWrite(due.Order(id => parties[id], TimeSpan.FromHours(8)), out var order, out problem) ? order : throw Refused(problem);
    }

    static async Task<string> NameAsync(LedgerApi api, PartyId id, CancellationToken cancel)
    {
        using var party = await api.ReadAsync(NodePaths.Party(id), cancel) ?? throw StopException.NotFound(id.Text);
        return party.RootElement.GetProperty("name").GetString() ?? id.Text;
    }

    // Nothing is overwritten, and nothing of an earlier notice lies between.
    static Dictionary<ReceiptDraft, string> Write(string folder, IReadOnlyList<ReceiptDraft> drafts, PartyId bank, Timestamp expires)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new StopException(ExitCode.Fault, $"{folder} 不是空目录，不予覆盖。", $"{folder} is not empty; nothing is overwritten.");

        OwnerOnly.CreateFolder(folder);
        var files = new Dictionary<ReceiptDraft, string>(ReferenceEqualityComparer.Instance);
        foreach (var draft in drafts)
        {
            if (draft.Receipt is not { } receipt) continue;
            var payload = TransactionText.WritePayload(new(bank, null, NewId.Of<Transaction>(expires), expires, [receipt]));
            files[draft] = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{files.Count + 1:D4}.payload.json"));
            using var file = OwnerOnly.Create(files[draft], FileMode.CreateNew);
            file.Write(payload);
        }

        return files;
    }

    static StopException Refused(ImportProblem problem) => new(
        ExitCode.Refused, $"{(ushort)problem.Refusal} {RefusalText.Of(problem, Language.Chinese)}",
        $"{(ushort)problem.Refusal} {RefusalText.Of(problem, Language.English)}");

    static Command Read(Shell shell)
    {
        var path = Options.Text("FILE", "付款指令（pain.001）或银行通知（camt.054），- 为标准输入", "a payment order (pain.001) or a bank's notice (camt.054), or - for standard input");
        return shell.Command("read", "列出付款报文的内容，并核对笔数与合计。", "List what a payment message orders or reports, and whether its counts and sums agree.", [path], run =>
        {
            var file = run.Read(run.Value(path));
            if (PaymentNotification.TryRead(file, out var notification, out var problem)) return Tell(run, notification);
            if (problem.Refusal == Refusal.NotAPaymentMessage && PaymentListing.TryRead(file, out var listing, out problem)) return Tell(run, listing);
            throw Refused(problem);
        }, "payment read notice.xml", "payment read order.xml -o json");
    }

    static int Tell(Run run, PaymentListing listing)
    {
        run.Output.Message($"{listing.Version} {listing.MessageId}：{listing.Payments.Count} 笔", $"{listing.Version} {listing.MessageId}: {listing.Payments.Count} payments");
        run.Output.Table(OrderColumns, listing.Payments.Select(payment => (IReadOnlyList<JsonNode?>)
        [
            Day(payment.ExecutionDate), payment.Debtor, payment.DebtorAccount.Number, payment.EndToEndId, payment.Currency.Code, run.Output.Money(payment.Amount, payment.Currency),
            payment.TransferCurrency, payment.Creditor, payment.CreditorAccount?.Number, payment.Remittance,
        ]));
        if (listing.TryCheck(out var problem)) return ExitCode.Ok;

        var sentence = $"{(ushort)problem.Refusal} {RefusalText.Of(problem, run.Output.Language)}";
        run.Output.Message(sentence, sentence);
        return ExitCode.Refused;
    }

    static int Tell(Run run, PaymentNotification notification)
    {
        run.Output.Message(
            $"{notification.Version} {notification.MessageId}：{notification.Notices.Count} 笔", $"{notification.Version} {notification.MessageId}: {notification.Notices.Count} transactions");
        run.Output.Table(NoticeColumns, notification.Notices.Select(notice => (IReadOnlyList<JsonNode?>)
        [
            notice.Account.Number, notice.IsCredit ? "CRDT" : "DBIT", notice.Status, Day(notice.BookingDate), Day(notice.ValueDate), notice.Currency.Code,
            Money(run, notice), notice.IsMoneyReceived, notice.WhyNotReceived(run.Output.Language), notice.IsReversal, notice.IsReturn, notice.ReturnReason, notice.EndToEndId,
            notice.BankReference, notice.EntryReference, notice.Debtor, notice.Creditor, notice.Remittance,
        ]));
        foreach (var problem in notification.Problems)
        {
            var sentence = $"{(ushort)problem.Refusal} {RefusalText.Of(problem, run.Output.Language)}";
            run.Output.Message(sentence, sentence);
        }

        return notification.Problems.Count == 0 ? ExitCode.Ok : ExitCode.Refused;
    }

    // An entry that could not be read may have no amount.
    static JsonNode? Money(Run run, PaymentNotice notice) => notice.Currency == default ? null : run.Output.Money(notice.Amount, notice.Currency);

    static string? Day(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
