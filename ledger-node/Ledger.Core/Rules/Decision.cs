using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// The answer to a transaction. Accepted: <see cref="Refusal.None"/>, the events in order, and the state they lead to. Refused: the number, which
/// operation it met (0 when it met the transaction as a whole), the facts for its sentence; the state is then the one that came in.
/// </summary>
public sealed record Decision(Refusal Code, int Operation, Facts Facts, ValueList<LedgerEvent> Events, LedgerState After)
{
    public bool IsAccepted => Code == Refusal.None;

    /// <summary>Whether the answer becomes an entry of the chain and uses the id: everything but what is malformed, unauthentic or seen before.</summary>
    public bool IsEntry => IsAccepted || (ushort)Code is >= 2000 and < 20_000;
}
