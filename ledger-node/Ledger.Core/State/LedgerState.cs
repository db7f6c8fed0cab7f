using System.Collections.Immutable;
using System.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>One written or removed record; a list of them tells the state tree what to hash again.</summary>
public sealed record Change(Section Section, byte[] Key, byte[]? Value, Change? Earlier);

/// <summary>
/// Everything the rules may look at, and nothing else. Immutable: a snapshot is a reference and undoing is forgetting. The collections stay
/// inside, so that their type can change when a benchmark asks for it.
/// </summary>
public sealed record LedgerState
{
    ImmutableDictionary<PartyId, Party> parties = ImmutableDictionary<PartyId, Party>.Empty;
    ImmutableDictionary<KeyId, PartyKey> keys = ImmutableDictionary<KeyId, PartyKey>.Empty;
    ImmutableHashSet<ByteString> publicKeys = [];
    ImmutableDictionary<Id<Mandate>, Mandate> mandates = ImmutableDictionary<Id<Mandate>, Mandate>.Empty;
    ImmutableDictionary<(PartyId, PartyId), ImmutableList<Id<Mandate>>> mandatesOf = ImmutableDictionary<(PartyId, PartyId), ImmutableList<Id<Mandate>>>.Empty;
    ImmutableDictionary<Id<Document>, Document> documents = ImmutableDictionary<Id<Document>, Document>.Empty;
    ImmutableDictionary<Fingerprint, Id<Document>> fingerprints = ImmutableDictionary<Fingerprint, Id<Document>>.Empty;
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
    ImmutableDictionary<(ListKind, PartyId), ListEntry> lists = ImmutableDictionary<(ListKind, PartyId), ListEntry>.Empty;
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
    ImmutableSortedSet<Deadline> deadlines = [];
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

    /// <summary>The mandates that a principal gave an agent, expired ones included until they are tidied away.</summary>
    public IEnumerable<Mandate> Mandates(PartyId principal, PartyId agent) =>
        (mandatesOf.GetValueOrDefault((principal, agent)) ?? []).Select(id => mandates[id]);

    public Document? Document(Id<Document> id) => documents.GetValueOrDefault(id);

    /// <summary>The document that was registered under this fingerprint.</summary>
    public Document? Document(Fingerprint fingerprint) => fingerprints.TryGetValue(fingerprint, out var id) ? documents[id] : null;

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

    public ListEntry? ListEntry(ListKind kind, PartyId subject) => lists.GetValueOrDefault((kind, subject));

    /// <summary>The day on which what is due then is payable without penalty: by the rules of that day, itself or the next working day.</summary>
    public DateOnly PayableOn(DateOnly due) => RulesAt(due).Is(RuleParameter.DueDateRollsOver) ? Chain.Calendar.RollForward(due) : due;

    public bool IsNumberUsed(string number) => numbers.ContainsKey(number);

    /// <summary>Fingerprint key epochs, oldest first; all of them are open.</summary>
    public IReadOnlyList<Epoch> Epochs => epochs;

    public IEnumerable<Validator> Validators => validators.Values.OrderBy(validator => validator.Bank);

    public Validator? Validator(PartyId bank) => validators.GetValueOrDefault(bank);

    public EnvelopeClock? Clock(PartyId bank) => clocks.GetValueOrDefault(bank);

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

    // What was written since the changes were last taken, newest first.
    public Change? Changes => changes;

    public LedgerState WithoutChanges() => this with { changes = null };

    public LedgerState With(Party party) => this with { parties = parties.SetItem(party.Id, party), changes = Put(Section.Parties, Records.Key(party.Id), Records.Value(party)) };

    public LedgerState With(PartyKey key) => this with
    {
        keys = keys.SetItem(key.Id, key),
        publicKeys = publicKeys.Add(key.PublicKey),
        changes = Put(Section.Keys, Records.Key(key.Id), Records.Value(key)),
    };

