using System.Diagnostics.CodeAnalysis;
using Ledger.Client.Files;
using Ledger.Client.Text;
using Ledger.Core.Primitives;

namespace Ledger.Client.Payments;

/// <summary>
/// A bank's notice of what it credited and debited (camt.054, versions 02, 04 and 08), one notice a transaction. What is wrong with an entry stays with
/// its transactions, and what is wrong with an account's notification, such as a count or a sum that is not that of its entries, with all of its own:
/// they are told, and prove no payment. <paramref name="Problems"/> are those of the notifications.
/// </summary>
public sealed record PaymentNotification(
    string Version, string MessageId, string CreatedAt, ValueList<PaymentNotice> Notices, ValueList<ImportProblem> Problems)
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

        // Version 02 knows pages of the message only, the later ones pages of each account's notification too.
        var isWhole = AccountNotification.IsWhole(fields, "BkToCstmrDbtCdtNtfctn/GrpHdr/MsgPgntn");
        var accounts = fields.AllApart("BkToCstmrDbtCdtNtfctn/Ntfctn");
        var notices = accounts.SelectMany(account => AccountNotification.Read(account, isWhole)).ToArray();
        problem = fields.Problem;
        if (problem is not null) return false;

        notification = new(version, message ?? "", created ?? "", [.. notices], [.. accounts.Select(account => account.Problem).OfType<ImportProblem>()]);
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
    /// <summary>What is published of the code that tells a return, where it is a published one.</summary>
    public string? ReturnMeaning { get; init; }

    /// <summary>How the message says that this was told before (<c>CpyDplctInd</c>): <c>COPY</c>, <c>DUPL</c> or <c>CODU</c>; null where it is told first.</summary>
    public string? Copy { get; init; }

    /// <summary>What is wrong with the entry or its notification. Amount and currency may then be missing.</summary>
    public ImportProblem? Problem { get; init; }

    /// <summary>Whether money came in by this: booked, a credit, told first, in order, and neither the reversal nor the return of another payment.</summary>
    public bool IsMoneyReceived => Problem is null && IsCredit && !IsReversal && !IsReturn && Copy is null && Status == "BOOK";

    /// <summary>Why no money came in by this; null where it did.</summary>
    public string? WhyNotReceived(Language language)
    {
        string Say(string chinese, string english) => language == Language.Chinese ? chinese : english;
        if (Problem is { } problem) return $"{(ushort)problem.Refusal} {RefusalText.Of(problem, language)}";
        if (!IsCredit) return Say("是借记，不是贷记", "it is a debit");
        if (Status != "BOOK") return Say($"尚未记账（{Status}）", $"it is not booked ({Status})");
        if (IsReversal) return Say("是冲正", "it reverses another entry");
        if (IsReturn)
        {
            var code = string.Join("：", new[] { ReturnReason, ReturnMeaning }.OfType<string>());
            return Say($"是退回或更正的款项{(code.Length == 0 ? "" : $"（{code}）")}", $"it is money that came back{(code.Length == 0 ? "" : $" ({code.Replace("：", ": ", StringComparison.Ordinal)})")}");
        }

        return Copy is null ? null : Say($"是先前通知的副本（{Copy}），以原件为准", $"it is a copy of an earlier notice ({Copy}); the original counts");
    }
}
