using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Node;
using Ledger.Node.Peers;
using Ledger.Node.Storage;
using Ledger.Node.Views;
using Ledger.Tests.Storage;
using Ledger.Tests.Views;
using Microsoft.AspNetCore.Builder;

namespace Ledger.Tests.Peers;

/// <summary>The final blocks of a chain as one bank's node has them on disk, served to peers on a free port of loopback.</summary>
sealed class ServedLedger : IAsyncDisposable
{
    readonly Fold fold = new(FourBanks.Genesis);
    readonly List<Block> uncovered = [];
    readonly List<FoldedBlock> folded = [];
    readonly BlockLog log;
    readonly LedgerViews views = TestViews.Open(FourBanks.Genesis);
    readonly PeerCertificates certificates;
    readonly WebApplication server;

    ServedLedger(FourBanks chain, PartyId bank, PeerCertificates certificates, IVotesKnown votes, PeerServerOptions options, Func<PartyId, ulong, byte[]>? drafts, Func<string, ulong?, byte[]?>? anchors)
    {
        this.certificates = certificates;
        log = BlockLog.Create(Storage, fold, chain.Blocks[0].Checkpoint!, BlockLog.DefaultSegmentSize);
        Reader = new(fold, new(fold.State, fold.Last.Header, chain.Blocks[0].Checkpoint!), log, views, StoryClock.Open(TimeProvider.System, Storage, Genesis.Chain.Purpose)!, bank);
        foreach (var (block, note) in chain.Blocks.Skip(1)) Take(block, note);
        server = PeerServer.Build(options, certificates, Reader, votes, Storage, drafts, anchors, logs: null);
    }

    public LedgerReader Reader { get; }

    public MemoryStorage Storage { get; } = new();

    public Uri Address { get; private set; } = null!;

    static Genesis Genesis => FourBanks.Genesis;

    public static async Task<ServedLedger> StartAsync(FourBanks chain, PeerCertificates certificates, IVotesKnown? votes = null, PeerServerOptions? options = null, PartyId? bank = null, Func<PartyId, ulong, byte[]>? drafts = null,
        Func<string, ulong?, byte[]?>? anchors = null)
    {
        var served = new ServedLedger(chain, bank ?? certificates.Bank, certificates, votes ?? NoVotes.Instance, options ?? new(new(System.Net.IPAddress.Loopback, 0)), drafts, anchors);
        await served.server.StartAsync(TestContext.Current.CancellationToken);
        served.Address = NodeServer.AddressOf(served.server);
        return served;
    }

    /// <summary>A block becomes final here with its checkpoint, or waits for the one that covers it.</summary>
    public void Take(Block block, Note? note)
    {
        folded.Add(fold.Repeat(block, verifySignatures: false, out _) ?? throw new InvalidOperationException());
        uncovered.Add(block);
        if (note is null) return;
        log.Append(BlockLog.Records(uncovered, note));
        log.Flush();
        Reader.Follow([.. folded], note);
        uncovered.Clear();
        folded.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await server.StopAsync(CancellationToken.None);
        await server.DisposeAsync();
        views.Dispose();
        log.Dispose();
        certificates.Dispose();
    }
}
