using Ledger.Client.Payments;
using Ledger.Core.State;

namespace Ledger.Tests.Payments;

/// <summary>Every public sample message by others: what a person reads in it.</summary>
public class PaymentSampleTests
{
    [Fact]
    public void The_sepa_order_pays_one_creditor()
    {
        var listing = Pain001Tests.Read(Sample("sepa_payment_naujas_1.xml"));

        Assert.Equal(("pain.001.001.03", "MSGID0001", "2017-08-23T10:00:00"), (listing.Version, listing.MessageId, listing.CreatedAt));
        Assert.Equal(
            "2017-08-23 | IMONE X LT007180000000000000 | EndToEndId0001 EUR 9999 | IMONE Z LT007400000000000000 | Apmokama saskaita-faktura Nr. 1",
            Text(Assert.Single(listing.Payments)));
        Assert.True(listing.TryCheck(out _));
    }

    [Fact]
    public void The_swiss_order_lists_eight_payments_and_says_seven()
    {
        var listing = Pain001Tests.Read(Sample("musterfile_pain.001_Nov2020.xml"));

        Assert.Equal(("pain.001.001.03.ch.02", "MsgId-001", "2020-06-24T14:42:44"), (listing.Version, listing.MessageId, listing.CreatedAt));
        Assert.Equal(
            [
                "2020-07-28 | Robert Schneider CH0309000000250090342 | EndToEndId-01-01 CHF 620 | Maria Bernasconi CH5109000000250092291 | Rechnung 1122",
                "2020-07-22 | Robert Schneider CH0309000000250090342 | EndToEndId-02-01 CHF 180 | Robert Schneider SA 014295803 | 120000000000234478943216899",
                "2020-07-22 | Robert Schneider CH0309000000250090342 | EndToEndId-02-02 CHF 1200 | Robert Schneider CH2909000000250094239 | Rechnung 20200615636.365",
                "2020-07-24 | Robert Schneider CH0309000000250090342 | EndToEndId-03-01 CHF 500 | Maria Bernasconi CH5109000000250092291 | Salaire Juli",
                "2020-07-24 | Robert Schneider CH0309000000250090342 | EndToEndId-03-02 CHF 200 | Maria Bernasconi CH010023512312312365L | Mitteilung Lohn",
                "2020-07-05 | Robert Schneider SA CH0309000000250090342 | EndToEndId-04-01 CHF 100 as EUR | Maria Bernasconi IT1122334455667788991122334 | Mitteilung",
                "2020-06-17 | Maria Bernasconi CH5109000000250092291 | EEndToEndId-05-01 CHF 400 | Robert Schneider SA CH7730000001250094239 | 976471818744726494745968140",
                "2020-06-17 | Maria Bernasconi CH5109000000250092291 | EEndToEndId-06-01 CHF 600 | Maria Bernasconi CH5109000000250092291 | RF18539007547034",
            ],
            listing.Payments.Select(Text));
        Assert.False(listing.TryCheck(out var problem));
        Assert.Equal(new(Refusal.PaymentCountDisagrees, "CstmrCdtTrfInitn/GrpHdr/NbOfTxs", "7"), problem);
    }

