using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>Every leg of every instrument, in the order in which they happened. The ledger's tokens know their last leg only.</summary>
sealed class LegWriter(Sql sql)
{
    long lastLeg = sql["SELECT MAX(number) FROM legs"].Number();

    public void Add(BlockWriter block, LedgerState state, Offer accepted, ulong height, ulong leaf)
    {
        var known = LegInState(state, accepted.Instrument, accepted.Units, accepted.Id, accepted.Cause);
        var depth = accepted.Kind is OfferKind.Issue or OfferKind.Delivery ? (ushort)0 : known?.Depth ?? DepthAfter(Earlier(block, accepted.Instrument), accepted.Units);
        Write(block, accepted.Instrument, accepted.Id, accepted.Cause, known?.From ?? accepted.From, accepted.To, accepted.Units, depth, height, leaf);
    }

    /// <summary>A mistaken transfer was undone: its units went back to whom they came from.</summary>
    public void Correct(BlockWriter block, Offer mistaken, PartyId former, ulong height, ulong leaf)
    {
        var depth = Earlier(block, mistaken.Instrument).FindLast(leg => leg.Act == mistaken.Id)?.Depth ?? 1;
        Write(block, mistaken.Instrument, mistaken.Id, TransferCause.Correction, mistaken.To, former, mistaken.Units, (ushort)(depth - 1), height, leaf);
    }

    /// <summary>Units were sold to a financier, or went back to whom it had them from.</summary>
    public void Follow(BlockWriter block, LedgerState state, Financing financing, LedgerEvent happened, ulong height, ulong leaf)
    {
        var all = Earlier(block, financing.Instrument);
        var act = new Id<Offer>(financing.Id.Value);
        var (cause, from, to) = happened switch
        {
            FinancingDisbursed => (TransferCause.Sale, financing.Applicant, financing.Financier),
            FinancingBoughtBack => (TransferCause.Recourse, financing.Financier, financing.Applicant),
            _ => (TransferCause.Correction, financing.Financier, financing.Applicant),
        };
        var units = cause == TransferCause.Recourse ? StillSold(state, financing, act, all) : financing.Units;
        var depth = cause == TransferCause.Correction
            ? (ushort)((all.FindLast(leg => leg.Act == act && leg.Cause == TransferCause.Sale)?.Depth ?? 1) - 1)
            : LegInState(state, financing.Instrument, units, act, cause)?.Depth ?? DepthAfter(all, units);
        Write(block, financing.Instrument, act, cause, from, to, units, depth, height, leaf);
    }

    void Write(
        BlockWriter block, Id<Instrument> instrument, Id<Offer> act, TransferCause cause, PartyId from, PartyId to, ValueList<Interval> units, ushort depth,
        ulong height, ulong leaf)
    {
        var bytes = new byte[Id<Offer>.Size];
        act.Write(bytes);
        lastLeg++;
        var thing = block.NumberOf(ThingKey.Of(instrument));
        block.Take(from, Core.State.Section.Instruments, thing);
        block.Take(to, Core.State.Section.Instruments, thing);
        foreach (var (part, run) in units.Index())
        {
            sql["INSERT INTO legs VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)"].With(thing).With(lastLeg).With(part)
                .With(run.First).With(run.Last).With(bytes).With((long)cause).With(block.NumberOf(from)).With(block.NumberOf(to)).With(depth).With(height).With(leaf)
                .Run();
        }
    }

    List<LineageLeg> Earlier(BlockWriter block, Id<Instrument> instrument) =>
        Lineage.Of(sql, block.NumberOf(ThingKey.Of(instrument)), ViewsSchema.Now - 1, null);

    // Of a sale only what was neither paid nor passed on can be bought back. What the block's end shows under another act either left the financier
    // before, which its last leg tells, or was bought back and went on within the block.
    static ValueList<Interval> StillSold(LedgerState state, Financing financing, Id<Offer> act, List<LineageLeg> all)
    {
        var still = new List<Interval>();
        if (state.Tokens(financing.Instrument) is not { } tokens) return [];
        foreach (var run in financing.Units)
        {
            foreach (var token in tokens.Touching(run))
            {
                var units = token.Units.Intersect(run);
                if (token.Leg.Act != act) still.AddRange(LastSoldBy(act, units, all));
                else if (token.Leg.Cause == TransferCause.Recourse) still.Add(units);
            }
        }

        return Joined(still);
    }

    static List<Interval> LastSoldBy(Id<Offer> act, Interval units, List<LineageLeg> all)
    {
        var sold = new List<Interval>();
        List<Interval> open = [units];
        for (var i = all.Count - 1; i >= 0 && open.Count > 0; i--)
        {
            if (all[i].Act == act && all[i].Cause == TransferCause.Sale)
            {
                foreach (var run in open) sold.AddRange(all[i].Units.Where(part => part.Overlaps(run)).Select(part => part.Intersect(run)));
            }

            var rest = new List<Interval>();
            foreach (var run in open) Subtract(run, all[i].Units, rest);
            open = rest;
        }

        return sold;
    }

    static ValueList<Interval> Joined(List<Interval> runs)
    {
        var joined = new List<Interval>();
        foreach (var run in runs.Order())
        {
            if (joined.Count > 0 && joined[^1].Last + 1 == run.First) joined[^1] = new(joined[^1].First, run.Last);
            else joined.Add(run);
        }

        return [.. joined];
    }

    static Leg? LegInState(LedgerState state, Id<Instrument> instrument, ValueList<Interval> runs, Id<Offer> act, TransferCause cause)
    {
        if (state.Tokens(instrument) is not { } tokens) return null;
        foreach (var units in runs)
        {
            foreach (var token in tokens.Touching(units))
            {
                if (token.Leg.Act == act && token.Leg.Cause == cause) return token.Leg;
            }
        }

        return null;
    }

    // The units went on within the same block: one hand more than the deepest leg that any of them had before.
    static ushort DepthAfter(List<LineageLeg> earlier, ValueList<Interval> units)
    {
        var depth = 0;
        var open = units.ToList();
        for (var i = earlier.Count - 1; i >= 0 && open.Count > 0; i--)
        {
            var rest = new List<Interval>();
            foreach (var run in open) Subtract(run, earlier[i].Units, rest);
            if (!rest.SequenceEqual(open)) depth = Math.Max(depth, earlier[i].Depth);
            open = rest;
        }

        return (ushort)(depth + 1);
    }

    static void Subtract(Interval run, ValueList<Interval> taken, List<Interval> rest)
    {
        var first = run.First;
        foreach (var part in taken)
        {
            if (!part.Overlaps(run)) continue;
            if (first < part.First) rest.Add(new(first, part.First - 1));
            first = part.Last + 1;
        }

        if (first <= run.Last) rest.Add(new(first, run.Last));
    }
}
