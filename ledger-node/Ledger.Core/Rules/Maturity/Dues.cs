using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>What is owed on a run of one token's live units: costs, late interest, and the units themselves.</summary>
readonly record struct Part(Token Token, Interval Units, Amount Costs, Amount Interest)
{
    public Amount Total => Costs + Interest + Units.Amount;
}

/// <summary>A run of one token's units under one late claim, or under none: then <paramref name="Claim"/> is negative and nothing is carried.</summary>
readonly record struct Piece(Token Token, int Claim, LateClaim Owed);

public static partial class Rulebook
{
    // A record counts its claims in two bytes; no act makes so many that the next could not be written.
    internal const int MostParts = 60_000;

    /// <summary>What is due on <paramref name="scope"/> on a day, token by token; a token is cut at the ends of the scope.</summary>
    internal static List<Part> Due(LedgerState state, Instrument instrument, List<Piece> pieces, Interval scope, DateOnly on)
    {
        var maturity = MaturityOf(state, instrument);
        var rate = LateRate(state, instrument, maturity);
        var stops = InterestStops(state, instrument, maturity);
        var payable = PayableDay(state, instrument);
        var until = on < stops ? on : stops;

        var parts = new List<Part>();
        for (var i = 0; i < pieces.Count;)
        {
            var first = pieces[i];
            Amount costs = default, interest = default;
            var last = first.Owed.Units.Last;
            var inside = scope.Contains(first.Owed.Units);
            for (; i < pieces.Count && ReferenceEquals(pieces[i].Token, first.Token) && scope.Contains(pieces[i].Owed.Units) == inside; i++)
            {
                var owed = pieces[i].Owed;
                var from = owed.From > payable ? owed.From : payable;
                costs += owed.Costs;
                interest += owed.Interest + Accrual.Daily(owed.Units, rate, Math.Max(0, until.DayNumber - from.DayNumber));
                last = owed.Units.Last;
            }

            if (first.Token.State != UnitState.Live || !inside) continue;
            parts.Add(new(first.Token, new(first.Owed.Units.First, last), costs, interest));
        }

        return parts;
    }

    /// <summary>
    /// The tokens of <paramref name="scope"/>, and of every claim that reaches into it, cut at the claims' and the scope's ends. What a claim carries is
    /// apportioned by units to the tokens that it covers, then within a token that the scope cuts: largest remainder, lowest first.
    /// </summary>
    internal static List<Piece> Pieces(LedgerState state, Instrument instrument, Interval scope)
    {
        var claims = MaturityOf(state, instrument).Claims;
        var payable = PayableDay(state, instrument);
        var reach = scope;
        foreach (var claim in claims)
        {
            if (claim.Units.Overlaps(scope)) reach = new(Math.Min(reach.First, claim.Units.First), Math.Max(reach.Last, claim.Units.Last));
        }

        var pieces = new List<Piece>();
        var next = 0;
        foreach (var token in TokensNamed(state, instrument.Id).Touching(reach))
        {
            var unit = Math.Max(token.Units.First, reach.First);
            var end = Math.Min(token.Units.Last, reach.Last);
            while (unit <= end)
            {
                while (next < claims.Count && claims[next].Units.Last < unit) next++;
                var claimed = next < claims.Count && claims[next].Units.First <= unit;
                var last = claimed ? claims[next].Units.Last : next < claims.Count ? claims[next].Units.First - 1 : end;
                var units = new Interval(unit, Math.Min(last, end));
                pieces.Add(new(token, claimed ? next : -1, new(units, claimed ? claims[next].From : payable, Amount.Zero, Amount.Zero)));
                unit = units.Last + 1;
            }
        }

        return CutAt(scope, Apportioned(pieces, claims));
    }

    static List<Piece> Apportioned(List<Piece> pieces, ValueList<LateClaim> claims)
    {
        for (var i = 0; i < pieces.Count;)
        {
            var first = i;
            while (i < pieces.Count && pieces[i].Claim == pieces[first].Claim) i++;
            if (pieces[first].Claim < 0) continue;

            var claim = claims[pieces[first].Claim];
            var lengths = (ValueList<Amount>)[.. pieces[first..i].Select(piece => piece.Owed.Units.Amount)];
            var interest = Accrual.ProRata(claim.Interest, lengths);
            var costs = Accrual.ProRata(claim.Costs, lengths);
            for (var j = first; j < i; j++)
                pieces[j] = pieces[j] with { Owed = pieces[j].Owed with { Interest = interest[j - first], Costs = costs[j - first] } };
        }

        return pieces;
    }

    static List<Piece> CutAt(Interval scope, List<Piece> pieces)
    {
        var cut = new List<Piece>(pieces.Count + 2);
        foreach (var piece in pieces)
        {
            var units = piece.Owed.Units;
            if (!units.Overlaps(scope) || scope.Contains(units))
            {
                cut.Add(piece);
                continue;
            }

            var inside = units.Intersect(scope);
            var runs = new List<Interval>();
            if (units.First < inside.First) runs.Add(new(units.First, inside.First - 1));
            runs.Add(inside);
            if (inside.Last < units.Last) runs.Add(new(inside.Last + 1, units.Last));
            var lengths = (ValueList<Amount>)[.. runs.Select(run => run.Amount)];
            var interest = Accrual.ProRata(piece.Owed.Interest, lengths);
            var costs = Accrual.ProRata(piece.Owed.Costs, lengths);
            for (var i = 0; i < runs.Count; i++) cut.Add(piece with { Owed = new(runs[i], piece.Owed.From, interest[i], costs[i]) });
        }

        return cut;
    }

    /// <summary>
    /// The claims of an instrument after those on some pieces of <paramref name="scope"/> were replaced: others stand as they are, and one that reached into
    /// the scope is from now on what was apportioned to its other units, token by token, so that nobody's share of it changes.
    /// </summary>
    internal static ValueList<LateClaim> Replaced(
        LedgerState state, Instrument instrument, List<Piece> pieces, Interval scope, Func<Piece, bool> isReplaced, IEnumerable<LateClaim> by)
    {
        var untouched = MaturityOf(state, instrument).Claims.Where(claim => !claim.Units.Overlaps(scope));
        var kept = pieces.Where(piece => piece.Claim >= 0 && piece.Token.State == UnitState.Live && !isReplaced(piece));
        return Telling(state, instrument, [.. untouched, .. kept.Select(static piece => piece.Owed), .. by]);
    }

    /// <summary>Claims in the order of their units, without those that say nothing: no interest before the payable day, and nothing carried.</summary>
    internal static ValueList<LateClaim> Telling(LedgerState state, Instrument instrument, IEnumerable<LateClaim> claims)
    {
        var payable = PayableDay(state, instrument);
        return [.. claims.Where(claim => claim.From > payable || !claim.Interest.IsZero || !claim.Costs.IsZero).OrderBy(claim => claim.Units)];
    }

    internal static LedgerState WithClaims(LedgerState state, Id<Instrument> id, ValueList<LateClaim> claims)
    {
        var maturity = MaturityOf(state, InstrumentNamed(state, id));
        return maturity.Claims == claims ? state : state.With(maturity with { Claims = claims });
    }
}
