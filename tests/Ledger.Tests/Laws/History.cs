using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Tests.Rules.Governance;
using static Ledger.Tests.World;

namespace Ledger.Tests.Laws;

/// <summary>
/// The core and the schoolbook tell the same history side by side. Deciding verifies no signatures, so here nothing is signed and a history of
/// many acts takes milliseconds.
/// </summary>
sealed class History
{
    static readonly History Beginning = Begin();

    readonly HashSet<Refusal> seen = [];
    readonly HashSet<DeadlineKind> left = [];

    History(LedgerState state, NaiveLedger book) => (State, Book) = (state, book);

    /// <summary>Two certificates are in their first holders' hands.</summary>
    public History()
        : this(Beginning.State, Beginning.Book.Copy())
    {
    }

    public LedgerState State { get; private set; }

    public NaiveLedger Book { get; private set; }

    /// <summary>Every answer that the history drew.</summary>
    public IReadOnlySet<Refusal> Seen => seen;

    /// <summary>What kinds of things left the state.</summary>
    public IReadOnlySet<DeadlineKind> Left => left;

    /// <summary>One step, after which core and book agree; an assertion fails where they do not.</summary>
    public void Step(int seed)
    {
        var story = new Story(Book, seed);
        Pass(story.Pause);
        foreach (var (transaction, signers) in story.Acts()) Answer(transaction, signers);
    }

    void Pass(long milliseconds)
    {
        if (milliseconds == 0) return;
        var now = State.Now.Add(milliseconds);
        Happen(new BlockOpened(State.Height + 1, now, X, now, State.Height + 2, 1));
        while (State.NextDeadline is { } due && due.At <= State.Now) Happen(Rulebook.Fire(State, due));
        Book.Pass(now);
        Agree();
    }

    void Answer(Transaction transaction, PartyId[] signers)
    {
        var keys = (ValueList<KeyId>)[.. signers.Where(Book.Minutes.Roles.ContainsKey).Select(party => Key(party))];
        var signed = new SignedTransaction(transaction, default, new(1, transaction.Id.Value), new(2, transaction.Id.Value), keys, default);
        var before = State = State.WithoutChanges();
        var (code, after) = Book.Try(transaction, signers);
        var decision = Rulebook.Decide(State, signed);
        seen.Add(decision.Code);

        if (code != decision.Code) Assert.Fail($"the core says {decision.Code}, the book {code}, to {transaction}");
        NobodyConfirmsByItself(decision);
        var isAttempt = (ushort)code is >= 5000 and < 6000;
        Assert.Equal(!isAttempt || Book.RecordsAttempt(transaction.Principal, decision.Facts.Subject), Rulebook.IsWorthRecording(State, signed, decision));
        if (decision.IsEntry && Rulebook.IsWorthRecording(State, signed, decision))
        {
            State = decision.After;
            foreach (var happened in Rulebook.Record(before, signed, decision)) State = happened.Enact(State);
            if (!decision.IsAccepted) OnlyTheRecordChanged(before);
        }

        Book = after;
        Agree();
    }

    void Happen(LedgerEvent happened)
    {
        var before = State;
        State = happened.Enact(State).WithoutChanges();
        if (happened is ThingLeft gone) left.Add(gone.When);

        // Silence never confirms: no deadline makes a claim one that its obligor acknowledged.
        foreach (var instrument in State.AllInstruments) Assert.Equal(before.Instrument(instrument.Id)?.Confirmation?.Confirmed, instrument.Confirmation?.Confirmed);
    }

    static void NobodyConfirmsByItself(Decision decision)
    {
        foreach (var happened in decision.Events) Assert.False(happened is ConfirmationOverdue or OfferClosed { How: OfferStatus.Expired });
    }

    /// <summary>A refusal changes nothing but used ids and quotas.</summary>
    void OnlyTheRecordChanged(LedgerState before)
    {
        for (var change = State.Changes; change is not null; change = change.Earlier)
            Assert.True(change.Section is Section.UsedIds or Section.Quotas, $"a refusal wrote into {change.Section}");
        State = State.WithoutChanges();
        Assert.Equal(before.NextDeadline, State.NextDeadline);
    }

    void Agree()
    {
        Assert.Equal(Book.Papers.Count, State.AllDocuments.Count());
        foreach (var document in State.AllDocuments)
        {
            var paper = Book.Papers[document.Id];
            Assert.Equal((ulong)paper.RedLetters, document.RedLetters.Minor);
            Assert.Equal((ulong)paper.Promised.Sum(use => use.Amount), document.Reserved.Minor);
            Assert.Equal((ulong)paper.Used.Sum(use => use.Amount), document.Used.Minor);
            // Only a red letter leaves more taken than there is: no act does.
            Assert.True(document.Taken <= document.Total);
        }

        foreach (var party in NaiveLedger.Everybody)
        {
            var owner = Book.Owners.GetValueOrDefault(party);
            var control = State.Control(party);
            Assert.Equal((owner?.Now ?? default, owner?.IsOwnWord ?? false), (control?.Controller ?? default, control?.IsOwnWord ?? false));
            Assert.Equal(owner?.Before ?? [], [.. (control?.Former ?? []).Select(one => (one.Controller, one.Until))]);
        }

        AgreeOnMinutes(Book.Minutes);
        Assert.Equal(Book.Deals.Count, State.AllOffers.Count());
        foreach (var offer in State.AllOffers) Assert.Equal(Book.Deals[offer.Id].Status, offer.Status);
        Assert.All(Book.Liens, lien => Assert.Equal(lien.Value.ReleasedAt is not null, State.Pledge(lien.Key)?.Released));
        Assert.Equal((Book.Liens.Count, Book.Stops.Count), (State.AllPledges.Count(), State.AllFreezes.Count()));
        Assert.Equal(Book.Notes.Count, State.AllInstruments.Count());
        foreach (var instrument in State.AllInstruments) Agree(instrument, Book.Notes[instrument.Id]);
    }

