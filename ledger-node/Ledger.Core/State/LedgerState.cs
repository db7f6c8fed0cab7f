using Ledger.Core.Collections;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>Ledger time: the height and the time of the block that is open or was last closed.</summary>
public sealed record BlockTime(ulong Height, Timestamp Time);

/// <summary>The key of what there is one of.</summary>
public readonly record struct Sole;

/// <summary>
/// Everything that the rules may look at, and nothing else: the nouns of <see cref="Tables"/> and what is kept beside them. Immutable: a snapshot is a reference and undoing
/// is forgetting. The collections stay inside, so that their type can change when a benchmark asks for it.
/// </summary>
public sealed partial record LedgerState
{
    Slots slots;
    Deadlines deadlines = Deadlines.None;
    Deadlines departures = Deadlines.None;
    bool isTracking = true;
    Change? changes;

    public LedgerState(ChainParameters chain) => Chain = chain;

    public ChainParameters Chain { get; }

    public ulong Height { get; private set; }

    /// <summary>Ledger time: the time of the block that is open or was last closed.</summary>
    public Timestamp Now { get; private set; }

    /// <summary>The date of ledger time in the chain's fixed offset.</summary>
    public DateOnly Today => Chain.DateOf(Now);

    /// <summary>The rules in force today.</summary>
    public RuleSet Rules => RulesAt(Today);

    public Party? Party(PartyId id) => Of(Tables.Parties, id);

    public PartyKey? Key(KeyId id) => Of(Tables.Keys, id);

    public bool IsKnown(ByteString publicKey) => Of(Beside.PublicKeys).Contains(publicKey);

    public Mandate? Mandate(Id<Mandate> id) => Of(Tables.Mandates, id);

    /// <summary>The mandates that a principal gave an agent, by their ids, expired ones included until they are tidied away.</summary>
    public IEnumerable<Mandate> Mandates(PartyId principal, PartyId agent) =>
        (Of(Beside.MandatesOf).GetValueOrDefault((principal, agent)) ?? []).Select(id => Of(Tables.Mandates.Nouns)[id]);

    public Document? Document(Id<Document> id) => Of(Tables.Documents, id);

    /// <summary>The document that was registered under this fingerprint.</summary>
    public Document? Document(Fingerprint fingerprint) => Document(Of(Tables.Fingerprints, fingerprint));

    /// <summary>The documents of a seller whose numbers, or whose red letters' numbers, have this skeleton; oldest first.</summary>
    public ValueList<Id<Document>> DocumentsLike(PartyId seller, Fingerprint skeleton) => Of(Tables.Skeletons, (seller, skeleton));

    public Instrument? Instrument(Id<Instrument> id) => Of(Tables.Instruments, id);

    /// <summary>The tokens of an accepted instrument.</summary>
    public Tokens? Tokens(Id<Instrument> id) => Of(Tables.Tokens.OfInstruments).GetValueOrDefault(id);

    public Offer? Offer(Id<Offer> id) => Of(Tables.Offers, id);

    public Pledge? Pledge(Id<Offer> id) => Of(Tables.Pledges, id);

    public Freeze? Freeze(Id<Freeze> id) => Of(Tables.Freezes, id);

    public Financing? Financing(Id<Financing> id) => Of(Tables.Financings, id);

    /// <summary>What a financing holds while its bank decides.</summary>
    public Reservation? Reservation(Id<Financing> id) => Of(Tables.Reservations, id);

    public CreditLine? Line(Id<CreditLine> id) => Of(Tables.Lines, id);

    /// <summary>What an instrument occupies of the earmarked line that it was issued under.</summary>
    public Earmark? Earmark(Id<Instrument> id) => Of(Tables.Earmarks, id);

    public Attestation? Attestation(Id<Attestation> id) => Of(Tables.Attestations, id);

    public PledgeReservation? PledgeReservation(Id<Financing> id) => Of(Tables.PledgeReservations, id);

    public RegisterMessage? Message(string id) => Of(Tables.Messages, id);

    /// <summary>What spent a bank's reference on a value date.</summary>
    public BankReference? BankReference(DateOnly valueDate, string text) => Of(Tables.References, (text, valueDate));

    /// <summary>Null while nothing out of the ordinary is known of the instrument's payment.</summary>
    public Maturity? Maturity(Id<Instrument> id) => Of(Tables.Maturities, id);

    public Payment? Payment(Id<Payment> id) => Of(Tables.Payments, id);

