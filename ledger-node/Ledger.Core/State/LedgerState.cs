using System.Collections.Immutable;
using System.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>
/// Everything the rules may look at, and nothing else. Immutable: a snapshot is a reference and undoing is forgetting. The collections stay
/// inside, so that their type can change when a benchmark asks for it.
/// </summary>
public sealed partial record LedgerState
{
    ImmutableDictionary<PartyId, Party> parties = ImmutableDictionary<PartyId, Party>.Empty;
    ImmutableDictionary<KeyId, PartyKey> keys = ImmutableDictionary<KeyId, PartyKey>.Empty;
    ImmutableHashSet<ByteString> publicKeys = [];
    ImmutableDictionary<Id<Mandate>, Mandate> mandates = ImmutableDictionary<Id<Mandate>, Mandate>.Empty;
    ImmutableDictionary<(PartyId, PartyId), ImmutableSortedSet<Id<Mandate>>> mandatesOf = ImmutableDictionary<(PartyId, PartyId), ImmutableSortedSet<Id<Mandate>>>.Empty;
    ImmutableDictionary<Id<Document>, Document> documents = ImmutableDictionary<Id<Document>, Document>.Empty;
    ImmutableDictionary<Fingerprint, Id<Document>> fingerprints = ImmutableDictionary<Fingerprint, Id<Document>>.Empty;
    ImmutableDictionary<(PartyId, Fingerprint), ValueList<Id<Document>>> skeletons = ImmutableDictionary<(PartyId, Fingerprint), ValueList<Id<Document>>>.Empty;
    ImmutableDictionary<Id<Instrument>, Instrument> instruments = ImmutableDictionary<Id<Instrument>, Instrument>.Empty;
    ImmutableDictionary<Id<Instrument>, Tokens> tokens = ImmutableDictionary<Id<Instrument>, Tokens>.Empty;
    ImmutableDictionary<Id<Offer>, Offer> offers = ImmutableDictionary<Id<Offer>, Offer>.Empty;
    ImmutableDictionary<Id<Offer>, Pledge> pledges = ImmutableDictionary<Id<Offer>, Pledge>.Empty;
    ImmutableDictionary<Id<Freeze>, Freeze> freezes = ImmutableDictionary<Id<Freeze>, Freeze>.Empty;
    ImmutableDictionary<Id<Financing>, Financing> financings = ImmutableDictionary<Id<Financing>, Financing>.Empty;
    ImmutableDictionary<Id<Financing>, Reservation> reservations = ImmutableDictionary<Id<Financing>, Reservation>.Empty;
    ImmutableDictionary<Id<CreditLine>, CreditLine> lines = ImmutableDictionary<Id<CreditLine>, CreditLine>.Empty;
    ImmutableDictionary<Id<Instrument>, Earmark> earmarks = ImmutableDictionary<Id<Instrument>, Earmark>.Empty;
    ImmutableDictionary<Id<Attestation>, Attestation> attestations = ImmutableDictionary<Id<Attestation>, Attestation>.Empty;
    ImmutableDictionary<string, RegisterMessage> messages = ImmutableDictionary<string, RegisterMessage>.Empty;
    ImmutableDictionary<string, BankReference> references = ImmutableDictionary<string, BankReference>.Empty;
    ImmutableDictionary<Id<Instrument>, Maturity> maturities = ImmutableDictionary<Id<Instrument>, Maturity>.Empty;
    ImmutableDictionary<Id<Payment>, Payment> payments = ImmutableDictionary<Id<Payment>, Payment>.Empty;
    ImmutableDictionary<Id<Instrument>, ImmutableSortedSet<Id<Payment>>> announcements = ImmutableDictionary<Id<Instrument>, ImmutableSortedSet<Id<Payment>>>.Empty;
    ImmutableDictionary<(ListKind, PartyId), ListEntry> lists = ImmutableDictionary<(ListKind, PartyId), ListEntry>.Empty;
    ImmutableDictionary<Id<Measure>, Measure> measures = ImmutableDictionary<Id<Measure>, Measure>.Empty;
    ImmutableDictionary<PartyId, ImmutableSortedDictionary<DateOnly, int>> debts = ImmutableDictionary<PartyId, ImmutableSortedDictionary<DateOnly, int>>.Empty;
    ImmutableDictionary<string, UInt128> numbers = ImmutableDictionary<string, UInt128>.Empty;
    ImmutableList<Epoch> epochs = [];
    ImmutableList<RuleSet> ruleSets = [];
    ImmutableDictionary<PartyId, Validator> validators = ImmutableDictionary<PartyId, Validator>.Empty;
    ImmutableDictionary<PartyId, EnvelopeClock> clocks = ImmutableDictionary<PartyId, EnvelopeClock>.Empty;
    ImmutableDictionary<(PartyId, Id<Transaction>), UsedId> usedIds = ImmutableDictionary<(PartyId, Id<Transaction>), UsedId>.Empty;
    ImmutableSortedDictionary<long, MinuteOfIds> minutes = ImmutableSortedDictionary<long, MinuteOfIds>.Empty;
    ImmutableDictionary<PartyId, uint> longLivedIds = ImmutableDictionary<PartyId, uint>.Empty;
    ImmutableSortedDictionary<(DateOnly Day, PartyId Party), Attempts> attempts = ImmutableSortedDictionary<(DateOnly, PartyId), Attempts>.Empty;
    ImmutableDictionary<(PartyId, Currency), Spending> spendings = ImmutableDictionary<(PartyId, Currency), Spending>.Empty;
    OrderingEpoch ordering = OrderingEpoch.First;
    ImmutableSortedSet<Deadline> deadlines = [];
    bool isTracking = true;
    Change? changes;

