using System.Diagnostics;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.DoublePledge;

/// <summary>What an act wants to take: units of an instrument, parts of documents, or both.</summary>
public sealed record Claim(
    PartyId Claimant,
    Currency Currency,
    Id<Instrument> Instrument,
    ValueList<Interval> Units,
    ValueList<DocumentUse> Documents);

/// <summary>
/// The check before every issue, transfer, pledge and financing (重复质押核查), step by step in its order. That units exist and are the
/// claimant's is judged before; whether they are free is judged only here, and a refusal here is an attempt that goes on the record.
/// A registry's answers are the fourth step (<see cref="RegistryStep"/>), for whoever commits or pays money; a reservation with other consortia is the fifth (<see cref="PledgeStep"/>).
/// </summary>
public static class DoublePledgeCheck
{
    /// <summary>
    /// The first conflict, or null when the claim may be granted. Whoever grants it takes what was checked in the same step.
    /// <paramref name="beside"/> names burdens with which the claim can be at peace.
    /// </summary>
    public static Verdict.Refused? Examine(LedgerState state, Claim claim, Func<Encumbrance, bool>? beside = null) =>
        BurdenedUnits(state, claim, beside) ?? DocumentsUsedUp(state, claim);

    /// <summary>Whether the refusal is a double-pledge attempt, which is evidence, and not an ordinary mistake.</summary>
    public static bool IsAttempt(Refusal refusal) => refusal is >= Refusal.UnitsOffered and < (Refusal)6000;

    // Steps one and three: an open offer, a reservation or a commitment holds units as a pledge or a freeze does, until its last moment.
    static Verdict.Refused? BurdenedUnits(LedgerState state, Claim claim, Func<Encumbrance, bool>? beside)
    {
        if (state.Tokens(claim.Instrument) is not { } tokens) return null;

        foreach (var units in claim.Units)
        {
            foreach (var token in tokens.Touching(units))
            {
                foreach (var burden in token.Encumbrances)
                {
                    if (burden.BindsAt(state.Now) && beside?.Invoke(burden) != true)
                        return new(Of(burden.Kind), new(Free(state, tokens, claim, beside), claim.Currency, ConflictWith(burden), Subject: claim.Instrument.Value));
                }
            }
        }

        return null;
    }

    // What the claimant holds on the instrument and could take instead.
    static Amount Free(LedgerState state, Tokens tokens, Claim claim, Func<Encumbrance, bool>? beside)
    {
        var free = 0UL;
        foreach (var token in tokens.Span)
        {
            if (token.Holder != claim.Claimant || token.State != UnitState.Live) continue;
            var isBound = false;
            foreach (var burden in token.Encumbrances) isBound |= burden.BindsAt(state.Now) && beside?.Invoke(burden) != true;
            if (!isBound) free += token.Units.Amount.Minor;
        }

        return new(free);
    }

    // Step two. A use is charged to each document alone: contracts and invoices have separate counters.
    static Verdict.Refused? DocumentsUsedUp(LedgerState state, Claim claim)
    {
        foreach (var use in claim.Documents)
        {
            if (state.Document(use.Document) is not { } document) continue;
            if (document.Taken > document.NetTotal) return new(Refusal.DocumentOverused, FactsOf(claim, document));
            if (use.Amount > document.Available) return new(Refusal.DocumentUsedUp, FactsOf(claim, document));
        }

        return null;
    }

    static Facts FactsOf(Claim claim, Document document) => new(document.Available, claim.Currency, Subject: document.Id.Value);

    /// <summary>Kind, reference and time: all that the one who is refused learns.</summary>
    public static Conflict ConflictWith(Encumbrance burden) =>
        new(burden.Kind.ToString(), new Id<Encumbrance>(burden.Reference).ToString(), burden.Since);

    static Refusal Of(EncumbranceKind kind) => kind switch
    {
        EncumbranceKind.Offer => Refusal.UnitsOffered,
        EncumbranceKind.Reservation => Refusal.UnitsReserved,
        EncumbranceKind.Commitment => Refusal.UnitsCommitted,
        EncumbranceKind.Pledge => Refusal.UnitsPledged,
        EncumbranceKind.Freeze => Refusal.UnitsFrozen,
        EncumbranceKind.Presentation => Refusal.UnitsPresented,
        EncumbranceKind.Recourse => Refusal.UnitsInRecourse,
        EncumbranceKind.NotTransferable => Refusal.UnitsNotTransferable,
        EncumbranceKind.Mismatch => Refusal.UnitsMismatched,
        EncumbranceKind.Guarantee => throw new UnreachableException("A guarantee binds no units."),
    };
}
