using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Suites;
using static Ledger.Tests.World;

namespace Ledger.Tests.Laws;

/// <summary>
/// Makes the next act of a random history out of what stands in the book: mostly what would be taken, often with one thing wrong. One number
/// decides everything about a step, so that a failing history shrinks to the steps that matter.
/// </summary>
sealed class Story(NaiveLedger book, int seed)
{
    readonly Random chance = new(seed);

    /// <summary>Some milliseconds to let pass before the act, often none.</summary>
    public long Pause => chance.Next(12) switch
    {
        0 => Timestamp.Minute * chance.Next(1, 10),
        1 => Timestamp.Hour * chance.Next(1, 30),
        2 => Timestamp.Day * chance.Next(1, 20),
        3 => chance.Next(1, 100_000),
        _ => 0,
    };

    /// <summary>Transactions with the parties whose first keys sign them; more than one when the last stands on papers that the others bring.</summary>
    public IEnumerable<(Transaction Transaction, PartyId[] Signers)> Acts()
    {
        var acts = new List<(Transaction, PartyId[])>(BothSides());
        if (acts.Count > 0) return acts;
        var (by, operation) = Operation(acts);
        if (chance.Next(8) == 0 || by == Stranger) by = Pick(NaiveLedger.Everybody);

        var operations = chance.Next(12) == 0 && NaiveLedger.Everybody.Contains(by) ? [operation, Operation(acts).Operation] : (ValueList<Operation>)[operation];
        var powers = book.Powers.Values.Where(power => power.Principal == by).ToArray();
        var agent = powers.Length > 0 && chance.Next(3) > 0 ? Pick(powers).Agent : chance.Next(40) == 0 ? Pick(NaiveLedger.Everybody) : by;
        var transaction = Draft(agent, agent == by ? null : by, operations);
        acts.Add((transaction, Signers(transaction)));
        return acts;
    }

    (PartyId By, Operation Operation) Operation(List<(Transaction, PartyId[])> before) => chance.Next(110) switch
    {
        < 6 => (AnyBank(), Attest()),
        < 10 => (AnyBank(), RedLetter()),
        < 16 => Request(),
        < 22 => Confirm(),
        < 25 => OfNote((_, note) => note.Obligor, (id, _) => new Dispute(id, Digest())),
        < 36 => Issue(before),
        < 54 => OfDeal(deal => deal.To, id => new AcceptOffer(id)),
        < 57 => OfDeal(deal => deal.To, id => new DeclineOffer(id)),
        < 60 => OfDeal(deal => deal.From, id => new WithdrawOffer(id)),
        < 80 => Transfer(before),
        < 84 => Freeze(),
        < 86 => Unfreeze(),
        < 90 => Pledge(before),
        < 92 => Release(),
        < 95 => OfNote((_, note) => note.Obligor, (id, _) => new CancelReceivable(id)),
        < 97 => Grant(),
        < 98 => chance.Next(3) == 0 ? Control() : Grant(),
        < 99 => Revoke(),
        >= 100 => Govern(before),
        _ => (Off(2, X, Y), chance.Next(8) == 0 ? new ReportLost(AnyParty()) : new RevokeMandate(AnyOf(book.Powers))),
    };

    AttestDocument Attest() => Attest(AnyParty(), AnyParty(), chance.Next(60));

    AttestDocument Attest(PartyId seller, PartyId buyer, int total)
    {
        // Few numbers, so that some come again, told as before or otherwise.
        var number = new Hash256(77, (UInt128)chance.Next(1, 40));
        var kind = chance.Next(8) switch { 0 => DocumentKind.Contract, 1 => DocumentKind.Waybill, _ => DocumentKind.Invoice };
        var known = book.Papers.Values.FirstOrDefault(paper => paper.Number == number && paper.Kind == kind);
        if (known is not null && chance.Next(2) == 0) (seller, buyer, total) = (known.Seller, known.Buyer, known.Total);
        return new(
            chance.Next(20) == 0 ? AnyOf(book.Papers) : Fresh<Document>(), kind, seller, buyer, Currency.Cny, new((ulong)total),
            known?.Date ?? Off(20, book.Today, book.Today.AddDays(1)), Digest(), Numbered(Fingerprint.SchemeOf(kind), number), Numbered(Fingerprint.SkeletonScheme, Looks(number)),
            Distinct(seller, number));
    }

