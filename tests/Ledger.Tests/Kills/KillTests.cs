using System.Collections.Concurrent;
using System.Security.Cryptography;
using Ledger.Client.Api;
using Ledger.Client.ChainFolder;
using Ledger.Client.Disclosures;
using Ledger.Client.Founding;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Tests.Kills;

/// <summary>Pulls the plug in the middle of many requests; each round has a fresh folder and a bounded number of transactions.</summary>
public class KillTests
{
    const int Clients = 8;
    const int RequestsPerClient = 40;

    static int Rounds => Environment.GetEnvironmentVariable("LEDGER_THOROUGH") == "1" ? 50 : 2;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_node_is_killed_at_any_moment()
    {
        for (var round = 0; round < Rounds; round++) await OneRoundAsync(killAfter: RandomNumberGenerator.GetInt32(1, Clients * RequestsPerClient), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Hidden_terms_that_were_taken_are_there_after_a_kill()
    {
        var cancel = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("ledger-kill-").FullName;
        try
        {
            using var network = KillNetwork.Found(folder);
            var set = DisclosureSet.Empty.With(Term.Price, new Amount(98)).With(Term.Contact, "王五");
            DisclosureFile file;
            using (var node = await network.StartAsync(cancel))
            {
                await network.RegisterSupplierAsync(node.Api, cancel);
                var (transaction, answer) = await network.RequestAsync(node.Api, cancel, set.Digests(network.Genesis.Chain.Suite));
                Assert.Equal(Refusal.None, answer.Code);
                file = new(network.Genesis.Chain.ChainId, transaction.Party, transaction.Id, 0, set);
                Assert.True((await node.Api.DiscloseAsync(file.ToJson(), cancel)).IsAccepted);
                node.Kill();
            }

            using var again = await network.StartAsync(cancel);
            Assert.Equal(file.ToJson(), (await again.Api.DisclosuresAsync(file.Party, file.Id, cancel))?.Files[0].ToJson());
            Assert.All(Directory.GetFiles(Path.Combine(network.Data, FolderLayout.Private)), path => Assert.DoesNotContain("王五", File.ReadAllText(path)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_node_without_its_vote_ends_with_9_and_once_resumed_says_its_epoch_in_every_answer()
    {
        var cancel = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("ledger-kill-").FullName;
        try
        {
            using var network = KillNetwork.Found(folder);
            using (var node = await network.StartAsync(cancel))
            {
                await network.RegisterSupplierAsync(node.Api, cancel);
                using var answer = await node.Http.GetAsync("/v1/health", cancel);
                Assert.False(answer.Headers.Contains("Ledger-Epoch"));
                node.Kill();
            }

            File.Delete(Path.Combine(network.Data, FolderLayout.Vote));
            var (code, said) = await network.RunAsync("run", cancel, "--port", "0");
            Assert.Equal(Node.ExitCode.MustResume, code);
            Assert.Contains("ledger-node resume", said, StringComparison.Ordinal);
            Assert.Equal(Node.ExitCode.Usage, (await network.RunAsync("resume", cancel)).Code);
            Assert.Equal(Node.ExitCode.Ok, (await network.RunAsync("resume", cancel, "--yes")).Code);

            using (var node = await network.StartAsync(cancel))
            {
                Assert.Equal(Refusal.None, (await network.RequestAsync(node.Api, cancel)).Answer.Code);
                using var answer = await node.Http.GetAsync("/v1/health", cancel);
                Assert.Equal(["2"], answer.Headers.GetValues("Ledger-Epoch"));
                using var health = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancel));
                Assert.Equal(2, health.RootElement.GetProperty("epoch").GetInt32());
                Assert.Equal(2, health.RootElement.GetProperty("epochSince").GetInt32());
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task OneRoundAsync(int killAfter, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("ledger-kill-").FullName;
        try
        {
            using var network = KillNetwork.Found(folder);
            var acknowledged = new ConcurrentBag<Transaction>();
            using (var node = await network.StartAsync(cancel))
            {
                await network.RegisterSupplierAsync(node.Api, cancel);
                await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => RequestUntilKilledAsync(network, node, acknowledged, killAfter, cancel)));
                node.Kill();
            }

            using (var again = await network.StartAsync(cancel))
            {
                foreach (var transaction in acknowledged)
                {
                    using var entry = await again.Api.ReadAsync($"/v1/transactions/{transaction.Party}/{transaction.Id}", cancel);
                    Assert.True(entry is not null, $"killed after {killAfter} answers: transaction {transaction.Id} was acknowledged and is gone");
                }

                // And it goes on.
                Assert.Equal(Refusal.None, (await network.RequestAsync(again.Api, cancel)).Answer.Code);
            }

            var chain = Client.ChainFolder.ChainFolder.Open(network.Data);
            Assert.IsType<ChainVerdict.Verified>(chain.Verify(network.Genesis.Chain.ChainId, progress: null));

            // A snapshot that has its name is whole, whenever the kill came; one that came early left none.
            var snapshots = Path.Combine(network.Data, FolderLayout.Snapshots);
            foreach (var path in Directory.Exists(snapshots) ? Directory.GetFiles(snapshots, "*.snap") : [])
                Assert.IsType<SnapshotVerdict.Verified>(SnapshotFile.Verify(path, network.Genesis, pinned: null, chain, progress: null));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task RequestUntilKilledAsync(
        KillNetwork network, NodeProcess node, ConcurrentBag<Transaction> acknowledged, int killAfter, CancellationToken cancel)
    {
        try
        {
            for (var i = 0; i < RequestsPerClient; i++)
            {
                var (transaction, answer) = await network.RequestAsync(node.Api, cancel);
                Assert.Equal(Refusal.None, answer.Code);
                acknowledged.Add(transaction);
                if (acknowledged.Count == killAfter) node.Kill();
            }
        }
        catch (NodeUnreachableException)
        {
            // Another client's answer was the last one before the kill.
        }
    }
}

/// <summary>A chain with its key files in a folder, and one supplier that asks for confirmations: an act that is always good.</summary>
sealed class KillNetwork : IDisposable
{
    readonly string folder;
    readonly FoundingKeys founding;
    readonly SigningKey supplierKey;
    readonly PartyId supplier = FictionalUscc.Of("440300", 77);

    KillNetwork(string folder, FoundingKeys founding)
    {
        this.folder = folder;
        this.founding = founding;
        supplierKey = SigningKey.Create(founding.Genesis.Chain.Suite);
    }

    public string Data => Path.Combine(folder, "data");

    public Genesis Genesis => founding.Genesis;

    static string Password => "correct horse battery staple";

    public static KillNetwork Found(string folder)
    {
        var founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), new(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
        File.WriteAllBytes(Path.Combine(folder, FolderLayout.Genesis), founding.Genesis.Bytes.ToArray());
        File.WriteAllText(Path.Combine(folder, "password"), Password);
        foreach (var (bank, key) in founding.NodeKeys)
            Assert.True(KeyFile.Lock(key, $"node-{bank}", Password, KeyFile.MinIterations).TryWriteNew(Path.Combine(folder, $"node-{bank}.key.json")));
        return new(folder, founding);
    }

    /// <summary>Runs a verb of the node's program on this chain, to its end.</summary>
    public Task<(int Code, string Said)> RunAsync(string verb, CancellationToken cancel, params string[] more) => NodeProcess.RunToEndAsync(
        [verb, "--data", Data, "--genesis", Path.Combine(folder, FolderLayout.Genesis), "--password-file", Path.Combine(folder, "password"), .. more], cancel);

    public Task<NodeProcess> StartAsync(CancellationToken cancel, params string[] more) =>
        NodeProcess.StartAsync(Data, Path.Combine(folder, FolderLayout.Genesis), Path.Combine(folder, "password"), cancel, more);

    public async Task RegisterSupplierAsync(LedgerApi api, CancellationToken cancel)
    {
        var bank = Genesis.Text.Parties[0].Id;
        var register = new RegisterParty(
            supplier, "示例供应商有限公司", Roles.Supplier, supplier.RegionCode.ToString(), SizeClass.Small, "",
            [new NewKey(supplierKey.PublicKey, KeyUse.Signing, KeyRole.System, "system")]);
        var (_, answer) = await SendAsync(api, bank, register, [(new(bank, 1), founding.Signer(bank)), (new(supplier, 1), supplierKey)], cancel);
        Assert.Equal(Refusal.None, answer.Code);
    }

    public Task<(Transaction Transaction, SubmitAnswer Answer)> RequestAsync(LedgerApi api, CancellationToken cancel, ValueList<Hash256> terms = default)
    {
        var bank = Genesis.Text.Parties[0].Id;
        var request = new RequestConfirmation(
            NewId.Of<Core.Instruments.Instrument>(Now), bank, Currency.Cny, new(100), new(2026, 1, 1), SizeClass.Large, SizeClass.Small, new(1, 1), Terms: terms);
        return SendAsync(api, supplier, request, [(new(supplier, 1), supplierKey)], cancel);
    }

    public void Dispose()
    {
        founding.Dispose();
        supplierKey.Dispose();
    }

    async Task<(Transaction Transaction, SubmitAnswer Answer)> SendAsync(
        LedgerApi api, PartyId party, Operation operation, IReadOnlyList<(KeyId Kid, SigningKey Key)> signers, CancellationToken cancel)
    {
        var expires = Now.Add(5 * Timestamp.Minute);
        var transaction = new Transaction(party, null, NewId.Of<Transaction>(Now), expires, [operation]);
        var text = Jws.Sign(TransactionText.WritePayload(transaction), Genesis.Chain.ChainId, [.. signers.OrderBy(signer => signer.Kid)]);
        return (transaction, await api.SubmitAsync(text, wait: true, cancel));
    }

    static Timestamp Now => new(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
}
