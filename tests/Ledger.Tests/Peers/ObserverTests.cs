using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Peers;

namespace Ledger.Tests.Peers;

/// <summary>A node that holds no vote follows the others, verifies what they give, and takes nothing.</summary>
public sealed class ObserverTests : IDisposable
{
    readonly TestAuthority authority = new();
    readonly string data = Path.Combine(Directory.CreateTempSubdirectory("ledger-observer-").FullName, "data");
    readonly List<string> said = [];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    NodeOptions Options => new(data, "127.0.0.1", 0, NextFreePort: false, NodeOptions.DefaultSegmentBytes);

    public void Dispose()
    {
        authority.Dispose();
        Directory.Delete(Path.GetDirectoryName(data) ?? data, recursive: true);
    }

    [Fact]
    public async Task An_observer_begins_from_genesis_follows_block_by_block_and_goes_on_after_a_stop()
    {
        var chain = FourBanks.OfBlocks(3);
        await using var served = await ServedLedger.StartAsync(chain, authority.Of(FourBanks.Bank));
        using var certificates = authority.Of(FourBanks.Regulator);
        using var client = new PeerClient(new(FourBanks.Bank, served.Address), certificates, PeerPace.Default);

        await FollowAsync(client, async node =>
        {
            await ReachAsync(node, 3);
            chain.Append();
            served.Take(chain.Blocks[^1].Block, chain.Newest);
            await ReachAsync(node, 4);
            Assert.Equal((chain.Newest, FourBanks.Regulator, false), (node.Reader.View.Checkpoint, node.Reader.Bank, node.Orders));
            Assert.Equal(chain.Fold.State.Party(FourBanks.Bank), node.Reader.View.State.Party(FourBanks.Bank));
        });

        chain.Append();
        served.Take(chain.Blocks[^1].Block, chain.Newest);
        await FollowAsync(client, async node =>
        {
            Assert.Equal(4UL, node.Reader.View.Header.Height);
            await ReachAsync(node, 5);
            Assert.Equal(chain.Fold.Checkpoint, node.Reader.View.Checkpoint.Checkpoint);
        });
    }

    [Fact]
    public async Task It_takes_no_transaction_and_says_who_does()
    {
        var chain = FourBanks.OfBlocks(1);
        await using var served = await ServedLedger.StartAsync(chain, authority.Of(FourBanks.Bank));
        using var certificates = authority.Of(FourBanks.Regulator);
        using var client = new PeerClient(new(FourBanks.Bank, served.Address), certificates, PeerPace.Default);

        await FollowAsync(client, async node =>
        {
            await ReachAsync(node, 1);
            var answer = await node.SubmitAsync(FourBanks.Sign(node.Reader.LedgerTime), Cancel);
            Assert.Equal((Refusal.ObservesOnly, (ulong?)null), (answer.Code, answer.Leaf));

            // What the ledger would refuse anyway is refused for its own reason.
            Assert.Equal(Refusal.OfferNotFound, (await node.SubmitAsync(FourBanks.Sign(node.Reader.LedgerTime, new WithdrawOffer(new(7))), Cancel)).Code);
            Assert.Equal(Refusal.ObservesOnly, await node.SetClockAsync(node.Reader.LedgerTime.Add(Timestamp.Minute), Cancel));
        });
    }

    [Fact]
    public async Task Without_a_peer_that_gives_the_beginning_there_is_none()
    {
        var cannot = await FolderFromPeers.FoundAsync(Options, FourBanks.Genesis, [new FailingPeer(FourBanks.Bank)], TimeProvider.System, said.Add, Cancel);

        Assert.Equal(ExitCode.CouldNotCheck, cannot?.ExitCode);
        Assert.False(Directory.Exists(Path.Combine(data, FolderLayout.Chain)));
    }

    [Fact]
    public async Task A_beginning_that_no_validator_signed_is_none()
    {
        using var other = Client.Signing.SigningKey.Create(FourBanks.Genesis.Chain.Suite);
        var checkpoint = new FourBanks().Fold.Checkpoint;
        var note = new Note(checkpoint, [new(checkpoint.Origin, other.Suite.NoteKeyId(checkpoint.Origin, other.PublicKey), new(other.SignNote(checkpoint.SignedBytes())))]);
        var liar = new FakePeer(FourBanks.Bank, [(new FourBanks().Blocks[0].Block, note)], 0);

        Assert.NotNull(await FolderFromPeers.FoundAsync(Options, FourBanks.Genesis, [liar], TimeProvider.System, said.Add, Cancel));
        Assert.Contains(said, line => line.Contains(FourBanks.Bank.Text, StringComparison.Ordinal));

        // One validator's is enough, for what block 0 is everybody knows.
        var honest = new FakePeer(FourBanks.Bank, [(new FourBanks().Blocks[0].Block, FourBanks.Sign(checkpoint, FourBanks.Bank))], 0);
        Assert.Null(await FolderFromPeers.FoundAsync(Options, FourBanks.Genesis, [honest], TimeProvider.System, said.Add, Cancel));
    }

