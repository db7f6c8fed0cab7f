using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>Lists by party, by thing and by time, as of a height, in the order in which things came to be.</summary>
static class Lists
{
    // What is true now comes from the index in its order, and only what ended after the height is sorted.
    const string Listed = """
        SELECT thing FROM lists WHERE list=?1 AND owner=?2 AND to_height=9223372036854775807 AND thing>?4 AND from_height<=?3
        UNION ALL
        SELECT thing FROM lists WHERE list=?1 AND owner=?2 AND to_height>?3 AND to_height<9223372036854775807 AND thing>?4 AND from_height<=?3
        ORDER BY 1 LIMIT ?5
        """;

    const string HeldUnits = """
        SELECT instrument, first, last FROM tokens WHERE holder=?1 AND to_height=9223372036854775807 AND (instrument, first)>(?3, ?4)
            AND from_height<=?2 AND state=1
        UNION ALL
        SELECT instrument, first, last FROM tokens WHERE holder=?1 AND to_height>?2 AND to_height<9223372036854775807 AND (instrument, first)>(?3, ?4)
            AND from_height<=?2 AND state=1
        ORDER BY 1, 2
        """;

    const string StepColumns = "e.leaf, e.height, b.time, p.key, e.verbs, e.code";

    public static List<long> Of(Sql sql, ulong height, ListOf list, long owner, long after = 0, int limit = int.MaxValue) =>
        owner == 0 ? [] : sql[Listed].With((long)list).With(owner).With(height).With(after).With(limit).All(static row => row.Long(0));

    public static IReadOnlyList<Id<TNoun>> Of<TNoun>(Sql sql, ulong height, ListOf list, ThingKey owner, Slice slice)
    {
        // A pledge has the id of the offer that it was, in a section of its own.
        var section = list == ListOf.Pledges ? Section.Pledges : ThingKey.SectionOf(typeof(TNoun));
        var after = slice.After == 0 ? 0 : Things.Find(sql, section == Section.Pledges ? new(section, ThingKey.Of(Section.Offers, slice.After).Key) : ThingKey.Of(section, slice.After));
        return [.. Of(sql, height, list, Things.Find(sql, owner), after, slice.Limit).Select(thing => Things.IdOf<TNoun>(sql, thing))];
    }

    public static IReadOnlyList<Holding> Held(Sql sql, ulong height, PartyId holder, Slice slice)
    {
        var after = slice.After == 0 ? 0 : Things.Find(sql, ThingKey.Of(Section.Instruments, slice.After));
        var rows = sql[HeldUnits].With(Things.Find(sql, holder)).With(height).With(after).With(after == 0 ? 0 : Schema.Now);
        var held = new List<(long Instrument, List<Interval> Units)>();
        while (rows.Next())
        {
            var (instrument, run) = (rows.Long(0), new Interval(rows.ULong(1), rows.ULong(2)));
            if (held.Count == 0 || held[^1].Instrument != instrument)
            {
                if (held.Count == slice.Limit) break;
                held.Add((instrument, []));
            }

            // Neighbouring tokens of one holder can differ in leg or burden; what is held is one run of units all the same.
            var units = held[^1].Units;
            if (units.Count > 0 && units[^1].Last + 1 == run.First) units[^1] = new(units[^1].First, run.Last);
            else units.Add(run);
        }

        rows.Again();
        return [.. held.Select(one => new Holding(Things.IdOf<Instrument>(sql, one.Instrument), [.. one.Units]))];
    }

    /// <summary>The live tokens that a party holds, each by its instrument and first unit, after such a place.</summary>
    public static IReadOnlyList<(Id<Instrument> Instrument, ulong First)> TokensOf(Sql sql, ulong height, PartyId holder, UInt128 afterInstrument, ulong afterUnit, int limit)
    {
        var after = afterInstrument == 0 ? 0 : Things.Find(sql, ThingKey.Of(Section.Instruments, afterInstrument));
        var rows = sql[HeldUnits + " LIMIT ?5"].With(Things.Find(sql, holder)).With(height).With(after).With(afterUnit).With(limit)
            .All(static row => (Instrument: row.Long(0), First: row.ULong(1)));
        return [.. rows.Select(row => (Things.IdOf<Instrument>(sql, row.Instrument), row.First))];
    }

    public static IReadOnlyList<PartyId> HoldersOf(Sql sql, ulong height, Id<Instrument> instrument)
    {
        var holders = sql["SELECT DISTINCT holder FROM tokens WHERE instrument=?1 AND from_height<=?2 AND to_height>?2 AND state=1 ORDER BY holder"]
            .With(Things.Find(sql, ThingKey.Of(instrument))).With(height).All(static row => row.Long(0));
        return [.. holders.Select(holder => Things.PartyOf(sql, holder))];
    }

