using System.Text.Json;
using Ledger.Cli;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;

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

    Vote Vote(ulong sequence, Hash256 root)
    {
        var key = chain.Founding.NodeKeys[chain.Bank];
        var line = new VoteLine(VoteKind.Prepare, 5, root, new(key.Sign(Ledger.Core.Finality.Vote.PrepareBytes(chain.Founding.Genesis.Chain.ChainId, new(1, 5, root)))));
        var vote = new Vote(chain.Founding.Genesis.Chain.ChainId, 1, chain.Bank, sequence, ChainFixture.Start, 2, [line], default);
        return vote with { Signature = new(key.Sign(vote.SignedBytes())) };
    }
}
