using System.Xml.Linq;
using Ledger.Client.Files;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Invoices;

/// <summary>Invoices and credit notes of OASIS UBL 2.0 and later: where each field of an invoice stands.</summary>
static class UblInvoice
{
    const string Schemas = "urn:oasis:names:specification:ubl:schema:xsd:";

    static readonly XName Invoice = XName.Get("Invoice", $"{Schemas}Invoice-2");
    static readonly XName CreditNote = XName.Get("CreditNote", $"{Schemas}CreditNote-2");

    static readonly Dictionary<string, XNamespace> Prefixes = new()
    {
        ["cac"] = $"{Schemas}CommonAggregateComponents-2",
        ["cbc"] = $"{Schemas}CommonBasicComponents-2",
    };

    public static bool IsRoot(XName name) => name == Invoice || name == CreditNote;

    public static StandardInvoice Parse(XElement root)
    {
        var isCreditNote = root.Name == CreditNote;
        var fields = new StatedFields(root, Prefixes);
        var currency = fields.Text("cbc:DocumentCurrencyCode");
        var (tax, taxes) = Tax(fields, currency.Text);
        var (allowances, charges) = AllowancesAndCharges(fields);
        return new()
        {
            Syntax = InvoiceSyntax.Ubl,
            Specification = fields.Text("cbc:CustomizationID").Text,
            IsCreditNote = isCreditNote,
            TypeCode = fields.Text(isCreditNote ? "cbc:CreditNoteTypeCode" : "cbc:InvoiceTypeCode"),
            Number = fields.Text("cbc:ID"),
            Original = Originals(fields),
            IssueDate = fields.Text("cbc:IssueDate"),
            DueDates = DueDates(fields),
            Currency = currency,
            Seller = Party(fields, "cac:AccountingSupplierParty/cac:Party"),
            Buyer = Party(fields, "cac:AccountingCustomerParty/cac:Party"),
            Payee = Party(fields, "cac:PayeeParty"),
            Lines = Lines(fields, isCreditNote ? "cac:CreditNoteLine" : "cac:InvoiceLine"),
            Allowances = allowances,
            Charges = charges,
            Taxes = taxes,
            LineTotal = Amount(fields, "cac:LegalMonetaryTotal/cbc:LineExtensionAmount"),
            AllowanceTotal = Amount(fields, "cac:LegalMonetaryTotal/cbc:AllowanceTotalAmount"),
            ChargeTotal = Amount(fields, "cac:LegalMonetaryTotal/cbc:ChargeTotalAmount"),
            Net = Amount(fields, "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount"),
            Tax = tax,
            Gross = Amount(fields, "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount"),
            ForOthers = ForOthers(fields),
            Prepaid = Amount(fields, "cac:LegalMonetaryTotal/cbc:PrepaidAmount"),
            Rounding = Amount(fields, "cac:LegalMonetaryTotal/cbc:PayableRoundingAmount"),
            Payable = Amount(fields, "cac:LegalMonetaryTotal/cbc:PayableAmount"),
            Problem = fields.Problem,
        };
    }

    // An invoice may name several that came before it; only one of them can be the one that it lowers.
    static string? Originals(StatedFields fields)
    {
        var references = fields.All("cac:BillingReference");
        return references.Count == 1 ? references[0].Text("cac:InvoiceDocumentReference/cbc:ID").Text : null;
    }

    static ValueList<Stated> DueDates(StatedFields fields)
    {
        if (fields.Text("cbc:DueDate") is { Text: not null } due) return [due];

        // Where the invoice itself names no day, its ways of payment may, or its terms that grant no discount.
        return
        [
            .. fields.All("cac:PaymentMeans")
                .Concat(fields.All("cac:PaymentTerms").Where(terms => terms.Text("cbc:SettlementDiscountPercent").Text is null))
                .Select(way => way.Text("cbc:PaymentDueDate")).Where(stated => stated.Text is not null),
        ];
    }

