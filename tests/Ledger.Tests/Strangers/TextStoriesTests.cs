using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Tests.Rules.Bills;
using static Ledger.Tests.World;

namespace Ledger.Tests.Strangers;

/// <summary>
/// Sentences of docs/STATE-MACHINE.md that no other story would miss. Whoever drops one of them in its own program computes another state root of these chains.
/// </summary>
public sealed class TextStoriesTests : IDisposable
{
    static readonly Hash256 Paper = new(7, 7);

    readonly string folder = Directory.CreateTempSubdirectory("ledger-text-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Each_question_is_asked_of_the_rules_of_its_own_day()
    {
        using var world = new World(Morning, Two);
        var note = world.Certificate(A, 100_000);
        var taken = world.Taking(note, A, B, TransferCause.Court, 1, 10);
        world.Accepts(Y, taken, Key(Z));
        Assert.Equal(world.Clock.Add(72 * Timestamp.Hour), world.MeasureBehind(taken).InForceFrom);

        // The debt is due on a Saturday by rules that were not in force when it was made.
        world.Until("2026-09-13 00:00:00");
        Assert.Equal([new MissedDate(Date("2026-09-12"), new(100_000))], world.State.Maturity(note)!.Missed);
        world.Until("2026-09-22 09:00:00");
        world.Accepts(X, world.Receipt(note, PaymentOutcome.PartlyPaid, 1_000));
        Assert.Equal(new(1_000), Assert.Single(world.State.AllPayments).Shares[0].Interest);
        var later = world.Taking(note, A, B, TransferCause.Court, 1, 10);
        world.Accepts(Y, later, Key(Z));
        Assert.Equal(world.Clock.Add(24 * Timestamp.Hour), world.MeasureBehind(later).InForceFrom);
        Recomputed(world);

        static GenesisText Two(GenesisText template)
        {
            var first = template.Rules[^1].Parameters.Values.ToArray();
            var second = (long[])[.. first];
            (first[(int)RuleParameter.ContestHours - 1], second[(int)RuleParameter.ContestHours - 1]) = (72, 24);
            (first[(int)RuleParameter.DueDateRollsOver - 1], second[(int)RuleParameter.DueDateRollsOver - 1]) = (1, 0);
            (first[(int)RuleParameter.LateInterestMillionths - 1], second[(int)RuleParameter.LateInterestMillionths - 1]) = (500, 1_000);
            return template with { Rules = [new(template.Rules[0].From, new([.. first])), new(Date("2026-09-01"), new([.. second]))] };
        }
    }

    [Fact]
    public void What_is_told_in_hours_and_days_ends_with_a_whole_minute()
    {
        using var world = new World().Lends();
        var (note, other) = (world.Certificate(A, 100), world.Certificate(A, 100));
        world.Hands(other, A, D, 1, 40);
        world.Skip(world.Clock.Add(12_345));

        world.Accepts(A, new RotateKey(A, 1, world.NewKey(Key(A, 2))));
        Assert.True(world.State.Key(Key(A, 2))!.From.IsWholeMinute);
        var taken = world.Taking(note, A, B, TransferCause.Court, 1, 10);
        world.Accepts(Y, taken, Key(Z));
        Assert.True(world.MeasureBehind(taken).InForceFrom.IsWholeMinute);
        var apply = world.Applying(note, FinancingForm.PledgeLoan, 11, 20);
        world.Accepts(A, apply);
        Assert.True(world.Financing(apply.Financing).ReservedUntil.IsWholeMinute);
        var bill = BillStory.Drawing(world, world.New<Instrument>());
        world.Accepts(C, bill);
        Assert.True(world.Instrument(bill.Instrument).Bill!.DrawnUntil.IsWholeMinute);
        world.Pass(Timestamp.Hour);
        world.Until("2026-09-14 09:00:00");
        world.Skip(world.Clock.Add(12_345));
        var lump = world.Receipt(other, PaymentOutcome.PartlyPaid, 50);
        world.Accepts(X, lump);
        Assert.True(world.Payment(lump.Payment).AnnouncedUntil.IsWholeMinute);
        world.Pass(11 * Timestamp.Day);
        Recomputed(world);
    }

    [Fact]
    public void A_freeze_ends_what_is_offered_under_it_but_no_succession_and_no_first_executors_court()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var (one, two) = (world.Trade(note, A, B, 1, 10), world.Trade(note, A, D, 11, 30));
        world.Accepts(A, one);
        world.Accepts(A, two);
        var inherited = world.Taking(note, A, D, TransferCause.Succession, 31, 40);
        world.Accepts(Z, inherited, Key(W));
        var second = world.Taking(note, A, D, TransferCause.Court, 41, 50);
        world.Accepts(Z, second, Key(W));
        world.Accepts(Y, world.Freezing(note, 51, 60), Key(Z));
        var first = world.Taking(note, A, B, TransferCause.Court, 51, 60);
        world.Accepts(Y, first, Key(Z));
        world.Accepts(W, world.Freezing(note, 1, 60));

        Assert.Equal(
            [OfferStatus.Lapsed, OfferStatus.Lapsed, OfferStatus.Open, OfferStatus.Lapsed, OfferStatus.Open],
            new[] { one, two, inherited, second, first }.Select(made => world.Offer(made.Offer).Status));
        Assert.Equal(MeasureStatus.Ended, world.MeasureBehind(second).Status);
        Assert.All(one.Documents.Concat(two.Documents), use => Assert.Equal(Amount.Zero, world.Document(use.Document).Reserved));
        Recomputed(world);
    }

