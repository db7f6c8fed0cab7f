using System.Diagnostics;
using System.Text.Json.Nodes;
using Ledger.Client.Api;
using Ledger.Client.Devnet;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Tests.Strangers;
using Ledger.Tests.Voting;

namespace Ledger.Tests.Devnet;

/// <summary>What is wrong around banks that are well themselves: their network, their clocks, what they are told. In each: no fork, nothing acknowledged lost, and one root at the end.</summary>
[Collection(Networks.Name)]
public sealed class NetworkFaultTests
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Cut_in_halves_banks_make_nothing_final_and_cut_from_one_they_go_on_without_it()
    {
        var filter = PacketFilterThatWorks();
        using var within = FaultyNetwork.Within(Patience);
        await using var network = await FaultyNetwork.StartedAsync(27_500, within.Token);
        await network.GoesOnAsync(more: 4, within.Token);

        // Neither half is a quorum, whichever has the order: reads go on.
        await network.Network.PartitionAsync([["bank1", "bank2", "etcd1", "etcd2"], ["bank3", "bank4", "etcd3"]], filter, within.Token);
        await network.UntilAsync(static status => status.Nodes.All(static node => node is { IsReady: false, Reads: true }), within.Token);
        await network.Network.HealAsync(within.Token);
        await network.GoesOnAsync(more: 8, within.Token);

        await network.Network.PartitionAsync([["bank1", "bank2", "bank3", "etcd1", "etcd2"], ["bank4", "etcd3"]], filter, within.Token);
        await network.UntilAsync(static status => status.Nodes.All(static node => node.IsReady == (node.Bank.Name != "bank4") && node.Reads), within.Token);
        await network.GoesOnAsync(more: 12, within.Token);
        await network.UntilAsync(static status => status.Nodes[3].Lag > 0, within.Token);

        // Three banks reach each other, and the order has its majority on no side.
        await network.Network.PartitionAsync([["bank1", "bank2", "bank4", "etcd1"], ["bank3"], ["etcd2"], ["etcd3"]], filter, within.Token);
        await network.UntilAsync(static status => status.Nodes.All(static node => node is { IsReady: false, Reads: true }), within.Token);
        await network.Network.HealAsync(within.Token);
        await network.GoesOnAsync(more: 8, within.Token);
        await network.HoldsAsync(within.Token);
    }

    [Fact]
    public async Task Clocks_ten_minutes_ahead_and_behind_move_nobody_elses_time()
    {
        var fake = FakeTime();
        using var within = FaultyNetwork.Within(Patience);
        await using var network = await FaultyNetwork.StartedAsync(27_600, within.Token);
        await network.GoesOnAsync(more: 4, within.Token);

        // At the bank whose clock is ahead an act that is good for eight minutes is over; at the one behind it is taken.
        network.Excused = Refusal.Expired;
        await network.RunOtherwiseAsync(network.Bank("bank3"), $"LD_PRELOAD={fake} FAKETIME=+600 DONT_FAKE_MONOTONIC=1", _ => network.RunOtherwiseAsync(
            network.Bank("bank4"), $"LD_PRELOAD={fake} FAKETIME=-600 DONT_FAKE_MONOTONIC=1",
            async _ =>
            {
                await network.GoesOnAsync(more: 16, within.Token);

                // One of the four is away: so the two are needed, whatever they take for the time.
                await network.Network.SignalAsync("bank2", ProcessSignal.Kill, within.Token);
                await network.GoesOnAsync(more: 8, within.Token);
                await network.Network.StartAsync("bank2", within.Token);

                // Ledger time is what most clocks say, and no single one takes it along.
                using var http = new HttpClient { BaseAddress = new(network.Bank("bank1").Url) };
                var told = (await new LedgerApi(http).HealthAsync(within.Token)).LedgerTime;
                Assert.True(told < new Timestamp(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).Add(5 * Timestamp.Minute), $"{told}");
            },
            within.Token), within.Token);
        await network.GoesOnAsync(more: 8, within.Token);
        await network.HoldsAsync(within.Token);
    }

    [Fact]
    public async Task A_bank_that_is_fed_altered_batches_goes_no_other_way_than_the_others()
    {
        using var within = FaultyNetwork.Within(Patience);
        await using var network = await FaultyNetwork.StartedAsync(27_700, within.Token);
        var fourth = network.Bank("bank4");
        await using var member = new AlteringMember(network.Network, network.Network.File.Etcd[0], fourth);
        var settings = Path.Combine(fourth.Folder, "node.json");
        var before = await File.ReadAllTextAsync(settings, within.Token);
        await FedByAsync(member.Address.OriginalString);
        await network.GoesOnAsync(more: 8, within.Token);

        member.Lies = true;
        await network.UntilAsync(() => Task.FromResult(member.AlteredBatches > 0), within.Token);
        await network.GoesOnAsync(more: 16, within.Token);

        // What was altered it takes for no batch, and has what stood there from elsewhere: while it is still lied to, all that the others made final meanwhile becomes final at it too.
        var final = (await network.Network.StatusAsync(within.Token)).Nodes[0].Height;
        Assert.NotNull(final);
        await network.UntilAsync(status => status.Nodes[3].Height >= final, within.Token);

        // What it says once it is told the truth again: that it has what all have.
        member.Lies = false;
        await FedByAsync(JsonNode.Parse(before)?["etcd"]?.GetValue<string>());
        await network.GoesOnAsync(more: 8, within.Token);
        await network.HoldsAsync(within.Token);

        async Task FedByAsync(string? members)
        {
            var now = JsonNode.Parse(before)!.AsObject();
            now["etcd"] = members;
            await network.KillAsync(fourth.Name, within.Token, () => File.WriteAllText(settings, now.ToJsonString()));
        }
    }

    // The filter's program, where the kernel takes what it says and tells processes apart.
    static string PacketFilterThatWorks()
    {
        if (!Environment.IsPrivilegedProcess) Python.Absent("A partition takes root.");
        if (LocalProcess.Find("nft", $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin") is not { } filter)
        {
            Python.Absent("nft is not on this machine (Debian's nftables).");
            throw new InvalidOperationException("nft");
        }

        using var asked = Process.Start(new ProcessStartInfo(filter, ["list", "tables"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        asked.WaitForExit();
        if (asked.ExitCode != 0) Python.Absent("This kernel filters no packets with nftables.");
        var probe = new PacketFilter(new string('0', 64));
        if (probe.TryMakeGroup("probe") is null) Python.Absent("No control group can be made here (cgroup v2).");
        probe.RemoveGroups();
        return filter;
    }

    // It says another time of day to whatever is started with it; how time passes stays as it is.
    static string FakeTime()
    {
        string[] found = Directory.Exists("/usr/lib") ? [.. Directory.EnumerateDirectories("/usr/lib", "*-linux-*").Append("/usr/lib").Select(static folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).Where(File.Exists)] : [];
        if (found is [var first, ..]) return first;
        Python.Absent("faketime is not on this machine (Debian's faketime).");
        throw new InvalidOperationException("faketime");
    }
}
