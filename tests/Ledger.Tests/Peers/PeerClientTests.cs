using System.Net;
using System.Net.Sockets;
using Ledger.Core.Chain;
using Ledger.Node.Peers;
using Ledger.Node.Storage;
using Microsoft.AspNetCore.Http;

namespace Ledger.Tests.Peers;

/// <summary>A bank with a true certificate that sends what it likes: nothing of it is taken further than is agreed.</summary>
public sealed class PeerClientTests : IDisposable
{
    static readonly FourBanks Chain = FourBanks.OfBlocks(3);
    readonly TestAuthority authority = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static byte[] Block1 => BlockLog.Records([Chain.Blocks[1].Block], Chain.Blocks[1].Checkpoint!);

    public void Dispose() => authority.Dispose();

    public static TheoryData<string, PeerFaultKind, int> Streams { get; } = new()
    {
        { "nothing", 0, 0 },
        { "one block", 0, 1 },
        { "ends inside a record", PeerFaultKind.BrokenOff, 1 },
        { "an opener", PeerFaultKind.Malformed, 1 },
        { "an unknown type", PeerFaultKind.Malformed, 1 },
        { "another checksum", PeerFaultKind.Malformed, 1 },
        { "no block in a block's record", PeerFaultKind.Malformed, 1 },
        { "a checkpoint first", PeerFaultKind.Malformed, 0 },
        { "two checkpoints", PeerFaultKind.Malformed, 1 },
        { "a huge length", PeerFaultKind.TooLong, 1 },
        { "a long checkpoint", PeerFaultKind.TooLong, 1 },
        { "says it is long and stops", PeerFaultKind.TooSlow, 1 },
        { "trickles", PeerFaultKind.TooSlow, 1 },
    };

    [Theory, MemberData(nameof(Streams))]
    public async Task A_stream_is_read_as_agreed_or_told_how_it_is_not(string how, PeerFaultKind kind, int blocks)
    {
        await using var liar = await LyingServer.StartAsync(authority.Of(FourBanks.Bank), (context, end) => SendAsync(context, how, end));
        using var certificates = authority.Of(FourBanks.Banks[1]);
        using var client = new PeerClient(new(FourBanks.Bank, liar.Address), certificates, Hasty(how));
        var given = new List<PeerBlock>();
        async Task ReadAsync()
        {
            await foreach (var one in client.BlocksAsync(1, default, Cancel)) given.Add(one);
        }

        if (kind == 0) await ReadAsync();
        else Assert.Equal(kind, (await Assert.ThrowsAsync<PeerException>(ReadAsync)).Fault.Kind);
        Assert.Equal(blocks, given.Count);
        Assert.All(given, one => Assert.NotNull(one.Checkpoint));
    }

