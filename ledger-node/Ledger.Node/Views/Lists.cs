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

    // How much is looked at in one piece where most of it may not be on the list.
    const int MostLookedAt = 5_000;

    const string ListedAndSeen = """
        SELECT p.thing, EXISTS(SELECT 1 FROM lists l WHERE l.thing=p.thing AND l.list=?1 AND l.owner=?2 AND l.to_height>?3 AND l.from_height<=?3)
        FROM parts p WHERE p.party=?4 AND p.section=?5 AND p.thing>?6 ORDER BY p.thing LIMIT ?7
        """;

    const string HeldUnits = """
        SELECT instrument, first, last FROM tokens WHERE holder=?1 AND to_height=9223372036854775807 AND (instrument, first)>(?3, ?4)
            AND from_height<=?2 AND state=1
        UNION ALL
        SELECT instrument, first, last FROM tokens WHERE holder=?1 AND to_height>?2 AND to_height<9223372036854775807 AND (instrument, first)>(?3, ?4)
            AND from_height<=?2 AND state=1
        ORDER BY 1, 2
        """;

    const string HeldOn = "SELECT first FROM tokens WHERE instrument=?1 AND from_height<=?2 AND to_height>?2 AND state=1 AND holder=?3 AND first>?4 ORDER BY first LIMIT ?5";

    const string StepColumns = "e.leaf, e.height, b.time, p.key, r.key, e.verbs, e.code";
    const string StepTables = "JOIN things p ON p.thing=e.party JOIN things r ON r.thing=e.principal JOIN blocks b ON b.height=e.height";

    public static List<long> Of(Sql sql, ulong height, ListOf list, long owner, long after = 0, int limit = int.MaxValue) =>
        owner == 0 ? [] : sql[Listed].With((long)list).With(owner).With(height).With(after).With(limit).All(static row => row.Long(0));

    /// <summary>
    /// A piece of a list. To who does not see everything it is read the other way round: from what that one has a part in, which of it is on the list. How
    /// long that takes tells of its own things only.
    /// </summary>
    public static Piece<TNoun> Of<TNoun>(Sql sql, ulong height, ListOf list, ThingKey owner, Slice slice)
    {
        // A pledge has the id of the offer that it was, in a section of its own.
        var section = list == ListOf.Pledges ? Section.Pledges : ThingKey.SectionOf(typeof(TNoun));
        var after = slice.After == 0 ? 0 : Things.Find(sql, section == Section.Pledges ? new(section, ThingKey.Of(Section.Offers, slice.After).Key) : ThingKey.Of(section, slice.After));
        var (lister, isOwn) = (Things.Find(sql, owner), slice.SeenBy == default || ThingKey.Of(slice.SeenBy) == owner);
        if (!isOwn) return OfParts<TNoun>(sql, height, list, lister, section, after, slice);
        var ids = Of(sql, height, list, lister, after, slice.Limit).ConvertAll(thing => Things.IdOf<TNoun>(sql, thing));
        return new(ids, ids.Count < slice.Limit ? null : ids[^1]);
    }

    static Piece<TNoun> OfParts<TNoun>(Sql sql, ulong height, ListOf list, long owner, Section section, long after, Slice slice)
    {
        var most = slice.Limit == int.MaxValue ? int.MaxValue : Math.Max(slice.Limit, MostLookedAt);
        var (found, last, looked) = (new List<long>(), 0L, 0);
        var rows = sql[ListedAndSeen].With((long)list).With(owner).With(height).With(Things.Find(sql, slice.SeenBy)).With((long)section).With(after).With(most);
        while (found.Count < slice.Limit && rows.Next())
        {
            (last, looked) = (rows.Long(0), looked + 1);
            if (rows.Long(1) != 0) found.Add(last);
        }

        rows.Again();
        return new(found.ConvertAll(thing => Things.IdOf<TNoun>(sql, thing)), found.Count < slice.Limit && looked < most ? null : Things.IdOf<TNoun>(sql, last));
    }

    /// <summary>What part a party has in a thing: one row, whether there is such a thing or not.</summary>
    public static IReadOnlyList<Involvement> PartsIn(Sql sql, PartyId party, IEnumerable<ThingKey> things)
    {
        var reader = Things.Find(sql, party);
        return
        [
            .. things.Select(thing => sql["SELECT lasting FROM parts WHERE party=?1 AND section=?2 AND thing=?3"].With(reader).With((long)thing.Section)
                .With(Things.Find(sql, thing)).First(static row => row.Long(0) == 0 ? Involvement.WhileItStands : Involvement.Lasting, Involvement.None)),
        ];
    }

    public static IReadOnlyList<Holding> Held(Sql sql, ulong height, PartyId holder, Slice slice)
    {
        var after = slice.After == 0 ? 0 : Things.Find(sql, ThingKey.Of(Section.Instruments, slice.After));
        var rows = sql[HeldUnits].With(Things.Find(sql, holder)).With(height).With(after).With(after == 0 ? 0 : ViewsSchema.Now);
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

    /// <summary>
    /// The live tokens that a party holds, each by its instrument and first unit, after such a place, and where it was looked last, null at the end. To
    /// <paramref name="seenBy"/> only on instruments in which it has a part.
    /// </summary>
    public static (IReadOnlyList<(Id<Instrument> Instrument, ulong First)> Found, (Id<Instrument> Instrument, ulong First)? Through) TokensOf(
        Sql sql, ulong height, PartyId holder, UInt128 afterInstrument, ulong afterUnit, int limit, PartyId seenBy)
    {
        var after = afterInstrument == 0 ? 0 : Things.Find(sql, ThingKey.Of(Section.Instruments, afterInstrument));
        var owner = Things.Find(sql, holder);
        if (seenBy == default || seenBy == holder)
        {
            var rows = sql[HeldUnits + " LIMIT ?5"].With(owner).With(height).With(after).With(afterUnit).With(limit)
                .All(static row => (Instrument: row.Long(0), First: row.ULong(1)));
            var held = rows.ConvertAll(row => (Things.IdOf<Instrument>(sql, row.Instrument), row.First));
            return (held, held.Count < limit ? null : held[^1]);
        }

        var mine = sql["SELECT thing FROM parts WHERE party=?1 AND section=?2 AND thing>=?3 ORDER BY thing LIMIT ?4"].With(Things.Find(sql, seenBy))
            .With((long)Section.Instruments).With(after).With(MostLookedAt).All(static row => row.Long(0));
        var found = new List<(Id<Instrument>, ulong)>();
        foreach (var instrument in mine)
        {
            var tokens = sql[HeldOn].With(instrument).With(height).With(owner).With(instrument == after ? (long)afterUnit : 0).With(limit - found.Count).All(static row => row.ULong(0));
            found.AddRange(tokens.Select(first => (Things.IdOf<Instrument>(sql, instrument), first)));
            if (found.Count == limit) return (found, found[^1]);
        }

        return (found, mine.Count < MostLookedAt ? null : (Things.IdOf<Instrument>(sql, mine[^1]), (ulong)ViewsSchema.Now));
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

    public static IReadOnlyList<Attempt> Attempts(Sql sql, ulong height, PartyId party, ulong after, int limit) => sql[$"""
        SELECT p.key, a.code, b.time, a.height, a.leaf FROM attempts a JOIN things p ON p.thing=a.party JOIN blocks b ON b.height=a.height
        WHERE a.leaf>?1 AND a.height<=?2 AND {(party == default ? "?3=0" : "a.party=?3")} ORDER BY a.leaf LIMIT ?4
        """].With(after).With(height).With(party == default ? 0 : Things.Find(sql, party)).With(limit)
        .All(static row => new Attempt(PartyIn(row.Bytes(0)), (Refusal)row.Int(1), new(row.Long(2)), row.ULong(3), row.ULong(4)));

    /// <summary>What touched a thing, after a place, with whether <paramref name="reader"/> is named by it or concerned by what time did.</summary>
    public static IReadOnlyList<HistoryStep> History(Sql sql, ulong height, ThingKey key, ulong after, uint afterNumber, int limit, PartyId reader)
    {
        // What a deadline did stands at its block's first leaf, which is no entry.
        var rows = sql["""
            SELECT t.leaf, t.number, COALESCE(e.height, d.height), d.type, s.section, s.key, p.key, r.key, e.verbs, e.code,
                EXISTS(SELECT 1 FROM touches m WHERE m.thing=?5 AND m.leaf=t.leaf AND m.number=t.number AND m.named=1)
                    OR EXISTS(SELECT 1 FROM deadlines c WHERE c.party=?5 AND c.leaf=t.leaf AND c.number=t.number)
            FROM touches t LEFT JOIN entries e ON e.leaf=t.leaf LEFT JOIN things p ON p.thing=e.party LEFT JOIN things r ON r.thing=e.principal
            LEFT JOIN deadlines d ON d.party=0 AND d.leaf=t.leaf AND d.number=t.number LEFT JOIN things s ON s.thing=d.subject
            WHERE t.thing=?1 AND (t.leaf, t.number)>(?2, ?3) ORDER BY t.leaf, t.number LIMIT ?4
            """].With(Things.Find(sql, key)).With((long)after).With(afterNumber).With(limit).With(reader == default ? -1 : Things.Find(sql, reader)).All(static row => (
                Height: row.ULong(2),
                Step: row.Long(1) > 0
                    ? new HistoryStep(
                        row.ULong(0), row.ULong(2), default, default, "", Refusal.None, row.Text(3))
                        { Number = (uint)row.Long(1), Subject = new ThingRef(new((Section)row.Int(4), new(row.Bytes(5)))), IsNamed = row.Long(10) != 0 }
                    : new HistoryStep(row.ULong(0), row.ULong(2), default, PartyIn(row.Bytes(6)), row.Text(8), (Refusal)row.Int(9), null)
                        { Principal = PartyIn(row.Bytes(7)), IsNamed = row.Long(10) != 0 }));
        var steps = new List<HistoryStep>();
        foreach (var (at, step) in rows)
        {
            if (at > height || Block(sql, at) is not { } block) break;
            steps.Add(step with { At = block.Time });
        }

        return steps;
    }

    /// <summary>The entries that concern a party, newest first, and where it was looked last, null at the end; to another one those that concern both.</summary>
    public static (IReadOnlyList<HistoryStep> Found, ulong? Through) EntriesOf(Sql sql, ulong height, PartyId party, ulong before, int limit, PartyId reader)
    {
        var isOwn = reader == default || reader == party;
        if (isOwn)
        {
            var steps = sql[$"""
                SELECT {StepColumns}, t.named FROM touches t JOIN entries e ON e.leaf=t.leaf {StepTables}
                WHERE t.thing=?1 AND t.leaf<?2 AND t.number=0 AND e.height<=?3 ORDER BY t.leaf DESC LIMIT ?4
                """].With(Things.Find(sql, party)).With(before).With(height).With(limit).All(row => StepOf(row) with { IsNamed = reader != default && row.Long(7) != 0 });
            return (steps, steps.Count < limit ? null : steps[^1].Leaf);
        }

        var (found, last, looked) = (new List<HistoryStep>(), before, 0);
        var rows = sql[$"""
            SELECT {StepColumns}, m.named, EXISTS(SELECT 1 FROM touches t WHERE t.thing=?1 AND t.leaf=m.leaf AND t.number=0)
            FROM touches m JOIN entries e ON e.leaf=m.leaf {StepTables} WHERE m.thing=?5 AND m.leaf<?2 AND m.number=0 AND e.height<=?3 ORDER BY m.leaf DESC LIMIT ?4
            """].With(Things.Find(sql, party)).With(before).With(height).With(MostLookedAt).With(Things.Find(sql, reader));
        while (found.Count < limit && rows.Next())
        {
            (last, looked) = (rows.ULong(0), looked + 1);
            if (rows.Long(8) != 0) found.Add(StepOf(rows) with { IsNamed = rows.Long(7) != 0 });
        }

        rows.Again();
        return (found, found.Count < limit && looked < MostLookedAt ? null : last);
    }

    public static IReadOnlyList<HistoryStep> Entries(Sql sql, ulong height, ulong before, int limit) => sql[$"""
        SELECT {StepColumns} FROM entries e {StepTables} WHERE e.leaf<?1 AND e.height<=?2 ORDER BY e.leaf DESC LIMIT ?3
        """].With(before).With(height).With(limit).All(StepOf);

    public static Happenings HappenedAfter(Sql sql, ulong height, PartyId? party, ulong leaf, uint number, int limit)
    {
        // Beyond what the engine can count to there is nothing.
        if (leaf >= long.MaxValue || Block(sql, height) is not { } tip) return new([], leaf, number);
        var owner = party is { } one ? Things.Find(sql, one) : 0;
        if (party is not null && owner == 0) return new([], leaf, number);
        var entries = sql[party is null
            ? $"SELECT {StepColumns} FROM entries e {StepTables} WHERE e.leaf>?2 AND e.height<=?3 AND ?1=0 ORDER BY e.leaf LIMIT ?4"
            : $"""
            SELECT {StepColumns} FROM touches t JOIN entries e ON e.leaf=t.leaf {StepTables}
            WHERE t.thing=?1 AND t.leaf>?2 AND t.number=0 AND e.height<=?3 ORDER BY t.leaf LIMIT ?4
            """].With(owner).With(leaf).With(height).With(limit)
            .All(static row => new Happening(row.ULong(0), 0, row.ULong(1), new(row.Long(2)), row.Text(5), PartyIn(row.Bytes(3)), (Refusal)row.Int(6), null));
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

    /// <summary>Pairs after a number; where an attester is named, those of which it attested one side.</summary>
    public static IReadOnlyList<NearMatch> NearMatches(Sql sql, ulong height, ulong after, int limit, PartyId attester)
    {
        const string columns = "SELECT n.number, n.one, n.other, n.grade, n.height";
        var statement = attester == default
            ? sql[$"{columns} FROM near n WHERE n.number>?1 AND n.height<=?2 AND ?4=0 ORDER BY n.number LIMIT ?3"]
            : sql[$"{columns} FROM near_of a JOIN near n ON n.number=a.number WHERE a.attester=?4 AND a.number>?1 AND n.height<=?2 ORDER BY a.number LIMIT ?3"];
        var rows = statement.With(after).With(height).With(limit).With(attester == default ? 0 : Things.Find(sql, attester))
            .All(static row => (Number: row.ULong(0), One: row.Long(1), Other: row.Long(2), Grade: row.Int(3), Height: row.ULong(4)));
        return [.. rows.Select(row => new NearMatch(row.Number, Things.IdOf<Document>(sql, row.One), Things.IdOf<Document>(sql, row.Other), row.Grade, row.Height))];
    }

    public static PartyId PartyIn(byte[] key) => new ThingKey(Section.Parties, new(key)).Party;

    public static PartyId PartyOf(string text) => PartyId.TryParse(text, out var party) ? party : default;

    static BlockRow BlockRowOf(Statement row) => new(row.ULong(0), new(row.Long(1)), row.ULong(2), (uint)row.Long(3), Hash256.Read(row.Bytes(4)));

    static HistoryStep StepOf(Statement row) =>
        new(row.ULong(0), row.ULong(1), new(row.Long(2)), PartyIn(row.Bytes(3)), row.Text(5), (Refusal)row.Int(6), null) { Principal = PartyIn(row.Bytes(4)) };
}
