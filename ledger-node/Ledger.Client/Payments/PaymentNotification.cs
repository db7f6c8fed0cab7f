using System.Diagnostics.CodeAnalysis;
using Ledger.Client.Files;
using Ledger.Core.Primitives;

namespace Ledger.Client.Payments;

/// <summary>
/// A bank's notice of what it credited and debited (camt.054, versions 02, 04 and 08), one notice a transaction. A message whose counts or sums
/// are not those of its entries is refused: it cannot prove a payment.
/// </summary>
public sealed record PaymentNotification(string Version, string MessageId, string CreatedAt, ValueList<PaymentNotice> Notices)
{
    const string Iso = "urn:iso:std:iso:20022:tech:xsd:";

    static readonly Dictionary<string, string> Versions = new(StringComparer.Ordinal)
    {
        [$"{Iso}camt.054.001.02"] = "camt.054.001.02",
        [$"{Iso}camt.054.001.04"] = "camt.054.001.04",
        [$"{Iso}camt.054.001.08"] = "camt.054.001.08",
    };

    public static bool TryRead(ReadOnlySpan<byte> file, [NotNullWhen(true)] out PaymentNotification? notification, [NotNullWhen(false)] out ImportProblem? problem)
    {
        notification = null;
        if (!PaymentMessage.TryOpen(file, Versions, "BkToCstmrDbtCdtNtfctn", out var fields, out var version, out problem)) return false;

        var message = fields.Needed(fields.Text("BkToCstmrDbtCdtNtfctn/GrpHdr/MsgId")).Text;
        var created = fields.Needed(fields.Text("BkToCstmrDbtCdtNtfctn/GrpHdr/CreDtTm")).Text;
        fields.Day("BkToCstmrDbtCdtNtfctn/GrpHdr/CreDtTm");
        var notices = new List<PaymentNotice>();
        foreach (var account in fields.All("BkToCstmrDbtCdtNtfctn/Ntfctn")) AccountNotification.Read(account, notices);
        problem = fields.Problem;
        if (problem is not null) return false;

        notification = new(version, message ?? "", created ?? "", [.. notices]);
        return true;
    }
}

/// <summary>
/// One transaction on an account. <see cref="EndToEndId"/> is what the payer's order gave; <see cref="BankReference"/> is what the bank that keeps
/// the account gave. <see cref="EntryReference"/> is that of the booking, which several transactions may share.
/// </summary>
public sealed record PaymentNotice(
    PaymentAccount Account, Amount Amount, Currency Currency, bool IsCredit, bool IsReversal, bool IsReturn, string? ReturnReason, string Status,
    DateOnly? BookingDate, DateOnly? ValueDate, string? EndToEndId, string? BankReference, string? EntryReference,
    string? Debtor, string? Creditor, string? Remittance)
{
    /// <summary>Whether money came in by this: booked, a credit, and neither the reversal nor the return of another payment.</summary>
    public bool IsMoneyReceived => IsCredit && !IsReversal && !IsReturn && Status == "BOOK";
}
