using System.Diagnostics;
using System.Runtime.CompilerServices;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Tests.Laws;

namespace Ledger.Tests.House;

/// <summary>The compiler does not know that a hierarchy of records is complete; these tests do.</summary>
public class KindsTests
{
    public static TheoryData<Type> OperationKinds => [.. Heirs(typeof(Operation))];

    public static TheoryData<Type> EventKinds => [.. Heirs(typeof(LedgerEvent))];

    [Theory]
    [MemberData(nameof(OperationKinds))]
    public void Every_operation_is_judged(Type kind)
    {
        using var world = new World();
        var blank = (Operation)Blank(kind);

        // A blank is refused or accepted or trips over its own emptiness; only a missing arm says that its kind is unknown.
        var thrown = Record.Exception(() => Judged(null, world.State, new Act(World.X, World.X, [World.Key(World.X)]), blank));

        Assert.IsNotType<UnreachableException>(thrown);
    }

    [Theory]
    [MemberData(nameof(EventKinds))]
    public void Every_event_is_applied(Type kind)
    {
        using var world = new World();
        var blank = (LedgerEvent)Blank(kind);

        var thrown = Record.Exception(() => Rulebook.Apply(world.State, blank));

        // PartyNamed and its like also say that what they found cannot be; the arm itself is one frame deep.
        Assert.False(thrown is UnreachableException && new StackTrace(thrown).GetFrame(0)?.GetMethod()?.Name == nameof(Rulebook.Apply));
    }

    [Theory]
    [MemberData(nameof(OperationKinds))]
    public void Every_operation_has_a_name_a_place_on_the_wire_and_a_generator(Type kind)
    {
        Assert.True(Rulebook.Verbs.ContainsKey(kind));
        Assert.NotNull(WireJson.Options.GetTypeInfo(kind));
        Assert.True(Operations.ByKind.ContainsKey(kind));
    }

    [Fact]
    public void Names_of_verbs_are_told_apart()
    {
        Assert.Equal(Rulebook.Verbs.Count, Rulebook.Verbs.Values.Distinct().Count());
        Assert.Equal(Heirs(typeof(Operation)).Count(), Rulebook.Verbs.Count);
        Assert.All(Rulebook.Verbs.Values, name => Assert.Matches("^[a-z]+\\.[a-zA-Z]+$", name));
    }

    [Fact]
    public void Every_deadline_of_a_record_that_exists_can_fire()
    {
        using var world = new World();

        Assert.All(Enum.GetValues<DeadlineKind>(), kind => Assert.NotNull(Rulebook.Fire(new(world.Clock, kind, 1))));
    }

    static IEnumerable<Type> Heirs(Type root) => typeof(Rulebook).Assembly.GetTypes().Where(type => type.IsSubclassOf(root)).OrderBy(type => type.Name, StringComparer.Ordinal);

    /// <summary>An heir whose members are as empty as their types allow.</summary>
    static object Blank(Type kind)
    {
        var constructor = kind.GetConstructors().Single();
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Empty(parameter.ParameterType))]);
    }

    static object? Empty(Type type)
    {
        if (type == typeof(string)) return "";
        if (type == typeof(PartyId)) return World.C;
        if (type == typeof(Currency)) return Currency.Cny;
        if (type == typeof(Interval)) return new Interval(1, 1);
        if (type.IsValueType) return Activator.CreateInstance(type);
        return type.Namespace?.StartsWith("Ledger.Core", StringComparison.Ordinal) == true ? Blank(type) : null;
    }

    // A verb is judged alone here, without the checks that every act passes before.
    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "JudgeOperation")]
    static extern Verdict Judged(
        [UnsafeAccessorType("Ledger.Core.Rules.Rulebook, Ledger.Core")] object? rulebook, LedgerState state, Act act, Operation operation);
}
