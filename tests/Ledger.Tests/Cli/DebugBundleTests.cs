using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Ledger.Cli;
using Ledger.Cli.Commands;

namespace Ledger.Tests.Cli;

/// <summary>The bundle for who helps from afar holds what helps, and none of a demo's secrets.</summary>
public sealed class DebugBundleTests : IDisposable
{
    readonly CommandLine cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task A_bundle_of_the_demo_tells_of_the_chain_and_holds_none_of_its_secrets()
    {
        await DemoAsync(cli["data"]);
        var secrets = Secrets(cli["data"]);
        Assert.InRange(secrets.Count, 20, 10_000);
        await File.WriteAllLinesAsync(cli["log"], [.. secrets.Select(secret => $"it failed with {secret} !"), "password: hunter2", "the last line"], TestContext.Current.CancellationToken);
        cli.Variables["LEDGER_KEY"] = "/home/zhang.san/secret-place/key.json";

        Assert.Equal(ExitCode.Ok, await cli.Run(
            "debug", "bundle", "--data", cli["data"], "--log", cli["log"], "--out", cli["bundle.zip"], "--node", "http://someone:hunter3@127.0.0.1:1"));

        await using var zip = await ZipFile.OpenReadAsync(cli["bundle.zip"], TestContext.Current.CancellationToken);
        Assert.Equal(
            ["files.csv", "genesis.json", "health.json", "log.txt", "settings.json", "verify.json", "version.json"], zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        var texts = new Dictionary<string, string>();
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync(TestContext.Current.CancellationToken), Encoding.UTF8);
            texts[entry.FullName] = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        }

