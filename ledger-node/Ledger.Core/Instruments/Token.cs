using Ledger.Core.Primitives;

namespace Ledger.Core.Instruments;

/// <summary>Why units change hands; each cause has its own evidence, signers and rule on maturity.</summary>
public enum TransferCause : byte
{
    Issue = 1,
    Trade = 2,
    Sale = 3,
    Realisation = 4,
    Recourse = 5,
    Subrogation = 6,
    Succession = 7,
    Court = 8,
    Correction = 9,
    Conversion = 10,
}

/// <summary>
/// The act that brought units to their holder (流转段): who gave them, why, on which documents, and how many hands after the first. <paramref name="Under"/> is the
/// financing by which who gave them had bought them, none where it had not: what comes back to it is under that purchase again.
/// </summary>
public sealed record Leg(
    Id<Offer> Act,
    TransferCause Cause,
    PartyId From,
    ushort Depth,
    bool Recourse,
    ValueList<DocumentUse> Documents,
    Timestamp At,
    Id<Financing> Under = default);

public enum EncumbranceKind : byte
{
    Offer = 1,
    Reservation = 2,
    Commitment = 3,
    Pledge = 4,
    Freeze = 5,

    /// <summary>Of a bill: presented for payment and not answered (托收在途).</summary>
    Presentation = 6,

    /// <summary>Of a bill: dishonoured, and somebody who is liable is asked to pay (追索中).</summary>
    Recourse = 7,

    /// <summary>Of a bill: an endorser or the drawer wrote that it goes no further (不得转让).</summary>
    NotTransferable = 8,

    /// <summary>Of a bill: the register tells otherwise; nothing moves before that is reconciled.</summary>
    Mismatch = 9,

    /// <summary>Of a bill: the beneficiary answers for it (保证). It burdens nobody.</summary>
    Guarantee = 10,
}

/// <summary>
/// A burden on units (权利负担): which act it stands for, in whose favour, since when, and until when (<see cref="Parties.PartyKey.Forever"/> when it has
/// no term). Units list their burdens in the order in which these came: that is their rank (轮候).
/// </summary>
public readonly record struct Encumbrance(
    EncumbranceKind Kind,
    UInt128 Reference,
    PartyId Beneficiary,
    Timestamp Since,
    Timestamp Until)
{
    /// <summary>Whether units under it are not free at <paramref name="now"/>, whether or not its deadline has fired.</summary>
    public bool BindsAt(Timestamp now) => Kind != EncumbranceKind.Guarantee && Until > now;
}

public enum UnitState : byte
{
    Live = 1,

    /// <summary>Came back to the obligor free of burdens: the debt is gone by merger.</summary>
    Extinguished = 2,

    Paid = 3,
}

/// <summary>A run of one instrument's units with one holder, one leg and one set of burdens (持有份额, 子票区间).</summary>
public sealed record Token(
    Interval Units,
    PartyId Holder,
    UnitState State,
    Leg Leg,
    ValueList<Encumbrance> Encumbrances)
{
    /// <summary>Whether two neighbours differ in nothing but their units.</summary>
    public bool IsLike(Token other) =>
        Holder == other.Holder && State == other.State && (ReferenceEquals(Leg, other.Leg) || Leg == other.Leg) && Encumbrances == other.Encumbrances;
}
