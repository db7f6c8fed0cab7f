using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>
    /// Units are about to be paid, extinguished, or to leave their financier or its pledge: what their financings drew for them is free on its line
    /// again, and a financing that has no live unit left has matured. To be called BEFORE the units are written anew, while their legs and burdens
    /// still tell whose they are, once for all units that one act takes. What the issue drew is kept in step by <see cref="KeepEarmark"/>.
    /// </summary>
    static LedgerState ReleaseExposure(LedgerState state, Id<Instrument> instrument, ValueList<Interval> leaving)
    {
        foreach (var (id, amount) in ByFinancing(state, instrument, leaving))
        {
            var financing = FinancingNamed(state, id);
            ulong left = 0;
            foreach (var token in Under(state, financing)) left += token.Units.Length;
            var isLast = amount.Minor == left;
            state = ReleaseDrawn(
                state,
                isLast ? financing with { Status = FinancingStatus.Matured, EndedOn = state.Today } : financing,
                isLast || amount > financing.Drawn ? financing.Drawn : amount);
        }

        return state;
    }

    /// <summary>
    /// Units are live again and with their financier or its pledge, for the act that took them was undone: to be called AFTER they are written anew.
    /// Their financings go on, and occupy their lines again as far as those have room.
    /// </summary>
    static LedgerState RetakeExposure(LedgerState state, Id<Instrument> instrument, ValueList<Interval> returned)
    {
        foreach (var (id, amount) in ByFinancing(state, instrument, returned))
        {
            var financing = FinancingNamed(state, id);
            var room = financing.Line.Value == 0 ? Amount.Zero : LineNamed(state, financing.Line).Available;
            var taken = new[] { amount, Amount.Remaining(financing.Principal, financing.Drawn), room }.Min();
            if (!taken.IsZero) state = Draw(state, financing.Line, taken);
            state = state.With(financing with { Status = FinancingStatus.Disbursed, EndedOn = DateOnly.MinValue, Drawn = financing.Drawn + taken });
        }

        return state;
    }

    /// <summary>Writes a financing that occupies so much less of its line.</summary>
    static LedgerState ReleaseDrawn(LedgerState state, Financing financing, Amount released)
    {
        if (!released.IsZero)
        {
            var line = LineNamed(state, financing.Line);
            state = state.With(line with { Drawn = line.Drawn - released });
        }

        return state.With(financing with { Drawn = financing.Drawn - released });
    }

    /// <summary>
    /// An issue under an earmarked line occupies it by what is unpaid of it: less when units are paid or come home, and again as much as the line
    /// has left when a payment is returned. Before acceptance there are no units and all of it is occupied.
    /// </summary>
    static LedgerState KeepEarmark(LedgerState state, Id<Instrument> id)
    {
        if (state.Earmark(id) is not { } earmark || state.Tokens(id) is not { } tokens) return state;
        var unpaid = Amount.Zero;
        foreach (var token in tokens.Span)
        {
            if (token.State == UnitState.Live) unpaid += token.Units.Amount;
        }

        var line = LineNamed(state, earmark.Line);
        var others = line.Drawn - earmark.Drawn;
        var most = Amount.Remaining(line.Limit, others);
        var drawn = unpaid < most ? unpaid : most;
        return drawn == earmark.Drawn ? state : state.With(line with { Drawn = others + drawn }).With(earmark with { Drawn = drawn });
    }

    /// <summary>The issue came to nothing.</summary>
    static LedgerState ReleaseEarmark(LedgerState state, Id<Instrument> id)
    {
        if (state.Earmark(id) is not { } earmark) return state;
        var line = LineNamed(state, earmark.Line);
        return state.With(line with { Drawn = line.Drawn - earmark.Drawn }).Without(earmark);
    }

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

    // How many of these units each financing holds.
    static SortedDictionary<Id<Financing>, Amount> ByFinancing(LedgerState state, Id<Instrument> instrument, ValueList<Interval> intervals)
    {
        var tokens = TokensNamed(state, instrument);
        var amounts = new SortedDictionary<Id<Financing>, Amount>();
        foreach (var units in intervals)
        {
            foreach (var token in tokens.Touching(units))
            {
                foreach (var financing in FinancingsOf(state, instrument, token))
                    amounts[financing.Id] = amounts.GetValueOrDefault(financing.Id) + token.Units.Intersect(units).Amount;
            }
        }

        return amounts;
    }

    // A bank may have pledged to another what it bought itself. Clients choose ids, so an offer or another pledge may have the id of a financing.
    static ValueList<Financing> FinancingsOf(LedgerState state, Id<Instrument> instrument, Token token)
    {
        // Most units that move are nobody's security, and each of their transfers comes by here.
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
            if (state.Financing(new(id)) is { Status: FinancingStatus.Disbursed or FinancingStatus.Matured } financing
                && financing.Instrument == instrument && IsUnder(financing, token) && !found.Contains(financing))
            {
                found = found.Add(financing);
            }
        }
    }

    static bool IsUnder(Financing financing, Token token)
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
