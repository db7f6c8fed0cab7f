using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Node.Peers;

namespace Ledger.Node.Voting;

/// <summary>How far a bank is, for whoever asks others for the rest: its epoch, the next height, the certified block that it must have to go on, and whether it must hear from all what they were shown.</summary>
sealed record HowFar(uint Epoch, ulong Next, BlockPoint? Missing, bool AsksAll);

/// <summary>What a peer gave. Whoever takes it says what was wrong with it.</summary>
abstract record GivenByPeer(PartyId Giver)
{
    public TaskCompletionSource<PeerFault?> Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Blocks that are final.</summary>
    public sealed record Final(PartyId Giver, CoveredBlocks Blocks) : GivenByPeer(Giver);

    /// <summary>Blocks up to the certified one that was missing.</summary>
    public sealed record Prepared(PartyId Giver, IReadOnlyList<Block> Blocks, BlockPoint UpTo) : GivenByPeer(Giver);

    /// <summary>The reports by which an epoch ended.</summary>
    public sealed record Closed(PartyId Giver, ReadOnlyMemory<byte> Octets) : GivenByPeer(Giver);

    /// <summary>What banks signed, as it was shown to this peer.</summary>
    public sealed record Said(PartyId Giver, IReadOnlyList<Vote> Votes, IReadOnlyList<Report> Reports) : GivenByPeer(Giver);
}

/// <summary>
/// Asks other banks for what happened without this one, when it is told to: what became final, how an epoch ended, what is certified and missing here, and what they were shown that banks signed, for the order may show to
/// each what it likes. One after another, until one has given all that it has. What comes
/// is brought to whoever judges it, and a peer that gave what is not good is told of and left.
/// </summary>
sealed class PeerBlocks(IReadOnlyList<IPeer> peers, Action<PeerFault> onFault) : IDisposable
{
    readonly SemaphoreSlim asked = new(0);

    public bool HasNobody => peers.Count == 0;

    public void Ask()
    {
        if (asked.CurrentCount == 0 && !HasNobody) asked.Release();
    }

    public void Dispose() => asked.Dispose();

    /// <param name="howFar">How far this bank is now.</param>
    /// <param name="brought">Where it goes what peers give.</param>
    /// <param name="done">Told when everybody was asked, or one gave all that it has, and which of them said what they were shown.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task RunAsync(Func<HowFar> howFar, Func<GivenByPeer, ValueTask> brought, Func<IReadOnlyCollection<PartyId>, ValueTask> done, CancellationToken cancel)
    {
        for (var turn = 0; ; turn++)
        {
            await asked.WaitAsync(cancel);
            var told = new List<PartyId>();
            IPeer[] now = [.. peers];
            for (var i = 0; i < now.Length; i++)
            {
                var peer = now[(turn + i) % now.Length];
                var (gave, said) = await AskAsync(peer, howFar, brought, cancel);
                if (said) told.Add(peer.Bank);
                if (gave && !howFar().AsksAll) break;
            }

            await done(told);
        }
    }

    // Whether it gave anything, and nothing that was not good; and whether it said what it was shown.
    async Task<(bool Gave, bool Said)> AskAsync(IPeer peer, Func<HowFar> howFar, Func<GivenByPeer, ValueTask> brought, CancellationToken cancel)
    {
        async Task BringAsync(GivenByPeer given)
        {
            await brought(given);
            if (await given.Taken.Task.WaitAsync(cancel) is { } fault) throw new PeerException(fault);
        }

        var began = howFar();
        try
        {
            for (var more = true; more;)
            {
                // What it gave and everybody had already is nothing.
                var next = howFar().Next;
                await foreach (var blocks in GivenBlocks.AskAsync(peer, next, TimeSpan.Zero, cancel)) await BringAsync(new GivenByPeer.Final(peer.Bank, blocks));
                more = howFar().Next > next;
            }

            if (await peer.ClosingAsync(cancel) is { } closing) await BringAsync(new GivenByPeer.Closed(peer.Bank, closing));
            if (howFar() is { Missing: { } missing, Next: var from } && await GivenBlocks.AskPreparedAsync(peer, from, missing, cancel) is { Count: > 0 } prepared)
                await BringAsync(new GivenByPeer.Prepared(peer.Bank, prepared, missing));
            await BringAsync(new GivenByPeer.Said(peer.Bank, await peer.VotesAsync(cancel), await peer.ReportsAsync(howFar().Epoch, cancel)));
            return (howFar() != began, true);
        }
        catch (PeerException failed)
        {
            onFault(failed.Fault);
            return (false, false);
        }
    }
}
