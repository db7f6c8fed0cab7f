using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Financings;

/// <summary>What occupies a bank's credit, from when until when.</summary>
public class CreditLineTests
{
    [Fact]
    public void A_line_is_its_banks_and_never_below_what_is_drawn()
    {
        using var world = new World().Lends();
        var line = world.Line(C, 100);
        world.Approved(A, world.Applying(world.Certificate(A, 60), FinancingForm.NonRecourseFactoring, 1, 60), line);
        SetLine Limit(ulong limit) => new(line, C, CreditMode.General, Currency.Cny, new(limit), Date("2027-12-31"));

        world.Refuses(Refusal.RoleMissing, C, Limit(60));
        world.Refuses(Refusal.NotTheLinesBank, Y, Limit(60));
        world.Refuses(Refusal.LineIsFixed, X, Limit(60) with { Debtor = A });
        Assert.Equal(new Amount(60), world.Refuses(Refusal.LimitBelowDrawn, X, Limit(59)).Facts.Available);
        world.Accepts(X, Limit(60));
        Assert.Equal((new Amount(60), Amount.Zero), (world.Drawn(line), world.State.Line(line)?.Available));
    }

    [Fact]
    public void Two_commitments_cannot_share_what_is_left_of_a_line()
    {
        using var world = new World().Lends();
        var line = world.Line(C, 100);
        world.Approved(A, world.Applying(world.Certificate(A, 60), FinancingForm.NonRecourseFactoring, 1, 60), line);
        var second = world.Applying(world.Certificate(B, 41), FinancingForm.NonRecourseFactoring, 1, 41);
        world.Accepts(B, second);
        world.IsClear(second.Financing);

        Assert.Equal(new Amount(40), world.Refuses(Refusal.LineExhausted, X, world.Approving(second.Financing, line), Key(Lending.P)).Facts.Available);
        world.Accepts(X, world.Approving(second.Financing), Key(Lending.P));
        Assert.Equal(new Amount(60), world.Drawn(line));
    }

    [Fact]
    public void A_financing_draws_on_a_line_of_its_own_bank_mode_and_debtor()
    {
        using var world = new World().Lends();
        var apply = world.Applying(world.Certificate(A, 60), FinancingForm.NonRecourseFactoring, 1, 60);
        world.Accepts(A, apply);
        world.IsClear(apply.Financing);
        var ofY = new SetLine(world.New<CreditLine>(), C, CreditMode.General, Currency.Cny, new(100), Date("2027-12-31"));
        world.Accepts(Y, ofY);
        ApproveFinancing On(Id<CreditLine> line, CreditMode mode) => world.Approving(apply.Financing, line, mode);

        world.Refuses(Refusal.NotTheLinesBank, X, On(ofY.Line, CreditMode.General), Key(Lending.P));
        world.Refuses(Refusal.LineDoesNotFit, X, On(world.Line(C, 100), CreditMode.Earmarked), Key(Lending.P));
        world.Refuses(Refusal.LineDoesNotFit, X, On(world.Line(C, 100, CreditMode.Supplier), CreditMode.Supplier), Key(Lending.P));
        world.Refuses(Refusal.LineDoesNotFit, X, On(world.Line(C, 100), CreditMode.None), Key(Lending.P));
        world.Accepts(X, On(world.Line(A, 60, CreditMode.Supplier), CreditMode.Supplier), Key(Lending.P));
    }

    [Fact]
    public void An_issue_under_an_earmarked_line_occupies_it_from_the_offer_until_it_is_declined_or_cancelled()
    {
        using var world = new World();
        var line = world.Line(C, 100, CreditMode.Earmarked);
        var issue = Issue(world, 60, line);
        world.Accepts(C, issue);
        Assert.Equal(new Amount(60), world.Drawn(line));
        Assert.Equal(new Amount(40), world.Refuses(Refusal.LineExhausted, C, Issue(world, 41, line)).Facts.Available);
        world.Accepts(A, new DeclineOffer(issue.Offer));
        Assert.Equal((Amount.Zero, null), (world.Drawn(line), world.State.Earmark(issue.Instrument)));

        var expires = Issue(world, 60, line);
        world.Accepts(C, expires);
        world.Until(expires.Expires);
        Assert.Equal(Amount.Zero, world.Drawn(line));

        var taken = Issue(world, 60, line);
        world.Accepts(C, taken);
        world.Accepts(A, new AcceptOffer(taken.Offer));
        Assert.Equal(new Amount(60), world.Drawn(line));
        world.Accepts(C, new CancelReceivable(taken.Instrument), Key(A));
        Assert.Equal((Amount.Zero, null), (world.Drawn(line), world.State.Earmark(taken.Instrument)));

        world.Refuses(Refusal.LineDoesNotFit, C, Issue(world, 10, world.Line(C, 100)));
        world.Refuses(Refusal.LineDoesNotFit, C, Issue(world, 10, world.Line(A, 100, CreditMode.Earmarked)));
    }

    [Fact]
    public void Financing_what_was_issued_under_the_banks_own_line_draws_nothing_more()
    {
        using var world = new World().Lends();
        var line = world.Line(C, 100, CreditMode.Earmarked);
        var issue = Issue(world, 100, line);
        world.Accepts(C, issue);
        world.Accepts(A, new AcceptOffer(issue.Offer));
        var apply = world.Applying(issue.Instrument, FinancingForm.NonRecourseFactoring, 1, 100);
        world.Accepts(A, apply);
        world.IsClear(apply.Financing);
        world.Accepts(X, world.Approving(apply.Financing) with { Credit = CreditMode.Earmarked }, Key(Lending.P));
        world.IsRegistered(apply.Financing);
        world.Accepts(X, new Disburse(apply.Financing, "1"));
        Assert.Equal((new Amount(100), Amount.Zero), (world.Drawn(line), world.Financing(apply.Financing).Drawn));

        // What comes home is owed no more, and what passes on still is.
        world.Hands(issue.Instrument, X, B, 1, 30);
        Assert.Equal(new Amount(100), world.Drawn(line));
        world.Hands(issue.Instrument, B, C, 1, 30);
        Assert.Equal(new Amount(70), world.Drawn(line));
    }

    [Fact]
    public void Units_that_pass_on_or_come_home_free_the_line_that_their_financing_drew()
    {
        using var world = new World().Lends();
        var line = world.Line(C, 100);
        var note = world.Certificate(A, 100);
        var id = world.Financed(A, world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 100), line);
        world.Hands(note, X, B, 1, 30);
        Assert.Equal((new Amount(70), FinancingStatus.Disbursed), (world.Drawn(line), world.Financing(id).Status));

        // B's further trades are none of the bank's business.
        world.Hands(note, B, D, 1, 30);
        Assert.Equal(new Amount(70), world.Drawn(line));
        world.Hands(note, X, C, 31, 100);
        Assert.Equal((Amount.Zero, FinancingStatus.Matured), (world.Drawn(line), world.Financing(id).Status));
    }

    static IssueReceivable Issue(World world, ulong amount, Id<CreditLine> line) =>
        world.Issuing(A, amount, new DocumentUse(world.Invoice(A, C, amount), new(amount))) with { Line = line };
}
