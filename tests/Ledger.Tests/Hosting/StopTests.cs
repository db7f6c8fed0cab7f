using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Ledger.Client.Api;
using Ledger.Client.ChainFolder;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Monitoring;
using Ledger.Node.Storage;
using Ledger.Tests.ChainFolder;
using Ledger.Tests.Kills;

namespace Ledger.Tests.Hosting;

/// <summary>A node that is told to stop takes the time that it needs, says what it does with it, and can be told to hurry; one that cannot start says why.</summary>
public sealed class StopTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly FoundingKeys founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), new(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));

    string[] Network => ["--data", folder["data"], "--genesis", folder["genesis.json"], "--password-file", folder["password"]];

    public StopTests()
    {
        var bank = founding.NodeKeys.Keys.First();
        KeyFile.Lock(founding.NodeKeys[bank], $"node-{bank}", "password", KeyFile.MinIterations).TryWriteNew(folder[$"node-{bank}.key.json"]);
        File.WriteAllBytes(folder["genesis.json"], founding.Genesis.Bytes.ToArray());
        File.WriteAllText(folder["password"], "password\n");
    }

    public void Dispose()
    {
        founding.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_stop_tells_callers_lets_readers_go_and_writes_the_snapshot_in_this_order()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM");
        await FoundAsync();
        using var process = Start("run", [.. Network, "--port", "0", "--operations-port", "off", "--reads", "open"]);
        var url = await SaidAfterAsync(process, "listening on ");

        // A reader whose stream would never end by itself.
        using var http = new HttpClient { BaseAddress = new(url) };
        using var stream = await http.GetAsync("v1/events?after=0.0", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Signal(process);
        var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Interrupted, process.ExitCode);
        string[] steps = ["stopping, within 60 s", "closing connections", "writing a snapshot", "the newest snapshot is of height 0"];
        Assert.Equal(steps.Select(step => said.IndexOf(step, StringComparison.Ordinal)).Order(), steps.Select(step => said.IndexOf(step, StringComparison.Ordinal)));
        Assert.All(steps, step => Assert.Contains(step, said, StringComparison.Ordinal));
        Assert.False(File.Exists(folder["data", "lock.json"]));
    }

    [Fact]
    public async Task A_node_that_stops_is_alive_and_not_ready()
    {
        var options = new NodeOptions(folder["data"], "127.0.0.1", 0, NextFreePort: false, NodeOptions.DefaultSegmentBytes) { Founds = true };
        var key = NodeKeys.NodeKeyOf(founding.NodeKeys.Keys.First(), founding.NodeKeys.Values.First());
        using var host = NodeHost.Open(options, founding.Genesis, key, TimeProvider.System, _ => { }, out _) ?? throw new InvalidOperationException();
        using var stop = new CancellationTokenSource();
        var loop = host.Loop.RunAsync(stop.Token);
        var (ready, alive) = (ReadinessChecks.Stopping(host.Loop), ReadinessChecks.Loop(() => loop, () => host.Loop.IsStopping));
        Assert.Equal((null, null), (ready.Why(), alive.Why()));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop);

        Assert.Equal("the node is stopping", ready.Why()?.English);
        Assert.Null(alive.Why());
    }

    [Fact]
    public async Task Steps_of_a_stop_are_told_and_taken_in_their_order()
    {
        var said = new List<string>();

        Assert.True(await new OrderlyStop(TimeSpan.FromHours(1), TimeSpan.Zero, said.Add).RunAsync(("first", _ => Taken("1")), ("second", _ => Taken("2"))));

        Assert.Equal(["first", "1", "second", "2"], said);

        async Task Taken(string step)
        {
            await Task.Yield();
            said.Add(step);
        }
    }

    [Fact]
    public async Task A_step_that_never_ends_is_left_behind_and_none_is_taken_after_it()
    {
        var said = new List<string>();
        var held = new TaskCompletionSource();

        Assert.False(await new OrderlyStop(TimeSpan.Zero, TimeSpan.Zero, said.Add).RunAsync(("first", _ => held.Task), ("second", _ => Task.CompletedTask)));
        held.SetResult();

        Assert.Equal("first", said[0]);
        Assert.StartsWith("the time to stop is over", Assert.Single(said.Skip(1)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_signal_asks_and_the_second_ends_the_process()
    {
        var ended = 0;
        using var signals = new StopSignals(() => ended++);

        signals.Take();
        Assert.Equal(0, ended);
        Assert.True(SpinWait.SpinUntil(() => signals.Token.IsCancellationRequested, Timeout.Infinite));

        signals.Take();
        Assert.Equal(1, ended);
    }

    [Fact]
    public async Task A_snapshot_that_there_is_no_time_for_is_left_and_said()
    {
        var storage = new SlowStorage(folder["data"]);
        var said = new List<string>();
        using var chain = ChainFixture.Small();
        using var snapshots = new SnapshotFolder(storage, every: 1, said.Add);
        using var within = new CancellationTokenSource();
        storage.Written = within.Cancel;

        Assert.Equal(0UL, await snapshots.FinishAsync(chain.Fold.Freeze(chain.SignedCheckpoint()), within.Token));

        Assert.Contains("not finished in time", Assert.Single(said), StringComparison.Ordinal);
        Assert.Empty(SnapshotFolder.Newest(storage));
    }

    [Theory]
    [InlineData("port")]
    [InlineData("operations-port")]
    public async Task A_port_that_is_taken_is_a_sentence_in_both_languages_and_no_trace(string which)
    {
        await FoundAsync();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        string[] ports = which == "port" ? ["--port", port, "--operations-port", "off"] : ["--port", "0", "--operations-port", port];

        var (code, said) = await NodeProcess.RunToEndAsync(["run", .. Network, .. ports], TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("端口被占用", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data", "a file where the data folder should be")]
    [InlineData("password-file", "no such file")]
    [InlineData("config", "a folder where the settings should be")]
    public async Task What_the_machine_denies_a_node_at_its_start_is_a_sentence_and_no_trace(string option, string what)
    {
        await FoundAsync();
        var args = Network.ToList();
        switch (option)
        {
            case "data":
                File.WriteAllText(folder["file"], what);
                args[1] = folder["file", "data"];
                args[0] = "--data";
                break;
            case "password-file":
                args[5] = folder["nowhere"];
                break;
            default:
                args.AddRange(["--config", folder["data"]]);
                break;
        }

        var (code, said) = await NodeProcess.RunToEndAsync(["run", .. args, "--port", "0", "--operations-port", "off"], TestContext.Current.CancellationToken);

        Assert.True(code is ExitCode.Fault or ExitCode.Usage or ExitCode.NotFounded, $"{code}: {said}");
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.Contains(said, character => character >= '\u4e00');
    }

    [Fact]
    public async Task A_protocol_that_the_program_does_not_know_ends_it_once_all_is_answered_and_keeps_it_from_starting_again()
    {
        await FoundAsync();
        var (cancel, bank, unknown) = (TestContext.Current.CancellationToken, founding.NodeKeys.Keys.First(), Fold.KnownProtocol + 1);
        using var process = Start("run", [.. Network, "--port", "0", "--operations-port", "off", "--reads", "open"]);
        try
        {
            using var http = new HttpClient { BaseAddress = new(await SaidAfterAsync(process, "listening on ")) };
            var (api, now) = (new LedgerApi(http), TimeProvider.System.GetUtcNow());
            var clock = new Timestamp(now.ToUnixTimeMilliseconds());
            var raising = new Propose(NewId.Of<Proposal>(clock), ProposalAction.ProtocolRaise, clock.CeilingMinute().Add(Timestamp.Day), Version: unknown);
            foreach (var act in (Operation[])[raising, new VoteOn(raising.Proposal, IsFor: true)])
                Assert.Equal(Refusal.None, (await api.SubmitAsync(founding.Act(now, act, bank), wait: true, cancel)).Code);

            Says(await process.StandardError.ReadToEndAsync(cancel));
            await process.WaitForExitAsync(cancel);
            Assert.Equal(ExitCode.Fault, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }

        Assert.False(File.Exists(folder["data", "lock.json"]));
        Assert.IsType<ChainVerdict.Verified>(Client.ChainFolder.ChainFolder.Open(folder["data"]).Verify(founding.Genesis.Chain.ChainId, progress: null));

        // It would end here for want of a port, had it come so far.
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var (code, said) = await NodeProcess.RunToEndAsync(
            ["run", .. Network, "--port", ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture), "--operations-port", "off"], cancel);
        Says(said);
        Assert.Equal(ExitCode.Fault, code);

        void Says(string said)
        {
            Assert.Contains($"By votes the ledger's protocol is {unknown} from here on, and this program knows it up to {Fold.KnownProtocol}: install a newer one.", said, StringComparison.Ordinal);
            Assert.Contains($"账本协议自此为第 {unknown} 版", said, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        }
    }

    async Task FoundAsync() => Assert.Equal(ExitCode.Ok, (await NodeProcess.RunToEndAsync(["found", .. Network], TestContext.Current.CancellationToken)).Code);

    static Process Start(string command, string[] options) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Ledger.Node.dll"), command, .. options]) { RedirectStandardError = true })
        ?? throw new InvalidOperationException("The node did not start.");

    static async Task<string> SaidAfterAsync(Process process, string what)
    {
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.IndexOf(what, StringComparison.Ordinal) is >= 0 and var place) return line[(place + what.Length)..].Split(' ')[0];
        }

        throw new InvalidOperationException($"The node ended before it said: {what}");
    }

    static void Signal(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>A disk on which time runs out while something is written.</summary>
    sealed class SlowStorage(string folder) : IStorage
    {
        readonly DiskStorage disk = Made(folder);

        public Action Written { get; set; } = () => { };

        public IReadOnlyList<string> List(string folder) => disk.List(folder);

        public void CreateFolder(string name)
        {
            disk.CreateFolder(name);
            Written();
        }

        public IStorageFile? Open(string name) => disk.Open(name);

        public IStorageFile Create(string name) => disk.Create(name);

        public void Rename(string name, string newName) => disk.Rename(name, newName);

        public void Remove(string name) => disk.Remove(name);

        public void FlushFolder(string name) => disk.FlushFolder(name);

        static DiskStorage Made(string folder)
        {
            Directory.CreateDirectory(folder);
            return new(folder);
        }
    }
}
