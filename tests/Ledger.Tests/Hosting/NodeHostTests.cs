using Ledger.Client.Founding;
using Ledger.Core.Primitives;
using Ledger.Node;

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

    static NodeKey Key(FoundingKeys founding) => NodeKeys.Of(founding.NodeKeys.Keys.First(), founding.NodeKeys.Values.First(), new Dictionary<uint, byte[]>()).Node;
}