    public LedgerState(ChainParameters chain) => Chain = chain;

    public ChainParameters Chain { get; }

    public ulong Height { get; private init; }

    /// <summary>Ledger time: the time of the block that is open or was last closed.</summary>
    public Timestamp Now { get; private init; }

    /// <summary>The date of ledger time in the chain's fixed offset.</summary>
    public DateOnly Today => Chain.DateOf(Now);

    /// <summary>The rules in force today.</summary>
    public RuleSet Rules => RulesAt(Today);

    public Party? Party(PartyId id) => parties.GetValueOrDefault(id);

    public PartyKey? Key(KeyId id) => keys.GetValueOrDefault(id);

    public bool IsKnown(ByteString publicKey) => publicKeys.Contains(publicKey);

    public Mandate? Mandate(Id<Mandate> id) => mandates.GetValueOrDefault(id);

    /// <summary>The mandates that a principal gave an agent, by their ids, expired ones included until they are tidied away.</summary>
    public IEnumerable<Mandate> Mandates(PartyId principal, PartyId agent) =>
        (mandatesOf.GetValueOrDefault((principal, agent)) ?? []).Select(id => mandates[id]);

    public Document? Document(Id<Document> id) => documents.GetValueOrDefault(id);

    /// <summary>The document that was registered under this fingerprint.</summary>
    public Document? Document(Fingerprint fingerprint) => fingerprints.TryGetValue(fingerprint, out var id) ? Document(id) : null;

    /// <summary>The documents of a seller whose numbers, or whose red letters' numbers, have this skeleton; oldest first.</summary>
    public ValueList<Id<Document>> DocumentsLike(PartyId seller, Fingerprint skeleton) => skeletons.GetValueOrDefault((seller, skeleton));

    public Instrument? Instrument(Id<Instrument> id) => instruments.GetValueOrDefault(id);

    /// <summary>The tokens of an accepted instrument.</summary>
    public Tokens? Tokens(Id<Instrument> id) => tokens.GetValueOrDefault(id);

    public Offer? Offer(Id<Offer> id) => offers.GetValueOrDefault(id);

    public Pledge? Pledge(Id<Offer> id) => pledges.GetValueOrDefault(id);

    public Freeze? Freeze(Id<Freeze> id) => freezes.GetValueOrDefault(id);

    public Financing? Financing(Id<Financing> id) => financings.GetValueOrDefault(id);

    /// <summary>What a financing holds while its bank decides.</summary>
    public Reservation? Reservation(Id<Financing> id) => reservations.GetValueOrDefault(id);

    public CreditLine? Line(Id<CreditLine> id) => lines.GetValueOrDefault(id);