    /// <summary>The payments of an instrument that announce something, by their ids, those included whose end has not been tidied away.</summary>
    public IEnumerable<Payment> Announcements(Id<Instrument> instrument) =>
        (Of(Beside.Announcements).GetValueOrDefault(instrument) ?? []).Select(id => Of(Tables.Payments.Nouns)[id]);

    public ListEntry? ListEntry(ListKind kind, PartyId subject) => Of(Tables.Lists, (kind, subject));

    public Measure? Measure(Id<Measure> id) => Of(Tables.Measures, id);

    /// <summary>Who controls a party, and who lately did; null where nobody ever said so.</summary>
    public Control? Control(PartyId party) => Of(Tables.Controls, party);

    /// <summary>The day of issue of the oldest instrument that a party owes and that is not over; null where it owes none.</summary>
    public DateOnly? OldestDebt(PartyId obligor) => Of(Beside.Debts).TryGetValue(obligor, out var days) ? days.First().Key : null;

    /// <summary>The day on which what is due then is payable without penalty: by the rules of that day, itself or the next working day.</summary>
    public DateOnly PayableOn(DateOnly due) => RulesAt(due).Is(RuleParameter.DueDateRollsOver) ? Chain.Calendar.RollForward(due) : due;

    public bool IsNumberUsed(string number) => Of(Tables.Numbers.Nouns).ContainsKey(number);

    /// <summary>Fingerprint key epochs, oldest first; all of them are open.</summary>
    public IReadOnlyList<Epoch> Epochs => Of(Beside.Epochs);

    public IEnumerable<Validator> Validators => Of(Tables.Validators.Nouns).Values.OrderBy(validator => validator.Bank);

    /// <summary>By which version of the protocol the next block is folded.</summary>
    public ProtocolVersion Protocol => Of(Tables.Protocol, default) ?? ProtocolVersion.First;

    /// <summary>The last change of the validators; null while they are the founding ones.</summary>
    public ValidatorChange? ValidatorChange => Of(Tables.ValidatorChanges, default);

    /// <summary>Whether the block that is open or was last closed changed the validators.</summary>
    public bool ChangesValidators => ValidatorChange?.Height == Height && Height > 0;

    /// <summary>Whose quorum certified the block of an earlier height, as far as the last change of the validators tells; null for blocks before it.</summary>
    public IEnumerable<Validator>? CertifiersOf(ulong height) => ValidatorChange switch
    {
        { } change when height == change.Height => change.Before,
        { } change when height < change.Height => null,
        _ => Validators,
    };

    /// <summary>Whose quorum certifies the block that is open or was last closed: those who were the validators before it.</summary>
    public IEnumerable<Validator> Certifiers => ChangesValidators ? ValidatorChange?.Before ?? [] : Validators;

    /// <summary>The same object for as long as nobody enters, leaves or changes a key.</summary>
    internal object ValidatorSet => Of(Tables.Validators.Nouns);

    public Validator? Validator(PartyId bank) => Of(Tables.Validators, bank);

    public Proposal? Proposal(Id<Proposal> id) => Of(Tables.Proposals, id);

    /// <summary>The proposals of which something can still come, by their ids.</summary>
    public IEnumerable<Proposal> PendingProposals => Of(Beside.PendingProposals).Select(id => Of(Tables.Proposals.Nouns)[id]);

    public IEnumerable<Proposal> AllProposals => Of(Tables.Proposals.Nouns).Values;

    public EnvelopeClock? Clock(PartyId bank) => Of(Tables.Clocks, bank);

    /// <summary>The epoch of ordering; nothing is written of the first.</summary>
    public OrderingEpoch Ordering => Of(Tables.Ordering, default) ?? OrderingEpoch.First;

    public IEnumerable<EnvelopeClock> Clocks => Of(Tables.Clocks.Nouns).Values;

    public Attempts? Attempts(PartyId party, DateOnly day) => Of(Tables.Attempts, (party, day));

    /// <summary>What single signatures moved on <paramref name="day"/>.</summary>
    public Amount Spent(PartyId party, Currency currency, DateOnly day) =>
        Of(Tables.Spendings, (party, currency)) is { } spending && spending.Day == day ? spending.Total : Amount.Zero;

    public Deadline? NextDeadline =>
        departures.IsEmpty || (!deadlines.IsEmpty && deadlines.Min.CompareTo(departures.Min) < 0) ? (deadlines.IsEmpty ? null : deadlines.Min) : departures.Min;

