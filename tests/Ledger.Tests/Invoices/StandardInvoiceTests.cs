using System.Text;
using Ledger.Client.Documents;
using Ledger.Client.Files;
using Ledger.Client.Invoices;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Tests.Invoices;

/// <summary>Invoices of EN 16931 in its two syntaxes: what is taken, and what each rule refuses.</summary>
public class StandardInvoiceTests
{
    static readonly ByteString Salt = new(new byte[DocumentOpening.SaltSize]);

    [Theory]
    [InlineData(TradePapers.Ubl, InvoiceSyntax.Ubl)]
    [InlineData(TradePapers.CrossIndustry, InvoiceSyntax.CrossIndustry)]
    public void Both_syntaxes_say_the_same_invoice(string paper, InvoiceSyntax syntax)
    {
        Assert.True(PartyId.TryParse("213800WSGIIZCXF1P572", out var buyer));
        Assert.True(Currency.TryParse("EUR", out var euro));

        var invoice = InvoiceReaderTests.Taken(TradePapers.Bytes(paper));

        Assert.Equal(
            new Invoice(
                InvoiceKind.Unstated, "", "RE-2026/17",
                new("示例精密零部件有限公司", [new("USCC", "91310115XX0000019T")]), new("Beispiel Maschinenbau AG", [new("0199", "213800WSGIIZCXF1P572")]),
                euro, new(531_10), 470_00, 61_10, new DateOnly(2026, 3, 10), [new("主轴", 600_00, null), new("退货", -100_00, null)])
            {
                Syntax = syntax,
                DueDate = new DateOnly(2026, 6, 8),
                PrepaidMinor = 100_10,
                RoundingMinor = 5,
            },
            invoice);
        Assert.Equal(new(431_05), invoice.Payable);
        Assert.Equal((SampleFiles.Supplier.Id, buyer), (invoice.Seller.Id, invoice.Buyer.Id));
    }

    [Fact]
    public void The_ledger_gets_what_is_still_owed()
    {
        var invoice = InvoiceReaderTests.Taken(TradePapers.Bytes(TradePapers.Ubl));

        Assert.True(DocumentOpening.TryOf(invoice, Salt, out var opening, out _));
        Assert.Equal(("RE-2026/17", new Amount(431_05), "EUR", new DateOnly(2026, 3, 10)), (opening.Number, opening.Total, opening.Currency.Code, opening.Date));
    }

    [Theory]
    [InlineData("LineExtensionAmount currencyID=\"EUR\">500.00", "LineExtensionAmount currencyID=\"EUR\">500.01", "LegalMonetaryTotal/LineExtensionAmount", "500.01")] // BR-CO-10
    [InlineData("AllowanceTotalAmount currencyID=\"EUR\">50.00", "AllowanceTotalAmount currencyID=\"EUR\">50.01", "LegalMonetaryTotal/AllowanceTotalAmount", "50.01")] // BR-CO-11
    [InlineData("ChargeTotalAmount currencyID=\"EUR\">20.00", "ChargeTotalAmount currencyID=\"EUR\">20.01", "LegalMonetaryTotal/ChargeTotalAmount", "20.01")] // BR-CO-12
    [InlineData("TaxExclusiveAmount currencyID=\"EUR\">470.00", "TaxExclusiveAmount currencyID=\"EUR\">470.01", "LegalMonetaryTotal/TaxExclusiveAmount", "470.01")] // BR-CO-13
    [InlineData("<a:TaxTotal><b:TaxAmount currencyID=\"EUR\">61.10", "<a:TaxTotal><b:TaxAmount currencyID=\"EUR\">61.11", "TaxTotal[1]/TaxAmount", "61.11")] // BR-CO-14
    [InlineData("TaxInclusiveAmount currencyID=\"EUR\">531.10", "TaxInclusiveAmount currencyID=\"EUR\">531.11", "LegalMonetaryTotal/TaxInclusiveAmount", "531.11")] // BR-CO-15
    [InlineData("PayableAmount currencyID=\"EUR\">431.05", "PayableAmount currencyID=\"EUR\">431.06", "LegalMonetaryTotal/PayableAmount", "431.06")] // BR-CO-16
    [InlineData("PrepaidAmount currencyID=\"EUR\">100.10", "PrepaidAmount currencyID=\"EUR\">100.00", "LegalMonetaryTotal/PayableAmount", "431.05")] // BR-CO-16
    [InlineData("PayableRoundingAmount currencyID=\"EUR\">0.05", "PayableRoundingAmount currencyID=\"EUR\">0.06", "LegalMonetaryTotal/PayableAmount", "431.05")] // BR-CO-16
    public void Each_rule_of_arithmetic_of_the_norm_is_kept_in_ubl(string old, string @new, string element, string value) =>
        Assert.Equal(new ImportProblem(Refusal.AmountsDisagree, element, value), InvoiceReaderTests.Refused(TradePapers.Altered(TradePapers.Ubl, old, @new)));

