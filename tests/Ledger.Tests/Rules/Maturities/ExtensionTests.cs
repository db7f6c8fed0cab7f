using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Maturities;

/// <summary>A due date that moves: later because all agree, earlier because a court accepted a petition.</summary>
public class ExtensionTests
{
    static readonly Hash256 Paper = new(6, 6);

    [Fact]
    public void An_extension_needs_everybody_whose_money_it_puts_off()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Hands(note, A, D, 1, 40);
        var extend = new ExtendDueDate(note, Date("2026-11-12"));

        world.Refuses(Refusal.NotTheObligor, A, extend);
        world.Refuses(Refusal.DueDateNotLater, C, extend with { DueDate = Date("2026-09-12") }, Key(A), Key(D));
        Assert.Equal(D.Text, world.Refuses(Refusal.ConsentMissing, C, extend, Key(A)).Facts.Reference);
        world.Refuses(Refusal.TenorTooLong, C, extend with { DueDate = Date("2027-03-13") }, Key(A), Key(D));
        world.Granted(D, Y, 39, "instrument.extend");
        world.Refuses(Refusal.ConsentMissing, C, extend, Key(A), Key(Y));
        world.Granted(D, Y, 40, "instrument.extend");
        var extended = world.Accepts(C, extend, Key(A), Key(Y));