    /// <summary>What an instrument occupies of the earmarked line that it was issued under.</summary>
    public Earmark? Earmark(Id<Instrument> id) => earmarks.GetValueOrDefault(id);

    public Attestation? Attestation(Id<Attestation> id) => attestations.GetValueOrDefault(id);

    public RegisterMessage? Message(string id) => messages.GetValueOrDefault(id);

    public BankReference? BankReference(string text) => references.GetValueOrDefault(text);

    /// <summary>Null while nothing out of the ordinary is known of the instrument's payment.</summary>
    public Maturity? Maturity(Id<Instrument> id) => maturities.GetValueOrDefault(id);

    public Payment? Payment(Id<Payment> id) => payments.GetValueOrDefault(id);

    /// <summary>The payments of an instrument that announce something, by their ids, those included whose end has not been tidied away.</summary>
    public IEnumerable<Payment> Announcements(Id<Instrument> instrument) => (announcements.GetValueOrDefault(instrument) ?? []).Select(id => payments[id]);

    public ListEntry? ListEntry(ListKind kind, PartyId subject) => lists.GetValueOrDefault((kind, subject));

    public Measure? Measure(Id<Measure> id) => measures.GetValueOrDefault(id);

    /// <summary>The day of issue of the oldest instrument that a party owes and that is not over; null where it owes none.</summary>
    public DateOnly? OldestDebt(PartyId obligor) => debts.TryGetValue(obligor, out var days) ? days.First().Key : null;

    /// <summary>The day on which what is due then is payable without penalty: by the rules of that day, itself or the next working day.</summary>
    public DateOnly PayableOn(DateOnly due) => RulesAt(due).Is(RuleParameter.DueDateRollsOver) ? Chain.Calendar.RollForward(due) : due;

    public bool IsNumberUsed(string number) => numbers.ContainsKey(number);

    /// <summary>Fingerprint key epochs, oldest first; all of them are open.</summary>
    public IReadOnlyList<Epoch> Epochs => epochs;

    public IEnumerable<Validator> Validators => validators.Values.OrderBy(validator => validator.Bank);

    public Validator? Validator(PartyId bank) => validators.GetValueOrDefault(bank);

    public EnvelopeClock? Clock(PartyId bank) => clocks.GetValueOrDefault(bank);

    /// <summary>The epoch of ordering; nothing is written of the first.</summary>
    public OrderingEpoch Ordering => ordering;

    public IEnumerable<EnvelopeClock> Clocks => clocks.Values;

    public UsedId? UsedId(PartyId party, Id<Transaction> id) => usedIds.TryGetValue((party, id), out var used) ? used : null;

    public uint LongLivedIds(PartyId party) => longLivedIds.GetValueOrDefault(party);

    public Attempts? Attempts(PartyId party, DateOnly day) => attempts.GetValueOrDefault((day, party));

    /// <summary>What single signatures moved on <paramref name="day"/>.</summary>
    public Amount Spent(PartyId party, Currency currency, DateOnly day) =>
        spendings.GetValueOrDefault((party, currency)) is { } spending && spending.Day == day ? spending.Total : Amount.Zero;

    public Deadline? NextDeadline => deadlines.IsEmpty ? null : deadlines.Min;

    /// <summary>The set in force at a governing date: the latest that began by then, or the first for dates before all.</summary>
    public RuleSet RulesAt(DateOnly date)
    {
        var found = ruleSets[0];
        foreach (var rules in ruleSets)
        {
            if (rules.From <= date) found = rules;
        }

        return found;
    }

    public IReadOnlyList<RuleSet> RuleSets => ruleSets;

    public IEnumerable<Party> AllParties => parties.Values;

    public IEnumerable<Instrument> AllInstruments => instruments.Values;

    public IEnumerable<Document> AllDocuments => documents.Values;

    public IEnumerable<Offer> AllOffers => offers.Values;

    public IEnumerable<Financing> AllFinancings => financings.Values;

    public IEnumerable<Reservation> AllReservations => reservations.Values;

    public IEnumerable<CreditLine> AllLines => lines.Values;

    public IEnumerable<Earmark> AllEarmarks => earmarks.Values;

