using System.Collections.Concurrent;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
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

    // From here on the numbers are the node's own.
    const Refusal FirstOfNode = Refusal.NotFound;

    readonly ConcurrentDictionary<(PartyId, Id<Transaction>), Task> underWay = [];
    readonly ConcurrentDictionary<PartyId, DraftSource> sources = [];
    readonly TaskCompletionSource broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DraftDesk Desk => desk;

    /// <summary>Whether its work ended with a fault.</summary>
    public bool IsBroken => broken.Task.IsFaulted;

    /// <summary>The banks whose nodes were asked, and how many drafts each gave that no honest node gives.</summary>
    public IEnumerable<(PartyId Bank, long Refused)> Sources => sources.Values.Select(static source => (source.Bank, source.Refused));

    /// <summary>Works until cancelled; the first fault of any of its work ends all of it with the exception. What is wrong with a peer is told to <paramref name="onFault"/>.</summary>
    public async Task RunAsync(IReadOnlyList<IPeer> peers, Action<PeerFault> onFault, TimeProvider time, CancellationToken cancel)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] tasks = [broken.Task, FinishAllAsync(time, linked.Token), FollowAllAsync(peers, onFault, time, linked.Token)];
        try
        {
            await await Task.WhenAny(tasks);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            broken.TrySetException(bug);
            throw;
        }
        finally
        {
            await linked.CancelAsync();
            await Task.WhenAll(tasks[1..]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

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
            var open = desk.All.Where(static draft => draft.Answer is null or { Height: null }).ToArray();
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

    // Who comes to be a peer later is asked too; who is none any more is not.
    async Task FollowAllAsync(IReadOnlyList<IPeer> peers, Action<PeerFault> onFault, TimeProvider time, CancellationToken cancel)
    {
        var followed = new Dictionary<IPeer, Task>();
        using var timer = new PeriodicTimer(AskEvery, time);
        try
        {
            do
            {
                foreach (var over in followed.Where(static one => one.Value.IsCompleted).Select(static one => one.Key).ToArray()) followed.Remove(over);
                foreach (var peer in peers.Except(followed.Keys)) followed[peer] = FollowAsync(peer, peers, onFault, time, cancel);
            }
            while (await timer.WaitForNextTickAsync(cancel));
        }
        finally
        {
            await Task.WhenAll(followed.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task FollowAsync(IPeer peer, IReadOnlyList<IPeer> peers, Action<PeerFault> onFault, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            await AskAsync(peer, peers, onFault, time, cancel);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            broken.TrySetException(bug);
        }
    }

    async Task AskAsync(IPeer peer, IReadOnlyList<IPeer> peers, Action<PeerFault> onFault, TimeProvider time, CancellationToken cancel)
    {
        var source = sources.GetOrAdd(peer.Bank, static bank => new(bank));
        var (after, round) = (0UL, 0);
        while (peers.Contains(peer))
        {
            var isMalformed = false;
            source.BeginRound();
            try
            {
                for (var page = 0; page < MostPages && await peer.DraftsAsync(after, cancel) is { } given; page++)
                {
                    var heard = desk.Hear(source, given.Span) ?? throw new PeerException(new(peer.Bank, PeerFaultKind.Malformed));
                    if (!heard.IsWhole) break;
                    var isMore = heard.Through > after;
                    after = heard.Through;
                    if (isMore) continue;

                    // Not before all of it was heard once, however long that takes.
                    if (round >= FromTheStartEvery) (after, round) = (0, 0);
                    break;
                }
            }
            catch (PeerException failed)
            {
                isMalformed = failed.Fault.Kind == PeerFaultKind.Malformed;
                onFault(failed.Fault);
            }

            round++;
            source.EndRound(isMalformed);
            await Task.Delay(AskEvery * source.Pause, time, cancel);
        }
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
            if (answer.Code is Refusal.ChainQuotaUsed || Discretion.MaySendAgain(answer.Code) || (IsOfWhatIsUnderWay(answer) && !desk.IsRefusedFinally(draft.Text.Signed, answer.Code))) return;

            // Everybody who is to sign hears what its acting party may hear.
            var told = await node.Reader.AskViewsAsync(() => discretion.Tell(answer, isDryRun: false), CancellationToken.None);
            desk.Answer(draft, new(told.Answer.Code, answer.Height, answer.Leaf));
        }
        catch (Exception passing) when (passing is OperationCanceledException or ViewsNotReadyException)
        {
            // The node stops, or cannot say yet who may be told what: it is asked again, and has one answer.
        }
        catch (Exception bug)
        {
            broken.TrySetException(bug);
        }
        finally
        {
            underWay.TryRemove(draft.Key, out _);
            done.SetResult();
        }
    }

    // The rules refused it and left no entry: they were asked behind what is not final. What the node itself, or a signature, has against it is against it on every state.
    static bool IsOfWhatIsUnderWay(Answer answer) => answer is { IsAccepted: false, Height: null, Replayed: false, Code: not (Refusal.SignatureInvalid or Refusal.Malformed) } && answer.Code < FirstOfNode;
}
