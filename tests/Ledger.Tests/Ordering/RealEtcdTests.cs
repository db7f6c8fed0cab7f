using System.Security.Cryptography;
using Grpc.Core;
using Ledger.Core.State;
using Ledger.Node.Ordering.Etcd;
using Ledger.Tests.Kills;
using Ledger.Tests.Strangers;

namespace Ledger.Tests.Ordering;

/// <summary>The same on etcd itself: three members, killed, stopped and compacted.</summary>
public sealed class RealEtcdTests : IClassFixture<EtcdCluster>
{
    readonly EtcdCluster cluster;

    public RealEtcdTests(EtcdCluster cluster)
    {
        this.cluster = cluster;
        if (cluster.Absent is { } absent) Python.Absent(absent);
    }

    [Fact]
    public async Task Two_members_tell_the_same_order()
    {
        await using var one = OrderedLedger.Begin(EtcdMember.Of(cluster.Address));
        await using var other = OrderedLedger.Begin(EtcdMember.Of(cluster.AddressOf("node", "authority", first: 1)), founding: one.Founding);
        for (var counter = 1UL; counter <= 20; counter++) Assert.True(await one.SubmitAsync(one.Seal(counter, [RandomNumberGenerator.GetBytes(30_000)])));

        for (var counter = 1UL; counter <= 20; counter++) Assert.Equal((await one.TakenAsync()).Envelope, (await other.TakenAsync()).Envelope);
        Assert.Equal(one.Fold.Checkpoint, other.Fold.Checkpoint);
    }

    [Fact]
    public async Task When_the_leader_is_killed_the_others_go_on_and_when_two_are_it_waits_for_them()
    {
        await using var ledger = OrderedLedger.Begin(EtcdMember.Of(cluster.Address));
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.TakenAsync(1);

        var first = await cluster.LeaderAsync();
        cluster.Kill(first);
        await ledger.SubmitAsync(ledger.Seal(2));
        await ledger.TakenAsync(2);

        var second = await cluster.LeaderAsync();
        cluster.Kill(second);
        var submitted = ledger.SubmitAsync(ledger.Seal(3));
        cluster.Start(first);
        cluster.Start(second);
        Assert.True(await submitted);
        await ledger.TakenAsync(3);
        await OrderedLedger.UntilAsync(() => ledger.Ordering.Trouble is null);
    }

    [Fact]
    public async Task A_leader_that_is_stopped_is_left()
    {
        var leader = await cluster.LeaderAsync();
        await using var ledger = OrderedLedger.Begin(EtcdMember.Of(cluster.AddressOf("node", "authority", first: leader)));
        var counter = 1UL;
        await TakenAsync(counter);

        // The signal is sent before it is felt: what the member still answers, it answers.
        cluster.Signal(leader, "STOP");
        try
        {
            while (ledger.Ordering.Changes == 0) await TakenAsync(++counter);
        }
        finally
        {
            cluster.Signal(leader, "CONT");
        }

        await TakenAsync(++counter);
        Assert.Null(ledger.Ordering.Trouble);

        async Task TakenAsync(ulong number)
        {
            await ledger.SubmitAsync(ledger.Seal(number));
            await ledger.TakenAsync(number);
        }
    }

    [Fact]
    public async Task What_was_compacted_under_a_node_is_read_from_the_keys()
    {
        await using var ledger = OrderedLedger.Begin(EtcdMember.Of(cluster.Address));
        await ledger.SubmitAsync(ledger.Seal(1));
        await ledger.TakenAsync(1);
        await ledger.KillAsync();
        using var member = EtcdMember.Of(cluster.Address)[0];
        for (var counter = 2UL; counter <= 40; counter++) await PutAsync(member, ledger, ledger.Seal(counter, "a"));
        var now = await member.RangeAsync(new() { Key = OrderKeys.Everything, CountOnly = true }, TestContext.Current.CancellationToken);
        await member.CompactAsync(new() { Revision = now.Header.Revision }, TestContext.Current.CancellationToken);

        await using var again = await ledger.RestartAsync(EtcdMember.Of(cluster.Address));
        await again.TakenAsync(40);
        await again.SubmitAsync(again.Seal(41));
        await again.TakenAsync(41);
        Assert.Null(again.Ordering.Trouble);
    }

    [Fact]
    public async Task A_backlog_of_many_megabytes_is_caught_up_with()
    {
        await using var ledger = OrderedLedger.Begin(EtcdMember.Of(cluster.Address), isSlow: true);
        for (var counter = 1UL; counter <= 12; counter++)
            await ledger.SubmitAsync(ledger.Seal(counter, [.. Enumerable.Range(0, 15).Select(_ => RandomNumberGenerator.GetBytes(65_530))]));

        await using var again = await ledger.RestartAsync(EtcdMember.Of(cluster.Address));
        await again.TakenAsync(12);
        Assert.Equal(12UL, again.Fold.Last.Header.Height);
    }

    [Fact]
    public async Task A_stranger_is_not_let_in_and_does_not_pass_for_a_member()
    {
        var cancel = TestContext.Current.CancellationToken;
        foreach (var (certificate, authority) in ((string, string)[])[("stranger", "authority"), ("node", "foreign")])
        {
            using var member = EtcdMember.Of(cluster.AddressOf(certificate, authority))[0];
            await Assert.ThrowsAsync<RpcException>(() => member.RangeAsync(new() { Key = OrderKeys.Everything, CountOnly = true }, cancel));
        }

        using var known = EtcdMember.Of(cluster.Address)[0];
        Assert.NotNull(await known.RangeAsync(new() { Key = OrderKeys.Everything, CountOnly = true }, cancel));
    }

    [Fact]
    public async Task A_node_whose_batches_etcd_orders_keeps_what_it_acknowledged_when_it_is_killed()
    {
        var cancel = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("ledger-etcd-").FullName;
        var address = cluster.Address;
        string[] settings =
        [
            "--etcd", string.Join(',', address.Members.Select(member => member.ToString().TrimEnd('/'))),
            "--etcd-ca", address.CaPath ?? "", "--etcd-cert", address.CertificatePath ?? "", "--etcd-key", address.KeyPath ?? "",
        ];
        try
        {
            using var network = KillNetwork.Found(folder);
            Core.State.Transaction kept;
            using (var node = await network.StartAsync(cancel, settings))
            {
                await network.RegisterSupplierAsync(node.Api, cancel);
                (kept, var answer) = await network.RequestAsync(node.Api, cancel);
                Assert.Equal(Refusal.None, answer.Code);
                node.Kill();
            }

            using var again = await network.StartAsync(cancel, settings);
            using var entry = await again.Api.ReadAsync($"/v1/transactions/{kept.Party}/{kept.Id}", cancel);
            Assert.NotNull(entry);
            Assert.Equal(Refusal.None, (await network.RequestAsync(again.Api, cancel)).Answer.Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task PutAsync(EtcdMember member, OrderedLedger ledger, Node.Ordering.Batch batch) => await member.TxnAsync(
        new()
        {
            Success =
            {
                new Node.Ordering.Etcd.Rpc.RequestOp
                {
                    RequestPut = new() { Key = ledger.Keys.Of(ledger.Bank, batch.Envelope.Counter), Value = Google.Protobuf.ByteString.CopyFrom(BatchValue.Write(batch)) },
                },
            },
        },
        TestContext.Current.CancellationToken);
}
