using System.Text.Json.Nodes;
using Ledger.Client.Devnet;
using Ledger.Core.Chain;
using Ledger.Tests.Voting;

namespace Ledger.Tests.Devnet;

/// <summary>
/// What breaks on real machines, done to real processes under load: in a short form, and at length (200 kills, a minute without time) where LEDGER_FAULTS is <c>long</c>. In each: no fork,
/// nothing acknowledged lost, and one root at the end.
/// </summary>
[Collection(Networks.Name)]
public sealed class FaultTests
{
    static readonly bool isLong = Environment.GetEnvironmentVariable("LEDGER_FAULTS") == "long";
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(isLong ? 60 : 10);

    // What a restored folder has not: whatever a backup leaves out.
    static readonly string[] NeverRestored = [FolderLayout.Ballot, FolderLayout.Pending, FolderLayout.OrderPosition, FolderLayout.Outbox, FolderLayout.Lock];

    [Fact]
    public async Task Any_node_and_any_member_is_killed_again_and_again()
    {
        using var within = Within();
        await using var network = await FaultyNetwork.StartedAsync(26_000, within.Token);
        string[] names = [.. network.Network.File.Banks.Select(bank => bank.Name), .. network.Network.File.Etcd.Select(member => member.Name)];
        for (var round = 0; round < (isLong ? 203 : names.Length); round++)
        {
            await network.KillAsync(names[round % names.Length], within.Token);
            await network.GoesOnAsync(more: 4, within.Token);
        }

        await network.HoldsAsync(within.Token);
    }

    [Fact]
    public async Task Two_banks_hang_the_order_loses_its_majority_and_all_goes_on_by_itself()
    {
        using var within = Within();
        await using var network = await FaultyNetwork.StartedAsync(26_100, within.Token);
        await network.PauseAsync("bank2", TimeSpan.FromSeconds(5), within.Token);
        await network.PauseAsync("etcd1", TimeSpan.FromSeconds(5), within.Token);
        await network.GoesOnAsync(more: 4, within.Token);

        // Two of four are no quorum: nothing becomes final, nodes say so and read on.
        await network.Network.SignalAsync("bank3", ProcessSignal.Kill, within.Token);
        await network.Network.SignalAsync("bank4", ProcessSignal.Kill, within.Token);
        await network.UntilAsync(status => status.Nodes.Take(2).All(node => node is { IsReady: false, Reads: true }), within.Token);
        await network.Network.StartAsync("bank3", within.Token);
        await network.Network.StartAsync("bank4", within.Token);
        await network.GoesOnAsync(more: 4, within.Token);

        // One of three members orders nothing.
        await network.Network.SignalAsync("etcd1", ProcessSignal.Kill, within.Token);
        await network.Network.SignalAsync("etcd2", ProcessSignal.Kill, within.Token);
        await network.UntilAsync(status => status.Nodes.All(node => node is { IsReady: false, Reads: true }), within.Token);
        await network.Network.StartAsync("etcd1", within.Token);
        await network.Network.StartAsync("etcd2", within.Token);
        await network.GoesOnAsync(more: 4, within.Token);

        if (isLong)
        {
            foreach (var name in (string[])["bank1", "etcd3"])
            {
                await network.PauseAsync(name, TimeSpan.FromSeconds(60), within.Token);
                await network.GoesOnAsync(more: 4, within.Token);
            }
        }

        await network.HoldsAsync(within.Token);
    }

