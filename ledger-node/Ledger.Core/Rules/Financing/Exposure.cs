using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>
    /// Writes these units of an instrument anew, and keeps in step with them what banks have out on them, whatever act it is: no verb that moves,
    /// pays or pledges units needs to think of lines. What a financing loses of its units (paid, extinguished, passed on) is paid of it, and when none is
    /// left it has matured; what comes back to it, because that was undone, is owed and secured again, however it had ended.
    /// </summary>
    static LedgerState WriteUnits(LedgerState state, Id<Instrument> id, ValueList<Interval> intervals, Tokens tokens)
    {
        var before = ByFinancing(state, id, intervals);
        state = KeepEarmark(state.With(id, tokens), id);
        var after = ByFinancing(state, id, intervals);
        if (before is null && after is null) return state;
        foreach (var financing in (before ?? []).Keys.Union((after ?? []).Keys).Order())
        {
            if (HeldBy(before, financing) != HeldBy(after, financing)) state = KeepExposure(state, FinancingNamed(state, financing));
        }

        return state;
    }

    static LedgerState KeepExposure(LedgerState state, Financing financing)
    {
        var secured = Secured(state, financing);
        financing = secured.IsZero
            ? financing with { Status = FinancingStatus.Matured, EndedOn = state.Today }
            : financing with { Status = FinancingStatus.Disbursed, EndedOn = DateOnly.MinValue };
        return Occupy(state, financing, Owed(financing, secured));
    }

    /// <summary>
    /// What is still owed on a payout, in units of its security: every unit that is paid pays one of it, and those above the principal are paid last. So it
    /// follows from what is secured now, by whatever acts and in whatever order that came about.
    /// </summary>
    static Amount Owed(Financing financing, Amount secured) => Amount.Remaining(secured, financing.Margin);

    /// <summary>
    /// Writes a financing that occupies so much of its line from now on. A limit bounds what is newly lent; what was lent and is owed again because a
    /// payment went back is out all the same, above the limit if it must be. Of a line that was over and left none is occupied any more.
    /// </summary>
    static LedgerState Occupy(LedgerState state, Financing financing, Amount drawn)
    {
        if (state.Line(financing.Line) is not { } line) return state.With(financing);
        return state.With(line with { Drawn = line.Drawn - financing.Drawn + drawn }).With(financing with { Drawn = drawn });
    }

    /// <summary>
    /// An issue under an earmarked line occupies it by what is unpaid of it: less when units are paid or come home, and again as much when a payment is
    /// returned. Before acceptance there are no units and all of it is occupied.
    /// </summary>
    static LedgerState KeepEarmark(LedgerState state, Id<Instrument> id)
    {
        if (state.Earmark(id) is not { } earmark || state.Line(earmark.Line) is not { } line || state.Tokens(id) is not { } tokens) return state;
        var unpaid = Amount.Zero;
        foreach (var token in tokens.Span)
        {
            if (token.State == UnitState.Live) unpaid += token.Units.Amount;
        }

        return unpaid == earmark.Drawn ? state : state.With(line with { Drawn = line.Drawn - earmark.Drawn + unpaid }).With(earmark with { Drawn = unpaid });
    }

    /// <summary>The issue came to nothing.</summary>
    internal static LedgerState ReleaseEarmark(LedgerState state, Id<Instrument> id)
    {
        if (state.Earmark(id) is not { } earmark) return state;
        return (state.Line(earmark.Line) is { } line ? state.With(line with { Drawn = line.Drawn - earmark.Drawn }) : state).Without(earmark);
    }

    internal static Amount Secured(LedgerState state, Financing financing) => Under(state, financing).Aggregate(Amount.Zero, static (sum, token) => sum + token.Units.Amount);

    /// <summary>The live units that a paid-out financing still holds: bought and not passed on, or pledged to it.</summary>
    static List<Token> Under(LedgerState state, Financing financing)
    {
        var under = new List<Token>();
        if (state.Tokens(financing.Instrument) is not { } tokens) return under;
        foreach (var units in financing.Units)
        {
            foreach (var token in tokens.Touching(units))
            {
                if (IsUnder(financing, token)) under.Add(token with { Units = token.Units.Intersect(units) });
            }
        }

        return under;
    }

    // How many of these units each financing holds; null for the most frequent answer, none.
    static SortedDictionary<Id<Financing>, Amount>? ByFinancing(LedgerState state, Id<Instrument> instrument, ValueList<Interval> intervals)
    {
        SortedDictionary<Id<Financing>, Amount>? amounts = null;
        var tokens = TokensNamed(state, instrument);
        foreach (var units in intervals)
        {
            foreach (var token in tokens.Touching(units))
            {
                foreach (var financing in FinancingsOf(state, instrument, token))
                    (amounts ??= [])[financing.Id] = HeldBy(amounts, financing.Id) + token.Units.Intersect(units).Amount;
            }
        }

        return amounts;
    }

    static Amount HeldBy(SortedDictionary<Id<Financing>, Amount>? amounts, Id<Financing> financing) => amounts?.GetValueOrDefault(financing) ?? Amount.Zero;

    // A bank may have pledged to another what it bought itself. Clients choose ids, so an offer or another pledge may have the id of a financing.
    static ValueList<Financing> FinancingsOf(LedgerState state, Id<Instrument> instrument, Token token)
    {
        // Most units that are written are nobody's security.
        if (token.Leg.Cause != TransferCause.Sale && token.Encumbrances.Count == 0) return [];
        ValueList<Financing> found = [];
        if (token.Leg.Cause == TransferCause.Sale) Add(token.Leg.Act.Value);
        foreach (var burden in token.Encumbrances)
        {
            if (burden.Kind == EncumbranceKind.Pledge) Add(burden.Reference);
        }

        return found;

        void Add(UInt128 id)
        {
            // However a payout ended, a payment that counted for it and goes back brings it to life again.
            if (state.Financing(new(id)) is { } financing && IsAfterPayout(financing)
                && financing.Instrument == instrument && IsUnder(financing, token) && !found.Contains(financing))
            {
                found = found.Add(financing);
            }
        }
    }

    /// <summary>By which financing who holds units bought them; none where it did not.</summary>
    static Id<Financing> PurchaseOf(LedgerState state, Id<Instrument> instrument, Token token) => token.Leg.Cause == TransferCause.Sale
        ? FinancingsOf(state, instrument, token).FirstOrDefault(static financing => MovesUnits(financing.Form))?.Id ?? default
        : default;

    /// <summary>
    /// The purchase under which units come back to who passed them on: it is owed again, and secured by them, its line and its seller's buy-back stand as before.
    /// </summary>
    internal static Financing? PurchaseBefore(LedgerState state, PartyId to, Token token) =>
        token.Leg.Under.Value != 0 && token.Leg.From == to && state.Financing(token.Leg.Under) is { } purchase && purchase.Financier == to && IsAfterPayout(purchase) ? purchase : null;

    /// <summary>Whether who paid out has neither settled with its applicant nor was paid by it: only then does an undoing bring units back under the payout.</summary>
    internal static bool IsOnTheBooks(Financing financing) => financing.Status is FinancingStatus.Disbursed or FinancingStatus.Matured;

    internal static Leg OfPurchase(LedgerState state, Financing purchase, ushort depth) => new(
        LegOf(purchase), TransferCause.Sale, purchase.Applicant, depth, purchase.Form == FinancingForm.RecourseFactoring, UsesOf(purchase.Before, purchase.Documents), state.Now);

    // What was reversed or corrected never was, and has no units of its own any more.
    static bool IsAfterPayout(Financing financing) => financing.Status is FinancingStatus.Disbursed or FinancingStatus.Matured
        or FinancingStatus.Repaid or FinancingStatus.BoughtBack or FinancingStatus.Settled;

    internal static bool IsUnder(Financing financing, Token token)
    {
        if (token.State != UnitState.Live) return false;
        if (MovesUnits(financing.Form))
        {
            return token.Holder == financing.Financier
                && token.Leg is { Cause: TransferCause.Sale } leg && leg.Act == LegOf(financing) && leg.From == financing.Applicant;
        }

        foreach (var burden in token.Encumbrances)
        {
            if (Is(burden, EncumbranceKind.Pledge, financing.Id.Value) && burden.Beneficiary == financing.Financier) return true;
        }

        return false;
    }
}
