using Ledger.Core.Primitives;

namespace Ledger.Core.State;

public sealed partial record LedgerState
{
    /// <summary>
    /// The state that these records make: all of them give the state again that wrote them, some give one in which the others are not there. What
    /// follows from records (deadlines, tokens of an instrument, keys in use, mandates of a pair) follows from those given. An instrument's tokens
    /// are given all or none; of a record given twice the later counts. The ids that are kept come by <see cref="WithKeptIds"/>.
    /// </summary>
    /// <exception cref="StateRecordException">Bytes that are no record of their section.</exception>
    public static LedgerState Restore(ChainParameters chain, ulong height, Timestamp now, IEnumerable<StateRecord> records)
    {
        var state = new LedgerState(chain).At(height, now).WithoutChanges();
        var names = new PartyNames();
        var (key, value) = (Fields.ToRead(names), Fields.ToRead(names));
        var read = new Dictionary<Table, Restored>();
        foreach (var record in records)
        {
            if (record.Value is not { } bytes) continue;
            key.Open(record.Key.Memory);
            value.Open(bytes.Memory);
            var isGood = Tables.Of(record.Section, record.Key.Span) is { } table && At(table).Take(state, key, value);
            if (!isGood || !key.IsComplete || !value.IsComplete) throw new StateRecordException(record.Section, record.Key, "it is no record of this section");
        }

        // Tokens are checked against instruments, and a deadline asks for the rules: each step takes all tables before the next begins.
        var inOrder = Tables.All.Where(read.ContainsKey).Select(table => read[table]).ToArray();
        foreach (var table in inOrder) table.Fill(state);
        foreach (var table in inOrder) table.Follow(state);
        var all = inOrder.SelectMany(table => table.Deadlines(state)).ToLookup(static deadline => deadline.IsDeparture);
        (state.deadlines, state.departures) = (Deadlines.Of(all[false]), Deadlines.Of(all[true]));
        return state;

        Restored At(Table table)
        {
            if (!read.TryGetValue(table, out var known)) read.Add(table, known = table.Restored());
            return known;
        }
    }

    /// <summary>
    /// Every record of the state, section by section and there by the bytes of the keys, without salts: those are the state tree's. Made one by one
    /// while they are read.
    /// </summary>
    public IEnumerable<StateRecord> AllRecords() => Tables.All.SelectMany(table => table.Records(this));
}
