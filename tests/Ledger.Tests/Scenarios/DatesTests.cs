using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Rules.Bills;
using static Ledger.Tests.World;

namespace Ledger.Tests.Scenarios;

/// <summary>E7: the clock of 条例 16, a day that begins in Shanghai and not in Greenwich, tenors by the calendar, and a due date on a holiday.</summary>
public class DatesTests
{
    [Fact]
    public void A_period_that_ends_on_a_holiday_rolls_over_all_of_it()
    {
        // 30 days after 2026-09-01 is 10-01; 10-08 is the first working day after the holidays.
        using var world = new World("2026-09-01 08:00:00", (RuleParameter.ConfirmationRollsOver, 1));

        Assert.Equal(At("2026-10-09 00:00:00"), Requested(world, SizeClass.Large, SizeClass.Small).Deadline);
    }

    [Fact]
    public void A_weekend_day_that_is_worked_is_a_working_day()
    {
        // 30 days after 2026-08-21 is Sunday 09-20, which is worked.
        using var world = new World("2026-08-21 08:00:00", (RuleParameter.ConfirmationRollsOver, 1));

        Assert.Equal(At("2026-09-21 00:00:00"), Requested(world, SizeClass.Large, SizeClass.Small).Deadline);
    }

    [Fact]
    public void A_second_later_is_a_day_later()
    {
        using var world = new World("2026-03-13 00:00:00");

        Assert.Equal(At("2026-04-13 00:00:00"), Requested(world, SizeClass.Large, SizeClass.Small).Deadline);
    }

    [Fact]
    public void Small_at_signing_and_large_today_still_has_the_clock()
    {
        using var world = new World("2026-03-12 23:59:59");
        var today = Assert.IsType<Party>(world.State.Party(C));
        Assert.Equal(SizeClass.Large, today.Size);

        // C claims against bank X; when the contract was signed C was small.
        var request = Request(world, SizeClass.Large, SizeClass.Small) with { Obligor = X };
        world.Accepts(C, request);

        Assert.Equal(At("2026-04-12 00:00:00"), world.Instrument(request.Instrument).Confirmation?.Deadline);
    }

    [Theory]
    [InlineData(SizeClass.Large, SizeClass.Medium, true)]
    [InlineData(SizeClass.Large, SizeClass.Micro, true)]
    [InlineData(SizeClass.PublicBody, SizeClass.Small, true)]
    [InlineData(SizeClass.Large, SizeClass.Large, false)]
    [InlineData(SizeClass.Medium, SizeClass.Small, false)]
    [InlineData(SizeClass.Large, SizeClass.Unstated, false)]
    [InlineData(SizeClass.Large, SizeClass.PublicBody, false)]
    [InlineData(SizeClass.Unstated, SizeClass.Small, false)]
    public void The_clock_runs_for_the_small_against_the_large(SizeClass obligor, SizeClass creditor, bool runs)
    {
        using var world = new World();

        Assert.Equal(runs, Requested(world, obligor, creditor).Deadline != default);
    }