    AttestRedLetter RedLetter()
    {
        var document = AnyOf(book.Papers);
        var kind = book.Papers.TryGetValue(document, out var paper) ? paper.Kind : DocumentKind.Invoice;
        var number = new Hash256(77, (UInt128)chance.Next(1, 80));
        return new(
            document, Minor(0, 30), Off(20, book.Today, book.Today.AddDays(1)), Digest(), Numbered(Fingerprint.SchemeOf(kind), number),
            Numbered(Fingerprint.SkeletonScheme, Looks(number)), Distinct(paper?.Seller ?? A, number));
    }

    // Neighbouring numbers look alike.
    static Hash256 Looks(Hash256 number) => new(number.High, number.Low / 3);

    ValueList<Id<Document>> Distinct(PartyId seller, Hash256 number) => chance.Next(8) switch
    {
        0 => [],
        1 => [AnyOf(book.Papers)],
        _ => [.. book.Alike(seller, Looks(number))],
    };

    ValueList<Fingerprint> Numbered(string scheme, Hash256 number) =>
        [.. Enumerable.Range(1, Off(20, book.Minutes.Epochs, book.Minutes.Epochs + 1)).Select(epoch =>
            new Fingerprint(scheme, (uint)epoch, epoch == 1 ? number : new Hash256((UInt128)epoch, number.Low)))];

    (PartyId By, Operation Operation) Request() => (
        Pick(A, B, D),
        new RequestConfirmation(
            NoteId(), Off(6, C, AnyParty()), Currency.Cny, Minor(0, 60), Off(20, book.Today, book.Today.AddDays(1)), Pick(SizeClass.Large, SizeClass.Small),
            Pick(SizeClass.Small, SizeClass.Large), Digest()));

    (PartyId By, Operation Operation) Confirm() => OfNote((_, note) => note.Obligor, (id, note) => new Confirm(
        id, Off(3, new Amount((ulong)note.Requested), Minor(0, 61)), Promise, chance.Next(2) == 0 ? Digest() : null));

    (PartyId By, Operation Operation) Issue(List<(Transaction, PartyId[])> before)
    {
        var confirmed = book.Notes.Where(note => note.Value.Status == InstrumentStatus.Confirmed).ToArray();
        var (id, note) = confirmed.Length > 0 && chance.Next(2) == 0 ? Pick(confirmed) : new(NoteId(), new NaiveLedger.Note(C, Pick(A, B, D, X), 0));
        var amount = note.Confirmed > 0 ? note.Confirmed : chance.Next(0, 60);
        return (note.Obligor, new IssueReceivable(
            OfferId(), id, Off(15, note.Creditor, AnyParty()), Currency.Cny, Off(15, new Amount((ulong)amount), Minor(0, 60)),
            Off(15, book.Today, book.Today.AddDays(-1)), book.Today.AddDays(chance.Next(0, 60)), Off(10, true, false),
            Backing(before, note.Creditor, note.Obligor, amount), Term(), Off(15, note.Confirmed > 0, false) ? null : Promise));
    }

    (PartyId By, Operation Operation) Transfer(List<(Transaction, PartyId[])> before)
    {
        var live = book.Notes.Where(note => note.Value.Units.Length > 0).ToArray();
        if (live.Length == 0) return Issue(before);
        var (id, note) = Pick(live);
        var from = Pick(note.Units).Holder;
        var to = Off(5, Off(4, Pick(A, B, D, X), note.Obligor), AnyParty());
        var held = Enumerable.Range(1, note.Units.Length).Where(unit => note.Units[unit - 1].Holder == from).ToArray();
        var first = Off(8, Pick(held), chance.Next(1, note.Units.Length + 3));
        var last = chance.Next(4) switch
        {
            0 => first + chance.Next(0, 10),
            1 => held[^1] < first ? first : held[^1],
            2 => note.Units.Length < first ? first : note.Units.Length,
            _ => RunFrom(note, first),
        };
        var isSum = chance.Next(4) == 0;
        var amount = isSum ? chance.Next(0, held.Length + 2) : last - first + 1;
        return (from, new Transfer(
            OfferId(), id, to, Off(40, TransferCause.Trade, TransferCause.Issue), chance.Next(2) == 0, Backing(before, to, from, amount), Term(),
            Off(40, !isSum, isSum) ? new Interval((ulong)first, (ulong)last) : null, Off(40, isSum, !isSum) ? new Amount((ulong)amount) : null));
    }

