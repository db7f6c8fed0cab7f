using System.Collections.Concurrent;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Drafts;
using Ledger.Node.Views;

namespace Ledger.Node;

/// <summary>A node's drafts at work: those that have all their signatures go to the ledger as if a client had sent them, and those that are good no more are swept.</summary>
public sealed class NodeDrafts(NodeLoop node, DraftDesk desk, Discretion discretion)
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<(PartyId, Id<Transaction>), Task> underWay = [];

    public DraftDesk Desk => desk;

    /// <summary>Sends complete drafts and sweeps until cancelled.</summary>
    public async Task RunAsync(TimeProvider time, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            desk.Sweep();
            foreach (var draft in desk.All.Where(static draft => draft.Status == DraftStatus.Complete)) _ = SendAsync(draft);
        }
        while (await timer.WaitForNextTickAsync(cancel));
    }

    /// <summary>Sends a complete draft to the ledger and notes what it answered; where the node could not take it, it is complete still and is sent again. Returns the draft as it is then.</summary>
    public async Task<Draft?> FinishAsync(Draft draft, CancellationToken cancel)
    {
        await Task.WhenAny(SendAsync(draft), Task.Delay(node.AnswersWithin, cancel));
        return desk.Find(draft.Body.Party, draft.Body.Id);
    }

    Task SendAsync(Draft draft)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sent = underWay.GetOrAdd(draft.Key, mine.Task);
        if (sent == mine.Task) _ = SendAsync(draft, mine);
        return sent;
    }

    async Task SendAsync(Draft draft, TaskCompletionSource done)
    {
        try
        {
            var begun = await node.BeginAsync(draft.Text.Signed.Bytes, CancellationToken.None);
            var answer = await begun.Answer;
            if (answer.Code is Refusal.ChainQuotaUsed || Discretion.MaySendAgain(answer.Code)) return;

            // Everybody who is to sign hears what its acting party may hear.
            var told = await node.Reader.AskViewsAsync(() => discretion.Tell(answer, isDryRun: false), CancellationToken.None);
            desk.Answer(draft, new(told.Answer.Code, answer.Height, answer.Leaf));
        }
        catch (Exception passing) when (passing is OperationCanceledException or ViewsNotReadyException)
        {
            // The node stops, or cannot say yet who may be told what: it is asked again, and has one answer.
        }
        finally
        {
            underWay.TryRemove(draft.Key, out _);
            done.SetResult();
        }
    }
}
