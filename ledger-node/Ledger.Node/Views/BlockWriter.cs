using Ledger.Core.Chain;
using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>
/// Writes what a block did into the tables, from its records, its events and the states before and after it. The same blocks make the same rows,
/// however many of them share a transaction.
/// </summary>
sealed class BlockWriter(Sql sql, Genesis genesis)
{
    // Numbers of things that were met lately; it is emptied when it has grown so far, and what is needed again is looked up.
    const int MostRemembered = 200_000;

    readonly Dictionary<(Section, Id<Instrument>), long> ids = [];
    readonly Dictionary<PartyId, long> parties = [];
    readonly Dictionary<ThingKey, long> others = [];
    readonly HashSet<long> created = [];
    readonly HashSet<(long Party, long Thing, bool Lasting)> parted = [];
    readonly LegWriter legs = new(sql);
    long lastThing = sql["SELECT MAX(thing) FROM things"].Number();
    long lastFlow = sql["SELECT MAX(number) FROM flows"].Number();
    long lastNear = sql["SELECT MAX(number) FROM near"].Number();
    LedgerState before = new(genesis.Chain);
    LedgerState after = new(genesis.Chain);
    ulong height;
    long bucket;
    bool mustLookUp;

    /// <summary>Block 0: what genesis wrote.</summary>
    public void WriteGenesis(Fold founded)
    {
        height = 0;
        bucket = 0;
        after = founded.State;
        WriteBlock(founded.GenesisBlock);
        foreach (var party in genesis.Text.Parties) NumberOf(party.Id);
        foreach (var record in founded.GenesisRecords) Write(record);
    }

    /// <summary>
    /// Writes a block. <paramref name="earlier"/> is the state before it; a partial one has at least what the block wrote, and whether anything else is
    /// known is then looked up.
    /// </summary>
    public void Write(FoldedBlock folded, LedgerState earlier, bool isPartial)
    {
        mustLookUp = isPartial;
        var header = folded.Block.Header;
        (before, after, height, bucket) = (earlier, folded.State, header.Height, Things.BucketOf(folded.Block.FirstLeaf));
        created.Clear();
        if (ids.Count + others.Count + parted.Count > MostRemembered) Forget();
        WriteBlock(folded.Block);

        // That something left the state is no event of its own: it ended long ago, and here it stays. What ended before it is told by what it was then.
        var number = 0;
        foreach (var (i, happened) in folded.Opening.Index())
        {
            if (happened is BlockOpened or ThingLeft) continue;
            after = folded.OpeningStates[i];
            WriteDeadline(happened, folded.Block.FirstLeaf, ++number);
            WriteTouches(happened, folded.Block.FirstLeaf, number);
            WriteLegs(happened, folded.Block.FirstLeaf);
        }

        after = folded.State;
        foreach (var answer in folded.Answers)
        {
            if (answer is { Leaf: { } leaf, Transaction: { } transaction }) WriteEntry(answer, leaf, transaction);
        }

        // What was over long enough left the state: here it is as it was last.
        var left = new Dictionary<RecordKey, LedgerState>();
        foreach (var (i, happened) in folded.Opening.Index())
        {
            foreach (var record in (happened as ThingLeft)?.Records ?? []) left[record] = folded.OpeningStates[i];
        }

        foreach (var record in folded.WrittenLast)
        {
            if (!left.TryGetValue(new(record.Section, record.Key), out var then)) continue;
            after = then;
            Write(record);
        }

        after = folded.State;
        foreach (var record in folded.Written)
        {
            if (record.Value is not null || !left.ContainsKey(new(record.Section, record.Key))) Write(record);
        }
    }

    void Forget()
    {
        ids.Clear();
        parties.Clear();
        others.Clear();
        parted.Clear();
    }

    void WriteBlock(Block block)
    {
        var hash = block.Header.LeafHash(genesis.Chain.Suite);
        sql["INSERT INTO blocks VALUES(?1,?2,?3,?4,?5)"].With(height).With(block.Header.Time.UnixMilliseconds).With(block.FirstLeaf).With(block.Header.EntryCount)
            .With(hash.ToBytes()).Run();
        WriteKey(KeyKind.Header, hash, (long)height);
    }

