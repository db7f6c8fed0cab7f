using System.Xml.Linq;
using Ledger.Client.Files;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Invoices;

/// <summary>The UN/CEFACT Cross Industry Invoice D16B, also inside ZUGFeRD 2 and Factur-X: where each field of an invoice stands.</summary>
static class CrossIndustryInvoice
{
    const string Schemas = "urn:un:unece:uncefact:data:standard:";
    const string Agreement = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement";
    const string Settlement = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement";
    const string Summation = $"{Settlement}/ram:SpecifiedTradeSettlementHeaderMonetarySummation";

    // Dates of days are written by UNTDID 2379.
    const string Days = "102";

    static readonly XName Root = XName.Get("CrossIndustryInvoice", $"{Schemas}CrossIndustryInvoice:100");

    static readonly Dictionary<string, XNamespace> Prefixes = new()
    {
        ["rsm"] = Root.Namespace,
        ["ram"] = $"{Schemas}ReusableAggregateBusinessInformationEntity:100",
        ["udt"] = $"{Schemas}UnqualifiedDataType:100",
    };

    /// <summary>Whether this is such an invoice, and its parts are of D16B: the root's name is the same in every version.</summary>
    public static bool IsRoot(XElement root) => root.Name == Root && root.Elements().Elements().Any(element => element.Name.Namespace == Prefixes["ram"]);

    public static StandardInvoice Parse(XElement root)
    {
        var fields = new StatedFields(root, Prefixes);
        var currency = fields.Text($"{Settlement}/ram:InvoiceCurrencyCode");
        var (allowances, charges) = AllowancesAndCharges(fields);
        return new()
        {
            Syntax = InvoiceSyntax.CrossIndustry,
            Specification = fields.Text("rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID").Text,
            IsCreditNote = false,
            TypeCode = fields.Text("rsm:ExchangedDocument/ram:TypeCode"),
            Number = fields.Text("rsm:ExchangedDocument/ram:ID"),
            Original = Original(fields),
            IssueDate = Day(fields, "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString"),
            DueDates = DueDates(fields),
            Currency = currency,
            Seller = Party(fields, $"{Agreement}/ram:SellerTradeParty"),
            Buyer = Party(fields, $"{Agreement}/ram:BuyerTradeParty"),
            Payee = Party(fields, $"{Settlement}/ram:PayeeTradeParty"),
            Lines = Lines(fields),
            Allowances = allowances,
            Charges = charges,
            Taxes = [.. fields.All($"{Settlement}/ram:ApplicableTradeTax").Select(tax => tax.Needed(Amount(tax, "ram:CalculatedAmount")))],
            LineTotal = Amount(fields, $"{Summation}/ram:LineTotalAmount"),
            AllowanceTotal = Amount(fields, $"{Summation}/ram:AllowanceTotalAmount"),
            ChargeTotal = Amount(fields, $"{Summation}/ram:ChargeTotalAmount"),
            Net = Amount(fields, $"{Summation}/ram:TaxBasisTotalAmount"),
            Tax = Tax(fields, currency.Text),
            Gross = Amount(fields, $"{Summation}/ram:GrandTotalAmount"),
            ForOthers = [.. fields.All($"{Settlement}/ram:SpecifiedFinancialAdjustment").Select(item => item.Needed(Amount(item, "ram:ActualAmount")))],
            Prepaid = Amount(fields, $"{Summation}/ram:TotalPrepaidAmount"),
            Rounding = Amount(fields, $"{Summation}/ram:RoundingAmount"),
            Payable = Amount(fields, $"{Summation}/ram:DuePayableAmount"),
            Problem = fields.Problem,
        };
    }

    // An invoice may name several that came before it; only one of them can be the one that it lowers.
    static string? Original(StatedFields fields)
    {
        var references = fields.All($"{Settlement}/ram:InvoiceReferencedDocument");
        return references.Count == 1 ? references[0].Text("ram:IssuerAssignedID").Text : null;
    }

