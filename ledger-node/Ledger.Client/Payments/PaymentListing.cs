using System.Diagnostics.CodeAnalysis;
using Ledger.Client.Files;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Payments;

/// <summary>
/// What a payment initiation (pain.001, versions 03, 09 and 10) orders, payment by payment: for the bank that checks what it is about to send.
/// <see cref="TryCheck"/> says whether the message's counts and sums are those of its payments.
/// </summary>
public sealed record PaymentListing(string Version, string MessageId, string CreatedAt, ValueList<PaymentTotals> Totals, ValueList<ListedPayment> Payments)
{
    const string Iso = "urn:iso:std:iso:20022:tech:xsd:";

    static readonly Dictionary<string, string> Versions = new(StringComparer.Ordinal)
    {
        [$"{Iso}pain.001.001.03"] = "pain.001.001.03",
        [$"{Iso}pain.001.001.09"] = "pain.001.001.09",
        [$"{Iso}pain.001.001.10"] = "pain.001.001.10",
        ["http://www.six-interbank-clearing.com/de/pain.001.001.03.ch.02.xsd"] = "pain.001.001.03.ch.02",
    };

    public static bool TryRead(ReadOnlySpan<byte> file, [NotNullWhen(true)] out PaymentListing? listing, [NotNullWhen(false)] out ImportProblem? problem)
    {
        listing = null;
        if (!PaymentMessage.TryOpen(file, Versions, "CstmrCdtTrfInitn", out var fields, out var version, out problem)) return false;

        var message = fields.Needed(fields.Text("CstmrCdtTrfInitn/GrpHdr/MsgId")).Text;
        var created = fields.Needed(fields.Text("CstmrCdtTrfInitn/GrpHdr/CreDtTm")).Text;
        fields.Day("CstmrCdtTrfInitn/GrpHdr/CreDtTm");
        var payments = new List<ListedPayment>();
        var totals = new List<PaymentTotals>();
        foreach (var batch in fields.All("CstmrCdtTrfInitn/PmtInf"))
        {
            var first = payments.Count;
            ReadBatch(batch, payments);
            totals.Add(Stated(batch, "", first, payments.Count - first));
        }

        totals.Insert(0, Stated(fields, "CstmrCdtTrfInitn/GrpHdr/", 0, payments.Count));
        problem = fields.Problem ?? (payments.Count == 0 ? new ImportProblem(Refusal.PaymentOrderEmpty, "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf") : null);
        if (problem is not null) return false;

        listing = new(version, message ?? "", created ?? "", [.. totals], [.. payments]);
        return true;
    }

    /// <summary>Whether every count and sum that the message states is that of its payments, and no end-to-end id stands twice.</summary>
    public bool TryCheck([NotNullWhen(false)] out ImportProblem? problem)
    {
        problem = null;
        foreach (var stated in Totals)
        {
            var payments = Payments.Span.Slice(stated.First, stated.Length).ToArray();
            if (stated.Count is { } count && !MessageSum.IsCount(count, payments.Length))
                problem ??= new(Refusal.PaymentCountDisagrees, $"{stated.Path}NbOfTxs", count);
            if (stated.Sum is { } sum && (!MessageSum.TryParse(sum, out var figure) || figure != MessageSum.Of(payments.Select(payment => (payment.Amount, payment.Currency)))))
                problem ??= new(Refusal.PaymentSumDisagrees, $"{stated.Path}CtrlSum", sum);
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var payment in Payments)
        {
            if (payment.EndToEndId is { } id && !ids.Add(id)) problem ??= new(Refusal.EndToEndIdRepeated, "CdtTrfTxInf/PmtId/EndToEndId", id);
        }

        return problem is null;
    }

    static PaymentTotals Stated(StatedFields fields, string path, int first, int length)
    {
        var count = fields.Text($"{path}NbOfTxs");
        return new(count.Path[..^"NbOfTxs".Length], first, length, count.Text, fields.Text($"{path}CtrlSum").Text);
    }

    static void ReadBatch(StatedFields batch, List<ListedPayment> payments)
    {
        // A cheque has no account to which it goes.
        var method = batch.Needed(batch.Text("PmtMtd"));
        if (method.Text is not (null or "TRF" or "TRA")) batch.Say(new(Refusal.PaymentCodeUnknown, method.Path, method.Text));

        var debtor = batch.Text("Dbtr/Nm").Text;
        var account = batch.Account("DbtrAcct");
        var day = batch.Day("ReqdExctnDt/Dt", "ReqdExctnDt/DtTm", "ReqdExctnDt");
        if (account is null) batch.Needed(batch.Text("DbtrAcct/Id/IBAN"));
        if (day is null) batch.Needed(batch.First("ReqdExctnDt/Dt", "ReqdExctnDt/DtTm", "ReqdExctnDt"));

        foreach (var payment in batch.All("CdtTrfTxInf"))
        {
            payment.Needed(payment.Text("PmtId/EndToEndId"));
            var money = payment.Money("Amt/InstdAmt") ?? payment.Money("Amt/EqvtAmt/Amt");
            if (money is null) payment.Needed(payment.First("Amt/InstdAmt", "Amt/EqvtAmt/Amt"));
            payments.Add(new(
                day ?? default, debtor, account ?? default, payment.Reference("PmtId/EndToEndId"), money?.Amount ?? default, money?.Currency ?? default,
                payment.Text("Amt/EqvtAmt/CcyOfTrf").Text, payment.Text("Cdtr/Nm").Text, payment.Account("CdtrAcct"), payment.Remittance()));
        }
    }
}

/// <summary>What a message or one batch of it says about its payments from the <paramref name="First"/>-th on; null where it says nothing.</summary>
public sealed record PaymentTotals(string Path, int First, int Length, string? Count, string? Sum);

/// <summary>One payment that is ordered. Where it is to be converted, the amount is the debtor's and the currency of transfer is named.</summary>
public sealed record ListedPayment(
    DateOnly ExecutionDate, string? Debtor, PaymentAccount DebtorAccount, string? EndToEndId, Amount Amount, Currency Currency, string? TransferCurrency,
    string? Creditor, PaymentAccount? CreditorAccount, string? Remittance);
