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
        var consortium = File.ReadAllText(Path.Combine(DeployFiles.Folder, "systemd/ledger-node.service.d/consortium.conf"));
        var start = unit.Split('\n').Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal));

        Assert.NotEmpty(Variable().Matches(consortium));
        Assert.All(Variable().Matches(container + consortium).Select(match => match.Value), name => Assert.Contains(name, NodeSettings.All.Select(setting => setting.Variable)));
        Assert.All(Option().Matches(start).Select(match => match.Groups[1].Value), name => Assert.Contains(name, NodeSettings.All.Select(setting => setting.Name)));
        Assert.Contains("USER ledger", container, StringComparison.Ordinal);
        Assert.Contains("HEALTHCHECK", container, StringComparison.Ordinal);
        Assert.Contains("VOLUME", container, StringComparison.Ordinal);
    }

    // Every port that is published is one that something listens on, the console's among them, under the origin that the node is told.
    [Fact]
    public void The_composed_node_can_be_reached_by_a_browser_and_the_dashboard_is_there()
    {
        var docker = Path.Combine(DeployFiles.Folder, "docker");
        var compose = File.ReadAllText(Path.Combine(docker, "compose.yml"));
        var proxy = File.ReadAllText(Path.Combine(docker, "Caddyfile"));
        var origin = Origin().Match(compose).Groups[1].Value;

        Assert.True(Ledger.Node.Access.Entrance.IsOrigin(origin));
        Assert.Contains($"\n{origin} {{", proxy, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{new Uri(origin).Port}:{new Uri(origin).Port}\"", compose, StringComparison.Ordinal);
        Assert.Contains($"reverse_proxy 127.0.0.1:{NodeOptions.DefaultPort} ", proxy, StringComparison.Ordinal);
        Assert.Contains("LEDGER_NODE_PROXIES: 127.0.0.1\n", compose, StringComparison.Ordinal);
        Assert.All(Variable().Matches(compose).Select(match => match.Value), name => Assert.Contains(name, NodeSettings.All.Select(setting => setting.Variable)));

        // What is mounted is in the repository, and the dashboard lies where its provider looks.
        var mounts = Mount().Matches(compose).Select(match => (From: match.Groups[1].Value, To: match.Groups[2].Value)).ToArray();
        Assert.True(mounts.Length >= 4);
        Assert.All(mounts, mount => Assert.True(Path.Exists(Path.Combine(docker, mount.From)), mount.From));
        var dashboards = mounts.Single(mount => File.Exists(Path.Combine(docker, mount.From, "ledger-node.json"))).To;
        Assert.Contains($"path: {dashboards}\n", File.ReadAllText(Path.Combine(DeployFiles.Folder, "grafana/provisioning/dashboards/ledger-node.yml")), StringComparison.Ordinal);
        Assert.Contains("/etc/grafana/provisioning", mounts.Select(mount => mount.To));
    }

    [Fact]
    public void The_unit_bounds_the_memory_that_a_node_may_take() =>
        Assert.Matches("(?m)^MemoryMax=[0-9]+(%|[GM])$", File.ReadAllText(Path.Combine(DeployFiles.Folder, "systemd/ledger-node.service")));

    // The runtime ends before its first line where it may not set the processors of its threads, which systemd counts among resources; and a call that
    // is forbidden without a number to answer kills the process, whatever it was for.
    [Theory]
    [InlineData("ledger-node.service")]
    [InlineData("ledger-node-found.service")]
    [InlineData("ledger-etcd.service")]
    public void The_units_forbid_nothing_without_which_the_program_cannot_begin(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(DeployFiles.Folder, "systemd", name));

        Assert.Equal(["@system-service", "~@privileged"], lines.Where(line => line.StartsWith("SystemCallFilter=", StringComparison.Ordinal)).Select(line => line.Split('=')[1]));
        Assert.Contains("SystemCallErrorNumber=EPERM", lines);
    }

    [Theory]
    [InlineData("ledger-node.service")]
    [InlineData("ledger-etcd.service")]
    public async Task The_unit_is_one_that_systemd_takes_and_finds_little_exposed(string name)
    {
        // With what is dropped in beside it.
        var unit = Path.Combine(DeployFiles.Folder, "systemd", name);

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

    [GeneratedRegex("LEDGER_NODE_ORIGIN: (\\S+)")]
    private static partial Regex Origin();

    [GeneratedRegex("- (\\.\\S*?):(/\\S+?):ro")]
    private static partial Regex Mount();

    [GeneratedRegex("LEDGER_NODE_[A-Z_]+")]
    private static partial Regex Variable();

    [GeneratedRegex("--([a-z-]+)")]
    private static partial Regex Option();
}
