using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Node.Peers;

namespace Ledger.Tests.Peers;

/// <summary>A ledger goes on by what peers give, whoever of them lies.</summary>
public sealed class CatchUpTests
{
    static readonly FourBanks Chain = Long();
    readonly Fold fold = new(FourBanks.Genesis);
    readonly List<(ulong Height, Note Checkpoint)> appended = [];
    readonly List<string> said = [];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_node_repeats_every_block_and_has_each_under_the_checkpoint_that_covers_it()
    {
        var end = await RunAsync(Honest(FourBanks.Bank));

        Assert.Empty(end.Faults);
        Assert.Equal((Chain.Height, Chain.Fold.Checkpoint), (end.Height, fold.Checkpoint));
        Assert.Equal(Enumerable.Range(1, (int)Chain.Height).Select(height => (ulong)height), appended.Select(one => one.Height));
        Assert.Equal(Chain.Blocks.Where(one => one.Checkpoint is not null).Skip(1).Select(one => one.Checkpoint), appended.Select(one => one.Checkpoint).Distinct());
    }

    public static TheoryData<string, PeerFaultKind, ulong> Lies { get; } = new()
    {
        { "an entry is another", PeerFaultKind.CheckpointDiffers, 3 },
        { "a header is another", PeerFaultKind.CheckpointDiffers, 3 },
        { "the note names another root", PeerFaultKind.CheckpointDiffers, 3 },
        { "the note names another size", PeerFaultKind.CheckpointDiffers, 3 },
        { "the note is of another origin", PeerFaultKind.CheckpointDiffers, 3 },
        { "a signature is another", PeerFaultKind.CheckpointSignatureFalse, 3 },
        { "two banks signed", PeerFaultKind.CheckpointUntrusted, 3 },
        { "one bank signed three times", PeerFaultKind.CheckpointUntrusted, 3 },
        { "a block is left out", PeerFaultKind.BlockOutOfOrder, 3 },
        { "a block comes twice", PeerFaultKind.BlockOutOfOrder, 3 },
        { "a block of another history", PeerFaultKind.BlockOutOfOrder, 3 },
        { "no checkpoint at the end", PeerFaultKind.Uncovered, 0 },
        { "blocks without end and no checkpoint", PeerFaultKind.Uncovered, 65 },
    };

    [Theory, MemberData(nameof(Lies))]
    public async Task A_peer_that_lies_is_named_with_the_height_and_another_gives_the_truth(string lie, PeerFaultKind kind, ulong height)
    {
        var liar = new FakePeer(FourBanks.Bank, Lie(Chain, lie), claims: 1_000_000);
        var end = await RunAsync(liar, Honest(FourBanks.Banks[1]));

        var fault = Assert.Single(end.Faults);
        Assert.Equal((FourBanks.Bank, kind), (fault.Bank, fault.Kind));
        if (height > 0) Assert.Equal(height, fault.Height);
        Assert.True(fault.IsLie);
        Assert.Contains(said, line => line.Contains(FourBanks.Bank.Text, StringComparison.Ordinal));
        Assert.Equal((Chain.Height, Chain.Fold.Checkpoint), (end.Height, fold.Checkpoint));
    }

    [Fact]
    public async Task Who_fails_or_has_nothing_is_passed_over()
    {
        var end = await RunAsync(new FakePeer(FourBanks.Bank, [], 0), new FailingPeer(FourBanks.Banks[1]), Honest(FourBanks.Banks[2]));

        Assert.Equal(PeerFaultKind.NotReached, Assert.Single(end.Faults).Kind);
        Assert.Equal(Chain.Height, end.Height);
    }