    void WriteEntry(Answer answer, ulong leaf, SignedTransaction transaction)
    {
        var body = transaction.Body;
        var id = new byte[Id<Transaction>.Size];
        body.Id.Write(id);
        var party = NumberOf(body.Party);
        sql["INSERT INTO entries VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)"].With(leaf).With(height).With(party).With(NumberOf(body.Principal)).With(id).With(transaction.PayloadHash.ToBytes())
            .With((long)answer.Code).With(answer.Operation).With(VerbsOf(body)).Run();
        WriteKey(KeyKind.TransactionId, Things.Hash(KeyKind.TransactionId, 0, id), (long)leaf);
        WriteKey(KeyKind.Payload, transaction.PayloadHash, (long)leaf);
        WriteKey(KeyKind.Transaction, transaction.Hash, (long)leaf);
        if (DoublePledgeCheck.IsAttempt(answer.Code))
            sql["INSERT INTO attempts VALUES(?1,?2,?3,?4)"].With(leaf).With(NumberOf(body.Principal)).With((long)answer.Code).With(height).Run();

        var mentions = new Mentions();
        mentions.Parties.Add(body.Party);
        mentions.Parties.Add(body.Principal);
        foreach (var signer in transaction.Signers) mentions.Parties.Add(signer.Party);
        foreach (var operation in body.Operations) mentions.Read(operation);

        // Whom the text itself names may see it whatever becomes of the rest.
        HashSet<PartyId> named = [.. mentions.Parties];
        foreach (var happened in answer.Events)
        {
            mentions.Read(happened);
            AddBanks(mentions, happened);
        }

        WriteTouches(mentions, leaf, 0, named);
        foreach (var happened in answer.Events) WriteLegs(happened, leaf);
        WriteLapsed(answer, leaf);
    }

    // Who owes is told of every word about what it paid.
    Payment? PaymentIn(LedgerEvent happened) => happened switch
    {
        PaymentReceived received => received.Payment,
        AnnouncementConfirmed confirmed => after.Payment(confirmed.Payment),
        AnnouncementDenied denied => after.Payment(denied.Payment),
        PaymentReturned returned => after.Payment(returned.Payment),
        PaymentDisputed disputed => after.Payment(disputed.Payment),
        _ => null,
    };

    // An act that ends others' offers is told to those who had not to be asked: to each side of the offer, and no more than that it is over.
    void WriteLapsed(Answer answer, ulong leaf)
    {
        var number = 0;
        foreach (var id in answer.Events.OfType<UnitsFrozen>().SelectMany(static frozen => frozen.Lapsed))
        {
            if (after.Offer(id) is not { } offer) continue;
            var (type, thing) = (LedgerEvent.KindOf(typeof(OfferClosed)), NumberOf(ThingKey.Of(id)));
            number++;
            foreach (var side in (HashSet<PartyId>)[offer.From, offer.To]) WriteDeadline(NumberOf(side), leaf, number, type, thing);
        }
    }

    // What is announced waits for the payee's bank as much as for the payee; and whose group a party is said to belong to is its bank's to know.
    void AddBanks(Mentions mentions, LedgerEvent happened)
    {
        IEnumerable<PartyId> payees = happened switch
        {
            PaymentReceived { Payment.Announced: var announced } => announced.Select(static share => share.Payee),
            AnnouncementConfirmed confirmed => [confirmed.Payee],
            AnnouncementDenied denied => [denied.Payee],
            ControlDeclared { Control: var control } => [control.Party],
            _ => [],
        };
        foreach (var payee in payees) mentions.Parties.Add(Rulebook.BankOf(after, payee));
        if (PaymentIn(happened) is { } paid && after.Instrument(paid.Instrument) is { } owed) mentions.Parties.Add(owed.Obligor);
    }

    void WriteTouches(LedgerEvent happened, ulong leaf, int number)
    {
        var mentions = new Mentions();
        mentions.Read(happened);
        WriteTouches(mentions, leaf, number, []);
    }

    // What time did, in the order in which it did it: once for everybody, under party 0, and once for each whom it concerns.
    void WriteDeadline(LedgerEvent happened, ulong leaf, int number)
    {
        var mentions = new Mentions();
        mentions.Read(happened);
        var subject = mentions.Things.Single();
        Resolve(mentions);
        switch (subject.Section)
        {
            case Section.Instruments when after.Instrument(new(subject.Id)) is { } instrument:
                AddParties(mentions, instrument);
                break;
            case Section.Offers when after.Offer(new(subject.Id)) is { } offer && after.Instrument(offer.Instrument) is { Bill: not null }:
                mentions.Parties.Add(after.Chain.BillRegister ?? default);
                break;
            case Section.Financings when after.Financing(new(subject.Id)) is { } financing:
                mentions.Parties.Add(financing.Reviewer ?? default);
                break;
            case Section.Payments when before.Payment(new(subject.Id)) is { } payment:
                foreach (var share in payment.Announced) mentions.Parties.UnionWith([share.Payee, Rulebook.BankOf(after, share.Payee)]);
                mentions.Parties.Add(after.Instrument(payment.Instrument)?.Obligor ?? default);
                break;
            case Section.Mandates when before.Mandate(new(subject.Id)) is { } mandate:
                mentions.Parties.UnionWith([mandate.Principal, mandate.Agent]);
                break;
            default:
                break;
        }

        var (type, thing) = (happened.Kind, NumberOf(subject));
        WriteDeadline(0, leaf, number, type, thing);
        foreach (var party in mentions.Parties)
        {
            if (after.Party(party) is not null) WriteDeadline(NumberOf(party), leaf, number, type, thing);
        }
    }

