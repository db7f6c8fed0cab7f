using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Rules.Bills;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules;

/// <summary>What is over leaves the state when the chain's retention is over, whole and at one time for all; what is outstanding stays as long as it is.</summary>
public class RetentionTests
{
    const int Days = 30;
    const long Month = Days * Timestamp.Day;

    [Fact]
    public void An_answered_offer_stays_for_the_retention_and_leaves_in_its_minute()
    {
        using var world = Short();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 10);
        world.Accepts(A, trade);
        world.Skip(world.Clock.Add(Timestamp.Minute + 1));
        world.Accepts(B, new DeclineOffer(trade.Offer));
        var leaves = world.Clock.Add(Month).CeilingMinute();
        Assert.Equal(world.Clock, world.Offer(trade.Offer).EndedAt);

        world.Until(leaves.Add(-1));
        Assert.NotNull(world.State.Offer(trade.Offer));
        var block = world.Until(leaves);
        Assert.Contains(block.Opening, happened => happened is ThingLeft { When: DeadlineKind.OfferLeaves, Records.Count: 1 } left && left.Id == trade.Offer.Value);
        Assert.Null(world.State.Offer(trade.Offer));
    }

    [Fact]
    public void What_is_outstanding_stays()
    {
        using var world = Short();
        var note = world.Certificate(A, 100);
        var half = world.Invoice(A, C, 50);
        var pledge = new PledgeDocuments(world.New<Offer>(), X, Currency.Cny, new(50), [new(half, new(50))], world.Tomorrow);
        world.Accepts(A, pledge);
        world.Accepts(X, new AcceptOffer(pledge.Offer));

        world.Pass(20 * Month);

        Assert.Equal(InstrumentStatus.Active, world.Instrument(note).Status);
        Assert.Equal(100UL, world.Tokens(note)[0].Units.Last);
        Assert.NotNull(world.State.Offer(world.Instrument(note).IssueOffer));
        Assert.False(world.State.Pledge(pledge.Offer)!.Released);
        world.Accepts(X, new ReleasePledge(pledge.Offer, DebtWasPaid: true));
        world.Pass(2 * Month);
        Assert.Null(world.State.Pledge(pledge.Offer));
    }

    [Fact]
    public void A_paid_debt_leaves_with_all_that_was_on_it_and_its_papers_stay_used()
    {
        using var world = Short().Lends();
        var claim = world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100))) with { Number = "P-1" };
        world.Accepts(C, claim);
        world.Accepts(A, new AcceptOffer(claim.Offer));
        world.Financed(A, world.Applying(claim.Instrument, FinancingForm.NonRecourseFactoring, 1, 40));
        world.Hands(claim.Instrument, A, B, 41, 60);
        Pays(world, claim.Instrument);
        Assert.Equal(InstrumentStatus.Settled, world.Instrument(claim.Instrument).Status);

        world.Pass(Month + (2 * Timestamp.Day));

        var left = world.State.AllRecords().Select(record => record.Section).ToHashSet();
        Assert.DoesNotContain(Section.Instruments, left);
        Assert.DoesNotContain(Section.Tokens, left);
        Assert.DoesNotContain(Section.Offers, left);
        Assert.DoesNotContain(Section.Financings, left);
        Assert.DoesNotContain(Section.Attestations, left);
        Assert.DoesNotContain(Section.Payments, left);
        Assert.Equal(new(100), world.Document(claim.Documents[0].Document).Used);
        Assert.True(world.State.IsNumberUsed("P-1"));
        world.Refuses(Refusal.NumberInUse, C, world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100))) with { Number = "P-1" });
    }

    /// <summary>What ended before its instrument leaves before it by itself; what ended after it does not stay behind alone.</summary>
    [Fact]
    public void An_offer_that_ended_after_its_instrument_leaves_with_it()
    {
        using var world = Short();
        var note = world.Certificate(A, 100);
        var before = world.Trade(note, A, B, 1, 10);
        world.Accepts(A, before);
        world.Accepts(B, new DeclineOffer(before.Offer));
        world.Until(Timestamp.StartOf(world.Instrument(note).DueDate, 480).Add(-Timestamp.Hour));
        var after = world.Trade(note, A, B, 1, 10) with { Expires = world.Clock.Add(3 * Timestamp.Day).CeilingMinute() };
        world.Accepts(A, after);
        Pays(world, note);
        var settled = world.Instrument(note).EndedAt;
        Assert.Null(world.State.Offer(before.Offer));
        Assert.True(world.State.IsOpen(note));

        world.Until(after.Expires);
        Assert.Equal(after.Expires, world.Offer(after.Offer).EndedAt);
        Assert.False(world.State.IsOpen(note));
        var block = world.Until(settled.Add(Month).CeilingMinute());

        Assert.Contains(
            block.Opening,
            happened => happened is ThingLeft { When: DeadlineKind.InstrumentLeaves } left && left.Records.Any(static record => record.Section == Section.Offers));
        Assert.Null(world.State.Instrument(note));
        Assert.Null(world.State.Offer(after.Offer));
    }

    [Fact]
    public void The_state_follows_what_is_outstanding_and_not_what_was()
    {
        using var world = Short().Lends();
        var sizes = new List<int>();
        for (var round = 0; round < 4; round++)
        {
            var note = world.Certificate(A, 100);
            world.Hands(note, A, B, 1, 30);
            world.Financed(A, world.Applying(note, FinancingForm.PledgeLoan, 31, 60));
            Pays(world, note);
            world.Pass(2 * Month);
            sizes.Add(world.State.AllRecords().Count(record => record.Section is not (Section.Documents or Section.Fingerprints or Section.Skeletons)));
        }

        Assert.Single(sizes.Distinct());
    }

    [Fact]
    public void Money_that_goes_back_in_time_keeps_its_debt_and_later_it_is_too_late()
    {
        using var world = Short();
        var (back, kept) = (world.Certificate(A, 100), world.Certificate(B, 100));
        world.Until("2026-09-14 09:00:00");
        var (first, second) = (world.Receipt(back, PaymentOutcome.Paid, 100), world.Receipt(kept, PaymentOutcome.Paid, 100));
        world.Accepts(X, first);
        world.Accepts(X, second);

        world.Pass(Month - Timestamp.Hour);
        world.Accepts(X, new ReturnPayment(first.Payment, world.Reference()));
        world.Pass(2 * Timestamp.Hour);

        Assert.Equal(InstrumentStatus.Active, world.Instrument(back).Status);
        Assert.Null(world.State.Instrument(kept));
        world.Refuses(Refusal.PaymentNotFound, X, new ReturnPayment(second.Payment, world.Reference()));
        world.Refuses(Refusal.PaymentNotFound, B, new DisputePayment(second.Payment, new(1, 1)));
        world.Refuses(Refusal.InstrumentNotFound, X, world.Receipt(kept, PaymentOutcome.Paid, 1));
    }

    [Fact]
    public void A_mistake_is_corrected_in_time_or_not_at_all()
    {
        using var world = Short();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 10);
        world.Accepts(A, trade);
        world.Accepts(B, new AcceptOffer(trade.Offer));
        world.Pass(Month + Timestamp.Minute);

        world.Refuses(Refusal.OfferNotFound, B, new CorrectTransfer(trade.Offer, Y), Key(A), Key(Y));
        Assert.Equal(B, world.Tokens(note)[0].Holder);
    }

    [Fact]
    public void An_id_that_left_does_not_come_back()
    {
        using var world = Short();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 10);
        world.Accepts(A, trade);
        world.Accepts(A, new WithdrawOffer(trade.Offer));
        world.Pass(Month + Timestamp.Minute);
        Assert.Null(world.State.Offer(trade.Offer));

        world.Refuses(Refusal.IdOfAnotherTime, A, trade with { Expires = world.Tomorrow });
    }

    [Fact]
    public void Whoever_endorsed_a_bill_is_liable_as_long_as_the_bill_lives()
    {
        using var story = new BillStory(shape: Forgetful);
        story.Issue();
        var endorsement = story.Endorse(A, B, new(1, 100));
        story.World.Until(BillStory.Maturity);
        story.Dishonour(B, new(1, 100));
        story.World.Pass(2 * Month);

        Assert.Equal(OfferStatus.Accepted, story.World.Offer(endorsement).Status);
        story.Recourse(B, new(1, 100), A, endorsement);
    }

    [Fact]
    public void A_bank_that_refinanced_what_it_bought_has_its_own_recourse_however_late_the_units_come_home()
    {
        using var world = Short().Lends();
        world.Accepts(X, new FileAccount(Lending.Account), Key(Y));
        var note = world.Certificate(A, 100);
        var line = world.Line(C, 100);
        var first = world.Financed(A, world.Applying(note, FinancingForm.RecourseFactoring, 1, 100), line);
        var second = world.Applying(note, FinancingForm.RecourseFactoring, 1, 100) with { Financier = Y };
        world.Accepts(X, second);
        world.IsClear(second.Financing);
        world.Accepts(Y, world.Approving(second.Financing), Key(Lending.P));
        world.IsRegistered(second.Financing);
        world.Accepts(Y, new Disburse(second.Financing, "Y PAYS X"));
        Assert.Equal(FinancingStatus.Matured, world.Financing(first).Status);

        world.Until("2026-09-15 09:00:00");
        world.Accepts(Y, new BuyBack(second.Financing, "X PAYS Y"), Key(X));

        Assert.Equal((FinancingStatus.Disbursed, new Amount(100)), (world.Financing(first).Status, world.Drawn(line)));
        world.Accepts(X, new BuyBack(first, "A PAYS X"), Key(A));
    }

    [Fact]
    public void An_application_that_came_to_nothing_leaves_by_itself()
    {
        using var world = Short().Lends();
        var apply = world.Applying(world.Certificate(A, 100), FinancingForm.PledgeLoan, 1, 10);
        world.Accepts(A, apply);
        world.Accepts(A, new WithdrawFinancing(apply.Financing));
        world.Pass(Month + Timestamp.Minute);

        Assert.Null(world.State.Financing(apply.Financing));
    }

    [Fact]
    public void A_reference_is_good_once_on_its_value_date_and_no_date_is_named_when_it_is_forgotten()
    {
        using var world = Short();
        var note = world.Certificate(A, 100);
        world.Until("2026-09-14 09:00:00");
        var date = world.State.Today;
        ReceivePayment Receipt(DateOnly day) => world.Receipt(note, PaymentOutcome.PartlyPaid, 10) with { Reference = "R-1", ValueDate = day };
        world.Accepts(X, Receipt(date));
        world.Pass(Timestamp.Day);
        world.Refuses(Refusal.BankReferenceUsed, X, Receipt(date));
        world.Accepts(X, Receipt(date.AddDays(1)));

        world.Until(Timestamp.StartOf(date.AddDays(Days + 1), 480).Add(-1));
        world.Refuses(Refusal.BankReferenceUsed, X, Receipt(date));
        Assert.NotNull(world.State.BankReference(date, "R-1"));
        var block = world.Until(Timestamp.StartOf(date.AddDays(Days + 1), 480));
        Assert.Contains(block.Opening, happened => happened is ThingLeft { When: DeadlineKind.ReferencesLeave } left && left.Id == (UInt128)date.DayNumber);
        Assert.Null(world.State.BankReference(date, "R-1"));
        Assert.NotNull(world.State.BankReference(date.AddDays(1), "R-1"));
        world.Refuses(Refusal.ValueDateTooOld, X, Receipt(date));
    }

    [Fact]
    public void What_the_registry_said_before_leaves_and_what_it_said_last_stays_with_its_financing()
    {
        using var world = Short().Lends();
        var note = world.Certificate(A, 100);
        var id = world.Financed(A, world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 40));
        var (query, registration) = (world.Financing(id).Query, world.Financing(id).Registration);
        Assert.Equal(3, Count(world, Section.Attestations));

        world.Pass(Month + Timestamp.Day);

        Assert.Equal(FinancingStatus.Disbursed, world.Financing(id).Status);
        Assert.NotNull(world.State.Attestation(query));
        Assert.NotNull(world.State.Attestation(registration));
        Assert.Equal(2, Count(world, Section.Attestations));
    }

    [Fact]
    public void A_party_stays_insolvent_until_it_is_not_and_what_was_never_in_force_leaves()
    {
        using var world = Short();
        world.Certificate(A, 100);
        world.BecomesInsolvent(C);
        world.Pass(12 * Month);
        world.Refuses(Refusal.AlreadyInsolvent, Y, world.Insolvency(C), Key(Z));

        world.Accepts(Y, new DeclareSolvent(world.New<Measure>(), C, new(6, 6)), Key(Z));
        world.ContestEnds();
        world.Pass(12 * Month);
        world.Accepts(Y, world.Insolvency(C), Key(Z));
    }

    /// <summary>One deadline costs no more than a stated number of records, and nobody meets half of what is going.</summary>
    [Fact]
    public void However_much_is_on_an_instrument_it_leaves_in_portions_and_itself_last()
    {
        const int units = 4_500;
        using var world = Short();
        var note = world.Certificate(A, units);
        Pays(world, note);

        // As many tokens as units, as if every fen had gone its own way.
        var paid = world.Tokens(note)[0];
        var state = world.State.With(note, Core.Instruments.Tokens.Of([.. Enumerable.Range(1, units).Select(unit => paid with { Units = new((ulong)unit, (ulong)unit) })])!);
        state = state.At(state.Height + 1, world.Instrument(note).EndedAt.Add(Month).CeilingMinute());

        var portions = new List<int>();
        while (state.NextDeadline is { } due && due.At <= state.Now)
        {
            var left = Assert.IsType<ThingLeft>(Rulebook.Fire(state, due));
            state = left.Enact(state);
            if (due.Kind != DeadlineKind.InstrumentLeaves) continue;
            portions.Add(left.Records.Count);
            Assert.Equal(left.Steps, left.Records.Count);
            if (state.Instrument(note) is null) continue;
            Assert.True(state.IsLeaving(note));
            Assert.Equal(due, state.NextDeadline);
            Assert.Equal(state.AllRecords(), LedgerState.Restore(state.Chain, state.Height, state.Now, state.AllRecords()).AllRecords());
        }

        Assert.All(portions, static portion => Assert.InRange(portion, 1, 1_002));
        Assert.Equal(5, portions.Count);
        Assert.DoesNotContain(state.AllRecords(), record => record.Section is Section.Tokens or Section.Instruments or Section.Offers);
        Assert.Empty(state.AllPayments);
    }

    [Fact]
    public void What_the_register_says_of_a_bill_whose_time_is_over_is_said_of_no_bill()
    {
        using var story = new BillStory(atRegister: true, shape: Forgetful);
        story.World.Accepts(C, BillStory.Drawing(story.World, story.Bill));
        story.Tell(BillStory.Whole, default, BillStory.Issued, done: false);
        var ended = story.World.Instrument(story.Bill).EndedAt;
        Assert.NotEqual(default, ended);

        // The block that is opened then has not been: nobody waits for a deadline.
        var late = story.State.At(story.State.Height, ended.Add(Month).CeilingMinute());
        var message = story.Message(BillStory.Whole, BillStory.Ended, BillStory.Ended);
        var by = new Act(Y, Y, [Key(Y)]);
        Assert.Equal(Refusal.InstrumentNotFound, Assert.IsType<Verdict.Refused>(message.Judge(late, by)).Refusal);
        Assert.IsType<Verdict.Accepted>(message.Judge(late.At(late.Height, late.Now.Add(-1)), by));
    }

    [Fact]
    public void A_claim_that_is_wholly_denied_leaves_and_one_that_is_confirmed_stays()
    {
        using var world = Short();
        var (denied, confirmed, silent) = (Requested(world), Requested(world), Requested(world));
        world.Accepts(C, new Dispute(denied, new(1, 1)));
        world.Accepts(C, new Confirm(confirmed, new(100), Promise));
        world.Pass(Month - Timestamp.Hour);
        world.Accepts(C, new Confirm(denied, new(60), Promise, new(1, 2)));
        var again = Requested(world);
        world.Accepts(C, new Dispute(again, new(1, 1)));
        world.Pass(Month + Timestamp.Minute);

        Assert.Equal(InstrumentStatus.Confirmed, world.Instrument(denied).Status);
        Assert.Equal(InstrumentStatus.Confirmed, world.Instrument(confirmed).Status);
        Assert.True(world.Instrument(silent).Confirmation!.Overdue);
        Assert.Null(world.State.Instrument(again));
        world.Refuses(Refusal.InstrumentNotFound, C, new Confirm(again, new(60), Promise, new(1, 2)));
    }

    [Fact]
    public void A_line_leaves_after_its_last_day_when_nothing_is_drawn_on_it()
    {
        using var world = Short().Lends();
        var (idle, used) = (world.Line(C, 100), world.Line(C, 100));
        var note = world.Certificate(A, 100);
        world.Financed(A, world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 40), used);
        var ends = Timestamp.StartOf(world.State.Line(idle)!.Until.AddDays(Days + 1), 480);

        world.Until(ends.Add(-1));
        Assert.NotNull(world.State.Line(idle));
        world.Until(ends);
        Assert.Null(world.State.Line(idle));
        Assert.Equal(new(40), world.Drawn(used));

        // The debt is paid, so nothing is drawn any more; what goes back is owed again and draws on no line.
        var receipt = world.Receipt(note, PaymentOutcome.Paid, 40) with { Units = new(1, 40), Payee = X };
        world.Accepts(X, receipt with { Amount = Rulebook.Instructions(world.State, note, world.State.Today).Single(one => one.Payee == X).Total });
        world.Pass(Timestamp.Minute);
        Assert.Null(world.State.Line(used));
        world.Accepts(X, new ReturnPayment(receipt.Payment, world.Reference()));
        Assert.Equal(FinancingStatus.Disbursed, world.State.AllFinancings.Single().Status);
        Assert.Equal(Amount.Zero, world.State.AllFinancings.Single().Drawn);
    }

    static Id<Instrument> Requested(World world)
    {
        var request = new RequestConfirmation(
            world.New<Instrument>(), C, Currency.Cny, new(100), world.State.Chain.DateOf(world.Clock), SizeClass.Large, SizeClass.Small, new(1, 3));
        world.Accepts(A, request);
        return request.Instrument;
    }

    [Fact]
    public void A_ledger_forgets_nothing_sooner_than_an_id_could_come_again()
    {
        foreach (var (days, fits) in new[] { (1, false), (2, true), (3_650, true), (3_651, false) })
            Assert.Equal(fits, Problem(days) is null);

        static Exception? Problem(int days) => Record.Exception(() => new World(Morning, genesis => genesis with { RetentionDays = days }).Dispose());
    }

    static World Short() => new(Morning, Forgetful);

    static int Count(World world, Section section) => world.State.AllRecords().Count(record => record.Section == section);

    // Each is paid what it is due by X, with the signature of the others' banks where it must be.
    static void Pays(World world, Id<Instrument> note)
    {
        var due = world.State.PayableOn(world.Instrument(note).DueDate);
        world.Until(Timestamp.StartOf(due, 480).Add(9 * Timestamp.Hour));
        foreach (var one in Rulebook.Instructions(world.State, note, world.State.Today))
        {
            var bank = Rulebook.BankOf(world.State, one.Payee);
            world.Accepts(bank, world.Receipt(note, PaymentOutcome.Paid, one.Total.Minor) with { Units = one.Units, Payee = one.Payee });
        }
    }
}
