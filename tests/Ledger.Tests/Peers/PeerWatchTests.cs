using Ledger.Core.Chain;
using Ledger.Core.Finality;
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

        Assert.True(SplitView.TryRead(System.Text.Encoding.UTF8.GetBytes(kept), out var proof));
        Assert.Equal((FourBanks.Banks[1], other.Newest, mine.Newest), (proof.ShownBy, proof.Shown, proof.Mine));
        Assert.True(proof.IsGood(FourBanks.Genesis.Chain.Suite, FourBanks.Genesis.Policy));

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

    [Fact]
    public void A_split_view_proves_only_what_two_quorums_signed_and_is_written_in_one_way()
    {
        var (mine, other) = (FourBanks.OfBlocks(4), FourBanks.OfBlocks(4));
        var (suite, policy) = (FourBanks.Genesis.Chain.Suite, FourBanks.Genesis.Policy);
        SplitView At(int height)
        {
            var size = other.Blocks[height].Checkpoint!.Checkpoint.Size;
            return new(
                FourBanks.Bank, ChainFixture.Start, other.Blocks[height].Checkpoint!, mine.Newest, mine.Fold.History.RootAt(size),
                size == mine.Fold.History.Size ? [] : [.. mine.Fold.History.ConsistencyProof(size, mine.Fold.History.Size)]);
        }

        Assert.True(At(2).IsGood(suite, policy));
        Assert.True(At(4).IsGood(suite, policy));
        var good = At(3);
        Assert.False((good with { Shown = mine.Blocks[3].Checkpoint! }).IsGood(suite, policy));
        Assert.False((good with { Shown = FourBanks.Sign(good.Shown.Checkpoint, FourBanks.Banks[..2]) }).IsGood(suite, policy));
        Assert.False((good with { Mine = FourBanks.Sign(good.Mine.Checkpoint, FourBanks.Banks[..2]) }).IsGood(suite, policy));
        Assert.False((good with { PrefixRoot = new(1, 1) }).IsGood(suite, policy));
        Assert.False((good with { Proof = [] }).IsGood(suite, policy));
        Assert.False((At(4) with { PrefixRoot = new(1, 1) }).IsGood(suite, policy));

        var written = good.Write();
        Assert.True(SplitView.TryRead(written, out var read) && read == good);
        for (var length = 0; length < written.Length; length++) Assert.False(SplitView.TryRead(written.AsSpan(0, length), out var part) && part.IsGood(suite, policy), $"{length}");
        Assert.False(SplitView.TryRead([.. written, (byte)'\n'], out _));
        for (var i = 0; i < written.Length; i++)
        {
            // Who showed it and when is the keeper's word; all else is signed or proved.
            var changed = (byte[])written.Clone();
            changed[i] ^= 1;
            if (SplitView.TryRead(changed, out var altered)) Assert.True(!altered.IsGood(suite, policy) || altered with { ShownBy = good.ShownBy, At = good.At } == good, $"octet {i}");
        }
    }

    [Fact]
    public async Task A_proof_that_another_bank_found_is_kept_here_too_and_shown_on()
    {
        var chain = FourBanks.OfBlocks(3);
        await using var served = await ServedLedger.StartAsync(chain, authority.Of(FourBanks.Bank));
        var cheat = FourBanks.Banks[3];
        var good = Breach(cheat, epoch: 1);
        var altered = good with { One = good.One with { Sequence = 7 } };
        var peer = Showing(FourBanks.Banks[1], chain, 3);
        peer.Proofs = [altered, Breach(FourBanks.Regulator, epoch: 1), good, Breach(cheat, epoch: 2)];
        var book = await LookAsync(served, peer);

        // One of each bank says all; what is signed by nobody who validates says nothing.
        var kept = Assert.Single(book.Breaches);
        Assert.Equal((cheat, 1U), (kept.Bank, kept.Epoch));
        Assert.True(Evidence.TryRead(disk[kept.File], out var read));
        Assert.Equal(good, read);
        Assert.Contains(said, line => line.Contains(cheat.Text, StringComparison.Ordinal) && line.Contains(kept.File, StringComparison.Ordinal));
        Assert.Equal([good], new NoVotes(new(disk)).Evidence);
        Assert.Null(book.All[0].Trouble);
    }

    static Evidence Breach(PartyId bank, uint epoch)
    {
        Vote[] votes = [Voted(new(1, 1)), Voted(new(2, 2))];
        return new(votes[0], 0, votes[1], 0, votes[1].Lines[0].Root, []);

        Vote Voted(Hash256 root)
        {
            var signer = bank == FourBanks.Regulator ? FourBanks.Bank : bank;
            var point = new BlockPoint(epoch, 9, root);
            var line = new VoteLine(VoteKind.Prepare, point.Size, point.Root, new(FourBanks.SignAs(signer, Vote.PrepareBytes(FourBanks.Set.ChainId, point))));
            var vote = new Vote(FourBanks.Set.ChainId, epoch, bank, 1, new(1_000), 6, [line], default);
            return vote with { Signature = new(FourBanks.SignAs(signer, vote.SignedBytes())) };
        }
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
        return (new(served.Reader, peers, book, new(disk, FourBanks.Genesis.Chain.Suite), new(disk), said.Add, TimeProvider.System), book);
    }

    static FakePeer Showing(PartyId bank, FourBanks chain, int height) => Showing(bank, chain.Blocks[height].Checkpoint!);

    static FakePeer Showing(PartyId bank, Note note) => new(bank, [], 0) { Newest = note };

    static FourBanks Part(FourBanks chain, int height) => chain.UpTo(height);
}
