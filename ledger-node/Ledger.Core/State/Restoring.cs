using System.Collections.Immutable;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
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
        var restoring = new Restoring(height, now);
        foreach (var record in records)
        {
            if (record.Value is { } value) restoring.Read(record.Section, record.Key, value);
        }

        return restoring.State(chain);
    }

    /// <summary>
    /// The same state with the ids behind the digests of its minutes, those of a minute in the order of their use.
    /// </summary>
    /// <exception cref="StateRecordException">They are not the ids that the digests and the counts of long-lived ones tell of.</exception>
    public LedgerState WithKeptIds(IEnumerable<KeptId> ids)
    {
        var used = ImmutableDictionary.CreateBuilder<(PartyId, Id<Transaction>), UsedId>();
        var lists = new SortedDictionary<long, MinuteOfIds>();
        var longLived = new Dictionary<PartyId, uint>();
        foreach (var kept in ids)
        {
            var minute = MinuteOf(kept.Used.Expires);
            var list = lists.GetValueOrDefault(minute) ?? new MinuteOfIds(0, default, null);
            lists[minute] = new(list.Count + 1, DigestOf(list, kept.Party, kept.Id, kept.Used), new(kept.Party, kept.Id, list.Newest));
            if (kept.Used.LongLived) longLived[kept.Party] = longLived.GetValueOrDefault(kept.Party) + 1;
            if (used.ContainsKey((kept.Party, kept.Id))) throw OfMinute(minute, "an id stands twice");
            used.Add((kept.Party, kept.Id), kept.Used);
        }

        foreach (var (minute, list) in lists)
        {
            if (minutes.GetValueOrDefault(minute) is not { } recorded || recorded.Count != list.Count || recorded.Digest != list.Digest)
                throw OfMinute(minute, "its ids are not those of the digest");
        }

        foreach (var minute in minutes.Keys)
        {
            if (!lists.ContainsKey(minute)) throw OfMinute(minute, "its ids are missing");
        }

        foreach (var party in longLived.Keys.Union(longLivedIds.Keys))
        {
            if (longLived.GetValueOrDefault(party) != LongLivedIds(party))
                throw new StateRecordException(Section.Quotas, new(Records.KeyOfLongLived(party)), "it is not the number of long-lived ids");
        }

        return this with { usedIds = used.ToImmutable(), minutes = lists.ToImmutableSortedDictionary() };
    }

    /// <summary>The ids that are kept, by the minute of their expiry and in the order of their use.</summary>
    public IEnumerable<KeptId> KeptIds
    {
        get
        {
            foreach (var list in minutes.Values)
            {
                var names = new List<UsedIdName>();
                for (var name = list.Newest; name is not null; name = name.Earlier) names.Add(name);
                for (var i = names.Count - 1; i >= 0; i--) yield return new(names[i].Party, names[i].Id, usedIds[(names[i].Party, names[i].Id)]);
            }
        }
    }

    static StateRecordException OfMinute(long minute, string message) => new(Section.UsedIds, new(Records.KeyOfMinute(minute)), message);

    /// <summary>A state while its records are read: collections that can still grow.</summary>
    sealed class Restoring(ulong height, Timestamp now)
    {
        readonly PartyNames names = new();
        readonly ImmutableDictionary<PartyId, Party>.Builder parties = ImmutableDictionary.CreateBuilder<PartyId, Party>();
        readonly ImmutableDictionary<KeyId, PartyKey>.Builder keys = ImmutableDictionary.CreateBuilder<KeyId, PartyKey>();
        readonly ImmutableDictionary<Id<Mandate>, Mandate>.Builder mandates = ImmutableDictionary.CreateBuilder<Id<Mandate>, Mandate>();
        readonly ImmutableDictionary<Id<Document>, Document>.Builder documents = ImmutableDictionary.CreateBuilder<Id<Document>, Document>();
        readonly ImmutableDictionary<Fingerprint, Id<Document>>.Builder fingerprints = ImmutableDictionary.CreateBuilder<Fingerprint, Id<Document>>();
        readonly ImmutableDictionary<(PartyId, Fingerprint), ValueList<Id<Document>>>.Builder skeletons =
            ImmutableDictionary.CreateBuilder<(PartyId, Fingerprint), ValueList<Id<Document>>>();
        readonly ImmutableDictionary<Id<Instrument>, Instrument>.Builder instruments = ImmutableDictionary.CreateBuilder<Id<Instrument>, Instrument>();
        readonly Dictionary<Id<Instrument>, SortedList<ulong, Token>> tokens = [];
        readonly ImmutableDictionary<Id<Offer>, Offer>.Builder offers = ImmutableDictionary.CreateBuilder<Id<Offer>, Offer>();
        readonly ImmutableDictionary<Id<Offer>, Pledge>.Builder pledges = ImmutableDictionary.CreateBuilder<Id<Offer>, Pledge>();
        readonly ImmutableDictionary<Id<Freeze>, Freeze>.Builder freezes = ImmutableDictionary.CreateBuilder<Id<Freeze>, Freeze>();
        readonly ImmutableDictionary<Id<Financing>, Financing>.Builder financings = ImmutableDictionary.CreateBuilder<Id<Financing>, Financing>();
        readonly ImmutableDictionary<Id<Financing>, Reservation>.Builder reservations = ImmutableDictionary.CreateBuilder<Id<Financing>, Reservation>();
        readonly ImmutableDictionary<Id<CreditLine>, CreditLine>.Builder lines = ImmutableDictionary.CreateBuilder<Id<CreditLine>, CreditLine>();
        readonly ImmutableDictionary<Id<Instrument>, Earmark>.Builder earmarks = ImmutableDictionary.CreateBuilder<Id<Instrument>, Earmark>();
        readonly ImmutableDictionary<Id<Attestation>, Attestation>.Builder attestations = ImmutableDictionary.CreateBuilder<Id<Attestation>, Attestation>();
        readonly ImmutableDictionary<string, RegisterMessage>.Builder messages = ImmutableDictionary.CreateBuilder<string, RegisterMessage>();
        readonly ImmutableDictionary<string, BankReference>.Builder references = ImmutableDictionary.CreateBuilder<string, BankReference>();
        readonly ImmutableDictionary<Id<Instrument>, Maturity>.Builder maturities = ImmutableDictionary.CreateBuilder<Id<Instrument>, Maturity>();
        readonly ImmutableDictionary<Id<Payment>, Payment>.Builder payments = ImmutableDictionary.CreateBuilder<Id<Payment>, Payment>();
        readonly ImmutableDictionary<(ListKind, PartyId), ListEntry>.Builder lists = ImmutableDictionary.CreateBuilder<(ListKind, PartyId), ListEntry>();
        readonly ImmutableDictionary<Id<Measure>, Measure>.Builder measures = ImmutableDictionary.CreateBuilder<Id<Measure>, Measure>();
        readonly ImmutableDictionary<string, UInt128>.Builder numbers = ImmutableDictionary.CreateBuilder<string, UInt128>();
        readonly SortedDictionary<uint, Epoch> epochs = [];
        readonly SortedDictionary<DateOnly, RuleSet> ruleSets = [];
        readonly ImmutableDictionary<PartyId, Validator>.Builder validators = ImmutableDictionary.CreateBuilder<PartyId, Validator>();
        readonly ImmutableDictionary<PartyId, EnvelopeClock>.Builder clocks = ImmutableDictionary.CreateBuilder<PartyId, EnvelopeClock>();
        readonly ImmutableSortedDictionary<long, MinuteOfIds>.Builder minutes = ImmutableSortedDictionary.CreateBuilder<long, MinuteOfIds>();
        readonly ImmutableDictionary<PartyId, uint>.Builder longLivedIds = ImmutableDictionary.CreateBuilder<PartyId, uint>();
        readonly ImmutableSortedDictionary<(DateOnly, PartyId), Attempts>.Builder attempts = ImmutableSortedDictionary.CreateBuilder<(DateOnly, PartyId), Attempts>();
        readonly ImmutableDictionary<(PartyId, Currency), Spending>.Builder spendings = ImmutableDictionary.CreateBuilder<(PartyId, Currency), Spending>();
        OrderingEpoch ordering = OrderingEpoch.First;

        public void Read(Section section, ByteString keyBytes, ByteString valueBytes)
        {
            var key = new RecordReader(keyBytes.Span, names);
            var value = new RecordReader(valueBytes.Span, names);
            var isGood = true;
            switch (section)
            {
                case Section.Parties:
                    var party = Nouns.Party(ref key, ref value);
                    parties[party.Id] = party;
                    break;

                case Section.Keys:
                    var partyKey = Nouns.Key(ref key, ref value);
                    keys[partyKey.Id] = partyKey;
                    break;

                case Section.Mandates:
                    var mandate = Nouns.Mandate(ref key, ref value);
                    mandates[mandate.Id] = mandate;
                    break;

                case Section.Documents:
                    var document = Nouns.Document(ref key, ref value);
                    documents[document.Id] = document;
                    break;

                case Section.Fingerprints:
                    fingerprints[Nouns.Fingerprint(ref key)] = value.SomeId<Document>();
                    break;

                case Section.Skeletons:
                    skeletons[(key.SomeParty(), Nouns.Fingerprint(ref key))] = value.List(static (ref r) => r.SomeId<Document>());
                    break;

                case Section.Instruments:
                    var instrument = Nouns.Instrument(ref key, ref value);
                    instruments[instrument.Id] = instrument;
                    break;

                case Section.Tokens:
                    ReadToken(ref key, ref value);
                    break;

                case Section.Reservations:
                    var reservation = Nouns.Reservation(ref key, ref value);
                    reservations[reservation.Id] = reservation;
                    break;

                case Section.Offers:
                    var offer = Nouns.Offer(ref key, ref value);
                    offers[offer.Id] = offer;
                    break;

                case Section.Financings:
                    var financing = Nouns.Financing(ref key, ref value);
                    financings[financing.Id] = financing;
                    break;

                case Section.Lines:
                    isGood = ReadLine(ref key, ref value);
                    break;

                case Section.Lists:
                    var entry = Nouns.ListEntry(ref key, ref value);
                    lists[(entry.Kind, entry.Subject)] = entry;
                    break;

                case Section.RuleSets:
                    var rules = Nouns.Rules(ref key, ref value);
                    ruleSets[rules.From] = rules;
                    break;

                case Section.Epochs:
                    var epoch = Nouns.Epoch(ref key, ref value);
                    epochs[epoch.Number] = epoch;
                    break;

                case Section.UsedIds:
                    var (minute, ids) = Nouns.Minute(ref key, ref value);
                    minutes[minute] = ids;
                    break;

                case Section.Clocks:
                    isGood = ReadClock(ref key, ref value);
                    break;

                case Section.Quotas:
                    isGood = ReadQuota(ref key, ref value);
                    break;

                case Section.Validators:
                    var validator = Nouns.Validator(ref key, ref value);
                    validators[validator.Bank] = validator;
                    break;

                case Section.Freezes:
                    var freeze = Nouns.Freeze(ref key, ref value);
                    freezes[freeze.Id] = freeze;
                    break;

                case Section.Measures:
                    var measure = Nouns.Measure(ref key, ref value);
                    measures[measure.Id] = measure;
                    break;

                case Section.Pledges:
                    var pledge = Nouns.Pledge(ref key, ref value);
                    pledges[pledge.Id] = pledge;
                    break;

                case Section.Numbers:
                    numbers[key.Text()] = value.SomeId<Instrument>().Value;
                    break;

                case Section.Payments:
                    isGood = ReadPayment(ref key, ref value);
                    break;

                case Section.Attestations:
                    isGood = ReadAttestation(ref key, ref value);
                    break;

                // No verb writes proposals yet.
                case Section.Proposals:
                default:
                    isGood = false;
                    break;
            }

            if (!isGood || !key.IsComplete || !value.IsComplete) throw new StateRecordException(section, keyBytes, "it is no record of this section");
        }

        public LedgerState State(ChainParameters chain)
        {
            var state = new LedgerState(chain)
            {
                Height = height,
                Now = now,
                parties = parties.ToImmutable(),
                keys = keys.ToImmutable(),
                publicKeys = [.. keys.Values.Select(key => key.PublicKey), .. validators.Values.Select(validator => validator.NodeKey)],
                mandates = mandates.ToImmutable(),
                mandatesOf = mandates.Values.GroupBy(mandate => (mandate.Principal, mandate.Agent))
                    .ToImmutableDictionary(pair => pair.Key, pair => pair.Select(mandate => mandate.Id).ToImmutableSortedSet()),
                documents = documents.ToImmutable(),
                fingerprints = fingerprints.ToImmutable(),
                skeletons = skeletons.ToImmutable(),
                instruments = instruments.ToImmutable(),
                tokens = tokens.ToImmutableDictionary(held => held.Key, held => TokensOf(held.Key, held.Value)),
                offers = offers.ToImmutable(),
                pledges = pledges.ToImmutable(),
                freezes = freezes.ToImmutable(),
                financings = financings.ToImmutable(),
                reservations = reservations.ToImmutable(),
                lines = lines.ToImmutable(),
                earmarks = earmarks.ToImmutable(),
                attestations = attestations.ToImmutable(),
                messages = messages.ToImmutable(),
                references = references.ToImmutable(),
                maturities = maturities.ToImmutable(),
                payments = payments.ToImmutable(),
                announcements = payments.Values.Where(static payment => payment.Announced.Count > 0).GroupBy(static payment => payment.Instrument)
                    .ToImmutableDictionary(static group => group.Key, static group => group.Select(static payment => payment.Id).ToImmutableSortedSet()),
                lists = lists.ToImmutable(),
                measures = measures.ToImmutable(),
                debts = instruments.Values.Aggregate(
                    ImmutableDictionary<PartyId, ImmutableSortedDictionary<DateOnly, int>>.Empty, static (debts, instrument) => Owing(debts, null, instrument)),
                numbers = numbers.ToImmutable(),
                epochs = [.. epochs.Values],
                ruleSets = [.. ruleSets.Values],
                validators = validators.ToImmutable(),
                clocks = clocks.ToImmutable(),
                ordering = ordering,
                minutes = minutes.ToImmutable(),
                longLivedIds = longLivedIds.ToImmutable(),
                attempts = attempts.ToImmutable(),
                spendings = spendings.ToImmutable(),
            };
            return state with { deadlines = [.. Deadlines(state)] };
        }

        void ReadToken(ref RecordReader key, ref RecordReader value)
        {
            var (instrument, token) = Nouns.Token(ref key, ref value);
            if (!tokens.TryGetValue(instrument, out var held)) tokens.Add(instrument, held = []);

            // Most units came by the leg of those before them.
            if (held.Count > 0 && held.GetValueAtIndex(held.Count - 1).Leg is var leg && leg == token.Leg) token = token with { Leg = leg };
            held[token.Units.First] = token;
        }

        bool ReadLine(ref RecordReader key, ref RecordReader value)
        {
            switch (key.Byte())
            {
                case 1:
                    var line = Nouns.Line(ref key, ref value);
                    lines[line.Id] = line;
                    return true;

                case 2:
                    var earmark = Nouns.Earmark(ref key, ref value);
                    earmarks[earmark.Instrument] = earmark;
                    return true;

                default:
                    return false;
            }
        }

        bool ReadClock(ref RecordReader key, ref RecordReader value)
        {
            switch (key.Byte())
            {
                case 0:
                    return value.U64() == height && value.Time() == now;

                case 1:
                    var clock = Nouns.Clock(ref key, ref value);
                    clocks[clock.Bank] = clock;
                    return true;

                case 2:
                    ordering = Nouns.Ordering(ref value);
                    return ordering.FirstHeight <= height;

                default:
                    return false;
            }
        }

        bool ReadQuota(ref RecordReader key, ref RecordReader value)
        {
            switch (key.Byte())
            {
                case 1:
                    var (attempter, day) = (key.SomeParty(), key.Date());
                    attempts[(day, attempter)] = Nouns.Attempts(ref value);
                    return true;

                case 2:
                    var (spender, currency) = (key.SomeParty(), key.Currency());
                    spendings[(spender, currency)] = Nouns.Spending(ref value);
                    return true;

                case 3:
                    var (party, count) = (key.SomeParty(), value.U32());
                    longLivedIds[party] = count;
                    return count > 0;

                default:
                    return false;
            }
        }

        bool ReadPayment(ref RecordReader key, ref RecordReader value)
        {
            switch (key.Byte())
            {
                case 1:
                    var reference = Nouns.Reference(ref key, ref value);
                    references[reference.Text] = reference;
                    return true;

                case 2:
                    var maturity = Nouns.Maturity(ref key, ref value);
                    maturities[maturity.Instrument] = maturity;
                    return true;

                case 3:
                    var payment = Nouns.Payment(ref key, ref value);
                    payments[payment.Id] = payment;
                    return true;

                default:
                    return false;
            }
        }

        bool ReadAttestation(ref RecordReader key, ref RecordReader value)
        {
            switch (key.Byte())
            {
                case 1:
                    var attestation = Nouns.Attestation(ref key, ref value);
                    attestations[attestation.Id] = attestation;
                    return true;

                case 2:
                    var message = Nouns.Message(ref key, ref value);
                    messages[message.MessageId] = message;
                    return true;

                default:
                    return false;
            }
        }

        Tokens TokensOf(Id<Instrument> instrument, SortedList<ulong, Token> held)
        {
            var partition = Instruments.Tokens.Of([.. held.Values]);
            if (partition is null || (instruments.GetValueOrDefault(instrument) is { } known && known.Face != partition.Face))
                throw new StateRecordException(Section.Tokens, new(Records.Key(instrument)), "the instrument's tokens do not partition its units");
            return partition;
        }

        // As they are kept while acts write the records that hold them. Where the rules were not given, nobody asks when what is due is payable.
        IEnumerable<Deadline> Deadlines(LedgerState state)
        {
            foreach (var mandate in mandates.Values) yield return new(mandate.Expires, DeadlineKind.MandateExpires, mandate.Id.Value);
            foreach (var freeze in freezes.Values) yield return new(freeze.KeptUntil, DeadlineKind.FreezeEnds, freeze.Id.Value);
            foreach (var offer in offers.Values)
            {
                if (Due(offer) is { } due) yield return due;
            }

            foreach (var financing in financings.Values)
            {
                if (Due(financing) is { } due) yield return due;
            }

            foreach (var payment in payments.Values)
            {
                if (Due(payment) is { } due) yield return due;
            }

            foreach (var measure in measures.Values)
            {
                if (Due(measure) is { } due) yield return due;
            }

            if (ruleSets.Count == 0) yield break;
            foreach (var instrument in instruments.Values)
            {
                if (state.Due(instrument, state.Maturity(instrument.Id)) is { } due) yield return due;
            }
        }
    }
}
