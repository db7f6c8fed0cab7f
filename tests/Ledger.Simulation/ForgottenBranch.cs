using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Node.Ordering;

namespace Ledger.Simulation;

/// <summary>
/// The story by which the model shows that certificates count by their epoch first, gone through by real nodes, since chance alone hardly ever comes to it: a long branch is certified in one epoch and nobody but
/// the liar learns so; the next goes on from before it, and in it something shorter becomes final, which one bank alone learns; then that epoch ends, and the long branch comes to light.
/// </summary>
sealed class ForgottenBranch(Cluster cluster)
{
    const int Within = 60_000;
    const int Acts = 12;

    readonly PartyId liar = cluster.Consortium.Banks[^1];

    /// <summary>Whether it came to its end: now and then a message comes too late for that.</summary>
    public bool WasTold { get; private set; }

    public void Tell()
    {
        // The first epoch: what the honest banks sign reaches the liar alone, and what it signs for each of them is no quorum.
        cluster.Part();
        cluster.Hides = (_, posted) => posted.Kind == Posting.End || posted.Bank == liar ? posted.Kind != Posting.Vote : posted.Kind == Posting.Vote;
        var first = cluster.Banks[0].Epoch;
        for (var act = 0; act < Acts; act++)
        {
            cluster.Banks[act % cluster.Banks.Count].Submit(cluster.Business.Plain(cluster.Now));
            cluster.Until(cluster.Clock.Now + 200);
        }

        Ends(first);
        if (!Until(() => cluster.Banks.All(bank => bank.Epoch == first + 1)) || cluster.Longest is not { } branch || cluster.Auditor.Height > 0) return;

        // The second: every bank sees what is prepared, and the first of them alone what the others commit to.
        cluster.Hides = (bank, posted) => posted.Kind == Posting.End || (posted.Bank == liar ? posted.Kind == Posting.Report : bank > 0 && IsCommit(posted));
        cluster.Banks[0].Submit(cluster.Business.Plain(cluster.Now));
        if (!Until(() => cluster.Auditor.Height > 0) || cluster.Auditor.Size >= branch.Block.Size) return;
        cluster.Banks[0].Leave();
        if (cluster.Banks.Any(static bank => bank.Told > 0 && !bank.IsAway)) return;

        // It ends without the bank that knows. The liar reports what it likes.
        cluster.Hides = (_, posted) => posted.Kind == Posting.End || (posted.Bank != liar && IsCommit(posted));
        Ends(first + 1);
        if (!Until(() => cluster.Banks.Skip(1).All(bank => bank.Epoch == first + 2))) return;

        // The third: nothing is kept from anybody any more.
        cluster.Hides = null;
        WasTold = true;
        cluster.Heal();
        cluster.GoesOn();
    }

    void Ends(uint epoch)
    {
        cluster.Order.GoBack(epoch, by: 1);
        cluster.Wake();
    }

    bool Until(Func<bool> came)
    {
        for (var ends = cluster.Clock.Now + Within; cluster.Clock.Now < ends; cluster.Clock.Step())
        {
            if (came()) return true;
        }

        return false;
    }

    static bool IsCommit(Posted posted) =>
        posted.Kind == Posting.Vote && Vote.TryRead(posted.Octets.Span, out var vote) && vote.Lines.Any(static line => line.Kind == VoteKind.Commit);
}
