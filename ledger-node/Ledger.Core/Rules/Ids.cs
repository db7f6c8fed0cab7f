using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

// Ids are made by whoever asks, and so the ledger demands that they say when: an id of another day makes nothing. What ended may then leave the
// state, and its id still never comes again.
public static partial class Rulebook
{
    /// <summary>How long before ledger time an id may have been made: as long as a transaction may wait.</summary>
    public const long OldestId = Timestamp.Day;

    /// <summary>How far clocks may differ: an id may be this much of ledger time ahead.</summary>
    public const long NewestId = 10 * Timestamp.Minute;

    static Verdict.Refused? JudgeMade(LedgerState state, Operation operation)
    {
        foreach (var id in operation.Makes(state))
        {
            if (!Uuid7.TryTimeOf(id, out var made)) return Verdict.No(Refusal.IdWithoutTime, new Id<Operation>(id).ToString());
            if (made < state.Now.Add(-OldestId) || made > state.Now.Add(NewestId)) return Verdict.No(Refusal.IdOfAnotherTime, new Id<Operation>(id).ToString());
        }

        return null;
    }
}
