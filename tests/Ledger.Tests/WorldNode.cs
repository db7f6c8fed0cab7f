using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Client.Founding;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node;
using Ledger.Node.Access;
using Ledger.Node.Documents;
using Ledger.Node.Ordering;
using Ledger.Node.Private;
using Ledger.Node.Storage;
using Ledger.Tests.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Ledger.Tests;

/// <summary>
/// The node of a world whose story is told over HTTP: transactions go in through the API, time is set through it, and every block that comes out is
/// repeated by the world's own fold, which trusts nothing that the node says.
/// </summary>
sealed class WorldNode : IDisposable
{
    readonly Fold mirror;
    readonly CancellationTokenSource stop = new();
    readonly HttpClient http = new(new Http.AsDescribed());
    readonly BlockLog log;
    readonly NodeLoop loop;
    readonly Task running;
    readonly WebApplication server;
    readonly DocumentService documents;

    public WorldNode(FoundingKeys founding, PartyId bank, Fold mirror)
    {
        this.mirror = mirror;
        var genesis = founding.Genesis;
        var fold = new Fold(genesis);
        var nodeKey = founding.NodeKeys[bank];
        var note = new Note(
            fold.Checkpoint,
            [new(genesis.Origin, genesis.Chain.Suite.NoteKeyId(genesis.Origin, nodeKey.PublicKey), new(nodeKey.SignNote(fold.Checkpoint.SignedBytes())))]);
        var storage = new Storage.MemoryStorage();
        log = BlockLog.Create(storage, fold, note, BlockLog.DefaultSegmentSize);
        var key = new NodeKey(bank, nodeKey.PublicKey, bytes => nodeKey.Sign(bytes), bytes => nodeKey.SignNote(bytes));
        var clock = StoryClock.Open(new GenesisClock(genesis.Text.Time), storage, genesis.Chain.Purpose) ?? throw new InvalidOperationException("a fresh clock");
        loop = new(fold, note, log, TestViews.Open(genesis), new EmbeddedOrdering(), key, clock);
        loop.Reader.Views.Follow(log.ReadBlock, log.Count - 1);
        running = loop.RunAsync(stop.Token);
        documents = new DocumentService(genesis.Chain.Suite, new Dictionary<uint, byte[]> { [1] = founding.EpochKey });
        var chain = genesis.Chain;
        loop.Disclosures = new(
            DisclosureStore.Open(new PrivateFolder(new Storage.MemoryStorage()), Http.TestNode.PrivateKey, chain.Suite, chain.ChainId, _ => { }), chain.Suite, chain.ChainId, bank);
        server = NodeServer.Build(loop, documents, loop.Disclosures, new("127.0.0.1", 0, NextFreePort: false) { Reads = Reads.Open }, null, out var refusal) ?? throw new InvalidOperationException($"{refusal}");
        server.StartAsync().GetAwaiter().GetResult();
        Address = NodeServer.AddressOf(server);
        http.BaseAddress = Address;
        Api = new(http);
    }

    public LedgerApi Api { get; }

    public NodeLoop Loop => loop;

    /// <summary>A further server over the same node, which the caller starts and ends.</summary>
    public WebApplication Serve(ServerOptions options, DisclosureDesk? desk, ILoggerProvider? logs = null) =>
        NodeServer.Build(loop, documents, desk, options, logs, out var refusal) ?? throw new InvalidOperationException($"{refusal}");

    public Uri Address { get; }

    /// <summary>Every block after genesis that the mirror has repeated.</summary>
    public List<FoldedBlock> Blocks { get; } = [];

    /// <summary>The answers in order, each with what the mirror made of its entry.</summary>
    public IReadOnlyList<Answer> Submit(IReadOnlyList<byte[]> transactions)
    {
        var submitted = transactions.Count == 1
            ? [Api.SubmitAsync(transactions[0], wait: true, stop.Token).GetAwaiter().GetResult()]
            : Api.SubmitBulkAsync([.. transactions], stop.Token).GetAwaiter().GetResult();
        var entries = CatchUp().SelectMany(block => block.Answers).Where(answer => answer.Leaf is not null).ToArray();
        return [.. submitted.Zip(transactions, (told, bytes) => Of(told, bytes, entries))];
    }

    /// <summary>Ledger time from now on; what came due by then has happened.</summary>
    public IReadOnlyList<FoldedBlock> SetClock(Timestamp time)
    {
        var answer = Api.SetClockAsync(time, stop.Token).GetAwaiter().GetResult();
        Assert.Equal(200, answer.HttpStatus);
        return CatchUp();
    }

    public void Dispose()
    {
        server.StopAsync().GetAwaiter().GetResult();
        stop.Cancel();
        running.ContinueWith(_ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
        ((IDisposable)server).Dispose();
        loop.Reader.Views.Dispose();
        log.Dispose();
        http.Dispose();
        stop.Dispose();
    }

    List<FoldedBlock> CatchUp()
    {
        var fresh = new List<FoldedBlock>();
        while (mirror.Last.Header.Height < loop.Reader.View.Header.Height)
        {
            var stored = log.ReadBlock(mirror.Last.Header.Height + 1) ?? throw new InvalidOperationException("a final block");
            fresh.Add(mirror.Repeat(stored, verifySignatures: true, out var fault) ?? throw new InvalidOperationException($"{fault}"));
        }

        Blocks.AddRange(fresh);
        return fresh;
    }

    Answer Of(SubmitAnswer told, byte[] bytes, Answer[] entries)
    {
        var suite = mirror.Genesis.Chain.Suite;
        var hash = suite.Hash(bytes);
        if (entries.FirstOrDefault(entry => entry.Transaction?.Hash == hash) is { } entry)
        {
            Assert.Equal(entry.Code, told.Code);
            return entry;
        }

        // It left no entry: what the API said of it is all there is.
        return new(told.Code, told.Operation, FactsOf(told.Body), null, null, [], mirror.State.Now, TransactionText.Read(bytes, suite, mirror.Genesis.Chain.ChainId, out _));
    }

    static Facts FactsOf(JsonElement body)
    {
        if (!body.TryGetProperty("facts", out var facts)) return Facts.None;
        return new(
            Text(facts, "available") is { } available && Amount.TryParse(available, out var amount) ? amount : null,
            Text(facts, "currency") is { } code && Currency.TryParse(code, out var currency) ? currency : null,
            facts.TryGetProperty("conflict", out var conflict)
                ? new(Pascal(Text(conflict, "kind") ?? ""), Text(conflict, "reference") ?? "", new(conflict.GetProperty("since").GetInt64()))
                : null,
            Text(facts, "reference"),
            Text(facts, "reason"));
    }

    static string Pascal(string camel) => camel.Length == 0 ? camel : char.ToUpperInvariant(camel[0]) + camel[1..];

    static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.GetString() : null;

    /// <summary>The node's own clock stands where the chain began; the story moves the ledger's.</summary>
    sealed class GenesisClock(Timestamp time) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(time.UnixMilliseconds);
    }
}
