using Ledger.Core.Primitives;

namespace Ledger.Client.Invoices;

/// <summary>
/// An invoice that was read from a file and whose parts agree: total = net + tax, and so do the lines. Says nothing about whether the tax
/// authority knows it; that is for the attesting bank to find out. <see cref="Code"/> is the 发票代码 of older invoices, empty for all others.
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
    ValueList<InvoiceLine> Lines)
{
    public InvoiceSyntax Syntax { get; init; }

    public DateOnly? DueDate { get; init; }

    /// <summary>What was paid before the invoice was written; it is part of the total and no longer owed.</summary>
    public Amount Prepaid { get; init; }

    /// <summary>What rounding adds to the amount payable, in signed minor units.</summary>
    public long RoundingMinor { get; init; }

    /// <summary>What the buyer still owes by this paper: total − prepaid + rounding.</summary>
    public Amount Payable => new((ulong)((long)Total.Minor - (long)Prepaid.Minor + RoundingMinor));
}

public enum InvoiceSyntax
{
    /// <summary>数电票, the tax authority's XML.</summary>
    EInvoice,

    /// <summary>OASIS UBL 2, one of the two syntaxes of EN 16931.</summary>
    Ubl,

    /// <summary>UN/CEFACT Cross Industry Invoice D16B, the other one.</summary>
    CrossIndustry,

    /// <summary>A row of a table.</summary>
    Csv,
}

public enum InvoiceKind
{
    Unstated,

    /// <summary>增值税专用发票</summary>
    SpecialVat,

    /// <summary>普通发票</summary>
    GeneralVat,
}

/// <summary>A party as the paper names it, with every number that the paper gives it.</summary>
public readonly record struct InvoiceParty(string Name, ValueList<PartyIdentifier> Identifiers)
{
    /// <summary>A party that the ledger could know, under its USCC or LEI.</summary>
    public InvoiceParty(PartyId id, string name)
        : this(name, [new(id.IsUscc ? PartyIdentifier.Uscc : PartyIdentifier.Lei, id.Text)])
    {
    }

    /// <summary>The party's USCC, or else its LEI; nobody where the paper gives neither, or two of a kind.</summary>
    public PartyId Id => Only(uscc: true) is { } uscc ? uscc : Only(uscc: false) ?? default;

    PartyId? Only(bool uscc)
    {
        PartyId? only = null;
        foreach (var identifier in Identifiers)
        {
            if (identifier.AsPartyId is not { } id || id.IsUscc != uscc || only == id) continue;
            if (only is not null) return default(PartyId);
            only = id;
        }

        return only;
    }
}

/// <summary>A party's number and who gave it, as the paper says: a scheme's name or ISO 6523 code, empty where it says nothing.</summary>
public readonly record struct PartyIdentifier(string Scheme, string Value)
{
    public const string Uscc = "USCC";
    public const string Lei = "LEI";

    // A customer number or a GLN may by chance have the check characters of another scheme: only these may hold a party's own number.
    static readonly string[] UsccSchemes = ["", Uscc, "CN:USCC", "统一社会信用代码", "VAT", "VA", "FC"];
    static readonly string[] LeiSchemes = ["", Lei, "0199"];

    /// <summary>The value as a number of the ledger's parties, where its scheme allows that and its check characters agree.</summary>
    public PartyId? AsPartyId =>
        PartyId.TryParse(Value, out var id) && (id.IsUscc ? UsccSchemes : LeiSchemes).Contains(Scheme, StringComparer.OrdinalIgnoreCase) ? id : null;
}

/// <summary>A line's net amount and tax in signed minor units, for a discount is a line below zero; null where the file gives none.</summary>
public readonly record struct InvoiceLine(string Name, long? NetMinor, long? TaxMinor);
