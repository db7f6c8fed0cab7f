using System.Text;
using Ledger.Core.Chain;
using Ledger.Core.State;
using Ledger.Suites;

namespace Ledger.Tests.Chain;

/// <summary>A genesis with which the rules would one day overflow is refused before the first block.</summary>
public class RuleParametersTests
{
    public static TheoryData<RuleParameter> Parameters => [.. Enum.GetValues<RuleParameter>()];

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Every_parameter_has_a_greatest_value(RuleParameter parameter)
    {
        using var world = new World((RuleParameter.PledgeReservation, 1));
        var text = Encoding.UTF8.GetString(world.Genesis.Bytes.Span);
        var name = char.ToLowerInvariant($"{parameter}"[0]) + $"{parameter}"[1..];
        string With(long value) => text.Replace($"\"{name}\":{world.State.Rules[parameter]}", $"\"{name}\":{value}", StringComparison.Ordinal);
        Genesis? Read(string json) => Genesis.Read(Encoding.UTF8.GetBytes(json), KnownSuites.Find, out _);

        Assert.NotNull(Read(With(RuleSet.Greatest(parameter))));
        Assert.Null(Read(With(RuleSet.Greatest(parameter) + 1)));
        Assert.Null(Read(With(-1)));
        Assert.Null(Read(text.Replace($"\"{name}\":", "\"x\":", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_came_after_the_first_ledgers_is_stated_where_it_is_not_0_and_nowhere_else()
    {
        using World without = new(), with = new((RuleParameter.PledgeReservation, 1));
        Assert.Equal((0L, 1L), (without.State.Rules[RuleParameter.PledgeReservation], with.State.Rules[RuleParameter.PledgeReservation]));
        Assert.Equal((RuleSet.AlwaysStated, RuleSet.ParameterCount), (without.State.Rules.Values.Count, with.State.Rules.Values.Count));
        var text = Encoding.UTF8.GetString(with.Genesis.Bytes.Span);
        Assert.DoesNotContain("pledgeReservation", Encoding.UTF8.GetString(without.Genesis.Bytes.Span), StringComparison.Ordinal);
        Assert.NotNull(Genesis.Read(Encoding.UTF8.GetBytes(text), KnownSuites.Find, out _));
        Assert.Null(Genesis.Read(Encoding.UTF8.GetBytes(text.Replace("\"pledgeReservation\":1", "\"pledgeReservation\":0", StringComparison.Ordinal)), KnownSuites.Find, out var problem));
        Assert.Contains("pledgeReservation is left out where it is 0", problem, StringComparison.Ordinal);
        Assert.False(RuleSet.AreComplete([.. without.State.Rules.Values, 0]));
    }

    [Fact]
    public void With_the_greatest_values_the_rules_still_count()
    {
        using var world = new World([.. Enum.GetValues<RuleParameter>()
            .Where(parameter => parameter is not (RuleParameter.ContractRequired or RuleParameter.MinimumTransfer))
            .Select(parameter => (parameter, RuleSet.Greatest(parameter)))]);

        var note = world.Certificate(World.A, 100);
        world.Hands(note, World.A, World.B, 1, 50);
        Assert.Equal(2, world.Tokens(note).Length);
    }
}
