using System.Buffers.Binary;
using Ledger.Core.Chain;

namespace Ledger.Tests.Chain;

public class BlockTests
{
    [Fact]
    public void A_block_is_read_back_with_the_very_bytes_of_its_leaves()
    {
        Assert.True(Block.TryRead(Sample.Block.Write(), out var block));

        Assert.Equal(Sample.Envelope(3), block.Envelope?.Envelope);
        Assert.Equal(Sample.Entry("{\"third\":3}", code: 4003), block.Entries[1]);
        Assert.Equal(Sample.Header(2, 1), block.Header);
        Assert.Equal(4, block.Leaves.Count);
        Assert.Equal(block.Header.Write(), block.Leaves[3].ToArray());
        Assert.Equal((19UL, 23UL), (block.FirstLeaf, block.EndLeaf));
    }

    [Fact]
    public void Block_zero_is_one_header_and_no_other_block_is()
    {
        var genesis = Block.Of(null, [], Sample.Genesis);
        Assert.True(Block.TryRead(genesis.Payload, out var read));
        Assert.Null(read.Envelope);
        Assert.Equal(1UL, read.EndLeaf);

        Assert.Throws<ArgumentException>(() => Block.Of(null, [], Sample.Header(0, 0)));
        Assert.Throws<ArgumentException>(() => Block.Of(new(Sample.Envelope(0), []), [], Sample.Genesis));
    }

    [Fact]
    public void Counts_and_chain_must_agree_with_the_header()
    {
        var envelope = new EnvelopeLeaf(Sample.Envelope(2), [new(0, 1001, Sample.Text("skipped"))]);
        Assert.NotNull(Block.Of(envelope, [Sample.Entry("{}")], Sample.Header(1, 1)));

        Refuses(envelope, Sample.Header(2, 1));
        Refuses(envelope, Sample.Header(1, 0));
        Refuses(envelope with { Envelope = Sample.Envelope(3) }, Sample.Header(1, 1));
        Refuses(envelope with { Skipped = [] }, Sample.Header(1, 0));
        Refuses(envelope, Sample.Header(1, 1) with { ChainId = Sample.Text("other") });
        Refuses(envelope, Sample.Header(1, 1) with { FirstLeaf = ulong.MaxValue });

        static void Refuses(EnvelopeLeaf envelope, Header header) =>
            Assert.Throws<ArgumentException>(() => Block.Of(envelope, [Sample.Entry("{}")], header));
    }

    [Fact]
    public void Leaves_in_another_order_are_no_block()
    {
        var leaves = Sample.Block.Leaves;
        Assert.True(Block.TryRead(Payload(leaves[0], leaves[1], leaves[2], leaves[3]), out _));
        Assert.False(Block.TryRead(Payload(leaves[1], leaves[0], leaves[2], leaves[3]), out _));
        Assert.False(Block.TryRead(Payload(leaves[0], leaves[1], leaves[3], leaves[2]), out _));
        Assert.False(Block.TryRead(Payload(leaves[0], leaves[0], leaves[2], leaves[3]), out _));
        Assert.False(Block.TryRead(Payload(leaves[0], leaves[1], leaves[2]), out _));
    }

    [Fact]
    public void Cut_padded_and_miscounted_payloads_are_refused()
    {
        var payload = Sample.Block.Write();
        for (var length = 0; length < payload.Length; length++) Assert.False(Block.TryRead(payload.AsMemory(0, length), out _));
        Assert.False(Block.TryRead((byte[])[.. payload, 0], out _));

        foreach (var count in new[] { 0u, 3u, 5u, uint.MaxValue })
        {
            BinaryPrimitives.WriteUInt32BigEndian(payload, count);
            Assert.False(Block.TryRead(payload, out _));
        }
    }

    static byte[] Payload(params ReadOnlyMemory<byte>[] leaves)
    {
        List<byte> bytes = [0, 0, 0, (byte)leaves.Length];
        foreach (var leaf in leaves) bytes.AddRange([(byte)(leaf.Length >> 8), (byte)(leaf.Length & 0xFF), .. leaf.ToArray()]);
        return [.. bytes];
    }
}
