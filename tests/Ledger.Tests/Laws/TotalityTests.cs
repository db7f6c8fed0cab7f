using FsCheck;
using FsCheck.Fluent;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Tests.Laws;

/// <summary>
/// Whatever is asked, in whatever state, is answered: deciding and applying throw for no transaction, time passes over what came of it, and every
/// state that is reached can be written down and read again.
/// </summary>
public class TotalityTests
{
    const int Longest = 8;

    [Fact]
    public void Whatever_is_asked_in_whatever_state_is_answered() =>
        Check.One(Thorough.Config.WithMaxTest(Thorough.IsAsked ? 20_000 : 1_000), Prop.ForAll(Seeds.UpTo(Longest), steps =>
        {
            var walk = new Walk(Scene.All[steps[0] % Scene.All.Length]);
            foreach (var step in steps) walk.Step(new Random(step));
            if (steps[0] % 16 == 0) RestoreLaw.Holds(walk.State);
        }));

    /// <summary>What is drawn is not all refused at the door: every verb is taken somewhere, and most refusals are met.</summary>
    [Fact]
    public void What_is_asked_reaches_every_verb_and_most_refusals()
    {
        var (taken, met) = (new HashSet<Type>(), new HashSet<Refusal>());
        for (var seed = 0; seed < 1_500; seed++)
        {
            var walk = new Walk(Scene.All[seed % Scene.All.Length]);
            var chance = new Random(seed);
            for (var step = 0; step < Longest; step++)
            {
                var (asked, code) = walk.Step(chance);
                met.Add(code);
                if (code == Refusal.None) taken.UnionWith(asked.Body.Operations.Select(operation => operation.GetType()));
            }
        }

        Assert.Empty(Rulebook.Verbs.Values.Select(verb => verb.Operation).Except(taken).Select(kind => kind.Name).Order(StringComparer.Ordinal));
        Assert.True(met.Count > 180, $"only {met.Count} answers were met");
    }
}
