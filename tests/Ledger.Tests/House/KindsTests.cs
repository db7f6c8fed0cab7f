using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Tests.Laws;

namespace Ledger.Tests.House;

/// <summary>What the compiler does not hold a new kind to: that the rulebook lists it, that the wire reads it, and that the laws draw it.</summary>
public class KindsTests
{
    public static TheoryData<Type> OperationKinds => [.. Heirs(typeof(Operation))];

    [Theory]
    [MemberData(nameof(OperationKinds))]
    public void Every_operation_has_a_name_a_place_on_the_wire_and_a_generator(Type kind)
    {
        Assert.Contains(Rulebook.Verbs.Values, verb => verb.Operation == kind);
        Assert.NotNull(WireJson.Options.GetTypeInfo(kind));
        Assert.True(Operations.ByKind.ContainsKey(kind));
    }

    [Fact]
    public void The_rulebook_lists_verbs_under_names_of_one_form() =>
        Assert.All(Rulebook.Verbs.Keys, name => Assert.Matches("^[a-z]+\\.[a-zA-Z]+$", name));

    [Fact]
    public void Every_deadline_of_a_record_that_exists_can_fire()
    {
        using var world = new World();

        Assert.All(Enum.GetValues<DeadlineKind>(), kind => Assert.NotNull(Rulebook.Fire(world.State, new(world.Clock, kind, 1))));
    }

    static IEnumerable<Type> Heirs(Type root) => typeof(Rulebook).Assembly.GetTypes().Where(type => type.IsSubclassOf(root) && !type.IsAbstract).OrderBy(type => type.Name, StringComparer.Ordinal);
}
