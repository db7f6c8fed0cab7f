using System.Runtime.CompilerServices;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Tests;

/// <summary>What the rulebook does to units and to what is out on them, for stories that bring the money themselves.</summary>
static class Exposure
{
    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "Rewrite")]
    public static extern LedgerState Rewrite(
        [UnsafeAccessorType("Ledger.Core.Rules.Rulebook, Ledger.Core")] object? rulebook,
        LedgerState state, Id<Instrument> instrument, ValueList<Interval> units, Func<Token, Token> change);
}