    // Another format than days is kept with its code and is no date.
    static Stated Day(StatedFields fields, string path)
    {
        var stated = fields.Text(path);
        var format = fields.Text($"{path}/@format").Text;
        return stated.Text is null || format == Days ? stated : stated with { Text = $"{format}:{stated.Text}" };
    }

    // Terms that grant a discount (Skonto) name the day until which it is granted; the debt is due by the others, where there are any.
    static ValueList<Stated> DueDates(StatedFields fields)
    {
        var dated = fields.All($"{Settlement}/ram:SpecifiedTradePaymentTerms")
            .Select(terms => (Day: Day(terms, "ram:DueDateDateTime/udt:DateTimeString"), IsDiscount: terms.All("ram:ApplicableTradePaymentDiscountTerms").Count > 0))
            .Where(terms => terms.Day.Text is not null).ToArray();
        var whole = dated.Where(terms => !terms.IsDiscount).ToArray();
        return [.. (whole.Length > 0 ? whole : dated).Select(terms => terms.Day)];
    }

    static StatedParty Party(StatedFields fields, string path)
    {
        var identifiers = new List<PartyIdentifier>();
        foreach (var party in fields.All(path))
        {
            foreach (var element in (ReadOnlySpan<string>)["ram:ID", "ram:GlobalID"])
            {
                foreach (var id in party.All(element)) Add(id, ".");
            }

            Add(party, "ram:SpecifiedLegalOrganization/ram:ID");
            foreach (var registration in party.All("ram:SpecifiedTaxRegistration")) Add(registration, "ram:ID");
        }

        return new(fields.Text($"{path}/ram:Name"), [.. identifiers.Distinct()]);

        void Add(StatedFields at, string element)
        {
            if (at.Text(element).Text is { } value) identifiers.Add(new(at.Text($"{element}/@schemeID").Text ?? "", value));
        }
    }

    // Of the EXTENDED profile's lines, groups and informations stand beside those that count.
    static ValueList<StatedLine> Lines(StatedFields fields) =>
    [
        .. fields.All("rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem")
            .Where(line => line.Text("ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode").Text is not ("GROUP" or "INFORMATION"))
            .Select(line => new StatedLine(
                line.Text("ram:SpecifiedTradeProduct/ram:Name").Text,
                line.Needed(Amount(line, "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount")))),
    ];

    static (ValueList<Stated> Allowances, ValueList<Stated> Charges) AllowancesAndCharges(StatedFields fields)
    {
        var (allowances, charges) = (new List<Stated>(), new List<Stated>());
        foreach (var item in fields.All($"{Settlement}/ram:SpecifiedTradeAllowanceCharge"))
        {
            var amount = item.Needed(Amount(item, "ram:ActualAmount"));
            if (item.IsTrue("ram:ChargeIndicator/udt:Indicator")) charges.Add(amount);
            else allowances.Add(amount);
        }

        // Freight and packing of the EXTENDED profile (BG-X-42) are charges by another name.
        foreach (var item in fields.All($"{Settlement}/ram:SpecifiedLogisticsServiceCharge")) charges.Add(item.Needed(Amount(item, "ram:AppliedAmount")));
        return ([.. allowances], [.. charges]);
    }

    // The norm lets the tax stand twice: in the invoice's currency, and for the tax office in its own.
    static Stated Tax(StatedFields fields, string? currency)
    {
        Stated total = new("TaxTotalAmount", null);
        foreach (var stated in fields.All($"{Summation}/ram:TaxTotalAmount").Select(one => Amount(one, ".")))
        {
            if (currency is not null && stated.Currency is not null && stated.Currency != currency) continue;
            if (total.Text is not null) fields.Say(new(Refusal.FieldRepeated, total.Path));
            total = stated;
        }

        return total;
    }

    static Stated Amount(StatedFields fields, string path) => fields.Amount(path, "currencyID");
}
