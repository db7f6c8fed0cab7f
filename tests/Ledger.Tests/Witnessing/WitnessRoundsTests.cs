using System.Net;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Chain;
using Ledger.Node;
using Ledger.Node.Witnessing;
using Ledger.Suites;
using Ledger.Tests.ChainFolder;
using Ledger.Tests.Http;
using Microsoft.AspNetCore.Builder;

namespace Ledger.Tests.Witnessing;

/// <summary>A node asks its witnesses, keeps what they say, and shows it under the checkpoint that it is about; nothing waits for them.</summary>
public sealed class WitnessRoundsTests : IAsyncLifetime
{
    readonly TemporaryFolder folder = new();
    readonly List<string> said = [];
    readonly HttpMessageInvoker http = WitnessRounds.NewClient();
    WitnessRounds? rounds;
    TestNode node = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        node = new TestNode { Options = RunningNode.Open with { Witnessed = () => rounds?.Newest } };
        await node.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task What_a_witness_cosigned_is_shown_under_the_checkpoint()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await node.Http.GetAsync("v1/witnessed", Cancel)).StatusCode);
        await using var server = await ServeAsync("one");
        rounds = Rounds((server, "one"));
        for (var i = 0; i < 3; i++)
        {
            await rounds.AskAsync(Cancel);
            var note = await NoteAsync("v1/checkpoint");
            Assert.Equal(node.Loop.Reader.View.Checkpoint.Checkpoint, note.Checkpoint);
            Assert.Equal(TrustVerdict.Trusted, Needing("one").Check(node.Genesis.Chain.Suite, note).Verdict);
            Assert.Equal(note, await NoteAsync("v1/witnessed"));
            await node.InvoiceAsync(node.A, node.C, 100 + (ulong)i);

            // The newer one is shown as soon as it is final, and the cosigned one beside it.
            Assert.Equal(node.Loop.Reader.View.Checkpoint, await NoteAsync("v1/checkpoint"));
            Assert.Equal(note, await NoteAsync("v1/witnessed"));
        }

        Assert.Empty(said);
    }

    [Fact]
    public async Task A_witness_that_fails_is_told_once_and_hides_no_other()
    {
        await using WebApplication good = await ServeAsync("one"), bad = await ServeAsync("two");

        // The second one's key is another than the one that is believed.
        rounds = Rounds((good, "one"), (bad, "three"));
        await rounds.AskAsync(Cancel);
        await rounds.AskAsync(Cancel);
        Assert.Equal(TrustVerdict.Trusted, Needing("one").Check(node.Genesis.Chain.Suite, rounds.Newest!).Verdict);
        Assert.Single(said);
        Assert.Equal([("one", 0, false), ("three", 2, false)], rounds.Standings);

        await good.StopAsync(Cancel);
        await node.InvoiceAsync(node.A, node.C, 100);
        var before = rounds.Newest;
        await rounds.AskAsync(Cancel);
        Assert.Equal(before, rounds.Newest);
        Assert.Equal(2, said.Count);
    }

    [Fact]
    public async Task A_witness_that_is_away_takes_nobodys_word_back_for_ten_rounds()
    {
        await using WebApplication one = await ServeAsync("one"), two = await ServeAsync("two");
        rounds = Rounds((one, "one"), (two, "two"));
        await rounds.AskAsync(Cancel);
        var both = rounds.Newest!;
        Assert.Equal(2, both.Signatures.Count(static line => line.KeyName is "one" or "two"));

        await two.StopAsync(Cancel);
        for (var round = 1; round < WitnessRounds.RoundsOfFewer; round++)
        {
            await node.InvoiceAsync(node.A, node.C, 100 + (ulong)round);
            await rounds.AskAsync(Cancel);
            Assert.Equal(both, rounds.Newest);
        }

        await node.InvoiceAsync(node.A, node.C, 200);
        await rounds.AskAsync(Cancel);
        Assert.Equal(node.Loop.Reader.View.Checkpoint.Checkpoint, rounds.Newest!.Checkpoint);
        Assert.Equal(TrustVerdict.Untrusted, Needing("two").Check(node.Genesis.Chain.Suite, rounds.Newest).Verdict);
    }

    [Fact]
    public async Task A_witness_to_whom_another_bank_has_shown_more_is_not_complained_of()
    {
        await using var server = await ServeAsync("one");
        await HasCosignedAsync("one", node.Loop.Reader.View.Checkpoint.Checkpoint.Size + 1);
        rounds = Rounds((server, "one"));
        await rounds.AskAsync(Cancel);
        Assert.Empty(said);
        Assert.Null(rounds.Newest);
    }

    [Fact]
    public async Task A_witness_that_saw_another_history_is_told_of_with_what_to_do()
    {
        await using var server = await ServeAsync("one");
        await HasCosignedAsync("one", 2);
        rounds = Rounds((server, "one"));
        await rounds.AskAsync(Cancel);
        Assert.Contains("does not go on", Assert.Single(said), StringComparison.Ordinal);
        Assert.Equal(("one", 1, true), Assert.Single(rounds.Standings));
        Assert.Null(rounds.Newest);
    }

    // A history that is not this node's.
    Task HasCosignedAsync(string name, ulong size)
    {
        var checkpoint = new Checkpoint(node.Genesis.Origin, size, new(7, 7));
        var path = Path.Combine(folder[name], WitnessKey.CosignedFolder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(node.Genesis.Origin))));
        return File.WriteAllBytesAsync(path, new Note(checkpoint, [KeyOf(name).Cosign(checkpoint, 1)]).Write(), Cancel);
    }

    WitnessRounds Rounds(params (WebApplication Server, string Name)[] witnesses) => new(
        node.Loop.Reader, [.. witnesses.Select(one => new WitnessAddress(KeyOf(one.Name).VKey, NodeServer.AddressOf(one.Server)))], http, said.Add, TimeProvider.System);

    async Task<WebApplication> ServeAsync(string name)
    {
        var server = WitnessServer.Build(
            new(IPAddress.Loopback, 0), new(KeyOf(name), node.Genesis.Chain.Suite, node.Genesis.Policy, folder[name], static _ => { }, TimeProvider.System), static _ => { });
        await server.StartAsync(Cancel);
        return server;
    }

    TrustPolicy Needing(string name) =>
        new(node.Genesis.Policy.Logs, new Quorum.AtLeast(2, [node.Genesis.Policy.Quorum, new Quorum.Key(KeyOf(name).VKey)])) { Cosignatures = CosignatureKeys.Verify };

    WitnessKey KeyOf(string name) => WitnessKey.OpenOrMake(folder[name], name, out _)!;

    async Task<Note> NoteAsync(string path)
    {
        Assert.True(Note.TryParse(await node.Http.GetByteArrayAsync(path, Cancel), out var note));
        return note;
    }
}
