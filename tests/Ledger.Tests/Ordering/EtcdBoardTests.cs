using Ledger.Core.Primitives;
using Ledger.Node.Ordering;
using Ledger.Node.Ordering.Etcd;

namespace Ledger.Tests.Ordering;

/// <summary>Banks see each other's votes, however much anybody puts beside them.</summary>
public sealed class EtcdBoardTests
{
    static readonly Hash256 Chain = new(1, 2);
    static readonly PartyId[] Voters = [World.X, World.Y, World.Z];

    readonly FakeEtcd cluster = new();

    [Fact]
    public async Task Who_fills_the_order_with_keys_of_nobody_and_its_own_with_junk_silences_nobody()
    {
        var keys = new OrderKeys(Chain, 1);
        cluster.Put(keys.Of(Posting.Vote, World.X), new byte[1_000_000]);
        cluster.Put(keys.Of(Posting.Vote, World.Y), "a vote"u8);
        cluster.Put(keys.Of(Posting.Report, World.Z), "a report"u8);
        cluster.Put(keys.Of(Posting.Vote, World.W), "of nobody who votes"u8);
        cluster.Put([.. Enumerable.Range(0, 5_000).Select(n => (Google.Protobuf.ByteString.CopyFromUtf8($"{Chain}/1/v/{n}"), (byte[])[1]))]);
        using var board = new EtcdBoard(Chain, 1, World.X, cluster.Members, TimeProvider.System);
        var told = board.ReadAsync(static () => Voters, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        Assert.Equal((Posting.Vote, World.Y, "a vote"), await NextAsync(told));
        Assert.Equal((Posting.Report, World.Z, "a report"), await NextAsync(told));
        Assert.Null(await NextAsync(told));
        Assert.Equal(1, cluster.Members.Max(member => member.MostAtOnce));

        // What comes meanwhile is told in its turn, and what is too long to be anything not at all.
        var next = NextAsync(told);
        cluster.Put([.. Enumerable.Range(0, 500).Select(n => (Google.Protobuf.ByteString.CopyFromUtf8($"{Chain}/1/v/{n}"), (byte[])[2])), (keys.Of(Posting.Report, World.X), new byte[20_000])]);
        cluster.Put(keys.Of(Posting.Vote, World.Z), "another"u8);
        Assert.Equal((Posting.Vote, World.Z, "another"), await next);
        await told.DisposeAsync();
    }

    // Null behind all that stood there.
    static async Task<(Posting, PartyId?, string)?> NextAsync(IAsyncEnumerator<Posted?> told)
    {
        Assert.True(await told.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        return told.Current is { } posted ? (posted.Kind, posted.Bank, System.Text.Encoding.UTF8.GetString(posted.Octets.Span)) : null;
    }
}