    [Fact]
    public void The_finnish_notice_tells_thirteen_transactions_of_six_entries()
    {
        Assert.True(PaymentNotification.TryRead(Sample("FI_camt_054_sample.xml"), out var read, out var problem), problem?.ToString());

        Assert.Equal(("camt.054.001.02", "BANKFILEID219073", "2009-10-30T21:01:45+02:00"), (read.Version, read.MessageId, read.CreatedAt));
        Assert.All(read.Notices, notice => Assert.Equal(new("FI7433010001222090", IsIban: true), notice.Account));
        Assert.Equal(
            [
                "CRDT BOOK 2009-10-29 2009-10-29 EUR 190000 | - D091029N987654321S001 091029ACCTSTMTARCH04 | PAYERS NAME1 > - | 3900 12344",
                "CRDT BOOK 2009-10-29 2009-10-29 EUR 10000 | - D091029N987654321S002 091029ACCTSTMTARCH04 | PAYERS NAME2 > - | 43216",
                "CRDT BOOK 2009-10-29 2009-10-29 EUR 40000 | - D091029N987654321S211 091029ACCTSTMTARCH21 | PAYERS NAME1 > - | 3900",
                "CRDT BOOK 2009-10-29 2009-10-29 EUR 10000 | - D091029N987654321S212 091029ACCTSTMTARCH21 | PAYERS NAME2 > - | 43216",
                "CRDT BOOK 2009-10-29 2009-10-29 EUR 250000 | EndToEndIdAT-41-001 D091029N123456789S001 091029ACCTSTMTARCH05 | AT-02 DEBTOR NAME 01 > - | RF7812345 RF0812344",
                "CRDT BOOK 2009-10-29 2009-10-29 EUR 50000 | EndToEndIdAT-41-002 D091029N123456789S002 091029ACCTSTMTARCH05 | AT-02 DEBTOR NAME 02 > - | RFB/557742358",
                "DBIT BOOK 2009-10-29 2009-10-29 EUR 200002 | - 091029ARCH03001 091029ACCTSTMTARCH03 | - > Creditor Company | 3900",
                "DBIT BOOK 2009-10-29 2009-10-29 EUR 100001 | - 091029ARCH03002 091029ACCTSTMTARCH03 | - > Creditor Company | Invoices 123 and 321",
                "DBIT BOOK 2009-10-29 2009-10-29 EUR 123002 | - 091029ARCH03003 091029ACCTSTMTARCH03 | - > Creditor Company | -",
                "DBIT BOOK 2009-10-30 - EUR 50000 | ISSRBKREF12345678 - 091029NTFCTNXBCT010101 | DEBTOR NAME > CREDITOR | INVOICE US20291092",
                "DBIT BOOK 2009-10-30 - EUR 50000 | ISSRBKREF12345679 - 091029NTFCTNXBCT010101 | DEBTOR NAME > CREDITOR | INVOICE JP1920190",
                "CRDT INFO 2009-10-29 - EUR 4000 | - D091029N987654321S288 091029ACCTSTMTERR01 | PAYERS NAME3 > - | 2345678917 reversal return AC01",
                "CRDT INFO 2009-10-29 - EUR 6000 | - D091029N987654321S289 091029ACCTSTMTERR01 | PAYERS NAME4 > - | 1234567897 reversal return CUST",
            ],
            read.Notices.Select(Text));
        Assert.Equal([true, true, true, true, true, true, false, false, false, false, false, false, false], read.Notices.Select(notice => notice.IsMoneyReceived));
    }

    [Theory]
    [InlineData("FI_camt_054_sample.xml", "{urn:iso:std:iso:20022:tech:xsd:camt.054.001.02}Document")]
    [InlineData("camt.054.001.08.xsd", "{http://www.w3.org/2001/XMLSchema}schema")]
    public void Another_message_is_no_order(string name, string root)
    {
        Assert.False(PaymentListing.TryRead(Sample(name), out _, out var problem));
        Assert.Equal(new(Refusal.NotAPaymentMessage, "/", root), problem);
    }

    [Fact]
    public void An_order_is_no_notice()
    {
        Assert.False(PaymentNotification.TryRead(Sample("sepa_payment_naujas_1.xml"), out _, out var problem));
        Assert.Equal(new(Refusal.NotAPaymentMessage, "/", "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.03}Document"), problem);
    }

    static byte[] Sample(string name) => File.ReadAllBytes(SharedData.Require("iso20022", name));

    static string Text(ListedPayment payment) =>
        $"{payment.ExecutionDate:yyyy-MM-dd} | {payment.Debtor} {payment.DebtorAccount} | {payment.EndToEndId} {payment.Currency} {payment.Amount}"
        + $"{(payment.TransferCurrency is { } transfer ? $" as {transfer}" : "")} | {payment.Creditor} {payment.CreditorAccount} | {payment.Remittance}";

    static string Text(PaymentNotice notice) =>
        $"{(notice.IsCredit ? "CRDT" : "DBIT")} {notice.Status} {Day(notice.BookingDate)} {Day(notice.ValueDate)} {notice.Currency} {notice.Amount}"
        + $" | {notice.EndToEndId ?? "-"} {notice.BankReference ?? "-"} {notice.EntryReference ?? "-"} | {notice.Debtor ?? "-"} > {notice.Creditor ?? "-"} | {notice.Remittance ?? "-"}"
        + $"{(notice.IsReversal ? " reversal" : "")}{(notice.IsReturn ? $" return {notice.ReturnReason}" : "")}";

    static string Day(DateOnly? date) => date?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? "-";
}
