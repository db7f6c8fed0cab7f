using System.Net;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Chain;
using Ledger.Node;
using Ledger.Node.Witnessing;
using Ledger.Suites;
using Ledger.Tests.ChainFolder;
using Ledger.Tests.Kills;

namespace Ledger.Tests.Witnessing;

/// <summary>The programs themselves: a node that asks a witness, and the witness killed and started again.</summary>
public sealed class WitnessProgramTests : IDisposable
{
    const string Name = "witness.example/regulator";

    readonly TemporaryFolder folder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_witness_cosigns_what_a_node_has_and_remembers_it_when_it_was_killed()
    {
        using var network = KillNetwork.Found(folder.Path);
        using (var node = await network.StartAsync(Cancel))
        {
            await network.RegisterSupplierAsync(node.Api, Cancel);
            node.Kill();
        }

        var key = WitnessKey.OpenOrMake(folder["witness"], Name, out _)!.VKey;
        await File.WriteAllTextAsync(folder["policy.txt"], $"log {network.Genesis.Policy.Logs[0]}\nquorum none\n", Cancel);
        string[] witness = ["witness", "--data", folder["witness"], "--name", Name, "--trust", folder["policy.txt"], "--listen", "127.0.0.1:0"];
        Note note;
        using (var running = await NodeProcess.RunAsync(witness, Cancel))
        {
            using var node = await network.StartAsync(Cancel, "--witnesses", $"{key}={running.Http.BaseAddress}");
            note = await WitnessedAsync(node.Http);
            var policy = new TrustPolicy(network.Genesis.Policy.Logs, new Quorum.AtLeast(2, [network.Genesis.Policy.Quorum, new Quorum.Key(key)])) { Cosignatures = CosignatureKeys.Verify };
            Assert.Equal(TrustVerdict.Trusted, policy.Check(network.Genesis.Chain.Suite, note).Verdict);
            Assert.True(note.Checkpoint.Size > 1);

            // A second one beside it would say two things under one key.
            var (code, said) = await NodeProcess.RunToEndAsync(witness, Cancel);
            Assert.Equal((ExitCode.Usage, true), (code, said.Contains("held by", StringComparison.Ordinal)));
            running.Kill();
        }

        using var again = await NodeProcess.RunAsync(witness, Cancel);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(network.Genesis.Origin)));
        Assert.Equal(note.ToString(), await again.Http.GetStringAsync($"{hash}/checkpoint", Cancel));
        using var conflict = await again.Http.PostAsync("add-checkpoint", new ByteArrayContent(new ConsistencyProof(0, [], note).Write()), Cancel);
        Assert.Equal((HttpStatusCode.Conflict, $"{note.Checkpoint.Size}\n"), (conflict.StatusCode, await conflict.Content.ReadAsStringAsync(Cancel)));
    }

    [Fact]
    public async Task A_witness_does_not_begin_with_what_it_cannot_keep_its_word_by()
    {
        using var network = KillNetwork.Found(folder.Path);
        var key = WitnessKey.OpenOrMake(folder["witness"], Name, out _)!.VKey;
        var bank = $"log {network.Genesis.Policy.Logs[0]}\n";
        await File.WriteAllTextAsync(folder["banks.txt"], $"{bank}quorum none\n", Cancel);
        await File.WriteAllTextAsync(folder["itself.txt"], $"{bank}witness me {key}\nquorum me\n", Cancel);
        Assert.Equal((ExitCode.Usage, true), await EndAsync("itself.txt", "names this witness itself"));
        Assert.Equal((ExitCode.Usage, true), await EndAsync("none.txt", "no such file"));
        Directory.Delete(folder["witness", WitnessKey.CosignedFolder]);
        Assert.Equal((ExitCode.Fault, true), await EndAsync("banks.txt", "forgotten"));
    }

    async Task<(int, bool)> EndAsync(string policy, string words)
    {
        var (code, said) = await NodeProcess.RunToEndAsync(["witness", "--data", folder["witness"], "--name", Name, "--trust", folder[policy], "--listen", "127.0.0.1:0"], Cancel);
        return (code, said.Contains(words, StringComparison.Ordinal));
    }

    // The node asks by itself when it begins.
    static async Task<Note> WitnessedAsync(HttpClient node)
    {
        while (true)
        {
            using var answer = await node.GetAsync("v1/witnessed", Cancel);
            if (answer.IsSuccessStatusCode && Note.TryParse(await answer.Content.ReadAsByteArrayAsync(Cancel), out var note)) return note;
            await Task.Delay(50, Cancel);
        }
    }
}