    [Fact]
    public void What_a_bank_announced_counts_on_that_debt_for_that_bank_alone()
    {
        using var world = new World();
        var (note, other) = (Shared(world), Shared(world));
        world.Until("2026-09-14 09:00:00");
        Assert.Equal(36, Announces(X, note, 60));
        Assert.Equal(18, Announces(X, other, 30));

        // What X said counts for X alone.
        Assert.Equal(2, Announces(Y, note, 11));

        // More was said to D than is left of it once its own bank had some.
        world.Accepts(Y, world.Receipt(other, PaymentOutcome.PartlyPaid, 50) with { Units = new(41, 100), Payee = D });
        Assert.Equal(0, Announces(X, other, 20));
        Recomputed(world);

        int Announces(PartyId bank, Id<Instrument> debt, ulong amount)
        {
            var lump = world.Receipt(debt, PaymentOutcome.PartlyPaid, amount);
            world.Accepts(bank, lump);
            return (int)world.Payment(lump.Payment).Announced.Sum(share => (long)share.Amount.Minor);
        }

        static Id<Instrument> Shared(World world)
        {
            var note = world.Certificate(A, 100);
            world.Hands(note, A, D, 41, 100);
            return note;
        }
    }

    [Fact]
    public void An_instrument_stays_while_something_on_it_is_open()
    {
        using var world = new World(Morning, static genesis => genesis with { RetentionDays = 2 });
        var note = world.Certificate(A, 100);
        world.Until("2026-09-11 09:00:00");
        var trade = world.Trade(note, A, B, 1, 40) with { Expires = world.Tomorrow.Add(9 * Timestamp.Day) };
        world.Accepts(A, trade);
        world.Until("2026-09-14 09:00:00");
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, 100));
        var ended = world.Instrument(note).EndedAt;

        world.Pass(3 * Timestamp.Day);
        Assert.True(world.Instrument(note).EndedAt > ended);
        world.Pass(9 * Timestamp.Day);
        world.Pass(3 * Timestamp.Day);
        Assert.Null(world.State.Instrument(note));
        Recomputed(world);
    }

    [Fact]
    public void The_registers_messages_leave_with_their_bill()
    {
        using var story = new BillStory(atRegister: true, shape: Forgetful);
        story.Issue();
        story.World.Until(BillStory.Maturity);
        story.Present(A, BillStory.Whole);
        var world = story.World;
        world.Accepts(C, new AcceptOffer(world.State.AllOffers.Single(offer => offer.Kind == OfferKind.Presentation).Id));
        story.Tell(BillStory.Whole, BillStory.Presented, BillStory.Settled, offer: world.State.AllOffers.Single(offer => offer.Kind == OfferKind.Presentation).Id);

        world.Pass(31 * Timestamp.Day);
        Assert.Null(world.State.Instrument(story.Bill));
        Assert.DoesNotContain(world.State.AllRecords(), record => record.Section == Section.Attestations);
        Recomputed(world);
    }

    [Fact]
    public void A_freeze_that_is_remembered_leaves_a_cancelled_debt_as_it_is()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var freeze = world.Freezing(note, 1, 50);
        world.Accepts(Y, freeze);
        world.Accepts(Y, new UnfreezeUnits(freeze.Freeze));
        world.Accepts(C, new CancelReceivable(note), Key(A));
        world.Until(world.State.Freeze(freeze.Freeze)!.KeptUntil);

        Assert.Null(world.State.Freeze(freeze.Freeze));
        Assert.Null(world.State.Tokens(note));
        Recomputed(world);
    }

    [Fact]
    public void An_amount_is_taken_of_live_units()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, 30) with { Units = new(1, 30), Payee = A }, Key(A));
        var trade = world.Trade(note, A, B, 1, 20);
        world.Accepts(A, trade with { Units = null, Amount = new(20) });

        Assert.Equal([new Interval(31, 50)], world.Offer(trade.Offer).Units);
        Recomputed(world);
    }

    [Fact]
    public void A_measure_against_a_party_can_be_dismissed_or_run_out()
    {
        using var world = new World();
        var (dismissed, late) = (world.Insolvency(C), world.Insolvency(B));
        foreach (var (measure, party) in new[] { (dismissed, C), (late, B) })
        {
            world.Accepts(Y, measure, Key(Z));
            world.Accepts(party, new ContestMeasure(measure.Measure, Paper));
        }

        world.Accepts(W, new DecideMeasure(dismissed.Measure, Upheld: false, Paper));
        world.Until(world.Measure(late.Measure).Until);
        Assert.Equal((MeasureStatus.Dismissed, MeasureStatus.Ended), (world.Measure(dismissed.Measure).Status, world.Measure(late.Measure).Status));
        Recomputed(world);
    }

    [Fact]
    public void Terms_of_a_request_its_issue_and_its_transfer_are_kept_where_they_were_signed()
    {
        using var world = new World();
        Hash256 asked = new(9, 1), issued = new(8, 1), moved = new(7, 1);
        var request = new RequestConfirmation(
            world.New<Instrument>(), C, Currency.Cny, new(100), world.State.Today, SizeClass.Small, SizeClass.Small, new(1, 3), Terms: [asked]);
        world.Accepts(A, request);
        world.Pass(40 * Timestamp.Day);
        Assert.Equal((InstrumentStatus.Requested, false), (world.Instrument(request.Instrument).Status, world.Instrument(request.Instrument).Confirmation!.Overdue));
        world.Accepts(C, new Confirm(request.Instrument, new(100), Promise));
        var issue = world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100))) with { Instrument = request.Instrument, Undertaking = null, Terms = [issued] };
        world.Accepts(C, issue);
        Assert.Equal([asked], world.Instrument(request.Instrument).Terms);
        Assert.Equal([issued], world.Offer(issue.Offer).Terms);
        world.Accepts(A, new AcceptOffer(issue.Offer));
        Assert.Equal([issued, asked], world.Instrument(request.Instrument).Terms);
        var trade = world.Trade(request.Instrument, A, B, 1, 10) with { Terms = [moved] };
        world.Accepts(A, trade);
        Assert.Equal([moved], world.Offer(trade.Offer).Terms);
        Recomputed(world);
    }

    [Fact]
    public void What_law_takes_of_a_buyer_does_not_come_back_under_its_purchase()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 100);
        var sale = world.Financed(A, world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 60), world.Line(C, 1_000));
        world.Hands(note, X, D, 1, 20);
        Assert.Equal(sale, world.Tokens(note)[0].Leg.Under);
        var taken = world.Taking(note, X, B, TransferCause.Court, 21, 40);
        world.Accepts(Y, taken, Key(Z));
        world.ContestEnds();
        world.Accepts(B, new AcceptOffer(taken.Offer));

        Assert.Equal(default, world.Tokens(note)[1].Leg.Under);
        Assert.Equal(new(20), world.Financing(sale).Drawn);
        Recomputed(world);
    }

    [Fact]
    public void Keys_wait_end_with_what_they_follow_and_go_on_after_a_veto()
    {
        using var world = new World();
        var spare = world.GiveKey(A, KeyRole.Maker, "li.si");
        world.Accepts(A, new RotateKey(A, 1, world.NewKey(Key(A, 3))));
        var due = world.State.Key(Key(A, 3))!.From;
        Assert.Equal(due, world.State.Key(Key(A, 1))!.Until);
        world.Accepts(A, new RevokeKey(1), spare);
        Assert.Equal((world.State.Now, world.State.Now), (world.State.Key(Key(A, 1))!.Until, world.State.Key(Key(A, 3))!.Until));

        world.Accepts(B, new RotateKey(B, 1, world.NewKey(Key(B, 2))));
        world.Pass(Timestamp.Hour);
        world.Accepts(X, new VetoRotation(B, 2));
        Assert.Equal(PartyKey.Forever, world.State.Key(Key(B, 1))!.Until);
        world.Accepts(B, new RotateKey(B, 0, world.NewKey(Key(B, 3))));
        world.Pass(Timestamp.Hour);
        world.Accepts(B, new RevokeKey(3));
        Assert.True(world.State.Key(Key(B, 3))!.Until < world.State.Key(Key(B, 3))!.From);

        world.Accepts(D, new RotateKey(D, 1, world.NewKey(Key(D, 2))));
        world.Accepts(Y, new ReportLost(D));
        world.Accepts(Y, new Recover(D, [1], [world.NewKey(Key(D, 3))]), Key(Z));
        Assert.Equal([world.State.Now, world.State.Now, PartyKey.Forever], [.. Enumerable.Range(1, 3).Select(number => world.State.Key(Key(D, (uint)number))!.Until)]);
        world.Until(due.Add(Timestamp.Hour));
        Recomputed(world);
    }

    [Fact]
    public void A_later_epoch_of_ordering_is_on_record()
    {
        using var world = new World();
        world.Epoch = 3;
        world.Pass(Timestamp.Minute);
        var height = world.State.Height;
        world.Pass(Timestamp.Minute);

        Assert.Equal(new(3, height), world.State.Ordering);
        Recomputed(world);
    }

    void Recomputed(World world)
    {
        var (code, said) = Python.Start("state_machine.py", world.WriteTo(folder));
        Assert.True(code == Python.Verified, said);
    }
}