    void WriteDeadline(long party, ulong leaf, int number, string type, long subject) =>
        sql["INSERT INTO deadlines VALUES(?1,?2,?3,?4,?5,?6)"].With(party).With(leaf).With(number).With(height).With(type).With(subject).Run();

    // Whom a debt as a whole concerns: who owes it, whom it was first owed to, and everybody with a part in it.
    void AddParties(Mentions mentions, Instrument instrument)
    {
        mentions.Parties.UnionWith([instrument.Obligor, instrument.Creditor, instrument.Bill?.Acceptor ?? default]);
        if (after.Tokens(instrument.Id) is not { } tokens) return;
        foreach (var token in tokens.Span)
        {
            if (token.State != UnitState.Live) continue;
            mentions.Parties.Add(token.Holder);
            foreach (var burden in token.Encumbrances) mentions.Parties.Add(burden.Beneficiary);
        }
    }

    // What was named, and what belongs to it. Ids that stand for nothing are left out: anybody can invent them.
    void WriteTouches(Mentions mentions, ulong leaf, int number, HashSet<PartyId> named)
    {
        Resolve(mentions);
        foreach (var party in mentions.Parties)
        {
            if (after.Party(party) is not null) Touch(NumberOf(party), leaf, number, named.Contains(party));
        }

        foreach (var thing in mentions.Things)
        {
            if (IsThere(thing)) Touch(NumberOf(thing), leaf, number, isNamed: false);
        }
    }

    void Resolve(Mentions mentions)
    {
        var named = mentions.Things.ToArray();
        foreach (var thing in named)
        {
            switch (thing.Section)
            {
                case Section.Offers when after.Offer(new(thing.Id)) is { } offer:
                    Add(offer.Instrument.Value, offer.From, offer.To);
                    break;
                case Section.Financings when after.Financing(new(thing.Id)) is { } financing:
                    Add(financing.Instrument.Value, financing.Applicant, financing.Financier);
                    break;
                case Section.Payments when after.Payment(new(thing.Id)) is { } payment:
                    Add(payment.Instrument.Value, payment.Bank, default);
                    break;
                case Section.Measures when after.Measure(new(thing.Id)) is { } measure:
                    mentions.Parties.UnionWith(Concerned(measure));
                    if (measure.IsOnUnits && after.Offer(new(measure.Id.Value)) is { } taken) Add(taken.Instrument.Value, taken.From, taken.To);
                    break;
                case Section.Freezes when (after.Freeze(new(thing.Id)) ?? before.Freeze(new(thing.Id))) is { } freeze:
                    Add(freeze.Instrument.Value, freeze.Executor, default);
                    if (after.Tokens(freeze.Instrument) is not { } tokens) break;
                    foreach (var run in freeze.Units)
                    {
                        foreach (var token in tokens.Touching(run)) mentions.Parties.Add(token.Holder);
                    }

                    break;
                default:
                    break;
            }
        }

        void Add(UInt128 instrument, PartyId one, PartyId other)
        {
            if (instrument != 0) mentions.Things.Add(ThingKey.Of(Section.Instruments, instrument));
            if (one != default) mentions.Parties.Add(one);
            if (other != default) mentions.Parties.Add(other);
        }
    }

    bool IsThere(ThingKey thing) => IsIn(after, thing) || IsIn(before, thing);

    internal static bool IsIn(LedgerState state, ThingKey thing) => thing.Section switch
    {
        Section.Instruments => state.Instrument(new(thing.Id)) is not null,
        Section.Offers => state.Offer(new(thing.Id)) is not null,
        Section.Documents => state.Document(new Id<Document>(thing.Id)) is not null,
        Section.Financings => state.Financing(new(thing.Id)) is not null,
        Section.Payments => state.Payment(new(thing.Id)) is not null,
        Section.Lines => state.Line(new(thing.Id)) is not null,
        Section.Freezes => state.Freeze(new(thing.Id)) is not null,
        Section.Pledges => state.Pledge(new(thing.Id)) is not null,
        Section.Measures => state.Measure(new(thing.Id)) is not null,
        Section.Mandates => state.Mandate(new(thing.Id)) is not null,
        Section.Proposals => thing.HasId && state.Proposal(new(thing.Id)) is not null,
        Section.Attestations => state.Attestation(new(thing.Id)) is not null,
        _ => false,
    };

