using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;

namespace Ledger.Node.Peers;

/// <summary>Where a catch-up ended: the ledger's height, and what was wrong with whom on the way.</summary>
public sealed record CaughtUp(ulong Height, IReadOnlyList<PeerFault> Faults);

/// <summary>
/// Goes on from the end of a ledger by what peers give. Every octet is verified: the quorum's signatures first, then the fold. Whoever is false, slow or silent is told, with bank and
/// height, and the next is asked. The fold is this one's for as long as a call runs.
/// </summary>
/// <param name="fold">The ledger at its last final block.</param>
/// <param name="append">Makes blocks and the checkpoint that covers them durable; returns when they are.</param>
/// <param name="say">For the operator.</param>
/// <param name="time">By which a peer that lied is left alone for a while.</param>
public sealed class CatchUp(Fold fold, Func<IReadOnlyList<FoldedBlock>, Note, CancellationToken, ValueTask> append, Action<string> say, TimeProvider time)
{
    /// <summary>For how long nobody asks a peer that lied, unless there is no other.</summary>
    public static readonly TimeSpan Aside = TimeSpan.FromMinutes(10);

    /// <summary>How long one peer is waited for before the next is asked whether it has more.</summary>
    static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    readonly Dictionary<PartyId, DateTimeOffset> aside = [];
    readonly Dictionary<PartyId, PeerFaultKind> told = [];

    /// <summary>Told whenever a peer fails or lies.</summary>
    public Action<PeerFault>? OnFault { get; init; }

    public ulong Height => fold.Last.Header.Height;

    /// <summary>Until none of the peers has more. Whom they say to be furthest is asked first; that is all their word is good for.</summary>
    /// <exception cref="QuorumContradictedException">A quorum signed what the rules do not make.</exception>
    public async Task<CaughtUp> RunAsync(IReadOnlyList<IPeer> peers, CancellationToken cancel)
    {
        var faults = new List<PeerFault>();
        IPeer[] now = [.. peers];
        var claims = await Task.WhenAll(now.Select(peer => ClaimAsync(peer, cancel)));
        var ordered = now.Zip(claims).OrderBy(pair => IsAside(pair.First)).ThenByDescending(pair => pair.Second).ToArray();
        var progress = new CatchUpProgress(say, Height, claims.Max() ?? 0);
        foreach (var (peer, _) in ordered)
        {
            try
            {
                while (await TakeAsync(peer, TimeSpan.Zero, progress, cancel) > 0)
                {
                }
            }
            catch (PeerException failed)
            {
                faults.Add(failed.Fault);
                Note(failed.Fault);
            }
        }

        return new(Height, faults);
    }

    /// <summary>Follows the peers until cancelled, from block to block, one peer after the other.</summary>
    /// <exception cref="QuorumContradictedException">A quorum signed what the rules do not make.</exception>
    public async Task FollowAsync(IReadOnlyList<IPeer> peers, CancellationToken cancel)
    {
        await RunAsync(peers, cancel);
        var pause = Pause;
        for (var turn = 0; ; turn++)
        {
            // The one that gave the last block most likely gives the next; who has none for a while may be keeping it back.
            IPeer[] now = [.. peers];
            var peer = Turn(now, turn);
            var began = time.GetTimestamp();
            try
            {
                while (await TakeAsync(peer, Wait, null, cancel) > 0)
                {
                }

                // One that says at once that it has nothing, although it was asked to wait, is not asked without end.
                if (time.GetElapsedTime(began) < Pause) await Task.Delay(Pause, time, cancel);
                pause = Pause;
                continue;
            }
            catch (PeerException failed)
            {
                Note(failed.Fault);
            }

            // Once around without a good answer, and peers are given time.
            if ((turn + 1) % now.Length != 0) continue;
            await Task.Delay(pause, time, cancel);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Takes what one answer of one peer holds; how many blocks that was.</summary>
    async Task<int> TakeAsync(IPeer peer, TimeSpan wait, CatchUpProgress? progress, CancellationToken cancel)
    {
        var taken = 0;
        await foreach (var given in GivenBlocks.AskAsync(peer, Height + 1, wait, cancel))
        {
            if (GivenBlocks.Fault(End, given, peer.Bank) is { } fault) throw new PeerException(fault);
            await append([.. given.Blocks.Select(Repeat)], given.Checkpoint, cancel);
            taken += given.Blocks.Count;
            progress?.Reached(Height, peer.Bank);
        }

        told.Remove(peer.Bank);
        return taken;
    }

    ChainEnd End => new(fold.Genesis.Chain.Suite, fold.Genesis.Origin, fold.Last.Header, fold.History.Edge(), fold.Genesis.PolicyOf(fold.State.Validators));

    FoldedBlock Repeat(Block block)
    {
        if (!fold.KnowsNext) throw new ProtocolUnknownException(fold.State.Protocol.Number);
        return fold.Repeat(block, verifySignatures: true, out var fault) ?? throw new QuorumContradictedException(block.Header.Height, $"leaf {fault?.Leaf}, {fault?.Kind}");
    }

    static async Task<ulong?> ClaimAsync(IPeer peer, CancellationToken cancel)
    {
        try
        {
            return (await peer.StatusAsync(cancel)).Height;
        }
        catch (PeerException)
        {
            // It is asked for blocks all the same, and told then.
            return null;
        }
    }

    void Note(PeerFault fault)
    {
        if (fault.IsLie) aside[fault.Bank] = time.GetUtcNow() + Aside;
        OnFault?.Invoke(fault);

        // One that is not there is not told again and again.
        if (told.TryGetValue(fault.Bank, out var before) && before == fault.Kind && !fault.IsLie) return;
        told[fault.Bank] = fault.Kind;
        say($"{fault} Another peer is asked. 改向其他节点获取。");
    }

    bool IsAside(IPeer peer) => aside.TryGetValue(peer.Bank, out var until) && time.GetUtcNow() < until;

    IPeer Turn(IPeer[] peers, int turn)
    {
        IPeer[] willing = [.. peers.Where(peer => !IsAside(peer))];
        return willing.Length > 0 ? willing[turn % willing.Length] : peers[turn % peers.Length];
    }
}

/// <summary>Says how far a catch-up is, about once for every twentieth of it. How far it goes is what peers say, and good for nothing else.</summary>
sealed class CatchUpProgress(Action<string> say, ulong from, ulong target)
{
    const int Steps = 20;

    // What is caught up in a moment needs no progress.
    const ulong WorthTelling = 100;

    ulong told;

    public void Reached(ulong height, PartyId bank)
    {
        if (target <= from || target - from < WorthTelling || height > target) return;
        var step = (UInt128)(height - from) * Steps / (target - from);
        if (step <= told) return;
        told = (ulong)step;
        say($"catching up 追赶 {100 * told / Steps,3} %  height {height} of {target}, from {bank}");
    }
}
