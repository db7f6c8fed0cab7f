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
        var tokens = TokensNamed(state, instrument);
        var gone = new SortedDictionary<Id<Financing>, Amount>();
        foreach (var units in leaving)
        {
            foreach (var token in tokens.Touching(units))
            {
                if (FinancingOf(state, instrument, token) is not { } financing) continue;
                gone[financing.Id] = gone.GetValueOrDefault(financing.Id) + token.Units.Intersect(units).Amount;
            }
        }

        foreach (var (id, amount) in gone)
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

    static LedgerState ReleaseExposure(LedgerState state, Id<Instrument> instrument, Interval units) => ReleaseExposure(state, instrument, [units]);

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

    static Financing? FinancingOf(LedgerState state, Id<Instrument> instrument, Token token)
    {
        if (token.Leg.Cause == TransferCause.Sale && Named(token.Leg.Act.Value) is { } buyer) return buyer;
        foreach (var burden in token.Encumbrances)
        {
            if (burden.Kind == EncumbranceKind.Pledge && Named(burden.Reference) is { } pledgee) return pledgee;
        }

        return null;

        // Clients choose ids, so an offer or another pledge may have the same one.
        Financing? Named(UInt128 id) =>
            state.Financing(new(id)) is { Status: FinancingStatus.Disbursed } financing && financing.Instrument == instrument && IsUnder(financing, token) ? financing : null;
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
