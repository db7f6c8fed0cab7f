using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>The same lists for people, who look at what came last: newest first, as of a height, before one thing of the list.</summary>
static class Newest
{
    const string OfSection = "SELECT thing FROM things WHERE section=?1 AND thing<?2 AND height<=?3 ORDER BY thing DESC LIMIT ?4";

    const int MostLookedAt = 5_000;

    const string OfParts = """
        SELECT p.thing, ?5=0 OR EXISTS(SELECT 1 FROM parts o WHERE o.party=?5 AND o.section=?2 AND o.thing=p.thing), t.height<=?4
        FROM parts p JOIN things t ON t.thing=p.thing WHERE p.party=?1 AND p.section=?2 AND p.thing<?3 ORDER BY p.thing DESC LIMIT ?6
        """;

    public static IReadOnlyList<Id<TNoun>> All<TNoun>(Sql sql, ulong height, Id<TNoun> before, int limit) =>
        [.. sql[OfSection].With((long)ThingKey.SectionOf(typeof(TNoun))).With(Before(sql, before)).With(height).With(limit).All(static row => row.Long(0))
            .Select(thing => Things.IdOf<TNoun>(sql, thing))];

    /// <summary>Those in which a party has or had a part; to another one those in which both have, read from what that one's are.</summary>
    public static Piece<TNoun> Of<TNoun>(Sql sql, ulong height, PartyId party, Id<TNoun> before, int limit, PartyId seenBy)
    {
        var reader = seenBy == default ? party : seenBy;
        var other = reader == party ? 0 : Things.Find(sql, party);
        if (other == 0 && reader != party) return new([], null);
        var (found, last, looked) = (new List<long>(), 0L, 0);
        var rows = sql[OfParts].With(Things.Find(sql, reader)).With((long)ThingKey.SectionOf(typeof(TNoun))).With(Before(sql, before)).With(height).With(other)
            .With(Math.Max(limit, MostLookedAt));
        while (found.Count < limit && rows.Next())
        {
            (last, looked) = (rows.Long(0), looked + 1);
            if (rows.Long(1) != 0 && rows.Long(2) != 0) found.Add(last);
        }

        rows.Again();
        return new(
            found.ConvertAll(thing => Things.IdOf<TNoun>(sql, thing)),
            found.Count < limit && looked < Math.Max(limit, MostLookedAt) ? null : Things.IdOf<TNoun>(sql, last));
    }

    public static IReadOnlyList<Attempt> Attempts(Sql sql, ulong height, PartyId party, ulong before, int limit) => sql[$"""
        SELECT p.key, a.code, b.time, a.height, a.leaf FROM attempts a JOIN things p ON p.thing=a.party JOIN blocks b ON b.height=a.height
        WHERE a.leaf<?1 AND a.height<=?2 AND {(party == default ? "?3=0" : "a.party=?3")} ORDER BY a.leaf DESC LIMIT ?4
        """].With(Math.Min(before, long.MaxValue)).With(height).With(party == default ? 0 : Things.Find(sql, party)).With(limit)
        .All(static row => new Attempt(Lists.PartyIn(row.Bytes(0)), (Refusal)row.Int(1), new(row.Long(2)), row.ULong(3), row.ULong(4)));

    // What is not known is before everything: nothing follows it.
    static long Before<TNoun>(Sql sql, Id<TNoun> before) => before == default ? long.MaxValue : Things.Find(sql, ThingKey.Of(before));
}