    static int RunFrom(NaiveLedger.Note note, int first)
    {
        var last = first;
        while (last < note.Units.Length && note.Units[last].Holder == note.Units[first - 1].Holder && note.Units[last].Burdens.Count == 0) last++;
        return last;
    }

    (PartyId By, Operation Operation) Freeze()
    {
        // Whoever froze units may come for them again.
        var known = AnyOf(book.Stops);
        if (chance.Next(3) == 0 && book.Stops.TryGetValue(known, out var stop))
        {
            var place = Array.FindIndex(book.Notes[stop.Note].Units, unit => unit.Burdens.Any(burden => (burden.Kind, burden.By) == (EncumbranceKind.Freeze, known.Value)));
            if (place >= 0)
                return (stop.By, new FreezeUnits(FreezeId(), stop.Note, "法院", Digest(), Digest(), book.Now.DateAt(480), new Interval((ulong)place + 1, (ulong)place + 1)));
        }

        var (_, operation) = OfNote((_, _) => X, (id, note) =>
        {
            var first = chance.Next(1, Math.Max(2, note.Face + 2));
            var authority = Off(15, "法院", "");
            var day = book.Now.DateAt(480).AddDays(Off(20, chance.Next(4) == 0 ? chance.Next(4, 60) : chance.Next(0, 4), -1));
            var freeze = new FreezeUnits(FreezeId(), id, authority, Digest(), Digest(), day);
            return chance.Next(3) == 0
                ? freeze with { Holder = note.Units.Length > 0 ? Pick(note.Units).Holder : A, Amount = new((ulong)chance.Next(0, 40)) }
                : freeze with { Units = new((ulong)first, (ulong)(first + chance.Next(0, 30))) };
        });
        return (AnyBank(), operation);
    }

    (PartyId By, Operation Operation) Unfreeze()
    {
        var id = AnyOf(book.Stops);
        var by = book.Stops.TryGetValue(id, out var stop) ? stop.By : X;
        return (by, chance.Next(3) == 0 ? new ExtendFreeze(id, book.Now.DateAt(480).AddDays(chance.Next(1, 90)), Digest()) : new UnfreezeUnits(id));
    }

    (PartyId By, Operation Operation) Pledge(List<(Transaction, PartyId[])> before)
    {
        var by = Pick(A, B, D, X);
        var amount = chance.Next(0, 30);
        return (by, new PledgeDocuments(
            OfferId(), Off(8, AnyBank(), AnyParty()), Currency.Cny, new((ulong)amount), Backing(before, by, Pick(C, A, B, D), amount), Term()));
    }

    (PartyId By, Operation Operation) Release()
    {
        var id = AnyOf(book.Liens);
        return (book.Liens.TryGetValue(id, out var lien) ? Off(6, lien.To, AnyParty()) : X, new ReleasePledge(id, chance.Next(2) == 0));
    }

    (PartyId By, Operation Operation) Grant()
    {
        var verbs = new[] { "offer.accept", "offer.decline", "offer.withdraw", "token.transfer", "receivable.issue", "receivable.cancel", "document.pledge", "document.release" };
        return (AnyParty(), new GrantMandate(
            chance.Next(10) == 0 ? AnyOf(book.Powers) : Fresh<Mandate>(), AnyParty(), [.. verbs.Where(_ => chance.Next(2) == 0).DefaultIfEmpty("offer.accept")],
            Currency.Cny, Minor(0, 60), chance.Next(2) == 0 ? [] : [Pick(NaiveLedger.Everybody), C], Term()));
    }