    public IEnumerable<Payment> AllPayments => payments.Values;

    public IEnumerable<Measure> AllMeasures => measures.Values;

    // What was written since the changes were last taken, newest first.
    public Change? Changes => changes;

    public LedgerState WithoutChanges() => this with { changes = null };

    /// <summary>The same state, and what follows from it, without the list of changes: for trying what an act would do.</summary>
    public LedgerState Untracked() => this with { isTracking = false, changes = null };

    public LedgerState With(Party party) => this with
    {
        parties = parties.SetItem(party.Id, party),
        changes = Put(Section.Parties, party, static it => Records.Key(it.Id), Records.Value),
    };

    public LedgerState With(PartyKey key) => this with
    {
        keys = keys.SetItem(key.Id, key),
        publicKeys = publicKeys.Add(key.PublicKey),
        changes = Put(Section.Keys, key, static it => Records.Key(it.Id), Records.Value),
    };

    public LedgerState With(Mandate mandate)
    {
        var pair = (mandate.Principal, mandate.Agent);
        return this with
        {
            mandates = mandates.SetItem(mandate.Id, mandate),
            mandatesOf = mandatesOf.SetItem(pair, (mandatesOf.GetValueOrDefault(pair) ?? []).Add(mandate.Id)),
            deadlines = deadlines.Add(new(mandate.Expires, DeadlineKind.MandateExpires, mandate.Id.Value)),
            changes = Put(Section.Mandates, mandate, static it => Records.Key(it.Id), Records.Value),
        };
    }

    public LedgerState Without(Mandate mandate)
    {
        var pair = (mandate.Principal, mandate.Agent);
        var left = mandatesOf[pair].Remove(mandate.Id);
        return this with
        {
            mandates = mandates.Remove(mandate.Id),
            mandatesOf = left.IsEmpty ? mandatesOf.Remove(pair) : mandatesOf.SetItem(pair, left),
            deadlines = deadlines.Remove(new(mandate.Expires, DeadlineKind.MandateExpires, mandate.Id.Value)),
            changes = Put(Section.Mandates, mandate, static it => Records.Key(it.Id), null),
        };
    }

    /// <summary>Registers a document with its fingerprints and skeletons, or writes it again: those never change.</summary>
    public LedgerState With(Document document)
    {
        var isNew = !documents.ContainsKey(document.Id);
        var next = this with
        {
            documents = documents.SetItem(document.Id, document),
            changes = Put(Section.Documents, document, static it => Records.Key(it.Id), Records.Value),
        };
        return isNew ? next.With(document, document.Fingerprints, document.Skeletons) : next;
    }

    /// <summary>Numbers that lead to a document, and what they look like: its own, and those of the red letters against it.</summary>
    public LedgerState With(Document document, ValueList<Fingerprint> numbered, ValueList<Fingerprint> looking)
    {
        var next = this;
        foreach (var fingerprint in numbered)
        {
            next = next with
            {
                fingerprints = next.fingerprints.Add(fingerprint, document.Id),
                changes = next.Put(
                    Section.Fingerprints, (fingerprint, document.Id), static it => Records.Key(it.fingerprint), static it => Records.Value(it.Id.Value)),
            };
        }

        foreach (var skeleton in looking)
        {
            var alike = next.DocumentsLike(document.Seller, skeleton);
            if (alike.Contains(document.Id)) continue;
            alike = alike.Add(document.Id);
            next = next with
            {
                skeletons = next.skeletons.SetItem((document.Seller, skeleton), alike),
                changes = next.Put(
                    Section.Skeletons, (document.Seller, skeleton, alike), static it => Records.Key(it.Seller, it.skeleton), static it => Records.Value(it.alike)),
            };
        }

        return next;
    }

    public LedgerState With(Instrument instrument)
    {
        var before = Instrument(instrument.Id);
        var next = this with
        {
            instruments = instruments.SetItem(instrument.Id, instrument),
            debts = Owing(debts, before, instrument),
            deadlines = Move(deadlines, Due(before, Maturity(instrument.Id)), Due(instrument, Maturity(instrument.Id))),
            changes = Put(Section.Instruments, instrument, static it => Records.Key(it.Id), Records.Value),
        };
        return before?.Number == instrument.Number || instrument.Number.Length == 0 ? next : next with
        {
            numbers = next.numbers.Add(instrument.Number, instrument.Id.Value),
            changes = next.Put(Section.Numbers, instrument, static it => Records.Key(it.Number), static it => Records.Value(it.Id.Value)),
        };
    }

