using FsCheck;
using FsCheck.Fluent;
using Ledger.Core.Primitives;

namespace Ledger.Tests.Money;

static class Generators
{
    /// <summary>Amounts of every length, thick with zeros: it is zeros that are written wrongly.</summary>
    public static readonly Arbitrary<Amount> Amounts =
        (from length in Gen.Choose(1, 12)
         from digits in Gen.Frequency((1, Gen.Constant(0)), (1, Gen.Choose(0, 9))).ArrayOf(length)
         select new Amount(digits.Aggregate(0UL, (sum, digit) => (sum * 10) + (ulong)digit))).ToArbitrary();
}