    void AgreeOnMinutes(MinuteBook minutes)
    {
        Assert.Equal(minutes.Motions.Count, State.AllProposals.Count());
        foreach (var proposal in State.AllProposals)
        {
            var motion = minutes.Motions[proposal.Id];
            Assert.Equal((motion.By, motion.Status, motion.Due), (proposal.Proposer, proposal.Status, proposal.DueAt));
            Assert.Equal(motion.Said, proposal.Votes.Select(vote => (vote.Bank, vote.IsFor)));
        }

        Assert.True(minutes.Seats.SequenceEqual(State.Validators.Select(one => KeyValuePair.Create(one.Bank, one.NodeKey))), "others have a seat");
        Assert.True(minutes.Rules.SequenceEqual(State.RuleSets.Select(rules => KeyValuePair.Create(rules.From, rules.Values))), "other rules were adopted");
        foreach (var (chain, settings) in minutes.Programmes)
        {
            var programme = State.Programme(chain);
            Assert.Equal(settings.Values.LastOrDefault(one => one.From <= Book.Today), programme?.At(Book.Today));
            Assert.Equal(settings.Values.Where(one => one.From > Book.Today), programme?.Settings.Where(one => one.From > Book.Today));
        }

        Assert.Equal(minutes.Programmes.Count, State.ProgrammeCount);
        foreach (var (party, roles) in minutes.Roles) Assert.Equal(roles, State.Party(party)?.Roles);
        Assert.Equal((minutes.Epochs, minutes.Protocol), (State.Epochs.Count, State.Protocol.Number));
    }

    void Agree(Instrument instrument, NaiveLedger.Note note)
    {
        Assert.Equal(note.Status, instrument.Status);
        Assert.Equal((ulong)note.Face, instrument.Face.Minor);
        Assert.Equal(note.IsOverdue, instrument.Confirmation?.Overdue);
        var tokens = State.Tokens(instrument.Id) is { } known ? known.Span : default;
        Assert.Equal(note.Runs, tokens.Length);

        // The tokens follow each other without gap or overlap from 1 to the face, and neighbours differ: so says the count of runs.
        ulong next = 1;
        foreach (var token in tokens)
        {
            Assert.Equal(next, token.Units.First);
            next = token.Units.Last + 1;
            Assert.True(token.Encumbrances.Count(burden => burden.Kind != EncumbranceKind.Freeze) <= 1, "units are promised twice");
            var queue = token.Encumbrances.Where(burden => burden.Kind == EncumbranceKind.Freeze).Select(burden => burden.Since).ToArray();
            Assert.True(queue.SequenceEqual(queue.Order()), "freezes do not wait in the order in which they came");
            for (var unit = token.Units.First; unit <= token.Units.Last; unit++) Agree(token, note.Units[unit - 1]);
        }

        Assert.Equal(tokens.IsEmpty ? 1 : instrument.Face.Minor + 1, next);
    }

    static void Agree(Token token, NaiveLedger.Unit unit)
    {
        Assert.Equal(unit.Holder, token.Holder);
        Assert.Equal(unit.Gone, token.State != UnitState.Live);
        Assert.Equal(unit.Act, token.Leg.Act);
        Assert.Equal(unit.Depth, token.Leg.Depth);
        Assert.True(unit.Burdens.SequenceEqual(token.Encumbrances.Select(burden => (burden.Kind, burden.Reference, burden.Until))));
    }

    static History Begin()
    {
        using var world = new World(Morning, genesis => With(
            genesis with { RetentionDays = NaiveLedger.RetentionDays, Voting = genesis.Voting with { PendingProposals = 1 }, Validators = [.. FourBanks.All.Where(bank => bank != W).Select(bank => new FoundingValidator(bank, default))] },
            (RuleParameter.MinimumTransfer, NaiveLedger.MinimumTransfer), (RuleParameter.MaximumDepth, NaiveLedger.MaximumDepth),
            (RuleParameter.MaximumTokens, NaiveLedger.MaximumTokens), (RuleParameter.AttemptsPerDay, NaiveLedger.AttemptsPerDay)));
        var history = new History(world.State, new() { Now = world.State.Now, Minutes = MinuteBook.Of(world.State, movesSeats: true) });
        foreach (var (number, (holder, face)) in new[] { (A, 40UL), (B, 25UL) }.Index())
        {
            var paper = world.Attestation(DocumentKind.Invoice, $"{number}", holder, C, face) with { Document = world.Named<Document>(90 + (UInt128)number) };
            var issue = world.Issuing(holder, face, new DocumentUse(paper.Document, new(face))) with { Instrument = world.Named<Instrument>(1 + (UInt128)number) };
            history.Answer(world.Draft(X, paper), [X, holder]);
            history.Answer(world.Draft(C, issue), [C]);
            history.Answer(world.Draft(holder, new AcceptOffer(issue.Offer)), [holder]);
        }

        Assert.Equal([Refusal.None], history.seen);
        return history;
    }
}
