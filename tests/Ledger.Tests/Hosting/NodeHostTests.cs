using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Storage;

namespace Ledger.Tests.Hosting;

public sealed class NodeHostTests : IDisposable
{
    static readonly Timestamp Start = new(1_780_000_020_000);

    readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("ledger-host-").FullName, "data");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder) ?? folder, recursive: true);

    [Fact]
    public void A_consortium_of_several_validators_is_not_run_by_one_node_alone()
    {
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("consortium"), Start);

        Assert.Equal(2, Refuses(founding).ExitCode);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void A_folder_is_one_process_and_one_chain()
    {
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), Start);
        using (Open(founding, out _))
        {
            Assert.Contains($"process {Environment.ProcessId}", Refuses(founding).Reason, StringComparison.Ordinal);
        }

        using (Open(founding, out var said)) Assert.Contains(said, line => line.Contains("1 blocks", StringComparison.Ordinal));

        using var other = FoundingKeys.Fill(FoundingKeys.Preset("demo"), Start);
        Assert.Contains("another chain", Refuses(other).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_data_version_is_left_alone()
    {
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), Start);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "data-version"), "3\n");

        Assert.Equal(1, Refuses(founding).ExitCode);
        Assert.Equal("3\n", File.ReadAllText(Path.Combine(folder, "data-version")));
        Assert.False(Directory.Exists(Path.Combine(folder, "chain")));
    }

    [Fact]
    public async Task A_bank_alone_that_changes_its_node_key_by_vote_goes_on_under_the_new_one_when_it_is_started_again()
    {
        using var founding = Alone();
        using var next = SigningKey.Create(founding.Genesis.Chain.Suite);
        var (bank, genesis) = (founding.NodeKeys.Keys.First(), founding.Genesis);
        var keys = Key(founding) with { Other = NodeKeys.NodeKeyOf(bank, next) };
        var proof = new ByteString(next.Sign(Rulebook.NodeKeyText(genesis.Chain.ChainId, bank, next.PublicKey)));
        await ChangeAsync(founding, keys, now => new(NewId.Of<Proposal>(now), ProposalAction.NodeKeyRotate, now.CeilingMinute().Add(Timestamp.Day), NodeKey: next.PublicKey, Proof: proof), bank);

        Assert.Null(NodeHost.Open(Options, genesis, Key(founding), TimeProvider.System, _ => { }, out var cannot));
        Assert.Contains("another node key", cannot?.Reason, StringComparison.Ordinal);

        using (var host = NodeHost.Open(Options, genesis, keys, TimeProvider.System, _ => { }, out cannot) ?? throw new InvalidOperationException(cannot?.Reason))
            Assert.Equal(Refusal.None, await RunAsync(host, founding.Act(DateTimeOffset.UtcNow, ChainFixture.Policy(9), bank)));

        // Whoever verifies follows the key through the chain.
        var verified = Assert.IsType<Recovery.Complete>(BlockLog.Open(new DiskStorage(folder), genesis, BlockLog.DefaultSegmentSize, verifySignatures: true, static _ => { }, static _ => { }));
        verified.Log.Dispose();
        Assert.Equal(next.PublicKey, verified.Fold.State.Validator(bank)?.NodeKey);
    }

    [Fact]
    public async Task A_bank_alone_that_lets_another_in_by_vote_is_voted_on_from_then_on()
    {
        using var founding = Alone();
        using var key = SigningKey.Create(founding.Genesis.Chain.Suite);
        var (bank, genesis) = (founding.NodeKeys.Keys.First(), founding.Genesis);
        var other = genesis.Text.Parties.First(party => party.Roles.HasFlag(Roles.Bank) && party.Id != bank).Id;
        var proof = new ByteString(key.Sign(Rulebook.NodeKeyText(genesis.Chain.ChainId, other, key.PublicKey)));
        await ChangeAsync(
            founding, Key(founding), now => new(NewId.Of<Proposal>(now), ProposalAction.ValidatorAdd, now.CeilingMinute().Add(Timestamp.Day), other, NodeKey: key.PublicKey, Proof: proof), bank, other);

        // Their batches need one order; and what the bank signed alone ends where the other one's word begins.
        Assert.Contains("--etcd", Refuses(founding).Reason, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "vote")));
        for (var i = 0; i < 2; i++)
        {
            using var host = NodeHost.Open(Options with { Etcd = new([new("http://127.0.0.1:1")], null, null, null) }, genesis, Key(founding), TimeProvider.System, _ => { }, out var cannot);
            Assert.True(host is not null, cannot?.Reason);
            Assert.Equal((false, true), (File.Exists(Path.Combine(folder, "vote")), File.Exists(Path.Combine(folder, "ballot"))));
        }

        Assert.False(NodeHost.Resume(Options, genesis, Key(founding), TimeProvider.System, _ => true, _ => { }, out var unneeded));
        Assert.Contains("several banks vote", unneeded?.Reason, StringComparison.Ordinal);
    }

    // Proposed, voted for and done; the node takes nothing more until it is started again.
    async Task ChangeAsync(FoundingKeys founding, NodeKey keys, Func<Timestamp, Propose> propose, params PartyId[] signers)
    {
        using var host = NodeHost.Open(Options, founding.Genesis, keys, TimeProvider.System, _ => { }, out var cannot) ?? throw new InvalidOperationException(cannot?.Reason);
        var proposal = propose(host.Loop.Reader.ClockTime);
        var now = DateTimeOffset.UtcNow;
        Refusal[] answers = [Refusal.None, Refusal.None, Refusal.None, Refusal.ValidatorsChanged];
        Assert.Equal(answers, [
            .. await RunAsync(
                host, founding.Act(now, proposal, signers), founding.Act(now, new VoteOn(proposal.Proposal, IsFor: true), signers[0]),
                founding.Act(now, ChainFixture.Policy(5), signers[0]), founding.Act(now, ChainFixture.Policy(6), signers[0])),
        ]);
    }

    static async Task<Refusal> RunAsync(NodeHost host, byte[] transaction) => (await RunAsync(host, [transaction]))[0];

    static async Task<IReadOnlyList<Refusal>> RunAsync(NodeHost host, params byte[][] transactions)
    {
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => host.Loop.RunAsync(stop.Token), CancellationToken.None);
        var codes = new List<Refusal>();
        foreach (var transaction in transactions) codes.Add((await host.Loop.SubmitAsync(transaction, TestContext.Current.CancellationToken)).Code);
        await stop.CancelAsync();
        await running.ContinueWith(_ => { }, TaskScheduler.Default);
        return codes;
    }

    static FoundingKeys Alone()
    {
        var text = FoundingKeys.Preset("consortium");
        return FoundingKeys.Fill(text with { Validators = [.. text.Validators.Take(1)] }, Start);
    }

    NodeHost Open(FoundingKeys founding, out List<string> said)
    {
        said = [];
        var host = NodeHost.Open(Options, founding.Genesis, Key(founding), TimeProvider.System, said.Add, out var cannot);
        return host ?? throw new InvalidOperationException(cannot?.Reason);
    }

    CannotOpen Refuses(FoundingKeys founding)
    {
        Assert.Null(NodeHost.Open(Options, founding.Genesis, Key(founding), TimeProvider.System, _ => { }, out var cannot));
        return Assert.IsType<CannotOpen>(cannot);
    }

    NodeOptions Options => new(folder, "127.0.0.1", 0, NextFreePort: false, NodeOptions.DefaultSegmentBytes) { Founds = true };

    static NodeKey Key(FoundingKeys founding) => NodeKeys.NodeKeyOf(founding.NodeKeys.Keys.First(), founding.NodeKeys.Values.First());
}
