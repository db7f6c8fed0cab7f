using Ledger.Cli;
using Ledger.Client.Devnet;
using Ledger.Tests.Cli;

namespace Ledger.Tests.Devnet;

/// <summary><c>ledger devnet</c> where something is missing or goes wrong.</summary>
public sealed class DevnetCommandTests : IDisposable
{
    readonly CommandLine cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Without_etcd_it_says_in_one_line_what_to_install_and_makes_nothing()
    {
        Assert.Equal(ExitCode.Fault, await cli.Run("devnet", "up", "--out", cli["net"]));

        Assert.Equal("etcd is not on this machine: apt-get install etcd-server", cli.Error.Trim());
        Assert.False(Directory.Exists(cli["net"]));
    }

    [Theory]
    [InlineData("--nodes", "0")]
    [InlineData("--nodes", "8")]
    [InlineData("--first-port", "40000")]
    public async Task What_cannot_be_made_is_a_usage_error(string option, string value) =>
        Assert.Equal(ExitCode.Usage, await cli.Run("devnet", "up", "--out", cli["net"], option, value));

    [Fact]
    public async Task A_folder_with_something_else_in_it_stays_as_it_is()
    {
        Pretend("exec sleep 600");
        Directory.CreateDirectory(cli["net"]);
        File.WriteAllText(cli["net", "mine"], "precious");

        Assert.Equal(ExitCode.Usage, await cli.Run("devnet", "up", "--out", cli["net"]));
        Assert.Equal(["mine"], Directory.EnumerateFileSystemEntries(cli["net"]).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("down")]
    [InlineData("kill", "bank1")]
    [InlineData("start", "bank1")]
    [InlineData("partition", "bank1", "bank2")]
    [InlineData("heal")]
    [InlineData("add-node")]
    [InlineData("add-node", "--votes")]
    [InlineData("add-node", "--from-snapshot")]
    public async Task Where_there_is_no_network_it_says_so(params string[] words) =>
        Assert.Equal(ExitCode.NotFound, await cli.Run(["devnet", .. words, "--dir", cli["net"]]));

    [Fact]
    public async Task When_a_node_does_not_start_its_last_words_are_told_and_what_was_started_ends()
    {
        Pretend("exec sleep 600");
        Script("node", "echo the node has a reason; exit 3");

        Assert.Equal(ExitCode.Fault, await cli.Run("devnet", "up", "--nodes", "2", "--out", cli["net"], "--node-program", cli["node"], "--first-port", "24000"));

        Assert.Contains("bank1 ended", cli.Error, StringComparison.Ordinal);
        Assert.Contains("the node has a reason", cli.Error, StringComparison.Ordinal);
        var file = DevnetFile.Read(cli["net"]);
        Assert.NotNull(file);
        Assert.All(file.Etcd, member => Assert.NotNull(member.Process));
        while (file.Etcd.Any(member => member.Process is { IsThere: true })) await Task.Delay(20, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.NotFound, await cli.Run("devnet", "kill", "etcd1", "--dir", cli["net"]));
        Assert.Equal(ExitCode.NotFound, await cli.Run("devnet", "kill", "bank9", "--dir", cli["net"]));
        Assert.Equal(ExitCode.NotFound, await cli.Run("devnet", "partition", "bank1", "bank9", "--dir", cli["net"]));
        Assert.Equal(ExitCode.Usage, await cli.Run("devnet", "partition", "bank1,bank2", "--dir", cli["net"]));
        Assert.Equal(ExitCode.Usage, await cli.Run("devnet", "partition", "bank1", "bank2,bank1", "--dir", cli["net"]));
        Assert.Equal(ExitCode.Ok, await cli.Run("devnet", "heal", "--dir", cli["net"]));
        Assert.Equal(ExitCode.Fault, await cli.Run("devnet", "status", "--dir", cli["net"]));
        Assert.Equal(ExitCode.Usage, await cli.Run("devnet", "up", "--nodes", "3", "--out", cli["net"]));
        Assert.Equal(ExitCode.Ok, await cli.Run("devnet", "down", "--purge", "--dir", cli["net"]));
        Assert.False(Directory.Exists(cli["net"]));
    }

    [Fact]
    public async Task What_was_begun_when_it_was_given_up_does_not_run_on()
    {
        Pretend("exec sleep 600");
        Script("node", $"echo $$ >>{cli["pids"]}; exec sleep infinity");
        var network = LocalNetwork.Make(cli["net"], new(2, "ES256", 24_100, cli["node"], cli["etcd"]), DateTimeOffset.UtcNow, static (_, _) => { });
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var up = network.UpAsync(givenUp.Token);
        string[] begun;
        while ((begun = File.Exists(cli["pids"]) ? File.ReadAllLines(cli["pids"]) : []).Length < 2) await Task.Delay(20, givenUp.Token);
        await givenUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => up);

        foreach (var pid in begun)
        {
            while (Runs(pid)) await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        // Nobody waits for a child that was killed: it stays in the list of processes.
        static bool Runs(string pid)
        {
            try
            {
                return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    // An etcd that orders nothing.
    void Pretend(string body)
    {
        Script("etcd", body);
        cli.Variables["PATH"] = cli[""];
    }

    void Script(string name, string body)
    {
        Assert.SkipUnless(LocalProcess.IsPossible, "there is no /proc");
        File.WriteAllText(cli[name], $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(cli[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