    void Touch(long thing, ulong leaf, int number, bool isNamed) =>
        sql["INSERT OR IGNORE INTO touches VALUES(?1,?2,?3,?4)"].With(thing).With(leaf).With(number).With(isNamed ? 1 : 0).Run();

    /// <summary>
    /// Notes that a party has a part in a thing. From these rows lists are read by whoever may not see everything, so that nobody's answer takes longer for
    /// what is hidden from it; they have at least everything that <see cref="Access.Sight"/> can find to be a party's own.
    /// </summary>
    public void Take(PartyId party, Section section, long thing, bool isLasting = true)
    {
        if (party == default) return;
        var owner = NumberOf(party);
        if (!parted.Add((owner, thing, isLasting))) return;
        sql["INSERT INTO parts VALUES(?1,?2,?3,?4) ON CONFLICT DO UPDATE SET lasting=1 WHERE excluded.lasting>lasting"].With(owner).With((long)section).With(thing)
            .With(isLasting ? 1 : 0).Run();
    }

    void Take(PartyId party, Id<Instrument> instrument, bool isLasting = true)
    {
        if (instrument.Value != 0) Take(party, Section.Instruments, NumberOf(ThingKey.Of(instrument)), isLasting);
    }

    void Take(PartyId party, Id<Document> document, bool isLasting = true) => Take(party, Section.Documents, NumberOf(ThingKey.Of(document)), isLasting);

    void WriteLegs(LedgerEvent happened, ulong leaf)
    {
        if (Movements.By(after, happened) is { } offer) legs.Add(this, after, offer, height, leaf);
        if (happened is TransferCorrected corrected && after.Offer(corrected.Offer) is { } mistaken) legs.Correct(this, mistaken, corrected.Former, height, leaf);
        if (Movements.BySale(after, happened) is { } sold) legs.Follow(this, after, sold, happened, height, leaf);
    }

    void Write(StateRecord record)
    {
        switch (record.Section)
        {
            case Section.UsedIds or Section.Clocks or Section.Quotas or Section.Skeletons:
                // Of the moment only: nobody asks what they were.
                return;
            case Section.Tokens:
                WriteToken(record);
                return;
        }

        var key = new ThingKey(record.Section, record.Key);
        var thing = NumberOf(key);
        var row = sql["INSERT INTO versions VALUES(?1,?2,?3)"].With(thing).With(height);
        (record.Value is { } value ? row.With(value.Span) : row.WithNull()).Run();
        if (record.Section == Section.Payments && record.Key.Span[0] == Tables.References.Tag && created.Contains(thing))
            WriteKey(KeyKind.BankReference, Things.Hash(KeyKind.BankReference, 0, record.Key.Span[..^sizeof(uint)]), thing);
        Follow(key, thing, isNew: created.Contains(thing));
    }

    void WriteToken(StateRecord record)
    {
        var instrument = new Id<Instrument>(ThingKey.IdIn(record.Key.Span[..Id<Instrument>.Size]));
        var first = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(record.Key.Span[Id<Instrument>.Size..]);
        var thing = NumberOf(ThingKey.Of(instrument));
        sql["UPDATE tokens SET to_height=?1 WHERE instrument=?2 AND first=?3 AND to_height=9223372036854775807"].With(height).With(thing).With(first).Run();
        if (record.Value is not { } value || after.Tokens(instrument) is not { } tokens) return;
        var token = tokens.Touching(new(first, first))[0];
        sql["INSERT INTO tokens VALUES(?1,?2,?3,9223372036854775807,?4,?5,?6,?7)"].With(thing).With(first).With(height).With(token.Units.Last)
            .With(NumberOf(token.Holder)).With((long)token.State).With(value.Span).Run();
        Take(token.Holder, Section.Instruments, thing);
        Take(token.Leg.From, Section.Instruments, thing);
        foreach (var burden in token.Encumbrances) Take(burden.Beneficiary, Section.Instruments, thing, isLasting: false);
    }

