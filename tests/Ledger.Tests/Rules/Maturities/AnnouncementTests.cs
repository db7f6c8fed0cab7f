using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Maturities;

/// <summary>Whose word discharges a debt: X serves A, B and the obligor C, and Y serves D.</summary>
public class AnnouncementTests
{
    // Certificates are due on Saturday 09-12 and payable on Monday 09-14.
    const string DueDay = "2026-09-14 09:00:00";
    static readonly Hash256 Paper = new(6, 6);

    [Fact]
    public void The_bank_of_one_fen_discharges_one_fen_and_announces_the_rest()
    {
        using var world = new World();
        var note = DueWith(world, 1);
        var lump = world.Receipt(note, PaymentOutcome.Paid, 100_000);
        world.Accepts(Y, lump);

        var payment = world.Payment(lump.Payment);
        Assert.Equal((D, new Amount(1)), (Assert.Single(payment.Shares).Payee, payment.Received));
        Assert.Equal([new AnnouncedShare(A, new(99_999))], payment.Announced);
        Assert.Equal((PaymentStatus.Received, InstrumentStatus.Active), (payment.Status, world.Instrument(note).Status));
        Assert.Equal([(D, UnitState.Paid), (A, UnitState.Live)], world.Tokens(note).Select(token => (token.Holder, token.State)));

        // It is due as before, and told: overdue at midnight, with interest from then on.
        var due = Assert.Single(Rulebook.Instructions(world.State, note, world.State.Today));
        Assert.Equal((A, new Amount(99_999), new Amount(99_999)), (due.Payee, due.Total, due.Announced));
        Assert.Single(world.Until("2026-09-15 00:00:00").Opening.OfType<PaymentBecameOverdue>());
        world.Until("2026-09-24 09:00:00");
        Assert.Equal(new Amount(500), Assert.Single(Rulebook.Instructions(world.State, note, world.State.Today)).Interest);
    }

    [Fact]
    public void Who_is_not_to_see_an_announcement_is_answered_as_if_there_were_none()
    {
        using var world = new World();
        var note = DueWith(world, 1);
        var lump = world.Receipt(note, PaymentOutcome.Paid, 100_000);
        world.Accepts(Y, lump);

        var seen = world.State.Hiding([world.Payment(lump.Payment)]);

        Assert.Single(world.State.Announcements(note));
        Assert.Empty(seen.Announcements(note));
        Assert.Equal(Amount.Zero, Assert.Single(Rulebook.Instructions(seen, note, seen.Today)).Announced);
    }

    [Fact]
    public void The_payees_bank_confirms_its_share_as_of_the_announced_day()
    {
        using var world = new World();
        var note = DueWith(world, 40_000);
        var lump = world.Receipt(note, PaymentOutcome.Paid, 100_000);
        world.Accepts(X, lump);
        Assert.Equal([new AnnouncedShare(D, new(40_000))], world.Payment(lump.Payment).Announced);
        world.Until("2026-09-20 09:00:00");
        var confirm = new ConfirmPayment(lump.Payment, world.New<Payment>(), D, world.Reference());

        world.Refuses(Refusal.NotTheAnnouncedPayee, X, confirm);
        world.Refuses(Refusal.NotTheAnnouncedPayee, C, confirm);
        world.Refuses(Refusal.NothingAnnounced, X, confirm with { Payee = A });
        world.Refuses(Refusal.PartyNotFound, Y, confirm with { Payee = Stranger });
        world.Refuses(Refusal.PaymentNotFound, Y, confirm with { Announced = world.New<Payment>() });
        world.Refuses(Refusal.PaymentIdInUse, Y, confirm with { Payment = lump.Payment });
        world.Refuses(Refusal.BankReferenceUsed, Y, confirm with { Reference = lump.Reference });
        world.Accepts(Y, confirm);

        var payment = world.Payment(confirm.Payment);
        Assert.Equal((Y, new Amount(40_000), lump.ValueDate, PaymentStatus.Received), (payment.Bank, payment.Amount, payment.ValueDate, payment.Status));
        Assert.Equal((D, 40_000UL), (Assert.Single(payment.Shares).Payee, payment.Received.Minor));
        Assert.Equal(InstrumentStatus.Settled, world.Instrument(note).Status);
        Assert.Empty(world.Payment(lump.Payment).Announced);
        world.Refuses(Refusal.NothingAnnounced, Y, confirm with { Payment = world.New<Payment>(), Reference = world.Reference() });

        // All of it had come in time, so the day was not missed; when D's money goes back it was, for D's units.
        Assert.Empty(world.State.Maturity(note)?.OverdueOn ?? []);
        world.Refuses(Refusal.NotTheReceiptsBank, X, new ReturnPayment(confirm.Payment, "BACK"));
        world.Accepts(Y, new ReturnPayment(confirm.Payment, "BACK"));
        Assert.Equal([Date("2026-09-12")], world.State.Maturity(note)?.OverdueOn ?? []);
        Assert.Equal((D, 40_000UL), (world.Tokens(note).Single(token => token.State == UnitState.Live).Holder, world.Tokens(note).Single(token => token.State == UnitState.Live).Units.Length));
    }

