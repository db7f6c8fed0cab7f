using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Node.Peers;

namespace Ledger.Node.Voting;

/// <summary>Final blocks that a peer gave, with the checkpoint over the last of them. Whoever takes them says whether they were good.</summary>
sealed record GivenByPeer(IReadOnlyList<Block> Blocks, Note Checkpoint)
{
    public TaskCompletionSource<bool> Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// Asks other banks for what became final without this one, when it is told to: one after another, until one has given all that it has. What comes is brought to whoever judges it, and a peer that gave
/// what is not good is told of and left.
/// </summary>
sealed class PeerBlocks(IReadOnlyList<IPeer> peers, Action<PeerFault> onFault) : IDisposable
{
    const long MaxUncovered = QuorumLedger.MaxPendingBytes + PeerPages.MaxBlock;

    readonly SemaphoreSlim asked = new(0);

    public bool HasNobody => peers.Count == 0;

    public void Ask()
    {
        if (asked.CurrentCount == 0 && !HasNobody) asked.Release();
    }

    public void Dispose() => asked.Dispose();

    /// <param name="next">The height of the block that is asked for.</param>
    /// <param name="brought">Where blocks go.</param>
    /// <param name="done">Told when everybody was asked, or one gave all that it has.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task RunAsync(Func<ulong> next, Func<GivenByPeer, ValueTask> brought, Func<ValueTask> done, CancellationToken cancel)
    {
        for (var turn = 0; ; turn++)
        {
            await asked.WaitAsync(cancel);
            for (var i = 0; i < peers.Count; i++)
            {
                if (await AskAsync(peers[(turn + i) % peers.Count], next, brought, cancel)) break;
            }

            await done();
        }
    }

    // Whether it gave anything, and nothing that was not good.
    async Task<bool> AskAsync(IPeer peer, Func<ulong> next, Func<GivenByPeer, ValueTask> brought, CancellationToken cancel)
    {
        var any = false;
        try
        {
            for (var more = true; more;)
            {
                var (blocks, bytes, before) = (new List<Block>(), 0L, next());
                await foreach (var (block, checkpoint) in peer.BlocksAsync(next(), TimeSpan.Zero, cancel))
                {
                    blocks.Add(block);
                    bytes += block.Payload.Length;
                    if (checkpoint is null && blocks.Count < Vote.MaxBlocks && bytes < MaxUncovered) continue;
                    if (checkpoint is null) throw new PeerException(new(peer.Bank, PeerFaultKind.Uncovered, block.Header.Height));
                    var given = new GivenByPeer(blocks, checkpoint);
                    await brought(given);
                    if (!await given.Taken.Task.WaitAsync(cancel)) throw new PeerException(new(peer.Bank, PeerFaultKind.CheckpointUntrusted, block.Header.Height));
                    (blocks, bytes) = ([], 0);
                }

                // What it gave and everybody had already is nothing.
                more = next() > before;
                any |= more;
            }

            return any;
        }
        catch (PeerException failed)
        {
            onFault(failed.Fault);
            return false;
        }
    }
}
