using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Tests.Laws;

/// <summary>
/// A state that was restored from its records is the state: it has the same records, fires the same deadlines, and what goes on from it are the
/// same blocks, to the octet.
/// </summary>
static class RestoreLaw
{
    /// <summary>Cuts a chain in some places, and goes on from the records that its blocks had written up to there.</summary>
    public static void Holds(Genesis genesis, IReadOnlyList<Block> blocks, params int[] cuts)
    {
        var fold = new Fold(genesis);
        var records = new SortedDictionary<(Section, string), StateRecord>();
        Take(records, fold.GenesisRecords);
        for (var height = 0; height <= blocks.Count; height++)
        {
            if (cuts.Contains(height)) GoesOn(fold, records, blocks, height);
            if (height < blocks.Count) Take(records, Repeat(fold, blocks[height]).Written);
        }
    }

    /// <summary>The same without a chain, for histories that are not signed.</summary>
    public static void Holds(LedgerState state)
    {
        var restored = LedgerState.Restore(state.Chain, state.Height, state.Now, state.AllRecords()).WithKeptIds(state.KeptIds);
        AreOne(state, restored);

        // Firing asks for what no record says: every deadline in its order, and what it changes.
        const int some = 25;
        for (var fired = 0; fired < some && state.NextDeadline is { } due; fired++)
        {
            Assert.Equal(due, restored.NextDeadline);
            state = Rulebook.Fire(state, due).Enact(state.At(state.Height + 1, due.At));
            restored = Rulebook.Fire(restored, due).Enact(restored.At(restored.Height + 1, due.At));
        }

        AreOne(state, restored);
    }

    static void GoesOn(Fold live, SortedDictionary<(Section, string), StateRecord> records, IReadOnlyList<Block> blocks, int height)
    {
        // Written tells exactly what the state holds, in the order of the keys.
        Alike.InOrder(records.Values.Select(record => record with { Salt = default }), live.State.AllRecords());

        var tree = new StateTree(live.Genesis.Chain.Suite, Sections.Count);
        foreach (var record in records.Values)
        {
            tree.Put((byte)record.Section, record.Key.Span, record.Value!.Value.Span, record.Salt);
            Assert.Equal(record.Salt, live.SaltOf(record.Section, record.Key.Span));
        }

        Assert.Equal(live.Last.Header.StateRoot, tree.Root());
        var history = new HistoryTree(live.Genesis.Chain.Suite);
        for (ulong leaf = 0; leaf < live.History.Size; leaf++) history.Append(live.History.LeafHash(leaf));
        var state = LedgerState.Restore(live.Genesis.Chain, live.State.Height, live.State.Now, records.Values).WithKeptIds(live.State.KeptIds);
        AreOne(live.State, state);

        var fold = Fold.After(live.Genesis, live.Last, state, tree, history);
        var beside = new Fold(live.Genesis);
        foreach (var block in blocks.Take(height)) Repeat(beside, block);
        foreach (var block in blocks.Skip(height))
        {
            var (one, other) = (Repeat(beside, block), Repeat(fold, block));
            Alike.InOrder(InOrder(one.Written), InOrder(other.Written));
            Assert.Equal(one.State.NextDeadline, other.State.NextDeadline);
        }

        Assert.Equal(beside.Checkpoint, fold.Checkpoint);
        AreOne(beside.State, fold.State);
    }

    static void AreOne(LedgerState one, LedgerState other)
    {
        Assert.Equal((one.Height, one.Now, one.NextDeadline), (other.Height, other.Now, other.NextDeadline));
        Alike.InOrder(one.AllRecords(), other.AllRecords());
        Assert.Equal(one.KeptIds, other.KeptIds);
        Assert.Equal(Beside(one), Beside(other));
    }

    // What is kept beside the records, so that nobody walks through them: no record tells it.
    static IEnumerable<string> Beside(LedgerState state)
    {
        var parties = state.AllParties.Select(party => party.Id).Order().ToArray();
        foreach (var party in parties)
        {
            yield return $"{party} {state.OldestDebt(party)}";
            foreach (var agent in parties) yield return string.Join(" ", state.Mandates(party, agent).Select(mandate => mandate.Id));
        }

        foreach (var instrument in state.AllInstruments.Select(instrument => instrument.Id).Order())
        {
            yield return string.Join(" ", state.Announcements(instrument).Select(payment => payment.Id));
            yield return $"{instrument} {state.IsOpen(instrument)} {Rulebook.Fire(state, new(state.Now, DeadlineKind.InstrumentLeaves, instrument.Value))}";
        }

        foreach (var key in parties.SelectMany(party => Enumerable.Range(1, (int)state.Party(party)!.LastKey).Select(number => state.Key(new(party, (uint)number)))))
            yield return $"{key?.Id} {key is not null && state.IsKnown(key.PublicKey)}";
        foreach (var validator in state.Validators) yield return $"{validator.Bank} {state.IsKnown(validator.NodeKey)}";
        yield return string.Join(" ", state.Epochs.Select(epoch => epoch.Number)) + " " + string.Join(" ", state.RuleSets.Select(rules => rules.From));
    }

    static FoldedBlock Repeat(Fold fold, Block block)
    {
        var folded = fold.Repeat(block, verifySignatures: false, out var fault);
        Assert.Null(fault);
        return Assert.IsType<FoldedBlock>(folded);
    }

    static void Take(SortedDictionary<(Section, string), StateRecord> records, IReadOnlyList<StateRecord> written)
    {
        foreach (var record in written)
        {
            var name = (record.Section, Convert.ToHexString(record.Key.Span));
            if (record.Value is null) records.Remove(name);
            else records[name] = record;
        }

        Assert.Equal(written.Count, written.Select(record => (record.Section, record.Key)).Distinct().Count());
    }

    static IEnumerable<StateRecord> InOrder(IReadOnlyList<StateRecord> written) =>
        written.OrderBy(record => record.Section).ThenBy(record => Convert.ToHexString(record.Key.Span), StringComparer.Ordinal);
}
