using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Scenarios;

/// <summary>E7: the clock of 条例 16, and a day that begins in Shanghai and not in Greenwich.</summary>
public class DatesTests
{
    [Theory]
    [InlineData(0, "2026-04-12 00:00:00")]
    [InlineData(1, "2026-04-14 00:00:00")]
    public void A_period_of_thirty_days_ends_at_midnight_of_its_last_day(int rollsOver, string deadline)
    {
        // Saturday 04-11 24:00, or Monday 04-13 24:00 where a closed day rolls over.
        using var world = new World("2026-03-12 23:59:59", (RuleParameter.ConfirmationRollsOver, rollsOver));

        Assert.Equal(At(deadline), Requested(world, SizeClass.Large, SizeClass.Small).Deadline);
    }

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

    [Fact]
    public void A_payload_cannot_backdate_and_the_day_is_Shanghais()
    {
        // 2025-06-14T16:00:00Z is already the 15th in Shanghai.
        using var world = new World("2025-06-14 20:00:00");
        var issue = world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100)));
        Assert.Equal(Date("2025-06-14"), issue.IssueDate);
        world.Until(new Timestamp(DateTimeOffset.Parse("2025-06-14T16:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds()));

        world.Refuses(Refusal.IssueDateIsNotToday, C, issue);
        world.Accepts(C, issue with { IssueDate = Date("2025-06-15") });
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