    // A motion of somebody who has a seat, mostly, and now and then the votes that carry it or do not.
    (PartyId By, Operation Operation) Govern(List<(Transaction, PartyId[])> before)
    {
        var minutes = book.Minutes;
        PartyId AnySeat() => Off(12, Pick(minutes.Seats.Keys.ToArray()), Pick(NaiveLedger.Everybody));
        var open = minutes.Motions.Where(motion => motion.Value.Status == ProposalStatus.Open).Select(motion => motion.Key).ToArray();
        if (open.Length > 0 && chance.Next(3) > 0) return (AnySeat(), new VoteOn(Off(12, Pick(open), AnyOf(minutes.Motions)), chance.Next(5) > 0));
        if (chance.Next(10) == 0)
        {
            var id = AnyOf(minutes.Motions);
            return (minutes.Motions.TryGetValue(id, out var motion) ? Off(6, motion.By, Pick(NaiveLedger.Everybody)) : X, new WithdrawProposal(id));
        }

        var by = AnySeat();
        var proposal = Motion(by);
        if (chance.Next(2) == 0) return (by, proposal);

        var made = Draft(by, null, [proposal]);
        before.Add((made, Signers(made)));
        foreach (var bank in minutes.Seats.Keys.Where(_ => chance.Next(5) > 0)) before.Add((Draft(bank, null, [new VoteOn(proposal.Proposal, chance.Next(8) > 0)]), [bank]));
        return (AnySeat(), new VoteOn(proposal.Proposal, IsFor: true));
    }

    Propose Motion(PartyId by)
    {
        var minutes = book.Minutes;
        var motion = new Propose(chance.Next(20) == 0 ? AnyOf(minutes.Motions) : Fresh<Proposal>(), ProposalAction.RolesGrant, Term());
        var role = Pick(Roles.CoreEnterprise, Roles.Supplier, Roles.Guarantor, Roles.Gateway, Roles.CoreEnterprise, Off(4, Roles.Platform, Roles.Bank));
        motion = chance.Next(minutes.MovesSeats ? 10 : 7) switch
        {
            0 or 1 => motion with { Action = Pick(ProposalAction.RolesGrant, ProposalAction.RolesWithdraw), Party = AnyParty(), Roles = role },
            2 or 3 => motion with { Action = ProposalAction.RulesAdopt, Rules = Rules() },
            4 or 5 => motion with { Action = ProposalAction.EpochOpen, Epoch = new((uint)(minutes.Epochs + Off(5, 1, 2)), Digest(), Off(5, AllKeys, [AllKeys[0]])) },
            6 => motion with { Action = ProposalAction.ProgrammeAdopt, Programme = new(Off(8, IndustryChain, Pick("", "另一产业链")), Settings()) },
            7 => motion with { Action = ProposalAction.ValidatorAdd, Party = Off(4, Pick(AllKeys.Select(key => key.Bank).Where(bank => !minutes.Seats.ContainsKey(bank)).DefaultIfEmpty(X).ToArray()), AnyParty()) },
            8 => motion with { Action = ProposalAction.ValidatorRemove, Party = Off(8, Pick(minutes.Seats.Keys.ToArray()), AnyParty()) },
            _ => chance.Next(3) == 0 ? motion with { Action = ProposalAction.ProtocolRaise, Version = minutes.Protocol + Off(4, 1u, 2u) } : motion with { Action = ProposalAction.NodeKeyRotate },
        };
        if (motion.Action is ProposalAction.ValidatorAdd or ProposalAction.NodeKeyRotate)
        {
            var key = Pick(NodeKeys.Where(key => !minutes.Seats.ContainsValue(key.PublicKey)).ToArray());
            var proof = key.Sign(Rulebook.NodeKeyText(minutes.Chain, Off(8, motion.Party ?? by, X), key.PublicKey));
            motion = motion with { NodeKey = Off(8, key.PublicKey, Pick(new ByteString(new byte[65]), Pick(minutes.Seats.Values.ToArray()))), Proof = new(proof) };
        }

        return chance.Next(15) == 0 ? motion with { Version = motion.Version is null ? 2u : null } : motion;
    }

    // Soon, and of what a history reads.
    DatedRules Rules()
    {
        var values = book.Minutes.Rules.First().Value.ToArray();
        values[(int)RuleParameter.MinimumTransfer - 1] = chance.Next(1, 5);
        values[(int)RuleParameter.MaximumDepth - 1] = chance.Next(1, 5);
        if (chance.Next(8) == 0) values[(int)RuleParameter.DueDateRollsOver - 1] ^= 1;
        return new(book.Today.AddDays(chance.Next(0, 4)), new([.. values]));
    }

