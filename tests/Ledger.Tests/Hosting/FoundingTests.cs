using Ledger.Client.Devnet;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Node;
using Ledger.Tests.ChainFolder;
using Ledger.Tests.Kills;

namespace Ledger.Tests.Hosting;

/// <summary>A key signs the beginning of one history. A folder that looks new, because a disk is not mounted or a name is wrong, never makes it sign another.</summary>
public sealed class FoundingTests : IDisposable
{
    static readonly Timestamp Start = new(1_780_000_020_000);

    readonly TemporaryFolder folder = new();
    readonly FoundingKeys founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), Start);

    public FoundingTests() => Directory.CreateDirectory(folder["keys"]);

    string Mark => folder["keys", "node.founded.json"];

    public void Dispose()
    {
        founding.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_folder_without_a_chain_is_not_founded_by_running_on_it()
    {
        Directory.CreateDirectory(folder["empty"]);

        Assert.Equal(ExitCode.NotFounded, Refuses(folder["empty"], founds: false).ExitCode);
        Assert.Equal(ExitCode.NotFounded, Refuses(folder["nowhere"], founds: false).ExitCode);

        // What may be a mount point is left as it was.
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["empty"]));
        Assert.False(Directory.Exists(folder["nowhere"]));
        Assert.False(File.Exists(Mark));
    }

    [Fact]
    public void A_key_that_has_founded_a_chain_founds_none_again_wherever_its_folder_went()
    {
        Open(folder["data"], founds: true).Dispose();
        Assert.Equal(founding.Genesis.Chain.ChainId.ToString(), new FoundingMark(Mark).Read()?.ChainId);

        var cannot = Refuses(folder["other"], founds: true);
        Assert.Equal(ExitCode.NotFounded, cannot.ExitCode);
        Assert.Contains(folder["data"], cannot.Reason, StringComparison.Ordinal);
        Assert.Contains("第二份历史", cannot.Reason, StringComparison.Ordinal);
        Directory.Move(folder["data"], folder["moved"]);
        Assert.Equal(ExitCode.NotFounded, Refuses(folder["data"], founds: true).ExitCode);

        // The chain itself goes on.
        Open(folder["moved"], founds: false).Dispose();
    }

    [Fact]
    public void A_key_whose_chain_was_founded_before_there_were_marks_gets_one_when_it_runs()
    {
        Open(folder["data"], founds: true).Dispose();
        File.Delete(Mark);

        Open(folder["data"], founds: false).Dispose();

        Assert.Equal(ExitCode.NotFounded, Refuses(folder["other"], founds: true).ExitCode);
    }

    [Fact]
    public void A_mark_that_cannot_be_read_is_believed_and_one_of_another_key_is_not()
    {
        File.WriteAllText(Mark, "{");
        Assert.Equal(ExitCode.NotFounded, Refuses(folder["data"], founds: true).ExitCode);

        using var other = FoundingKeys.Fill(FoundingKeys.Preset("demo"), Start);
        new FoundingMark(Mark).Write(other.Genesis.Chain.ChainId, other.NodeKeys.Values.First().PublicKey, folder["old"], DateTimeOffset.UnixEpoch);
        Open(folder["data"], founds: true).Dispose();
    }

    [Fact]
    public void A_founding_that_the_disk_refused_can_be_tried_again()
    {
        // Where the chain's folder is to be there is a file.
        Directory.CreateDirectory(folder["data"]);
        File.WriteAllText(folder["data", "data-version"], "2\n");
        File.WriteAllText(folder["data", FolderLayout.Chain], "");
        Assert.ThrowsAny<Exception>(() => Open(folder["data"], founds: true));
        Assert.False(File.Exists(Mark));

        Open(folder["again"], founds: true).Dispose();
        Assert.True(File.Exists(Mark));
    }

    [Fact]
    public async Task The_program_founds_once_and_says_why_not_again()
    {
        var cancel = TestContext.Current.CancellationToken;
        var bank = founding.NodeKeys.Keys.First();
        Assert.True(KeyFile.Lock(founding.NodeKeys[bank], $"node-{bank}", "password", KeyFile.MinIterations).TryWriteNew(folder["keys", $"node-{bank}.key.json"]));
        await File.WriteAllBytesAsync(folder["keys", "genesis.json"], founding.Genesis.Bytes.ToArray(), cancel);
        await File.WriteAllTextAsync(folder["keys", "password"], "password\n", cancel);

        Task<(int Code, string Said)> Program(string command, string data) => NodeProcess.RunToEndAsync(
            [command, "--data", folder[data], "--genesis", folder["keys", "genesis.json"], "--password-file", folder["keys", "password"]], cancel);

        var (code, said) = await Program("run", "data");
        Assert.Equal(ExitCode.NotFounded, code);
        Assert.Contains("ledger-node found", said, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await Program("found", "data")).Code);
        Assert.True(File.Exists(folder["keys", $"node-{bank}.founded.json"]));
        Assert.Equal(ExitCode.Usage, (await Program("found", "data")).Code);
        Assert.Equal(ExitCode.NotFounded, (await Program("found", "empty")).Code);
        Assert.Equal(ExitCode.NotFounded, (await Program("run", "empty")).Code);
        Assert.False(Directory.Exists(folder["empty"]));
    }

    [Fact]
    public void Each_of_several_banks_founds_the_same_chain_and_needs_nobody_for_it()
    {
        using var several = FoundingKeys.Fill(LocalGenesis.Template(4, "ES256"), Start);
        foreach (var (bank, key) in several.NodeKeys)
        {
            var options = Options(folder[bank.Text], founds: true);
            var own = NodeKeys.NodeKeyOf(bank, key);
            Assert.True(NodeHost.Found(options, several.Genesis, own, TimeProvider.System, _ => { }, out _));
            Assert.Equal(several.Genesis.Bytes.ToArray(), File.ReadAllBytes(folder[bank.Text, FolderLayout.Chain, FolderLayout.Genesis]));

            // To run is another thing: there its batches stand in one order with the others'.
            Assert.Null(NodeHost.Open(options with { Founds = false }, several.Genesis, own, TimeProvider.System, _ => { }, out var cannot));
            Assert.Contains("--etcd", cannot?.Reason, StringComparison.Ordinal);
        }
    }

    NodeHost Open(string data, bool founds) => NodeHost.Open(Options(data, founds), founding.Genesis, Key, TimeProvider.System, _ => { }, out var cannot)
        ?? throw new InvalidOperationException(cannot?.Reason);

    CannotOpen Refuses(string data, bool founds)
    {
        Assert.Null(NodeHost.Open(Options(data, founds), founding.Genesis, Key, TimeProvider.System, _ => { }, out var cannot));
        return Assert.IsType<CannotOpen>(cannot);
    }

    static NodeOptions Options(string data, bool founds) => new(data, "127.0.0.1", 0, NextFreePort: false, NodeOptions.DefaultSegmentBytes) { Founds = founds };

    NodeKey Key => NodeKeys.NodeKeyOf(founding.NodeKeys.Keys.First(), founding.NodeKeys.Values.First()) with { Mark = new(Mark) };
}