    [Fact]
    public async Task Etcds_folders_are_replaced_by_older_ones_and_the_banks_begin_the_next_epoch()
    {
        using var within = Within();
        await using var network = await FaultyNetwork.StartedAsync(26_200, within.Token);
        var members = network.Network.File.Etcd;
        foreach (var member in members) await network.KillAsync(member.Name, within.Token, () => Copy(Data(member), Data(member) + ".old"));
        await network.GoesOnAsync(more: 6, within.Token);

        // A single one: a leader that remembers what it had told ends it (its disk is lost), and one chosen since then gives it what it lacks. The others go on.
        await network.Network.SignalAsync("etcd3", ProcessSignal.Kill, within.Token);
        Replace(Data(members[2]), Data(members[2]) + ".old");
        network.Network.Begin("etcd3");
        await network.UntilAsync(status => status.Members[2] is { Process: ProcessState.Ended } or { IsHealthy: true }, within.Token);
        await network.GoesOnAsync(more: 6, within.Token);

        // All of them: what was told is gone.
        foreach (var member in (await network.Network.StatusAsync(within.Token)).Members.Where(static member => member.Process != ProcessState.Ended))
        {
            await network.Network.SignalAsync(member.Member.Name, ProcessSignal.Kill, within.Token);
        }

        foreach (var member in members) Replace(Data(member), Data(member) + ".old");
        foreach (var member in members) network.Network.Begin(member.Name);
        await network.UntilAsync(status => status.Nodes.All(node => node is { Epoch: > 1, IsReady: true }), within.Token);
        await network.GoesOnAsync(more: 4, within.Token);
        await network.HoldsAsync(within.Token);
    }

    [Fact]
    public async Task A_bank_comes_back_from_a_full_disk_and_one_from_an_old_backup()
    {
        using var within = Within();
        await using var network = await FaultyNetwork.StartedAsync(26_300, within.Token);
        var (third, fourth) = (network.Bank("bank3"), network.Bank("bank4"));
        await network.KillAsync("bank4", within.Token, () => Copy(fourth.Data, fourth.Data + ".old"));
        await network.GoesOnAsync(more: 6, within.Token);

        // Every write that would make a file larger than now fails, as on a disk that is full; the runtime maps its own code as a file, unless it is told not to.
        var most = Directory.EnumerateFiles(Path.Combine(third.Data, FolderLayout.Chain), "*.seg").Max(path => new FileInfo(path).Length) / 512;
        await network.RunOtherwiseAsync(third, $"trap '' XFSZ; ulimit -f {most + 32}; DOTNET_EnableWriteXorExecute=0", _ => network.GoesOnAsync(more: 40, within.Token), within.Token);
        await network.GoesOnAsync(more: 4, within.Token);

        // Without its ballot it follows, and votes from the next epoch on: until then another must not be lost.
        await network.KillAsync("bank4", within.Token, () =>
        {
            Replace(fourth.Data, fourth.Data + ".old");
            foreach (var name in NeverRestored) File.Delete(Path.Combine(fourth.Data, name));
        });
        await network.GoesOnAsync(more: 8, within.Token);
        await network.HoldsAsync(within.Token);
    }

    [Fact]
    public async Task Two_nodes_on_one_key_fork_nothing()
    {
        using var within = Within();
        await using var network = await FaultyNetwork.StartedAsync(26_400, within.Token);
        var fourth = network.Bank("bank4");
        var twin = fourth.Folder + ".twin";
        await network.KillAsync("bank4", within.Token, () => Copy(fourth.Folder, twin));
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(twin, "node.json"), within.Token))!.AsObject();
        var free = LocalPorts.Free(26_480, 3);
        (settings["data"], settings["port"], settings["operations-port"], settings["peer-listen"]) = (Path.Combine(twin, "data"), free[0], free[1], $"127.0.0.1:{free[2]}");
        await File.WriteAllTextAsync(Path.Combine(twin, "node.json"), settings.ToJsonString(), within.Token);
        var second = LocalProcess.Start(twin, Path.Combine(twin, "log"), network.Network.File.NodeProgram, ["run", "--config", "node.json"]);
        try
        {
            await network.GoesOnAsync(more: 20, within.Token);
        }
        finally
        {
            second.Send(ProcessSignal.Kill);
        }

        // Whatever the two said against each other, the others agree and lost nothing.
        await network.GoesOnAsync(more: 4, within.Token);
        await network.HoldsAsync(within.Token, [.. network.Banks.Take(3)]);
    }

    static string Data(LocalMember member) => Path.Combine(member.Folder, "data");

    static void Replace(string folder, string by)
    {
        Directory.Delete(folder, recursive: true);
        Copy(by, folder);
    }

    static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(to, File.GetUnixFileMode(from));

        // A lock is a process's, and the one that was killed may still hold it.
        foreach (var file in Directory.EnumerateFiles(from).Where(static file => Path.GetFileName(file) != FolderLayout.Lock)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from)) Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    static CancellationTokenSource Within() => FaultyNetwork.Within(Patience);
}
