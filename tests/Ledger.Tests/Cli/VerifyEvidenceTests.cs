using System.Text.Json;
using Ledger.Cli;
using Ledger.Core.Finality;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Rules.Governance;

namespace Ledger.Tests.Cli;

public sealed class VerifyEvidenceTests : OfflineTests
{
    [Fact]
    public async Task Two_blocks_of_one_size_under_one_banks_key_are_proof_against_it()
    {
        var (genesis, file) = Written(new(Vote(1, new(1, 1)), 0, Vote(2, new(2, 2)), 0, new(2, 2), []));
        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "evidence", file, "--genesis", genesis, "-o", "json"));
        using var told = JsonDocument.Parse(cli.Output);
        Assert.Contains(chain.Bank.Text, told.RootElement.GetProperty("bank").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, told.RootElement.GetProperty("votes").GetArrayLength());

        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "evidence", file, "--genesis", genesis, "--lang", "zh"));
        Assert.Contains("证据成立", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_proves_nothing_is_6_and_a_stranger_to_genesis_7()
    {
        var (genesis, file) = Written(new(Vote(1, new(1, 1)), 0, Vote(2, new(1, 1)), 0, new(1, 1), []));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "evidence", file, "--genesis", genesis));

        (genesis, file) = Written(new(Vote(1, new(1, 1)), 0, Vote(2, new(2, 2)) with { Sequence = 3 }, 0, new(2, 2), []));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "evidence", file, "--genesis", genesis));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "evidence", genesis, "--genesis", genesis));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "evidence", file, "--genesis", genesis, "--chain-id", new string('1', 64)));

        (genesis, file) = Written(new(Vote(1, new(1, 1)) with { Bank = World.Stranger }, 0, Vote(2, new(2, 2)) with { Bank = World.Stranger }, 4, new(2, 2), []));
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "evidence", file, "--genesis", genesis));
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "evidence", file, "--genesis", genesis, "--lang", "zh"));
    }

    (string Genesis, string File) Written(Evidence evidence)
    {
        File.WriteAllBytes(cli["genesis.json"], chain.Founding.Genesis.Bytes.ToArray());
        File.WriteAllBytes(cli["breach.evidence"], evidence.Write());
        return (cli["genesis.json"], cli["breach.evidence"]);
    }

    [Fact]
    public async Task Why_it_is_no_breach_is_told()
    {
        var (genesis, file) = Written(new(Vote(1, new(1, 1)), 0, Vote(2, new(2, 2)) with { Epoch = 2 }, 0, new(2, 2), []));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "evidence", file, "--genesis", genesis, "-o", "json"));
        Assert.Contains("lawful", cli.Output, StringComparison.Ordinal);

        (genesis, file) = Written(new(Vote(1, new(1, 1)), 0, Vote(2, new(2, 2)) with { ChainId = new(3, 3) }, 0, new(2, 2), []));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "evidence", file, "--genesis", genesis, "-o", "json"));
        Assert.Contains("another chain", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_changed_its_node_key_by_votes_is_convicted_by_a_chain_that_verifies()
    {
        using var world = FourBanks.World();
        var (key, proof) = world.NewNodeKey(World.Y);
        var rotating = new Propose(world.New<Proposal>(), ProposalAction.NodeKeyRotate, world.Tomorrow, NodeKey: key, Proof: proof);
        world.Accepts(World.Y, rotating);
        world.Vote(rotating.Proposal, true, World.X, World.Z, World.W);
        world.Append();
        world.Append();
        var folder = world.WriteTo(cli["chain"]);
        File.WriteAllBytes(cli["genesis.json"], world.Genesis.Bytes.ToArray());

        Vote Of(ulong sequence, Hash256 root)
        {
            var line = new VoteLine(VoteKind.Prepare, 500, root, new(world.NodeSigner(key).Sign(Ledger.Core.Finality.Vote.PrepareBytes(world.Genesis.Chain.ChainId, new(1, 500, root)))));
            var vote = new Vote(world.Genesis.Chain.ChainId, 1, World.Y, sequence, world.Clock, 2, [line], default);
            return vote with { Signature = new(world.NodeSigner(key).Sign(vote.SignedBytes())) };
        }

        File.WriteAllBytes(cli["breach.evidence"], new Evidence(Of(1, new(1, 1)), 0, Of(2, new(2, 2)), 0, new(2, 2), []).Write());
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "evidence", cli["breach.evidence"], "--genesis", cli["genesis.json"]));
        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "evidence", cli["breach.evidence"], "--genesis", cli["genesis.json"], "--chain", folder));

        File.WriteAllBytes(Directory.EnumerateFiles(folder, "*.seg").First(), [1, 2, 3]);
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "evidence", cli["breach.evidence"], "--genesis", cli["genesis.json"], "--chain", folder));
    }

    Vote Vote(ulong sequence, Hash256 root)
    {
        var key = chain.Founding.NodeKeys[chain.Bank];
        var line = new VoteLine(VoteKind.Prepare, 5, root, new(key.Sign(Ledger.Core.Finality.Vote.PrepareBytes(chain.Founding.Genesis.Chain.ChainId, new(1, 5, root)))));
        var vote = new Vote(chain.Founding.Genesis.Chain.ChainId, 1, chain.Bank, sequence, ChainFixture.Start, 2, [line], default);
        return vote with { Signature = new(key.Sign(vote.SignedBytes())) };
    }
}
