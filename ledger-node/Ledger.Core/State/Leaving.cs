using System.Diagnostics;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>A record by its section and the bytes of its key.</summary>
public readonly record struct RecordKey(Section Section, ByteString Key);

/// <summary>
/// What leaves together when the retention of something is over: the records, in their order. However much there is on an instrument or a value date, it leaves in portions, each
/// of so many records that one deadline costs no more than any other.
/// </summary>
public sealed partial record LedgerState
{
    // Nothing further joins a portion of so many; a thing is of four records at most.
    const int Portion = 1_000;

    /// <summary>Whether something on an instrument can still come to something: an offer, a financing, an announcement.</summary>
    public bool IsOpen(Id<Instrument> instrument) => Of(Beside.OnInstruments).GetValueOrDefault(instrument) is { Open: > 0 };

    /// <summary>
    /// Whether an instrument's time in the state is over, although not all of it may have left yet: for whoever asks it is not there. What is on it leaves before its units
    /// do, and payments first, so that nothing that is left of it can be done without what it needs.
    /// </summary>
    public bool IsLeaving(Id<Instrument> id) => Due.InstrumentLeaves(this, id, Instrument(id)) is { } due && due.At <= Now && !IsOpen(id);

    /// <summary>The records that leave when that departure has come: not empty, but for an instrument on which something is open, which stays.</summary>
    internal ValueList<RecordKey> Leaving(Deadline departure) => (Departures.Of(departure.Kind) ?? throw new UnreachableException("Something ends by it."))(this, departure.Id);

    /// <summary>The state without these records, each of which it has.</summary>
    internal LedgerState Without(ValueList<RecordKey> records)
    {
        var next = this;
        for (int first = 0, end; first < records.Count; first = end)
        {
            var table = TableOf(records[first]);
            for (end = first + 1; end < records.Count && TableOf(records[end]) == table;) end++;
            next = table.Without(next, records.Span[first..end]);
        }

        return next;

        static Table TableOf(RecordKey record) => Tables.Of(record.Section, record.Key.Span) ?? throw new UnreachableException();
    }

    // An offer leaves with the measure behind it, which has its id.
    internal IEnumerable<RecordKey> Leaving(Id<Offer> id)
    {
        yield return Key(Tables.Offers, id);
        if (Measure(new(id.Value)) is { IsOnUnits: true } measure) yield return Key(Tables.Measures, measure.Id);
    }

    // A financing leaves with what the registry said last of it, and with what is reserved for it between consortia.
    internal IEnumerable<RecordKey> Leaving(Id<Financing> id)
    {
        yield return Key(Tables.Financings, id);
        if (Financing(id) is not { } financing) yield break;
        if (Attestation(financing.Query) is not null) yield return Key(Tables.Attestations, financing.Query);
        if (Attestation(financing.Registration) is not null) yield return Key(Tables.Attestations, financing.Registration);
        if (PledgeReservation(id) is not null) yield return Key(Tables.PledgeReservations, id);
    }

    internal ValueList<RecordKey> LeavingNext(Id<Instrument> id) => IsOpen(id) ? [] : [.. FirstOf(Leaving(id))];

    internal ValueList<RecordKey> LeavingNext(DateOnly valueDate) =>
        [.. (Of(Beside.ReferencesOn).GetValueOrDefault(valueDate) ?? []).Take(Portion).Select(text => Key(Tables.References, (text, valueDate)))];

    // What is on an instrument comes by section and id, from the last back: payments, freezes, financings, offers. Then what only it has, and last itself.
    IEnumerable<IEnumerable<RecordKey>> Leaving(Id<Instrument> id)
    {
        foreach (var (section, thing) in (Of(Beside.OnInstruments).GetValueOrDefault(id) ?? Attached.Nothing).Things.Reverse())
        {
            yield return section switch
            {
                Section.Offers => Leaving(new Id<Offer>(thing)),
                Section.Financings => Leaving(new Id<Financing>(thing)),
                Section.Payments => [Key(Tables.Payments, new(thing))],
                _ => [Key(Tables.Freezes, new(thing))],
            };
        }

        foreach (var message in Of(Beside.MessagesOn).GetValueOrDefault(id) ?? []) yield return [Key(Tables.Messages, message)];
        if (Tokens(id) is { } tokens)
        {
            for (var i = tokens.Count - 1; i >= 0; i--) yield return [new(Section.Tokens, new(TokenTable.KeyOf(id, tokens.Span[i].Units.First)))];
        }

        if (Maturity(id) is not null) yield return [Key(Tables.Maturities, id)];
        if (Earmark(id) is not null) yield return [Key(Tables.Earmarks, id)];
        yield return [Key(Tables.Instruments, id)];
    }

    static IEnumerable<RecordKey> FirstOf(IEnumerable<IEnumerable<RecordKey>> things)
    {
        var records = 0;
        foreach (var thing in things)
        {
            if (records >= Portion) yield break;
            foreach (var record in thing)
            {
                records++;
                yield return record;
            }
        }
    }

    internal static RecordKey Key<TKey, TNoun>(Table<TKey, TNoun> table, TKey key)
        where TKey : notnull => new(table.Section, new(table.KeyOf(key)));
}
