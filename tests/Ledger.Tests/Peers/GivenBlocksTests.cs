using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Replay;
using Ledger.Node.Peers;

namespace Ledger.Tests.Peers;

/// <summary>What a peer gives as prepared is that, up to the octet that a quorum signed, or is nothing.</summary>
public sealed class GivenBlocksTests
{
    static readonly FourBanks Chain = FourBanks.OfBlocks(4);

    public static TheoryData<string, PeerFaultKind?> Gifts { get; } = new()
    {
        { "the blocks", null },
        { "an entry is another", PeerFaultKind.NotPrepared },
        { "one is left out", PeerFaultKind.BlockOutOfOrder },
        { "the last is left out", PeerFaultKind.NotPrepared },
        { "one more", PeerFaultKind.NotPrepared },
        { "a later epoch certified them again", null },
        { "an earlier epoch is certified", PeerFaultKind.NotPrepared },
        { "another root is certified", PeerFaultKind.NotPrepared },
        { "they begin too late", PeerFaultKind.BlockOutOfOrder },
    };

    [Theory, MemberData(nameof(Gifts))]
    public void Blocks_are_taken_only_up_to_exactly_where_a_quorum_prepared(string gift, PeerFaultKind? fault)
    {
        var fold = new Fold(FourBanks.Genesis);
        Block[] blocks = [.. Chain.Blocks.Select(static one => one.Block)];
        var prepared = new BlockPoint(1, blocks[3].EndLeaf, Chain.Fold.History.RootAt(blocks[3].EndLeaf));
        Block[] given = gift switch
        {
            "an entry is another" => [blocks[1], Block.Of(blocks[2].Envelope, blocks[1].Entries.Span, blocks[2].Header), blocks[3]],
            "one is left out" => [blocks[1], blocks[3]],
            "the last is left out" => blocks[1..3],
            "one more" => blocks[1..5],
            "they begin too late" => blocks[2..4],
            _ => blocks[1..4],
        };
        if (gift == "a later epoch certified them again") prepared = prepared with { Epoch = 2 };
        if (gift == "an earlier epoch is certified") prepared = prepared with { Epoch = 0 };
        if (gift == "another root is certified") prepared = prepared with { Root = new(1, 1) };
        var end = new ChainEnd(FourBanks.Genesis.Chain.Suite, FourBanks.Genesis.Origin, fold.Last.Header, fold.History.Edge(), FourBanks.Genesis.Policy);

        Assert.Equal(fault, GivenBlocks.Fault(end, given, prepared, FourBanks.Bank)?.Kind);
    }
}
