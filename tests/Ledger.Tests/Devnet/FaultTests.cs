using System.Text.Json.Nodes;
using Ledger.Client.Backups;
using Ledger.Client.ChainFolder;
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
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(isLong ? 90 : 10);

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

        // Two of three members order on, and what they order becomes final; a single one orders nothing.
        await network.Network.SignalAsync("etcd1", ProcessSignal.Kill, within.Token);
        await network.GoesOnAsync(more: 8, within.Token);
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
    public async Task A_member_that_went_back_is_ended_by_its_leader_and_the_next_epoch_begins_where_all_of_them_did()
    {
        using var within = Within();
        await using var network = await FaultyNetwork.StartedAsync(26_200, within.Token);
        var members = network.Network.File.Etcd;
        foreach (var member in members) await network.KillAsync(member.Name, within.Token, () => Copy(Data(member), Old(member)));
        var leader = await LeaderAsync(network, without: null, within.Token);
        await network.GoesOnAsync(more: 8, within.Token);

        // A single one, and the leader remembers what it had told it. One chosen since then remembers nothing, and gives it what it lacks.
        var follower = members.First(member => member.Name != leader);
        await network.Network.SignalAsync(follower.Name, ProcessSignal.Kill, within.Token);
        Replace(Data(follower), Old(follower));
        network.Network.Begin(follower.Name);
        MemberStatus? back = null;
        await network.UntilAsync(status => (back = status.Members.First(one => one.Member.Name == follower.Name)) is { Process: ProcessState.Ended } or { IsHealthy: true }, within.Token);
        if (back is { Process: ProcessState.Ended })
            Assert.Contains("is out of range", await File.ReadAllTextAsync(Path.Combine(follower.Folder, "log"), within.Token), StringComparison.Ordinal);
        else Assert.NotEqual(leader, await LeaderAsync(network, without: null, within.Token));
        await network.GoesOnAsync(more: 8, within.Token);
        await network.UntilAsync(
            static status =>
            {
                Assert.All(status.Nodes, static node => Assert.True(node.Epoch is null or 1));
                return status.Nodes.All(static node => node.Epoch is 1);
            },
            within.Token);

        // All of them: what was told is gone.
        foreach (var member in (await network.Network.StatusAsync(within.Token)).Members.Where(static member => member.Process != ProcessState.Ended))
        {
            await network.Network.SignalAsync(member.Member.Name, ProcessSignal.Kill, within.Token);
        }

        foreach (var member in members) Replace(Data(member), Old(member));
        foreach (var member in members) network.Network.Begin(member.Name);
        await network.UntilAsync(status => status.Nodes.All(node => node is { Epoch: > 1, IsReady: true }), within.Token);
        await network.GoesOnAsync(more: 4, within.Token);
        await network.HoldsAsync(within.Token);
    }

    [Fact]
    public async Task All_members_lose_their_disks_and_the_banks_go_on_by_themselves_where_a_fresh_cluster_orders()
    {
        using var within = Within();
        await using var network = await FaultyNetwork.StartedAsync(24_300, within.Token);
        await network.GoesOnAsync(more: 8, within.Token);
        foreach (var member in network.Network.File.Etcd)
        {
            await network.Network.SignalAsync(member.Name, ProcessSignal.Kill, within.Token);
            Directory.Delete(Data(member), recursive: true);
        }

        await network.UntilAsync(status => status.Nodes.All(node => node is { IsReady: false, Reads: true }), within.Token);
        await network.Network.UpAsync(within.Token);
        await network.UntilAsync(status => status.Nodes.All(node => node is { Epoch: > 1, IsReady: true }), within.Token);
        await network.GoesOnAsync(more: 8, within.Token);
        await network.HoldsAsync(within.Token);
    }

    [Fact]
    public async Task One_member_goes_back_and_the_leader_is_lost_so_that_others_take_the_places_of_what_was_acknowledged()
    {
        using var within = Within();
        await using var network = await FaultyNetwork.StartedAsync(24_100, within.Token);
        var members = network.Network.File.Etcd;
        var first = await LeaderAsync(network, without: null, within.Token);
        var stale = members.First(member => member.Name != first);
        await network.KillAsync(stale.Name, within.Token, () => Copy(Data(stale), Old(stale)));
        var leader = await LeaderAsync(network, without: stale.Name, within.Token);
        var away = members.First(member => member != stale && member.Name != leader);

        // What the leader and one other take is acknowledged, and the third never hears of it: it is ended and not held, for what was on its way to it would be read later.
        await network.GoesOnAsync(more: 4, within.Token);
        await network.Network.SignalAsync(away.Name, ProcessSignal.Kill, within.Token);
        await network.GoesOnAsync(more: 8, within.Token);
        await network.Network.SignalAsync(stale.Name, ProcessSignal.Kill, within.Token);
        await network.Network.SignalAsync(leader, ProcessSignal.Kill, within.Token);
        Replace(Data(stale), Old(stale));
        network.Network.Begin(stale.Name);
        network.Network.Begin(away.Name);

        // The two are a majority and know nothing of it.
        await network.UntilAsync(status => status.Nodes.All(static node => node is { Epoch: > 1, IsReady: true }), within.Token);
        await network.GoesOnAsync(more: 8, within.Token);
        await network.HoldsAsync(within.Token);
    }

    [Fact]
    public async Task A_bank_whose_disk_is_full_says_so_and_ends_and_comes_back_when_there_is_room()
    {
        using var within = Within();
        await using var network = await FaultyNetwork.StartedAsync(24_200, within.Token);
        var third = network.Bank("bank3");
        using var disk = new SmallDisk(third.Data);
        await network.KillAsync("bank3", within.Token, () =>
        {
            var before = third.Data + ".before";
            Directory.Move(third.Data, before);
            Directory.CreateDirectory(third.Data);
            disk.TryMount();
            Copy(before, third.Data);
            Set(third, static settings => (settings["disk-warn-mib"], settings["disk-hold-mib"]) = (0, 0));
        });

        // Where no disk can be mounted, every write that would make a file larger than now fails; the runtime maps its own code as a file, unless it is told not to.
        var most = Directory.EnumerateFiles(Path.Combine(third.Data, FolderLayout.Chain), "*.seg").Max(path => new FileInfo(path).Length) / 512;
        await network.RunOtherwiseAsync(third, disk.IsMounted ? "" : $"trap '' XFSZ; ulimit -f {most + 32}; DOTNET_EnableWriteXorExecute=0", async bank =>
        {
            if (disk.IsMounted)
            {
                await network.UntilReadyAsync(third.OperationsPort, within.Token);
                await disk.FillAsync(() => !bank.IsThere, within.Token);
            }

            await network.UntilAsync(() => Task.FromResult(!bank.IsThere), within.Token);
            await network.GoesOnAsync(more: 8, within.Token);
            if (disk.IsMounted) disk.Free();
        }, within.Token);
        var said = await File.ReadAllTextAsync(FaultyNetwork.LogOtherwise(third), within.Token);
        Assert.Contains("存储故障", said, StringComparison.Ordinal);
        if (disk.IsMounted) Assert.Contains("No space left on device", said, StringComparison.Ordinal);
        await network.GoesOnAsync(more: 8, within.Token);
        await network.HoldsAsync(within.Token);
    }

    [Fact]
    public async Task A_bank_that_is_restored_from_an_old_backup_or_joins_again_follows_and_does_not_vote()
    {
        using var within = Within();
        await using var network = await FaultyNetwork.StartedAsync(26_300, within.Token);
        var fourth = network.Bank("bank4");
        var backup = fourth.Folder + ".backup";
        DataBackup.Take(fourth.Data, backup, progress: null, within.Token);
        await network.GoesOnAsync(more: 8, within.Token);
        await network.KillAsync("bank4", within.Token, () =>
        {
            Directory.Delete(fourth.Data, recursive: true);
            Assert.IsType<ChainVerdict.Verified>(DataBackup.Restore(backup, fourth.Data, progress: null, verifying: null, within.Token));
        });

        // Without its ballot it votes from the next epoch on: until then another must not be lost.
        await IsSilentAsync(network, fourth.OperationsUrl, within.Token);
        await network.GoesOnAsync(more: 8, within.Token);

        // The backup is lost too: it begins with what the others have.
        await network.KillAsync("bank4", within.Token, () =>
        {
            Directory.Delete(fourth.Data, recursive: true);
            var joining = LocalProcess.Start(fourth.Folder, Path.Combine(fourth.Folder, "log"), network.Network.File.NodeProgram, ["join", "--config", "node.json"]);
            while (joining.IsThere) within.Token.WaitHandle.WaitOne(100);
        });
        await IsSilentAsync(network, fourth.OperationsUrl, within.Token);
        await network.GoesOnAsync(more: 8, within.Token);
        await network.HoldsAsync(within.Token);
    }

    [Fact]
    public async Task Of_two_nodes_on_one_key_one_sees_the_other_and_signs_nothing_more()
    {
        using var within = Within();
        await using var network = await FaultyNetwork.StartedAsync(26_400, within.Token);
        var fourth = network.Bank("bank4");
        var twin = fourth.Folder + ".twin";
        await network.KillAsync("bank4", within.Token, () => Copy(fourth.Folder, twin));
        var free = LocalPorts.Free(26_480, 3);
        Set(fourth with { Folder = twin }, settings =>
            (settings["data"], settings["port"], settings["operations-port"], settings["peer-listen"]) = (Path.Combine(twin, "data"), free[0], free[1], $"127.0.0.1:{free[2]}"));
        (string Log, string Operations)[] both = [(Path.Combine(fourth.Folder, "log"), fourth.OperationsUrl), (Path.Combine(twin, "log"), $"http://127.0.0.1:{free[1]}")];
        var second = LocalProcess.Start(twin, both[1].Log, network.Network.File.NodeProgram, ["run", "--config", "node.json"]);
        try
        {
            await network.UntilReadyAsync(free[1], within.Token);
            var saw = "";
            await network.UntilAsync(async () =>
            {
                foreach (var (log, operations) in both)
                {
                    if ((await File.ReadAllTextAsync(log, within.Token)).Contains("Look for a second node", StringComparison.Ordinal)) saw = operations;
                }

                return saw.Length > 0;
            }, within.Token);
            await IsSilentAsync(network, saw, within.Token);
            await network.GoesOnAsync(more: 8, within.Token);
            await IsSilentAsync(network, saw, within.Token);
            Assert.True(second.IsThere);
        }
        finally
        {
            second.Send(ProcessSignal.Kill);
        }

        // One was ended for good. Whatever the two said against each other, the one that is left follows or votes, has what all have, and tells of all that either had acknowledged.
        await network.GoesOnAsync(more: 8, within.Token);
        await network.HoldsAsync(within.Token);
    }

    // Until a node says that it does not vote.
    static async Task IsSilentAsync(FaultyNetwork network, string operations, CancellationToken cancel)
    {
        using var http = new HttpClient();
        await network.UntilAsync(async () => (await http.GetStringAsync(new Uri($"{operations}/metrics"), cancel)).Contains("\nledger_votes_silent 1\n", StringComparison.Ordinal), cancel);
    }

    // Who leads, where one does whom the others follow.
    static async Task<string> LeaderAsync(FaultyNetwork network, string? without, CancellationToken cancel)
    {
        var leader = "";
        await network.UntilAsync(
            status => status.Members.Where(static member => member.Process != ProcessState.Ended).All(static member => member.IsHealthy)
                && status.Members.Where(static member => member.IsLeader).ToArray() is [var one] && (leader = one.Member.Name) != without,
            cancel);
        return leader;
    }

    static void Set(LocalBank bank, Action<JsonObject> change)
    {
        var path = Path.Combine(bank.Folder, "node.json");
        var settings = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(settings);
        File.WriteAllText(path, settings.ToJsonString());
    }

    static string Old(LocalMember member) => Data(member) + ".old";

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