    public LedgerState With(Mandate mandate)
    {
        var pair = (mandate.Principal, mandate.Agent);
        return this with
        {
            mandates = mandates.SetItem(mandate.Id, mandate),
            mandatesOf = mandatesOf.SetItem(pair, (mandatesOf.GetValueOrDefault(pair) ?? []).Add(mandate.Id)),
            deadlines = deadlines.Add(new(mandate.Expires, DeadlineKind.MandateExpires, mandate.Id.Value)),
            changes = Put(Section.Mandates, Records.Key(mandate.Id), Records.Value(mandate)),
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
            changes = Put(Section.Mandates, Records.Key(mandate.Id), null),
        };
    }

    /// <summary>Registers a document with its fingerprints, or writes it again: fingerprints never change.</summary>
    public LedgerState With(Document document)
    {
        var isNew = !documents.ContainsKey(document.Id);
        var next = this with
        {
            documents = documents.SetItem(document.Id, document),
            changes = Put(Section.Documents, Records.Key(document.Id), Records.Value(document)),
        };
        return isNew ? next.With(document.Id, document.Fingerprints) : next;
    }

    /// <summary>Numbers that lead to a document: its own, and those of the red letters against it.</summary>
    public LedgerState With(Id<Document> document, ValueList<Fingerprint> numbered)
    {
        var next = this;
        foreach (var fingerprint in numbered)
        {
            next = next with
            {
                fingerprints = next.fingerprints.Add(fingerprint, document),
                changes = next.Put(Section.Fingerprints, Records.Key(fingerprint), Records.Value(document.Value)),
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
            deadlines = Move(deadlines, Due(before, Maturity(instrument.Id)), Due(instrument, Maturity(instrument.Id))),
            changes = Put(Section.Instruments, Records.Key(instrument.Id), Records.Value(instrument)),
        };
        return before?.Number == instrument.Number || instrument.Number.Length == 0 ? next : next with
        {
            numbers = next.numbers.Add(instrument.Number, instrument.Id.Value),
            changes = next.Put(Section.Numbers, Records.Key(instrument.Number), Records.Value(instrument.Id.Value)),
        };
    }

    /// <summary>Writes an instrument's tokens; only those that differ reach the state tree.</summary>
    public LedgerState With(Id<Instrument> instrument, Tokens changed)
    {
        var latest = changes;
        var old = tokens.TryGetValue(instrument, out var before) ? before.Span : default;
        var now = changed.Span;
        int i = 0, j = 0;
        while (i < old.Length || j < now.Length)
        {
            if (j == now.Length || (i < old.Length && old[i].Units.First < now[j].Units.First))
            {
                latest = new(Section.Tokens, Records.Key(instrument, old[i++].Units.First), null, latest);
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

            latest = new(Section.Tokens, Records.Key(instrument, now[j].Units.First), Records.Value(now[j]), latest);
            j++;
        }

        return this with { tokens = tokens.SetItem(instrument, changed), changes = latest };
    }

    public LedgerState WithoutTokens(Id<Instrument> instrument)
    {
        var latest = changes;
        foreach (var token in tokens[instrument].Span) latest = new(Section.Tokens, Records.Key(instrument, token.Units.First), null, latest);
        return this with { tokens = tokens.Remove(instrument), changes = latest };
    }

    public LedgerState With(Offer offer) => this with
    {
        offers = offers.SetItem(offer.Id, offer),
        deadlines = Move(deadlines, Due(Offer(offer.Id)), Due(offer)),
        changes = Put(Section.Offers, Records.Key(offer.Id), Records.Value(offer)),
    };

    public LedgerState With(Pledge pledge) => this with { pledges = pledges.SetItem(pledge.Id, pledge), changes = Put(Section.Pledges, Records.Key(pledge.Id), Records.Value(pledge)) };

    public LedgerState With(Freeze freeze) => this with
    {
        freezes = freezes.SetItem(freeze.Id, freeze),
        deadlines = deadlines.Add(new(freeze.Until, DeadlineKind.FreezeEnds, freeze.Id.Value)),
        changes = Put(Section.Freezes, Records.Key(freeze.Id), Records.Value(freeze)),
    };

    public LedgerState Without(Freeze freeze) => this with
    {
        freezes = freezes.Remove(freeze.Id),
        deadlines = deadlines.Remove(new(freeze.Until, DeadlineKind.FreezeEnds, freeze.Id.Value)),
        changes = Put(Section.Freezes, Records.Key(freeze.Id), null),
    };

    public LedgerState With(Financing financing) => this with
    {
        financings = financings.SetItem(financing.Id, financing),
        deadlines = Move(deadlines, Due(Financing(financing.Id)), Due(financing)),
        changes = Put(Section.Financings, Records.Key(financing.Id), Records.Value(financing)),
    };

    public LedgerState With(Reservation reservation) => this with
    {
        reservations = reservations.SetItem(reservation.Id, reservation),
        changes = Put(Section.Reservations, Records.Key(reservation.Id), Records.Value(reservation)),
    };

    public LedgerState Without(Reservation reservation) => this with
    {
        reservations = reservations.Remove(reservation.Id),
        changes = Put(Section.Reservations, Records.Key(reservation.Id), null),
    };

    public LedgerState With(CreditLine line) => this with
    {
        lines = lines.SetItem(line.Id, line),
        changes = Put(Section.Lines, Records.KeyOfLine(line.Id), Records.Value(line)),
    };

    public LedgerState With(Earmark earmark) => this with
    {
        earmarks = earmarks.SetItem(earmark.Instrument, earmark),
        changes = Put(Section.Lines, Records.KeyOfEarmark(earmark.Instrument), Records.Value(earmark)),
    };

    public LedgerState Without(Earmark earmark) => this with
    {
        earmarks = earmarks.Remove(earmark.Instrument),
        changes = Put(Section.Lines, Records.KeyOfEarmark(earmark.Instrument), null),
    };

    public LedgerState With(Attestation attestation) => this with
    {
        attestations = attestations.SetItem(attestation.Id, attestation),
        changes = Put(Section.Attestations, Records.KeyOfAttestation(attestation.Id), Records.Value(attestation)),
    };

    public LedgerState With(RegisterMessage message) => this with
    {
        messages = messages.SetItem(message.MessageId, message),
        changes = Put(Section.Attestations, Records.KeyOfMessage(message.MessageId), Records.Value(message)),
    };

    public LedgerState With(BankReference reference) => this with
    {
        references = references.SetItem(reference.Text, reference),
        changes = Put(Section.Payments, Records.KeyOfReference(reference.Text), Records.Value(reference)),
    };

    public LedgerState With(Maturity maturity) => this with
    {
        maturities = maturities.SetItem(maturity.Instrument, maturity),
        deadlines = Move(deadlines, Due(Instrument(maturity.Instrument), Maturity(maturity.Instrument)), Due(Instrument(maturity.Instrument), maturity)),
        changes = Put(Section.Payments, Records.KeyOfMaturity(maturity.Instrument), Records.Value(maturity)),
    };

    public LedgerState With(Payment payment) => this with
    {
        payments = payments.SetItem(payment.Id, payment),
        changes = Put(Section.Payments, Records.KeyOfPayment(payment.Id), Records.Value(payment)),
    };

    public LedgerState With(ListEntry entry) => this with
    {
        lists = lists.SetItem((entry.Kind, entry.Subject), entry),
        changes = Put(Section.Lists, Records.KeyOfListEntry(entry.Kind, entry.Subject), Records.Value(entry)),
    };

    public LedgerState With(Epoch epoch) => this with { epochs = epochs.Add(epoch), changes = Put(Section.Epochs, Records.Key(epoch.Number), Records.Value(epoch)) };

    public LedgerState With(RuleSet rules) => this with { ruleSets = ruleSets.Add(rules), changes = Put(Section.RuleSets, Records.Key(rules.From), Records.Value(rules)) };

    public LedgerState With(Validator validator) => this with
    {
        validators = validators.SetItem(validator.Bank, validator),
        publicKeys = publicKeys.Add(validator.NodeKey),
        changes = Put(Section.Validators, Records.Key(validator.Bank), Records.Value(validator)),
    };

    public LedgerState With(Spending spending, PartyId party, Currency currency) => this with
    {
        spendings = spendings.SetItem((party, currency), spending),
        changes = Put(Section.Quotas, Records.KeyOfSpending(party, currency), Records.Value(spending)),
    };

    public LedgerState With(Attempts record, PartyId party, DateOnly day) => this with
    {
        attempts = attempts.SetItem((day, party), record),
        changes = Put(Section.Quotas, Records.KeyOfAttempts(party, day), Records.Value(record)),
    };

    public LedgerState With(EnvelopeClock clock) => this with
    {
        clocks = clocks.SetItem(clock.Bank, clock),
        changes = Put(Section.Clocks, Records.KeyOfClock(clock.Bank), Records.Value(clock)),
    };

    public LedgerState At(ulong height, Timestamp time) => this with
    {
        Height = height,
        Now = time,
        changes = Put(Section.Clocks, Records.KeyOfClock(null), Records.ValueOfClock(height, time)),
    };

    /// <summary>Appends to the list of the minute in which the id expires.</summary>
    public LedgerState WithUsedId(PartyId party, Id<Transaction> id, UsedId used)
    {
        var minute = MinuteOf(used.Expires);
        var list = minutes.GetValueOrDefault(minute) ?? new MinuteOfIds(0, default, null);
        var digest = Chain.Suite.Hash(
            [0x1B, .. list.Digest.ToBytes(), .. Encoding.ASCII.GetBytes(party.Text), .. Records.Key(id), .. used.PayloadHash.ToBytes()]);
        list = new(list.Count + 1, digest, new(party, id, list.Newest));
        var next = this with
        {
            usedIds = usedIds.Add((party, id), used),
            minutes = minutes.SetItem(minute, list),
            changes = Put(Section.UsedIds, Records.KeyOfMinute(minute), Records.Value(list)),
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
                changes = next.Put(Section.UsedIds, Records.KeyOfMinute(minute), null),
            };
        }

        while (!next.attempts.IsEmpty && next.attempts.First().Key is var (day, party) && day < Today)
        {
            next = next with
            {
                attempts = next.attempts.Remove((day, party)),
                changes = next.Put(Section.Quotas, Records.KeyOfAttempts(party, day), null),
            };
        }

        return next;
    }

    LedgerState WithLongLived(PartyId party, uint count) => this with
    {
        longLivedIds = count == 0 ? longLivedIds.Remove(party) : longLivedIds.SetItem(party, count),
        changes = Put(Section.Quotas, Records.KeyOfLongLived(party), count == 0 ? null : Records.Value(count)),
    };

    Change Put(Section section, byte[] key, byte[]? value) => new(section, key, value, changes);

    // An id is kept until its transaction could no longer be accepted: the minute of its expiry must be over.
    static long MinuteOf(Timestamp time) => time.UnixMilliseconds / Timestamp.Minute;

    static Deadline? Due(Offer? offer) =>
        offer is { Status: OfferStatus.Open } ? new(offer.Expires, DeadlineKind.OfferExpires, offer.Id.Value) : null;

    // What is requested waits for its answer; what is held, for its payment until the end of the day on which it is payable.
    Deadline? Due(Instrument? instrument, Maturity? maturity) => instrument switch
    {
        { Status: InstrumentStatus.Requested, Confirmation: { Overdue: false } confirmation } when confirmation.Deadline != default =>
            new(confirmation.Deadline, DeadlineKind.ConfirmationDue, instrument.Id.Value),
        { Status: InstrumentStatus.Active } when maturity is null || !maturity.OverdueOn.Contains(instrument.DueDate) =>
            new(Timestamp.StartOf(PayableOn(instrument.DueDate).AddDays(1), Chain.OffsetMinutes), DeadlineKind.PaymentOverdue, instrument.Id.Value),
        _ => null,
    };

    static Deadline? Due(Financing? financing) => financing switch
    {
        { Status: FinancingStatus.Applied } => new(financing.ReservedUntil, DeadlineKind.ReservationEnds, financing.Id.Value),
        { Status: FinancingStatus.Approved or FinancingStatus.Registered } => new(financing.CommittedUntil, DeadlineKind.CommitmentEnds, financing.Id.Value),
        _ => null,
    };

    static ImmutableSortedSet<Deadline> Move(ImmutableSortedSet<Deadline> deadlines, Deadline? from, Deadline? to)
    {
        if (from == to) return deadlines;
        if (from is { } old) deadlines = deadlines.Remove(old);
        return to is { } due ? deadlines.Add(due) : deadlines;
    }
}
