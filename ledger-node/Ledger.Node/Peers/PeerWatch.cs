using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Node.Storage;

namespace Ledger.Node.Peers;

/// <summary>
/// Asks every peer again and again how far it is and what it signed, and holds that against this node's own history. One that is shown another history than its neighbours finds out
/// by this, so long as a single honest peer reaches it. Proofs that a bank broke the rules of voting are taken over too, wherever they were found.
/// </summary>
public sealed class PeerWatch(LedgerReader ledger, IReadOnlyList<IPeer> peers, PeerBook book, SplitViewFolder kept, EvidenceFolder breaches, Action<string> say, TimeProvider time)
{
    /// <summary>Between two rounds.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    // What is ahead of this node waits until it is there. The oldest is reached first; what comes beyond is asked for later again.
    const int MostAhead = 8;

    // Proofs of one peer that are looked at in a round; one of each bank is kept.
    const int MostProofs = 16;

    readonly Dictionary<PartyId, Queue<Note>> ahead = [];
    readonly Dictionary<PartyId, PeerFaultKind> told = [];

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await LookAsync(cancel);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or StorageFault)
            {
                say($"{FolderLayout.Evidence}: {fault.Message} 证据目录无法读写。");
            }
        }
        while (await timer.WaitForNextTickAsync(cancel));
    }

    /// <summary>One round; one caller at a time.</summary>
    public async Task LookAsync(CancellationToken cancel)
    {
        (book.SplitViews, book.Breaches) = (kept.Count, breaches.Kept);
        IPeer[] asked = [.. peers];
        var shown = await Task.WhenAll(asked.Select(peer => AskAsync(peer, cancel)));
        foreach (var (peer, (note, proofs, failed)) in asked.Zip(shown))
        {
            // Only of banks that are not convicted yet, so that the many of one hide another's for a round at the most.
            foreach (var proof in proofs.Where(proof => !breaches.Convicts(proof.Bank)).Take(MostProofs)) Keep(peer, proof);
            if ((failed ?? (note is null ? null : Judge(peer, note))) is { } fault) Fail(fault);
            else told.Remove(peer.Bank);
        }

        book.Breaches = breaches.Kept;
    }

    // What an honest bank saw of a bank that showed it something else; of a key that was changed meanwhile it proves nothing here.
    void Keep(IPeer peer, Evidence proof)
    {
        if (breaches.Convicts(proof.Bank) || !proof.IsGood(ValidatorSet.InForce(ledger.View.State)) || breaches.Keep(proof) is not { } path) return;
        say($"{proof.Bank} signed two histories in epoch {proof.One.Epoch}: {peer.Bank} showed the proof, which is kept in {path}. {proof.Bank} 在第 {proof.One.Epoch} 纪元签署了两段不同的历史，证据由 {peer.Bank} 出示，见 {path}。");
    }

    async Task<(Note? Checkpoint, IReadOnlyList<Evidence> Proofs, PeerFault? Failed)> AskAsync(IPeer peer, CancellationToken cancel)
    {
        try
        {
            var status = await peer.StatusAsync(cancel);
            if (status.ChainId != ledger.Genesis.Chain.ChainId.ToString()) return (null, [], new(peer.Bank, PeerFaultKind.OtherChain));
            var note = await peer.CheckpointAsync(cancel);
            book.Seen(peer, status, time.GetUtcNow());
            return (note, await peer.EvidenceAsync(cancel), null);
        }
        catch (PeerException failed)
        {
            return (null, [], failed.Fault);
        }
    }

    PeerFault? Judge(IPeer peer, Note note)
    {
        if (note.Checkpoint.Origin != ledger.Genesis.Origin) return new(peer.Bank, PeerFaultKind.OtherChain);
        if (!ahead.TryGetValue(peer.Bank, out var waiting)) ahead[peer.Bank] = waiting = new();
        if (ledger.RootAt(note.Checkpoint.Size) is null)
        {
            // Nobody may make this node remember what no quorum signed.
            if (Signers.Fault(ledger.Genesis, ledger.View.State, note) is { } unsigned) return new(peer.Bank, unsigned, Detail: SizeOf(note));
            if (waiting.Count < MostAhead && !waiting.Contains(note)) waiting.Enqueue(note);
        }
        else if (Compare(peer, note) is { } fault)
        {
            return fault;
        }

        PeerFault? found = null;
        while (waiting.TryPeek(out var next) && ledger.RootAt(next.Checkpoint.Size) is not null) found = Compare(peer, waiting.Dequeue()) ?? found;
        return found;
    }

    // Of what this node has, the root is all that counts: what is the same needs no signature.
    PeerFault? Compare(IPeer peer, Note note)
    {
        var size = note.Checkpoint.Size;
        if (ledger.RootAt(size) is not { } mine || mine == note.Checkpoint.Root) return null;
        if (Signers.Fault(ledger.Genesis, ledger.View.State, note) is { } unsigned) return new(peer.Bank, unsigned, Detail: SizeOf(note));
        var (checkpoint, proof) = ledger.Consistency(size);
        try
        {
            if (kept.Keep(new(peer.Bank, new(time.GetUtcNow().ToUnixTimeMilliseconds()), note, checkpoint, mine, [.. proof])) is { } path)
                say($"SPLIT VIEW 历史分叉: {peer.Bank} shows a history of {size} leaves under a quorum's signatures that is not this node's; both checkpoints are kept in {path}. "
                    + "对方出示了经法定人数签名的另一份历史，两份检查点均已留存为证据，请立即联系各银行与监管方。");
        }
        catch (IOException unwritten)
        {
            say($"SPLIT VIEW 历史分叉: {peer.Bank}, {size} leaves; it could not be kept: {unwritten.Message} 证据未能写入磁盘。\n{note}\n{checkpoint}");
        }

        book.SplitViews = kept.Count;
        return new(peer.Bank, PeerFaultKind.OtherHistory, Detail: SizeOf(note));
    }

    void Fail(PeerFault fault)
    {
        book.Failed(fault);

        // What is the same as in the round before was told.
        if (told.TryGetValue(fault.Bank, out var before) && before == fault.Kind) return;
        told[fault.Bank] = fault.Kind;
        say(fault.ToString());
    }

    static string SizeOf(Note note) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{note.Checkpoint.Size} leaves");
}
