using System.Diagnostics.CodeAnalysis;
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

    public static readonly XName Root = XName.Get("CrossIndustryInvoice", $"{Schemas}CrossIndustryInvoice:100");

    static readonly Dictionary<string, XNamespace> Prefixes = new()
    {
        ["rsm"] = Root.Namespace,
        ["ram"] = $"{Schemas}ReusableAggregateBusinessInformationEntity:100",
        ["udt"] = $"{Schemas}UnqualifiedDataType:100",
    };

    public static bool TryParse(XElement root, [NotNullWhen(true)] out StandardInvoice? parsed, [NotNullWhen(false)] out ImportProblem? problem)
    {
        var fields = new StatedFields(root, Prefixes);
        var currency = fields.Text($"{Settlement}/ram:InvoiceCurrencyCode");
        var (allowances, charges) = AllowancesAndCharges(fields);
        parsed = new()
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
            Prepaid = Amount(fields, $"{Summation}/ram:TotalPrepaidAmount"),
            Rounding = Amount(fields, $"{Summation}/ram:RoundingAmount"),
            Payable = Amount(fields, $"{Summation}/ram:DuePayableAmount"),
        };
        problem = fields.Problem;
        return problem is null;
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

    static ValueList<Stated> DueDates(StatedFields fields) =>
    [
        .. fields.All($"{Settlement}/ram:SpecifiedTradePaymentTerms")
            .Select(terms => Day(terms, "ram:DueDateDateTime/udt:DateTimeString")).Where(stated => stated.Text is not null),
    ];

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

    static ValueList<StatedLine> Lines(StatedFields fields) =>
    [
        .. fields.All("rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem").Select(line => new StatedLine(
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
