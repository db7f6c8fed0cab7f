using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules;

/// <summary>What is made is named with the time of its making, so that no name comes again once its day is over.</summary>
public class IdsTests
{
    const ulong Lowest = 1;

    // RFC 9562, appendix A.6.
    static readonly Timestamp OfTheStandard = new(1_645_557_742_000);
    static readonly UInt128 Standard = new(0x017F22E279B07CC3, 0x98C4DC0C0C07398F);

    [Fact]
    public void The_standards_own_example_says_its_time()
    {
        Assert.True(Uuid7.TryTimeOf(Standard, out var made));
        Assert.Equal(OfTheStandard, made);
        Assert.Equal(Standard, Uuid7.Of(OfTheStandard, Standard));
    }

    [Fact]
    public void Whatever_chance_there_is_only_chance_differs()
    {
        foreach (var chance in new[] { UInt128.Zero, UInt128.MaxValue })
        {
            Assert.True(Uuid7.TryTimeOf(Uuid7.Of(OfTheStandard, chance), out var made));
            Assert.Equal(OfTheStandard, made);
        }
    }

    [Theory]
    [InlineData(76, "another version")]
    [InlineData(79, "another version")]
    [InlineData(62, "another variant")]
    [InlineData(63, "another variant")]
    public void A_name_of_another_kind_makes_nothing(int bit, string why)
    {
        using var world = new World();
        var good = world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100)));
        var bad = new Id<Offer>(good.Offer.Value ^ (UInt128.One << bit));

        Assert.True(world.Submit(C, good with { Offer = bad }) is { Code: Refusal.IdWithoutTime, Leaf: null } no && no.Facts.Reference == bad.ToString(), why);
        world.Accepts(C, good);
    }

    [Theory]
    [InlineData(-Timestamp.Day - 1, false)]
    [InlineData(-Timestamp.Day, true)]
    [InlineData(10 * Timestamp.Minute, true)]
    [InlineData((10 * Timestamp.Minute) + 1, false)]
    public void A_name_is_of_the_day_before_ledger_time_or_of_the_ten_minutes_after_it(long away, bool taken)
    {
        using var world = new World();
        var line = new SetLine(new(Uuid7.Of(world.Clock.Add(away), Lowest)), C, CreditMode.General, Currency.Cny, new(1), Date("2027-12-31"));

        Assert.Equal(taken ? Refusal.None : Refusal.IdOfAnotherTime, world.Submit(X, line).Code);
    }

    [Fact]
    public void What_is_there_is_changed_under_its_name_however_old_it_is()
    {
        using var world = new World();
        var line = world.Line(C, 100);
        world.Pass(400 * Timestamp.Day);

        world.Accepts(X, new SetLine(line, C, CreditMode.General, Currency.Cny, new(200), Date("2027-12-31")));
    }

    [Fact]
    public void A_name_that_is_taken_is_told_before_it_is_called_old()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 10);
        world.Accepts(A, trade);
        world.Pass(2 * Timestamp.Day);

        world.Refuses(Refusal.OfferIdInUse, A, trade with { Expires = world.Tomorrow });
    }

    [Fact]
    public void All_that_one_act_makes_is_named_for_today()
    {
        using var world = new World();
        var issue = world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100)));
        var old = Uuid7.Of(world.Clock.Add(-2 * Timestamp.Day), Lowest);

        world.Refuses(Refusal.IdOfAnotherTime, C, issue with { Instrument = new(old) });
        world.Refuses(Refusal.IdOfAnotherTime, C, issue with { Offer = new(old) });
        world.Accepts(C, issue);
    }
}