    [Theory]
    [MemberData(nameof(Stages), MemberType = typeof(World))]
    public void A_payload_cannot_backdate_and_the_day_is_Shanghais(Stage stage)
    {
        // 2025-06-14T16:00:00Z is already the 15th in Shanghai.
        using var world = new World(stage, "2025-06-14 20:00:00");
        var issue = world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100)));
        Assert.Equal(Date("2025-06-14"), issue.IssueDate);
        world.Until(new Timestamp(DateTimeOffset.Parse("2025-06-14T16:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds()));

        world.Refuses(Refusal.IssueDateIsNotToday, C, issue);
        world.Accepts(C, issue with { IssueDate = Date("2025-06-15") });
    }

    [Theory]
    [MemberData(nameof(Stages), MemberType = typeof(World))]
    public void A_tenor_is_counted_by_the_calendar_and_a_long_one_is_justified_and_flagged(Stage stage)
    {
        using var world = new World(stage, "2026-08-31 10:00:00");
        foreach (var (due, bare) in new[]
        {
            ("2027-02-28", Refusal.None), ("2027-03-01", Refusal.JustificationMissing), ("2027-08-31", Refusal.JustificationMissing), ("2027-09-01", Refusal.TenorTooLong),
        })
        {
            IssueReceivable Issue() => world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100))) with { DueDate = Date(due) };
            Refused(bare, world.Submit(C, Issue()));

            var flagged = bare == Refusal.JustificationMissing;
            var issue = Issue() with { Justification = new(7, 7) };
            var justified = world.Submit(C, issue);
            Refused(flagged ? Refusal.None : bare, justified);
            Assert.Equal(flagged ? [new IssueFlagged(issue.Instrument, Date(due))] : [], justified.Events.OfType<IssueFlagged>());
        }
    }

    [Theory]
    [MemberData(nameof(Stages), MemberType = typeof(World))]
    public void A_bill_has_the_tenor_of_the_rules_of_its_day_of_issue(Stage stage)
    {
        // The preset's own rule sets: twelve months until 2022, six from 2023.
        using var world = new World(stage, "2026-08-31 10:00:00", template => template);
        world.Refuses(Refusal.BillTenorTooLong, C, BillStory.Drawing(world, world.New<Instrument>()) with { DueDate = Date("2027-03-01") });
        world.Accepts(C, BillStory.Drawing(world, world.New<Instrument>()) with { DueDate = Date("2027-02-28") });

        world.Accepts(X, Imported("2022-12-31", "2023-12-31"), Key(A), Key(C));
        world.Refuses(Refusal.BillTenorTooLong, X, Imported("2023-01-01", "2023-07-02"), Key(A), Key(C));

        ImportBill Imported(string issued, string due)
        {
            var id = world.New<Instrument>();
            return new(id, BillStory.Number('6', id), C, C, A, Currency.Cny, new(100), Date(issued), Date(due), Transferable: true, Undivided: false);
        }
    }

    [Theory]
    [MemberData(nameof(Stages), MemberType = typeof(World))]
    public void The_clock_of_a_request_ends_on_Saturday_or_rolls_to_Monday(Stage stage)
    {
        foreach (var (rollsOver, deadline) in new[] { (0, "2026-04-12 00:00:00"), (1, "2026-04-14 00:00:00") })
        {
            using var world = new World(stage, "2026-03-12 23:59:59", (RuleParameter.ConfirmationRollsOver, rollsOver));
            Assert.Equal(At(deadline), Requested(world, SizeClass.Large, SizeClass.Small).Deadline);
        }
    }

    [Fact]
    public void What_was_issued_before_the_rules_of_2025_has_the_tenor_of_its_day()
    {
        using var founding = Client.Founding.FoundingKeys.Fill(Client.Founding.FoundingKeys.Preset("demo"), At("2025-06-01 09:00:00"));
        var state = new Core.Replay.Fold(founding.Genesis).State;

        Assert.Equal((1200, 1200, 12), Tenors("2022-12-31"));
        Assert.Equal((1200, 1200, 6), Tenors("2023-01-01"));
        Assert.Equal((1200, 1200, 6), Tenors("2025-06-14"));
        Assert.Equal((6, 12, 6), Tenors("2025-06-15"));

        (long Usual, long Greatest, long Bill) Tenors(string date) => state.RulesAt(Date(date)) is var rules
            ? (rules[RuleParameter.ReceivableTenorMonths], rules[RuleParameter.ReceivableTenorMaximumMonths], rules[RuleParameter.BillTenorMonths])
            : default;
    }

    [Theory]
    [MemberData(nameof(Stages), MemberType = typeof(World))]
    public void What_is_due_on_a_holiday_is_payable_after_it_without_penalty(Stage stage)
    {
        using var world = new World(stage, "2026-05-06 09:00:00");
        var issue = world.Issuing(A, 100_000_000, new DocumentUse(world.Invoice(A, C, 100_000_000), new(100_000_000))) with { DueDate = Date("2026-10-03") };
        world.Accepts(C, issue);
        world.Accepts(A, new AcceptOffer(issue.Offer));

        world.Until("2026-10-08 23:59:00");
        Assert.Equal(new(100_000_000), Assert.Single(Rulebook.Instructions(world.State, issue.Instrument, world.State.Today)).Total);
        Assert.Null(world.State.Maturity(issue.Instrument));
        Assert.Single(world.Until("2026-10-09 00:00:00").Opening.OfType<PaymentBecameOverdue>());
        Assert.Equal(new(50_000), Assert.Single(Rulebook.Instructions(world.State, issue.Instrument, world.State.Today)).Interest);
    }

    [Theory]
    [InlineData(true, 41_667UL)]
    [InlineData(false, 0UL)]
    public void The_days_of_a_holiday_bear_interest_if_the_terms_say_so(bool accrues, ulong interest)
    {
        using var world = new World();
        var terms = new InterestTerms(DayCount.Actual360, DayBounds.First, Rounding.HalfUp, InterestPayment.AtMaturity, RefundsUnearned: false, 0, accrues);
        var payable = world.State.PayableOn(Date("2026-10-03"));
        Assert.Equal(Date("2026-10-08"), payable);

        var plan = new FinancingPlan(new(100_000_000), terms, Date("2026-05-06"), Date("2026-10-03"), payable);
        var more = FinancingInterest.Whole(plan, new(30_000)) - FinancingInterest.Whole(plan with { Payable = plan.End }, new(30_000));
        Assert.Equal(new Amount(interest), more);
    }

    static Confirmation Requested(World world, SizeClass obligor, SizeClass creditor)
    {
        var request = Request(world, obligor, creditor);
        world.Accepts(A, request);
        return Assert.IsType<Confirmation>(world.Instrument(request.Instrument).Confirmation);
    }

    static RequestConfirmation Request(World world, SizeClass obligor, SizeClass creditor) =>
        new(world.New<Instrument>(), C, Currency.Cny, new(100), Date("2024-05-01"), obligor, creditor, new(3, 3));
}