    /// <summary>Writes an instrument's tokens; only those that differ reach the state tree.</summary>
    public LedgerState With(Id<Instrument> instrument, Tokens changed)
    {
        var next = this with { tokens = tokens.SetItem(instrument, changed) };
        if (!isTracking) return next;

        var old = tokens.TryGetValue(instrument, out var before) ? before.Span : default;
        var now = changed.Span;
        int i = 0, j = 0;
        while (i < old.Length || j < now.Length)
        {
            if (j == now.Length || (i < old.Length && old[i].Units.First < now[j].Units.First))
            {
                next.changes = next.PutToken(instrument, old[i++], isThere: false);
                continue;
            }

            if (i < old.Length && old[i].Units.First == now[j].Units.First)
            {
                if (ReferenceEquals(old[i++], now[j]))
                {
                    j++;
                    continue;
                }
            }

            next.changes = next.PutToken(instrument, now[j++], isThere: true);
        }

        return next;
    }

    public LedgerState WithoutTokens(Id<Instrument> instrument)
    {
        var next = this with { tokens = tokens.Remove(instrument) };
        foreach (var token in tokens[instrument].Span) next.changes = next.PutToken(instrument, token, isThere: false);
        return next;
    }

    public LedgerState With(Offer offer) => this with
    {
        offers = offers.SetItem(offer.Id, offer),
        deadlines = Move(deadlines, Due(Offer(offer.Id)), Due(offer)),
        changes = Put(Section.Offers, offer, static it => Records.Key(it.Id), Records.Value),
    };

    public LedgerState With(Pledge pledge) => this with
    {
        pledges = pledges.SetItem(pledge.Id, pledge),
        changes = Put(Section.Pledges, pledge, static it => Records.Key(it.Id), Records.Value),
    };

    public LedgerState With(Freeze freeze) => this with
    {
        freezes = freezes.SetItem(freeze.Id, freeze),
        deadlines = Move(deadlines, Due(Freeze(freeze.Id)), Due(freeze)),
        changes = Put(Section.Freezes, freeze, static it => Records.Key(it.Id), Records.Value),
    };

    public LedgerState Without(Freeze freeze) => this with
    {
        freezes = freezes.Remove(freeze.Id),
        deadlines = Move(deadlines, Due(freeze), null),
        changes = Put(Section.Freezes, freeze, static it => Records.Key(it.Id), null),
    };

    public LedgerState With(Financing financing) => this with
    {
        financings = financings.SetItem(financing.Id, financing),
        deadlines = Move(deadlines, Due(Financing(financing.Id)), Due(financing)),
        changes = Put(Section.Financings, financing, static it => Records.Key(it.Id), Records.Value),
    };

    public LedgerState With(Reservation reservation) => this with
    {
        reservations = reservations.SetItem(reservation.Id, reservation),
        changes = Put(Section.Reservations, reservation, static it => Records.Key(it.Id), Records.Value),
    };

    public LedgerState Without(Reservation reservation) => this with
    {
        reservations = reservations.Remove(reservation.Id),
        changes = Put(Section.Reservations, reservation, static it => Records.Key(it.Id), null),
    };

    public LedgerState With(CreditLine line) => this with
    {
        lines = lines.SetItem(line.Id, line),
        changes = Put(Section.Lines, line, static it => Records.KeyOfLine(it.Id), Records.Value),
    };

    public LedgerState With(Earmark earmark) => this with
    {
        earmarks = earmarks.SetItem(earmark.Instrument, earmark),
        changes = Put(Section.Lines, earmark, static it => Records.KeyOfEarmark(it.Instrument), Records.Value),
    };

    public LedgerState Without(Earmark earmark) => this with
    {
        earmarks = earmarks.Remove(earmark.Instrument),
        changes = Put(Section.Lines, earmark, static it => Records.KeyOfEarmark(it.Instrument), null),
    };

