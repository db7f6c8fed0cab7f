using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Financings;

/// <summary>Who may ask for money on which units, and what the application holds.</summary>
public class ApplyForFinancingTests
{
    [Fact]
    public void A_holder_raises_money_on_its_own_free_units_and_they_are_held_for_one_bank()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 100);
        world.Hands(note, A, B, 1, 30);
        var apply = Whole(world, note, 31, 100);

        world.Refuses(Refusal.UnitsNotHeld, B, apply with { Documents = [] });
        world.Refuses(Refusal.UnitsDoNotExist, A, apply with { Units = new(31, 101) });
        world.Refuses(Refusal.UnitsOrAmount, A, apply with { Amount = new(70) });
        world.Accepts(A, apply);

        var burden = Assert.Single(world.Tokens(note)[1].Encumbrances);
        Assert.Equal((EncumbranceKind.Reservation, X, world.Clock.CeilingMinute().Add(Timestamp.Day)), (burden.Kind, burden.Beneficiary, burden.Until));
        Assert.Equal(apply.Financing, world.State.Reservation(apply.Financing)?.Id);
        world.Refuses(Refusal.UnitsReserved, A, world.Trade(note, A, B, 40, 40));
    }

    [Fact]
    public void Given_an_amount_free_units_are_taken_lowest_first()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 100);
        world.Accepts(A, Whole(world, note, 11, 20));
        var apply = Whole(world, note, 1, 25) with { Units = null, Amount = new(25), Principal = new(25) };
        world.Accepts(A, apply);

        Assert.Equal([new(1, 10), new(21, 35)], world.Financing(apply.Financing).Units);
        world.Refuses(Refusal.UnitsReserved, A, Whole(world, note, 1, 66) with { Units = null, Amount = new(66), Principal = new(66) });
    }

    [Fact]
    public void The_principal_is_at_most_the_allowed_share_of_the_units()
    {
        using var world = new World((RuleParameter.FinancingShareBasisPoints, 8_000)).Lends();
        var apply = world.Applying(world.Certificate(A, 101), FinancingForm.PledgeLoan, 1, 101);

        Assert.Equal(new Amount(80), world.Refuses(Refusal.PrincipalTooLarge, A, apply with { Principal = new(81) }).Facts.Available);
        world.Refuses(Refusal.PrincipalIsNotWhole, A, apply with { Form = FinancingForm.NonRecourseFactoring, Principal = new(80) });
        world.Accepts(A, apply with { Principal = new(80) });
    }

    [Theory]
    [InlineData(12, "2026-08-31", "2026-08-31")]
    [InlineData(3, "2027-02-28", "2026-11-30")]
    [InlineData(1, "2026-12-31", "2026-09-30")]
    public void A_financing_ends_with_the_units_payable_day_or_its_longest_term_whichever_is_first(int months, string due, string latest)
    {
        using var world = new World(due == latest ? "2026-03-12 09:00:00" : "2026-08-31 09:00:00", (RuleParameter.FinancingTenorMonths, months)).Lends();
        var issue = world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100))) with { DueDate = Date(due) };
        world.Accepts(C, issue);
        world.Accepts(A, new AcceptOffer(issue.Offer));
        var apply = Whole(world, issue.Instrument, 1, 100);

        Assert.Equal(latest, world.Refuses(Refusal.FinancingEndInvalid, A, apply with { End = Date(latest).AddDays(1) }).Facts.Reason);
        world.Refuses(Refusal.FinancingEndInvalid, A, apply with { End = world.State.Today });
        world.Accepts(A, apply with { End = Date(latest) });
    }

    [Fact]
    public void Nobody_lends_on_the_promise_of_an_insolvent_obligor()
    {
        using var world = new World((RuleParameter.ContestHours, 4)).Lends();
        var note = world.Certificate(A, 100);
        var approved = world.Approved(A, Whole(world, note, 1, 50));
        world.IsRegistered(approved);
        var applied = Whole(world, note, 51, 60);
        world.Accepts(A, applied);
        world.IsClear(applied.Financing);

        world.BecomesInsolvent(C);

        world.Refuses(Refusal.ObligorInsolvent, A, Whole(world, note, 61, 100));
        world.Refuses(Refusal.ObligorInsolvent, X, world.Approving(applied.Financing), Key(Lending.P));
        world.Refuses(Refusal.ObligorInsolvent, X, new Disburse(approved, "1"));
    }

    [Fact]
    public void A_financing_cites_documents_of_its_units_legs_and_charges_nothing()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 100);
        world.Hands(note, A, B, 1, 30);
        var tokens = world.Tokens(note);
        var apply = Whole(world, note, 31, 100);
        var ofB = tokens[0].Leg.Documents[0].Document;

        world.Refuses(Refusal.DocumentNotOfTheLeg, A, apply with { Documents = [ofB] });
        world.Refuses(Refusal.DocumentNotOfTheLeg, A, apply with { Documents = [] });
        world.Refuses(Refusal.DocumentCitedTwice, A, apply with { Documents = [apply.Documents[0], apply.Documents[0]] });
        world.Refuses(Refusal.DocumentNotFound, A, apply with { Documents = [new(5)] });
        var before = world.Document(apply.Documents[0]);
        world.Financed(A, apply);

        Assert.Equal(before with { Reliant = [X] }, world.Document(apply.Documents[0]));
    }

    [Fact]
    public void What_does_not_transfer_can_be_pledged_and_not_sold()
    {
        using var world = new World().Lends();
        var issue = world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100))) with { Transferable = false };
        world.Accepts(C, issue);
        world.Accepts(A, new AcceptOffer(issue.Offer));

        world.Refuses(Refusal.NotTransferable, A, world.Applying(issue.Instrument, FinancingForm.RecourseFactoring, 1, 100));
        world.Accepts(A, world.Applying(issue.Instrument, FinancingForm.PledgeLoan, 1, 100));
    }

    [Fact]
    public void A_supplier_without_a_key_at_hand_applies_through_its_agent_and_never_through_its_financier()
    {
        using var world = new World().Lends();
        var note = world.Certificate(D, 100);
        world.Granted(D, Y, 100, "financing.apply", X);
        world.Granted(D, X, 100, "financing.apply");
        var apply = Whole(world, note, 1, 100);

        Refused(Refusal.AgentIsCounterparty, world.SubmitFor(D, X, apply));
        Accepted(world.SubmitFor(D, Y, apply));
        Assert.Equal(D, world.Financing(apply.Financing).Applicant);
    }

    [Fact]
    public void What_was_held_is_free_again_when_the_applicant_withdraws_or_the_bank_lets_go()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 100);
        var before = world.Tokens(note);
        var line = world.Line(C, 100);
        var apply = Whole(world, note, 1, 50);

        world.Accepts(A, apply);
        world.Refuses(Refusal.NotTheApplicant, X, new WithdrawFinancing(apply.Financing));
        world.Accepts(A, new WithdrawFinancing(apply.Financing));
        Assert.Equal(before, world.Tokens(note));
        Assert.Null(world.State.Reservation(apply.Financing));
        world.Refuses(Refusal.FinancingIdInUse, A, apply);

        var approved = world.Approved(A, Whole(world, note, 1, 50), line);
        world.Refuses(Refusal.FinancingStatusWrong, A, new WithdrawFinancing(approved));
        world.Refuses(Refusal.NotTheFinancier, A, new ReleaseFinancing(approved));
        Assert.Equal(new Amount(50), world.Drawn(line));
        world.Accepts(X, new ReleaseFinancing(approved));
        Assert.Equal(before, world.Tokens(note));
        Assert.Equal(Amount.Zero, world.Drawn(line));
    }

    static ApplyForFinancing Whole(World world, Id<Instrument> note, ulong first, ulong last) =>
        world.Applying(note, FinancingForm.NonRecourseFactoring, first, last);
}