    [Fact]
    public async Task Pages_follow_each_other_and_progress_is_told()
    {
        var end = await RunAsync(new FakePeer(FourBanks.Bank, Chain.Blocks, Chain.Height, page: 3));

        Assert.Equal(Chain.Height, end.Height);
        Assert.InRange(said.Count(line => line.StartsWith("catching up", StringComparison.Ordinal)), 15, 20);
        Assert.Contains("100 %", said[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_quorum_signed_and_the_rules_do_not_make_ends_the_node()
    {
        // Three banks sign a state that does not follow.
        var block = Chain.Blocks[1].Block;
        var forged = Block.Of(block.Envelope, block.Entries.Span, block.Header with { StateRoot = new(6, 6) });
        var history = new HistoryTree(FourBanks.Genesis.Chain.Suite);
        foreach (var leaf in Chain.Blocks[0].Block.Leaves.Concat(forged.Leaves)) history.Append(MerkleHash.OfLeaf(FourBanks.Genesis.Chain.Suite, leaf.Span));
        var note = FourBanks.Sign(new(FourBanks.Genesis.Origin, history.Size, history.Root()), FourBanks.Quorum);

        var contradicted = await Assert.ThrowsAsync<QuorumContradictedException>(() => RunAsync(new FakePeer(FourBanks.Bank, [Chain.Blocks[0], (forged, note)], 1)));
        Assert.Equal(1UL, contradicted.Height);
        Assert.Empty(appended);
    }

    [Fact]
    public async Task A_follower_goes_on_from_block_to_block_and_leaves_a_liar_alone_for_a_while()
    {
        var chain = FourBanks.OfBlocks(3);
        var liar = new FakePeer(FourBanks.Bank, Lie(chain, "an entry is another"), 5);
        var honest = new LivePeer(FourBanks.Banks[1], chain);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var reached = new TaskCompletionSource();
        var asked = 0;
        liar.OnAsked = () => asked++;
        var catchUp = new CatchUp(fold, (blocks, note, _) =>
        {
            Take(blocks, note);
            if (note.Checkpoint.Size == chain.Fold.History.Size && chain.Height < 6) honest.Append();
            else if (chain.Height == 6) reached.TrySetResult();
            return default;
        }, said.Add, TimeProvider.System);

        var following = catchUp.FollowAsync([liar, honest], stop.Token);
        await await Task.WhenAny(reached.Task, following);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        Assert.Equal((6UL, 1), (catchUp.Height, asked));
    }

    static FourBanks Long()
    {
        var chain = FourBanks.OfBlocks(4);
        chain.Append(withCheckpoint: false);
        chain.Append(withCheckpoint: false);
        while (chain.Height < 130) chain.Append();
        return chain;
    }

    static FakePeer Honest(PartyId bank) => new(bank, Chain.Blocks, Chain.Height);

    Task<CaughtUp> RunAsync(params IPeer[] peers) => new CatchUp(fold, (blocks, note, _) =>
    {
        Take(blocks, note);
        return default;
    }, said.Add, TimeProvider.System).RunAsync(peers, Cancel);

    void Take(IReadOnlyList<FoldedBlock> blocks, Note note) => appended.AddRange(blocks.Select(folded => (folded.Block.Header.Height, note)));

    static List<(Block Block, Note? Checkpoint)> Lie(FourBanks of, string lie)
    {
        var blocks = of.Blocks.ToList();
        var (block, note) = (blocks[3].Block, blocks[3].Checkpoint!);
        blocks[3] = lie switch
        {
            "an entry is another" => (Block.Of(block.Envelope, of.Blocks[2].Block.Entries.Span, block.Header), note),
            "a header is another" => (Block.Of(block.Envelope, block.Entries.Span, block.Header with { Time = new(7) }), note),
            "the note names another root" => (block, FourBanks.Sign(note.Checkpoint with { Root = new(1, 2) }, FourBanks.Quorum)),
            "the note names another size" => (block, FourBanks.Sign(note.Checkpoint with { Size = 1 }, FourBanks.Quorum)),
            "the note is of another origin" => (block, FourBanks.Sign(note.Checkpoint with { Origin = "another/0" }, FourBanks.Quorum)),
            "a signature is another" => (block, note with { Signatures = [note.Signatures[0], note.Signatures[1], note.Signatures[2] with { Signature = note.Signatures[1].Signature }] }),
            "two banks signed" => (block, FourBanks.Sign(note.Checkpoint, FourBanks.Banks[..2])),
            "one bank signed three times" => (block, note with { Signatures = [note.Signatures[0], note.Signatures[0], note.Signatures[0]] }),
            "a block of another history" => (FourBanks.OfBlocks(3).Blocks[3].Block, note),
            _ => blocks[3],
        };
        if (lie == "a block is left out") blocks.RemoveAt(3);
        if (lie == "a block comes twice") blocks.Insert(3, blocks[2]);
        if (lie == "no checkpoint at the end") return [.. blocks.Take(3), (block, null)];
        if (lie == "blocks without end and no checkpoint") return [.. blocks.Select(one => (one.Block, (Note?)null))];
        return blocks;
    }
}