    public LedgerState With(Attestation attestation) => this with
    {
        attestations = attestations.SetItem(attestation.Id, attestation),
        changes = Put(Section.Attestations, attestation, static it => Records.KeyOfAttestation(it.Id), Records.Value),
    };

    public LedgerState With(RegisterMessage message) => this with
    {
        messages = messages.SetItem(message.MessageId, message),
        changes = Put(Section.Attestations, message, static it => Records.KeyOfMessage(it.MessageId), Records.Value),
    };

    public LedgerState With(BankReference reference) => this with
    {
        references = references.SetItem(reference.Text, reference),
        changes = Put(Section.Payments, reference, static it => Records.KeyOfReference(it.Text), Records.Value),
    };

    public LedgerState With(Maturity maturity) => this with
    {
        maturities = maturities.SetItem(maturity.Instrument, maturity),
        deadlines = Move(deadlines, Due(Instrument(maturity.Instrument), Maturity(maturity.Instrument)), Due(Instrument(maturity.Instrument), maturity)),
        changes = Put(Section.Payments, maturity, static it => Records.KeyOfMaturity(it.Instrument), Records.Value),
    };

    public LedgerState With(Payment payment) => this with
    {
        payments = payments.SetItem(payment.Id, payment),
        announcements = Announcing(announcements, payment),
        deadlines = Move(deadlines, Due(Payment(payment.Id)), Due(payment)),
        changes = Put(Section.Payments, payment, static it => Records.KeyOfPayment(it.Id), Records.Value),
    };

    public LedgerState With(ListEntry entry) => this with
    {
        lists = lists.SetItem((entry.Kind, entry.Subject), entry),
        changes = Put(Section.Lists, entry, static it => Records.KeyOfListEntry(it.Kind, it.Subject), Records.Value),
    };

    public LedgerState With(Measure measure) => this with
    {
        measures = measures.SetItem(measure.Id, measure),
        deadlines = Move(deadlines, Due(Measure(measure.Id)), Due(measure)),
        changes = Put(Section.Measures, measure, static it => Records.Key(it.Id), Records.Value),
    };

    public LedgerState With(Epoch epoch) => this with
    {
        epochs = epochs.Add(epoch),
        changes = Put(Section.Epochs, epoch, static it => Records.Key(it.Number), Records.Value),
    };

    public LedgerState With(RuleSet rules) => this with
    {
        ruleSets = ruleSets.Add(rules),
        changes = Put(Section.RuleSets, rules, static it => Records.Key(it.From), Records.Value),
    };

    public LedgerState With(Validator validator) => this with
    {
        validators = validators.SetItem(validator.Bank, validator),
        publicKeys = publicKeys.Add(validator.NodeKey),
        changes = Put(Section.Validators, validator, static it => Records.Key(it.Bank), Records.Value),
    };

    public LedgerState With(Spending spending, PartyId party, Currency currency) => this with
    {
        spendings = spendings.SetItem((party, currency), spending),
        changes = Put(
            Section.Quotas, (spending, party, currency), static it => Records.KeyOfSpending(it.party, it.currency), static it => Records.Value(it.spending)),
    };

    public LedgerState With(Attempts record, PartyId party, DateOnly day) => this with
    {
        attempts = attempts.SetItem((day, party), record),
        changes = Put(Section.Quotas, (record, party, day), static it => Records.KeyOfAttempts(it.party, it.day), static it => Records.Value(it.record)),
    };

    public LedgerState With(EnvelopeClock clock) => this with
    {
        clocks = clocks.SetItem(clock.Bank, clock),
        changes = Put(Section.Clocks, clock, static it => Records.KeyOfClock(it.Bank), Records.Value),
    };

    public LedgerState With(OrderingEpoch epoch) => this with
    {
        ordering = epoch,
        changes = Put(Section.Clocks, epoch, static _ => Records.KeyOfOrdering(), Records.Value),
    };

    public LedgerState At(ulong height, Timestamp time) => this with
    {
        Height = height,
        Now = time,
        changes = Put(Section.Clocks, (height, time), static _ => Records.KeyOfClock(null), static it => Records.ValueOfClock(it.height, it.time)),
    };