    ProgrammeSettings Settings() => new(
        book.Today.AddDays(Off(12, chance.Next(1, 4), Pick(0, 367))), (ushort)Off(12, chance.Next(1, 3), 0), 12, 10_000, (ushort)chance.Next(0, 3), chance.Next(6) == 0);

    // Of itself, mostly, and by the two banks now and then.
    (PartyId By, Operation Operation) Control()
    {
        var party = AnyParty();
        var by = Off(3, party, AnyBank());
        return (by, new DeclareControl(party, chance.Next(5) == 0 ? null : Off(4, Pick(C, A, B, D, Stranger), AnyParty()), Digest()));
    }

    // Now and then an agent of who asked is given the answer as well.
    IEnumerable<(Transaction, PartyId[])> BothSides()
    {
        var asked = (from deal in book.Deals
                     where deal.Value.Status == OfferStatus.Open
                     from power in book.Powers.Values
                     where power.Principal == deal.Value.From && power.Agent != deal.Value.To
                     select (deal.Key, deal.Value.To, power.Agent)).ToArray();
        if (asked.Length == 0 || chance.Next(6) > 0) yield break;
        var (offer, by, agent) = Pick(asked);
        yield return (Draft(by, null, [new GrantMandate(Fresh<Mandate>(), agent, ["offer.accept", "offer.decline"], Currency.Cny, new(60), [], Term())]), [by]);
        yield return (Draft(agent, by, [chance.Next(2) == 0 ? new AcceptOffer(offer) : new DeclineOffer(offer)]), [agent]);
    }

    (PartyId By, Operation Operation) Revoke()
    {
        var id = AnyOf(book.Powers);
        return (book.Powers.TryGetValue(id, out var power) ? power.Principal : X, new RevokeMandate(id));
    }

    (PartyId By, Operation Operation) OfNote(Func<Id<Instrument>, NaiveLedger.Note, PartyId> actor, Func<Id<Instrument>, NaiveLedger.Note, Operation> operation)
    {
        var (id, note) = book.Notes.Count > 0 ? Pick(book.Notes.ToArray()) : new(NoteId(), new(C, A, 9));
        if (chance.Next(20) == 0) id = NoteId();
        return (actor(id, note), operation(id, note));
    }

    (PartyId By, Operation Operation) OfDeal(Func<NaiveLedger.Deal, PartyId> actor, Func<Id<Offer>, Operation> operation)
    {
        var open = book.Deals.Where(deal => deal.Value.Status == OfferStatus.Open).ToArray();
        if (open.Length > 0 && chance.Next(6) > 0)
        {
            var (id, deal) = Pick(open);
            return (actor(deal), operation(id));
        }

        var any = AnyOf(book.Deals);
        return (book.Deals.TryGetValue(any, out var known) ? actor(known) : A, operation(any));
    }

    /// <summary>Papers that cover the amount: such as stand in the book when they do, or one that is attested first; seldom wrong ones.</summary>
    ValueList<DocumentUse> Backing(List<(Transaction, PartyId[])> before, PartyId seller, PartyId buyer, int amount)
    {
        if (chance.Next(25) == 0) return [];
        var fitting = book.Papers.Where(paper => paper.Value.Seller == seller && paper.Value.Buyer == buyer && paper.Value.Kind == DocumentKind.Invoice).ToArray();
        if (fitting.Length > 0 && chance.Next(3) > 0)
        {
            var use = new DocumentUse(Pick(fitting).Key, new((ulong)Off(10, amount, chance.Next(0, 60))));
            return chance.Next(12) == 0 ? [use, new(AnyOf(book.Papers), Minor(0, 5))] : [use];
        }

        var attest = Attest(seller, buyer, amount + chance.Next(0, 40));
        var bring = Draft(X, null, [attest]);
        before.Add((bring, attest.DistinctFrom.Count > 0 && seller != Y ? [X, seller, Y] : [X, seller]));
        return [new(attest.Document, new((ulong)amount))];
    }

