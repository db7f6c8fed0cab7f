using System.Diagnostics;
using System.Text.RegularExpressions;
using Ledger.Node;

namespace Ledger.Tests.Monitoring;

public sealed partial class DeployTests
{
    [Fact]
    public void What_the_container_and_the_unit_set_are_settings_of_the_node()
    {
        var container = File.ReadAllText(Path.Combine(DeployFiles.Folder, "docker/Dockerfile"));
        var unit = File.ReadAllText(Path.Combine(DeployFiles.Folder, "systemd/ledger-node.service"));
        var start = unit.Split('\n').Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal));

        Assert.All(Variable().Matches(container).Select(match => match.Value), name => Assert.Contains(name, NodeSettings.All.Select(setting => setting.Variable)));
        Assert.All(Option().Matches(start).Select(match => match.Groups[1].Value), name => Assert.Contains(name, NodeSettings.All.Select(setting => setting.Name)));
        Assert.Contains("USER ledger", container, StringComparison.Ordinal);
        Assert.Contains("HEALTHCHECK", container, StringComparison.Ordinal);
        Assert.Contains("VOLUME", container, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_unit_is_one_that_systemd_takes_and_finds_little_exposed()
    {
        var unit = Path.Combine(DeployFiles.Folder, "systemd/ledger-node.service");

        var (_, said) = await SystemdAsync("verify", unit);
        Assert.All(said.Split('\n').Where(line => line.Length > 0), line => Assert.Contains("is not executable", line, StringComparison.Ordinal));
        var (exposed, table) = await SystemdAsync("security", "--offline=true", "--threshold=20", unit);
        Assert.True(exposed == 0, table);
    }

    static async Task<(int Code, string Said)> SystemdAsync(params string[] arguments)
    {
        var cancel = TestContext.Current.CancellationToken;
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not here");
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/systemd-analyze", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("systemd-analyze did not start.");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, arguments[0] == "verify" ? await error : await output);
    }

    [GeneratedRegex("LEDGER_NODE_[A-Z_]+")]
    private static partial Regex Variable();

    [GeneratedRegex("--([a-z-]+)")]
    private static partial Regex Option();
}
