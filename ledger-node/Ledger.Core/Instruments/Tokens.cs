using Ledger.Core.Primitives;

namespace Ledger.Core.Instruments;

/// <summary>
/// All tokens of one instrument: ascending, without gap or overlap from 1 to its face. Every change goes through <see cref="Rewrite"/>, so the
/// partition holds by construction.
/// </summary>
public sealed class Tokens
{
    readonly Token[] tokens;

    Tokens(Token[] tokens) => this.tokens = tokens;

    public ReadOnlySpan<Token> Span => tokens;

    public int Count => tokens.Length;

    public Amount Face => new(tokens[^1].Units.Last);

    /// <summary>One token of all units.</summary>
    public static Tokens Whole(Token token) => new([token]);

    /// <summary>Tokens that were stored, when they follow each other without gap or overlap from unit 1 on; otherwise they are no instrument's.</summary>
    public static Tokens? Of(Token[] tokens)
    {
        ulong next = 1;
        foreach (var token in tokens)
        {
            if (token.Units.First != next) return null;
            next = token.Units.Last + 1;
        }

        return tokens.Length == 0 ? null : new(tokens);
    }

    /// <summary>Without the last ones, of what is leaving; null where none are left.</summary>
    public Tokens? WithoutLast(int count) => count < tokens.Length ? new(tokens[..^count]) : null;

    /// <summary>The tokens that touch <paramref name="units"/>, whole.</summary>
    public ReadOnlySpan<Token> Touching(Interval units)
    {
        var first = IndexOf(units.First);
        var last = IndexOf(units.Last);
        return first < 0 || last < 0 ? default : tokens.AsSpan(first, last - first + 1);
    }

    /// <summary>
    /// The same instrument with every token inside the intervals, ascending and apart, changed by <paramref name="change"/>: tokens are cut at their ends,
    /// and where <paramref name="merge"/> allows it like neighbours become one again. Bills never merge. However many they are, it is one walk.
    /// </summary>
    public Tokens Rewrite(ValueList<Interval> intervals, bool merge, Func<Token, Token> change)
    {
        if (intervals.Count == 0) return this;

        // Only the touched tokens and their two neighbours can change; the rest is copied as it stands.
        var from = Math.Max(IndexOf(intervals[0].First) - 1, 0);
        var to = Math.Min(IndexOf(intervals[^1].Last) + 1, tokens.Length - 1);
        var rewritten = new List<Token>(to - from + 3);
        var next = 0;
        for (var i = from; i <= to; i++)
        {
            var token = tokens[i];
            var at = token.Units.First;
            for (; next < intervals.Count && intervals[next].First <= token.Units.Last; next++)
            {
                var inside = token.Units.Intersect(intervals[next]);
                if (at < inside.First) Append(rewritten, token with { Units = new(at, inside.First - 1) }, merge);
                Append(rewritten, change(inside == token.Units ? token : token with { Units = inside }), merge);
                at = inside.Last + 1;
                if (intervals[next].Last > token.Units.Last) break;
            }

            if (at == token.Units.First) Append(rewritten, token, merge);
            else if (at <= token.Units.Last) Append(rewritten, token with { Units = new(at, token.Units.Last) }, merge);
        }

        return new([.. tokens.AsSpan(0, from), .. rewritten, .. tokens.AsSpan(to + 1)]);
    }

    static void Append(List<Token> tokens, Token token, bool merge)
    {
        if (merge && tokens.Count > 0 && tokens[^1] is var left && left.IsLike(token))
            tokens[^1] = left with { Units = new(left.Units.First, token.Units.Last) };
        else
            tokens.Add(token);
    }

    int IndexOf(ulong unit)
    {
        var low = 0;
        var high = tokens.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var units = tokens[middle].Units;
            if (unit < units.First) high = middle - 1;
            else if (unit > units.Last) low = middle + 1;
            else return middle;
        }

        return -1;
    }
}
