using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Tests.Laws;

/// <summary>Every record of the state after a chain's last block, from the changes of genesis and of all its entries.</summary>
static class ChainRecords
{
    public static Dictionary<(Section Section, ByteString Key), byte[]> Of(Genesis genesis, IEnumerable<Block> blocks)
    {
        var records = new Dictionary<(Section, ByteString), byte[]>();
        var state = genesis.State();
        Take();
        foreach (var block in blocks)
        {
            var envelope = Assert.IsType<EnvelopeLeaf>(block.Envelope).Envelope;
            state = new BlockOpened(block.Header.Height, block.Header.Time, envelope.Bank, envelope.Clock, envelope.Counter + 1, envelope.Epoch).Enact(state);
            while (state.NextDeadline is { } due && due.At <= state.Now) state = Rulebook.Fire(state, due).Enact(state);
            Take();
            foreach (var entry in block.Entries)
            {
                var signed = Assert.IsType<SignedTransaction>(
                    Core.Wire.TransactionText.Read(entry.Transaction.Memory, genesis.Chain.Suite, genesis.Chain.ChainId, out _));
                var decision = Rulebook.Decide(state, signed);
                var recorded = Rulebook.Record(state, signed, decision);
                state = decision.After;
                foreach (var happened in recorded) state = happened.Enact(state);
                Take();
            }
        }

        return records;

        void Take()
        {
            var seen = new HashSet<(Section, ByteString)>();
            for (var change = state.Changes; change is not null; change = change.Earlier)
            {
                if (!seen.Add((change.Section, new(change.Key)))) continue;
                if (change.Value is null) records.Remove((change.Section, new(change.Key)));
                else records[(change.Section, new(change.Key))] = change.Value;
            }

            state = state.WithoutChanges();
        }
    }
}
