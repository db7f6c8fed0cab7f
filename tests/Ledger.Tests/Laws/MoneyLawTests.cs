using FsCheck;
using FsCheck.Fluent;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Strangers;
using static Ledger.Tests.World;
using Interval = Ledger.Core.Primitives.Interval;

namespace Ledger.Tests.Laws;

/// <summary>
/// Whatever banks lend on certificates that change hands, are frozen, extended, paid and fall with their obligor: after every block no money is paid
/// twice or to a stranger, no unit is promised twice, no line is overdrawn, a bank's reference is spent once on a value date, and what was refused has left no trace.
/// </summary>
public class MoneyLawTests
{
    const int Longest = 70;

    // So that measures take effect within the pauses of a history.
    static readonly (RuleParameter, long) ShortContest = (RuleParameter.ContestHours, 4);

    static readonly (RuleParameter, long) Reserving = (RuleParameter.PledgeReservation, 1);

    static readonly Beginning Begun = Begin();

    [Law]
    public Property Money_units_and_lines_add_up_in_every_history() =>
        Prop.ForAll(Seeds.UpTo(Longest), steps =>
        {
            var history = new Unsigned(Begun);
            foreach (var seed in steps) history.Step(seed);
            RestoreLaw.Holds(history.State);
        });

    [Fact]
    public void A_signed_history_replays_to_the_same_roots_its_audit_finds_no_fault_and_a_stranger_computes_them() =>
        Check.One(Thorough.Config.WithMaxTest(Thorough.IsAsked ? 300 : 6), Prop.ForAll(Seeds.UpTo(Longest), steps =>
        {
            using var world = new World(ShortContest, Reserving);
            var history = new Signed(world, Prepare(world));
            foreach (var seed in steps) history.Step(seed);
            RestoreLaw.Holds(world.Genesis, world.Blocks, world.Blocks.Count / 2, world.Blocks.Count);
            var folder = Directory.CreateTempSubdirectory("ledger-money-").FullName;
            try
            {
                AuditFindsNoFault(world, world.WriteTo(folder));
                var (code, said) = Python.Start("state_machine.py", folder);
                Assert.True(code == Python.Verified, said);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }));

    [Fact]
    public void The_histories_reach_what_they_are_about()
    {
        var seen = new HashSet<string>();
        for (var round = 0; round < 200; round++)
        {
            var history = new Unsigned(Begun);
            for (var step = 0; step < Longest; step++) history.Step((round * 1_000) + step);
            seen.UnionWith(history.Seen);
        }

        string[] about =
        [
            .. new[]
            {
                "SetLine", "ApplyForFinancing", "AttestRegistry", "AttestPledge", "ApproveFinancing", "Disburse", "Repay", "BuyBack", "SettleFinancing", "WithdrawFinancing",
                "ReleaseFinancing", "ReverseFinancing", "CorrectFinancing", "AcceptOffer", "DeclineOffer", "WithdrawOffer", "CorrectTransfer", "FreezeUnits",
                "UnfreezeUnits", "ReceivePayment", "ConfirmPayment", "DenyPayment", "ReturnPayment", "DisputePayment", "ClaimCosts", "ExtendDueDate", "DeclareInsolvent", "DeclareSolvent",
                "ContestMeasure", "DecideMeasure",
            }.Select(verb => $"{verb} None"),
            .. Causes.Where(cause => cause != TransferCause.Sale).Select(cause => $"accepted {cause}"), "Transfer SaleIsFinancing",
            "Transfer UnitsReserved", "Transfer UnitsCommitted", "Transfer UnitsPledged", "Transfer UnitsFrozen", "ApplyForFinancing UnitsReserved",
            "ReceivePayment PayeeNotEntitled", "ReceivePayment PaymentFrozen", "ReceivePayment BankReferenceUsed", "ApproveFinancing LineExhausted", "ApproveFinancing PledgeReservationMissing", "ApproveFinancing PledgeReservationEnds", "ReturnPayment LaterActsRely",
            "FinancingLapsed", "PaymentBecameOverdue", "AnnouncementLapsed", "announced",
            "MeasureTookEffect", "MeasureLapsed", "Transfer TwoInstitutionsMissing", "AcceptOffer MeasureNotInForce",
            "AcceptOffer MeasureIsContested",
        ];
        Assert.Empty(about.Except(seen));
    }

    static readonly TransferCause[] Causes =
    [
        TransferCause.Trade, TransferCause.Sale, TransferCause.Realisation, TransferCause.Recourse, TransferCause.Subrogation, TransferCause.Succession,
        TransferCause.Court, TransferCause.Conversion,
    ];

    static void AuditFindsNoFault(World world, string folder)
    {
        var audit = new ChainAudit(world.Genesis, verifySignatures: true);
        var again = new List<Hash256>();
        audit.OnBlock = folded => again.Add(folded.Block.Header.StateRoot);
        var name = SegmentCodec.FileName(0);
        Assert.Null(audit.Read(name, File.ReadAllBytes(Path.Combine(folder, name))));
        Assert.Null(audit.Finish(name));
        Assert.Equal(world.Blocks.Select(block => block.Header.StateRoot), again);
        Assert.Equal(world.Fold.Checkpoint, audit.Fold.Checkpoint);
    }

    /// <summary>What every history begins with: certificates, lines, two financings, and papers of everybody on everybody that trades can cite.</summary>
    sealed record Beginning(
        LedgerState State, Id<Instrument>[] Notes, Id<CreditLine>[] Lines, IReadOnlyDictionary<(PartyId Seller, PartyId Buyer), Id<Document>> Papers);

    static Beginning Begin()
    {
        using var world = new World(ShortContest, Reserving);
        return Prepare(world);
    }

    static Beginning Prepare(World world)
    {
        world.Lends();
        world.Accepts(X, new FileAccount(Lending.Account), Key(Y));
        var kept = world.Line(C, 150, CreditMode.Earmarked);
        Id<CreditLine>[] lines = [world.Line(C, 70), kept, world.Line(A, 40, CreditMode.Supplier)];
        Id<Instrument>[] notes =
        [
            Issued(world, A, 60, 6, issue => issue with { Line = kept, LateRate = new(40_000) }),
            Issued(world, D, 90, 6, issue => issue),
            Issued(world, B, 80, 2, issue => issue with { LateRate = new(90_000) }),
        ];
        world.Financed(D, world.Applying(notes[1], FinancingForm.PledgeLoan, 1, 40), lines[0]);
        world.Financed(B, world.Applying(notes[2], FinancingForm.RecourseFactoring, 11, 40));
        var papers = new Dictionary<(PartyId, PartyId), Id<Document>>();
        foreach (var seller in new[] { A, B, D, X })
        {
            foreach (var buyer in new[] { A, B, D, X }.Where(buyer => buyer != seller)) papers[(seller, buyer)] = world.Invoice(seller, buyer, 100_000);
        }

        return new(world.State.WithoutChanges(), notes, lines, papers);
    }

    static Id<Instrument> Issued(World world, PartyId creditor, ulong amount, int months, Func<IssueReceivable, IssueReceivable> shape)
    {
        var issue = shape(world.Issuing(creditor, amount, new DocumentUse(world.Invoice(creditor, C, amount), new(amount))));
        issue = issue with { DueDate = issue.IssueDate.AddMonths(months) };
        world.Accepts(C, issue);
        world.Accepts(creditor, new AcceptOffer(issue.Offer));
        return issue.Instrument;
    }

    /// <summary>One history; how its acts are carried out is its heir's.</summary>
    abstract class History : MoneyActs
    {
        readonly Beginning beginning;
        readonly HashSet<string> seen = [];
        readonly HashSet<(DateOnly ValueDate, string Text)> spent = [];
        readonly ConsentLaw consent = new();

        protected History(Beginning beginning) => (this.beginning, State) = (beginning, beginning.State);

        public IReadOnlySet<string> Seen => seen;

        public void Step(int seed)
        {
            var chance = new Random(seed);

            // Most pauses are short; some end reservations and offers, and once in a while certificates fall due.
            var pause = chance.Next(120) switch { 0 => 190 * Timestamp.Day, 1 => 40 * Timestamp.Day, < 6 => 2 * Timestamp.Day, < 16 => 5 * Timestamp.Hour, _ => Timestamp.Minute };
            foreach (var happened in Pass(pause)) seen.Add(happened.GetType().Name);
            Hold();

            var act = Next(chance);
            var before = State;
            var (code, events) = Do(act.By, act.Operation, act.With);
            seen.Add($"{act.Operation.GetType().Name} {code}");
            foreach (var happened in events) Check(before, happened, act);
            if (code == Refusal.None) Happened(before, act.Operation);
            if (code == Refusal.None) SpendsOnce(act.Operation);
            if (code == Refusal.None) consent.Saw(before, State, act.By, act.Operation, [.. act.With.Prepend(act.By).Distinct()]);
            Hold();
        }

        /// <summary>Time passes in a block of its own, so that no act is judged beside deadlines.</summary>
        protected abstract IEnumerable<LedgerEvent> Pass(long milliseconds);

        protected abstract (Refusal Code, ValueList<LedgerEvent> Events) Do(PartyId by, Operation operation, PartyId[] with);

        (PartyId By, Operation Operation, PartyId[] With) Next(Random chance)
        {
            var note = Pick(chance, beginning.Notes);
            var known = State.AllFinancings.OrderBy(financing => financing.Id).ToArray();
            var ahead = known.Where(financing => IsRunning(financing) && financing.Status != FinancingStatus.Disbursed).ToArray();
            var open = State.AllOffers.Where(offer => offer.Status == OfferStatus.Open).OrderBy(offer => offer.Id).ToArray();
            var transfers = State.AllOffers.Where(offer => offer is { Kind: OfferKind.Transfer, Status: OfferStatus.Accepted }).OrderBy(offer => offer.Id).ToArray();
            var measures = State.AllMeasures.Where(measure => measure.Status is MeasureStatus.Standing or MeasureStatus.Contested).OrderBy(measure => measure.Id).ToArray();
            var isAnnounced = State.Announcements(note).Any(payment => payment.OpenAt(State.Now).Count > 0);
            return chance.Next(48) switch
            {
                < 12 when ahead.Length > 0 => GoesOn(chance, chance.Next(4) > 0 ? ahead[^1] : Pick(chance, ahead), beginning.Lines),
                > 33 when isAnnounced && chance.Next(4) == 0 => Answers(chance, note),
                > 43 when measures.Length > 0 => Objects(chance, Pick(chance, measures)),
                < 14 or 41 or 42 or > 43 when known.Length > 0 => GoesOn(chance, Pick(chance, known), beginning.Lines),
                < 17 => Applies(chance, note),
                17 => (X, SettingLine(Pick(chance, beginning.Lines), (ulong)chance.Next(0, 160)), []),
                < 25 when open.Length > 0 => Answers(chance, chance.Next(3) == 0 ? Pick(chance, open) : open[^1]),
                < 29 => Moves(chance, note),
                29 => Freezes(chance, note),
                30 => Unfreezes(chance, note),
                31 when transfers.Length > 0 => Corrects(transfers[^1]),
                32 => Lump(chance, note),
                < 35 => Again(chance, ForUnits(chance, note)),
                35 => Back(chance),
                36 => (C, new DisputePayment(AnyPayment(chance), new(1, 1)), []),
                37 => Costs(chance, note),
                38 => (C, new ExtendDueDate(note, Assert.IsType<Instrument>(State.Instrument(note)).DueDate.AddDays(chance.Next(1, 60))), [A, B, D, X, Y]),
                39 or 40 when chance.Next(3) > 0 => Answers(chance, note),
                43 when chance.Next(3) > 0 => chance.Next(2) == 0
                    ? (Y, new DeclareSolvent(New<Measure>(), C, new(4, 4)), [Z])
                    : (Y, new DeclareInsolvent(New<Measure>(), C, State.Today.AddDays(-chance.Next(3)), "示例人民法院", new(4, 4)), [Z]),
                _ => Applies(chance, note),
            };
        }

        (PartyId, Operation, PartyId[]) Applies(Random chance, Id<Instrument> note)
        {
            var token = Pick(chance, Tokens(note));
            return (token.Holder, Applying(chance, note, token, Part(chance, token.Units)), []);
        }

        // Those whom a measure is against object to it now and then, and others try; a third institution decides.
        (PartyId, Operation, PartyId[]) Objects(Random chance, Measure measure) => measure.Status == MeasureStatus.Contested
            ? (Pick(chance, X, Y, Z, W), new DecideMeasure(measure.Id, chance.Next(2) == 0, new(5, 7)), [])
            : (Pick(chance, measure.Against, BankOf(measure.Against), B), new ContestMeasure(measure.Id, new(5, 8)), []);

        static (PartyId, Operation, PartyId[]) Answers(Random chance, Offer offer) => chance.Next(10) switch
        {
            0 => (offer.To, new DeclineOffer(offer.Id), []),
            1 => (offer.From, new WithdrawOffer(offer.Id), []),
            _ => (offer.To, new AcceptOffer(offer.Id), []),
        };

        // Causes that rest on a burden or on a leg look for one; every cause is tried now and then where it has no place.
        (PartyId, Operation, PartyId[]) Moves(Random chance, Id<Instrument> note)
        {
            var tokens = Tokens(note);
            var isPledged = tokens.Any(token => token.State == UnitState.Live && token.Encumbrances.Any(burden => burden.Kind == EncumbranceKind.Pledge));
            var cause = isPledged && chance.Next(3) == 0 ? TransferCause.Realisation : Pick(chance, Causes);
            var wanted = cause switch { TransferCause.Realisation => EncumbranceKind.Pledge, TransferCause.Court => EncumbranceKind.Freeze, _ => default };
            var fitting = tokens.Where(one => cause == TransferCause.Recourse ? one.Leg.Recourse : wanted == default || one.Encumbrances.Any(burden => burden.Kind == wanted)).ToArray();
            var token = Pick(chance, fitting.Length > 0 ? fitting : tokens);
            var holder = token.Holder;
            var ground = token.Encumbrances.FirstOrDefault(burden => burden.Kind == wanted).Beneficiary;
            var by = cause switch
            {
                TransferCause.Realisation or TransferCause.Court => ground.Text is null ? Y : ground,
                TransferCause.Succession => BankOf(holder),
                _ => holder,
            };
            var to = cause switch
            {
                TransferCause.Conversion => C,
                TransferCause.Recourse => token.Leg.From,
                TransferCause.Sale => Pick(chance, X, Y),
                _ => Pick(chance, A, B, D, X),
            };
            PartyId? from = cause is TransferCause.Realisation or TransferCause.Court or TransferCause.Succession ? holder : null;
            var units = Part(chance, token.Units);
            var papers = cause == TransferCause.Trade && beginning.Papers.TryGetValue((to, holder), out var paper) ? (ValueList<DocumentUse>)[new(paper, units.Amount)] : [];
            var isHolders = from is null || chance.Next(3) == 0;
            Hash256? evidence = cause is TransferCause.Conversion or TransferCause.Subrogation || from is not null ? new(3, 3) : null;
            return (by, new Transfer(
                New<Offer>(), note, to, cause, Recourse: cause == TransferCause.Sale || (cause == TransferCause.Trade && chance.Next(2) == 0), papers, State.Now.CeilingMinute().Add(Timestamp.Day * chance.Next(1, 3)), units,
                From: from, Evidence: evidence), isHolders ? [holder, by == X ? Y : X] : chance.Next(8) == 0 ? [Z] : [Z, W]);
        }

        (PartyId, Operation, PartyId[]) Freezes(Random chance, Id<Instrument> note)
        {
            var units = Part(chance, Pick(chance, Tokens(note)).Units);
            return (Pick(chance, X, Y), new FreezeUnits(
                New<Freeze>(), note, "示例人民法院", new(5, 5), new(5, 6), State.Today.AddDays(chance.Next(1, 40)), units), [X, Y]);
        }

        (PartyId, Operation, PartyId[]) Unfreezes(Random chance, Id<Instrument> note)
        {
            var freezes = Tokens(note).SelectMany(token => token.Encumbrances).Where(burden => burden.Kind == EncumbranceKind.Freeze).ToArray();
            if (freezes.Length == 0) return Freezes(chance, note);
            var freeze = Pick(chance, freezes);
            return (freeze.Beneficiary, new UnfreezeUnits(new(freeze.Reference)), []);
        }

        (PartyId, Operation, PartyId[]) Corrects(Offer transfer)
        {
            var former = Tokens(transfer.Instrument).First(token => token.Units.Overlaps(transfer.Units[0])).Leg.From;
            return (transfer.To, new CorrectTransfer(transfer.Id, Lending.P), [former, Lending.P]);
        }

        // A reference that a bank sends twice is refused, whatever the rest says.
        (PartyId, Operation, PartyId[]) Again(Random chance, (PartyId By, Operation Operation, PartyId[] With) act) =>
            spent.Count > 0 && chance.Next(10) == 0 && act.Operation is ReceivePayment receipt ? (act.By, receipt with { Reference = spent.First().Text }, act.With) : act;

        static Interval Part(Random chance, Interval units)
        {
            if (chance.Next(3) > 0) return units;
            var first = units.First + (ulong)chance.NextInt64((long)units.Length);
            return new(first, first + (ulong)chance.NextInt64((long)(units.Last - first + 1)));
        }

        void Check(LedgerState before, LedgerEvent happened, (PartyId By, Operation Operation, PartyId[] With) act)
        {
            if (happened is PaymentReceived received) OnlyTheEntitledArePaid(before, received.Payment, PayeeOf, act.With.Append(act.By));
            if (happened is PaymentReceived { Payment.Announced.Count: > 0 }) seen.Add("announced");
            if (happened is OfferAccepted accepted && before.Offer(accepted.Offer) is { Kind: OfferKind.Transfer } offer) seen.Add($"accepted {offer.Cause}");
        }

        void SpendsOnce(Operation operation)
        {
            (DateOnly, string)? reference = operation switch
            {
                Disburse act => (State.Today, act.BankReference),
                Repay act => (State.Today, act.BankReference),
                SettleFinancing act => (State.Today, act.BankReference),
                BuyBack act => (State.Today, act.BankReference),
                ReverseFinancing act => (State.Today, act.BankReference),
                ReceivePayment act => (act.ValueDate, act.Reference),
                ReturnPayment act => (State.Today, act.Reference),
                ConfirmPayment act => (State.Payment(act.Announced)?.ValueDate ?? default, act.Reference),
                _ => null,
            };
            if (reference is { } told) Assert.True(spent.Add(told), $"{told} is spent twice");
        }

        void Hold()
        {
            LinesHold();
            foreach (var (date, text) in spent) Assert.NotNull(State.BankReference(date, text));
            foreach (var note in beginning.Notes) Holds(Assert.IsType<Instrument>(State.Instrument(note)), Tokens(note));
        }

        void Holds(Instrument note, Token[] tokens)
        {
            // No bank says more on its way than is due; and what waits for an answer is found by its instrument.
            Alike.InOrder(
                State.AllPayments.Where(payment => payment.Instrument == note.Id && payment.Announced.Count > 0).Select(payment => payment.Id).Order(),
                State.Announcements(note.Id).Select(payment => payment.Id));
            Assert.All(State.Announcements(note.Id), payment => Assert.NotEqual(PaymentStatus.Returned, payment.Status));


            // Paid by the payments that stand, once each; extinguished at home; the rest is owed: together the face, without gap or overlap.
            var paid = State.AllPayments.Where(payment => payment.Instrument == note.Id && payment.Status != PaymentStatus.Returned)
                .SelectMany(payment => payment.Shares).SelectMany(share => share.Retired).SelectMany(Units).ToArray();
            Assert.Equal(paid.Length, paid.Distinct().Count());
            Alike.InOrder(paid.Order(), UnitsIn(tokens, UnitState.Paid));
            Assert.All(tokens.Where(token => token.State == UnitState.Extinguished), token => Assert.Equal(note.Obligor, token.Holder));
            Alike.InOrder(Enumerable.Range(1, (int)note.Face.Minor).Select(unit => (ulong)unit), tokens.SelectMany(token => Units(token.Units)));
            Assert.Equal(tokens.All(token => token.State != UnitState.Live), note.Status == InstrumentStatus.Settled);

            foreach (var token in tokens)
            {
                var held = token.Encumbrances.Where(burden => burden.Kind is EncumbranceKind.Reservation or EncumbranceKind.Commitment && burden.BindsAt(State.Now)).ToArray();
                Assert.True(held.Length <= 1, "units are promised to two banks");
                foreach (var burden in held)
                {
                    var financing = Assert.IsType<Financing>(State.Financing(new(burden.Reference)));
                    var status = burden.Kind == EncumbranceKind.Reservation ? [FinancingStatus.Applied] : new[] { FinancingStatus.Approved, FinancingStatus.Registered };
                    Assert.Contains(financing.Status, status);
                    Assert.Equal((financing.Financier, note.Id), (burden.Beneficiary, financing.Instrument));
                    Assert.Contains(financing.Units, units => units.Contains(token.Units));
                }
            }

            foreach (var financing in State.AllFinancings.Where(one => one.Instrument == note.Id && one.Status is FinancingStatus.Applied or FinancingStatus.Approved or FinancingStatus.Registered))
            {
                foreach (var token in tokens.Where(token => financing.Units.Any(units => units.Overlaps(token.Units))))
                    Assert.Contains(token.Encumbrances, burden => burden.Reference == financing.Id.Value);
                if (State.Reservation(financing.Id) is { } reservation) Assert.Equal((financing.Instrument, financing.Units), (reservation.Instrument, reservation.Units));
            }
        }

        static IEnumerable<ulong> UnitsIn(Token[] tokens, UnitState state) => tokens.Where(token => token.State == state).SelectMany(token => Units(token.Units));

        static IEnumerable<ulong> Units(Interval units)
        {
            for (var unit = units.First; unit <= units.Last; unit++) yield return unit;
        }
    }

    /// <summary>Deciding verifies no signatures, so here nothing is signed.</summary>
    sealed class Unsigned(Beginning beginning) : History(beginning)
    {
        protected override IEnumerable<LedgerEvent> Pass(long milliseconds)
        {
            var now = State.Now.Add(milliseconds);
            State = new BlockOpened(State.Height + 1, now, X, now, State.Height + 2, 1).Enact(State);
            var fired = new List<LedgerEvent>();
            while (State.NextDeadline is { } due && due.At <= State.Now)
            {
                fired.Add(Rulebook.Fire(State, due));
                State = fired[^1].Enact(State);
            }

            State = State.WithoutChanges();
            return fired;
        }

        protected override (Refusal, ValueList<LedgerEvent>) Do(PartyId by, Operation operation, PartyId[] with)
        {
            var transaction = new Transaction(by, null, New<Transaction>(), State.Now.Add(Timestamp.Minute), [operation]);
            var signed = new SignedTransaction(
                transaction, default, new(1, transaction.Id.Value), new(2, 2), [.. with.Prepend(by).Distinct().Order().Select(party => Key(party))], default);
            var decision = Rulebook.Decide(State, signed);
            if (Rulebook.IsWorthRecording(State, signed, decision))
            {
                var recorded = Rulebook.Record(State, signed, decision);
                State = recorded.Aggregate(decision.After, static (after, happened) => happened.Enact(after));
                for (var change = State.Changes; change is not null && !decision.IsAccepted; change = change.Earlier)
                    Assert.True(change.Section is Section.UsedIds or Section.Quotas, $"a refusal wrote into {change.Section}");
            }

            State = State.WithoutChanges();
            return (decision.Code, decision.Events);
        }
    }

    /// <summary>Every transaction signed, read, verified and folded as a node does it.</summary>
    sealed class Signed : History
    {
        readonly World world;

        public Signed(World world, Beginning beginning)
            : base(beginning) => this.world = world;

        protected override IEnumerable<LedgerEvent> Pass(long milliseconds)
        {
            var block = world.Pass(milliseconds);
            State = block.State;
            return block.Opening;
        }

        protected override (Refusal, ValueList<LedgerEvent>) Do(PartyId by, Operation operation, PartyId[] with)
        {
            var before = Roots();
            var answer = world.Submit(by, operation, [.. with.Where(party => party != by).Distinct().Select(party => Key(party))]);
            State = world.State;
            var changed = Roots().Index().Where(root => root.Item != before[root.Index]).Select(root => (Section)(root.Index + 1));
            if (answer.Code != Refusal.None) Assert.Empty(changed.Except([Section.UsedIds, Section.Clocks, Section.Quotas]));
            return (answer.Code, answer.Events);
        }

        ValueList<Hash256> Roots() => world.Fold.Prove(Section.Parties, [0]).SectionRoots;
    }
}