    [Theory]
    [InlineData("status", "{}", PeerFaultKind.Malformed)]
    [InlineData("status", """{"chainId":1}""", PeerFaultKind.Malformed)]
    [InlineData("status", "long", PeerFaultKind.TooLong)]
    [InlineData("checkpoint", "hello\n", PeerFaultKind.Malformed)]
    [InlineData("checkpoint", "long", PeerFaultKind.TooLong)]
    [InlineData("reports", "\u0000\u0000\u0000\u0009x", PeerFaultKind.Malformed)]
    [InlineData("reports", "\u007f\u0000\u0000\u0000", PeerFaultKind.Malformed)]
    [InlineData("reports", "\u0000\u0000\u0000\u0001x", PeerFaultKind.Malformed)]
    [InlineData("evidence", "\u0000", PeerFaultKind.Malformed)]
    [InlineData("snapshots", "\u0000\u0000\u0000\u0001x", PeerFaultKind.Malformed)]
    [InlineData("snapshots", "long", PeerFaultKind.TooLong)]
    [InlineData("snapshot", "no whole page", PeerFaultKind.Malformed)]
    [InlineData("snapshot", "long", PeerFaultKind.TooLong)]
    [InlineData("votes", "\u0000\u0000\u0000\u0007no vote", PeerFaultKind.Malformed)]
    public async Task What_is_told_beside_blocks_is_bounded_and_strict(string what, string body, PeerFaultKind kind)
    {
        await using var liar = await LyingServer.StartAsync(authority.Of(FourBanks.Bank), async (context, end) =>
        {
            if (body != "long") await context.Response.Body.WriteAsync(System.Text.Encoding.Latin1.GetBytes(body), end);
            while (body == "long") await context.Response.Body.WriteAsync(new byte[4096], end);
        });
        using var certificates = authority.Of(FourBanks.Banks[1]);
        using var client = new PeerClient(new(FourBanks.Bank, liar.Address), certificates, PeerPace.Default);

        var fault = await Assert.ThrowsAsync<PeerException>(() => what switch
        {
            "status" => client.StatusAsync(Cancel),
            "checkpoint" => client.CheckpointAsync(Cancel),
            "reports" => client.ReportsAsync(1, Cancel),
            "evidence" => client.EvidenceAsync(Cancel),
            "snapshots" => client.SnapshotsAsync(Cancel),
            "snapshot" => client.SnapshotAsync(new(7, 100, default), 0, Cancel),
            _ => client.VotesAsync(Cancel),
        });
        Assert.Equal(kind, fault.Fault.Kind);
        Assert.True(fault.Fault.IsLie);
    }

    [Theory]
    [InlineData(1UL, 100UL, true)]
    [InlineData(3UL, 100UL, false)]
    [InlineData(2UL, 100UL, false)]
    [InlineData(1UL, 32UL, false)]
    [InlineData(1UL, PeerPages.MaxSnapshot + 1, false)]
    public async Task Snapshots_are_listed_from_the_newest_on_each_of_a_length_that_one_may_have(ulong second, ulong length, bool isGood)
    {
        byte[] Listed(HeldSnapshot one) => [0, 0, 0, HeldSnapshot.Size, .. one.Write()];
        await using var liar = await LyingServer.StartAsync(authority.Of(FourBanks.Bank), (context, end) => context.Response.Body.WriteAsync((byte[])[.. Listed(new(2, 100, default)), .. Listed(new(second, length, default))], end).AsTask());
        using var certificates = authority.Of(FourBanks.Banks[1]);
        using var client = new PeerClient(new(FourBanks.Bank, liar.Address), certificates, PeerPace.Default);

        if (isGood) Assert.Equal([2UL, second], (await client.SnapshotsAsync(Cancel)).Select(static one => one.Height));
        else Assert.Equal(PeerFaultKind.Malformed, (await Assert.ThrowsAsync<PeerException>(() => client.SnapshotsAsync(Cancel))).Fault.Kind);
    }

    [Fact]
    public async Task A_status_is_the_asked_banks_own()
    {
        var status = new PeerStatus(new('a', 64), "x/1", FourBanks.Banks[1].Text, "1", 1, 1, new('b', 64), 1, 1, null);
        await using var liar = await LyingServer.StartAsync(authority.Of(FourBanks.Bank), (context, end) => context.Response.Body.WriteAsync(status.Write(), end).AsTask());
        using var certificates = authority.Of(FourBanks.Banks[1]);
        using var client = new PeerClient(new(FourBanks.Bank, liar.Address), certificates, PeerPace.Default);

        Assert.Equal(PeerFaultKind.Malformed, (await Assert.ThrowsAsync<PeerException>(() => client.StatusAsync(Cancel))).Fault.Kind);
    }