    static StatedParty Party(StatedFields fields, string path)
    {
        var name = fields.Text($"{path}/cac:PartyLegalEntity/cbc:RegistrationName");
        if (name.Text is null && fields.Text($"{path}/cac:PartyName/cbc:Name") is { Text: not null } trading) name = trading;

        var identifiers = new List<PartyIdentifier>();
        foreach (var identification in fields.All($"{path}/cac:PartyIdentification")) Add(identification, "cbc:ID");
        foreach (var tax in fields.All($"{path}/cac:PartyTaxScheme")) Add(tax, "cbc:CompanyID", tax.Text("cac:TaxScheme/cbc:ID").Text);
        foreach (var entity in fields.All($"{path}/cac:PartyLegalEntity")) Add(entity, "cbc:CompanyID");
        return new(name, [.. identifiers.Distinct()]);

        void Add(StatedFields at, string element, string? otherwise = null)
        {
            if (at.Text(element).Text is { } value) identifiers.Add(new(at.Text($"{element}/@schemeID").Text ?? otherwise ?? "", value));
        }
    }

    static ValueList<StatedLine> Lines(StatedFields fields, string element) =>
        [.. fields.All(element).Select(line => new StatedLine(line.Text("cac:Item/cbc:Name").Text, line.Needed(Amount(line, "cbc:LineExtensionAmount"))))];

    static (ValueList<Stated> Allowances, ValueList<Stated> Charges) AllowancesAndCharges(StatedFields fields)
    {
        var (allowances, charges) = (new List<Stated>(), new List<Stated>());
        foreach (var item in fields.All("cac:AllowanceCharge"))
        {
            var amount = item.Needed(Amount(item, "cbc:Amount"));
            if (item.IsTrue("cbc:ChargeIndicator")) charges.Add(amount);
            else allowances.Add(amount);
        }

        return ([.. allowances], [.. charges]);
    }

    // The XRechnung extension puts what is collected for others (BG-DEX-09) where others note the prepayments that the totals contain.
    static ValueList<Stated> ForOthers(StatedFields fields) =>
        fields.Text("cbc:CustomizationID").Text?.Contains(":kosit:extension:xrechnung", StringComparison.Ordinal) ?? false
            ? [.. fields.All("cac:PrepaidPayment").Select(payment => payment.Needed(Amount(payment, "cbc:PaidAmount")))]
            : [];

    // The norm lets the tax stand twice: in the invoice's currency, and for the tax office in its own.
    static (Stated Total, ValueList<Stated> Taxes) Tax(StatedFields fields, string? currency)
    {
        Stated total = new("TaxTotal/TaxAmount", null);
        ValueList<Stated> taxes = [];
        foreach (var stated in fields.All("cac:TaxTotal"))
        {
            var amount = stated.Needed(Amount(stated, "cbc:TaxAmount"));
            if (currency is not null && amount.Currency is not null && amount.Currency != currency) continue;
            ValueList<Stated> parts = [.. stated.All("cac:TaxSubtotal").Select(subtotal => subtotal.Needed(Amount(subtotal, "cbc:TaxAmount")))];

            // Where the tax office's currency is the invoice's, the same total stands once more without its parts.
            var isSaidAgain = Figure.TryParse(amount.Text, out var again) && Figure.TryParse(total.Text, out var before) && again == before && (taxes.Count == 0 || parts.Count == 0);
            if (total.Text is not null && !isSaidAgain) fields.Say(new(Refusal.FieldRepeated, total.Path));
            total = amount;
            if (parts.Count > 0 || !isSaidAgain) taxes = parts;
        }

        return (total, taxes);
    }

    // Every amount of UBL names its currency.
    static Stated Amount(StatedFields fields, string path)
    {
        var stated = fields.Amount(path, "currencyID");
        if (stated is { Text: not null, Currency: null }) fields.Say(new(Refusal.MissingField, $"{stated.Path}/@currencyID"));
        return stated;
    }
}
