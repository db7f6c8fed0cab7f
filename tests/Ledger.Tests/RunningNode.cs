using Ledger.Client.Founding;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Access;
using Ledger.Node.Documents;
using Ledger.Node.Drafts;
using Ledger.Node.Ordering;
using Ledger.Node.Private;
using Ledger.Node.Storage;
using Ledger.Node.Voting;
using Ledger.Tests.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Ledger.Tests;

/// <summary>
/// A node in this process, on a chain that it founded: its loop runs, and its API and console are served on a free port of loopback, where whoever
/// reaches them reads everything when nothing else is said.
/// </summary>
sealed class RunningNode : IAsyncDisposable
{
    /// <summary>The key of a node's disclosures, which is no secret.</summary>
    public static readonly byte[] PrivateKey = [.. Enumerable.Range(1, SealedFile.KeySize).Select(n => (byte)n)];

    readonly CancellationTokenSource stop = new();
    readonly DocumentService documents;
    readonly Task running;
    readonly string drafts = Directory.CreateTempSubdirectory("ledger-drafts-").FullName;
    readonly WebApplication server;

    RunningNode(FoundingKeys founding, PartyId bank, TimeProvider time, IStorage storage, IStorage? privateStorage, ServerOptions options, DailyQuota? quota, Func<Fold, NodeKey, IOrdering>? ordering)
    {
        var genesis = founding.Genesis;
        var chain = genesis.Chain;
        var fold = new Fold(genesis);
        var signing = founding.NodeKeys[bank];
        var key = new NodeKey(bank, signing.PublicKey, bytes => signing.Sign(bytes), bytes => signing.SignNote(bytes));
        var note = new Note(fold.Checkpoint, [new(genesis.Origin, chain.Suite.NoteKeyId(genesis.Origin, signing.PublicKey), new(signing.SignNote(fold.Checkpoint.SignedBytes())))]);
        Log = BlockLog.Create(storage, fold, note, BlockLog.DefaultSegmentSize);
        var clock = StoryClock.Open(time, storage, chain.Purpose) ?? throw new InvalidOperationException("a fresh clock");
        Loop = new(fold, new(fold.State, fold.Last.Header, note), Log, TestViews.Open(genesis), new SoloFinality(fold, Log, ordering?.Invoke(fold, key) ?? new EmbeddedOrdering(), key, votes: null), key, clock)
        {
            ChainQuota = quota,
            Disclosures = privateStorage is null
                ? null
                : new(DisclosureStore.Open(new PrivateFolder(privateStorage), PrivateKey, chain.Suite, chain.ChainId, _ => { }), chain.Suite, chain.ChainId, bank),
        };
        Loop.Reader.Views.Follow(Log.ReadBlock, Log.Count - 1);
        documents = new(chain.Suite, new(chain.Suite, bank, new Dictionary<uint, byte[]> { [1] = founding.EpochKey }));
        running = Loop.RunAsync(stop.Token);
        Drafts = new(Loop, new(DraftBook.Open(drafts, chain.Suite, chain.ChainId) ?? throw new InvalidOperationException("a fresh book"), Loop.Reader), new(Loop.Reader, options.Reads));
        server = Serve(options, Loop.Disclosures);
    }

    public static ServerOptions Open => new("127.0.0.1", 0, NextFreePort: false) { Reads = Reads.Open };

    public NodeLoop Loop { get; }

    /// <summary>Transactions that wait for signatures; nothing runs on them by itself.</summary>
    public NodeDrafts Drafts { get; }

    /// <summary>The folder of their file.</summary>
    public string DraftsFolder => drafts;

    public BlockLog Log { get; }

    public Uri Address { get; private set; } = null!;

    public static async Task<RunningNode> StartAsync(
        FoundingKeys founding, PartyId bank, TimeProvider time, IStorage storage, IStorage? privateStorage, ServerOptions options, DailyQuota? quota = null, Func<Fold, NodeKey, IOrdering>? ordering = null)
    {
        var node = new RunningNode(founding, bank, time, storage, privateStorage, options, quota, ordering);
        await node.server.StartAsync();
        node.Address = NodeServer.AddressOf(node.server);
        return node;
    }

    /// <summary>A further server over the same node, which the caller starts and ends.</summary>
    public WebApplication? Build(ServerOptions options, DisclosureDesk? desk, ILoggerProvider? logs, out Refusal refusal) => NodeServer.Build(Loop, documents, desk, options with { Drafts = options.Drafts ?? Drafts }, logs, out refusal);

    public WebApplication Serve(ServerOptions options, DisclosureDesk? desk, ILoggerProvider? logs = null) =>
        Build(options, desk, logs, out var refusal) ?? throw new InvalidOperationException($"{refusal}");

    public async Task StopLoopAsync()
    {
        await stop.CancelAsync();
        await running.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        await server.StopAsync();
        await StopLoopAsync();
        await server.DisposeAsync();
        Loop.Reader.Views.Dispose();
        Log.Dispose();
        stop.Dispose();
        Directory.Delete(drafts, recursive: true);
    }
}