    /// <summary>Whether something is over that the ledger has not tidied away yet, for there was too much of it.</summary>
    public bool IsUntidy
    {
        get
        {
            // What a vote of this block made due waits for the next one, and frees nothing.
            foreach (var due in deadlines)
            {
                if (due.At > Now) return false;
                if (due.Kind is not (DeadlineKind.ProposalExpires or DeadlineKind.ProposalDue)) return true;
            }

            return false;
        }
    }

    /// <summary>The set in force at a governing date: the latest that began by then, or the first for dates before all.</summary>
    public RuleSet RulesAt(DateOnly date)
    {
        var sets = Of(Beside.RuleSets);
        var found = sets[0];
        foreach (var rules in sets)
        {
            if (rules.From <= date) found = rules;
        }

        return found;
    }

    public IReadOnlyList<RuleSet> RuleSets => Of(Beside.RuleSets);

    /// <summary>The programme of an industry chain; null where it has none.</summary>
    public Programme? Programme(string industryChain) => Of(Tables.Programmes.Nouns).GetValueOrDefault(industryChain);

    /// <summary>The programmes of all industry chains, by name.</summary>
    public IEnumerable<Programme> AllProgrammes => Of(Tables.Programmes.Nouns).Values.OrderBy(static programme => programme.IndustryChain, StringComparer.Ordinal);

    public int ProgrammeCount => Of(Tables.Programmes.Nouns).Count;

    /// <summary>What holds today for the debts of a party; null where its industry chain has no programme in force.</summary>
    public ProgrammeSettings? ProgrammeOf(PartyId obligor) => Party(obligor) is { } party ? Programme(party.IndustryChain)?.At(Today) : null;

    public IEnumerable<Party> AllParties => Of(Tables.Parties.Nouns).Values;

    public IEnumerable<Instrument> AllInstruments => Of(Tables.Instruments.Nouns).Values;

    public IEnumerable<Document> AllDocuments => Of(Tables.Documents.Nouns).Values;

    public IEnumerable<Offer> AllOffers => Of(Tables.Offers.Nouns).Values;

    public IEnumerable<Pledge> AllPledges => Of(Tables.Pledges.Nouns).Values;

    public IEnumerable<Freeze> AllFreezes => Of(Tables.Freezes.Nouns).Values;

    public IEnumerable<Financing> AllFinancings => Of(Tables.Financings.Nouns).Values;

    public IEnumerable<Reservation> AllReservations => Of(Tables.Reservations.Nouns).Values;

    public IEnumerable<CreditLine> AllLines => Of(Tables.Lines.Nouns).Values;

    public IEnumerable<Earmark> AllEarmarks => Of(Tables.Earmarks.Nouns).Values;

    public IEnumerable<Payment> AllPayments => Of(Tables.Payments.Nouns).Values;

    public IEnumerable<Measure> AllMeasures => Of(Tables.Measures.Nouns).Values;

    // What was written since the changes were last taken, newest first.
    public Change? Changes => changes;

    public LedgerState WithoutChanges() => this with { changes = null };

    /// <summary>The same state, and what follows from it, without the list of changes: for trying what an act would do.</summary>
    public LedgerState Untracked() => this with { isTracking = false, changes = null };

    public LedgerState With(Party party) => Put(Tables.Parties, party.Id, party);

    public LedgerState With(PartyKey key) => Put(Tables.Keys, key.Id, key);

    public LedgerState With(Mandate mandate) => Put(Tables.Mandates, mandate.Id, mandate);

    public LedgerState Without(Mandate mandate) => Remove(Tables.Mandates, mandate.Id);

    /// <summary>Registers a document with its fingerprints and skeletons, or writes it again: those never change.</summary>
    public LedgerState With(Document document)
    {
        var next = Put(Tables.Documents, document.Id, document);
        return Document(document.Id) is null ? next.With(document, document.Fingerprints, document.Skeletons) : next;
    }

    /// <summary>Numbers that lead to a document, and what they look like: its own, and those of the red letters against it.</summary>
    public LedgerState With(Document document, ValueList<Fingerprint> numbered, ValueList<Fingerprint> looking)
    {
        var next = this;
        foreach (var fingerprint in numbered) next = next.PutNew(Tables.Fingerprints, fingerprint, document.Id);
        foreach (var skeleton in looking)
        {
            var alike = next.DocumentsLike(document.Seller, skeleton);
            if (!alike.Contains(document.Id)) next = next.Put(Tables.Skeletons, (document.Seller, skeleton), alike.Add(document.Id));
        }

        return next;
    }

