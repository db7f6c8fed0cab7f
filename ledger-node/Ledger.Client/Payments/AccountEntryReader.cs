using Ledger.Client.Files;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Payments;

/// <summary>Reads one entry of a camt.054, and the transactions of a batch that was booked as one.</summary>
static class AccountEntryReader
{
    static readonly string[] Statuses = ["BOOK", "PDNG", "INFO", "FUTR"];

    // Credit transfers that the account's owner issued: what of them is a credit came back.
    static readonly string[] IssuedTransfers = ["ICDT", "IRCT"];

    public static BookedEntry Read(StatedFields fields, PaymentAccount account)
    {
        var money = fields.Money("Amt");
        if (money is null) fields.Needed(fields.Text("Amt"));
        var isCredit = IsCredit(fields);
        if (isCredit is null) fields.Needed(fields.Text("CdtDbtInd"));

        var whole = new PaymentNotice(
            account, money?.Amount ?? default, money?.Currency ?? default, isCredit ?? false,
            fields.Text("RvslInd").Text is not null && fields.IsTrue("RvslInd"), IsReturn: false, ReturnReason: null, Status(fields),
            fields.Day("BookgDt/Dt", "BookgDt/DtTm"), fields.Day("ValDt/Dt", "ValDt/DtTm"), EndToEndId: null, BankReference: null,
            fields.Reference("AcctSvcrRef"), Debtor: null, Creditor: null, Remittance: null);

        var batches = fields.All("NtryDtls");
        var details = batches.SelectMany(batch => batch.All("TxDtls")).ToArray();
        PaymentNotice[] notices = details.Length == 0
            ? [Told(fields, fields, whole, isWholeEntry: true)]
            : ReadDetails(fields, batches, details, whole);
        return new(money, isCredit, [.. notices.Select(notice => notice with { Problem = fields.Problem })]);
    }

    public static void CheckCount(StatedFields fields, string path, int count)
    {
        var stated = fields.Text(path);
        if (stated.Text is { } text && !MessageSum.IsCount(text, count)) fields.Say(new(Refusal.PaymentCountDisagrees, stated.Path, text));
    }

    static PaymentNotice[] ReadDetails(StatedFields fields, IReadOnlyList<StatedFields> batches, StatedFields[] details, PaymentNotice whole)
    {
        var shares = details.Select(detail => BookedShare.Read(detail, whole, IsCredit(detail) ?? whole.IsCredit, isOnly: details.Length == 1)).ToArray();
        if (whole.Currency != default && fields.Problem is null) BookedShare.Check(fields, batches, shares, whole);

        // What was booked is what came in: of a single transaction that is the entry's amount, whatever was instructed.
        var net = BookedShare.AreNet(shares, whole);
        return
        [
            .. details.Zip(shares, (detail, share) => Told(fields, detail, whole, details.Length == 1) with
            {
                Amount = details.Length == 1 ? whole.Amount : share.Booked(net),
                IsCredit = share.IsCredit,
            }),
        ];
    }

    static PaymentNotice Told(StatedFields entry, StatedFields fields, PaymentNotice whole, bool isWholeEntry)
    {
        var isCredit = IsCredit(fields) ?? whole.IsCredit;
        var reason = fields.First("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry").Text ?? entry.First("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry").Text;
        var code = CodeOfReturn(fields) ?? CodeOfReturn(entry);
        var isReturn = code is not null || reason is not null || fields.All("RtrInf").Count > 0 || (isCredit && (IsIssued(fields) || IsIssued(entry)));
        return whole with
        {
            IsReturn = isReturn,
            ReturnReason = reason ?? code?.Code,
            ReturnMeaning = (ReturnCodes.Find(ReturnCodes.Reasons, reason) ?? ReturnCodes.Find(ReturnCodes.Reversals, reason) ?? (reason is null ? code : null))?.Meaning,
            EndToEndId = fields.Reference("Refs/EndToEndId"),
            BankReference = fields.Reference("Refs/AcctSvcrRef") ?? (isWholeEntry ? whole.EntryReference : null),
            Debtor = Party(fields, "Dbtr"),
            Creditor = Party(fields, "Cdtr"),
            Remittance = fields.Remittance(),
        };
    }

    static ReturnCode? CodeOfReturn(StatedFields fields) =>
        ReturnCodes.Find(ReturnCodes.SubFamilies, fields.Text("BkTxCd/Domn/Fmly/SubFmlyCd").Text)
        ?? ReturnCodes.FindProprietary(fields.Text("BkTxCd/Prtry/Cd").Text)
        ?? ReturnCodes.Find(ReturnCodes.Purposes, fields.Text("Purp/Cd").Text);

    static bool IsIssued(StatedFields fields) => fields.Text("BkTxCd/Domn/Fmly/Cd").Text is { } family && IssuedTransfers.Contains(family);

    // Version 08 tells people and banks apart.
    static string? Party(StatedFields fields, string role) =>
        fields.First($"RltdPties/{role}/Pty/Nm", $"RltdPties/{role}/Agt/FinInstnId/Nm", $"RltdPties/{role}/Nm").Text;

    static bool? IsCredit(StatedFields fields)
    {
        var stated = fields.Text("CdtDbtInd");
        if (stated.Text is not (null or "CRDT" or "DBIT")) fields.Say(new(Refusal.PaymentCodeUnknown, stated.Path, stated.Text));
        return stated.Text is "CRDT" or "DBIT" ? stated.Text == "CRDT" : null;
    }

    static string Status(StatedFields fields)
    {
        var stated = fields.Needed(fields.First("Sts/Cd", "Sts/Prtry", "Sts"));
        if (stated.Text is { } text && !Statuses.Contains(text)) fields.Say(new(Refusal.PaymentCodeUnknown, stated.Path, text));
        return stated.Text ?? "";
    }
}

/// <summary>An entry as the summary counts it; what is null could not be read.</summary>
readonly record struct BookedEntry((Amount Amount, Currency Currency)? Money, bool? IsCredit, ValueList<PaymentNotice> Notices);