    [Theory]
    [InlineData("<r:LineTotalAmount>500.00", "<r:LineTotalAmount>500.01", "LineTotalAmount", "500.01")]
    [InlineData("<r:AllowanceTotalAmount>50.00", "<r:AllowanceTotalAmount>50.01", "AllowanceTotalAmount", "50.01")]
    [InlineData("<r:ChargeTotalAmount>20.00", "<r:ChargeTotalAmount>20.01", "ChargeTotalAmount", "20.01")]
    [InlineData("<r:TaxBasisTotalAmount>470.00", "<r:TaxBasisTotalAmount>470.01", "TaxBasisTotalAmount", "470.01")]
    [InlineData("<r:CalculatedAmount>61.10", "<r:CalculatedAmount>61.11", "TaxTotalAmount[1]", "61.10")]
    [InlineData("<r:GrandTotalAmount>531.10", "<r:GrandTotalAmount>531.11", "GrandTotalAmount", "531.11")]
    [InlineData("<r:DuePayableAmount>431.05", "<r:DuePayableAmount>431.06", "DuePayableAmount", "431.06")]
    public void Each_rule_of_arithmetic_of_the_norm_is_kept_in_cii(string old, string @new, string element, string value)
    {
        const string Summation = "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/SpecifiedTradeSettlementHeaderMonetarySummation/";
        Assert.Equal(
            new ImportProblem(Refusal.AmountsDisagree, Summation + element, value), InvoiceReaderTests.Refused(TradePapers.Altered(TradePapers.CrossIndustry, old, @new)));
    }

