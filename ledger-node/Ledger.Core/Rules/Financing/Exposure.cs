using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>
    /// Writes these units of an instrument anew, and keeps in step with them what banks have out on them, whatever act it is: no verb that moves,
    /// pays or pledges units needs to think of lines. What a financing loses of its units (paid, extinguished, passed on, or out of its pledge) is
    /// free on its line, and when none is left it has matured; what comes back to it, because that was undone, is drawn again as far as the line
    /// has room.
    /// </summary>
    static LedgerState WriteUnits(LedgerState state, Id<Instrument> id, ValueList<Interval> intervals, Tokens tokens)
    {
        var before = ByFinancing(state, id, intervals);
        state = KeepEarmark(state.With(id, tokens), id);
        var after = ByFinancing(state, id, intervals);
        if (before is not null)
        {
            foreach (var (financing, had) in before)
            {
                if (HeldBy(after, financing) is var has && has < had) state = ReleaseExposure(state, FinancingNamed(state, financing), had - has);
            }
        }

        if (after is not null)
        {
            foreach (var (financing, has) in after)
            {
                if (HeldBy(before, financing) is var had && has > had) state = RetakeExposure(state, FinancingNamed(state, financing), has - had);
            }
        }

        return state;
    }

    static LedgerState ReleaseExposure(LedgerState state, Financing financing, Amount lost) => Under(state, financing).Count == 0
        ? ReleaseDrawn(state, financing with { Status = FinancingStatus.Matured, EndedOn = state.Today }, financing.Drawn)
        : ReleaseDrawn(state, financing, lost < financing.Drawn ? lost : financing.Drawn);

    static LedgerState RetakeExposure(LedgerState state, Financing financing, Amount regained)
    {
        var room = financing.Line.Value == 0 ? Amount.Zero : LineNamed(state, financing.Line).Available;
        var taken = new[] { regained, Amount.Remaining(financing.Principal, financing.Drawn), room }.Min();
        if (!taken.IsZero) state = Draw(state, financing.Line, taken);
        return state.With(financing with { Status = FinancingStatus.Disbursed, EndedOn = DateOnly.MinValue, Drawn = financing.Drawn + taken });
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
            // A returned payment revives a financing that was over with it.
            if (state.Financing(new(id)) is { Status: FinancingStatus.Disbursed or FinancingStatus.Matured or FinancingStatus.Settled } financing
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
