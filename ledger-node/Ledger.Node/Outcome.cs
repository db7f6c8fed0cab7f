using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node;

/// <summary>
/// What a client hears about its transaction. <paramref name="Height"/> and <paramref name="Leaf"/> say where its entry stands; they are null when
/// it left none. <paramref name="Replayed"/>: it had been answered before, and this is that answer.
/// </summary>
public sealed record Outcome(
    Refusal Code,
    int Operation,
    Facts Facts,
    ulong? Height,
    ulong? Leaf,
    ValueList<LedgerEvent> Events,
    Timestamp LedgerTime,
    SignedTransaction? Transaction,
    bool Replayed)
{
    public bool IsAccepted => Code == Refusal.None;
}
