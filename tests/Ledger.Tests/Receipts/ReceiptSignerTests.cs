using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Suites.Cose;
using Ledger.Tests.Peers;

namespace Ledger.Tests.Receipts;

/// <summary>A bank's node signs, for whoever asks, what it holds final, and nothing else.</summary>
public sealed class ReceiptSignerTests : IAsyncLifetime
{
    readonly TestAuthority authority = new();
    readonly FourBanks chain = FourBanks.OfBlocks(4);
    ServedLedger served = null!;

    ulong Final => served.Reader.View.Checkpoint.Checkpoint.Size;

    public async ValueTask InitializeAsync() => served = await ServedLedger.StartAsync(chain, authority.Of(FourBanks.Bank));

    public async ValueTask DisposeAsync()
    {
        await served.DisposeAsync();
        authority.Dispose();
    }

    [Fact]
    public void Three_banks_of_four_say_of_every_leaf_at_every_height_what_a_quorum_is_believed()
    {
        var signers = FourBanks.Quorum.Select(SignerOf).ToArray();
        foreach (var (block, _) in chain.Blocks.Skip(1))
        {
            for (var leaf = 0UL; leaf < block.EndLeaf; leaf++)
            {
                var holder = chain.Blocks.Single(one => one.Block.FirstLeaf <= leaf && leaf < one.Block.EndLeaf).Block;
                var words = signers.Select(signer => Assert.IsType<CoseReceipt>(signer.Of(leaf, block.EndLeaf, out _)));
                var file = CoseReceiptFile.Of(new(holder.Leaves[(int)(leaf - holder.FirstLeaf)]), words);

                Assert.Equal(ProofVerdict.Verified, CoseReceiptFile.Read(file.Write(), out _)?.Verify(FourBanks.Genesis.Chain.Suite, FourBanks.Genesis.Policy).Verdict);
            }
        }
    }

    [Fact]
    public void Where_nothing_is_named_it_is_the_newest_checkpoint_and_what_is_signed_is_one_for_all_leaves()
    {
        var signer = SignerOf(FourBanks.Bank);
        var (first, second) = (signer.Of(1, null, out _), signer.Of(7, Final, out _));

        Assert.Equal((Final, Final, 7UL), (first?.Size, second?.Size, second?.Index));
        Assert.Equal(first?.Signature, second?.Signature);
    }

    [Fact]
    public void Nothing_is_signed_but_where_a_final_block_ends_behind_the_leaf()
    {
        var folded = chain.Append(withCheckpoint: false);
        served.Take(folded.Block, null);
        var signer = SignerOf(FourBanks.Bank);
        var end = chain.Blocks[2].Block.EndLeaf;

        Assert.Equal(Refusal.NotYetFinal, RefusalOf(signer, 1, folded.Block.EndLeaf));
        Assert.Equal(Refusal.NotYetFinal, RefusalOf(signer, folded.Block.FirstLeaf, null));
        Assert.Equal(Refusal.NotYetFinal, RefusalOf(signer, ulong.MaxValue, ulong.MaxValue));
        foreach (var inside in (ulong[])[0, 2, 3, end - 1, end + 1, Final - 1]) Assert.Equal((inside, Refusal.SizeOfNoBlock), (inside, RefusalOf(signer, 0, inside)));
        Assert.Equal(Refusal.SizeOfNoBlock, RefusalOf(signer, end, end));
        Assert.Equal(Refusal.HistoryHasNoPath, RefusalOf(signer, 0, 1));
        Assert.Equal(Refusal.None, RefusalOf(signer, end - 1, end));
    }

    [Fact]
    public void Who_is_no_validator_signs_nothing_and_neither_does_a_key_that_the_ledger_does_not_name_or_that_never_voted()
    {
        var mine = KeyOf(FourBanks.Bank);

        Assert.Equal(Refusal.SignsNoReceipts, RefusalOf(new(served.Reader, mine with { Bank = FourBanks.Regulator }), 1, null));
        Assert.Equal(Refusal.SignsNoReceipts, RefusalOf(new(served.Reader, mine with { PublicKey = KeyOf(FourBanks.Banks[1]).PublicKey }), 1, null));
        Assert.Equal(Refusal.SignsNoReceipts, RefusalOf(new(served.Reader, mine with { Mark = new(Path.Combine(Path.GetTempPath(), "ledger-no-such-mark")) }), 1, null));

        // The one of several keys that the ledger names.
        Assert.Equal(Refusal.None, RefusalOf(new(served.Reader, KeyOf(FourBanks.Banks[1]) with { Bank = FourBanks.Bank, Other = mine }), 1, null));
    }

    [Fact]
    public void Under_the_other_suite_none_is_signed()
    {
        using var world = new World(Stage.Sm2OverHttp, World.Morning);

        Assert.Equal(Refusal.NoCoseUnderSuite, RefusalOf(world.Node.Loop.Receipts, 1, null));
    }

    static Refusal RefusalOf(ReceiptSigner signer, ulong leaf, ulong? at)
    {
        var word = signer.Of(leaf, at, out var refusal);
        Assert.Equal(refusal == Refusal.None, word is not null);
        return refusal;
    }

    ReceiptSigner SignerOf(PartyId bank) => new(served.Reader, KeyOf(bank));

    static NodeKey KeyOf(PartyId bank) =>
        new(bank, FourBanks.Genesis.Text.Validators.Single(one => one.Bank == bank).NodeKey, message => FourBanks.SignAs(bank, message), _ => throw new InvalidOperationException("No line is signed here."));
}
