using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node.Views;

namespace Ledger.Node;

/// <summary>
/// The answers of the blocks that the views do not have yet, so that a transaction that is asked again is answered at once. What the views have is
/// forgotten here, and so is what could no longer be asked.
/// </summary>
sealed class RecentAnswers(ulong start)
{
    readonly Lock gate = new();
    readonly Dictionary<(PartyId, Id<Transaction>), EntryLocation> answers = [];
    readonly Queue<(ulong Height, Timestamp Expires, (PartyId, Id<Transaction>) Name)> order = [];

    // Up to this height the views are asked; whatever was answered above it is here. It only rises, and never past what the views have.
    ulong forgotten = start;

    public EntryLocation? Find(PartyId party, Id<Transaction> id)
    {
        lock (gate) return answers.GetValueOrDefault((party, id));
    }

    /// <summary>The height above which all answers are here, so that others need to know only what came up to it.</summary>
    public ulong Since
    {
        get
        {
            lock (gate) return forgotten;
        }
    }

    /// <summary>Takes the answers of a block in; <paramref name="viewed"/> is the height that the views have.</summary>
    public void Take(FoldedBlock folded, ulong viewed)
    {
        lock (gate)
        {
            while (order.TryPeek(out var oldest) && (oldest.Height <= viewed || oldest.Expires < folded.State.Now))
            {
                order.Dequeue();
                forgotten = Math.Max(forgotten, oldest.Height);
                if (answers.TryGetValue(oldest.Name, out var known) && known.Height == oldest.Height) answers.Remove(oldest.Name);
            }

            var block = folded.Block;
            foreach (var answer in folded.Answers)
            {
                if (answer is not { Leaf: { } leaf, Transaction: { } transaction }) continue;
                var name = (transaction.Body.Party, transaction.Body.Id);
                answers[name] = new(block.Header.Height, leaf, (int)(leaf - block.FirstLeaf), answer.Code, answer.Operation, transaction.PayloadHash);
                order.Enqueue((block.Header.Height, transaction.Body.Expires, name));
            }
        }
    }
}
