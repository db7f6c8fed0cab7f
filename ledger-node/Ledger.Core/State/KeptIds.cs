using System.Text;
using Ledger.Core.Collections;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

// Ids that were used are written by hand: the record of a minute is the digest of a list (see Beside.Ids), and what is over goes by the clock, many at once.
public sealed partial record LedgerState
{
    public UsedId? UsedId(PartyId party, Id<Transaction> id) => Of(Beside.Ids).GetValueOrDefault((party, id));

    public uint LongLivedIds(PartyId party) => Of(Tables.LongLivedIds, party);

    /// <summary>Appends to the list of the minute in which the id expires.</summary>
    public LedgerState WithUsedId(PartyId party, Id<Transaction> id, UsedId used)
    {
        var minute = MinuteOf(used.Expires);
        var next = Put(Tables.UsedIds, minute, Appended(Of(Tables.UsedIds, minute), party, id, used));
        next.Set(Beside.Ids, Of(Beside.Ids).Add((party, id), used));
        return used.LongLived ? next.WithLongLived(party, LongLivedIds(party) + 1) : next;
    }

    /// <summary>Forgets the ids of every minute that is over, and the attempts of every day that is.</summary>
    public LedgerState Forgetting()
    {
        var next = this;
        var current = MinuteOf(Now);
        while (next.Of(Beside.Minutes) is { IsEmpty: false, Min: var minute } && minute < current)
        {
            var kept = next.Of(Beside.Ids);
            for (var name = next.Of(Tables.UsedIds, minute)?.Newest; name is not null; name = name.Earlier)
            {
                if (kept[(name.Party, name.Id)].LongLived) next = next.WithLongLived(name.Party, next.LongLivedIds(name.Party) - 1);
                kept = kept.Remove((name.Party, name.Id));
            }

            next = next.Remove(Tables.UsedIds, minute);
            next.Set(Beside.Ids, kept);
        }

        while (next.Of(Beside.DaysOfAttempts) is { IsEmpty: false, Min: var (day, party) } && day < Today) next = next.Remove(Tables.Attempts, (party, day));
        return next;
    }

    /// <summary>
    /// The same state with the ids behind the digests of its minutes, those of a minute in the order of their use.
    /// </summary>
    /// <exception cref="StateRecordException">They are not the ids that the digests and the counts of long-lived ones tell of.</exception>
    public LedgerState WithKeptIds(IEnumerable<KeptId> ids)
    {
        var used = new Dictionary<(PartyId, Id<Transaction>), UsedId>();
        var lists = new Dictionary<long, MinuteOfIds>();
        var longLived = new Dictionary<PartyId, uint>();
        foreach (var kept in ids)
        {
            var minute = MinuteOf(kept.Used.Expires);
            lists[minute] = Appended(lists.GetValueOrDefault(minute), kept.Party, kept.Id, kept.Used);
            if (kept.Used.LongLived) longLived[kept.Party] = longLived.GetValueOrDefault(kept.Party) + 1;
            if (used.ContainsKey((kept.Party, kept.Id))) throw OfMinute(minute, "an id stands twice");
            used.Add((kept.Party, kept.Id), kept.Used);
        }

        foreach (var (minute, list) in lists)
        {
            if (Of(Tables.UsedIds, minute) is not { } recorded || recorded.Count != list.Count || recorded.Digest != list.Digest)
                throw OfMinute(minute, "its ids are not those of the digest");
        }

        foreach (var minute in Of(Beside.Minutes))
        {
            if (!lists.ContainsKey(minute)) throw OfMinute(minute, "its ids are missing");
        }

        foreach (var party in longLived.Keys.Union(Of(Tables.LongLivedIds.Nouns).Keys))
        {
            if (longLived.GetValueOrDefault(party) != LongLivedIds(party))
                throw new StateRecordException(Section.Quotas, new(Tables.LongLivedIds.KeyOf(party)), "it is not the number of long-lived ids");
        }

        var state = this with { slots = slots.With(Tables.UsedIds.Nouns, Map<long, MinuteOfIds>.Of(lists)) };
        state.Set(Beside.Ids, Map<(PartyId, Id<Transaction>), UsedId>.Of(used));
        return state;
    }

    /// <summary>The ids that are kept, by the minute of their expiry and in the order of their use.</summary>
    public IEnumerable<KeptId> KeptIds
    {
        get
        {
            foreach (var minute in Of(Beside.Minutes))
            {
                var names = new List<UsedIdName>();
                for (var name = Of(Tables.UsedIds, minute)?.Newest; name is not null; name = name.Earlier) names.Add(name);
                for (var i = names.Count - 1; i >= 0; i--) yield return new(names[i].Party, names[i].Id, Of(Beside.Ids)[(names[i].Party, names[i].Id)]);
            }
        }
    }

    LedgerState WithLongLived(PartyId party, uint count) => count == 0 ? Remove(Tables.LongLivedIds, party) : Put(Tables.LongLivedIds, party, count);

    MinuteOfIds Appended(MinuteOfIds? list, PartyId party, Id<Transaction> id, UsedId used) => list is null
        ? new(1, DigestOf(default, party, id, used), new(party, id, Earlier: null))
        : new(list.Count + 1, DigestOf(list.Digest, party, id, used), new(party, id, list.Newest));

    Hash256 DigestOf(Hash256 earlier, PartyId party, Id<Transaction> id, UsedId used)
    {
        const int longestParty = 20;
        Span<byte> input = stackalloc byte[1 + Hash256.Size + longestParty + Id<Transaction>.Size + Hash256.Size];
        input[0] = 0x1B;
        earlier.Write(input[1..]);
        var end = 1 + Hash256.Size;
        end += Encoding.ASCII.GetBytes(party.Text, input[end..]);
        id.Write(input[end..]);
        end += Id<Transaction>.Size;
        used.PayloadHash.Write(input[end..]);
        return Chain.Suite.Hash(input[..(end + Hash256.Size)]);
    }

    static StateRecordException OfMinute(long minute, string message) => new(Section.UsedIds, new(Tables.UsedIds.KeyOf(minute)), message);

    // An id is kept until its transaction could no longer be accepted: the minute of its expiry must be over.
    static long MinuteOf(Timestamp time) => time.UnixMilliseconds / Timestamp.Minute;
}
