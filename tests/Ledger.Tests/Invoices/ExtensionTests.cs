using Ledger.Client.Documents;
using Ledger.Client.Files;
using Ledger.Client.Invoices;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Tests.Invoices;

/// <summary>What the official extensions and profiles of EN 16931 add, who is owed, and how figures and numbers may be spelled.</summary>
public class ExtensionTests
{
    const string Norm = "urn:cen.eu:en16931:2017";
    const string Extended = $"{Norm}#conformant#urn:factur-x.eu:1p0:extended";
    const string Summation = "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/SpecifiedTradeSettlementHeaderMonetarySummation";
    const string Terms = "<r:SpecifiedTradePaymentTerms><r:DueDateDateTime><u:DateTimeString format=\"102\">20260608</u:DateTimeString></r:DueDateDateTime></r:SpecifiedTradePaymentTerms>";

    [Fact]
    public void Of_two_due_days_the_one_of_a_discount_is_not_when_the_debt_is_due()
    {
        var discount = Terms.Replace("20260608", "20260701").Replace("</r:Sp", "<r:ApplicableTradePaymentDiscountTerms><r:CalculationPercent>2</r:CalculationPercent></r:ApplicableTradePaymentDiscountTerms></r:Sp");

        Assert.Equal(new DateOnly(2026, 6, 8), Cii(Terms, discount + Terms).DueDate);
        Assert.Equal(new DateOnly(2026, 7, 1), Cii(Terms, discount).DueDate);
    }

    [Fact]
    public void A_debt_that_is_due_in_parts_is_due_whole_on_the_last_day() =>
        Assert.Equal(new DateOnly(2026, 6, 8), Cii(Terms, Terms + Terms.Replace("20260608", "20260508")).DueDate);

    [Fact]
    public void Freight_is_a_charge()
    {
        var paper = TradePapers.CrossIndustry.Replace(
            "<r:SpecifiedTradeAllowanceCharge><r:ChargeIndicator><u:Indicator>true</u:Indicator></r:ChargeIndicator><r:ActualAmount>20.000</r:ActualAmount></r:SpecifiedTradeAllowanceCharge>",
            "<r:SpecifiedLogisticsServiceCharge><r:Description>运费</r:Description><r:AppliedAmount>20.00</r:AppliedAmount></r:SpecifiedLogisticsServiceCharge>");

        Assert.Equal(new(431_05), Taken(paper).Payable);
    }

    [Fact]
    public void Groups_and_informations_stand_beside_the_lines_that_count()
    {
        string Line(string status, string amount) =>
            $"<r:IncludedSupplyChainTradeLineItem><r:AssociatedDocumentLineDocument><r:LineStatusReasonCode>{status}</r:LineStatusReasonCode></r:AssociatedDocumentLineDocument>{amount}</r:IncludedSupplyChainTradeLineItem>";
        const string Amount = "<r:SpecifiedLineTradeSettlement><r:SpecifiedTradeSettlementLineMonetarySummation><r:LineTotalAmount>500.00</r:LineTotalAmount></r:SpecifiedTradeSettlementLineMonetarySummation></r:SpecifiedLineTradeSettlement>";
        var paper = TradePapers.CrossIndustry.Replace("<r:ApplicableHeaderTradeAgreement>", $"{Line("GROUP", Amount)}{Line("INFORMATION", "")}<r:ApplicableHeaderTradeAgreement>");

        Assert.Equal((2, new Amount(431_05)), (Taken(paper).Lines.Count, Taken(paper).Payable));
        Assert.Equal(Refusal.AmountsDisagree, Refused(paper.Replace("GROUP", "DETAIL")).Refusal);
    }

