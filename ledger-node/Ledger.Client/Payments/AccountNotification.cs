using System.Globalization;
using Ledger.Client.Files;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Payments;

/// <summary>Reads what a camt.054 says of one account: its entries, and whether what it says of them all is true.</summary>
static class AccountNotification
{
    static readonly string[] Copies = ["CODU", "COPY", "DUPL"];

    public static IEnumerable<PaymentNotice> Read(StatedFields fields, bool isWhole)
    {
        var account = fields.Account("Acct");
        if (account is null) fields.Needed(fields.Text("Acct/Id/IBAN"));
        var copy = fields.Text("CpyDplctInd");
        if (copy.Text is { } mark && !Copies.Contains(mark)) fields.Say(new(Refusal.PaymentCodeUnknown, copy.Path, mark));

        var entries = fields.AllApart("Ntry").Select(entry => AccountEntryReader.Read(entry, account ?? default)).ToArray();
        if (isWhole && IsWhole(fields, "NtfctnPgntn")) CheckSummary(fields, entries);
        return entries.SelectMany(entry => entry.Notices).Select(notice => notice with { Copy = copy.Text, Problem = notice.Problem ?? fields.Problem });
    }

    /// <summary>Whether this page is the only one: a summary may count the entries of all.</summary>
    public static bool IsWhole(StatedFields fields, string path)
    {
        var page = fields.Text($"{path}/PgNb").Text;
        return (page is null || (int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number == 1))
            && fields.Text($"{path}/LastPgInd").Text is null or "true" or "1";
    }

    // The net sum is left alone: banks differ in the sign that they give a reversal.
    static void CheckSummary(StatedFields fields, BookedEntry[] entries)
    {
        Check("TxsSummry/TtlNtries", _ => true);
        Check("TxsSummry/TtlCdtNtries", entry => entry.IsCredit == true);
        Check("TxsSummry/TtlDbtNtries", entry => entry.IsCredit == false);

        void Check(string path, Func<BookedEntry, bool> belongs)
        {
            // An entry that does not say which way it goes may belong to either.
            if (entries.Any(entry => entry.IsCredit is null)) return;
            var counted = entries.Where(belongs).ToArray();
            AccountEntryReader.CheckCount(fields, $"{path}/NbOfNtries", counted.Length);
            var sum = fields.Text($"{path}/Sum");
            if (sum.Text is { } stated && counted.All(entry => entry.Money is not null)
                && !(MessageSum.TryParse(stated, out var figure) && figure == MessageSum.Of(counted.Select(entry => entry.Money).OfType<(Amount, Currency)>())))
                fields.Say(new(Refusal.PaymentSumDisagrees, sum.Path, stated));
        }
    }
}
