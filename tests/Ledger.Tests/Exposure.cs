using System.Runtime.CompilerServices;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Tests;

/// <summary>What the rulebook does to exposure and units when money comes, for stories that bring the money themselves.</summary>
static class Exposure
{
    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "ReleaseExposure")]
    public static extern LedgerState Release(
        [UnsafeAccessorType("Ledger.Core.Rules.Rulebook, Ledger.Core")] object? rulebook, LedgerState state, Id<Instrument> instrument, Interval units);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "Rewrite")]
    public static extern LedgerState Rewrite(
        [UnsafeAccessorType("Ledger.Core.Rules.Rulebook, Ledger.Core")] object? rulebook,
        LedgerState state, Id<Instrument> instrument, ValueList<Interval> units, Func<Token, Token> change);
}
