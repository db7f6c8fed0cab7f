using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Client.Files;
using Ledger.Client.Invoices;
using Ledger.Core.Crypto;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Client.Documents;

/// <summary>
/// What a registered document says, with the salt of its commitment: what a financier gets in order to recompute what stands on the ledger.
/// Whoever opens differently from what was attested holds signed evidence. Always in canonical spelling.
/// </summary>
public sealed record DocumentOpening
{
    public const int SaltSize = 16;

    readonly DocumentNumber name;

    DocumentOpening(ByteString salt, DocumentKind kind, DocumentNumber name, PartyId seller, PartyId buyer, Currency currency, Amount total, DateOnly date)
    {
        (Salt, Kind, this.name, Seller, Buyer) = (salt, kind, name, seller, buyer);
        (Currency, Total, Date) = (currency, total, date);
    }

    public ByteString Salt { get; }

    public DocumentKind Kind { get; }

    public string Code => name.Code;

    public string Number => name.Number;

    /// <summary>Of a digital invoice on paper, the digits of its form's code and number in a row; else empty.</summary>
    public string Paper => name.OnPaper is { } form ? form.Code + form.Number : "";

    public PartyId Seller { get; }

    public PartyId Buyer { get; }

    public Currency Currency { get; }

    public Amount Total { get; }

    public DateOnly Date { get; }

    /// <summary>The opening of a document that has one number, as nearly all have.</summary>
    public static bool TryCreate(
        ByteString salt, DocumentKind kind, string code, string number, PartyId seller, PartyId buyer, Currency currency, Amount total, DateOnly date,
        [NotNullWhen(true)] out DocumentOpening? opening, out Refusal why) =>
        TryCreate(salt, kind, code, number, "", seller, buyer, currency, total, date, out opening, out why);

    /// <summary>
    /// Brings code and number into their canonical spelling, and those of the paper form; false if they have none (then <paramref name="why"/> says so), or if
    /// a part is missing.
    /// </summary>
    public static bool TryCreate(
        ByteString salt, DocumentKind kind, string code, string number, string paper, PartyId seller, PartyId buyer, Currency currency, Amount total, DateOnly date,
        [NotNullWhen(true)] out DocumentOpening? opening, out Refusal why)
    {
        opening = null;
        why = Refusal.MissingField;
        if (salt.Length != SaltSize || !Enum.IsDefined(kind)) return false;
        if (seller == default || buyer == default || currency == default || total.IsZero || total.Minor > Amount.MaxMinor) return false;
        if (!DocumentNumber.TryRead(kind, seller, code, number, paper, out var name, out why)) return false;

        opening = new(salt, kind, name, seller, buyer, currency, total, date);
        return true;
    }

    /// <summary>
    /// The opening of an invoice that was read and found in order, or why the ledger cannot have it: both parties need a number that the ledger
    /// knows. Its total is what is still owed: a claim can be raised on no more than that.
    /// </summary>
    public static bool TryOf(
        Invoice invoice, ByteString salt, [NotNullWhen(true)] out DocumentOpening? opening, [NotNullWhen(false)] out ImportProblem? problem)
    {
        opening = null;
        problem = invoice.Assignment is { } assignment ? new(Refusal.InvoiceAssigned, "Assignment", assignment)
            : invoice.Payee is { } payee ? new(Refusal.PayeeIsAnother, "Payee", payee.Name.Length > 0 ? payee.Name : payee.Identifiers[0].Value)
            : invoice.Seller.Mistyped is { } seller ? new(Refusal.SellerNumberInvalid, "Seller", seller)
            : invoice.Seller.Id == default ? new(Refusal.SellerNotIdentified, "Seller", invoice.Seller.Name)
            : invoice.Buyer.Mistyped is { } buyer ? new(Refusal.BuyerNumberInvalid, "Buyer", buyer)
            : invoice.Buyer.Id == default ? new(Refusal.BuyerNotIdentified, "Buyer", invoice.Buyer.Name)
            : invoice.Claim.IsZero ? new(Refusal.NothingOwed, "Payable")
            : null;
        if (problem is not null) return false;

        if (TryCreate(
            salt, DocumentKind.Invoice, invoice.Code, invoice.Number, invoice.Seller.Id, invoice.Buyer.Id, invoice.Currency, invoice.Claim,
            invoice.IssueDate, out opening, out var why)) return true;
        problem = new(why, "Number", $"{invoice.Code} {invoice.Number}".Trim());
        return false;
    }

    /// <summary>What the seller signs and the ledger keeps. Without the salt it can be neither guessed nor compared.</summary>
    public Hash256 Commitment(CryptoSuite suite) =>
        suite.Hash(Lines(
            "ledger-document-v2", Salt.ToString(), Kind.Name(), Code, Number, Paper, Seller.Text, Buyer.Text, Currency.Code, Total.ToString(), DateText));

    /// <summary>
    /// What makes the same document recognisable to those who hold the epoch's key, and to nobody else. An invoice that the tax authority
    /// numbered is its code and number; every other number is only its parties' own, so they belong to it.
    /// </summary>
    public Hash256 Fingerprint(CryptoSuite suite, ReadOnlySpan<byte> epochKey) => name.IsNational
        ? NationalFingerprint(suite, epochKey, name)
        : suite.Hmac(epochKey, Lines("ledger-fingerprint-v1", Kind.Name(), Code, Number, Seller.Text, Buyer.Text));

    /// <summary>What makes a document of the same seller, of any kind, that looks alike recognisable to those who hold the epoch's key.</summary>
    public Hash256 Skeleton(CryptoSuite suite, ReadOnlySpan<byte> epochKey) => SkeletonOf(name, suite, epochKey);

