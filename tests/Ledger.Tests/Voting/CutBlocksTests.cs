using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Node.Voting;
using Ledger.Tests.Storage;

namespace Ledger.Tests.Voting;

/// <summary>What gave way is kept on disk until something is final that it does not stand on.</summary>
public sealed class CutBlocksTests : IDisposable
{
    readonly ChainFixture chain = new();
    readonly MemoryStorage disk = new();
    readonly (Block Block, BlockPoint Point)[] blocks;

    public CutBlocksTests() => blocks = [.. Enumerable.Range(0, 3).Select(_ => (chain.Append().Block, new BlockPoint(1, chain.Fold.History.Size, chain.Fold.History.Root())))];

    public void Dispose() => chain.Dispose();

    [Fact]
    public void What_is_kept_is_read_again_and_given_up_to_any_of_its_ends()
    {
        Open(out _).Keep([blocks[1], blocks[2]]);
        var again = Open(out var read);
        Assert.Equal([blocks[1].Block.Header, blocks[2].Block.Header], read.Select(static block => block.Header));
        again.Keep([blocks[2], blocks[1]]);
        Assert.Equal([blocks[1].Block, blocks[2].Block], UpTo(again, blocks[2].Point));
        Assert.Equal([blocks[1].Block], UpTo(again, blocks[1].Point));
        Assert.Empty(UpTo(again, blocks[0].Point));
        Assert.Empty(UpTo(again, blocks[2].Point with { Root = blocks[1].Point.Root }));
    }

    [Fact]
    public void What_does_not_stand_on_what_is_final_is_forgotten()
    {
        var cut = Open(out _);
        cut.Keep([blocks[1], blocks[2]]);
        cut.Settle(blocks[0].Block.Header, []);
        Assert.Equal(2, cut.Kept.Count);
        cut.Settle(blocks[0].Block.Header, [blocks[1].Block.Header]);
        Assert.Equal(2, cut.Kept.Count);
        cut.Settle(blocks[1].Block.Header, []);
        Assert.Equal([blocks[2]], cut.Kept);
        Assert.True(disk.Has(FolderLayout.Cut));
        cut.Settle(blocks[2].Block.Header, []);
        Assert.Empty(cut.Kept);
        Assert.False(disk.Has(FolderLayout.Cut));
    }

    [Fact]
    public void A_file_of_which_nothing_stands_here_is_removed_once_something_is_final()
    {
        Open(out _).Keep([blocks[1]]);
        var again = Open(out _);
        again.Keep([]);
        again.Settle(blocks[2].Block.Header, []);
        Assert.False(disk.Has(FolderLayout.Cut));
    }

    [Fact]
    public void What_was_cut_first_goes_first_where_more_is_cut_than_may_wait()
    {
        var cut = Open(out _, most: blocks[1].Block.Payload.Length + blocks[2].Block.Payload.Length);
        cut.Keep([blocks[0]]);
        cut.Keep([blocks[1], blocks[2]]);
        Assert.Equal([blocks[1], blocks[2]], cut.Kept);
        cut.Keep([blocks[1]]);
        Assert.Equal([blocks[2], blocks[1]], cut.Kept);
    }

    CutBlocks Open(out IReadOnlyList<Block> read, long most = QuorumLedger.MaxPendingBytes) => CutBlocks.Open(disk, chain.Founding.Genesis.Chain.Suite, most, out read);

    IReadOnlyList<Block> UpTo(CutBlocks cut, BlockPoint point) => CutBlocks.BranchTo(chain.Founding.Genesis.Chain.Suite, cut.Kept, point.Size, point.Root);
}