    public static BlockRow? Block(Sql sql, ulong height) =>
        sql["SELECT height, time, first_leaf, entries, hash FROM blocks WHERE height=?1"].With(height).First<BlockRow?>(BlockRowOf, null);

    public static IReadOnlyList<BlockRow> Blocks(Sql sql, ulong from, int limit) =>
        sql["SELECT height, time, first_leaf, entries, hash FROM blocks WHERE height<=?1 ORDER BY height DESC LIMIT ?2"].With(Math.Min(from, long.MaxValue)).With(limit)
            .All(BlockRowOf);

    public static ulong? BlockOf(Sql sql, ulong leaf)
    {
        // First leaves rise with heights: the block is found by halving.
        var last = sql["SELECT MAX(height) FROM blocks"].Number(-1);
        if (last < 0 || Block(sql, (ulong)last) is not { } tip || leaf > tip.FirstLeaf + tip.Entries + (last == 0 ? 0UL : 1UL)) return null;
        ulong low = 0, high = (ulong)last;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Block(sql, middle) is { } block && block.FirstLeaf <= leaf) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    public static EntryLocation? Entry(Sql sql, ulong height, PartyId party, Id<Transaction> id)
    {
        var bytes = new byte[Id<Transaction>.Size];
        id.Write(bytes);
        var owner = Things.Find(sql, party);
        foreach (var leaf in Things.Find(sql, KeyKind.TransactionId, Things.Hash(KeyKind.TransactionId, 0, bytes)))
        {
            var found = sql["""
                SELECT e.height, b.first_leaf, e.code, e.operation, e.payload, e.id FROM entries e JOIN blocks b ON b.height=e.height
                WHERE e.leaf=?1 AND e.party=?2 AND e.height<=?3
                """].With(leaf).With(owner).With(height).First<EntryLocation?>(
                row => row.Bytes(5).AsSpan().SequenceEqual(bytes)
                    ? new(row.ULong(0), (ulong)leaf, (int)(leaf - row.Long(1)), (Refusal)row.Int(2), row.Int(3), Hash256.Read(row.Bytes(4)))
                    : null,
                null);
            if (found is not null) return found;
        }

        return null;
    }

    public static IReadOnlyList<Attempt> Attempts(Sql sql, ulong height, PartyId party, ulong after, int limit) => sql["""
        SELECT p.key, a.code, b.time, a.height, a.leaf FROM attempts a JOIN things p ON p.thing=a.party JOIN blocks b ON b.height=a.height
        WHERE a.leaf>?1 AND a.height<=?2 AND (?3=0 OR a.party=?3) ORDER BY a.leaf LIMIT ?4
        """].With(after).With(height).With(party == default ? 0 : Math.Max(Things.Find(sql, party), -1)).With(limit)
        .All(static row => new Attempt(PartyIn(row.Bytes(0)), (Refusal)row.Int(1), new(row.Long(2)), row.ULong(3), row.ULong(4)));

    public static IReadOnlyList<HistoryStep> History(Sql sql, ulong height, ThingKey key, ulong after, int limit)
    {
        // What a deadline did stands at its block's first leaf, which is no entry.
        var rows = sql["""
            SELECT t.leaf, e.height, t.deadline, p.key, e.verbs, e.code FROM touches t LEFT JOIN entries e ON e.leaf=t.leaf
            LEFT JOIN things p ON p.thing=e.party WHERE t.thing=?1 AND t.leaf>?2 ORDER BY t.leaf LIMIT ?3
            """].With(Things.Find(sql, key)).With((long)after).With(limit).All(static row => (
                Leaf: row.ULong(0), Height: row.IsNull(1) ? (ulong?)null : row.ULong(1), Deadline: row.IsNull(2) ? null : row.Text(2),
                Party: row.IsNull(3) ? default : PartyIn(row.Bytes(3)), Verbs: row.IsNull(4) ? "" : row.Text(4), Code: (Refusal)(row.IsNull(5) ? 0 : row.Int(5))));
        var steps = new List<HistoryStep>();
        foreach (var row in rows)
        {
            if ((row.Height ?? BlockOf(sql, row.Leaf)) is not { } at || at > height || Block(sql, at) is not { } block) break;
            steps.Add(new(row.Leaf, at, block.Time, row.Party, row.Verbs, row.Code, row.Deadline));
        }

        return steps;
    }

    public static IReadOnlyList<HistoryStep> EntriesOf(Sql sql, ulong height, PartyId party, ulong before, int limit) => sql[$"""
        SELECT {StepColumns} FROM touches t JOIN entries e ON e.leaf=t.leaf JOIN things p ON p.thing=e.party JOIN blocks b ON b.height=e.height
        WHERE t.thing=?1 AND t.leaf<?2 AND e.height<=?3 ORDER BY t.leaf DESC LIMIT ?4
        """].With(Things.Find(sql, party)).With(before).With(height).With(limit).All(StepOf);

