using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>The same lists for people, who look at what came last: newest first, as of a height, before one thing of the list.</summary>
static class Newest
{
    const string OfSection = "SELECT thing FROM things WHERE section=?1 AND thing<?2 AND height<=?3 ORDER BY thing DESC LIMIT ?4";

    // Whether the units are still there does not matter: who held or gave some has a part in the instrument.
    static readonly string OfInstruments = OfLists(
        [ListOf.OwedBy, ListOf.OwedTo],
        "SELECT DISTINCT instrument FROM tokens WHERE holder=?1 AND instrument<?2 AND from_height<=?3",
        "SELECT DISTINCT instrument FROM legs WHERE giver=?1 AND instrument<?2 AND height<=?3");

    static readonly string OwedBy = OfLists([ListOf.OwedBy]);
    static readonly string OfOffers = OfLists([ListOf.OpenFrom, ListOf.OpenTo]);
    static readonly string OfFinancings = OfLists([ListOf.Financings]);
    static readonly string OfDocuments = OfLists([ListOf.SoldBy, ListOf.BoughtBy, ListOf.AttestedBy]);

    public static IReadOnlyList<Id<TNoun>> All<TNoun>(Sql sql, ulong height, Id<TNoun> before, int limit) =>
        [.. sql[OfSection].With((long)ThingKey.SectionOf(typeof(TNoun))).With(Before(sql, before)).With(height).With(limit).All(static row => row.Long(0))
            .Select(thing => Things.IdOf<TNoun>(sql, thing))];

    /// <summary>Those in which a party has or had a part, and <paramref name="also"/> what was found otherwise.</summary>
    public static IReadOnlyList<Id<TNoun>> Of<TNoun>(Sql sql, ulong height, PartyId party, Id<TNoun> before, int limit, IEnumerable<Id<TNoun>> also)
    {
        var owner = Things.Find(sql, party);
        if (owner == 0) return [];
        var end = Before(sql, before);
        var found = sql[TextOf(typeof(TNoun))].With(owner).With(end).With(height).With(limit).All(static row => row.Long(0));
        var more = also.Select(id => Things.Find(sql, ThingKey.Of(id))).Where(thing => thing > 0 && thing < end);
        return [.. found.Concat(more).Distinct().OrderDescending().Take(limit).Select(thing => Things.IdOf<TNoun>(sql, thing))];
    }

    public static IReadOnlyList<Id<Instrument>> InstrumentsOwedBy(Sql sql, ulong height, PartyId obligor, Id<Instrument> before, int limit) =>
        [.. sql[OwedBy].With(Things.Find(sql, obligor)).With(Before(sql, before)).With(height).With(limit).All(static row => row.Long(0))
            .Select(thing => Things.IdOf<Instrument>(sql, thing))];

    public static IReadOnlyList<Attempt> Attempts(Sql sql, ulong height, PartyId party, ulong before, int limit) => sql["""
        SELECT p.key, a.code, b.time, a.height, a.leaf FROM attempts a JOIN things p ON p.thing=a.party JOIN blocks b ON b.height=a.height
        WHERE a.leaf<?1 AND a.height<=?2 AND (?3=0 OR a.party=?3) ORDER BY a.leaf DESC LIMIT ?4
        """].With(Math.Min(before, long.MaxValue)).With(height).With(party == default ? 0 : Math.Max(Things.Find(sql, party), -1)).With(limit)
        .All(static row => new Attempt(Lists.PartyIn(row.Bytes(0)), (Refusal)row.Int(1), new(row.Long(2)), row.ULong(3), row.ULong(4)));

    static string TextOf(Type noun) => ThingKey.SectionOf(noun) switch
    {
        Section.Instruments => OfInstruments,
        Section.Offers => OfOffers,
        Section.Financings => OfFinancings,
        Section.Documents => OfDocuments,
        _ => throw new System.Diagnostics.UnreachableException(noun.Name),
    };

    static string OfLists(IEnumerable<ListOf> lists, params IEnumerable<string> others) =>
        string.Join(" UNION ", lists.Select(list => $"SELECT thing FROM lists WHERE list={(int)list} AND owner=?1 AND thing<?2 AND from_height<=?3").Concat(others))
        + " ORDER BY 1 DESC LIMIT ?4";

    // What is not known is before everything: nothing follows it.
    static long Before<TNoun>(Sql sql, Id<TNoun> before) => before == default ? long.MaxValue : Things.Find(sql, ThingKey.Of(before));
}
