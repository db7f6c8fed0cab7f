using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Node.Peers;
using Ledger.Tests.Storage;

namespace Ledger.Tests.Peers;

/// <summary>A node that is shown another history than its own keeps the proof.</summary>
public sealed class PeerWatchTests : IDisposable
{
    readonly TestAuthority authority = new();
    readonly MemoryStorage disk = new();
    readonly List<string> said = [];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => authority.Dispose();

    [Fact]
    public async Task Peers_on_the_same_history_are_seen_whether_behind_or_ahead()
    {
        var chain = FourBanks.OfBlocks(5);
        await using var served = await ServedLedger.StartAsync(Part(chain, 3), authority.Of(FourBanks.Bank));
        IPeer[] peers = [Showing(FourBanks.Banks[1], chain, 1), Showing(FourBanks.Banks[2], chain, 3), Showing(FourBanks.Banks[3], chain, 5), new FailingPeer(FourBanks.Regulator)];
        var book = await LookAsync(served, peers);

        Assert.Equal([false, false, false, true], peers.Select(peer => book.All.Single(record => record.Bank == peer.Bank).Trouble is not null));
        Assert.Null(book.All.Single(record => record.Bank == FourBanks.Regulator).LastSeen);
        Assert.Equal(0, book.SplitViews);
        Assert.Contains(said, line => line.Contains(FourBanks.Regulator.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_history_under_a_quorums_signatures_is_kept_whole_and_proved()
    {
        var (mine, other) = (FourBanks.OfBlocks(5), FourBanks.OfBlocks(3));
        await using var served = await ServedLedger.StartAsync(mine, authority.Of(FourBanks.Bank));
        var book = await LookAsync(served, Showing(FourBanks.Banks[1], other, 3));

        Assert.Equal((PeerFaultKind.OtherHistory, 1), (book.All[0].Trouble?.Kind, book.SplitViews));
        var name = Assert.Single(disk.List(FolderLayout.Evidence));
        var kept = System.Text.Encoding.UTF8.GetString(disk[$"{FolderLayout.Evidence}/{name}"]);
        Assert.Contains(said, line => line.Contains("SPLIT VIEW", StringComparison.Ordinal) && line.Contains(name, StringComparison.Ordinal));

        // Two notes of two paragraphs each, then the root and the proof: a stranger needs nothing else.
        var paragraphs = kept.Split("\n\n");
        Assert.Equal((6, "ledger-split-view", FourBanks.Banks[1].Text), (paragraphs.Length, paragraphs[0].Split('\n')[0], paragraphs[0].Split('\n')[1]));
        Assert.Equal((other.Newest.ToString(), mine.Newest.ToString()), ($"{paragraphs[1]}\n\n{paragraphs[2]}\n", $"{paragraphs[3]}\n\n{paragraphs[4]}\n"));
        Hash256[] hashes = [.. paragraphs[5].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Hash256.Read(Convert.FromBase64String(line)))];
        Assert.NotEqual(other.Newest.Checkpoint.Root, hashes[0]);
        Assert.True(Proofs.VerifyConsistency(FourBanks.Genesis.Chain.Suite, other.Newest.Checkpoint.Size, mine.Newest.Checkpoint.Size, hashes.AsSpan(1), hashes[0], mine.Newest.Checkpoint.Root));

        // The same again is no more evidence.
        await LookAsync(served, Showing(FourBanks.Banks[1], other, 3), Showing(FourBanks.Banks[2], other, 3));
        Assert.Single(disk.List(FolderLayout.Evidence));
    }

    [Fact]
    public async Task What_is_ahead_is_remembered_and_compared_once_this_node_is_there()
    {
        var (mine, other) = (FourBanks.OfBlocks(2), FourBanks.OfBlocks(4));
        await using var served = await ServedLedger.StartAsync(mine, authority.Of(FourBanks.Bank));
        var liar = Showing(FourBanks.Banks[1], other, 4);
        var (watch, book) = Watch(served, liar);
        await watch.LookAsync(Cancel);
        Assert.Null(book.All[0].Trouble);

        // It shows what this node has too, but what it showed before stands.
        while (mine.Height < 4)
        {
            mine.Append();
            served.Take(mine.Blocks[^1].Block, mine.Newest);
        }

        liar.Newest = mine.Newest;
        await watch.LookAsync(Cancel);
        Assert.Equal((PeerFaultKind.OtherHistory, 1), (book.All[0].Trouble?.Kind, book.SplitViews));
    }

    [Fact]
    public async Task What_no_quorum_signed_is_a_peers_lie_and_no_evidence()
    {
        var mine = FourBanks.OfBlocks(3);
        await using var served = await ServedLedger.StartAsync(mine, authority.Of(FourBanks.Bank));
        FakePeer[] peers =
        [
            Showing(FourBanks.Banks[1], FourBanks.Sign(mine.Newest.Checkpoint with { Root = new(1, 1) }, FourBanks.Banks[..2])),
            Showing(FourBanks.Banks[2], FourBanks.Sign(mine.Newest.Checkpoint with { Size = 1_000 }, FourBanks.Banks[..2])),
            Showing(FourBanks.Banks[3], FourBanks.Sign(mine.Newest.Checkpoint with { Origin = "another/0" }, FourBanks.Quorum)),
        ];
        var book = await LookAsync(served, peers);

        Assert.Equal(
            [PeerFaultKind.CheckpointUntrusted, PeerFaultKind.CheckpointUntrusted, PeerFaultKind.OtherChain],
            peers.Select(peer => book.All.Single(record => record.Bank == peer.Bank).Trouble?.Kind));
        Assert.Empty(disk.List(FolderLayout.Evidence));
    }

    async Task<PeerBook> LookAsync(ServedLedger served, params IPeer[] peers)
    {
        var (watch, book) = Watch(served, peers);
        await watch.LookAsync(Cancel);
        return book;
    }

    (PeerWatch Watch, PeerBook Book) Watch(ServedLedger served, params IPeer[] peers)
    {
        var book = new PeerBook(peers, null);
        return (new(served.Reader, peers, book, new(disk, FourBanks.Genesis.Chain.Suite), said.Add, TimeProvider.System), book);
    }

    static FakePeer Showing(PartyId bank, FourBanks chain, int height) => Showing(bank, chain.Blocks[height].Checkpoint!);

    static FakePeer Showing(PartyId bank, Note note) => new(bank, [], 0) { Newest = note };

    static FourBanks Part(FourBanks chain, int height) => chain.UpTo(height);
}