    [Fact]
    public void The_extended_profile_may_be_off_by_a_hundredth_for_each_amount_and_the_norm_may_not()
    {
        var paper = TradePapers.CrossIndustry.Replace("<r:LineTotalAmount>600.00<", "<r:LineTotalAmount>599.99<");

        Assert.Equal(Refusal.AmountsDisagree, Refused(paper).Refusal);
        Assert.Equal(new(431_05), Taken(paper.Replace(Norm, Extended)).Payable);
        Assert.Equal(Refusal.AmountsDisagree, Refused(paper.Replace(Norm, Extended).Replace("599.99", "599.97")).Refusal);
    }

    [Theory]
    [InlineData("urn:factur-x.eu:1p0:basicwl")]
    [InlineData("urn:zugferd.de:2p0:minimum")]
    public void Profiles_without_lines_give_their_totals(string profile)
    {
        var (from, to) = (TradePapers.CrossIndustry.IndexOf("<r:IncludedSupply", StringComparison.Ordinal), TradePapers.CrossIndustry.IndexOf("<r:ApplicableHeaderTradeAgreement>", StringComparison.Ordinal));
        var paper = TradePapers.CrossIndustry.Remove(from, to - from);

        var invoice = Taken(paper.Replace(Norm, profile));
        Assert.Equal((470_00, 61_10, new Amount(531_10), new Amount(431_05)), (invoice.NetMinor, invoice.TaxMinor, invoice.Total, invoice.Payable));
        Assert.Equal(new(Refusal.MissingField, "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem"), Refused(paper));
        Assert.Equal(Refusal.AmountsDisagree, Refused(paper.Replace(Norm, profile).Replace("<r:GrandTotalAmount>531.10<", "<r:GrandTotalAmount>531.11<")).Refusal);
    }

    [Fact]
    public void What_is_collected_for_others_is_payable_where_the_extension_says_so()
    {
        var paper = TradePapers.Ubl.Replace("<a:TaxTotal><b:TaxAmount currencyID=\"EUR\">61.10", "<a:PrepaidPayment><b:PaidAmount currencyID=\"EUR\">20.00</b:PaidAmount></a:PrepaidPayment><a:TaxTotal><b:TaxAmount currencyID=\"EUR\">61.10");
        var extension = paper.Replace(Norm, $"{Norm}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0").Replace(">431.05<", ">451.05<");

        Assert.Equal((new Amount(531_10), new Amount(20_00), new Amount(451_05)), (Taken(extension).Total, Taken(extension).ForOthers, Taken(extension).Payable));
        Assert.Equal(new(431_05), Taken(paper).Payable);
        Assert.Equal(Refusal.AmountTooFine, Refused(extension.Replace(">20.00</b:PaidAmount>", ">20.001</b:PaidAmount>")).Refusal);

        var adjusted = TradePapers.CrossIndustry.Replace(Norm, Extended).Replace("<r:DuePayableAmount>431.05", "<r:DuePayableAmount>451.05")
            .Replace("<r:SpecifiedTradeSettlementHeaderMonetarySummation>", "<r:SpecifiedFinancialAdjustment><r:ActualAmount>20.00</r:ActualAmount></r:SpecifiedFinancialAdjustment><r:SpecifiedTradeSettlementHeaderMonetarySummation>");
        Assert.Equal(new(451_05), Taken(adjusted).Payable);
    }

    /// <summary>What is taken back under one rate of tax may come to more than what is sold under another.</summary>
    [Theory]
    [InlineData("61.10", "-61.10", "531.10", "408.90", "431.05", "308.85")]
    [InlineData("61.10", "-470.00", "531.10", "0.00", "431.05", "-100.05")]
    public void The_tax_of_an_invoice_may_be_below_zero_and_the_whole_is_owed(string tax, string below, string gross, string less, string payable, string owed)
    {
        foreach (var syntax in new[] { TradePapers.Ubl, TradePapers.CrossIndustry })
        {
            var paper = syntax.Replace($">{tax}<", $">{below}<").Replace($">{gross}<", $">{less}<").Replace($">{payable}<", $">{owed}<");
            if (owed.StartsWith('-'))
            {
                Assert.Equal(Refusal.NothingOwed, Refused(paper).Refusal);
                continue;
            }

            var invoice = Taken(paper);
            Assert.Equal((470_00, -61_10, new Amount(408_90), new Amount(308_85)), (invoice.NetMinor, invoice.TaxMinor, invoice.Total, invoice.Payable));
        }
    }