    [Fact]
    public async Task Who_is_not_there_is_not_reached_and_who_sends_on_is_not_followed()
    {
        await using var liar = await LyingServer.StartAsync(authority.Of(FourBanks.Bank), (context, _) =>
        {
            context.Response.Redirect("https://127.0.0.1:1/");
            return Task.CompletedTask;
        });
        using var certificates = authority.Of(FourBanks.Banks[1]);
        using var client = new PeerClient(new(FourBanks.Bank, liar.Address), certificates, PeerPace.Default);
        Assert.Equal((PeerFaultKind.Refused, "HTTP 302"), (await FaultAsync(client)) is var redirected ? (redirected.Kind, redirected.Detail) : default);

        using var nobody = new PeerClient(new(FourBanks.Bank, new("https://127.0.0.1:1/")), certificates, PeerPace.Default);
        Assert.Equal(PeerFaultKind.NotReached, (await FaultAsync(nobody)).Kind);

        static async Task<PeerFault> FaultAsync(PeerClient client) => (await Assert.ThrowsAsync<PeerException>(() => client.StatusAsync(Cancel))).Fault;
    }

    [Fact]
    public async Task Who_hangs_up_while_it_is_called_is_not_reached()
    {
        using var door = new TcpListener(IPAddress.Loopback, 0);
        door.Start(backlog: 512);
        var answering = Task.Run(
            async () =>
            {
                while (true)
                {
                    using var caller = await door.AcceptSocketAsync(Cancel);
                    caller.LingerState = new(enable: true, seconds: 0);
                }
            },
            Cancel);
        using var certificates = authority.Of(FourBanks.Banks[1]);
        using var client = new PeerClient(new(FourBanks.Bank, new($"https://{door.LocalEndpoint}/")), certificates, PeerPace.Default);

        // One call in some hundreds ends at the socket itself.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++) Assert.Equal(PeerFaultKind.NotReached, (await Assert.ThrowsAsync<PeerException>(() => client.StatusAsync(Cancel))).Fault.Kind);
        }, Cancel)));

        door.Stop();
        await answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    // Who is to be found slow is found so at once; the others have all the time that a busy machine takes.
    static PeerPace Hasty(string how) => how is "says it is long and stops" or "trickles" ? PeerPace.Default with { Grace = TimeSpan.FromMilliseconds(300) } : PeerPace.Default;

    static async Task SendAsync(HttpContext context, string how, CancellationToken end)
    {
        var body = context.Response.Body;
        if (how is not ("nothing" or "a checkpoint first")) await body.WriteAsync(Block1, end);
        var next = BlockLog.Records([Chain.Blocks[2].Block], Chain.Blocks[2].Checkpoint!);
        var checkpoint = BlockLog.Records([], Chain.Blocks[1].Checkpoint!);
        switch (how)
        {
            case "ends inside a record":
                await body.WriteAsync(next.AsMemory(0, 100), end);
                break;
            case "an opener":
                await body.WriteAsync((byte[])[1, 0, 0, 0, 0, 0, 0, 0, 0], end);
                break;
            case "an unknown type":
                await body.WriteAsync((byte[])[9, 0, 0, 0, 0, 0, 0, 0, 0], end);
                break;
            case "another checksum":
                next[10] ^= 1;
                await body.WriteAsync(next, end);
                break;
            case "no block in a block's record":
                var record = new byte[3 + SegmentCodec.Overhead];
                SegmentCodec.Write(RecordType.Block, "abc"u8, record);
                await body.WriteAsync(record, end);
                break;
            case "a checkpoint first" or "two checkpoints":
                await body.WriteAsync(checkpoint, end);
                break;
            case "a huge length":
                await body.WriteAsync((byte[])[2, 0x7F, 0xFF, 0xFF, 0xFF], end);
                break;
            case "a long checkpoint":
                await body.WriteAsync((byte[])[3, 0, 1, 0, 0], end);
                break;
            case "says it is long and stops":
                await body.WriteAsync((byte[])[2, 3, 0, 0, 0], end);
                await body.FlushAsync(end);
                await Task.Delay(Timeout.Infinite, end);
                break;
            case "trickles":
                await body.WriteAsync((byte[])[2, 3, 0, 0, 0], end);
                while (true)
                {
                    await body.WriteAsync(new byte[1], end);
                    await body.FlushAsync(end);
                    await Task.Delay(10, end);
                }
        }
    }
}
