using Ledger.Client.Money;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Client.Payments;

/// <summary>
/// What a bank's notice of a credit says to the ledger, or why it says nothing. A credit that answers an instruction is for that instruction's units
/// and payee, under the instruction's end-to-end id; any other may only be a lump for everybody, under the bank's own reference.
/// </summary>
public sealed record ReceiptDraft(PaymentNotice Notice, ReceivePayment? Receipt, string Chinese, string English)
{
    /// <summary>The days whose instructions tell what the notices are for.</summary>
    public static IEnumerable<DateOnly> DaysOf(PaymentNotification notification)
    {
        var days = new SortedSet<DateOnly>();
        foreach (var notice in notification.Notices)
        {
            if (!notice.IsMoneyReceived) continue;
            if (DayOf(notice) is { } value) days.Add(value);
            if (DuePayments.TryReadDay(notice.EndToEndId, out var instructed)) days.Add(instructed);
        }

        return days;
    }

    /// <summary>
    /// A draft for each notice, in their order. <paramref name="due"/> tells what was due on a day of <see cref="DaysOf"/>; without
    /// <paramref name="lumps"/> only what answers an instruction is taken. Each counts on those before it.
    /// </summary>
    public static IReadOnlyList<ReceiptDraft> Of(
        PaymentNotification notification, Id<Instrument> instrument, Func<DateOnly, DuePayments> due, bool lumps, Func<Id<Payment>> newId)
    {
        var drafts = new List<ReceiptDraft>();
        var spent = new HashSet<string>(StringComparer.Ordinal);
        foreach (var notice in notification.Notices)
        {
            var draft = Of(notice, instrument, due, lumps, newId, Taken);
            if (draft.Receipt is { } receipt && !spent.Add(receipt.Reference)) draft = Left(notice, "该流水号在报文中重复", "its reference stands before in the message");
            drafts.Add(draft);
        }

        return drafts;

        Amount Taken(Interval? units) => drafts.Where(draft => draft.Receipt is { } earlier && (units is null || earlier.Units == units))
            .Aggregate(Amount.Zero, static (sum, draft) => sum + draft.Notice.Amount);
    }

    static ReceiptDraft Of(
        PaymentNotice notice, Id<Instrument> instrument, Func<DateOnly, DuePayments> due, bool lumps, Func<Id<Payment>> newId, Func<Interval?, Amount> taken)
    {
        if (!notice.IsMoneyReceived) return Left(notice, notice.WhyNotReceived(Language.Chinese) ?? "", notice.WhyNotReceived(Language.English) ?? "");
        if (DayOf(notice) is not { } day) return Left(notice, "没有起息日和记账日", "it has neither a value date nor a booking date");
        var payments = due(day);
        if (notice.Currency != payments.Currency) return Left(notice, "币种不是该凭证的", "its currency is not the instrument's");
        if (Answered(notice, due) is { } answered)
        {
            var now = payments.Instructions.FirstOrDefault(one => one.Units == answered.Units && one.Payee == answered.Payee);
            var amount = now?.Total ?? answered.Units.Amount;
            return Drafted(notice, instrument, newId(), day, notice.EndToEndId, amount, taken(answered.Units), answered.Units, answered.Payee);
        }

        if (!lumps) return Left(notice, "不对应任何兑付指令；如属整笔兑付，请加 --lump", "it answers no instruction; if it is a lump for everybody, say --lump");
        var total = payments.Instructions.Aggregate(Amount.Zero, static (sum, one) => sum + one.Total);
        if (total.IsZero) return Left(notice, "该日无应付款项", "nothing is due on that day");
        return Drafted(notice, instrument, newId(), day, notice.BankReference ?? notice.EndToEndId, total, taken(null), null, null);
    }

    static ReceiptDraft Drafted(
        PaymentNotice notice, Id<Instrument> instrument, Id<Payment> id, DateOnly day, string? reference, Amount due, Amount taken, Interval? units,
        PartyId? payee)
    {
        if (reference is null || !PaymentOrder.IsReference(reference)) return Left(notice, "没有可用的银行流水号", "it has no reference that the ledger takes");
        var left = Amount.Remaining(due, taken);
        if (notice.Amount > left) return Left(notice, $"超过应付金额 {MoneyText.FormatWithSymbol(left, notice.Currency)}", $"it is more than the {MoneyText.FormatWithSymbol(left, notice.Currency)} that are due");
        var outcome = notice.Amount == left ? PaymentOutcome.Paid : PaymentOutcome.PartlyPaid;
        return new(notice, new(id, instrument, outcome, notice.Amount, reference, day, units, payee), "", "");
    }

    static PaymentInstruction? Answered(PaymentNotice notice, Func<DateOnly, DuePayments> due)
    {
        if (!DuePayments.TryReadDay(notice.EndToEndId, out var day)) return null;
        var payments = due(day);
        return payments.Instructions.FirstOrDefault(one => payments.EndToEndId(one) == notice.EndToEndId);
    }

    static DateOnly? DayOf(PaymentNotice notice) => notice.ValueDate ?? notice.BookingDate;

    static ReceiptDraft Left(PaymentNotice notice, string chinese, string english) => new(notice, null, chinese, english);
}
