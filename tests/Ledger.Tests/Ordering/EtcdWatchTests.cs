using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Ordering.Etcd.Rpc;

namespace Ledger.Tests.Ordering;

/// <summary>What a node notes of the members of etcd.</summary>
public sealed class EtcdWatchTests
{
    [Fact]
    public async Task Each_member_says_whether_it_leads_what_it_stores_and_what_it_raises()
    {
        var book = new EtcdBook(["one", "two", "three"], null);
        StatusResponse Status(ulong member) => new() { Header = new() { MemberId = member, Revision = 9 }, Leader = 1, DbSize = 5 << 20, DbSizeInUse = 1 << 20, Version = "3.4.23" };
        var full = Status(2);
        full.Errors.Add("memberID:2 alarm:NOSPACE ");
        var alone = Status(3);
        alone.Leader = 0;
        alone.Errors.Add("etcdserver: no leader");

        await new EtcdWatch([new Told("one", () => Status(1)), new Told("two", () => full), new Told("three", () => alone)], book, TimeProvider.System).LookAsync(TestContext.Current.CancellationToken);

        Assert.Equal([true, false, false], book.All.Select(member => member.IsLeader));
        Assert.All(book.All, member => Assert.Equal((9UL, 5L << 20, "3.4.23"), (member.Revision, member.StoredBytes, member.Version)));
        Assert.Equal(["NOSPACE"], book.All[1].Alarms);
        Assert.Null(book.All[0].Trouble);
        Assert.Contains("no leader", book.All[2].Trouble?.English, StringComparison.Ordinal);
        Assert.Empty(book.All[2].Alarms);
    }

    [Fact]
    public async Task A_member_that_fails_is_told_of_and_what_it_said_before_is_kept()
    {
        var book = new EtcdBook(["one"], null);
        var isThere = true;
        var watch = new EtcdWatch([new Told("one", () => isThere ? new() { Header = new() { MemberId = 1, Revision = 9 }, Leader = 1 } : throw new RpcException(new(StatusCode.Unavailable, "x")))], book, TimeProvider.System);
        await watch.LookAsync(TestContext.Current.CancellationToken);
        isThere = false;
        await watch.LookAsync(TestContext.Current.CancellationToken);

        var member = Assert.Single(book.All);
        Assert.Equal((9UL, false), (member.Revision, member.IsLeader));
        Assert.NotNull(member.LastSeen);
        Assert.NotNull(member.Trouble);
    }

    // A library's own words are English and about itself.
    [Fact]
    public void Every_kind_of_failure_has_a_sentence_without_a_foreign_word()
    {
        Exception[] faults =
        [
            new TimeoutException("late"), new RpcException(new(StatusCode.Unavailable, "Error connecting", new HttpRequestException("x", new SocketException((int)SocketError.ConnectionRefused)))),
            new RpcException(new(StatusCode.Internal, "tls", new HttpRequestException("x", new AuthenticationException("y")))), new RpcException(new(StatusCode.ResourceExhausted, "etcdserver: mvcc: database space exceeded")),
            new RpcException(new(StatusCode.Unavailable, "etcdserver: no leader")), new RpcException(new(StatusCode.PermissionDenied, "no")), new RpcException(new(StatusCode.DataLoss, "odd")), new IOException("odd"),
        ];

        var told = faults.Select(MemberFault.Says).ToArray();
        Assert.Equal(faults.Length, told.Select(says => says.Chinese).Distinct().Count());
        Assert.All(told, says => Assert.DoesNotMatch("late|Error|tls|odd|etcdserver|database", says.Chinese));
        Assert.Contains("does not run", told[1].English, StringComparison.Ordinal);
        Assert.Contains("certificate", told[2].English, StringComparison.Ordinal);
        Assert.Contains("space", told[3].English, StringComparison.Ordinal);
    }

    sealed class Told(string name, Func<StatusResponse> status) : IEtcdHealth
    {
        public string Name => name;

        public Task<StatusResponse> StatusAsync(CancellationToken cancel) => Task.FromResult(status());
    }
}