    /// <summary>Writes an instrument; a platform number leads to it for ever.</summary>
    public LedgerState With(Instrument instrument)
    {
        instrument = instrument with { EndedAt = EndOf(Over.Is(instrument)) };
        var next = Put(Tables.Instruments, instrument.Id, instrument);
        return instrument.Number.Length == 0 || Instrument(instrument.Id)?.Number == instrument.Number ? next : next.PutNew(Tables.Numbers, instrument.Number, instrument.Id);
    }

    /// <summary>Writes an instrument's tokens; only those that differ reach the state tree.</summary>
    public LedgerState With(Id<Instrument> instrument, Tokens changed) =>
        Rewritten(instrument, changed.Span, Of(Tables.Tokens.OfInstruments).SetItem(instrument, changed));

    public LedgerState WithoutTokens(Id<Instrument> instrument) => Rewritten(instrument, [], Of(Tables.Tokens.OfInstruments).Remove(instrument));

    /// <summary>Without the last tokens of an instrument that leaves.</summary>
    internal LedgerState WithoutLastTokens(Id<Instrument> instrument, int count) =>
        Tokens(instrument)?.WithoutLast(count) is { } left ? With(instrument, left) : WithoutTokens(instrument);

    public LedgerState With(Offer offer)
    {
        var ended = EndOf(Over.Is(this, offer));
        return Put(Tables.Offers, offer.Id, offer.EndedAt == ended ? offer : offer with { EndedAt = ended });
    }

    public LedgerState With(Pledge pledge) => Put(Tables.Pledges, pledge.Id, pledge with { EndedAt = EndOf(Over.Is(pledge)) });

    public LedgerState With(Freeze freeze) => Put(Tables.Freezes, freeze.Id, freeze);

    public LedgerState Without(Freeze freeze) => Remove(Tables.Freezes, freeze.Id);

    /// <summary>Writes a financing; what the registry said and it no longer names is over by that.</summary>
    public LedgerState With(Financing financing)
    {
        var next = Put(Tables.Financings, financing.Id, financing with { EndedAt = EndOf(Over.Is(financing)) });
        return Over.Superseded(Financing(financing.Id), financing).Aggregate(next, static (state, last) => state.Attestation(last) is { } known ? state.With(known) : state);
    }

    public LedgerState With(Reservation reservation) => Put(Tables.Reservations, reservation.Id, reservation);

    public LedgerState Without(Reservation reservation) => Remove(Tables.Reservations, reservation.Id);

    public LedgerState With(CreditLine line) => Put(Tables.Lines, line.Id, line);

    public LedgerState With(Earmark earmark) => Put(Tables.Earmarks, earmark.Instrument, earmark);

    public LedgerState Without(Earmark earmark) => Remove(Tables.Earmarks, earmark.Instrument);

    public LedgerState With(Attestation attestation) => Put(Tables.Attestations, attestation.Id, attestation with { EndedAt = EndOf(Over.Is(this, attestation)) });

    public LedgerState With(PledgeReservation reservation) => Put(Tables.PledgeReservations, reservation.Financing, reservation);

    public LedgerState With(RegisterMessage message) => Put(Tables.Messages, message.MessageId, message);

    public LedgerState With(BankReference reference) => Put(Tables.References, (reference.Text, reference.ValueDate), reference);

    public LedgerState With(Maturity maturity) => Put(Tables.Maturities, maturity.Instrument, maturity);

    public LedgerState Without(Maturity maturity) => Remove(Tables.Maturities, maturity.Instrument);

    public LedgerState With(Payment payment) => Put(Tables.Payments, payment.Id, payment with { EndedAt = EndOf(Over.Is(payment)) });

    public LedgerState With(ListEntry entry) => Put(Tables.Lists, (entry.Kind, entry.Subject), entry);

    public LedgerState With(Measure measure) => Put(Tables.Measures, measure.Id, measure with { EndedAt = EndOf(Over.Is(measure)) });

    public LedgerState With(Proposal proposal) => Put(Tables.Proposals, proposal.Id, proposal with { EndedAt = EndOf(Over.Is(proposal)) });

    public LedgerState With(Control control) => Put(Tables.Controls, control.Party, control);

