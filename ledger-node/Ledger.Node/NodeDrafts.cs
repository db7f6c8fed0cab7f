using System.Collections.Concurrent;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Drafts;
using Ledger.Node.Peers;
using Ledger.Node.Views;

namespace Ledger.Node;

/// <summary>
/// A node's drafts at work: those that have all their signatures go to the ledger as if a client had sent them, other banks' nodes are asked for what concerns this one, and what is good no more is swept.
/// </summary>
public sealed class NodeDrafts(NodeLoop node, DraftDesk desk, Discretion discretion)
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(2);

    // What is complete was sent by whose node took the last signature. Where that one does not, in so many rounds any node does: the ledger answers once.
    const int Patience = 5;

    // What was passed over, because this node did not know a key yet or had no room, is given again after so many rounds.
    const int FromTheStartEvery = 30;

    // A peer that goes on for longer goes on in the next round.
    const int MostPages = 16;

    readonly ConcurrentDictionary<(PartyId, Id<Transaction>), Task> underWay = [];

    public DraftDesk Desk => desk;

    /// <summary>Works until cancelled. What is wrong with a peer is told to <paramref name="onFault"/>.</summary>
    public Task RunAsync(IReadOnlyList<IPeer> peers, Action<PeerFault> onFault, TimeProvider time, CancellationToken cancel) =>
        Task.WhenAll([FinishAllAsync(time, cancel), .. peers.Select(peer => FollowAsync(peer, onFault, time, cancel))]);

    /// <summary>Sends a complete draft to the ledger and notes what it answered; where the node could not take it, it is complete still and is sent again. Returns the draft as it is then.</summary>
    public async Task<Draft?> FinishAsync(Draft draft, CancellationToken cancel)
    {
        await Task.WhenAny(SendAsync(draft), Task.Delay(node.AnswersWithin, cancel));
        return desk.Find(draft.Body.Party, draft.Body.Id);
    }

    async Task FinishAllAsync(TimeProvider time, CancellationToken cancel)
    {
        var waited = new Dictionary<(PartyId, Id<Transaction>), int>();
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            desk.Sweep();
            var open = desk.All.Where(static draft => draft.Answer is null).ToArray();
            foreach (var gone in waited.Keys.Except(open.Select(static draft => draft.Key)).ToArray()) waited.Remove(gone);
            foreach (var draft in open)
            {
                // Wherever it was sent, and whoever had rejected it: what is on the ledger is its answer.
                if (node.Reader.FirstAnswerIfKnown(draft.Body.Party, draft.Body.Id) is { } first)
                    desk.Answer(draft, first.PayloadHash == draft.Text.Signed.PayloadHash ? new(first.Code, first.Height, first.Leaf) : new(Refusal.IdUsedForOther, null, null));
                else if (draft.Status == DraftStatus.Complete && (waited[draft.Key] = waited.GetValueOrDefault(draft.Key) + 1) >= Patience) _ = SendAsync(draft);
            }
        }
        while (await timer.WaitForNextTickAsync(cancel));
    }

    async Task FollowAsync(IPeer peer, Action<PeerFault> onFault, TimeProvider time, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(AskEvery, time);
        var (after, round) = (0UL, 0);
        do
        {
            if (round++ % FromTheStartEvery == 0) after = 0;
            try
            {
                for (var page = 0; page < MostPages && await peer.DraftsAsync(after, cancel) is { } given; page++)
                {
                    var through = desk.Hear(peer.Bank, given.Span) ?? throw new PeerException(new(peer.Bank, PeerFaultKind.Malformed));
                    var isMore = through > after;
                    after = through;
                    if (!isMore) break;
                }
            }
            catch (PeerException failed)
            {
                onFault(failed.Fault);
            }
        }
        while (await timer.WaitForNextTickAsync(cancel));
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
