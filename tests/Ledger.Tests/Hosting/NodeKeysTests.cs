using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Node;
using Ledger.Tests.ChainFolder;

namespace Ledger.Tests.Hosting;

/// <summary>The key that seals disclosures lies beside the node key, and nothing about it keeps a node from running.</summary>
public sealed class NodeKeysTests : IDisposable
{
    const string Password = "correct horse";

    readonly FoundingKeys founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), new(1_780_000_020_000));
    readonly TemporaryFolder folder = new();

    public NodeKeysTests() =>
        Assert.True(KeyFile.Lock(founding.NodeKeys[Bank], $"node-{Bank}", Password, KeyFile.MinIterations).TryWriteNew(folder[$"node-{Bank}.key.json"]));

    public void Dispose()
    {
        founding.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void It_is_made_at_the_first_start_for_its_owner_alone_and_is_the_same_at_the_next()
    {
        var made = Open()?.PrivateKey;

        Assert.NotNull(made);
        Assert.Equal(made, Open()?.PrivateKey);
        Assert.True(KeyFile.TryParse(File.ReadAllBytes(Path()), out var file));
        Assert.Equal(KeyFile.MinIterations, file.Iterations);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path()));
    }

    [Fact]
    public void One_that_does_not_open_is_left_as_it_is_and_the_node_starts_without()
    {
        Assert.NotNull(Open()?.PrivateKey);
        var bytes = File.ReadAllBytes(Path());
        bytes[^10] ^= 1;
        File.WriteAllBytes(Path(), bytes);

        var keys = Open();
        Assert.NotNull(keys);
        Assert.Null(keys.PrivateKey);
        Assert.Equal(bytes, File.ReadAllBytes(Path()));
    }

    PartyId Bank => founding.Genesis.Text.Validators[0].Bank;

    string Path() => folder[NodeKeys.PrivateFile(Bank)];

    NodeKeys? Open() => NodeKeys.Open(founding.Genesis, folder.Path, Password, out _);
}