        foreach (var secret in secrets.Concat(["hunter2", "hunter3", "secret-place"]))
            Assert.All(texts, text => Assert.False(text.Value.Contains(secret, StringComparison.Ordinal), $"{text.Key}: {secret}"));
        using var verified = JsonDocument.Parse(texts["verify.json"]);
        Assert.Equal("verified", verified.RootElement.GetProperty("verdict").GetString());
        Assert.Contains("chain/000000000000.seg", texts["files.csv"].Replace('\\', '/'));
        Assert.Contains("unreachable", texts["health.json"]);
        Assert.Contains("the last line", texts["log.txt"]);
        Assert.Equal(await File.ReadAllTextAsync(cli["data", "chain", "genesis.json"], TestContext.Current.CancellationToken), texts["genesis.json"]);
    }

    [Theory]
    [InlineData("opened whsec_MTIz for B", "MTIz")]
    [InlineData("{\"secrets\":[\"whsec_ab\\u002BcdEF\\u002Fgh12\"]}", "cdEF")]
    [InlineData("whsec_ab%2BcdEF%2Fgh12", "cdEF")]
    [InlineData("signed with gT5x\\u002B0a8Kq2\\u002FzL9vB3nM1w7YtR4uE6iO=", "zL9vB3")]
    [InlineData("PASSWORD=hunter2", "hunter2")]
    [InlineData("ledger_node_password: 'hunter2'", "hunter2")]
    [InlineData("the passphrase is hunter2", "hunter2")]
    [InlineData("口令：hunter2", "hunter2")]
    [InlineData("{\"apiKey\":\"hunter2\"}", "hunter2")]
    [InlineData("Authorization: Bearer hunter2", "hunter2")]
    [InlineData("Authorization: Basic aHVudGVyMg==", "aHVudGVyMg")]
    [InlineData("Cookie: session=hunter2", "hunter2")]
    [InlineData("GET /x?access_token=hunter2&y=1", "hunter2")]
    [InlineData("https://someone:hunter3@example.com/", "hunter3")]
    [InlineData("bearer eyJhbGciOiJFUzI1NiJ9.e30.c2ln", "e30.c2ln")]
    [InlineData("ghp_short1", "short1")]
    [InlineData("AKIAABCD1234", "ABCD1234")]
    public void A_secret_of_any_shape_is_masked(string line, string secret)
    {
        Assert.DoesNotContain(secret, DebugCommands.Harmless(line), StringComparison.Ordinal);
        Assert.Contains("***", DebugCommands.Harmless(line), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("entry AAAAAAAAAAAAAAAAAAAABQ of 91440300MA1000017E was refused 4007")]
    [InlineData("2026-09-22T10:00:00Z block 17 in 12 ms, ledger_blocks_total 17")]
    [InlineData("listening on http://127.0.0.1:7301 (reads need a pass)")]
    public void What_helps_stays(string line) => Assert.Equal(line, DebugCommands.Harmless(line));

    [Fact]
    public async Task A_key_over_many_lines_is_masked_to_its_end()
    {
        Directory.CreateDirectory(cli["data"]);
        await File.WriteAllLinesAsync(
            cli["log"], ["before", "-----BEGIN PRIVATE KEY-----", "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49", "short==", "-----END PRIVATE KEY-----", "after"], TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Ok, await cli.Run("debug", "bundle", "--data", cli["data"], "--log", cli["log"], "--no-verify", "--out", cli["bundle.zip"], "--node", "http://127.0.0.1:1"));

        await using var zip = await ZipFile.OpenReadAsync(cli["bundle.zip"], TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await zip.GetEntry("log.txt")!.OpenAsync(TestContext.Current.CancellationToken), Encoding.UTF8);
        Assert.Equal("before\n***\n***\n***\n***\nafter\n", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nothing_is_overwritten_and_a_folder_that_is_not_there_is_3()
    {
        Directory.CreateDirectory(cli["data"]);
        await File.WriteAllTextAsync(cli["bundle.zip"], "mine", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Fault, await cli.Run("debug", "bundle", "--data", cli["data"], "--out", cli["bundle.zip"]));
        Assert.Equal(ExitCode.NotFound, await cli.Run("debug", "bundle", "--data", cli["absent"], "--out", cli["other.zip"]));
        Assert.Equal("mine", await File.ReadAllTextAsync(cli["bundle.zip"], TestContext.Current.CancellationToken));
    }

    /// <summary>Passwords, what is inside key files, keys by themselves, and disclosures with their salts and values that name somebody.</summary>
    static HashSet<string> Secrets(string data)
    {
        var secrets = new HashSet<string>();
        var hidden = 0;
        foreach (var path in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetFileName(path);
            if (name.EndsWith(".key.json", StringComparison.Ordinal))
            {
                // What is encrypted has 32 bytes; its name, its public key, the salt and the nonce are no secrets.
                using var file = JsonDocument.Parse(File.ReadAllBytes(path));
                foreach (var member in file.RootElement.EnumerateObject().Where(member => member.Name is not ("key" or "publicKey")))
                    secrets.UnionWith(Texts(member.Value).Where(text => text.Length >= 40));
            }
            else if (name.EndsWith(".key", StringComparison.Ordinal) || name.Contains("password", StringComparison.Ordinal))
            {
                secrets.Add(File.ReadAllText(path).Trim());
            }
            else if (Path.GetFileName(Path.GetDirectoryName(path)) == "disclosures")
            {
                using var file = JsonDocument.Parse(File.ReadAllBytes(path));
                foreach (var disclosure in file.RootElement.GetProperty("disclosures").EnumerateArray()) secrets.Add(disclosure.GetString() ?? "");
                hidden++;
            }
        }

        Assert.True(hidden > 0);
        return secrets;
    }

    static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Texts(member.Value)),
        JsonValueKind.String => [element.GetString() ?? ""],
        _ => [],
    };

    static async Task DemoAsync(string data)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Ledger.Node.dll"), "demo", "--data", data, "--exit", "--port", "0", "--lang", "en"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The program did not start.");
        var cancel = TestContext.Current.CancellationToken;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        Assert.True(process.ExitCode == 0, string.Concat(said));
    }
}