    [Fact]
    public void A_debt_of_before_is_payable_and_no_claim_of_this_paper()
    {
        var paper = TradePapers.CrossIndustry.Replace("<r:TotalPrepaidAmount>100.10", "<r:TotalPrepaidAmount>-100.10").Replace("<r:DuePayableAmount>431.05", "<r:DuePayableAmount>631.25");

        Assert.Equal((new Amount(631_25), new Amount(531_15)), (Taken(paper).Payable, Taken(paper).Claim));
        Assert.True(DocumentOpening.TryOf(Taken(paper), new(new byte[DocumentOpening.SaltSize]), out var opening, out _));
        Assert.Equal(new(531_15), opening.Total);
    }

    [Theory]
    [InlineData("+600.00")]
    [InlineData("0000000000000600.")]
    [InlineData("600.0000000000000000")]
    [InlineData("\n 600 \t")]
    public void A_figure_is_any_decimal_of_xml_schema(string figure) =>
        Assert.Equal(60_000, Taken(TradePapers.Ubl.Replace(">600.00<", $">{figure}<")).Lines[0].NetMinor);

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData(".")]
    [InlineData("-.")]
    [InlineData("++1")]
    [InlineData("1 000.00")]
    [InlineData("1e2")]
    [InlineData("１00")]
    [InlineData("0x10")]
    [InlineData("INF")]
    public void Nothing_else_is_a_figure(string text) => Assert.False(Figure.TryParse(text, out _));

    [Fact]
    public void A_line_may_be_finer_than_its_currency_and_the_total_is_rounded_once()
    {
        var paper = TradePapers.Ubl.Replace(">600.00<", ">599.9962<").Replace("-100.00", "-99.9999");

        Assert.Equal([59_999_62 / 100 + 1, -100_00], Taken(paper).Lines.Select(line => line.NetMinor));
        Assert.Equal(Refusal.AmountsDisagree, Refused(paper.Replace("599.9962", "599.9912")).Refusal);
    }

    [Theory]
    [InlineData("575")]
    [InlineData("388")]
    [InlineData("780")]
    [InlineData("877")]
    public void An_invoice_is_one_under_every_code_that_the_norm_lists_for_a_debt(string code) =>
        Assert.Equal(new(431_05), Taken(TradePapers.Ubl.Replace(">380<", $">{code}<")).Payable);

    [Theory]
    [InlineData("393")]
    [InlineData("472")]
    [InlineData("473")]
    [InlineData("501")]
    public void What_is_factored_by_its_type_is_shown_and_refused_as_assigned(string code) =>
        Assert.Equal(new(Refusal.InvoiceAssigned, "Assignment", code), NotDrafted(Taken(TradePapers.Ubl.Replace(">380<", $">{code}<"))));

    [Fact]
    public void Another_payee_than_the_seller_is_told_and_refused_and_the_seller_by_another_place_is_not()
    {
        const string Ubl = "<a:PayeeParty>{0}</a:PayeeParty><a:AllowanceCharge><b:ChargeIndicator>false";
        string Paid(string payee) => TradePapers.Ubl.Replace("<a:AllowanceCharge><b:ChargeIndicator>false", Ubl.Replace("{0}", payee, StringComparison.Ordinal));
        var factor = Taken(Paid("<a:PartyName><b:Name>示例商业保理有限公司</b:Name></a:PartyName><a:PartyLegalEntity><b:CompanyID>91440300MA1000017E</b:CompanyID></a:PartyLegalEntity>"));

        Assert.Equal("示例商业保理有限公司", factor.Payee?.Name);
        Assert.Equal(new(Refusal.PayeeIsAnother, "Payee", "示例商业保理有限公司"), NotDrafted(factor));
        Assert.Null(Taken(Paid("<a:PartyName><b:Name>示例精密零部件有限公司</b:Name></a:PartyName>")).Payee);
        Assert.Null(Taken(Paid("<a:PartyIdentification><b:ID>91310115xx0000019t</b:ID></a:PartyIdentification><a:PartyName><b:Name>别名</b:Name></a:PartyName>")).Payee);
        Assert.Null(Taken(Paid("<a:PartyIdentification><b:ID schemeID='SEPA'>DE98ZZZ09999999999</b:ID></a:PartyIdentification>")).Payee);

        var cii = TradePapers.CrossIndustry.Replace("<r:ApplicableTradeTax>", "<r:PayeeTradeParty><r:ID>4711</r:ID></r:PayeeTradeParty><r:ApplicableTradeTax>");
        Assert.Equal(new(Refusal.PayeeIsAnother, "Payee", "4711"), NotDrafted(Taken(cii)));
    }

    [Theory]
    [InlineData("VAT", "CN91310115XX0000019T")]
    [InlineData("va", "cn91310115xx0000019t")]
    [InlineData("", "91310115xx0000019t")]
    public void A_tax_number_may_have_its_country_before_it_and_small_letters(string scheme, string value) =>
        Assert.Equal(SampleFiles.Supplier.Id, new InvoiceParty("A", [new(scheme, value)]).Id);

    [Theory]
    [InlineData("0088", "CN91310115XX0000019T")]
    [InlineData("VAT", "DE91310115XX0000019T")]
    [InlineData("VAT", "CNCN91310115XX0000019T")]
    public void No_other_prefix_is_taken_off(string scheme, string value) => Assert.Equal(default, new InvoiceParty("A", [new(scheme, value)]).Id);

    [Fact]
    public void An_invoice_over_nothing_says_that_nothing_is_owed()
    {
        var nothing = TradePapers.CrossIndustry;
        foreach (var figure in new[] { "600.00", "-100.00", "500.00", "20.000", "20.00", "50.00", "50", "470.00", "61.10", "531.10", "0.05", "100.10", "431.05" })
            nothing = nothing.Replace($">{figure}<", ">0.00<");

        Assert.Equal(Amount.Zero, Taken(nothing).Total);
        Assert.Equal(new(Refusal.NothingOwed, "Payable"), NotDrafted(Taken(nothing)));
        Assert.Equal(
            new(Refusal.NothingOwed, $"{Summation}/DuePayableAmount", "-1.00"),
            Refused(TradePapers.CrossIndustry.Replace("<r:TotalPrepaidAmount>100.10", "<r:TotalPrepaidAmount>532.15").Replace(">431.05<", ">-1.00<")));
    }

    [Fact]
    public void Another_version_of_the_syntax_is_said_to_be_one() =>
        Assert.Equal(new(Refusal.NotAnInvoice, "/", "CrossIndustryInvoice"), Refused(TradePapers.CrossIndustry.Replace("InformationEntity:100", "InformationEntity:19")));

    [Fact]
    public void A_credit_note_is_told_as_one_whatever_else_is_wrong_with_it() =>
        Assert.Equal(Refusal.RedLetter, Refused(TradePapers.Ubl.Replace(">380<", ">381<").Replace("currencyID=\"CNY\">477.20", "currencyID=\"EUR\">477.20")).Refusal);

    static Invoice Cii(string old, string @new) => InvoiceReaderTests.Taken(TradePapers.Altered(TradePapers.CrossIndustry, old, @new));

    static Invoice Taken(string paper) => InvoiceReaderTests.Taken(TradePapers.Bytes(paper));

    static ImportProblem Refused(string paper) => InvoiceReaderTests.Refused(TradePapers.Bytes(paper));

    static ImportProblem NotDrafted(Invoice invoice)
    {
        Assert.False(DocumentOpening.TryOf(invoice, new(new byte[DocumentOpening.SaltSize]), out _, out var problem));
        return problem;
    }
}