    Hash256 SkeletonOf(DocumentNumber number, CryptoSuite suite, ReadOnlySpan<byte> epochKey) =>
        suite.Hmac(epochKey, Lines("ledger-skeleton-v2", number.Skeleton, Seller.Text));

    /// <summary>The fingerprint of an invoice that is known by its number alone; null where the number is none of the tax authority's.</summary>
    public static Hash256? NationalFingerprint(CryptoSuite suite, ReadOnlySpan<byte> epochKey, string code, string number) =>
        DocumentNumber.TryNational(code, number) is { } name ? NationalFingerprint(suite, epochKey, name) : null;

    static Hash256 NationalFingerprint(CryptoSuite suite, ReadOnlySpan<byte> epochKey, DocumentNumber name) =>
        suite.Hmac(epochKey, Lines("ledger-fingerprint-v1", DocumentKind.Invoice.Name(), name.Code, name.Number));

    /// <summary>
    /// What tags between consortia are made of (FORMATS, Pledges): the same for the same document in every consortium, whatever its suite and its keys. A digital invoice on paper has two, and each is a tag of its own.
    /// </summary>
    public IReadOnlyList<ByteString> PledgeNames()
    {
        ByteString own = name.IsNational ? National(name) : new(Lines("ledger-pledge-v1", Kind.Name(), Code, Number, Seller.Text, Buyer.Text));
        return name.OnPaper is { } form ? [own, National(form)] : [own];

        static ByteString National(DocumentNumber number) => new(Lines("ledger-pledge-v1", DocumentKind.Invoice.Name(), number.Code, number.Number));
    }

    /// <summary>
    /// A fingerprint and a skeleton for every epoch whose key is given, as an attestation of this document carries them, and after each those of the paper
    /// form where there is one.
    /// </summary>
    public NumberMarks Marks(CryptoSuite suite, IEnumerable<(uint Epoch, byte[] Key)> epochs)
    {
        var (fingerprints, skeletons) = (new List<Fingerprint>(), new List<Fingerprint>());
        foreach (var (epoch, key) in epochs.OrderBy(one => one.Epoch))
        {
            Add(epoch, Fingerprint(suite, key), Skeleton(suite, key));
            if (name.OnPaper is { } form) Add(epoch, NationalFingerprint(suite, key, form), SkeletonOf(form, suite, key));
        }

        return new([.. fingerprints], [.. skeletons]);

        void Add(uint epoch, Hash256 fingerprint, Hash256 skeleton)
        {
            fingerprints.Add(new(Kind.Name(), epoch, fingerprint));
            skeletons.Add(new(Core.Instruments.Fingerprint.SkeletonScheme, epoch, skeleton));
        }
    }

    /// <summary>The attestation of this document by a bank that saw it. <paramref name="distinctFrom"/>: what looks like it and is another, on a second bank's word.</summary>
    public AttestDocument Attestation(
        Id<Document> document, CryptoSuite suite, IEnumerable<(uint Epoch, byte[] Key)> epochs, ValueList<Id<Document>> distinctFrom)
    {
        var (fingerprints, skeletons) = Marks(suite, epochs);
        return new(document, Kind, Seller, Buyer, Currency, Total, Date, Commitment(suite), fingerprints, skeletons, distinctFrom);
    }

    public byte[] ToJson() =>
        JsonSerializer.SerializeToUtf8Bytes(
            new OpeningFile(
                Salt.ToString(), Kind.Name(), Code, Number, Paper, Seller.Text, Buyer.Text, Currency.Code, Total.ToString(), DateText),
            OpeningJson.Default.OpeningFile);

    /// <summary>Reads what <see cref="ToJson"/> writes: exactly its members, each once, all in canonical spelling.</summary>
    public static bool TryReadJson(ReadOnlySpan<byte> json, [NotNullWhen(true)] out DocumentOpening? opening)
    {
        opening = null;
        OpeningFile? file;
        try
        {
            file = JsonSerializer.Deserialize(json, OpeningJson.Default.OpeningFile);
        }
        catch (JsonException)
        {
            return false;
        }

        if (file is null || !ByteString.TryParse(file.Salt, out var salt) || !DocumentKinds.TryParse(file.Kind, out var kind)) return false;
        if (!PartyId.TryParse(file.Seller, out var seller) || !PartyId.TryParse(file.Buyer, out var buyer)) return false;
        if (!Currency.TryParse(file.Currency, out var currency) || !Amount.TryParse(file.Total, out var total)) return false;
        if (!DateOnly.TryParseExact(file.Date, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return false;
        if (!TryCreate(salt, kind, file.Code, file.Number, file.Paper, seller, buyer, currency, total, date, out var read, out _)) return false;
        if (read.Code != file.Code || read.Number != file.Number || read.Paper != file.Paper) return false;

        opening = read;
        return true;
    }

    const string DateFormat = "yyyy-MM-dd";

    string DateText => Date.ToString(DateFormat, CultureInfo.InvariantCulture);

    static byte[] Lines(params ReadOnlySpan<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines) text.Append(line).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}

/// <summary>Under every open epoch's key: a number's fingerprint, and its skeleton.</summary>
public readonly record struct NumberMarks(ValueList<Fingerprint> Fingerprints, ValueList<Fingerprint> Skeletons);

sealed record OpeningFile(
    string Salt, string Kind, string Code, string Number, string Paper, string Seller, string Buyer, string Currency, string Total, string Date);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(OpeningFile))]
sealed partial class OpeningJson : JsonSerializerContext;
