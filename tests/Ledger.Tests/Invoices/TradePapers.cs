using System.Text;

namespace Ledger.Tests.Invoices;

/// <summary>
/// The same invoice in the two syntaxes of EN 16931: two lines of 600.00 and −100.00, an allowance of 50.00, a charge of 20.00, 13 % tax on 470.00,
/// 100.10 prepaid, 0.05 rounding. Its parties are ledger parties.
/// </summary>
static class TradePapers
{
    public const string Ubl = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
        <b:CustomizationID>urn:cen.eu:en16931:2017</b:CustomizationID>
        <b:ID>RE-2026/17</b:ID>
        <b:IssueDate>2026-03-10</b:IssueDate>
        <b:DueDate>2026-06-08</b:DueDate>
        <b:InvoiceTypeCode>380</b:InvoiceTypeCode>
        <b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>
        <b:TaxCurrencyCode>CNY</b:TaxCurrencyCode>
        <a:AccountingSupplierParty><a:Party>
          <b:EndpointID schemeID="EM">213800WSGIIZCXF1P572</b:EndpointID>
          <a:PartyIdentification><b:ID schemeID="USCC">91310115XX0000019T</b:ID></a:PartyIdentification>
          <a:PartyName><b:Name>Beispiel</b:Name></a:PartyName>
          <a:PartyLegalEntity><b:RegistrationName>示例精密零部件有限公司</b:RegistrationName></a:PartyLegalEntity>
        </a:Party></a:AccountingSupplierParty>
        <a:AccountingCustomerParty><a:Party>
          <a:PartyLegalEntity><b:RegistrationName>Beispiel Maschinenbau AG</b:RegistrationName><b:CompanyID schemeID="0199">213800WSGIIZCXF1P572</b:CompanyID></a:PartyLegalEntity>
        </a:Party></a:AccountingCustomerParty>
        <a:AllowanceCharge><b:ChargeIndicator>false</b:ChargeIndicator><b:Amount currencyID="EUR">50</b:Amount></a:AllowanceCharge>
        <a:AllowanceCharge><b:ChargeIndicator>true</b:ChargeIndicator><b:Amount currencyID="EUR">20.000</b:Amount></a:AllowanceCharge>
        <a:TaxTotal><b:TaxAmount currencyID="EUR">61.10</b:TaxAmount><a:TaxSubtotal><b:TaxAmount currencyID="EUR">61.10</b:TaxAmount></a:TaxSubtotal></a:TaxTotal>
        <a:TaxTotal><b:TaxAmount currencyID="CNY">477.20</b:TaxAmount></a:TaxTotal>
        <a:LegalMonetaryTotal>
          <b:LineExtensionAmount currencyID="EUR">500.00</b:LineExtensionAmount>
          <b:TaxExclusiveAmount currencyID="EUR">470.00</b:TaxExclusiveAmount>
          <b:TaxInclusiveAmount currencyID="EUR">531.10</b:TaxInclusiveAmount>
          <b:AllowanceTotalAmount currencyID="EUR">50.00</b:AllowanceTotalAmount>
          <b:ChargeTotalAmount currencyID="EUR">20.00</b:ChargeTotalAmount>
          <b:PrepaidAmount currencyID="EUR">100.10</b:PrepaidAmount>
          <b:PayableRoundingAmount currencyID="EUR">0.05</b:PayableRoundingAmount>
          <b:PayableAmount currencyID="EUR">431.05</b:PayableAmount>
        </a:LegalMonetaryTotal>
        <a:InvoiceLine><b:LineExtensionAmount currencyID="EUR">600.00</b:LineExtensionAmount><a:Item><b:Name>主轴</b:Name></a:Item></a:InvoiceLine>
        <a:InvoiceLine><b:LineExtensionAmount currencyID="EUR">-100.00</b:LineExtensionAmount><a:Item><b:Name>退货</b:Name></a:Item></a:InvoiceLine>
        </Invoice>
        """;

    public const string CrossIndustry = """
        <?xml version="1.0" encoding="UTF-8"?>
        <x:CrossIndustryInvoice xmlns:x="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:r="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" xmlns:u="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
        <x:ExchangedDocumentContext><r:GuidelineSpecifiedDocumentContextParameter><r:ID>urn:cen.eu:en16931:2017</r:ID></r:GuidelineSpecifiedDocumentContextParameter></x:ExchangedDocumentContext>
        <x:ExchangedDocument><r:ID>RE-2026/17</r:ID><r:TypeCode>380</r:TypeCode><r:IssueDateTime><u:DateTimeString format="102">20260310</u:DateTimeString></r:IssueDateTime></x:ExchangedDocument>
        <x:SupplyChainTradeTransaction>
        <r:IncludedSupplyChainTradeLineItem><r:SpecifiedTradeProduct><r:Name>主轴</r:Name></r:SpecifiedTradeProduct><r:SpecifiedLineTradeSettlement><r:SpecifiedTradeSettlementLineMonetarySummation><r:LineTotalAmount>600.00</r:LineTotalAmount></r:SpecifiedTradeSettlementLineMonetarySummation></r:SpecifiedLineTradeSettlement></r:IncludedSupplyChainTradeLineItem>
        <r:IncludedSupplyChainTradeLineItem><r:SpecifiedTradeProduct><r:Name>退货</r:Name></r:SpecifiedTradeProduct><r:SpecifiedLineTradeSettlement><r:SpecifiedTradeSettlementLineMonetarySummation><r:LineTotalAmount>-100.00</r:LineTotalAmount></r:SpecifiedTradeSettlementLineMonetarySummation></r:SpecifiedLineTradeSettlement></r:IncludedSupplyChainTradeLineItem>
        <r:ApplicableHeaderTradeAgreement>
          <r:SellerTradeParty><r:GlobalID schemeID="USCC">91310115XX0000019T</r:GlobalID><r:Name>示例精密零部件有限公司</r:Name></r:SellerTradeParty>
          <r:BuyerTradeParty><r:Name>Beispiel Maschinenbau AG</r:Name><r:SpecifiedLegalOrganization><r:ID schemeID="0199">213800WSGIIZCXF1P572</r:ID></r:SpecifiedLegalOrganization></r:BuyerTradeParty>
        </r:ApplicableHeaderTradeAgreement>
        <r:ApplicableHeaderTradeSettlement>
          <r:InvoiceCurrencyCode>EUR</r:InvoiceCurrencyCode>
          <r:ApplicableTradeTax><r:CalculatedAmount>61.10</r:CalculatedAmount></r:ApplicableTradeTax>
          <r:SpecifiedTradeAllowanceCharge><r:ChargeIndicator><u:Indicator>false</u:Indicator></r:ChargeIndicator><r:ActualAmount>50</r:ActualAmount></r:SpecifiedTradeAllowanceCharge>
          <r:SpecifiedTradeAllowanceCharge><r:ChargeIndicator><u:Indicator>true</u:Indicator></r:ChargeIndicator><r:ActualAmount>20.000</r:ActualAmount></r:SpecifiedTradeAllowanceCharge>
          <r:SpecifiedTradePaymentTerms><r:DueDateDateTime><u:DateTimeString format="102">20260608</u:DateTimeString></r:DueDateDateTime></r:SpecifiedTradePaymentTerms>
          <r:SpecifiedTradeSettlementHeaderMonetarySummation>
            <r:LineTotalAmount>500.00</r:LineTotalAmount><r:ChargeTotalAmount>20.00</r:ChargeTotalAmount><r:AllowanceTotalAmount>50.00</r:AllowanceTotalAmount>
            <r:TaxBasisTotalAmount>470.00</r:TaxBasisTotalAmount><r:TaxTotalAmount currencyID="EUR">61.10</r:TaxTotalAmount><r:TaxTotalAmount currencyID="CNY">477.20</r:TaxTotalAmount>
            <r:RoundingAmount>0.05</r:RoundingAmount><r:GrandTotalAmount>531.10</r:GrandTotalAmount><r:TotalPrepaidAmount>100.10</r:TotalPrepaidAmount><r:DuePayableAmount>431.05</r:DuePayableAmount>
          </r:SpecifiedTradeSettlementHeaderMonetarySummation>
        </r:ApplicableHeaderTradeSettlement>
        </x:SupplyChainTradeTransaction>
        </x:CrossIndustryInvoice>
        """;

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A paper with one piece of its text exchanged.</summary>
    public static byte[] Altered(string paper, string old, string @new)
    {
        Assert.Contains(old, paper);
        return Bytes(paper.Replace(old, @new));
    }
}
