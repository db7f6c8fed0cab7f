using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Client.Payments;
using Ledger.Client.Text;
using Ledger.Core.State;

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

    public static Command Make(Shell shell) => Shell.Noun("payment", "Read payment messages.", Read(shell));

    static Command Read(Shell shell)
    {
        var path = Options.Text("FILE", "a payment order (pain.001) or a bank's notice (camt.054), or - for standard input");
        return shell.Command("read", "List what a payment message orders or reports, and whether its counts and sums agree.", [path], run =>
        {
            var file = run.Read(run.Value(path));
            if (PaymentNotification.TryRead(file, out var notification, out var problem)) return Tell(run, notification);
            if (problem.Refusal == Refusal.NotAPaymentMessage && PaymentListing.TryRead(file, out var listing, out problem)) return Tell(run, listing);
            throw new StopException(
                ExitCode.Refused, $"{(ushort)problem.Refusal} {RefusalText.Of(problem, Language.Chinese)}", $"{(ushort)problem.Refusal} {RefusalText.Of(problem, Language.English)}");
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
