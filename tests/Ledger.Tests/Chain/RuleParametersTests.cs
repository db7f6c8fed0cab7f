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
        using var world = new World();
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
