using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Maturities;

/// <summary>Who says that money came, how much it may be, what it does, and how it is taken back.</summary>
public class PaymentTests
{
    // Certificates are due on Saturday 09-12 and payable on Monday 09-14.
    const string DueDay = "2026-09-14 09:00:00";
    static readonly Hash256 Paper = new(6, 6);

    [Fact]
    public void Each_token_is_paid_to_its_own_payee_and_adjacent_ones_are_told_apart()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Hands(note, A, B, 1, 30);
        world.Hands(note, A, B, 31, 50);
        var pledged = world.State.Tokens(note)!.Rewrite([new(51, 100)], true, token => token with { Encumbrances = [Pledge(world, Y)] });
        var state = world.State.With(note, pledged).With(Assert.IsType<Party>(world.State.Party(B)) with { Account = new(8, 8) });

        Assert.Empty(Rulebook.Instructions(state, note, Date("2026-09-11")));
        Assert.Equal(
            [
                new PaymentInstruction(new(1, 30), B, new(8, 8), default, default, new(30), default), new PaymentInstruction(new(31, 50), B, new(8, 8), default, default, new(20), default),
                new PaymentInstruction(new(51, 100), Y, default, default, default, new(50), default),
            ],
            Rulebook.Instructions(state, note, Date("2026-09-12")));
        Assert.Empty(Rulebook.Instructions(state, new(5), Date("2026-09-12")));
    }

    [Fact]
    public void Nothing_is_paid_to_a_holder_after_notice_of_a_pledge()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Until(DueDay);
        var state = world.State.With(note, Core.Instruments.Tokens.Whole(world.Tokens(note)[0] with { Encumbrances = [Pledge(world, Y)] }));
        var receipt = world.Receipt(note, PaymentOutcome.Paid, 100) with { Units = new(1, 100) };

        Assert.Equal(Refusal.PayeeNotEntitled, Decide(world, state, X, receipt with { Payee = A }).Code);
        Assert.Equal(Refusal.NotThePayeesBank, Decide(world, state, X, receipt with { Payee = Y }).Code);
        var paid = Decide(world, state, Y, receipt with { Payee = Y }).After;
        Assert.Equal(Y, Assert.Single(paid.Payment(receipt.Payment)?.Shares ?? []).Payee);
    }

    [Fact]
    public void A_payment_for_units_is_receipted_by_the_payees_bank_and_a_lump_by_the_obligors_too()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Hands(note, A, D, 1, 40);
        world.Until(DueDay);
        var toD = world.Receipt(note, PaymentOutcome.PartlyPaid, 10) with { Units = new(1, 40), Payee = D };

        world.Refuses(Refusal.RoleMissing, C, toD);
        world.Refuses(Refusal.NotThePayeesBank, X, toD);
        world.Refuses(Refusal.PartyNotFound, Y, toD with { Payee = Stranger });
        world.Refuses(Refusal.UnitsWithPayee, Y, toD with { Units = null });
        world.Refuses(Refusal.PayeeNotEntitled, Y, toD with { Units = new(1, 41) });
        world.Refuses(Refusal.UnitsDoNotExist, Y, toD with { Units = new(1, 101) });
        world.Accepts(Y, toD);
        world.Refuses(Refusal.UnitsNotLive, Y, world.Receipt(note, PaymentOutcome.PartlyPaid, 1) with { Units = new(10, 11), Payee = D });
        world.Accepts(Y, world.Receipt(note, PaymentOutcome.PartlyPaid, 9));
        world.Accepts(X, world.Receipt(note, PaymentOutcome.PartlyPaid, 9));

        // With D paid there is nobody left whom Y serves.
        var rest = world.Tokens(note).Single(token => token.Holder == D && token.State == UnitState.Live).Units;
        world.Accepts(Y, world.Receipt(note, PaymentOutcome.Paid, rest.Length) with { Units = rest, Payee = D });
        world.Refuses(Refusal.NotThePayeesBank, Y, world.Receipt(note, PaymentOutcome.PartlyPaid, 1));
    }

    [Fact]
    public void A_holder_gains_no_late_interest_by_cutting_its_units()
    {
        using var world = new World();
        var note = world.Certificate(A, 10_000);
        world.Until("2026-10-04 09:00:00");
        ulong Late() => Rulebook.Instructions(world.State, note, world.State.Today).Aggregate(0UL, (sum, due) => sum + due.Interest.Minor);

        // Twenty days at 0.05 % on 100.00; each half of fifty units, rounded by itself, would bear twice its share.
        Assert.Equal(100UL, Late());
        foreach (var first in Enumerable.Range(0, 8).Select(i => (ulong)(i * 100) + 1))
            world.Accepts(A, world.Moving(note, B, TransferCause.Subrogation, first, first + 49) with { Evidence = Paper });
        Assert.True(world.Tokens(note).Length > 15);
        Assert.Equal(100UL, Late());
    }

    [Fact]
    public void What_is_said_of_a_payment_must_be_so()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Until(DueDay);

        world.Refuses(Refusal.PaymentExceedsDue, X, world.Receipt(note, PaymentOutcome.Paid, 101));
        Assert.Equal(new(100), world.Refuses(Refusal.PaymentNotInFull, X, world.Receipt(note, PaymentOutcome.Paid, 99)).Facts.Available);
        world.Refuses(Refusal.PaymentInFull, X, world.Receipt(note, PaymentOutcome.PartlyPaid, 100));
        world.Refuses(Refusal.AmountZero, X, world.Receipt(note, PaymentOutcome.PartlyPaid, 0));
        world.Refuses(Refusal.ValueDateInFuture, X, world.Receipt(note, PaymentOutcome.Paid, 100) with { ValueDate = Date("2026-09-15") });
        foreach (var reference in new[] { "", " A", "A ", "回单", new string('9', 36) })
            world.Refuses(Refusal.BankReferenceInvalid, X, world.Receipt(note, PaymentOutcome.Paid, 100) with { Reference = reference });
        world.Refuses(Refusal.Malformed, X, world.Receipt(note, PaymentOutcome.Paid, 100) with { Reference = "A\n" });
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, 100) with { Reference = new string('9', 35) });

        Assert.Equal(InstrumentStatus.Settled, world.Instrument(note).Status);
        world.Refuses(Refusal.InstrumentStatusWrong, X, world.Receipt(note, PaymentOutcome.Paid, 1));
    }

    [Fact]
    public void Costs_are_paid_first_then_interest_then_the_front_of_the_units()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000_000);
        world.Until("2026-09-24 09:00:00");
        world.Accepts(A, new ClaimCosts(note, new(1, 1_000_000), new(2_000), Paper), Key(C));
        var due = Assert.Single(Rulebook.Instructions(world.State, note, world.State.Today));
        Assert.Equal((2_000UL, 5_000UL, 1_000_000UL), (due.Costs.Minor, due.Interest.Minor, due.Principal.Minor));

        foreach (var (amount, costs, interest, retired) in new[] { (1_500UL, 1_500UL, 0UL, 0UL), (3_500UL, 500UL, 3_000UL, 0UL), (2_010UL, 0UL, 2_000UL, 10UL) })
        {
            var receipt = world.Receipt(note, PaymentOutcome.PartlyPaid, amount);
            world.Accepts(X, receipt);
            var share = Assert.Single(world.Payment(receipt.Payment).Shares);
            Assert.Equal((costs, interest, retired), (share.Costs.Minor, share.Interest.Minor, share.Retired.Aggregate(0UL, (sum, units) => sum + units.Length)));
        }

        Assert.Equal([UnitState.Paid, UnitState.Live], world.Tokens(note).Select(token => token.State));
        Assert.Equal([(A, "1-10"), (A, "11-1000000")], world.Holdings(note));

        // Interest runs on from the last payment, on what is left.
        world.Until("2026-09-26 09:00:00");
        Assert.Equal(new(1_000), Assert.Single(Rulebook.Instructions(world.State, note, world.State.Today)).Interest);
        world.Refuses(Refusal.ValueDateStale, X, world.Receipt(note, PaymentOutcome.PartlyPaid, 1) with { ValueDate = Date("2026-09-23") });
    }

    [Fact]
    public void A_value_date_before_today_counts_the_days_until_then()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000_000);
        world.Until("2026-09-24 09:00:00");

        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, 1_001_000) with { ValueDate = Date("2026-09-16") });
    }

    [Fact]
    public void What_a_claim_carries_is_divided_by_units_when_they_part()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Until("2026-09-24 09:00:00");
        world.Accepts(A, new ClaimCosts(note, new(1, 100), new(7), Paper), Key(C));
        var steps = world.Moving(note, B, TransferCause.Subrogation, 1, 50) with { Evidence = Paper };
        world.Accepts(A, steps);
        world.Accepts(B, new AcceptOffer(steps.Offer));
        Assert.Equal([(B, 4UL), (A, 3)], Costs(world, note));

        // Paid in full for B's part, A's stays what it was; and so it is when the money goes back.
        var due = Rulebook.Instructions(world.State, note, world.State.Today)[0];
        var paid = world.Receipt(note, PaymentOutcome.Paid, due.Total.Minor) with { Units = due.Units, Payee = B };
        world.Accepts(X, paid);
        Assert.Equal([(A, 3UL)], Costs(world, note));
        world.Accepts(X, new ReturnPayment(paid.Payment, "BACK"));
        Assert.Equal([(B, 4UL), (A, 3)], Costs(world, note));
    }

    [Fact]
    public void Frozen_units_are_paid_only_with_their_executors_word()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Accepts(Y, world.Freezing(note, 1, 10) with { LastDay = Date("2026-11-30") }, Key(X));
        world.Until(DueDay);

        var refused = world.Refuses(Refusal.PaymentFrozen, X, world.Receipt(note, PaymentOutcome.PartlyPaid, 5));
        Assert.Equal("Freeze", refused.Facts.Conflict?.Kind);
        world.Refuses(Refusal.PaymentFrozen, X, world.Receipt(note, PaymentOutcome.PartlyPaid, 5) with { Units = new(1, 10), Payee = A });
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, 90) with { Units = new(11, 100), Payee = A });
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, 10), Key(Y));
    }

    [Fact]
    public void Before_the_due_date_only_a_payee_who_agrees_is_paid_and_only_principal()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Hands(note, A, D, 1, 40);
        var early = world.Receipt(note, PaymentOutcome.PartlyPaid, 15) with { Units = new(1, 40), Payee = D };

        world.Refuses(Refusal.PrepaymentNeedsUnits, Y, early with { Units = null, Payee = null });
        world.Refuses(Refusal.PrepaymentNotAgreed, Y, early);
        world.Accepts(Y, early, Key(D));
        Assert.Equal([(D, "1-15"), (D, "16-40"), (A, "41-100")], world.Holdings(note));
        Assert.Equal(UnitState.Paid, world.Tokens(note)[0].State);
        Assert.Empty(world.State.Maturity(note)?.Claims ?? []);

        // D's agent says yes for it, within its mandate.
        world.Granted(D, X, 25, "payment.receipt");
        var rest = world.Receipt(note, PaymentOutcome.Paid, 25) with { Units = new(16, 40), Payee = D };
        world.Accepts(Y, rest, Key(X));
    }

    [Fact]
    public void A_payee_whose_bank_owes_it_takes_money_before_the_due_date_by_its_own_signature()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Accepts(C, new DeclareControl(C, X, new(7, 7)));
        var early = world.Receipt(note, PaymentOutcome.Paid, 40) with { Units = new(1, 40), Payee = A };

        world.Refuses(Refusal.NotThePayeesBank, X, early);
        world.Refuses(Refusal.NotThePayeesBank, X, early, Key(C));
        world.Accepts(X, early, Key(A));
        Assert.Equal(UnitState.Paid, world.Tokens(note)[0].State);
    }

    [Fact]
    public void A_returned_payment_leaves_everything_as_it_was()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000_000);
        world.Hands(note, A, B, 1, 400_000);
        world.Until("2026-09-24 09:00:00");
        world.Accepts(X, world.Receipt(note, PaymentOutcome.PartlyPaid, 123_457));
        world.Until("2026-09-30 09:00:00");
        var (holdings, claims, due) = (world.Holdings(note), world.State.Maturity(note)?.Claims, Rulebook.Instructions(world.State, note, world.State.Today));

        var all = due.Aggregate(0UL, (sum, one) => sum + one.Total.Minor);
        foreach (var amount in new[] { 500UL, 400_000UL, all })
        {
            var outcome = amount == all ? PaymentOutcome.Paid : PaymentOutcome.PartlyPaid;
            var receipt = world.Receipt(note, outcome, amount);
            world.Accepts(X, receipt);
            world.Refuses(Refusal.NotTheReceiptsBank, Y, new ReturnPayment(receipt.Payment, $"BACK{amount}"));
            world.Refuses(Refusal.BankReferenceUsed, X, new ReturnPayment(receipt.Payment, receipt.Reference));
            world.Accepts(X, new ReturnPayment(receipt.Payment, $"BACK{amount}"));

            Assert.Equal(PaymentStatus.Returned, world.Payment(receipt.Payment).Status);
            Assert.Equal(InstrumentStatus.Active, world.Instrument(note).Status);
            Assert.Equal(holdings, world.Holdings(note));
            Assert.Equal(claims, world.State.Maturity(note)?.Claims);
            Assert.Equal(due, Rulebook.Instructions(world.State, note, world.State.Today));
            world.Refuses(Refusal.PaymentStatusWrong, X, new ReturnPayment(receipt.Payment, $"AGAIN{amount}"));
            world.Refuses(Refusal.BankReferenceUsed, X, receipt with { Payment = world.New<Payment>() });
        }
    }

    [Fact]
    public void A_payment_that_another_was_built_on_is_not_returned_before_it()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000_000);
        world.Hands(note, A, B, 1, 400_000);
        world.Until("2026-09-24 09:00:00");
        var first = world.Receipt(note, PaymentOutcome.PartlyPaid, 100_000) with { Units = new(1, 400_000), Payee = B };
        var elsewhere = world.Receipt(note, PaymentOutcome.PartlyPaid, 100_000) with { Units = new(400_001, 1_000_000), Payee = A };
        var second = world.Receipt(note, PaymentOutcome.PartlyPaid, 10);
        world.Accepts(X, first);
        world.Accepts(X, elsewhere);
        world.Accepts(X, second);

        world.Refuses(Refusal.LaterActsRely, X, new ReturnPayment(first.Payment, "BACK1"));
        world.Accepts(X, new ReturnPayment(second.Payment, "BACK2"));
        world.Accepts(X, new ReturnPayment(first.Payment, "BACK3"));

        // What another bank found for other units stands in nobody's way; costs on these do.
        world.Accepts(A, new ClaimCosts(note, new(999_001, 1_000_000), new(5), Paper), Key(C));
        world.Refuses(Refusal.LaterActsRely, X, new ReturnPayment(elsewhere.Payment, "BACK4"));
    }

    [Fact]
    public void A_lump_too_small_for_everybody_leaves_those_it_gives_nothing_as_they_were()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000_000);
        world.Hands(note, A, B, 1, 400_000);
        world.Until("2026-09-24 09:00:00");
        var large = world.Receipt(note, PaymentOutcome.PartlyPaid, 100_000) with { Units = new(1, 400_000), Payee = B };
        var small = world.Receipt(note, PaymentOutcome.PartlyPaid, 1);
        world.Accepts(X, large);
        world.Accepts(X, small);

        Assert.Equal(A, Assert.Single(world.Payment(small.Payment).Shares).Payee);
        world.Accepts(X, new ReturnPayment(large.Payment, "BACK1"));
        world.Accepts(X, new ReturnPayment(small.Payment, "BACK2"));
        Assert.Equal([(B, 402_000UL), (A, 603_000)], Rulebook.Instructions(world.State, note, world.State.Today).Select(due => (due.Payee, due.Total.Minor)));
    }

    [Fact]
    public void A_pledge_is_on_the_units_again_when_the_money_goes_back()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Until(DueDay);
        var state = world.State.With(note, Core.Instruments.Tokens.Whole(world.Tokens(note)[0] with { Encumbrances = [Pledge(world, Y)] }));
        var receipt = world.Receipt(note, PaymentOutcome.Paid, 100) with { Units = new(1, 100), Payee = Y };

        state = Decide(world, state, Y, receipt).After;
        state = Decide(world, state, Y, new ReturnPayment(receipt.Payment, "BACK")).After;
        Assert.Equal(Y, Assert.Single(Rulebook.Instructions(state, note, world.State.Today)).Payee);
    }

    [Fact]
    public void A_dispute_flags_a_payment_and_moves_nothing()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Until(DueDay);
        var receipt = world.Receipt(note, PaymentOutcome.PartlyPaid, 10);
        world.Accepts(X, receipt);
        var holdings = world.Holdings(note);

        world.Refuses(Refusal.PaymentNotFound, A, new DisputePayment(new(5), Paper));
        world.Refuses(Refusal.NotOfThePayment, B, new DisputePayment(receipt.Payment, Paper));
        world.Accepts(C, new DisputePayment(receipt.Payment, Paper));
        world.Refuses(Refusal.PaymentStatusWrong, A, new DisputePayment(receipt.Payment, Paper));
        Assert.Equal((PaymentStatus.Disputed, holdings.Length), (world.Payment(receipt.Payment).Status, world.Holdings(note).Length));
        world.Accepts(X, new ReturnPayment(receipt.Payment, "BACK"));
        Assert.Equal([(A, "1-100")], world.Holdings(note));
    }

    [Fact]
    public void Money_that_a_bank_found_and_cannot_place_is_on_record_and_pays_nothing()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Until(DueDay);
        var receipt = world.Receipt(note, PaymentOutcome.Disputed, 1_000);
        world.Accepts(X, receipt);

        Assert.Equal(PaymentStatus.Disputed, world.Payment(receipt.Payment).Status);
        Assert.Empty(world.Payment(receipt.Payment).Shares);
        Assert.Equal([(A, "1-100")], world.Holdings(note));
        world.Accepts(X, new ReturnPayment(receipt.Payment, "BACK"));
        Assert.Equal(new(100), Assert.Single(Rulebook.Instructions(world.State, note, world.State.Today)).Total);
    }

    [Fact]
    public void Costs_need_the_obligors_word_or_two_institutions_and_never_exceed_the_units()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Hands(note, A, B, 1, 40);
        world.Until(DueDay);
        var costs = new ClaimCosts(note, new(1, 40), new(30), Paper);
        world.Refuses(Refusal.NotOverdue, B, costs, Key(C));
        world.Until("2026-09-15 09:00:00");

        world.Refuses(Refusal.CostsNotAcknowledged, B, costs, Key(A));
        world.Refuses(Refusal.UnitsNotHeld, A, costs, Key(C));
        world.Refuses(Refusal.CostsNotAcknowledged, B, costs, Key(Y));
        world.Accepts(B, costs, Key(Y), Key(Z));
        Assert.Equal(new(10), world.Refuses(Refusal.CostsTooLarge, B, costs with { Amount = new(11) }, Key(C)).Facts.Available);
        world.Accepts(B, costs with { Amount = new(10) }, Key(C));
        Assert.Equal([(B, 40UL), (A, 0)], Costs(world, note));
    }

    static IEnumerable<(PartyId, ulong)> Costs(World world, Id<Instrument> note) =>
        Rulebook.Instructions(world.State, note, world.State.Today).Select(due => (due.Payee, due.Costs.Minor));

    static Encumbrance Pledge(World world, PartyId pledgee) => new(EncumbranceKind.Pledge, 77, pledgee, world.Clock, PartyKey.Forever);

    static Decision Decide(World world, LedgerState state, PartyId by, Operation operation) => Rulebook.Decide(
        state, new(world.Draft(by, operation), default, world.Suite.Hash([1]), world.Suite.Hash([2]), [Key(by)], default));
}