    [Theory]
    [InlineData("<b:ID>RE-2026/17</b:ID>", "", Refusal.MissingField, "ID", null)]
    [InlineData("<b:IssueDate>2026-03-10</b:IssueDate>", "<b:IssueDate/>", Refusal.MissingField, "IssueDate", null)]
    [InlineData("<b:InvoiceTypeCode>380</b:InvoiceTypeCode>", "", Refusal.MissingField, "InvoiceTypeCode", null)]
    [InlineData("<b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>", "", Refusal.FieldRepeated, "TaxTotal[1]/TaxAmount", null)]
    [InlineData("<b:RegistrationName>Beispiel Maschinenbau AG</b:RegistrationName>", "", Refusal.MissingField, "AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName", null)]
    [InlineData("<b:TaxInclusiveAmount currencyID=\"EUR\">531.10</b:TaxInclusiveAmount>", "", Refusal.MissingField, "LegalMonetaryTotal/TaxInclusiveAmount", null)]
    [InlineData("<b:PayableAmount currencyID=\"EUR\">", "<b:PayableAmount>", Refusal.MissingField, "LegalMonetaryTotal/PayableAmount/@currencyID", null)]
    [InlineData("<b:ChargeIndicator>true</b:ChargeIndicator>", "<b:ChargeIndicator>perhaps</b:ChargeIndicator>", Refusal.MissingField, "AllowanceCharge[2]/ChargeIndicator", "perhaps")]
    [InlineData("<b:LineExtensionAmount currencyID=\"EUR\">-100.00</b:LineExtensionAmount>", "", Refusal.MissingField, "InvoiceLine[2]/LineExtensionAmount", null)]
    [InlineData("<b:ID>RE-2026/17</b:ID>", "<b:ID>RE-2026/17</b:ID><b:ID>RE-2026/18</b:ID>", Refusal.FieldRepeated, "ID", null)]
    [InlineData("</a:LegalMonetaryTotal>", "</a:LegalMonetaryTotal><a:LegalMonetaryTotal/>", Refusal.FieldRepeated, "LegalMonetaryTotal/LineExtensionAmount", null)]
    [InlineData("<a:AccountingCustomerParty>", "<a:AccountingCustomerParty/><a:AccountingCustomerParty>", Refusal.FieldRepeated, "AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName", null)]
    [InlineData("currencyID=\"CNY\">477.20", "currencyID=\"EUR\">477.20", Refusal.FieldRepeated, "TaxTotal[1]/TaxAmount", null)]
    [InlineData("<b:IssueDate>2026-03-10<", "<b:IssueDate>2026-02-30<", Refusal.DateInvalid, "IssueDate", "2026-02-30")]
    [InlineData("<b:IssueDate>2026-03-10<", "<b:IssueDate>2026-03-10T00:00:00<", Refusal.DateInvalid, "IssueDate", "2026-03-10T00:00:00")]
    [InlineData("<b:DueDate>2026-06-08<", "<b:DueDate>08.06.2026<", Refusal.DateInvalid, "DueDate", "08.06.2026")]
    [InlineData("<b:DocumentCurrencyCode>EUR<", "<b:DocumentCurrencyCode>XXX<", Refusal.CurrencyUnknown, "DocumentCurrencyCode", "XXX")]
    [InlineData("ChargeTotalAmount currencyID=\"EUR\"", "ChargeTotalAmount currencyID=\"CNY\"", Refusal.CurrenciesDiffer, "LegalMonetaryTotal/ChargeTotalAmount", "CNY")]
    [InlineData("PayableAmount currencyID=\"EUR\">431.05<", "PayableAmount currencyID=\"EUR\">431.051<", Refusal.AmountTooFine, "LegalMonetaryTotal/PayableAmount", "431.051")]
    [InlineData(">-100.00<", ">-1e2<", Refusal.AmountInvalid, "InvoiceLine[2]/LineExtensionAmount", "-1e2")]
    [InlineData(">600.00<", ">99999999999.00<", Refusal.AmountInvalid, "InvoiceLine[1]/LineExtensionAmount", "99999999999.00")]
    [InlineData("<b:InvoiceTypeCode>380<", "<b:InvoiceTypeCode>325<", Refusal.InvoiceTypeNotTaken, "InvoiceTypeCode", "325")]
    [InlineData("<b:InvoiceTypeCode>380<", "<b:InvoiceTypeCode>384<", Refusal.InvoiceTypeNotTaken, "InvoiceTypeCode", "384")]
    [InlineData("<b:InvoiceTypeCode>380<", "<b:InvoiceTypeCode>817<", Refusal.InvoiceTypeNotTaken, "InvoiceTypeCode", "817")]
    [InlineData("<b:InvoiceTypeCode>380<", "<b:InvoiceTypeCode>381<", Refusal.RedLetter, "InvoiceTypeCode", null)]
    [InlineData("<b:ID>RE-2026/17</b:ID>", "<b:ID xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='true'>RE-2026/17</b:ID>", Refusal.XmlTypeOverridden, "ID", "true")]
    [InlineData("<b:ID>RE-2026/17</b:ID>", "<b:ID xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:type='b:Other'>RE-2026/17</b:ID>", Refusal.XmlTypeOverridden, "ID", "b:Other")]
    [InlineData("<b:ID>RE-2026/17</b:ID>", "<ID xmlns='urn:another'>RE-2026/17</ID>", Refusal.MissingField, "ID", null)]
    public void What_is_wrong_is_named_with_its_place_and_its_value(string old, string @new, Refusal refusal, string element, string? value) =>
        Assert.Equal(new ImportProblem(refusal, element, value), InvoiceReaderTests.Refused(TradePapers.Altered(TradePapers.Ubl, old, @new)));