    // What a written record means for lists and sums.
    void Follow(ThingKey key, long thing, bool isNew)
    {
        switch (key.Section)
        {
            case Section.Parties when isNew && after.Party(key.Party) is { } party:
                sql["INSERT INTO parties VALUES(?1,?2,?3,?4,?5,?6,?7)"].With(thing).With(party.Id.Text).With(party.Name).With(party.Region).With(party.IndustryChain)
                    .With(party.Sponsor == default ? 0 : NumberOf(party.Sponsor)).With(height).Run();
                sql["INSERT INTO names(rowid, name) VALUES(?1,?2)"].With(thing).With(party.Name).Run();
                break;
            case Section.Instruments when after.Instrument(new(key.Id)) is { } instrument:
                Follow(instrument, thing, isNew);
                break;
            case Section.Offers when after.Offer(new(key.Id)) is { } offer:
                List(ListOf.OpenFrom, NumberOf(offer.From), thing, offer.Status == OfferStatus.Open, isNew);
                List(ListOf.OpenTo, NumberOf(offer.To), thing, offer.Status == OfferStatus.Open, isNew);
                if (isNew) Share(offer, thing);
                break;
            case Section.Documents when after.Document(new Id<Document>(key.Id)) is { } document:
                if (isNew) Follow(document, thing);
                foreach (var bank in document.Reliant) Take(bank, Section.Documents, thing);
                break;
            case Section.Pledges when isNew && after.Pledge(new(ThingKey.IdIn(key.Key.Span))) is { } pledge:
                List(ListOf.Pledges, NumberOf(pledge.Pledgor), thing, isIn: true, isNew);
                List(ListOf.Pledges, NumberOf(pledge.Pledgee), thing, isIn: true, isNew);
                foreach (var side in (ReadOnlySpan<PartyId>)[pledge.Pledgor, pledge.Pledgee])
                {
                    Take(side, Section.Pledges, thing);
                    foreach (var use in pledge.Documents) Take(side, use.Document);
                }

                break;
            case Section.Financings when after.Financing(new(key.Id)) is { } financing:
                Follow(financing, thing, isNew);
                break;
            case Section.Lines when key.HasId && isNew && after.Line(new(key.Id)) is { } line:
                List(ListOf.Lines, NumberOf(line.Bank), thing, isIn: true, isNew);
                List(ListOf.Lines, NumberOf(line.Debtor), thing, isIn: true, isNew);
                Take(line.Bank, Section.Lines, thing);
                Take(line.Debtor, Section.Lines, thing);
                break;
            case Section.Measures when after.Measure(new(key.Id)) is { } measure:
                Follow(measure, thing, isNew);
                break;
            case Section.Freezes when (after.Freeze(new(key.Id)) ?? before.Freeze(new(key.Id))) is { } freeze:
                List(ListOf.Freezes, NumberOf(ThingKey.Of(freeze.Instrument)), thing, after.Freeze(freeze.Id) is not null, isNew);
                break;
            case Section.Payments when key.HasId && after.Payment(new(key.Id)) is { } payment:
                Follow(payment, thing, isNew);
                break;
            case Section.Payments when key.Key.Span[0] == 2 && after.Maturity(new(key.Id)) is { } maturity:
                Follow(maturity);
                break;
            default:
                break;
        }
    }

    // The register tells what becomes of every bill that it keeps.
    PartyId RegisterOf(Instrument? instrument) => instrument?.Bill is { RegisterIsLedger: false } ? after.Chain.BillRegister ?? default : default;

    // Whom a measure concerns: who made it, whom it is against, that one's bank, who gains, and who contested or decided it.
    HashSet<PartyId> Concerned(Measure measure) =>
    [
        measure.By, .. measure.Institutions, measure.Against, after.Party(measure.Against)?.Sponsor ?? default, measure.Gainer, measure.ContestedBy, measure.DecidedBy,
    ];

    void Follow(Measure measure, long thing, bool isNew)
    {
        foreach (var party in Concerned(measure))
        {
            if (party == default) continue;
            List(ListOf.OpenMeasures, NumberOf(party), thing, measure.Status is MeasureStatus.Standing or MeasureStatus.Contested, isNew);
            Take(party, Section.Measures, thing);
            if (measure.IsOnUnits) Take(party, Section.Offers, NumberOf(ThingKey.Of(new Id<Offer>(measure.Id.Value))));
        }

        foreach (var party in (HashSet<PartyId>)[measure.Against, after.Party(measure.Against)?.Sponsor ?? default])
            if (party != default) List(ListOf.ToContest, NumberOf(party), thing, measure.Status == MeasureStatus.Standing, isNew);
    }

