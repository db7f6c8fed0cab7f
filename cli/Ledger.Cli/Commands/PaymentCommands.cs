using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Api;
using Ledger.Client.Files;
using Ledger.Client.Payments;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
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
        new("endToEndId", "端到端标识", "end-to-end id", null), new("currency", "币种", "currency", null), new("amount", "金额", "amount", null),
        new("transferCurrency", "转账币种", "currency of transfer", null), new("creditor", "收款人", "creditor", null),
        new("creditorAccount", "收款账号", "creditor's account", null), new("remittance", "附言", "remittance", null),
    ];

    static readonly Field[] NoticeColumns =
    [
        new("account", "账号", "account", null), new("direction", "借贷", "direction", null), new("status", "状态", "status", null), new("booked", "记账日", "booked", null),
        new("value", "起息日", "value day", null), new("currency", "币种", "currency", null), new("amount", "金额", "amount", null), new("received", "到账", "received", null),
        new("reversal", "冲正", "reversal", null), new("return", "退回", "return", null), new("reason", "退回原因", "reason", null), new("endToEndId", "端到端标识", "end-to-end id", null),
        new("bankReference", "银行流水号", "bank's reference", null), new("entryReference", "记账流水号", "entry's reference", null),
        new("debtor", "付款人", "debtor", null), new("creditor", "收款人", "creditor", null), new("remittance", "附言", "remittance", null),
    ];

    static readonly Field[] InstructionColumns =
    [
        new("units", "份额", "units", null), new("payee", "收款方", "payee", null), new("costs", "费用", "costs", null),
        new("interest", "逾期利息", "late interest", null), new("principal", "本金", "principal", null), new("total", "合计", "total", null),
        new("currency", "币种", "currency", null), new("account", "账号摘要", "account's digest", null),
        new("endToEndId", "端到端标识", "end-to-end id", null),
    ];

    static readonly Field[] ReceiptColumns =
    [
        new("reference", "银行流水号", "reference", null), new("amount", "金额", "amount", null), new("currency", "币种", "currency", null),
        new("value", "起息日", "value day", null), new("outcome", "结果", "outcome", null), new("units", "份额", "units", null),
        new("payee", "收款方", "payee", null), new("reason", "未起草的原因", "why not drafted", null),
        new("file", "文件", "file", null),
    ];

    public static Command Make(Shell shell) => Shell.Noun(
        "payment", "What is to be paid, and the messages between a bank and its customers about it.", Instructions(shell), Receipts(shell), Read(shell));

    static Command Instructions(Shell shell)
    {
        var instrument = Options.Argument<Id<Instrument>>("INSTRUMENT", "the instrument's id", Id<Instrument>.TryParse);
        var on = Options.Optional<DateOnly>("--on", "the day of payment, yyyy-MM-dd (default: the ledger's)", Options.TryParseDate);
        var accounts = Options.TextOption(
            "--accounts", "accounts of the payees and of the obligor: CSV or JSON with party, account, name, bic, cnaps, disclosure");
        var (path, node) = (Options.TextOption("--out", "payment order to write (pain.001); needs --accounts"), Node.Option());
        Symbol[] symbols = [instrument, on, accounts, path, node];
        return shell.Command("instructions", "List what an obligor is to pay, and write it as a payment order (兑付指令).", symbols, async (run, cancel) =>
        {
            if (run.Value(path) is not null && run.Value(accounts) is null) throw StopException.Usage("--out 须与 --accounts 同用。", "--out needs --accounts.");
            var api = Node.Open(run, node);
            var due = await DueAsync(api, run.Value(instrument), run.Value(on), cancel);
            if (run.Value(accounts) is { } list)
            {
                var order = await OrderAsync(run, api, due, list, cancel);
                if (run.Value(path) is { } file) File.WriteAllBytes(file, order);
            }

            run.Output.Table(InstructionColumns, due.Instructions.Select(one => (IReadOnlyList<JsonNode?>)
            [
                one.Units.ToString(), one.Payee.Text, run.Output.Money(one.Costs, due.Currency), run.Output.Money(one.Interest, due.Currency),
                run.Output.Money(one.Principal, due.Currency), run.Output.Money(one.Total, due.Currency), due.Currency.Code,
                one.Account.IsZero ? null : one.Account.ToString(), due.EndToEndId(one),
            ]));
            if (due.Instructions.Count == 0) run.Output.Message($"{Day(due.On)} 无应付款项。", $"Nothing is to be paid on {Day(due.On)}.");
            return ExitCode.Ok;
        }, "payment instructions AAAAAAAAAAAAAAAAAAAAAQ", "payment instructions AAAAAAAAAAAAAAAAAAAAAQ --on 2026-09-22 --accounts accounts.csv --out order.xml");
    }

    static Command Receipts(Shell shell)
    {
        var path = Options.Text("FILE", "a bank's notice (camt.054), or - for standard input");
        var instrument = Options.Option<Id<Instrument>>("--instrument", "which instrument the money is for", Id<Instrument>.TryParse);
        var bank = Options.Party("--party", "the bank that says so");
        var lump = Options.Flag("--lump", "take credits that answer no instruction as lumps for everybody");
        var folder = Options.TextOption("--out", "a new or empty folder for the payloads, which ledger tx sign takes");
        var dryRun = Options.Flag("--dry-run", "only say what would be drafted");
        var minutes = new Option<uint>("--expires-in") { Description = "minutes from now", DefaultValueFactory = _ => 10 };
        var node = Node.Option();
        Symbol[] symbols = [path, instrument, bank, lump, folder, dryRun, minutes, node];
        return shell.Command("receipts", "Draft a payment.receipt for each credit of a bank's notice; nothing is sent.", symbols, async (run, cancel) =>
        {
            if (!run.Value(dryRun) && run.Value(folder) is null) throw StopException.Usage("请给出 --out 目录，或 --dry-run。", "Give --out DIR, or --dry-run.");
            if (!PaymentNotification.TryRead(run.Read(run.Value(path)), out var notification, out var problem)) throw Refused(problem);

            var api = Node.Open(run, node);
            var due = new Dictionary<DateOnly, DuePayments>();
            foreach (var day in ReceiptDraft.DaysOf(notification)) due[day] = await DueAsync(api, run.Value(instrument), day, cancel);
            var drafts = ReceiptDraft.Of(notification, run.Value(instrument), day => due[day], run.Value(lump), Submission.NewId<Payment>);

            var expires = (await api.HealthAsync(cancel)).LedgerTime.Add(run.Value(minutes) * Timestamp.Minute);
            var files = run.Value(dryRun) || run.Value(folder) is not { } target ? [] : Write(target, drafts, run.Value(bank), expires);
            run.Output.Table(ReceiptColumns, drafts.Select(draft => (IReadOnlyList<JsonNode?>)
            [
                draft.Receipt?.Reference ?? draft.Notice.BankReference ?? draft.Notice.EndToEndId, run.Output.Money(draft.Notice.Amount, draft.Notice.Currency),
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

        Directory.CreateDirectory(folder);
        var files = new Dictionary<ReceiptDraft, string>(ReferenceEqualityComparer.Instance);
        foreach (var draft in drafts)
        {
            if (draft.Receipt is not { } receipt) continue;
            var payload = TransactionText.WritePayload(new(bank, null, Submission.NewId<Transaction>(), expires, [receipt]));
            files[draft] = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{files.Count + 1:D4}.payload.json"));
            using var file = new FileStream(files[draft], FileMode.CreateNew, FileAccess.Write);
            file.Write(payload);
        }

        return files;
    }

    static StopException Refused(ImportProblem problem) => new(
        ExitCode.Refused, $"{(ushort)problem.Refusal} {RefusalText.Of(problem, Language.Chinese)}",
        $"{(ushort)problem.Refusal} {RefusalText.Of(problem, Language.English)}");

    static Command Read(Shell shell)
    {
        var path = Options.Text("FILE", "a payment order (pain.001) or a bank's notice (camt.054), or - for standard input");
        return shell.Command("read", "List what a payment message orders or reports, and whether its counts and sums agree.", [path], run =>
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
            run.Output.Money(notice.Amount, notice.Currency), notice.IsMoneyReceived, notice.IsReversal, notice.IsReturn, notice.ReturnReason, notice.EndToEndId,
            notice.BankReference, notice.EntryReference, notice.Debtor, notice.Creditor, notice.Remittance,
        ]));
        return ExitCode.Ok;
    }

    static string? Day(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
