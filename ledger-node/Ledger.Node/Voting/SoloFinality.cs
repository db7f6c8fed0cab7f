using System.Diagnostics;
using System.Runtime.CompilerServices;
using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node.Ordering;
using Ledger.Node.Storage;

namespace Ledger.Node.Voting;

/// <summary>Of a chain's only validator: a block is final once it is on disk under this node's own checkpoint.</summary>
sealed class SoloFinality(Fold fold, BlockLog log, IOrdering ordering, NodeKey key, VoteFile? votes) : IFinality
{
    static readonly OrderTrouble ValidatorsChanged = new(
        IsBroken: true, "表决变更了验证节点或本行的节点密钥：请重新启动本节点（有多家验证银行时须指明 etcd）",
        "votes changed the validators or this bank's node key: start this node again, with etcd where several banks are validators") { Refusal = Refusal.ValidatorsChanged };

    volatile bool isOver;
    readonly string origin = fold.Genesis.Origin;
    readonly uint noteKeyId = fold.Genesis.Chain.Suite.NoteKeyId(fold.Genesis.Origin, key.PublicKey);

    public IOrdering Ordering => ordering;

    public bool Orders => true;

    // A node that resumed begins its new epoch with its next batch.
    public uint Epoch => Math.Max(votes?.Last.Epoch ?? 1, fold.State.Ordering.Number);

    public OrderTrouble? Trouble => isOver ? ValidatorsChanged : ordering.Trouble;

    public LedgerState? Tip => null;

    public bool IsShared => false;

    public NodeKey Signer => key;

    public void Sealed(Envelope envelope)
    {
        // It knows all that it sealed by its chain.
    }

    public async IAsyncEnumerable<FinalBlocks> RunAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var batch in ordering.ReadAsync(cancel))
        {
            if (!fold.Takes(batch.Envelope))
            {
                ordering.Took(Forgettable);
                continue;
            }

            var began = Stopwatch.GetTimestamp();
            var folded = fold.Append(batch.Envelope, batch.Items);
            var decided = Stopwatch.GetTimestamp();
            var note = Sign(fold.Checkpoint);

            // The commit point: block and checkpoint in one write and one flush. Only what is on disk is told to anybody.
            log.Append(BlockLog.Records([folded.Block], note));
            log.Flush();
            votes?.Write(LastSigned.Of(fold));

            // There is one validator: what is durable here every validator has. What follows a block that names others, or another key, is not this run's to certify.
            ordering.Took(Forgettable);
            isOver = fold.State.ChangesValidators;
            yield return new([new(folded, batch.Items, Stopwatch.GetElapsedTime(began, decided))], note, Stopwatch.GetElapsedTime(decided));
            if (isOver) break;
        }
    }

    public void Flush() => votes?.Flush();

    public FrozenLedger? Freeze(Note checkpoint) => fold.Freeze(checkpoint);

    public void GoBackToFinal()
    {
        // It never goes further.
    }

    public void Dispose()
    {
        ordering.Dispose();
        votes?.Dispose();
    }

    // Of an earlier epoch everything is in the chain, or was left behind with it.
    Forgettable Forgettable => new(fold.State.Clock(key.Bank)?.NextCounter ?? 1, EarlierEpochs: true);

    Note Sign(Checkpoint checkpoint) => new(checkpoint, [new NoteSignature(origin, noteKeyId, new(key.SignNote(checkpoint.SignedBytes())))]);
}