    void Share(Offer offer, long thing)
    {
        foreach (var side in (ReadOnlySpan<PartyId>)[offer.From, offer.To])
        {
            Take(side, Section.Offers, thing);
            Take(side, offer.Instrument, isLasting: false);
            foreach (var use in offer.Documents) Take(side, use.Document, isLasting: false);
        }

        Take(RegisterOf(after.Instrument(offer.Instrument)), Section.Offers, thing);
    }

    void Follow(Instrument instrument, long thing, bool isNew)
    {
        foreach (var side in (ReadOnlySpan<PartyId>)
            [instrument.Obligor, instrument.Creditor, instrument.Bill?.Acceptor ?? default, instrument.Bill?.Drawer ?? default, RegisterOf(instrument)])
            Take(side, Section.Instruments, thing);
        var (obligor, creditor) = (NumberOf(instrument.Obligor), NumberOf(instrument.Creditor));
        if (isNew)
        {
            sql["INSERT INTO instruments VALUES(?1,?2,?3,?4,?5,?6)"].With(thing).With((long)instrument.Kind).With(obligor).With(creditor)
                .With(instrument.Currency.Code).With(height).Run();
            List(ListOf.OwedBy, obligor, thing, isIn: true, isNew);
            List(ListOf.OwedTo, creditor, thing, isIn: true, isNew);
        }

        List(ListOf.Owing, obligor, thing, instrument.Status == InstrumentStatus.Active, isNew);
        List(ListOf.ToConfirm, obligor, thing, instrument.Status == InstrumentStatus.Requested && instrument.Confirmation is not null, isNew);

        var was = before.Instrument(instrument.Id);
        if (instrument.Confirmation is { } claim)
        {
            var old = was?.Confirmation;
            if (old is null) Flowed(Flow.Requested, instrument, instrument.Creditor, Of(claim.Requested));
            var (confirmed, disputed) = (Of(claim.Confirmed) - Of(old?.Confirmed), Of(claim.Disputed) - Of(old?.Disputed));
            if (confirmed != 0) Flowed(Flow.Confirmed, instrument, instrument.Creditor, confirmed);
            if (disputed != 0) Flowed(Flow.Disputed, instrument, instrument.Creditor, disputed);
        }

        if (IsIssued(instrument) && !IsIssued(was)) Flowed(Flow.Issued, instrument, instrument.Creditor, Of(instrument.Face));
        if (instrument.Status == InstrumentStatus.Cancelled && IsIssued(was)) Flowed(Flow.Cancelled, instrument, instrument.Creditor, Of(instrument.Face));

        static bool IsIssued(Instrument? one) => one is { Status: InstrumentStatus.Active or InstrumentStatus.Settled };
    }

    void Follow(Financing financing, long thing, bool isNew)
    {
        var (applicant, financier) = (NumberOf(financing.Applicant), NumberOf(financing.Financier));
        if (isNew)
        {
            List(ListOf.Financings, applicant, thing, isIn: true, isNew);
            List(ListOf.Financings, financier, thing, isIn: true, isNew);
            List(ListOf.FinancingsOn, NumberOf(ThingKey.Of(financing.Instrument)), thing, isIn: true, isNew);
            foreach (var side in (ReadOnlySpan<PartyId>)[financing.Applicant, financing.Financier])
            {
                Take(side, Section.Financings, thing);
                Take(side, financing.Instrument);
                foreach (var document in financing.Documents) Take(side, document);
            }
        }

        Take(financing.Reviewer ?? default, Section.Financings, thing);

        List(ListOf.Lent, applicant, thing, financing.Status == FinancingStatus.Disbursed, isNew);
        List(ListOf.Lent, financier, thing, financing.Status == FinancingStatus.Disbursed, isNew);
        List(ListOf.Applied, financier, thing, financing.Status == FinancingStatus.Applied, isNew);
        if (after.Instrument(financing.Instrument) is not { } instrument) return;

        var was = before.Financing(financing.Id)?.Status ?? FinancingStatus.Applied;
        var money = Of(financing.Principal);
        if (IsPaidOut(financing.Status) && !IsPaidOut(was)) Flowed(Flow.Financed, instrument, financing.Applicant, money, financing.Financier);
        if (IsOver(financing.Status) && !IsOver(was)) Flowed(Flow.Repaid, instrument, financing.Applicant, money, financing.Financier);
        if (financing.Status == FinancingStatus.Disbursed && IsOver(was)) Flowed(Flow.Repaid, instrument, financing.Applicant, -money, financing.Financier);
        if (financing.Status is FinancingStatus.Reversed or FinancingStatus.Corrected && IsPaidOut(was))
            Flowed(Flow.Financed, instrument, financing.Applicant, -money, financing.Financier);

        static bool IsOver(FinancingStatus status) =>
            status is FinancingStatus.Repaid or FinancingStatus.Matured or FinancingStatus.BoughtBack or FinancingStatus.Settled;

        static bool IsPaidOut(FinancingStatus status) => status == FinancingStatus.Disbursed || IsOver(status);
    }

