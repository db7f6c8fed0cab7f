using Ledger.Client.Files;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Payments;

/// <summary>Reads what a camt.054 says of one account: entries, and the transactions of a batch that was booked as one.</summary>
static class AccountNotification
{
    static readonly string[] Statuses = ["BOOK", "PDNG", "INFO", "FUTR"];

    public static void Read(StatedFields fields, List<PaymentNotice> notices)
    {
        if (fields.Account("Acct") is not { } account)
        {
            fields.Needed(fields.Text("Acct/Id/IBAN"));
            return;
        }

        var entries = fields.All("Ntry").Select(entry => ReadEntry(entry, account, notices)).ToArray();
        if (fields.Problem is null && IsWhole(fields)) CheckSummary(fields, entries);
    }

    // A summary may count the entries of all pages.
    static bool IsWhole(StatedFields fields) =>
        fields.Text("NtfctnPgntn/PgNb").Text is null or "1" && fields.Text("NtfctnPgntn/LastPgInd").Text is null or "true" or "1";

    // The net sum is left alone: banks differ in the sign that they give a reversal.
    static void CheckSummary(StatedFields fields, Entry[] entries)
    {
        Check("TxsSummry/TtlNtries", _ => true);
        Check("TxsSummry/TtlCdtNtries", entry => entry.IsCredit);
        Check("TxsSummry/TtlDbtNtries", entry => !entry.IsCredit);

        void Check(string path, Func<Entry, bool> belongs)
        {
            var counted = entries.Where(belongs).ToArray();
            CheckCount(fields, $"{path}/NbOfNtries", counted.Length);
            var sum = fields.Text($"{path}/Sum");
            if (sum.Text is { } stated && (!MessageSum.TryParse(stated, out var figure) || figure != MessageSum.Of(counted.Select(entry => (entry.Amount, entry.Currency)))))
                fields.Say(new(Refusal.PaymentSumDisagrees, sum.Path, stated));
        }
    }

    static void CheckCount(StatedFields fields, string path, int count)
    {
        var stated = fields.Text(path);
        if (stated.Text is { } text && !MessageSum.IsCount(text, count)) fields.Say(new(Refusal.PaymentCountDisagrees, stated.Path, text));
    }

    static Entry ReadEntry(StatedFields fields, PaymentAccount account, List<PaymentNotice> notices)
    {
        var money = fields.Money("Amt");
        if (money is null) fields.Needed(fields.Text("Amt"));
        var entry = new Entry(
            money?.Amount ?? default, money?.Currency ?? default, IsCredit(fields) ?? true,
            fields.Text("RvslInd").Text is not null && fields.IsTrue("RvslInd"), Status(fields), IsReturn(fields),
            fields.Day("BookgDt/Dt", "BookgDt/DtTm"), fields.Day("ValDt/Dt", "ValDt/DtTm"), fields.Reference("AcctSvcrRef"));
        if (fields.Text("CdtDbtInd").Text is null) fields.Needed(fields.Text("CdtDbtInd"));

        var batches = fields.All("NtryDtls");
        var details = batches.SelectMany(batch => batch.All("TxDtls")).ToArray();
        if (details.Length == 0)
        {
            notices.Add(Notice(account, entry, entry.Amount, entry.IsCredit, fields, isWholeEntry: true));
            return entry;
        }

        var first = notices.Count;
        foreach (var detail in details) ReadDetail(detail, account, entry, isWholeEntry: details.Length == 1, notices);
        if (fields.Problem is null) CheckBatches(fields, batches, entry, notices, first);
        return entry;
    }

    static void ReadDetail(StatedFields fields, PaymentAccount account, Entry entry, bool isWholeEntry, List<PaymentNotice> notices)
    {
        var money = fields.Money("Amt") ?? fields.Money("AmtDtls/TxAmt/Amt");
        var path = fields.Text("AmtDtls/TxAmt/Amt").Path;
        if (money is null && !isWholeEntry) fields.Say(new(Refusal.PaymentDetailWithoutAmount, path));
        if (money is { } stated && stated.Currency != entry.Currency) fields.Say(new(Refusal.CurrenciesDiffer, path, stated.Currency.Code));
        notices.Add(Notice(account, entry, money?.Amount ?? entry.Amount, IsCredit(fields) ?? entry.IsCredit, fields, isWholeEntry));
    }

    // What the details come to is what was booked.
    static void CheckBatches(StatedFields fields, IReadOnlyList<StatedFields> batches, Entry entry, List<PaymentNotice> notices, int first)
    {
        var from = first;
        foreach (var batch in batches)
        {
            var count = batch.All("TxDtls").Count;
            if (count == 0) continue;
            CheckCount(batch, "Btch/NbOfTxs", count);
            var total = batch.Money("Btch/TtlAmt");
            if (total is { } stated && Signed(notices.Skip(from).Take(count), entry.IsCredit) != (long)stated.Amount.Minor)
                batch.Say(new(Refusal.PaymentSumDisagrees, batch.Text("Btch/TtlAmt").Path, batch.Text("Btch/TtlAmt").Text));
            from += count;
        }

        if (Signed(notices.Skip(first), entry.IsCredit) != (long)entry.Amount.Minor)
            fields.Say(new(Refusal.PaymentSumDisagrees, fields.Text("Amt").Path, fields.Text("Amt").Text));
    }

    static long Signed(IEnumerable<PaymentNotice> notices, bool isCredit) =>
        notices.Sum(notice => notice.IsCredit == isCredit ? (long)notice.Amount.Minor : -(long)notice.Amount.Minor);

    static PaymentNotice Notice(PaymentAccount account, Entry entry, Amount amount, bool isCredit, StatedFields fields, bool isWholeEntry) => new(
        account, amount, entry.Currency, isCredit, entry.IsReversal, entry.IsReturn || IsReturn(fields), fields.First("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry").Text,
        entry.Status, entry.BookingDate, entry.ValueDate, fields.Reference("Refs/EndToEndId"),
        fields.Reference("Refs/AcctSvcrRef") ?? (isWholeEntry ? entry.Reference : null), entry.Reference,
        Party(fields, "Dbtr"), Party(fields, "Cdtr"), fields.Remittance());

    // Version 08 tells people and banks apart.
    static string? Party(StatedFields fields, string role) =>
        fields.First($"RltdPties/{role}/Pty/Nm", $"RltdPties/{role}/Agt/FinInstnId/Nm", $"RltdPties/{role}/Nm").Text;

    static bool? IsCredit(StatedFields fields)
    {
        var stated = fields.Text("CdtDbtInd");
        if (stated.Text is not (null or "CRDT" or "DBIT")) fields.Say(new(Refusal.PaymentCodeUnknown, stated.Path, stated.Text));
        return stated.Text is null ? null : stated.Text == "CRDT";
    }

    static string Status(StatedFields fields)
    {
        var stated = fields.Needed(fields.First("Sts/Cd", "Sts/Prtry", "Sts"));
        if (stated.Text is { } text && !Statuses.Contains(text)) fields.Say(new(Refusal.PaymentCodeUnknown, stated.Path, text));
        return stated.Text ?? "";
    }

    // The bank says why a payment came back, or says so by its code: RRTN return, RPCR cancellation.
    static bool IsReturn(StatedFields fields) =>
        fields.All("RtrInf").Count > 0 || fields.Text("BkTxCd/Domn/Fmly/SubFmlyCd").Text is "RRTN" or "RPCR";

    readonly record struct Entry(
        Amount Amount, Currency Currency, bool IsCredit, bool IsReversal, string Status, bool IsReturn, DateOnly? BookingDate, DateOnly? ValueDate, string? Reference);
}
