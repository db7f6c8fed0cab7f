using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Ledger.Client.Files;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Invoices;

/// <summary>
/// An invoice of the European norm EN 16931, or an older one of the same syntaxes, as its file says it: every field as text with its place,
/// nothing judged. <see cref="TryValidate"/> judges, by the norm's rules of arithmetic. Signatures are not checked.
/// </summary>
sealed record StandardInvoice
{
    public required InvoiceSyntax Syntax { get; init; }

    /// <summary>Whose rules the file says it follows: what claims the norm must have what the norm asks for.</summary>
    public required string? Specification { get; init; }

    public required bool IsCreditNote { get; init; }

    public required Stated TypeCode { get; init; }

    public required Stated Number { get; init; }

    /// <summary>The number of the invoice that this one lowers or corrects.</summary>
    public required string? Original { get; init; }

    public required Stated IssueDate { get; init; }

    public required ValueList<Stated> DueDates { get; init; }

    public required Stated Currency { get; init; }

    public required StatedParty Seller { get; init; }

    public required StatedParty Buyer { get; init; }

    public required ValueList<StatedLine> Lines { get; init; }

    public required ValueList<Stated> Allowances { get; init; }

    public required ValueList<Stated> Charges { get; init; }

    public required ValueList<Stated> Taxes { get; init; }

    public required Stated LineTotal { get; init; }

    public required Stated AllowanceTotal { get; init; }

    public required Stated ChargeTotal { get; init; }

    public required Stated Net { get; init; }

    public required Stated Tax { get; init; }

    public required Stated Gross { get; init; }

    public required Stated Prepaid { get; init; }

    public required Stated Rounding { get; init; }

    public required Stated Payable { get; init; }

    // UNTDID 1001, as far as EN 16931 lists it. Left out are papers that ask for no payment (325, 751), that replace another (384), that were
    // already assigned (393) and that an earlier or later invoice contains (386).
    static readonly string[] Invoices = ["380", "80", "82", "84", "326", "383", "389", "875", "876", "877", "SalesInvoice"];

    static readonly string[] Credits = ["381", "81", "83", "261", "262", "296", "308", "396", "420", "458", "532"];

    bool ClaimsTheNorm => Specification?.StartsWith("urn:cen.eu:en16931:2017", StringComparison.Ordinal) ?? false;

    /// <summary>Whether the parts agree with one another: the invoice, or the first thing that is wrong.</summary>
    public bool TryValidate([NotNullWhen(true)] out Invoice? invoice, [NotNullWhen(false)] out ImportProblem? problem)
    {
        invoice = null;
        problem = Missing();
        if (problem is not null) return false;
        if (IsOfAnotherType(out problem)) return false;
        if (!TryReadDates(out var issued, out var due, out problem)) return false;
        if (!TryReadCurrency(out var currency, out problem)) return false;
        if (!TryReadTotals(currency, out var totals, out problem)) return false;

        invoice = new(
            InvoiceKind.Unstated, Code: "", Number.Text ?? "", Seller.Party, Buyer.Party, currency,
            new((ulong)totals.Gross), new((ulong)totals.Net), new((ulong)totals.Tax), issued, totals.Lines)
        {
            Syntax = Syntax,
            DueDate = due,
            Prepaid = new((ulong)totals.Prepaid),
            RoundingMinor = totals.Rounding,
        };
        return true;
    }

    // BR-01 to BR-16. What older UBL leaves out is derived from what is there.
    ImportProblem? Missing()
    {
        foreach (var needed in (ReadOnlySpan<Stated>)[Number, IssueDate, Seller.Name, Buyer.Name, Payable])
        {
            if (needed.Text is null) return new(Refusal.MissingField, needed.Path);
        }

        if (Lines.Count == 0) return new(Refusal.MissingField, LinePath);
        if (!ClaimsTheNorm) return null;

        foreach (var needed in (ReadOnlySpan<Stated>)[TypeCode, Currency, LineTotal, Net, Gross])
        {
            if (needed.Text is null) return new(Refusal.MissingField, needed.Path);
        }

        return null;
    }

    string LinePath => Syntax == InvoiceSyntax.Ubl ? "InvoiceLine" : "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem";

    bool IsOfAnotherType([NotNullWhen(true)] out ImportProblem? problem)
    {
        var type = TypeCode.Text;
        problem = IsCreditNote ? new(Refusal.RedLetter, "/", Original)
            : type is null || Invoices.Contains(type) ? null
            : Credits.Contains(type) ? new(Refusal.RedLetter, TypeCode.Path, Original)
            : new(Refusal.InvoiceTypeNotTaken, TypeCode.Path, type);
        return problem is not null;
    }

    bool TryReadDates(out DateOnly issued, out DateOnly? due, [NotNullWhen(false)] out ImportProblem? problem)
    {
        due = null;
        problem = !TryParseDate(IssueDate.Text, out issued) ? new(Refusal.DateInvalid, IssueDate.Path, IssueDate.Text) : null;
        foreach (var stated in DueDates)
        {
            if (problem is not null) return false;
            if (!TryParseDate(stated.Text, out var date)) problem = new(Refusal.DateInvalid, stated.Path, stated.Text);
            else if (due is { } other && other != date) problem = new(Refusal.FieldRepeated, stated.Path, stated.Text);
            due = date;
        }

        return problem is null;
    }

