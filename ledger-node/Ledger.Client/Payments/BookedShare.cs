using Ledger.Client.Files;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Payments;

/// <summary>
/// What one transaction contributed to an entry: its amount as the message gives it, and the charges that the bank took off or added. All in the
/// entry's currency, in minor units, positive in favour of the account.
/// </summary>
readonly record struct BookedShare(bool IsCredit, long Gross, long Charges)
{
    // The booked amount first; what was instructed only where nothing nearer to the booking is said.
    static readonly string[] Amounts = ["Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt", "AmtDtls/CntrValAmt/Amt"];

    public static BookedShare Read(StatedFields detail, PaymentNotice whole, bool isCredit, bool isOnly)
    {
        var charges = ReadCharges(detail, whole.Currency);
        var stated = Amounts.Select(path => (Path: path, Money: detail.Text(path).Text is null ? null : detail.Money(path)))
            .Where(one => one.Money is not null).ToArray();
        foreach (var (path, money) in stated)
        {
            if (money?.Currency != whole.Currency || (isOnly && path is not ("Amt" or "AmtDtls/TxAmt/Amt"))) continue;
            var minor = (long)money.Value.Amount.Minor;
            return new(isCredit, isCredit ? minor : -minor, charges);
        }

        if (!isOnly)
        {
            detail.Say(stated.Length == 0
                ? new(Refusal.PaymentDetailWithoutAmount, detail.Text("AmtDtls/TxAmt/Amt").Path)
                : new(Refusal.CurrenciesDiffer, detail.Text(stated[0].Path).Path, stated[0].Money?.Currency.Code));
        }

        return new(isCredit, isOnly ? Signed(whole) : 0, 0);
    }

    /// <summary>Whether the entry is what its transactions come to after their charges, and not before them.</summary>
    public static bool AreNet(BookedShare[] shares, PaymentNotice whole) =>
        shares.Sum(share => share.Gross) != Signed(whole) && shares.Sum(share => share.Gross + share.Charges) == Signed(whole);

    public Amount Booked(bool isNet) => new((ulong)Math.Abs(isNet ? Gross + Charges : Gross));

    /// <summary>Counts and sums of the batches, and that the transactions come to what was booked.</summary>
    public static void Check(StatedFields fields, IReadOnlyList<StatedFields> batches, BookedShare[] shares, PaymentNotice whole)
    {
        var isNet = AreNet(shares, whole);
        var from = 0;
        foreach (var batch in batches)
        {
            var count = batch.All("TxDtls").Count;
            if (count == 0) continue;
            AccountEntryReader.CheckCount(batch, "Btch/NbOfTxs", count);
            var own = shares.AsSpan(from, count).ToArray();
            if (batch.Text("Btch/TtlAmt").Text is not null && batch.Money("Btch/TtlAmt") is { } total
                && Math.Abs(own.Sum(share => share.Gross)) != (long)total.Amount.Minor
                && !(isNet && Math.Abs(own.Sum(share => share.Gross + share.Charges)) == (long)total.Amount.Minor))
                batch.Say(new(Refusal.PaymentSumDisagrees, batch.Text("Btch/TtlAmt").Path, batch.Text("Btch/TtlAmt").Text));
            from += count;
        }

        var (sum, booked) = (shares.Sum(share => share.Gross), Signed(whole));
        if (sum == booked || isNet) return;

        // Charges that the entry as a whole bears explain one transaction's difference, or a debit's; in a batch of credits nobody knows whose they are.
        var ofEntry = ReadCharges(fields, whole.Currency);
        var isExplained = (shares.Length == 1 || !whole.IsCredit) && (sum + ofEntry == booked || sum + ofEntry + shares.Sum(share => share.Charges) == booked);
        if (!isExplained) fields.Say(new(Refusal.PaymentSumDisagrees, fields.Text("Amt").Path, fields.Text("Amt").Text));
    }

    // Version 02 lists charges one by one, the later ones as records of one group.
    static long ReadCharges(StatedFields fields, Currency currency)
    {
        var sum = 0L;
        foreach (var charge in fields.All("Chrgs").SelectMany(group => group.All("Rcrd") is { Count: > 0 } records ? records : [group]))
        {
            if (charge.Text("Amt").Text is null || charge.Money("Amt") is not { } money || money.Currency != currency) continue;
            sum += charge.Text("CdtDbtInd").Text == "CRDT" ? (long)money.Amount.Minor : -(long)money.Amount.Minor;
        }

        return sum;
    }

    static long Signed(PaymentNotice whole) => whole.IsCredit ? (long)whole.Amount.Minor : -(long)whole.Amount.Minor;
}