    [Theory]
    [InlineData("<u:DateTimeString format=\"102\">20260310<", "<u:DateTimeString format=\"203\">202603100000<", Refusal.DateInvalid, "ExchangedDocument/IssueDateTime/DateTimeString", "203:202603100000")]
    [InlineData("<u:DateTimeString format=\"102\">20260310<", "<u:DateTimeString format=\"102\">2026-03-10<", Refusal.DateInvalid, "ExchangedDocument/IssueDateTime/DateTimeString", "2026-03-10")]
    [InlineData("<r:TypeCode>380<", "<r:TypeCode>381<", Refusal.RedLetter, "ExchangedDocument/TypeCode", null)]
    [InlineData("<r:TypeCode>380</r:TypeCode>", "<r:TypeCode>380</r:TypeCode><r:TypeCode>381</r:TypeCode>", Refusal.FieldRepeated, "ExchangedDocument/TypeCode", null)]
    [InlineData("<r:LineTotalAmount>-100.00</r:LineTotalAmount>", "", Refusal.MissingField, "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem[2]/SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount", null)]
    public void What_is_wrong_in_cii_is_named_with_its_place_and_its_value(string old, string @new, Refusal refusal, string element, string? value) =>
        Assert.Equal(new ImportProblem(refusal, element, value), InvoiceReaderTests.Refused(TradePapers.Altered(TradePapers.CrossIndustry, old, @new)));

    [Fact]
    public void A_credit_note_is_a_red_letter_and_names_its_invoice()
    {
        const string Reference = "<a:BillingReference><a:InvoiceDocumentReference><b:ID>RE-2026/9</b:ID></a:InvoiceDocumentReference></a:BillingReference>";
        var note = TradePapers.Ubl.Replace("Invoice-2", "CreditNote-2").Replace("<Invoice ", "<CreditNote ").Replace("</Invoice>", "</CreditNote>")
            .Replace("a:InvoiceLine", "a:CreditNoteLine").Replace("<b:InvoiceTypeCode>380</b:InvoiceTypeCode>", "<b:CreditNoteTypeCode>381</b:CreditNoteTypeCode>")
            .Replace("<a:AccountingSupplierParty>", $"{Reference}<a:AccountingSupplierParty>");

        Assert.Equal(new(Refusal.RedLetter, "/", "RE-2026/9"), InvoiceReaderTests.Refused(TradePapers.Bytes(note)));
        Assert.Equal(
            new(Refusal.RedLetter, "InvoiceTypeCode", "RE-2026/9"),
            InvoiceReaderTests.Refused(TradePapers.Bytes(TradePapers.Ubl.Replace(">380<", ">381<").Replace("<a:AccountingSupplierParty>", $"{Reference}<a:AccountingSupplierParty>"))));
        Assert.Equal(
            new(Refusal.RedLetter, "ExchangedDocument/TypeCode", "RE-2026/9"),
            InvoiceReaderTests.Refused(TradePapers.Bytes(TradePapers.CrossIndustry.Replace(">380<", ">381<").Replace(
                "</r:ApplicableHeaderTradeSettlement>",
                "<r:InvoiceReferencedDocument><r:IssuerAssignedID>RE-2026/9</r:IssuerAssignedID></r:InvoiceReferencedDocument></r:ApplicableHeaderTradeSettlement>"))));
    }

    [Fact]
    public void An_invoice_below_zero_is_a_red_letter_too()
    {
        var text = TradePapers.Ubl.Replace(">531.10<", ">-531.10<");

        Assert.Equal(new(Refusal.RedLetter, "LegalMonetaryTotal/TaxInclusiveAmount"), InvoiceReaderTests.Refused(TradePapers.Bytes(text)));
    }

    [Fact]
    public void A_currency_without_minor_units_has_no_decimals_but_zeros()
    {
        var yen = TradePapers.Ubl.Replace("EUR", "JPY").Replace(">0.05<", ">0.00<").Replace(">100.10<", ">100.00<").Replace(">61.10<", ">61.00<")
            .Replace(">531.10<", ">531.00<").Replace(">431.05<", ">431.0<");

        Assert.Equal(new(431), InvoiceReaderTests.Taken(TradePapers.Bytes(yen)).Payable);
        Assert.Equal(
            new(Refusal.AmountTooFine, "LegalMonetaryTotal/PayableAmount", "431.5"),
            InvoiceReaderTests.Refused(TradePapers.Bytes(yen.Replace(">431.0<", ">431.5<"))));
    }

    [Fact]
    public void Before_the_norm_the_total_may_contain_the_rounding_but_not_where_the_norm_is_claimed()
    {
        var older = TradePapers.Ubl.Replace(">531.10<", ">531.15<");

        Assert.Equal(Refusal.AmountsDisagree, InvoiceReaderTests.Refused(TradePapers.Bytes(older)).Refusal);
        var invoice = InvoiceReaderTests.Taken(TradePapers.Bytes(older.Replace("urn:cen.eu:en16931:2017", "urn:older")));
        Assert.Equal((new Amount(531_10), 5L, new Amount(431_05)), (invoice.Total, invoice.RoundingMinor, invoice.Payable));
    }