    PartyId[] Signers(Transaction transaction)
    {
        var signers = new HashSet<PartyId> { transaction.Party };
        foreach (var operation in transaction.Operations)
        {
            if (operation is AttestDocument attest && chance.Next(10) > 0) signers.Add(attest.Seller);
            if (operation is AttestDocument { DistinctFrom.Count: > 0 } or AttestRedLetter { DistinctFrom.Count: > 0 } && chance.Next(4) > 0) signers.UnionWith([X, Y]);
            if (operation is FreezeUnits or ExtendFreeze or DeclareControl && chance.Next(2) == 0) signers.UnionWith([X, Y]);
            if (operation is Propose { NodeKey: not null, Party: { } joins } && chance.Next(4) > 0) signers.Add(joins);
            if (operation is CancelReceivable cancel && book.Notes.TryGetValue(cancel.Instrument, out var note) && chance.Next(3) > 0) signers.Add(note.Creditor);
        }

        if (chance.Next(6) == 0) signers.Add(AnyParty());
        return [.. signers.Order()];
    }

    Transaction Draft(PartyId by, PartyId? principal, ValueList<Operation> operations) =>
        new(by, principal, Fresh<Transaction>(), book.Now.Add(5 * Timestamp.Minute), operations);

    // An offer and a freeze may have the same id: they are chosen by different clients.
    Id<Freeze> FreezeId() => chance.Next(4) == 0 ? new(AnyOf(book.Deals).Value) : Fresh<Freeze>();

    Id<Offer> OfferId() => chance.Next(30) == 0 ? AnyOf(book.Deals) : Fresh<Offer>();

    // A few, mostly, and now and then one that says another day.
    Id<Instrument> NoteId() => book.Notes.Count > 4 && chance.Next(30) > 0 ? Pick(book.Notes.Keys.ToArray()) : new(Uuid7.Of(Timestamp.StartOf(book.Today, 480).Add(chance.Next(60) == 0 ? -Timestamp.Hour : 0), (UInt128)chance.Next(1, 6)));

    Id<TNoun> Fresh<TNoun>()
    {
        var some = (UInt128)chance.NextInt64(1_000, long.MaxValue);
        var when = chance.Next(400) switch
        {
            0 => -Timestamp.Day - 1,
            1 => -Timestamp.Day,
            2 => 10 * Timestamp.Minute,
            3 => (10 * Timestamp.Minute) + 1,
            _ => chance.Next(0, 1_000),
        };
        return new(chance.Next(400) == 0 ? some : Uuid7.Of(book.Now.Add(when), some));
    }

    Id<TNoun> AnyOf<TNoun, TValue>(IEnumerable<KeyValuePair<Id<TNoun>, TValue>> known)
    {
        var ids = known.Select(pair => pair.Key).ToArray();
        return ids.Length > 0 && chance.Next(15) > 0 ? Pick(ids) : Fresh<TNoun>();
    }

    // A whole minute, soon, in some days or at the very end of what is allowed; seldom none of these.
    Timestamp Term() => book.Now.CeilingMinute().Add(chance.Next(8) switch
    {
        0 => Timestamp.Minute * chance.Next(0, 3),
        1 => (30 * Timestamp.Day) - Timestamp.Minute,
        2 => chance.Next(4) == 0 ? 1 : Timestamp.Hour,
        _ => Timestamp.Minute * chance.Next(2, 20_000),
    });

    Hash256 Digest() => new(1, (UInt128)chance.Next(1, int.MaxValue));

    Amount Minor(int least, int most) => new((ulong)chance.Next(least, most + 1));

    PartyId AnyParty() => chance.Next(60) == 0 ? Stranger : Pick(NaiveLedger.Everybody);

    PartyId AnyBank() => Pick(X, Y);

    /// <summary>The right thing, or once in <paramref name="seldom"/> the other.</summary>
    T Off<T>(int seldom, T right, T wrong) => chance.Next(seldom) == 0 ? wrong : right;

    T Pick<T>(params T[] choices) => choices[chance.Next(choices.Length)];

    static readonly SigningKey[] NodeKeys = [.. Enumerable.Range(0, 8).Select(static _ => SigningKey.Create(KnownSuites.P256))];

    static readonly ValueList<SealedEpochKey> AllKeys = [.. new[] { X, Y, Z, W }.Order().Select(bank => new SealedEpochKey(bank, "sealed"))];
}