    [Fact]
    public void A_payee_confirms_for_itself_and_only_its_bank_undoes_that()
    {
        using var world = new World();
        var note = DueWith(world, 40_000);
        var lump = world.Receipt(note, PaymentOutcome.Paid, 100_000);
        world.Accepts(X, lump);
        var confirm = new ConfirmPayment(lump.Payment, world.New<Payment>(), D, world.Reference());
        world.Accepts(D, confirm);

        Assert.Equal((D, InstrumentStatus.Settled), (world.Payment(confirm.Payment).Bank, world.Instrument(note).Status));
        world.Refuses(Refusal.NotTheReceiptsBank, D, new ReturnPayment(confirm.Payment, "BACK"));
        world.Accepts(Y, new ReturnPayment(confirm.Payment, "BACK"));
    }

    [Fact]
    public void A_payee_that_signs_with_the_bank_receives_at_once()
    {
        using var world = new World();
        var note = DueWith(world, 40_000);
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, 100_000), Key(D));
        Assert.Equal(InstrumentStatus.Settled, world.Instrument(note).Status);

        // So does its agent, as far as its mandate reaches.
        var other = DueWith(world, 40_000);
        world.Granted(D, B, 39_999, "payment.receipt");
        var lump = world.Receipt(other, PaymentOutcome.Paid, Rulebook.Instructions(world.State, other, world.State.Today).Aggregate(0UL, (sum, one) => sum + one.Total.Minor));
        world.Accepts(X, lump, Key(B));
        Assert.Equal(D, Assert.Single(world.Payment(lump.Payment).Announced).Payee);
    }

    [Fact]
    public void The_obligors_bank_announces_where_it_serves_nobody()
    {
        using var world = new World();
        var note = world.Certificate(D, 100);
        world.Until(DueDay);
        var lump = world.Receipt(note, PaymentOutcome.Paid, 100);
        world.Accepts(X, lump);

        Assert.Equal(PaymentStatus.Announced, world.Payment(lump.Payment).Status);
        Assert.Empty(world.Payment(lump.Payment).Shares);
        world.Refuses(Refusal.PaymentStatusWrong, D, new DisputePayment(lump.Payment, Paper));
        world.Accepts(X, new ReturnPayment(lump.Payment, "BACK"));
        Assert.Equal(InstrumentStatus.Active, world.Instrument(note).Status);
        world.Refuses(Refusal.NothingAnnounced, Y, new ConfirmPayment(lump.Payment, world.New<Payment>(), D, world.Reference()));
    }

    [Fact]
    public void What_is_denied_or_not_answered_in_time_waits_no_longer()
    {
        using var world = new World();
        var note = DueWith(world, 40_000);
        ReceivePayment Announced()
        {
            var lump = world.Receipt(note, PaymentOutcome.PartlyPaid, 10);
            world.Accepts(X, lump);
            return lump;
        }

        var denied = Announced();
        world.Refuses(Refusal.NotTheAnnouncedPayee, C, new DenyPayment(denied.Payment, D, Paper));
        world.Accepts(D, new DenyPayment(denied.Payment, D, Paper));
        world.Refuses(Refusal.NothingAnnounced, Y, new DenyPayment(denied.Payment, D, Paper));
        Assert.Empty(world.Payment(denied.Payment).Announced);

        var slow = Announced();
        var until = world.Payment(slow.Payment).AnnouncedUntil;
        Assert.Equal(10 * Timestamp.Day, until.UnixMilliseconds - world.State.Now.CeilingMinute().UnixMilliseconds);
        var confirm = new ConfirmPayment(slow.Payment, world.New<Payment>(), D, world.Reference());
        world.Until(until.Add(-Timestamp.Minute));
        Assert.NotEmpty(world.Payment(slow.Payment).Announced);
        var ended = world.Until(until);
        Assert.Equal(new AnnouncementLapsed(slow.Payment), Assert.Single(ended.Opening.OfType<AnnouncementLapsed>()));
        world.Refuses(Refusal.NothingAnnounced, Y, confirm);
        Assert.All(Rulebook.Instructions(world.State, note, world.State.Today), due => Assert.True(due.Announced.IsZero));
    }

    [Fact]
    public void A_bank_says_no_money_twice_and_keeps_no_other_from_saying_it()
    {
        using var world = new World();
        var note = DueWith(world, 50_000);
        var first = world.Receipt(note, PaymentOutcome.PartlyPaid, 40_000);
        world.Accepts(X, first);
        Assert.Equal(new AnnouncedShare(D, new(20_000)), Assert.Single(world.Payment(first.Payment).Announced));

        // Of what D is owed X has said 20,000, and A has 30,000 to get: the next lump is shared by 30,000 to 30,000.
        Assert.Equal(new(60_000), world.Refuses(Refusal.PaymentExceedsDue, X, world.Receipt(note, PaymentOutcome.Paid, 80_000)).Facts.Available);
        var second = world.Receipt(note, PaymentOutcome.PartlyPaid, 20_000);
        world.Accepts(X, second);
        Assert.Equal((10_000UL, 10_000UL), (world.Payment(second.Payment).Received.Minor, world.Payment(second.Payment).Announced[0].Amount.Minor));

        // What X said binds X alone.
        world.Accepts(Y, world.Receipt(note, PaymentOutcome.Paid, 50_000) with { Units = new(1, 50_000), Payee = D });
        world.Refuses(Refusal.PaymentExceedsDue, Y, new ConfirmPayment(first.Payment, world.New<Payment>(), D, world.Reference()));
    }

    [Fact]
    public void A_bank_has_so_many_announcements_open_on_an_instrument_and_no_other_waits_for_it()
    {
        using var world = new World();
        var note = DueWith(world, 50_000);
        var first = world.Receipt(note, PaymentOutcome.PartlyPaid, 10);
        world.Accepts(X, first);
        for (var i = 1; i < 16; i++) world.Accepts(X, world.Receipt(note, PaymentOutcome.PartlyPaid, 10));
        world.Refuses(Refusal.TooManyAnnouncements, X, world.Receipt(note, PaymentOutcome.PartlyPaid, 10));

        world.Accepts(Y, world.Receipt(note, PaymentOutcome.PartlyPaid, 10));
        world.Accepts(X, world.Receipt(note, PaymentOutcome.PartlyPaid, 10) with { Units = new(60_001, 70_000), Payee = A });
        world.Accepts(Y, new DenyPayment(first.Payment, D, Paper));
        world.Accepts(X, world.Receipt(note, PaymentOutcome.PartlyPaid, 10));
    }

    [Fact]
    public void A_return_drops_what_is_open_and_leaves_what_was_confirmed()
    {
        using var world = new World();
        var note = DueWith(world, 40_000);
        world.Hands(world.Certificate(A, 100), A, D, 1, 1);
        var lump = world.Receipt(note, PaymentOutcome.PartlyPaid, 50_000);
        world.Accepts(X, lump);
        var confirm = new ConfirmPayment(lump.Payment, world.New<Payment>(), D, world.Reference());
        world.Accepts(Y, confirm);
        world.Accepts(X, new ReturnPayment(lump.Payment, "BACK"));
        Assert.Equal([(D, 1UL, 20_000UL, UnitState.Paid), (D, 20_001, 40_000, UnitState.Live), (A, 40_001, 100_000, UnitState.Live)],
            world.Tokens(note).Select(token => (token.Holder, token.Units.First, token.Units.Last, token.State)));

        var open = world.Receipt(note, PaymentOutcome.PartlyPaid, 8_000);
        world.Accepts(X, open);
        world.Accepts(X, new ReturnPayment(open.Payment, "BACK2"));
        Assert.Empty(world.Payment(open.Payment).Announced);
    }

    [Fact]
    public void A_freeze_on_one_holders_units_waits_at_the_confirmation_and_holds_up_no_other_holder()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Hands(note, A, D, 1, 40);
        world.Accepts(Y, world.Freezing(note, 1, 10) with { LastDay = Date("2026-11-30") }, Key(X));
        world.Until(DueDay);
        var lump = world.Receipt(note, PaymentOutcome.Paid, 100);
        world.Accepts(X, lump);

        var confirm = new ConfirmPayment(lump.Payment, world.New<Payment>(), D, world.Reference());
        world.Refuses(Refusal.PaymentFrozen, D, confirm);
        world.Accepts(Y, confirm);
        Assert.Equal(InstrumentStatus.Settled, world.Instrument(note).Status);
    }

    [Fact]
    public void Who_has_no_right_to_the_units_any_more_confirms_nothing_on_them()
    {
        using var world = new World();
        var note = DueWith(world, 40_000);
        world.Until("2026-09-15 09:00:00");
        var lump = world.Receipt(note, PaymentOutcome.PartlyPaid, 50_000);
        world.Accepts(X, lump);
        var gone = world.Moving(note, B, TransferCause.Subrogation, 1, 40_000) with { Evidence = Paper };
        world.Accepts(D, gone);
        world.Accepts(B, new AcceptOffer(gone.Offer));

        world.Refuses(Refusal.PaymentExceedsDue, Y, new ConfirmPayment(lump.Payment, world.New<Payment>(), D, world.Reference()));
        world.Refuses(Refusal.NothingAnnounced, B, new ConfirmPayment(lump.Payment, world.New<Payment>(), B, world.Reference()));
    }

    [Fact]
    public void Money_is_not_received_as_of_a_day_on_which_the_payee_had_no_right_to_it()
    {
        using var world = new World();
        var note = DueWith(world, 40_000);
        world.Until("2026-09-20 09:00:00");
        var step = world.Moving(note, B, TransferCause.Subrogation, 1, 40_000) with { Evidence = Paper };
        world.Accepts(D, step);
        world.Accepts(B, new AcceptOffer(step.Offer));
        world.Until("2026-09-22 09:00:00");
        var receipt = world.Receipt(note, PaymentOutcome.PartlyPaid, 10) with { Units = new(1, 40_000), Payee = B };

        Assert.Equal("2026-09-20", world.Refuses(Refusal.ValueDateBeforeRight, X, receipt with { ValueDate = Date("2026-09-19") }).Facts.Reference);
        world.Refuses(Refusal.ValueDateBeforeRight, X, world.Receipt(note, PaymentOutcome.PartlyPaid, 10) with { ValueDate = Date("2026-09-19") });
        world.Accepts(X, receipt with { ValueDate = Date("2026-09-20") });

        // Nor before the instrument was there.
        var other = world.Certificate(A, 100);
        var early = world.Receipt(other, PaymentOutcome.PartlyPaid, 10) with { Units = new(1, 100), Payee = A, ValueDate = world.State.Today.AddDays(-1) };
        world.Refuses(Refusal.ValueDateBeforeRight, X, early, Key(A));
    }

    /// <summary>A certificate of 100,000 on the day on which it is payable, of which D holds the first units and A the others.</summary>
    static Id<Instrument> DueWith(World world, ulong units)
    {
        var issue = world.Issuing(A, 100_000, new DocumentUse(world.Invoice(A, C, 100_000), new(100_000)));
        issue = issue with { DueDate = world.State.Today < Date("2026-09-12") ? Date("2026-09-12") : world.State.Today.AddDays(1) };
        world.Accepts(C, issue);
        world.Accepts(A, new AcceptOffer(issue.Offer));
        world.Hands(issue.Instrument, A, D, 1, units);
        world.Until(world.State.Today < Date("2026-09-12") ? At(DueDay) : Timestamp.StartOf(world.State.PayableOn(issue.DueDate), 480).Add(9 * Timestamp.Hour));
        return issue.Instrument;
    }
}
