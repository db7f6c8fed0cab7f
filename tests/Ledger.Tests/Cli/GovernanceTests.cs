using System.Text.Json;
using Ledger.Cli;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Tests.Rules.Governance;
using static Ledger.Tests.World;

namespace Ledger.Tests.Cli;

/// <summary>What a bank's clerk types to change what all agreed on, and what a holder keeps of it.</summary>
public sealed class GovernanceTests : IDisposable
{
    readonly CommandLine cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task A_bank_proposes_another_node_key_takes_it_back_and_lets_a_bank_in_by_what_is_typed()
    {
        using var world = new World(Stage.Es256OverHttp, Morning);
        Locked(world, ("x", Key(X)), ("z", Key(Z)), ("node-1", Key(Z, 90)), ("node-2", Key(X, 90)));

        await Typed(world, "governance", "propose", "rotate-node-key", "--node-key", cli["node-2.key.json"], "--node-password-file", cli["pw"], "--key", cli["x.key.json"]);
        var rotating = Pending(world);
        Assert.Equal((ProposalAction.NodeKeyRotate, world.Signer(Key(X, 90)).PublicKey), (rotating.Action, rotating.NodeKey));
        await Typed(world, "governance", "withdraw", rotating.Id.ToString(), "--key", cli["x.key.json"]);

        await Typed(
            world, "governance", "propose", "add-validator", Z.Text, "--node-key", cli["node-1.key.json"], "--node-password-file", cli["pw"], "--key", cli["x.key.json"], "--co-sign", cli["z.key.json"]);
        Carry(world, X);
        Assert.Equal(world.Signer(Key(Z, 90)).PublicKey, world.Fold.State.Validator(Z)?.NodeKey);
    }

    [Fact]
    public async Task A_bank_is_let_go_by_what_is_typed()
    {
        using var world = new World(Stage.Es256OverHttp, Morning, genesis => genesis with { Validators = [.. FourBanks.All.Select(bank => new FoundingValidator(bank, default))] });
        Locked(world, ("x", Key(X)));
        await Typed(world, "governance", "propose", "remove-validator", Z.Text, "--key", cli["x.key.json"]);
        Carry(world, X, Y, W);
        Assert.Null(world.Fold.State.Validator(Z));
    }

    void Locked(World world, params (string Name, KeyId Kid)[] keys)
    {
        foreach (var (name, kid) in keys)
        {
            world.NewKey(kid);
            Assert.True(KeyFile.Lock(world.Signer(kid), kid.ToString(), "correct horse", KeyFile.MinIterations).TryWriteNew(cli[$"{name}.key.json"]));
        }
    }

    async Task Typed(World world, params string[] words)
    {
        var exit = await cli.Run([.. words, "--password-file", cli["pw"], "--node", world.Address.ToString()]);
        Assert.Equal((ExitCode.Ok, ""), (exit, exit == ExitCode.Ok ? "" : cli.Error));
    }

    static void Carry(World world, params PartyId[] banks)
    {
        world.Vote(Pending(world).Id, true, banks);
        world.Pass(Timestamp.Minute);
    }