    [Fact]
    public void What_is_paid_whole_is_read_and_is_nothing_for_the_ledger()
    {
        var paid = InvoiceReaderTests.Taken(TradePapers.Bytes(TradePapers.Ubl.Replace(">100.10<", ">531.15<").Replace(">431.05<", ">0.00<")));

        Assert.True(paid.Payable.IsZero);
        Assert.False(DocumentOpening.TryOf(paid, Salt, out _, out var problem));
        Assert.Equal(new(Refusal.NothingOwed, "Payable"), problem);
    }

    [Theory]
    [InlineData("<b:ID schemeID=\"USCC\">91310115XX0000019T", "<b:ID schemeID=\"0088\">91310115XX0000019T", Refusal.SellerNotIdentified, "Seller")]
    [InlineData("<b:ID schemeID=\"USCC\">91310115XX0000019T", "<b:ID>91310115XX00000190", Refusal.SellerNumberInvalid, "Seller")]
    [InlineData("schemeID=\"0199\">213800WSGIIZCXF1P572", "schemeID=\"0199\">213800WSGIIZCXF1P573", Refusal.BuyerNumberInvalid, "Buyer")]
    [InlineData("RE-2026/17", "RE\u200B17", Refusal.DocumentNumberUnusable, "Number")]
    public void What_the_ledger_cannot_have_is_refused_when_it_is_drafted(string old, string @new, Refusal refusal, string element)
    {
        var invoice = InvoiceReaderTests.Taken(TradePapers.Altered(TradePapers.Ubl, old, @new));

        Assert.False(DocumentOpening.TryOf(invoice, Salt, out _, out var problem));
        Assert.Equal((refusal, element), (problem.Refusal, problem.Element));
    }

    [Fact]
    public void A_party_with_two_numbers_of_one_kind_is_nobody()
    {
        var (one, other) = (SampleFiles.Supplier.Id.Text, SampleFiles.Core.Id.Text);

        Assert.Equal(SampleFiles.Supplier.Id, new InvoiceParty("A", [new("", one), new("VAT", one), new("LEI", "213800WSGIIZCXF1P572")]).Id);
        Assert.Equal(default, new InvoiceParty("A", [new("", one), new("VAT", other)]).Id);
    }

    [Fact]
    public void An_envelope_of_one_document_is_opened_and_one_of_two_is_not()
    {
        var paper = TradePapers.Ubl[(TradePapers.Ubl.IndexOf("?>", StringComparison.Ordinal) + 2)..];
        string Envelope(string content) =>
            $"<StandardBusinessDocument xmlns='http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader'><StandardBusinessDocumentHeader/>{content}</StandardBusinessDocument>";

        Assert.Equal("RE-2026/17", InvoiceReaderTests.Taken(TradePapers.Bytes(Envelope(paper))).Number);
        Assert.Equal(new(Refusal.NotAnInvoice, "/", "StandardBusinessDocument"), InvoiceReaderTests.Refused(TradePapers.Bytes(Envelope(paper + paper))));
    }

    [Fact]
    public void Gb18030_is_read_in_every_syntax()
    {
        foreach (var paper in new[] { TradePapers.Ubl, TradePapers.CrossIndustry })
        {
            var file = FileText.Gb18030.GetBytes(paper.Replace("encoding=\"UTF-8\"", "encoding=\"GB18030\""));
            Assert.Equal(InvoiceReaderTests.Taken(TradePapers.Bytes(paper)), InvoiceReaderTests.Taken(file));
        }
    }

    [Fact]
    public void An_entity_bomb_is_refused_in_every_syntax()
    {
        foreach (var paper in new[] { TradePapers.Ubl, TradePapers.CrossIndustry })
        {
            var bomb = paper.Replace("?>\n", "?>\n<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>\n", StringComparison.Ordinal).Replace("RE-2026/17", "&b;", StringComparison.Ordinal);
            Assert.Equal(Refusal.XmlIsDangerous, InvoiceReaderTests.Refused(Encoding.UTF8.GetBytes(bomb)).Refusal);
        }
    }
}
