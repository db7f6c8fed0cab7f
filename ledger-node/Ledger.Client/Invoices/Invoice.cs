using Ledger.Core.Primitives;

namespace Ledger.Client.Invoices;

/// <summary>
/// An invoice that was read from a file and whose parts agree: total = net + tax, and so do the lines. Says nothing about whether the tax
/// authority knows it; that is for the attesting bank to find out. <see cref="Code"/> is the 发票代码 of older invoices, empty for all others. Net and tax are
/// in signed minor units: what is taken back under one rate of tax may come to more than what is sold under others, and the whole is owed all the same.
/// </summary>
public sealed record Invoice(
    InvoiceKind Kind,
    string Code,
    string Number,
    InvoiceParty Seller,
    InvoiceParty Buyer,
    Currency Currency,
    Amount Total,
    long NetMinor,
    long TaxMinor,
    DateOnly IssueDate,
    ValueList<InvoiceLine> Lines)
{
    public InvoiceSyntax Syntax { get; init; }

    public DateOnly? DueDate { get; init; }

    /// <summary>
    /// What was paid before the invoice was written, in minor units: part of the total and no longer owed. Below zero it is a debt of before, which this
    /// paper carries on.
    /// </summary>
    public long PrepaidMinor { get; init; }

    /// <summary>What the seller collects by this paper for others; it is no part of the total, and payable with it.</summary>
    public Amount ForOthers { get; init; }

    /// <summary>What rounding adds to the amount payable, in signed minor units.</summary>
    public long RoundingMinor { get; init; }

    /// <summary>What the buyer still owes by this paper: total − prepaid + rounding, and what is collected for others.</summary>
    public Amount Payable => new((ulong)((long)Total.Minor - PrepaidMinor + RoundingMinor + (long)ForOthers.Minor));

    /// <summary>What of it this paper is the ground of: a debt of before has a paper of its own.</summary>
    public Amount Claim => PrepaidMinor < 0 ? new((ulong)Math.Max(0, (long)Payable.Minor + PrepaidMinor)) : Payable;

    /// <summary>Who is to be paid, where the paper names another than the seller.</summary>
    public InvoiceParty? Payee { get; init; }

    /// <summary>By which word the paper says that its claim was assigned already: a type code, or a part of the remark; null where it does not.</summary>
    public string? Assignment { get; init; }
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

    /// <summary>What was meant as such a number and is none: its check characters, or its length, are wrong.</summary>
    public string? Mistyped => Id == default ? Identifiers.Where(identifier => identifier.IsMistyped).Select(identifier => identifier.Value).FirstOrDefault() : null;

    /// <summary>Whether another place on the paper means this party: by the number that the ledger would know it by, or by a name that no such number speaks against.</summary>
    public bool IsSame(InvoiceParty other) => Id != default && other.Id != default
        ? Id == other.Id
        : string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

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

    // Tax numbers abroad begin with the country (ISO 3166), as VAT ids do.
    const string Country = "CN";

    const int UsccLength = 18;

    static readonly string[] TaxSchemes = ["VAT", "VA"];

    /// <summary>The value as a number of the ledger's parties, where its scheme allows that and its check characters agree; capitals or small letters.</summary>
    public PartyId? AsPartyId =>
        PartyId.TryParse(Plain, out var id) && Has(id.IsUscc ? UsccSchemes : LeiSchemes) ? id : null;

    /// <summary>Whether the value can only have been meant as a number of the ledger's parties, and is none.</summary>
    public bool IsMistyped => AsPartyId is null
        && (Scheme is Uscc or "CN:USCC" or "统一社会信用代码" || Has(LeiSchemes[1..])
            || (Has(UsccSchemes) && Plain.Length == UsccLength && Plain.All(char.IsAsciiLetterOrDigit) && Plain.StartsWith('9')));

    string Plain
    {
        get
        {
            var value = Value.ToUpperInvariant();
            return Has(TaxSchemes) && value.Length == UsccLength + Country.Length && value.StartsWith(Country, StringComparison.Ordinal) ? value[Country.Length..] : value;
        }
    }

    bool Has(string[] schemes) => schemes.Contains(Scheme, StringComparer.OrdinalIgnoreCase);
}

/// <summary>A line's net amount and tax in signed minor units, for a discount is a line below zero; null where the file gives none.</summary>
public readonly record struct InvoiceLine(string Name, long? NetMinor, long? TaxMinor);