    [Fact]
    public async Task Rules_are_proposed_from_a_file_that_has_every_parameter()
    {
        using var world = new World(Stage.Es256OverHttp, Morning);
        Assert.True(KeyFile.Lock(world.Signer(Key(X)), Key(X).ToString(), "correct horse", KeyFile.MinIterations).TryWriteNew(cli["x.key.json"]));
        var rules = new DatedRules(world.State.Today.AddDays(30), new(world.State.Rules.Values));
        var text = JsonSerializer.Serialize(rules, WireJson.TypeInfo<DatedRules>());
        await File.WriteAllTextAsync(cli["rules.json"], text, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(cli["gap.json"], text.Replace("\"lprMillionths\":", "\"lpr\":", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        string[] rest = ["--key", cli["x.key.json"], "--password-file", cli["pw"], "--node", world.Address.ToString()];
        Assert.NotEqual(ExitCode.Ok, await cli.Run(["governance", "propose", "adopt-rules", "--rules", cli["gap.json"], .. rest]));
        Assert.Equal(ExitCode.Ok, await cli.Run(["governance", "propose", "adopt-rules", "--rules", cli["rules.json"], .. rest]));
        Assert.Equal(rules.From, Pending(world).Rules?.From);
    }

    [Fact]
    public async Task A_new_fingerprint_key_is_proposed_and_each_bank_checks_its_own_before_it_votes()
    {
        using var world = new World(Stage.Es256OverHttp, Morning);
        using var sealing = SealingKey.Create();
        using var another = SealingKey.Create();
        Locked(world, ("x", Key(X)));
        foreach (var (name, key) in new[] { ("sealing", sealing), ("another", another) })
            Assert.True(KeyFile.Lock(key, $"{Y}#3", "correct horse", KeyFile.MinIterations).TryWriteNew(cli[$"{name}.key.json"]));
        var banks = FourBanks.All.SelectMany(bank => new[] { "--bank", $"{bank}={sealing.PublicKey}" });
        await Typed(world, ["governance", "propose", "open-epoch", "--number", "2", "--epoch-key", cli["epoch-2.key"], .. banks, "--key", cli["x.key.json"]]);
        var proposal = Pending(world);

        string[] check = ["epoch", "key", proposal.Id.ToString(), "--sealing-password-file", cli["pw"], "--node", world.Address.ToString()];
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run([.. check, "--sealing-key", cli["another.key.json"], "--out", cli["none.key"]]));
        Assert.False(File.Exists(cli["none.key"]));
        Assert.Equal(ExitCode.Ok, await cli.Run([.. check, "--sealing-key", cli["sealing.key.json"], "--out", cli["opened.key"]]));
        Assert.Equal(await File.ReadAllTextAsync(cli["epoch-2.key"], TestContext.Current.CancellationToken), await File.ReadAllTextAsync(cli["opened.key"], TestContext.Current.CancellationToken));

        Carry(world, X);
        Assert.Equal(proposal.Epoch?.KeyCommitment, world.State.Epochs[^1].KeyCommitment);
    }

    [Fact]
    public async Task A_bank_to_which_junk_was_sealed_is_given_the_key_by_another_and_its_node_has_it()
    {
        using var world = new World(Stage.Es256OverHttp, Morning);
        using var sealing = SealingKey.Create();
        Locked(world, ("x", Key(X)));
        var late = world.SealingKeyOf(Y);
        foreach (var (name, key) in new[] { ("sealing", sealing), ("late", late) })
            Assert.True(KeyFile.Lock(key, name, "correct horse", KeyFile.MinIterations).TryWriteNew(cli[$"{name}.key.json"]));
        var banks = FourBanks.All.SelectMany(bank => new[] { "--bank", $"{bank}={sealing.PublicKey}" });
        await Typed(world, ["governance", "propose", "open-epoch", "--number", "2", "--epoch-key", cli["epoch-2.key"], .. banks, "--key", cli["x.key.json"]]);
        Carry(world, X);
        var keys = Directory.CreateDirectory(cli["keys"]).FullName;
        var ring = new Ledger.Node.EpochKeyRing(world.Suite, Y, new Dictionary<uint, byte[]>(), late) { Folder = keys };
        Assert.Contains(2u, ring.Missing(world.State));

        // X opens its own, and seals it to the key that the ledger has of Y.
        string[] rest = ["--sealing-password-file", cli["pw"], "--node", world.Address.ToString()];
        string[] give = ["epoch", "seal", "2", "--to", Y.Text, "--out", cli["epoch-2.sealed"], .. rest];
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run([.. give, "--sealing-key", cli["late.key.json"]]));
        Assert.False(File.Exists(cli["epoch-2.sealed"]));
        Assert.Equal(ExitCode.Ok, await cli.Run([.. give, "--sealing-key", cli["sealing.key.json"]]));

        // Y holds it against the ledger's commitment: another epoch's is not this one's, and nothing is written.
        string[] take = ["epoch", "take", "2", "--given", cli["epoch-2.sealed"], "--keys", keys, .. rest];
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run([.. take, "--sealing-key", cli["sealing.key.json"]]));
        Assert.Empty(Directory.GetFiles(keys));
        Assert.Equal(ExitCode.Ok, await cli.Run([.. take, "--sealing-key", cli["late.key.json"]]));
        Assert.DoesNotContain(2u, ring.Missing(world.State));
        Assert.NotEqual(ExitCode.Ok, await cli.Run([.. take, "--sealing-key", cli["late.key.json"]]));
        Assert.Single(Directory.GetFiles(keys));

        // A file that no longer opens is in nobody's way, and is not lost.
        var file = Directory.GetFiles(keys).Single();
        await File.WriteAllTextAsync(file, "torn", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Ok, await cli.Run([.. take, "--sealing-key", cli["late.key.json"]]));
        Assert.Equal("torn", await File.ReadAllTextAsync($"{file}.unopened-1", TestContext.Current.CancellationToken));
        Assert.Empty(new Ledger.Node.EpochKeyRing(world.Suite, Y, new Dictionary<uint, byte[]>(), late) { Folder = keys }.Missing(world.State));
    }

    // What was typed is in the world's ledger once the node was asked for its blocks.
    static Proposal Pending(World world)
    {
        world.Until(world.Clock);
        return world.State.PendingProposals.Single();
    }

    [Fact]
    public async Task A_verified_chain_gives_the_policy_of_its_newest_validators_until_a_day()
    {
        using var world = FourBanks.World();
        var leaving = world.Leaving(W);
        world.Accepts(X, leaving);
        world.Vote(leaving.Proposal, true, X, Y, Z);
        world.Append();
        world.Append();
        var folder = world.WriteTo(cli["chain"]);

        Assert.Equal(ExitCode.Ok, await cli.Run("export", "policy", folder, "--days", "30", "--out", cli["policy.txt"]));
        var text = await File.ReadAllTextAsync(cli["policy.txt"], TestContext.Current.CancellationToken);
        Assert.True(TrustPolicy.TryParsePolicyFile(text, out var policy, out _));
        Assert.Equal(world.Genesis.PolicyOf(world.State.Validators).Logs.ToHashSet(), policy.Logs.ToHashSet());
        Assert.Contains("group validators 3 ", text);

        // What was written under the four is proved under the three who came after them: its receipt is made anew, by the tree as it is now, and their signatures are all that one needs.
        var (checkpoint, before) = (world.Fold.Checkpoint, world.Blocks.First(static block => block.Header.EntryCount > 0));
        var index = before.Header.FirstLeaf + 1;
        await File.WriteAllBytesAsync(
            cli["receipt"], new TlogProof(new(before.Leaves[1]), index, [.. world.Fold.History.InclusionProof(index, checkpoint.Size)], world.NoteOf(checkpoint, world.State.Validators)).Write(), TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "receipt", cli["receipt"], "--policy", cli["policy.txt"]));

        // After its day it proves nothing, whatever it is asked about.
        await File.WriteAllTextAsync(cli["old.txt"], System.Text.RegularExpressions.Regex.Replace(text, "good until .*", "good until 2020-01-01"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(cli["receipt"], "no receipt", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "receipt", cli["receipt"], "--policy", cli["policy.txt"]));
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "receipt", cli["receipt"], "--policy", cli["old.txt"]));
    }
}
