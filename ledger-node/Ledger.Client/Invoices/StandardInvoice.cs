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

    /// <summary>Who is to be paid, where the paper names somebody for that.</summary>
    public required StatedParty Payee { get; init; }

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

    /// <summary>What the seller collects for others by this paper, such as parking fees: part of what is payable, not of the total.</summary>
    public required ValueList<Stated> ForOthers { get; init; }

    public required Stated Rounding { get; init; }

    public required Stated Payable { get; init; }

    /// <summary>What is wrong with the file as it stands; to be told only of a paper that might be taken.</summary>
    public required ImportProblem? Problem { get; init; }

    public bool ClaimsTheNorm => Specification?.StartsWith("urn:cen.eu:en16931:2017", StringComparison.Ordinal) ?? false;

    // The profiles MINIMUM and BASIC WL of ZUGFeRD and Factur-X have no lines; MINIMUM says nothing of prepayments either.
    public bool IsMinimum => Specification?.EndsWith(":minimum", StringComparison.Ordinal) ?? false;

    public bool IsWithoutLines => IsMinimum || (Specification?.EndsWith(":basicwl", StringComparison.Ordinal) ?? false);

    // Each amount of the EXTENDED profile may be off by a hundredth (BR-FXEXT-CO-10 to BR-FXEXT-CO-15): it was rounded by itself.
    public bool IsExtended => Specification?.EndsWith(":extended", StringComparison.Ordinal) ?? false;

    /// <summary>Whether the parts agree with one another: the invoice, or the first thing that is wrong.</summary>
    public bool TryValidate([NotNullWhen(true)] out Invoice? invoice, [NotNullWhen(false)] out ImportProblem? problem)
    {
        invoice = null;
        if (IsOfAnotherType(out problem)) return false;
        problem = Problem ?? Missing();
        if (problem is not null) return false;
        if (!TryReadDates(out var issued, out var due, out problem)) return false;
        if (!TryReadCurrency(out var currency, out problem)) return false;
        if (!StandardTotals.TryRead(this, currency, out var totals, out problem)) return false;

        invoice = new(
            InvoiceKind.Unstated, Code: "", Number.Text ?? "", Seller.Party, Buyer.Party, currency,
            new((ulong)totals.Gross), totals.Net, totals.Tax, issued, totals.Lines)
        {
            Syntax = Syntax,
            DueDate = due,
            PrepaidMinor = totals.Prepaid,
            ForOthers = new((ulong)totals.ForOthers),
            RoundingMinor = totals.Rounding,
            Payee = Payee.IsNamed && !Payee.Party.IsSame(Seller.Party) ? Payee.Party : null,
            Assignment = TypeCode.Text is { } type && DocumentTypes.ClaimOf(type) == DocumentClaim.Assigned ? type : null,
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

        if (IsWithoutLines) return Gross.Text is null ? new(Refusal.MissingField, Gross.Path) : null;
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
        var claim = TypeCode.Text is { } type ? DocumentTypes.ClaimOf(type) : DocumentClaim.Owed;
        problem = IsCreditNote ? new(Refusal.RedLetter, "/", Original)
            : claim == DocumentClaim.Lowered ? new(Refusal.RedLetter, TypeCode.Path, Original)
            : claim == DocumentClaim.None ? new(Refusal.InvoiceTypeNotTaken, TypeCode.Path, TypeCode.Text)
            : null;
        return problem is not null;
    }

    // Where parts are due on several days, the whole is due on the last.
    bool TryReadDates(out DateOnly issued, out DateOnly? due, [NotNullWhen(false)] out ImportProblem? problem)
    {
        due = null;
        problem = !TryParseDate(IssueDate.Text, out issued) ? new(Refusal.DateInvalid, IssueDate.Path, IssueDate.Text) : null;
        foreach (var stated in DueDates)
        {
            if (problem is not null) return false;
            if (!TryParseDate(stated.Text, out var date)) problem = new(Refusal.DateInvalid, stated.Path, stated.Text);
            else if (due is not { } other || date > other) due = date;
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
}

readonly record struct StatedLine(string? Name, Stated Net);

readonly record struct StatedParty(Stated Name, ValueList<PartyIdentifier> Identifiers)
{
    // A direct debit names its creditor's SEPA number where a payee would stand; that alone names nobody.
    const string CreditorScheme = "SEPA";

    public InvoiceParty Party => new(Name.Text ?? "", Identifiers);

    public bool IsNamed => Name.Text is not null || Identifiers.Any(identifier => identifier.Scheme != CreditorScheme);
}