    /// <summary>Appends to the list of the minute in which the id expires.</summary>
    public LedgerState WithUsedId(PartyId party, Id<Transaction> id, UsedId used)
    {
        var minute = MinuteOf(used.Expires);
        var list = minutes.GetValueOrDefault(minute) ?? new MinuteOfIds(0, default, null);
        list = new(list.Count + 1, DigestOf(list, party, id, used), new(party, id, list.Newest));
        var next = this with
        {
            usedIds = usedIds.Add((party, id), used),
            minutes = minutes.SetItem(minute, list),
            changes = Put(Section.UsedIds, (minute, list), static it => Records.KeyOfMinute(it.minute), static it => Records.Value(it.list)),
        };
        return used.LongLived ? next.WithLongLived(party, LongLivedIds(party) + 1) : next;
    }

    /// <summary>Forgets the ids of every minute that is over, and the attempts of every day that is.</summary>
    public LedgerState Forgetting()
    {
        var next = this;
        var current = MinuteOf(Now);
        while (!next.minutes.IsEmpty && next.minutes.First() is var (minute, list) && minute < current)
        {
            var kept = next.usedIds.ToBuilder();
            for (var name = list.Newest; name is not null; name = name.Earlier)
            {
                if (kept[(name.Party, name.Id)].LongLived) next = next.WithLongLived(name.Party, next.LongLivedIds(name.Party) - 1);
                kept.Remove((name.Party, name.Id));
            }

            next = next with
            {
                usedIds = kept.ToImmutable(),
                minutes = next.minutes.Remove(minute),
                changes = next.Put(Section.UsedIds, minute, static it => Records.KeyOfMinute(it), null),
            };
        }

        while (!next.attempts.IsEmpty && next.attempts.First().Key is var (day, party) && day < Today)
        {
            next = next with
            {
                attempts = next.attempts.Remove((day, party)),
                changes = next.Put(Section.Quotas, (party, day), static it => Records.KeyOfAttempts(it.party, it.day), null),
            };
        }

        return next;
    }

    LedgerState WithLongLived(PartyId party, uint count) => this with
    {
        longLivedIds = count == 0 ? longLivedIds.Remove(party) : longLivedIds.SetItem(party, count),
        changes = Put(Section.Quotas, (party, count), static it => Records.KeyOfLongLived(it.party), count == 0 ? null : static it => Records.Value(it.count)),
    };

    // A record is encoded when the change is read, and few are: an act is tried before it is folded, and the next may write the same again.
    Change<T>? Put<T>(Section section, T noun, Func<T, byte[]> key, Func<T, byte[]>? value) =>
        isTracking ? new Change<T>(section, noun, key, value, changes) : null;

    Change<(Id<Instrument> instrument, Token token)>? PutToken(Id<Instrument> instrument, Token token, bool isThere) => Put(
        Section.Tokens, (instrument, token), static it => Records.Key(it.instrument, it.token.Units.First),
        isThere ? static it => Records.Value(it.token) : null);

    Hash256 DigestOf(MinuteOfIds list, PartyId party, Id<Transaction> id, UsedId used)
    {
        const int longestParty = 20;
        Span<byte> input = stackalloc byte[1 + Hash256.Size + longestParty + Id<Transaction>.Size + Hash256.Size];
        input[0] = 0x1B;
        list.Digest.Write(input[1..]);
        var end = 1 + Hash256.Size;
        end += Encoding.ASCII.GetBytes(party.Text, input[end..]);
        id.Write(input[end..]);
        end += Id<Transaction>.Size;
        used.PayloadHash.Write(input[end..]);
        return Chain.Suite.Hash(input[..(end + Hash256.Size)]);
    }

    // An id is kept until its transaction could no longer be accepted: the minute of its expiry must be over.
    static long MinuteOf(Timestamp time) => time.UnixMilliseconds / Timestamp.Minute;

    static Deadline? Due(Freeze? freeze) => freeze is null ? null : new(freeze.KeptUntil, DeadlineKind.FreezeEnds, freeze.Id.Value);

    static Deadline? Due(Offer? offer) =>
        offer is { Status: OfferStatus.Open } ? new(offer.Expires, DeadlineKind.OfferExpires, offer.Id.Value) : null;