    void Follow(Payment payment, long thing, bool isNew)
    {
        if (after.Instrument(payment.Instrument) is not { } instrument) return;
        if (isNew)
        {
            List(ListOf.PaymentsOn, NumberOf(ThingKey.Of(payment.Instrument)), thing, isIn: true, isNew);
            Take(payment.Bank, payment.Instrument);
            foreach (var side in (ReadOnlySpan<PartyId>)[payment.Bank, instrument.Obligor, instrument.Bill?.Acceptor ?? default]) Take(side, Section.Payments, thing);
            var payees = new HashSet<PartyId>();
            foreach (var share in payment.Shares)
            {
                if (!payees.Add(share.Payee)) continue;
                List(ListOf.PaymentsTo, NumberOf(share.Payee), thing, isIn: true, isNew);
                Take(share.Payee, Section.Payments, thing);
            }

            if (!payment.Received.IsZero) Flowed(Flow.Paid, instrument, instrument.Obligor, Of(payment.Received), payment.Bank);
        }

        var known = before.Payment(payment.Id);
        foreach (var share in payment.Announced)
        {
            if (isNew) Await(share, thing, isOpen: true);
        }

        foreach (var share in known?.Announced ?? [])
        {
            if (!payment.Announced.Contains(share)) Await(share, thing, isOpen: false);
        }

        if (payment.Status == PaymentStatus.Returned && known is { Status: not PaymentStatus.Returned } && !known.Received.IsZero)
            Flowed(Flow.PaidBack, instrument, instrument.Obligor, Of(known.Received), payment.Bank);
    }

    // Whoever is to say whether money came sees it while it waits for that word.
    void Await(AnnouncedShare share, long thing, bool isOpen)
    {
        List(ListOf.PaymentsTo, NumberOf(share.Payee), thing, isOpen, isNew: false);
        foreach (var side in new HashSet<PartyId> { share.Payee, Rulebook.BankOf(after, share.Payee) })
        {
            List(ListOf.Announced, NumberOf(side), thing, isOpen, isNew: false);
            if (isOpen) Take(side, Section.Payments, thing);
        }
    }

    // What was not paid in time, told when the day is over; and again when it turns out that some of it had been, or that such money went back.
    void Follow(Maturity maturity)
    {
        if (after.Instrument(maturity.Instrument) is not { } instrument) return;
        var change = Unpaid(maturity) - Unpaid(before.Maturity(maturity.Instrument));
        if (change != 0) Flowed(Flow.Overdue, instrument, instrument.Obligor, change);

        static long Unpaid(Maturity? one) => one is null ? 0 : Of(one.Missed.Aggregate(Amount.Zero, static (sum, missed) => sum + missed.Unpaid));
    }

    void Follow(Document document, long thing)
    {
        var (seller, buyer, attester) = (NumberOf(document.Seller), NumberOf(document.Buyer), NumberOf(document.Attester));
        List(ListOf.SoldBy, seller, thing, isIn: true, isNew: true);
        List(ListOf.BoughtBy, buyer, thing, isIn: true, isNew: true);
        List(ListOf.AttestedBy, attester, thing, isIn: true, isNew: true);
        foreach (var side in (ReadOnlySpan<PartyId>)[document.Seller, document.Buyer, document.Attester]) Take(side, Section.Documents, thing);
        sql["INSERT INTO documents VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)"].With(thing).With((long)document.Kind).With(seller).With(buyer).With(document.Currency.Code)
            .With(document.Total.Minor).With(document.Date.DayNumber).With(attester).With(height).Run();
        WriteNearMatches(document, thing, seller, buyer, attester);
    }

