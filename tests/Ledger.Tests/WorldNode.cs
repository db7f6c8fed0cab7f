using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Client.Founding;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node;
using Ledger.Node.Private;
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
    readonly RunningNode node;

    public WorldNode(FoundingKeys founding, PartyId bank, Fold mirror)
    {
        this.mirror = mirror;
        node = RunningNode.StartAsync(
            founding, bank, new GenesisClock(founding.Genesis.Text.Time), new Storage.MemoryStorage(), new Storage.MemoryStorage(), RunningNode.Open).GetAwaiter().GetResult();
        http.BaseAddress = Address;
        Api = new(http);
    }

    public LedgerApi Api { get; }

    public NodeLoop Loop => node.Loop;

    /// <summary>A further server over the same node, which the caller starts and ends.</summary>
    public WebApplication Serve(ServerOptions options, DisclosureDesk? desk, ILoggerProvider? logs = null) => node.Serve(options, desk, logs);

    public Uri Address => node.Address;

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
        node.DisposeAsync().AsTask().GetAwaiter().GetResult();
        http.Dispose();
        stop.Dispose();
    }

    List<FoldedBlock> CatchUp()
    {
        var fresh = new List<FoldedBlock>();
        while (mirror.Last.Header.Height < Loop.Reader.View.Header.Height)
        {
            var stored = node.Log.ReadBlock(mirror.Last.Header.Height + 1) ?? throw new InvalidOperationException("a final block");
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
