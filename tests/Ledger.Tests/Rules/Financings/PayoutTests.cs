using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Financings;

/// <summary>From a bank's commitment to its money, and how a payout ends or is undone.</summary>
public class PayoutTests
{
    static readonly KeyId Reviewer = Key(Lending.P);
    static readonly Hash256 Digest = new(4, 4);

    [Fact]
    public void Two_parties_approve_and_the_second_is_on_neither_side()
    {
        using var world = new World().Lends();
        var apply = Whole(world, world.Certificate(A, 100));
        world.Accepts(A, apply);
        world.IsClear(apply.Financing);
        var approve = world.Approving(apply.Financing);

        world.Refuses(Refusal.NotTheFinancier, Y, approve, Reviewer);
        foreach (var side in new[] { X, A, C, B }) world.Refuses(Refusal.ReviewerIsNotIndependent, X, approve with { Reviewer = side }, Key(side));
        world.Refuses(Refusal.ReviewerDidNotSign, X, approve, Key(Y));
        world.Accepts(X, approve with { Reviewer = Y }, Key(Y));
        Assert.Equal((FinancingStatus.Approved, Y), (world.Financing(apply.Financing).Status, world.Financing(apply.Financing).Reviewer));
        world.Refuses(Refusal.FinancingStatusWrong, X, approve, Reviewer);
    }

    [Fact]
    public void Both_sides_sign_the_same_hidden_terms_and_the_payout_adds_its_own()
    {
        using var world = new World().Lends();
        var apply = Whole(world, world.Certificate(A, 100)) with { Terms = [Digest] };
        world.Accepts(A, apply);
        world.IsClear(apply.Financing);
        world.Refuses(Refusal.TermsDiffer, X, world.Approving(apply.Financing), Reviewer);
        world.Accepts(X, world.Approving(apply.Financing) with { Terms = [Digest] }, Reviewer);
        world.IsRegistered(apply.Financing);
        world.Accepts(X, new Disburse(apply.Financing, "1", [new(3, 3), Digest]));

        Assert.Equal([new(3, 3), Digest], world.Financing(apply.Financing).Terms);
    }