    public static IReadOnlyList<HistoryStep> Entries(Sql sql, ulong height, ulong before, int limit) => sql[$"""
        SELECT {StepColumns} FROM entries e JOIN things p ON p.thing=e.party JOIN blocks b ON b.height=e.height
        WHERE e.leaf<?1 AND e.height<=?2 ORDER BY e.leaf DESC LIMIT ?3
        """].With(before).With(height).With(limit).All(StepOf);

    public static Happenings HappenedAfter(Sql sql, ulong height, PartyId? party, ulong leaf, uint number, int limit)
    {
        // Beyond what the engine can count to there is nothing.
        if (leaf >= long.MaxValue || Block(sql, height) is not { } tip) return new([], leaf, number);
        var owner = party is { } one ? Things.Find(sql, one) : 0;
        if (party is not null && owner == 0) return new([], leaf, number);
        var entries = sql[party is null
            ? $"SELECT {StepColumns} FROM entries e JOIN things p ON p.thing=e.party JOIN blocks b ON b.height=e.height WHERE e.leaf>?2 AND e.height<=?3 AND ?1=0 ORDER BY e.leaf LIMIT ?4"
            : $"""
            SELECT {StepColumns} FROM touches t JOIN entries e ON e.leaf=t.leaf JOIN things p ON p.thing=e.party JOIN blocks b ON b.height=e.height
            WHERE t.thing=?1 AND t.leaf>?2 AND e.height<=?3 ORDER BY t.leaf LIMIT ?4
            """].With(owner).With(leaf).With(height).With(limit)
            .All(static row => new Happening(row.ULong(0), 0, row.ULong(1), new(row.Long(2)), row.Text(4), PartyIn(row.Bytes(3)), (Refusal)row.Int(5), null));
        var deadlines = sql["""
            SELECT d.leaf, d.number, d.height, b.time, d.type, s.section, s.key FROM deadlines d JOIN blocks b ON b.height=d.height
            JOIN things s ON s.thing=d.subject WHERE d.party=?1 AND (d.leaf, d.number)>(?2, ?3) AND d.height<=?4 ORDER BY d.leaf, d.number LIMIT ?5
            """].With(owner).With(leaf).With(number).With(height).With(limit)
            .All(static row => new Happening(
                row.ULong(0), (uint)row.Long(1), row.ULong(2), new(row.Long(3)), row.Text(4), default, Refusal.None, new ThingRef(new((Section)row.Int(5), new(row.Bytes(6))))));
        var all = entries.Concat(deadlines).OrderBy(happening => happening.Leaf).ThenBy(happening => happening.Number).Take(limit).ToArray();
        if (all.Length == limit) return new(all, all[^1].Leaf, all[^1].Number);

        // All that there was: next time the search begins behind the block's header.
        var last = tip.FirstLeaf + tip.Entries + (height == 0 ? 0UL : 1UL);
        return last > leaf ? new(all, last, 0) : new(all, leaf, number);
    }

    public static IReadOnlyList<PartyRow> Parties(Sql sql, ulong height, PartyId after, int limit) => sql["""
        SELECT p.id, p.name, p.region, p.chain, s.key FROM parties p LEFT JOIN things s ON s.thing=p.sponsor WHERE p.thing>?1 AND p.height<=?2
        ORDER BY p.thing LIMIT ?3
        """].With(after == default ? 0 : Things.Find(sql, after)).With(height).With(limit)
        .All(static row => new PartyRow(PartyOf(row.Text(0)), row.Text(1), row.Text(2), row.Text(3), row.IsNull(4) ? default : PartyIn(row.Bytes(4))));

    public static IReadOnlyList<NearMatch> NearMatches(Sql sql, ulong height, ulong after, int limit)
    {
        var rows = sql["SELECT number, one, other, grade, height FROM near WHERE number>?1 AND height<=?2 ORDER BY number LIMIT ?3"].With(after).With(height).With(limit)
            .All(static row => (Number: row.ULong(0), One: row.Long(1), Other: row.Long(2), Grade: row.Int(3), Height: row.ULong(4)));
        return [.. rows.Select(row => new NearMatch(row.Number, Things.IdOf<Document>(sql, row.One), Things.IdOf<Document>(sql, row.Other), row.Grade, row.Height))];
    }

    public static PartyId PartyIn(byte[] key) => new ThingKey(Section.Parties, new(key)).Party;

    public static PartyId PartyOf(string text) => PartyId.TryParse(text, out var party) ? party : default;

    static BlockRow BlockRowOf(Statement row) => new(row.ULong(0), new(row.Long(1)), row.ULong(2), (uint)row.Long(3), Hash256.Read(row.Bytes(4)));

    static HistoryStep StepOf(Statement row) => new(row.ULong(0), row.ULong(1), new(row.Long(2)), PartyIn(row.Bytes(3)), row.Text(4), (Refusal)row.Int(5), null);
}