    static Deadline? Due(Measure? measure) => measure switch
    {
        { Status: MeasureStatus.Standing } => new(measure.InForceFrom, DeadlineKind.MeasureInForce, measure.Id.Value),
        { Status: MeasureStatus.Contested } => new(measure.Until, DeadlineKind.MeasureLapses, measure.Id.Value),
        _ => null,
    };

    // How many instruments a party owes from each day of issue. It follows from the instruments and is not hashed itself.
    static ImmutableDictionary<PartyId, ImmutableSortedDictionary<DateOnly, int>> Owing(
        ImmutableDictionary<PartyId, ImmutableSortedDictionary<DateOnly, int>> debts, Instrument? before, Instrument after)
    {
        if (DebtOf(before) == DebtOf(after)) return debts;
        if (DebtOf(before) is var (debtor, since))
        {
            var days = debts[debtor];
            days = days[since] == 1 ? days.Remove(since) : days.SetItem(since, days[since] - 1);
            debts = days.IsEmpty ? debts.Remove(debtor) : debts.SetItem(debtor, days);
        }

        if (DebtOf(after) is not var (obligor, issued)) return debts;
        var known = debts.GetValueOrDefault(obligor) ?? ImmutableSortedDictionary<DateOnly, int>.Empty;
        return debts.SetItem(obligor, known.SetItem(issued, known.GetValueOrDefault(issued) + 1));
    }

    static (PartyId Obligor, DateOnly Issued)? DebtOf(Instrument? instrument) =>
        instrument is { Status: InstrumentStatus.Active } ? (instrument.Obligor, instrument.IssueDate) : null;

    // What is requested waits for its answer, what is drawn for its delivery; what is held, for its payment until the end of the day on which it is payable.
    Deadline? Due(Instrument? instrument, Maturity? maturity) => instrument switch
    {
        { Status: InstrumentStatus.Requested, Confirmation: { Overdue: false } confirmation } when confirmation.Deadline != default =>
            new(confirmation.Deadline, DeadlineKind.ConfirmationDue, instrument.Id.Value),
        { Status: InstrumentStatus.Offered, Bill: { } bill } => new(bill.DrawnUntil, DeadlineKind.DrawingEnds, instrument.Id.Value),
        { Status: InstrumentStatus.Active } when maturity is null || !maturity.Missed.Any(missed => missed.DueDate == instrument.DueDate) =>
            new(Timestamp.StartOf(PayableOn(instrument.DueDate).AddDays(1), Chain.OffsetMinutes), DeadlineKind.PaymentOverdue, instrument.Id.Value),
        _ => null,
    };

    static Deadline? Due(Financing? financing) => financing switch
    {
        { Status: FinancingStatus.Applied } => new(financing.ReservedUntil, DeadlineKind.ReservationEnds, financing.Id.Value),
        { Status: FinancingStatus.Approved or FinancingStatus.Registered } => new(financing.CommittedUntil, DeadlineKind.CommitmentEnds, financing.Id.Value),
        _ => null,
    };

    static Deadline? Due(Payment? payment) =>
        payment is { Announced.Count: > 0 } ? new(payment.AnnouncedUntil, DeadlineKind.AnnouncementEnds, payment.Id.Value) : null;

    static ImmutableDictionary<Id<Instrument>, ImmutableSortedSet<Id<Payment>>> Announcing(
        ImmutableDictionary<Id<Instrument>, ImmutableSortedSet<Id<Payment>>> known, Payment payment)
    {
        var open = known.GetValueOrDefault(payment.Instrument) ?? [];
        var now = payment.Announced.Count > 0 ? open.Add(payment.Id) : open.Remove(payment.Id);
        if (ReferenceEquals(open, now)) return known;
        return now.IsEmpty ? known.Remove(payment.Instrument) : known.SetItem(payment.Instrument, now);
    }

    static ImmutableSortedSet<Deadline> Move(ImmutableSortedSet<Deadline> deadlines, Deadline? from, Deadline? to)
    {
        if (from == to) return deadlines;
        if (from is { } old) deadlines = deadlines.Remove(old);
        return to is { } due ? deadlines.Add(due) : deadlines;
    }
}
