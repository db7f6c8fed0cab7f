using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>
/// The records of things as they were at a height, with what belongs to them, ready to be made a state of: the same writers then tell of then as of
/// now. Such a state has what was asked for and nothing else.
/// </summary>
sealed class PointInTime(Sql sql, ChainParameters chain, ulong height)
{
    readonly Dictionary<ThingKey, StateRecord> records = [];
    readonly HashSet<ThingKey> seen = [];

    public LedgerState State()
    {
        var time = new Timestamp(sql["SELECT time FROM blocks WHERE height=?1"].With(height).Number());
        return LedgerState.Restore(chain, height, time, records.Values);
    }

    /// <summary>A noun and everything that its answer is written from.</summary>
    public void Add(ThingKey key)
    {
        if (!seen.Add(key)) return;
        switch (key.Section)
        {
            case Section.Parties:
                AddParty(key);
                break;
            case Section.Instruments:
                Put(key);
                AddTokens(key);
                Put(ThingKey.OfMaturity(new(key.Id)));
                Put(ThingKey.OfEarmark(new(key.Id)));
                if (Alone(key)?.Instrument(new(key.Id)) is { } instrument) AddParties(instrument.Obligor, instrument.Creditor);
                break;
            case Section.Financings:
                Put(key);
                if (Alone(key)?.Financing(new(key.Id)) is { } financing)
                {
                    Add(ThingKey.Of(financing.Instrument));
                    Put(ThingKey.Of(financing.Query));
                    Put(ThingKey.Of(financing.Registration));
                    if (financing.Line.Value != 0) Put(ThingKey.Of(financing.Line));
                }

                break;
            case Section.Payments when key.HasId:
                Put(key);
                if (Alone(key)?.Payment(new(key.Id)) is { } payment) Add(ThingKey.Of(payment.Instrument));
                break;
            default:
                Put(key);
                break;
        }
    }

    /// <summary>A noun's own record, for lists that tell no more.</summary>
    public void AddAlone(ThingKey key) => Put(key);

    /// <summary>A payment with those to whom it is announced, whose banks are asked about it.</summary>
    public void AddAnnounced(Id<Payment> id)
    {
        var key = ThingKey.Of(id);
        Put(key);
        if (Alone(key)?.Payment(id) is not { } payment) return;
        Put(ThingKey.Of(payment.Instrument));
        foreach (var share in payment.Announced) Put(ThingKey.Of(share.Payee));
    }

    /// <summary>The rules that were in force, for what is reckoned and not only told.</summary>
    public void AddRules()
    {
        var rows = sql["SELECT key FROM things WHERE section=?1 AND height<=?2 ORDER BY thing"].With((long)Section.RuleSets).With(height)
            .All(row => new ThingKey(Section.RuleSets, new(row.Bytes(0))));
        foreach (var rules in rows) Put(rules);
    }

    void AddParty(ThingKey key)
    {
        Put(key);
        Put(ThingKey.OfValidator(key.Party));
        Put(ThingKey.OfControl(key.Party));
        if (Alone(key)?.Party(key.Party) is not { } party) return;
        Put(ThingKey.OfProgramme(party.IndustryChain));
        for (var number = 1U; number <= party.LastKey; number++) Put(ThingKey.Of(new KeyId(party.Id, number)));
    }

    void AddParties(params ReadOnlySpan<PartyId> parties)
    {
        foreach (var party in parties) Add(ThingKey.Of(party));
    }

    void AddTokens(ThingKey instrument)
    {
        var thing = Things.Find(sql, instrument);
        if (thing == 0) return;
        var rows = sql["SELECT first, value FROM tokens WHERE instrument=?1 AND from_height<=?2 AND to_height>?2 ORDER BY first"].With(thing).With(height)
            .All(row => (First: row.ULong(0), Value: row.Bytes(1)));
        foreach (var (first, value) in rows)
        {
            var key = new ThingKey(Section.Tokens, new(TokenTable.KeyOf(new(instrument.Id), first)));
            records[key] = new(key.Section, key.Key, new ByteString(value), default);
        }
    }

    void Put(ThingKey key)
    {
        var thing = Things.Find(sql, key);
        if (thing == 0) return;
        var value = sql["SELECT value FROM versions WHERE thing=?1 AND height<=?2 ORDER BY height DESC LIMIT 1"].With(thing).With(height)
            .First<byte[]?>(static row => row.IsNull(0) ? null : row.Bytes(0), null);
        if (value is not null) records[key] = new(key.Section, key.Key, new ByteString(value), default);
    }

    // A state of this record alone, to see what else belongs to it.
    LedgerState? Alone(ThingKey key) =>
        records.TryGetValue(key, out var record) ? LedgerState.Restore(chain, height, default, [record]) : null;
}