    public LedgerState With(Epoch epoch) => Put(Tables.Epochs, epoch.Number, epoch);

    public LedgerState With(Programme programme) => Put(Tables.Programmes, programme.IndustryChain, programme);

    public LedgerState With(RuleSet rules) => Put(Tables.RuleSets, rules.From, rules);

    public LedgerState With(Validator validator) => Put(Tables.Validators, validator.Bank, validator);

    public LedgerState With(ProtocolVersion version) => Put(Tables.Protocol, default, version);

    /// <summary>The validators change in the block that is open.</summary>
    public LedgerState WithValidators(Func<LedgerState, LedgerState> change) =>
        change(Put(Tables.ValidatorChanges, default, new((ValidatorChange?.Number ?? 1) + 1, Height, [.. Validators])));

    public LedgerState Without(Validator validator) => Remove(Tables.Validators, validator.Bank);

    public LedgerState With(Spending spending, PartyId party, Currency currency) => Put(Tables.Spendings, (party, currency), spending);

    public LedgerState With(Attempts record, PartyId party, DateOnly day) => Put(Tables.Attempts, (party, day), record);

    public LedgerState With(EnvelopeClock clock) => Put(Tables.Clocks, clock.Bank, clock);

    public LedgerState With(OrderingEpoch epoch) => Put(Tables.Ordering, default, epoch);

    public LedgerState At(ulong height, Timestamp time) => Put(Tables.BlockTime, default, new(height, time));

    /// <summary>Writes a noun under its key, new or known, and brings into step what is kept beside it.</summary>
    LedgerState Put<TKey, TNoun>(Table<TKey, TNoun> table, TKey key, TNoun noun)
        where TKey : notnull => Putting(table, key, noun, Of(table.Nouns).SetItem(key, noun));

    /// <summary>The same, where another under the key would be a bug.</summary>
    LedgerState PutNew<TKey, TNoun>(Table<TKey, TNoun> table, TKey key, TNoun noun)
        where TKey : notnull => Putting(table, key, noun, Of(table.Nouns).Add(key, noun));

    LedgerState Putting<TKey, TNoun>(Table<TKey, TNoun> table, TKey key, TNoun noun, Map<TKey, TNoun> nouns)
        where TKey : notnull
    {
        var next = this with { slots = slots.With(table.Nouns, nouns), changes = isTracking ? new Change<TKey, TNoun>(table, key, noun, changes) : null };
        table.Follow(this, next, key, noun);
        return next;
    }

    internal LedgerState Remove<TKey, TNoun>(Table<TKey, TNoun> table, TKey key)
        where TKey : notnull
    {
        var next = this with { slots = slots.With(table.Nouns, Of(table.Nouns).Remove(key)), changes = isTracking ? new Removal<TKey, TNoun>(table, key, changes) : null };
        table.Follow(this, next, key, default);
        return next;
    }

    LedgerState Rewritten(Id<Instrument> instrument, ReadOnlySpan<Token> now, Map<Id<Instrument>, Tokens> tokens) => this with
    {
        slots = slots.With(Tables.Tokens.OfInstruments, tokens),
        changes = isTracking ? TokenTable.Difference(instrument, Tokens(instrument) is { } before ? before.Span : [], now, changes) : null,
    };

    // When what is over was last written; nothing before.
    Timestamp EndOf(bool isOver) => isOver ? Now : default;

    internal T Of<T>(Slot<T> slot)
        where T : class => slots.Of(slot);

    TNoun? Of<TKey, TNoun>(Table<TKey, TNoun> table, TKey key)
        where TKey : notnull => slots.Of(table.Nouns).GetValueOrDefault(key);

    // What follows changes a state that nobody has seen yet: the copy that a write or a restoring makes.
    internal void Set<T>(Slot<T> slot, T value)
        where T : class
    {
        if (!ReferenceEquals(Of(slot), value)) slots = slots.Written(slot, value);
    }

    internal void Move(Deadline? from, Deadline? to)
    {
        if (from == to) return;
        if (from is { } old) Among(old) = Among(old).Remove(old);
        if (to is { } due) Among(due) = Among(due).Add(due);
    }

    ref Deadlines Among(Deadline deadline)
    {
        if (deadline.IsDeparture) return ref departures;
        return ref deadlines;
    }

    internal void Stand(BlockTime at) => (Height, Now) = (at.Height, at.Time);
}