    // Within a hundredth of the total and a month of the day. Only the nearest by total are kept: a seller with a fixed price is not a suspect each time.
    void WriteNearMatches(Document document, long thing, long seller, long buyer, long attester)
    {
        const int mostPerDocument = 10;
        const int days = 31;
        var total = document.Total.Minor;
        var near = sql["""
            SELECT thing, total, day, attester FROM documents WHERE seller=?1 AND buyer=?2 AND kind=?3 AND total BETWEEN ?4 AND ?5
            AND currency=?6 AND day BETWEEN ?7 AND ?8 AND thing<>?9 ORDER BY abs(total-?10), thing LIMIT ?11
            """].With(seller).With(buyer).With((long)document.Kind).With(total - (total / 100)).With(total + (total / 100)).With(document.Currency.Code)
            .With(document.Date.DayNumber - days).With(document.Date.DayNumber + days).With(thing).With(total).With(mostPerDocument)
            .All(row => (Thing: row.Long(0), Total: row.ULong(1), Day: row.Int(2), Attester: row.Long(3)));
        foreach (var one in near)
        {
            var (sameTotal, sameDay) = (one.Total == total, one.Day == document.Date.DayNumber);
            var grade = sameTotal && sameDay ? 3 : sameTotal || sameDay ? 2 : 1;
            sql["INSERT INTO near VALUES(?1,?2,?3,?4,?5)"].With(++lastNear).With(one.Thing).With(thing).With(grade).With(height).Run();
            foreach (var bank in (ReadOnlySpan<long>)[one.Attester, attester]) sql["INSERT OR IGNORE INTO near_of VALUES(?1,?2)"].With(bank).With(lastNear).Run();
        }
    }

    void Flowed(Flow flow, Instrument instrument, PartyId party, long amount, PartyId bank = default) =>
        sql["INSERT INTO flows VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)"].With(++lastFlow).With((long)flow).With(height).With(NumberOf(ThingKey.Of(instrument.Id)))
            .With(NumberOf(party)).With(NumberOf(instrument.Obligor)).With(bank == default ? 0 : NumberOf(bank)).With(instrument.Currency.Code)
            .With(amount).Run();

    static long Of(Amount? amount) => (long)(amount?.Minor ?? 0);

    void List(ListOf list, long owner, long thing, bool isIn, bool isNew)
    {
        if (isIn)
        {
            sql["INSERT OR IGNORE INTO lists VALUES(?1,?2,9223372036854775807,?3,?4)"].With((long)list).With(owner).With(thing).With(height).Run();
        }
        else if (!isNew)
        {
            sql["UPDATE lists SET to_height=?1 WHERE list=?2 AND owner=?3 AND to_height=9223372036854775807 AND thing=?4"]
                .With(height).With((long)list).With(owner).With(thing).Run();
        }
    }

    /// <summary>The number of a party, made when it is first met.</summary>
    public long NumberOf(PartyId party)
    {
        if (parties.TryGetValue(party, out var known)) return known;
        return parties[party] = Number(ThingKey.Of(party), height > 0 && (mustLookUp || before.Party(party) is not null));
    }

    public long NumberOf(ThingKey key)
    {
        if (key.Section == Section.Parties) return NumberOf(key.Party);
        if (key.HasId)
        {
            // As an id of whatever kind, which nobody can choose to share its hash with others.
            var id = new Id<Instrument>(key.Id);
            if (ids.TryGetValue((key.Section, id), out var known)) return known;
            return ids[(key.Section, id)] = Number(key, mustLookUp || IsIn(before, key));
        }

        if (others.TryGetValue(key, out var other)) return other;

        // These are written once: a number on a paper, a bank's reference, a register's message.
        var isOnce = key.Section is Section.Fingerprints or Section.Numbers || (key.Section, key.Key.Span[0]) is (Section.Payments, 1) or (Section.Attestations, 2);
        return others[key] = Number(key, mayBeKnown: !isOnce);
    }

    long Number(ThingKey key, bool mayBeKnown)
    {
        if (mayBeKnown && Things.Find(sql, key) is var found and > 0) return found;
        sql["INSERT INTO things VALUES(?1,?2,?3,?4)"].With(++lastThing).With((long)key.Section).With(key.Key.Span).With(height).Run();
        WriteKey(KeyKind.Thing, Things.Hash(key), lastThing);
        created.Add(lastThing);
        return lastThing;
    }

    void WriteKey(KeyKind kind, Hash256 hash, long target) => WriteKey(kind, Things.Hash(kind, 0, hash.ToBytes()), target);

    void WriteKey(KeyKind kind, long hash, long target) =>
        sql["INSERT INTO keys VALUES(?1,?2,?3,?4)"].With(bucket).With(hash).With((long)kind).With(target).Run();

    static string VerbsOf(Transaction transaction)
    {
        if (transaction.Operations.Count == 1) return transaction.Operations[0].Kind;
        var all = new List<string>();
        foreach (var operation in transaction.Operations)
        {
            var verb = operation.Kind;
            if (all.Count == 0 || all[^1] != verb) all.Add(verb);
        }

        return string.Join(',', all);
    }
}
