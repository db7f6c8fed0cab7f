using System.Reflection;
using Ledger.Core.State;
using Ledger.Tests.Rules;

namespace Ledger.Tests.House;

/// <summary>Every number has its sentence in two languages, its place in the ranges, and an input that draws it.</summary>
public class RefusalTests
{
    static readonly (int First, int Last)[] Ranges =
    [
        (0, 0), (1000, 1499), (1500, 1999), (2000, 2499), (2500, 2999), (3000, 3499), (3500, 3999), (4000, 4999), (5000, 5999), (6000, 6499), (6500, 6999),
        (7000, 7999), (8000, 8999), (9000, 9999), (10000, 10999),
    ];

    public static TheoryData<Refusal> OfTheChain => [.. Enum.GetValues<Refusal>().Where(refusal => (int)refusal is > 0 and < 20_000)];

    [Theory]
    [MemberData(nameof(OfTheChain))]
    public void Some_input_draws_it(Refusal refusal)
    {
        using var world = new World(RefusalScenarios.RulesFor(refusal));
        Assert.Equal(refusal, RefusalScenarios.Of[refusal](world));
    }

    [Fact]
    public void No_refusal_of_the_chain_lacks_a_scenario() =>
        Assert.Empty(Enum.GetValues<Refusal>().Where(refusal => (int)refusal is > 0 and < 20_000)
            .Except(RefusalScenarios.Of.Keys));

    [Theory]
    [MemberData(nameof(OfTheChain))]
    public void It_says_so_in_Chinese_and_in_English(Refusal refusal)
    {
        var says = typeof(Refusal).GetField($"{refusal}")?.GetCustomAttribute<SaysAttribute>();

        Assert.Matches("[\u4e00-\u9fff]", says?.Chinese ?? "");
        Assert.Matches("^[A-Z][^\u4e00-\u9fff]+$", says?.English ?? "");
        foreach (var word in new[] { "available", "kind", "reference", "since", "reason" })
            Assert.Equal(says?.Chinese.Contains($"{{{word}}}", StringComparison.Ordinal), says?.English.Contains($"{{{word}}}", StringComparison.Ordinal));
    }

    [Fact]
    public void Numbers_are_unique_and_in_their_ranges()
    {
        var numbers = typeof(Refusal).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (ushort)field.GetRawConstantValue()!).ToArray();

        Assert.Equal(numbers.Length, numbers.Distinct().Count());
        Assert.Equal(numbers.Order(), numbers);
        Assert.All(numbers.Where(number => number < 20_000), number => Assert.Contains(Ranges, range => range.First <= number && number <= range.Last));
    }
}