    [Fact]
    public void A_commitment_ends_before_the_units_are_payable_and_within_the_days_of_an_offer()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 100);
        world.Until("2026-09-10 10:00:00");
        var apply = Whole(world, note);
        world.Accepts(A, apply);
        world.IsClear(apply.Financing);
        ApproveFinancing Until(Timestamp until) => world.Approving(apply.Financing) with { CommittedUntil = until };

        // Due on Saturday the 12th, and payable on Monday.
        world.Refuses(Refusal.CommitmentTermInvalid, X, Until(At("2026-09-15 00:00:00")), Reviewer);
        world.Refuses(Refusal.CommitmentTermInvalid, X, Until(At("2026-09-14 23:59:30")), Reviewer);
        world.Accepts(X, Until(At("2026-09-14 23:59:00")), Reviewer);
    }

    [Fact]
    public void A_freeze_that_comes_over_the_units_bars_approval_and_payout_while_it_lasts()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 100);
        var apply = Whole(world, note);
        world.Accepts(A, apply);
        world.IsClear(apply.Financing);
        var freeze = world.Freezing(note, 50, 60);
        world.Accepts(Y, freeze);
        Assert.Equal("Freeze", world.Refuses(Refusal.UnitsBurdened, X, world.Approving(apply.Financing), Reviewer).Facts.Conflict?.Kind);
        world.Accepts(Y, new UnfreezeUnits(freeze.Freeze));
        world.Accepts(X, world.Approving(apply.Financing), Reviewer);
        world.IsRegistered(apply.Financing);
        var second = world.Freezing(note, 50, 60);
        world.Accepts(Y, second, Key(X));
        world.Refuses(Refusal.UnitsBurdened, X, new Disburse(apply.Financing, "1"));
        world.Accepts(Y, new UnfreezeUnits(second.Freeze));
        world.Accepts(X, new Disburse(apply.Financing, "1"));
    }

    [Fact]
    public void A_commitment_that_ran_out_pays_nothing_and_frees_units_and_line()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 100);
        var before = world.Tokens(note);
        var line = world.Line(C, 100);
        var id = world.Approved(A, Whole(world, note), line);
        world.IsRegistered(id);
        var until = world.Financing(id).CommittedUntil;

        world.Until(until.Add(-1));
        world.IsClear(id);
        var ended = world.Until(until);
        Assert.Equal(new FinancingLapsed(id), Assert.Single(ended.Opening.OfType<FinancingLapsed>()));
        world.Refuses(Refusal.CommitmentOver, X, new Disburse(id, "1"));
        Assert.Equal(before, world.Tokens(note));
        Assert.Equal(Amount.Zero, world.Drawn(line));
    }

    [Fact]
    public void Units_of_several_hands_are_sold_by_one_leg_and_come_back_as_they_were()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 100);
        world.Hands(note, A, B, 1, 10);
        world.Hands(note, A, B, 11, 20);
        var before = world.Tokens(note);
        Assert.Equal(3, before.Length);
        var id = world.Financed(B, Whole(world, note, 1, 20));

        var sold = world.Tokens(note)[0];
        Assert.Equal((X, new Interval(1, 20), 2, TransferCause.Sale, B), (sold.Holder, sold.Units, (int)sold.Leg.Depth, sold.Leg.Cause, sold.Leg.From));
        Assert.Equal(before[..2].SelectMany(token => token.Leg.Documents), sold.Leg.Documents);
        world.Accepts(X, new ReverseFinancing(id, "BACK"));
        Assert.Equal(before, world.Tokens(note));
    }

    [Fact]
    public void A_payout_is_not_undone_once_anything_relies_on_it()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 100);
        var id = world.Financed(A, Whole(world, note));
        var offer = world.Trade(note, X, B, 1, 1);
        world.Accepts(X, offer);
        world.Refuses(Refusal.FinancingReliedOn, X, new ReverseFinancing(id, "BACK"));
        world.Accepts(X, new WithdrawOffer(offer.Offer));
        world.Hands(note, X, B, 1, 1);
        world.Refuses(Refusal.FinancingReliedOn, X, new ReverseFinancing(id, "BACK"));
        world.Refuses(Refusal.FinancingReliedOn, X, new CorrectFinancing(id, Lending.P), Key(A), Reviewer);

        // Nor once the day is over on which the obligor had to pay.
        var late = world.Financed(A, Whole(world, world.Certificate(A, 100)));
        world.Until("2026-09-15 00:00:00");
        world.Refuses(Refusal.InstrumentDue, X, new ReverseFinancing(late, "BACK"));
    }

    [Fact]
    public void A_mistake_is_corrected_by_both_parties_and_a_reviewer()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 100);
        var before = world.Tokens(note);
        var line = world.Line(C, 100);
        var id = world.Financed(A, world.Applying(note, FinancingForm.PledgeLoan, 1, 100), line);
        var correct = new CorrectFinancing(id, Lending.P);

        world.Refuses(Refusal.ReviewerDidNotSign, X, correct, Key(A));
        world.Refuses(Refusal.ApplicantDidNotSign, X, correct, Reviewer);
        // One hand does not sign for the applicant and review it.
        var mandate = world.Granted(A, Lending.P, 100, "financing.correct");
        world.Refuses(Refusal.ReviewerIsNotIndependent, X, correct, Reviewer);
        world.Accepts(A, new RevokeMandate(mandate.Id));
        world.Accepts(X, correct, Key(A), Reviewer);

        Assert.Equal(before, world.Tokens(note));
        Assert.Equal((FinancingStatus.Corrected, Amount.Zero), (world.Financing(id).Status, world.Drawn(line)));
    }

    [Fact]
    public void A_pledge_loan_that_is_paid_back_ends_the_pledge()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 100);
        var before = world.Tokens(note);
        var line = world.Line(A, 60, CreditMode.Supplier);
        var id = world.Financed(A, world.Applying(note, FinancingForm.PledgeLoan, 1, 100) with { Principal = new(60) }, line, CreditMode.Supplier);
        Assert.Equal(new Amount(60), world.Drawn(line));

        world.Refuses(Refusal.NotTheFinancier, A, new Repay(id, "PAID"));
        world.Refuses(Refusal.ApplicantDidNotSign, X, new Repay(id, "PAID"));
        world.Refuses(Refusal.NotOfThisForm, X, new BuyBack(id, "PAID"), Key(A));
        world.Accepts(X, new Repay(id, "PAID"), Key(A));

        Assert.Equal(before, world.Tokens(note));
        Assert.Equal((FinancingStatus.Repaid, Amount.Zero, world.State.Today), (world.Financing(id).Status, world.Drawn(line), world.Financing(id).EndedOn));
        Assert.Equal((X, id.Value), (world.State.BankReference(world.State.Today, "PAID")?.Bank, world.State.BankReference(world.State.Today, "PAID")?.Act));
        world.Refuses(Refusal.FinancingStatusWrong, X, new Repay(id, "AGAIN"), Key(A));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("号1")]
    [InlineData("123456789012345678901234567890123456")]
    public void A_bank_reference_is_short_printable_and_plain(string reference)
    {
        using var world = new World().Lends();
        var id = world.Approved(A, Whole(world, world.Certificate(A, 100)));
        world.IsRegistered(id);

        world.Refuses(Refusal.BankReferenceInvalid, X, new Disburse(id, reference));
        world.Accepts(X, new Disburse(id, "12345678901234567890123456789012345"));
    }

    [Fact]
    public void A_bank_that_sells_on_frees_its_line_and_has_the_units_back_when_that_is_undone()
    {
        using var world = new World().Lends();
        world.Accepts(X, new FileAccount(Lending.Account), Key(Y));
        var note = world.Certificate(A, 100);
        var line = world.Line(C, 100);
        var first = world.Financed(A, Whole(world, note), line);
        var bought = world.Tokens(note);

        var second = Whole(world, note, 1, 100) with { Financier = Y };
        world.Accepts(X, second);
        world.IsClear(second.Financing);
        world.Accepts(Y, world.Approving(second.Financing), Reviewer);
        world.IsRegistered(second.Financing);
        world.Accepts(Y, new Disburse(second.Financing, "Y PAYS X"));
        Assert.Equal([(Y, "1-100")], world.Holdings(note));
        Assert.Equal((Amount.Zero, FinancingStatus.Matured), (world.Drawn(line), world.Financing(first).Status));

        world.Accepts(Y, new ReverseFinancing(second.Financing, "Y GETS IT BACK"));
        Assert.Equal(bought, world.Tokens(note));
        Assert.Equal((new Amount(100), FinancingStatus.Disbursed), (world.Drawn(line), world.Financing(first).Status));
        world.Accepts(X, new ReverseFinancing(first, "X GETS IT BACK"));
        Assert.Equal((A, Amount.Zero), (world.Tokens(note)[0].Holder, world.Drawn(line)));
    }

    static ApplyForFinancing Whole(World world, Id<Instrument> note, ulong first = 1, ulong last = 100) =>
        world.Applying(note, FinancingForm.NonRecourseFactoring, first, last);
}
