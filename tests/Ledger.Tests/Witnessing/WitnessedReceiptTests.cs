using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Ledger.Core.Chain;
using Ledger.Node;
using Ledger.Node.Storage;
using Ledger.Node.Witnessing;
using Ledger.Tests.Cli;
using Ledger.Tests.Http;
using ExitCode = Ledger.Cli.ExitCode;

namespace Ledger.Tests.Witnessing;

/// <summary>A holder's way: a policy that demands a witness, a receipt under what the witness cosigned, and a verdict without a node.</summary>
public sealed class WitnessedReceiptTests : IAsyncLifetime
{
    const string Name = "witness.example/regulator";

    readonly CommandLine cli = new();
    readonly HttpMessageInvoker http = WitnessRounds.NewClient();
    WitnessRounds? rounds;
    TestNode node = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    string Receipt => cli["receipt.tlog-proof"];

    string Policy => cli["policy.txt"];

    public async ValueTask InitializeAsync()
    {
        node = new TestNode { Storage = new DiskStorage(cli["data"]), Options = RunningNode.Open with { Witnessed = () => rounds?.Newest } };
        await node.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        http.Dispose();
        cli.Dispose();
    }

    [Fact]
    public async Task A_receipt_under_what_a_witness_cosigned_is_believed_by_a_policy_that_demands_it_and_no_other_is()
    {
        var draft = TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5));
        await node.AcceptedAsync(node.Sign(draft, node.A));
        string[] fetch = ["tx", "receipt", node.X.Text, draft.Id.ToString(), "--out", Receipt, "--node", node.Address.ToString()];
        Assert.Equal(ExitCode.Refused, await cli.Run([.. fetch, "--witnessed"]));
        Assert.Contains("No witness has cosigned", cli.Error, StringComparison.Ordinal);

        var key = WitnessKey.OpenOrMake(cli["witness"], Name, out _)!;
        await using var server = WitnessServer.Build(new(IPAddress.Loopback, 0), new(key, node.Genesis.Chain.Suite, node.Genesis.Policy, cli["witness"], static _ => { }, TimeProvider.System), static _ => { });
        await server.StartAsync(Cancel);
        rounds = new(node.Loop.Reader, [new(key.VKey, NodeServer.AddressOf(server))], http, static _ => { }, TimeProvider.System);
        await rounds.AskAsync(Cancel);
        await node.InvoiceAsync(node.A, node.C, 7);

        Assert.Equal(ExitCode.Ok, await cli.Run("export", "policy", cli["data"], "--witness", key.VKey.ToString(), "--out", Policy));
        Assert.Equal(ExitCode.Ok, await cli.Run([.. fetch, "--witnessed"]));
        Assert.Equal(ExitCode.Ok, await VerifyAsync("-o", "json"));
        using (var told = JsonDocument.Parse(cli.Output))
        {
            Assert.Equal((2, rounds.Newest!.Checkpoint.Size), (told.RootElement.GetProperty("signedBy").GetArrayLength(), told.RootElement.GetProperty("size").GetUInt64()));
            Assert.Matches($"^{Name}\\+[0-9a-f]{{8}} 20[0-9]{{2}}-", told.RootElement.GetProperty("signedBy").EnumerateArray().Select(static one => one.GetString()!).Single(static one => one.StartsWith(Name, StringComparison.Ordinal)));
        }

        // A dossier has the witness's word for OpenSSL too.
        Assert.True(TlogProof.TryParse(await File.ReadAllBytesAsync(Receipt, Cancel), out var fetched));
        Assert.Equal(ExitCode.Ok, await cli.Run("export", "dossier", "entry", $"{fetched.Index}", "--witnessed", "--policy", Policy, "--out", cli["dossier.zip"], "--node", node.Address.ToString()));
        ZipFile.ExtractToDirectory(cli["dossier.zip"], cli["dossier"]);
        Assert.Equal("", DossierTests.Fault(cli["dossier"]));
        foreach (var path in (string[])[.. Directory.GetFiles(cli["dossier", "checkpoints"], "*.signature", SearchOption.AllDirectories), .. Directory.GetFiles(cli["dossier", "checkpoints"], "*.message", SearchOption.AllDirectories)])
        {
            var octets = await File.ReadAllBytesAsync(path, Cancel);
            octets[20] ^= 1;
            await File.WriteAllBytesAsync(path, octets, Cancel);
            Assert.NotEqual("", DossierTests.Fault(cli["dossier"]));
            octets[20] ^= 1;
            await File.WriteAllBytesAsync(path, octets, Cancel);
        }

        Assert.Equal(3, Directory.GetFiles(cli["dossier", "keys"], "*.pem").Length + Directory.GetFiles(cli["dossier", "checkpoints"], "*.signature", SearchOption.AllDirectories).Length);

        // One octet of the witness's word, of its time or of its signature; the word under another checkpoint; and none.
        Assert.True(TlogProof.TryParse(await File.ReadAllBytesAsync(Receipt, Cancel), out var proof));
        var line = proof.Note.Signatures[^1];
        foreach (var place in (int[])[0, 7, 8, 40, 71])
        {
            var octets = line.Signature.Span.ToArray();
            octets[place] ^= 1;
            await WriteAsync(proof with { Note = proof.Note with { Signatures = [.. proof.Note.Signatures.SkipLast(1), line with { Signature = new(octets) }] } });
            Assert.Equal((place, ExitCode.VerificationFalse), (place, await VerifyAsync()));
        }

        await WriteAsync(proof with { Note = proof.Note with { Signatures = [.. proof.Note.Signatures.SkipLast(1), key.Cosign(proof.Note.Checkpoint with { Size = 5 }, 1)] } });
        Assert.Equal(ExitCode.VerificationFalse, await VerifyAsync());
        Assert.Equal(ExitCode.Ok, await cli.Run(fetch));
        Assert.Equal(ExitCode.VerificationFalse, await VerifyAsync());
        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "receipt", Receipt, "--genesis", cli["data", "chain", "genesis.json"]));

        // A line of a key that nobody knows is passed over; a policy that cannot be read says nothing.
        await WriteAsync(proof with { Note = proof.Note with { Signatures = [.. proof.Note.Signatures.SkipLast(1), line with { KeyId = 5 }] } });
        Assert.Equal(ExitCode.VerificationFalse, await VerifyAsync());
        await File.WriteAllTextAsync(Policy, "log nothing\nquorum none\n", Cancel);
        Assert.Equal(ExitCode.CouldNotCheck, await VerifyAsync());
    }

    [Fact]
    public async Task A_node_that_asks_no_witness_says_so_and_a_cose_receipt_has_no_room_for_its_word()
    {
        await using var alone = node.Build(RunningNode.Open, out _)!;
        await alone.StartAsync(Cancel);
        var draft = TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5));
        await node.AcceptedAsync(node.Sign(draft, node.A));
        string[] fetch = ["tx", "receipt", node.X.Text, draft.Id.ToString(), "--out", Receipt, "--witnessed", "--node", NodeServer.AddressOf(alone).ToString()];
        Assert.NotEqual(ExitCode.Ok, await cli.Run(fetch));
        Assert.Contains("asks no witnesses", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, await cli.Run([.. fetch, "--cose"]));
        Assert.False(File.Exists(Receipt));
    }

    [Fact]
    public async Task A_policy_takes_a_witnesss_key_once_and_no_banks_key_for_one()
    {
        var (one, two) = (WitnessKey.OpenOrMake(cli["one"], Name, out _)!.VKey.ToString(), WitnessKey.OpenOrMake(cli["two"], Name, out _)!.VKey.ToString());
        Assert.Equal(ExitCode.Usage, await cli.Run("export", "policy", cli["data"], "--witness", one, "--witness", one));
        Assert.Equal(ExitCode.Usage, await cli.Run("export", "policy", cli["data"], "--witness", node.Genesis.Policy.Logs[0].ToString()));
        Assert.Equal(ExitCode.Ok, await cli.Run("export", "policy", cli["data"], "--witness", one, "--witness", two));
        Assert.True(TrustPolicy.TryParsePolicyFile(cli.Output, out var policy, out _));
        Assert.Equal(3, Assert.IsType<Quorum.AtLeast>(policy.Quorum).Threshold);
    }

    Task WriteAsync(TlogProof proof) => File.WriteAllBytesAsync(Receipt, proof.Write(), Cancel);

    Task<int> VerifyAsync(params string[] more) => cli.Run(["verify", "receipt", Receipt, "--policy", Policy, .. more]);
}
