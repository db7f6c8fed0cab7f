using Ledger.Core.Primitives;

namespace Ledger.Client.Invoices;

/// <summary>
/// An invoice that was read from a file and whose parts agree: total = net + tax, and so do the lines. Says nothing about whether the tax
/// authority knows it; that is for the attesting bank to find out. <see cref="Code"/> is the 发票代码 of older invoices, empty for 数电票.
/// </summary>
public sealed record Invoice(
    InvoiceKind Kind,
    string Code,
    string Number,
    InvoiceParty Seller,
    InvoiceParty Buyer,
    Currency Currency,
    Amount Total,
    Amount TotalWithoutTax,
    Amount Tax,
    DateOnly IssueDate,
    ValueList<InvoiceLine> Lines);

public enum InvoiceKind
{
    Unstated,

    /// <summary>增值税专用发票</summary>
    SpecialVat,

    /// <summary>普通发票</summary>
    GeneralVat,
}

public readonly record struct InvoiceParty(PartyId Id, string Name);

/// <summary>A line's net amount and tax in signed minor units, for a discount is a line below zero; null where the file gives none.</summary>
public readonly record struct InvoiceLine(string Name, long? NetMinor, long? TaxMinor);
