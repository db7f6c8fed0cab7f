using System.Text.Json;
using Ledger.Cli;
using Ledger.Client.Signing;

namespace Ledger.Tests.Cli;

public sealed class KeyAndGenesisTests : IDisposable
{
    const string Bank = "91440300MA1000017E";

    readonly CommandLine cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("ES256", "signing", "ES256")]
    [InlineData("SM2", "signing", "SM2")]
    [InlineData("SM2", "sealing", "ECDH-ES")]
    public async Task A_new_key_is_in_its_file_and_opens_with_its_password(string suite, string use, string written)
    {
        Assert.Equal(ExitCode.Ok, await cli.Run("key", "new", "--party", Bank, "--number", "5", "--out", cli["a.key.json"], "--suite", suite, "--use", use, "--password-file", cli["pw"], "-o", "json"));

        Assert.True(KeyFile.TryParse(await File.ReadAllBytesAsync(cli["a.key.json"], TestContext.Current.CancellationToken), out var file));
        Assert.Equal((written, $"{Bank}#5"), (file.Suite, file.Key));
        Assert.Equal(KeyFileOpening.Opened, file.TryOpen<PrivateKey>("correct horse", out var key));
        key?.Dispose();
        using var printed = JsonDocument.Parse(cli.Output);
        Assert.Equal(file.PublicKey.ToString(), printed.RootElement.GetProperty("publicKey").GetString());
    }

    [Fact]
    public async Task A_key_file_is_never_overwritten()
    {
        await File.WriteAllTextAsync(cli["a.key.json"], "precious", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Fault, await cli.Run("key", "new", "--party", Bank, "--number", "5", "--out", cli["a.key.json"], "--password-file", cli["pw"]));
        Assert.Equal("precious", await File.ReadAllTextAsync(cli["a.key.json"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_a_person_or_a_file_there_is_no_password()
    {
        Assert.Equal(ExitCode.Usage, await cli.Run("key", "new", "--party", Bank, "--number", "5", "--out", cli["a.key.json"]));
        Assert.Contains("--password-file", cli.Error);
        Assert.False(File.Exists(cli["a.key.json"]));
    }

    [Fact]
    public async Task A_founded_chain_checks_and_hashes_to_its_id_and_lists_its_keys()
    {
        Assert.Equal(ExitCode.Ok, await cli.Run("genesis", "new", "--preset", "demo", "--out", cli["founding"], "--password-file", cli["pw"], "-o", "json"));
        using var founded = JsonDocument.Parse(cli.Output);
        var chainId = founded.RootElement.GetProperty("chainId").GetString();

        Assert.Equal(ExitCode.Ok, await cli.Run("genesis", "check", cli["founding", "genesis.json"], "-o", "json"));
        using var checkedAgain = JsonDocument.Parse(cli.Output);
        Assert.Equal(chainId, checkedAgain.RootElement.GetProperty("chainId").GetString());
        Assert.Equal(ExitCode.Ok, await cli.Run("genesis", "hash", cli["founding", "genesis.json"]));
        Assert.Contains(chainId ?? "-", cli.Output);

        Assert.True(File.Exists(cli["founding", "epoch-1.key"]));
        Assert.True(File.Exists(cli["founding", $"node-{Bank}.key.json"]));
        Assert.Equal(ExitCode.Ok, await cli.Run("key", "list", cli["founding", "keys"], "-o", "json"));
        using var keys = JsonDocument.Parse(cli.Output);
        Assert.Equal(12, keys.RootElement.GetArrayLength());

        // A second founding must not mix its keys with the first one's.
        Assert.Equal(ExitCode.Fault, await cli.Run("genesis", "new", "--preset", "demo", "--out", cli["founding"], "--password-file", cli["pw"]));
    }

    [Fact]
    public async Task A_template_is_filled_but_is_no_genesis_itself()
    {
        var template = Path.Combine(Repository.Root(), "genesis", "demo.json");

        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("genesis", "check", template));
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("genesis", "hash", template));
        Assert.Equal(ExitCode.Ok, await cli.Run("genesis", "new", "--template", template, "--out", cli["founding"], "--password-file", cli["pw"]));
        Assert.Equal(ExitCode.Usage, await cli.Run("genesis", "new", "--out", cli["other"], "--password-file", cli["pw"]));
    }
}