        Assert.Equal(Date("2026-11-12"), world.Instrument(note).DueDate);
        Assert.Contains(new IssueFlagged(note, Date("2026-11-12")), extended.Events);
        world.Until("2026-10-12 09:00:00");
        world.Hands(note, A, B, 41, 100);
    }

    [Fact]
    public void A_pledgee_and_a_freezing_court_are_asked_as_well()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Accepts(Y, world.Freezing(note, 1, 10) with { LastDay = Date("2026-11-30") }, Key(X));

        Assert.Equal(Y.Text, world.Refuses(Refusal.ConsentMissing, C, new ExtendDueDate(note, Date("2026-11-12")), Key(A)).Facts.Reference);
        world.Accepts(C, new ExtendDueDate(note, Date("2026-11-12")), Key(A), Key(Y));
    }

    [Fact]
    public void Interest_that_was_earned_stays_owed_and_the_new_rate_runs_from_the_new_day()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000_000);
        world.Until("2026-09-24 09:00:00");
        world.Accepts(C, new ExtendDueDate(note, Date("2026-12-01"), new(1_000)), Key(A));

        Assert.Empty(Rulebook.Instructions(world.State, note, world.State.Today));
        Assert.Equal(new(5_000), Assert.Single(Rulebook.Instructions(world.State, note, Date("2026-12-01"))).Interest);
        Assert.Equal(new(7_000), Assert.Single(Rulebook.Instructions(world.State, note, Date("2026-12-03"))).Interest);
        Assert.Equal([Date("2026-09-12")], world.State.Maturity(note)?.OverdueOn ?? []);
        Assert.Single(world.Until("2026-12-02 00:00:00").Opening.OfType<PaymentBecameOverdue>());
        Assert.Equal([Date("2026-09-12"), Date("2026-12-01")], world.State.Maturity(note)?.OverdueOn ?? []);
    }

    [Fact]
    public void A_rate_that_was_agreed_at_the_issue_holds_and_none_beyond_reason_is_taken()
    {
        using var world = new World();
        var issue = world.Issuing(A, 1_000_000, new DocumentUse(world.Invoice(A, C, 1_000_000), new(1_000_000))) with { LateRate = new(200) };
        world.Refuses(Refusal.LateRateTooHigh, C, issue with { LateRate = new(1_000_001) });
        world.Accepts(C, issue);
        world.Accepts(A, new AcceptOffer(issue.Offer));

        Assert.Equal(new(2_000), Assert.Single(Rulebook.Instructions(world.State, issue.Instrument, Date("2026-09-24"))).Interest);
        world.Refuses(Refusal.LateRateTooHigh, C, new ExtendDueDate(issue.Instrument, Date("2026-10-12"), new(1_000_001)), Key(A));
    }

    [Fact]
    public void A_large_obligor_agrees_on_no_late_rate_below_the_loan_prime_rate_with_a_smaller_creditor()
    {
        // 3.00 % a year is 83 1/3 millionths a day.
        using var world = new World((RuleParameter.LprMillionths, 30_000));
        var issue = world.Issuing(A, 1_000, new DocumentUse(world.Invoice(A, C, 1_000), new(1_000)));
        foreach (var rate in new uint[] { 0, 83 })
            Assert.Equal("84", world.Refuses(Refusal.LateRateBelowLpr, C, issue with { LateRate = new(rate) }).Facts.Reference);
        world.Accepts(C, issue with { LateRate = new(84) });
        world.Accepts(A, new AcceptOffer(issue.Offer));

        var extend = new ExtendDueDate(issue.Instrument, Date("2026-10-12"), new(83));
        world.Refuses(Refusal.LateRateBelowLpr, C, extend, Key(A));
        world.Accepts(C, extend with { LateRate = null }, Key(A));
        Assert.Equal(84U, world.State.Maturity(issue.Instrument)?.LateRate?.Millionths);
    }

    [Theory]
    [InlineData(SizeClass.Large, SizeClass.Small, false)]
    [InlineData(SizeClass.Large, SizeClass.Large, true)]
    [InlineData(SizeClass.Medium, SizeClass.Small, true)]
    [InlineData(SizeClass.PublicBody, SizeClass.Micro, false)]
    public void Whom_the_least_late_rate_protects_the_sizes_at_signing_say(SizeClass obligor, SizeClass creditor, bool isFree)
    {
        using var world = new World();
        var claim = new RequestConfirmation(world.New<Instrument>(), C, Currency.Cny, new(100), world.State.Today, obligor, creditor, Paper);
        world.Accepts(A, claim);
        world.Accepts(C, new Confirm(claim.Instrument, new(100), Promise));
        var issue = world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100))) with { Instrument = claim.Instrument, Undertaking = null, LateRate = Rate.Zero };

        if (isFree) world.Accepts(C, issue);
        else world.Refuses(Refusal.LateRateBelowLpr, C, issue);
    }

    [Fact]
    public void The_loan_prime_rate_is_that_of_the_day_of_signing()
    {
        using var world = new World(Morning, static template => template with
        {
            Rules = [With(template.Rules[^1], "2000-01-01", 40_000), With(template.Rules[^1], "2026-03-01", 30_000)],
        });
        var claim = new RequestConfirmation(world.New<Instrument>(), C, Currency.Cny, new(100), Date("2026-02-28"), SizeClass.Large, SizeClass.Small, Paper);
        world.Accepts(A, claim);
        world.Accepts(C, new Confirm(claim.Instrument, new(100), Promise));
        var issue = world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100))) with { Instrument = claim.Instrument, Undertaking = null, LateRate = new(111) };

        Assert.Equal("112", world.Refuses(Refusal.LateRateBelowLpr, C, issue).Facts.Reference);
        world.Accepts(C, issue with { LateRate = new(112) });

        static DatedRules With(DatedRules rules, string from, long lpr)
        {
            var values = rules.Parameters.Values.ToArray();
            values[(int)RuleParameter.LprMillionths - 1] = lpr;
            return new(Date(from), new([.. values]));
        }
    }

    [Fact]
    public void A_declined_issue_leaves_no_rate_behind()
    {
        using var world = new World();
        var claim = new RequestConfirmation(world.New<Instrument>(), C, Currency.Cny, new(100), world.State.Today, SizeClass.Large, SizeClass.Small, Paper);
        world.Accepts(A, claim);
        world.Accepts(C, new Confirm(claim.Instrument, new(100), Promise));
        var issue = world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100))) with { Instrument = claim.Instrument, Undertaking = null };
        world.Accepts(C, issue with { LateRate = new(200) });
        Assert.Equal(200U, world.State.Maturity(claim.Instrument)?.LateRate?.Millionths);
        world.Accepts(A, new DeclineOffer(issue.Offer));
        world.Accepts(C, issue with { Offer = world.New<Offer>() });

        Assert.Null(world.State.Maturity(claim.Instrument)?.LateRate);
    }

    [Fact]
    public void A_petition_makes_all_of_it_due_and_stops_the_interest()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000_000);
        world.Until("2026-06-03 09:00:00");
        var declare = world.Insolvency(C, Date("2026-06-01"));
        world.Refuses(Refusal.RoleMissing, A, declare, Key(Y), Key(X));
        world.Refuses(Refusal.TwoInstitutionsMissing, Y, declare);
        world.Refuses(Refusal.PartyNotFound, Y, declare with { Party = Stranger }, Key(X));
        world.Refuses(Refusal.TextInvalid, Y, declare with { Court = "" }, Key(X));
        world.Refuses(Refusal.InsolvencyFromTheFuture, Y, declare with { Date = Date("2026-06-04") }, Key(X));
        world.Accepts(Y, declare, Key(X));
        world.ContestEnds();
        world.Refuses(Refusal.AlreadyInsolvent, X, world.Insolvency(C), Key(Y));

        Assert.Equal(new(1_000_000), Assert.Single(Rulebook.Instructions(world.State, note, Date("2026-06-03"))).Total);
        Assert.Equal(new(1_000_000), Assert.Single(Rulebook.Instructions(world.State, note, Date("2026-12-31"))).Total);
        world.Accepts(X, world.Receipt(note, PaymentOutcome.PartlyPaid, 400_000));

        var over = new DeclareSolvent(world.New<Measure>(), C, Paper);
        world.Refuses(Refusal.RoleMissing, C, over, Key(Y), Key(Z));
        world.Refuses(Refusal.TwoInstitutionsMissing, Y, over, Key(X));
        world.Accepts(Y, over, Key(Z));
        world.ContestEnds();
        world.Refuses(Refusal.NotInsolvent, Y, over with { Measure = world.New<Measure>() }, Key(Z));
        Assert.Empty(Rulebook.Instructions(world.State, note, Date("2026-06-03")));
        Assert.Equal(new(3_000), Assert.Single(Rulebook.Instructions(world.State, note, Date("2026-09-24"))).Interest);
    }

    [Fact]
    public void Interest_that_ran_before_the_petition_stays_what_it_was()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000_000);
        world.Until("2026-10-10 09:00:00");
        world.BecomesInsolvent(C, Date("2026-09-24"));

        Assert.Equal(new(5_000), Assert.Single(Rulebook.Instructions(world.State, note, world.State.Today)).Interest);
    }

    [Fact]
    public void The_insolvent_confirms_and_issues_nothing_and_its_paper_is_not_traded()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var request = new RequestConfirmation(world.New<Instrument>(), C, Currency.Cny, new(100), world.State.Today, SizeClass.Large, SizeClass.Small, Paper);
        world.Accepts(A, request);
        var later = world.Clock.CeilingMinute().Add(10 * Timestamp.Day);
        var issue = world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100))) with { Expires = later };
        world.Accepts(C, issue);
        var trade = world.Trade(note, A, B, 1, 10) with { Expires = later };
        world.Accepts(A, trade);
        world.BecomesInsolvent(C);

        world.Refuses(Refusal.ObligorInsolvent, C, new Confirm(request.Instrument, new(100), Promise));
        world.Refuses(Refusal.ObligorInsolvent, C, world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100))));
        world.Refuses(Refusal.ObligorInsolvent, A, new AcceptOffer(issue.Offer));
        world.Refuses(Refusal.ObligorInsolvent, B, new AcceptOffer(trade.Offer));
        world.Refuses(Refusal.ObligorInsolvent, A, world.Trade(note, A, B, 11, 20));
        world.Refuses(Refusal.ObligorInsolvent, C, new ExtendDueDate(note, Date("2026-11-12")), Key(A));

        // What follows from not being paid goes on: the debt is past its day.
        var steps = world.Moving(note, B, TransferCause.Subrogation, 11, 100) with { Evidence = Paper };
        world.Accepts(A, steps);
        world.Accepts(B, new AcceptOffer(steps.Offer));
    }
}
