using Ledger.Core.Primitives;

namespace Ledger.Core.Instruments;

public enum DocumentKind : byte
{
    Invoice = 1,
    Contract = 2,
    Waybill = 3,
    WarehouseReceipt = 4,
    CustomsDeclaration = 5,
}

/// <summary>
/// An HMAC under the consortium key of one epoch, of a document's number or of what that number looks like (its skeleton): equal ones collide, and only
/// holders of the key can look for them.
/// </summary>
public readonly record struct Fingerprint(string Scheme, uint Epoch, Hash256 Value)
{
    /// <summary>Skeletons of all kinds have one scheme: what has a number that looks the same is found, whatever it says that it is.</summary>
    public const string SkeletonScheme = "skeleton";

    /// <summary>All documents of a kind have one scheme: under another spelling of it the same number would not be found.</summary>
    public static string SchemeOf(DocumentKind kind) => kind switch
    {
        DocumentKind.Invoice => "invoice",
        DocumentKind.Contract => "contract",
        DocumentKind.Waybill => "waybill",
        DocumentKind.WarehouseReceipt => "warehouseReceipt",
        DocumentKind.CustomsDeclaration => "customsDeclaration",
    };
}

/// <summary>How much of a document an act takes, in minor units of the document's currency.</summary>
public readonly record struct DocumentUse(Id<Document> Document, Amount Amount);

/// <summary>
/// The trade background that a bank saw in the original (贸易背景材料). Number and other hidden facts are under <paramref name="Commitment"/>,
/// which the seller signed too. <paramref name="Total"/> never changes; red letters are kept beside it. Only acts add to
/// <paramref name="Reserved"/> and <paramref name="Used"/>, and payment takes nothing away. <paramref name="Reliant"/>: the banks that lent on it.
/// <paramref name="DistinctFrom"/>: documents of the same seller that look like it and, on two banks' word, are others. <paramref name="SellersHand"/>
/// signed for the seller: that party itself, or its agent.
/// </summary>
public sealed record Document(
    Id<Document> Id,
    DocumentKind Kind,
    PartyId Seller,
    PartyId Buyer,
    Currency Currency,
    Amount Total,
    DateOnly Date,
    Hash256 Commitment,
    ValueList<Fingerprint> Fingerprints,
    ValueList<Fingerprint> Skeletons,
    ValueList<Id<Document>> DistinctFrom,
    PartyId Attester,
    PartyId SellersHand,
    Timestamp AttestedAt,
    Amount RedLetters,
    Amount Reserved,
    Amount Used,
    ValueList<PartyId> Reliant)
{
    /// <summary>
    /// Whether an act takes an amount of it. Whatever else comes with a delivery (waybill, warehouse receipt, customs declaration) is evidence beside its
    /// invoice: with an amount of its own one delivery would back two debts.
    /// </summary>
    public bool IsBackground => Kind is DocumentKind.Invoice or DocumentKind.Contract;

    /// <summary>The total after red letters.</summary>
    public Amount NetTotal => Total - RedLetters;

    /// <summary>Promised or used, which red letters can leave above the net total.</summary>
    public Amount Taken => Reserved + Used;

    public Amount Available => Amount.Remaining(NetTotal, Taken);
}

/// <summary>
/// A period of one consortium fingerprint key: its commitment, and the key sealed to each bank (JWE compact text).
/// A document brings a fingerprint for every epoch that is open.
/// </summary>
public sealed record Epoch(uint Number, Hash256 KeyCommitment, ValueList<SealedEpochKey> SealedKeys, Timestamp OpenedAt);

/// <summary>The next epoch as it is proposed: it begins when the votes for it are counted.</summary>
public sealed record NextEpoch(uint Number, Hash256 KeyCommitment, ValueList<SealedEpochKey> SealedKeys);

public readonly record struct SealedEpochKey(PartyId Bank, string Sealed);
