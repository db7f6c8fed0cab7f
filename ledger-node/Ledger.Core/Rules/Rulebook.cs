using System.Diagnostics;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// The one place that decides. <c>Judge</c> says what an operation makes happen or why it may not; <c>Enact</c> makes it so and cannot fail.
/// One file holds a verb; this one lays out all of them.
/// </summary>
public static partial class Rulebook
{
    static Verdict JudgeOperation(LedgerState state, Act act, Operation operation) => operation switch
    {
        _ => throw new UnreachableException(),
    };

    public static LedgerState Apply(LedgerState state, LedgerEvent happened) => happened switch
    {
        _ => throw new UnreachableException(),
    };
}
