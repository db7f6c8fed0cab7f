using FsCheck;
using FsCheck.Fluent;

namespace Ledger.Tests.Laws;

/// <summary>Histories as lists of numbers, one for each step, so that a failing one shrinks to the steps that matter.</summary>
static class Seeds
{
    public static Arbitrary<int[]> UpTo(int longest) =>
        Arb.From(Gen.Choose(1, longest).SelectMany(length => Gen.Choose(0, int.MaxValue).ArrayOf(length)), Shorter);

    static IEnumerable<int[]> Shorter(int[] steps)
    {
        for (var size = steps.Length / 2; size > 0; size /= 2)
        {
            for (var first = 0; first + size <= steps.Length; first += size) yield return [.. steps[..first], .. steps[(first + size)..]];
        }
    }
}