    // UBL writes xs:date, CII eight digits (UNTDID 2379 code 102).
    bool TryParseDate(string? text, out DateOnly date) => Syntax == InvoiceSyntax.Ubl
        ? FileDate.TryParse(text, out date)
        : DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    // Older UBL may leave the document's currency to its amounts.
    bool TryReadCurrency(out Currency currency, [NotNullWhen(false)] out ImportProblem? problem)
    {
        var stated = Currency.Text is null ? Payable with { Text = Payable.Currency } : Currency;
        problem = Core.Primitives.Currency.TryParse(stated.Text, out currency) ? null : new(Refusal.CurrencyUnknown, stated.Path, stated.Text);
        return problem is null;
    }

    bool TryReadTotals(Currency currency, out Totals totals, [NotNullWhen(false)] out ImportProblem? problem)
    {
        totals = default;
        var figures = new Figures(currency);
        var lines = new List<InvoiceLine>(Lines.Count);
        foreach (var line in Lines) lines.Add(new(line.Name ?? "", figures.Of(line.Net), TaxMinor: null));
        var (allowances, charges, taxes) = (figures.Sum(Allowances), figures.Sum(Charges), figures.Sum(Taxes));

        // What is not stated is what it should be.
        var lineTotal = figures.Of(LineTotal) ?? lines.Sum(line => line.NetMinor ?? 0);
        var allowanceTotal = figures.Of(AllowanceTotal) ?? allowances;
        var chargeTotal = figures.Of(ChargeTotal) ?? charges;
        var net = figures.Of(Net) ?? lineTotal - allowanceTotal + chargeTotal;
        var tax = figures.Of(Tax) ?? taxes;
        var (prepaid, rounding, payable) = (figures.Of(Prepaid) ?? 0, figures.Of(Rounding) ?? 0, figures.Of(Payable) ?? 0);
        var gross = figures.Of(Gross) ?? net + tax;

        // Before the norm, UBL's total could contain the rounding.
        var isRounded = !ClaimsTheNorm && rounding != 0 && gross == net + tax + rounding && payable == gross - prepaid;
        problem = figures.Problem
            ?? (gross < 0 ? new ImportProblem(Refusal.RedLetter, Gross.Path, Original) : null)
            ?? (lineTotal != lines.Sum(line => line.NetMinor ?? 0) ? Disagrees(LineTotal) : null) // BR-CO-10
            ?? (allowanceTotal != allowances ? Disagrees(AllowanceTotal) : null) // BR-CO-11
            ?? (chargeTotal != charges ? Disagrees(ChargeTotal) : null) // BR-CO-12
            ?? (net != lineTotal - allowanceTotal + chargeTotal ? Disagrees(Net) : null) // BR-CO-13
            ?? (Taxes.Count > 0 && tax != taxes ? Disagrees(Tax) : null) // BR-CO-14
            ?? (!isRounded && gross != net + tax ? Disagrees(Gross) : null) // BR-CO-15
            ?? (!isRounded && payable != gross - prepaid + rounding ? Disagrees(Payable) : null) // BR-CO-16
            ?? OutOfRange((Gross, gross == 0 ? -1 : gross), (Net, net), (Tax, tax), (Prepaid, prepaid), (Payable, payable));
        totals = new(net, tax, isRounded ? gross - rounding : gross, prepaid, rounding, [.. lines]);
        return problem is null;
    }

    static ImportProblem Disagrees(Stated stated) => new(Refusal.AmountsDisagree, stated.Path, stated.Text);

    static ImportProblem? OutOfRange(params ReadOnlySpan<(Stated Stated, long Minor)> amounts)
    {
        foreach (var (stated, minor) in amounts)
        {
            if (minor is < 0 or > (long)Amount.MaxMinor) return new(Refusal.AmountInvalid, stated.Path, stated.Text);
        }

        return null;
    }

    readonly record struct Totals(long Net, long Tax, long Gross, long Prepaid, long Rounding, ValueList<InvoiceLine> Lines);

    /// <summary>Reads figures of one currency and remembers the first that is none.</summary>
    sealed class Figures(Currency currency)
    {
        public ImportProblem? Problem { get; private set; }

        public long? Of(Stated stated)
        {
            if (stated.Text is null) return null;
            if (stated.Currency is { } named && named != currency.Code) Problem ??= new(Refusal.CurrenciesDiffer, stated.Path, named);
            if (!Figure.TryParse(stated.Text, currency, out var minor)) Problem ??= new(Refusal.AmountInvalid, stated.Path, stated.Text);
            return minor;
        }

        public long Sum(ValueList<Stated> items)
        {
            var sum = 0L;
            foreach (var item in items) sum += Of(item) ?? 0;
            return sum;
        }
    }
}

readonly record struct StatedLine(string? Name, Stated Net);

readonly record struct StatedParty(Stated Name, ValueList<PartyIdentifier> Identifiers)
{
    public InvoiceParty Party => new(Name.Text ?? "", Identifiers);
}