    [Fact]
    public void Its_key_is_made_once_and_only_its_owner_reads_it()
    {
        Directory.CreateDirectory(data);
        var suite = FourBanks.Genesis.Chain.Suite;
        var made = ObserverKey.OpenOrMake(data, suite, FourBanks.Regulator);
        var again = ObserverKey.OpenOrMake(data, suite, FourBanks.Regulator);

        Assert.Equal((FourBanks.Regulator, made?.PublicKey), (again?.Bank, again?.PublicKey));
        Assert.True(suite.Verify(made!.PublicKey, "act"u8, again!.Sign("act"u8.ToArray())));
        var path = Path.Combine(data, FolderLayout.ObserverKey);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        File.WriteAllText(path, "{}");
        Assert.Null(ObserverKey.OpenOrMake(data, suite, FourBanks.Regulator));
    }

    [Fact]
    public async Task The_program_observes_by_its_settings_alone_and_asks_for_no_password()
    {
        var chain = FourBanks.OfBlocks(3);
        await using var served = await ServedLedger.StartAsync(chain, authority.Of(FourBanks.Bank));
        var (certificate, key) = authority.Issue($"CN={FourBanks.Regulator}", TimeProvider.System.GetUtcNow().AddDays(10), System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var genesis = Path.Combine(Path.GetDirectoryName(data)!, "genesis.json");
        await File.WriteAllBytesAsync(genesis, FourBanks.Genesis.Bytes.ToArray(), Cancel);
        string[] settings = ["run", "--observe", "on", "--data", data, "--genesis", genesis, "--port", "0", "--reads", "open", "--operations-port", "off"];
        string[] certificates = ["--peer-ca", authority.CaPath, "--peer-cert", certificate, "--peer-key", key];

        var (code, told) = await Kills.NodeProcess.RunToEndAsync([.. settings, .. certificates], Cancel);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--peers", told, StringComparison.Ordinal);
        (code, told) = await Kills.NodeProcess.RunToEndAsync([.. settings, "--peers", $"{FourBanks.Bank}={served.Address}"], Cancel);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("peer-cert", told, StringComparison.Ordinal);

        using var node = await Kills.NodeProcess.RunAsync([.. settings, .. certificates, "--peers", $"{FourBanks.Bank}={served.Address}"], Cancel);
        while ((await node.Api.HealthAsync(Cancel)).Height < 3) Cancel.ThrowIfCancellationRequested();
        var refused = await node.Api.SubmitAsync(FourBanks.Sign((await node.Api.HealthAsync(Cancel)).LedgerTime), wait: true, Cancel);
        Assert.Equal((403, Refusal.ObservesOnly), (refused.HttpStatus, refused.Code));
        using var peers = await node.Api.ReadAsync("v1/peers", Cancel);
        Assert.Equal((true, FourBanks.Bank.Text), (peers!.RootElement.GetProperty("observes").GetBoolean(), peers.RootElement.GetProperty("peers")[0].GetProperty("bank").GetString()));
    }

    async Task FollowAsync(IPeer peer, Func<NodeLoop, Task> tell)
    {
        Assert.Null(await FolderFromPeers.FoundAsync(Options, FourBanks.Genesis, [peer], TimeProvider.System, said.Add, Cancel));
        var key = ObserverKey.OpenOrMake(data, FourBanks.Genesis.Chain.Suite, FourBanks.Regulator) ?? throw new InvalidOperationException();
        using var host = NodeHost.Observe(Options, FourBanks.Genesis, key, new([peer], _ => { }), TimeProvider.System, said.Add, out var cannot);
        Assert.Null(cannot);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = host!.Loop.RunAsync(stop.Token);
        await await Task.WhenAny(tell(host.Loop), running);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    static async Task ReachAsync(NodeLoop node, ulong height)
    {
        while (true)
        {
            var grown = node.Reader.Grown;
            if (node.Reader.View.Header.Height >= height) return;
            await grown.WaitAsync(Cancel);
        }
    }
}
