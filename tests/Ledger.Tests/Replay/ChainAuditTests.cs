using Ledger.Core.Chain;
using Ledger.Core.Replay;

namespace Ledger.Tests.Replay;

public sealed class ChainAuditTests : IDisposable
{
    readonly ChainFixture chain = ChainFixture.Small();

    public void Dispose() => chain.Dispose();

    [Fact]
    public void A_checksum_that_flipped_over_a_good_block_accuses_no_leaf()
    {
        foreach (var height in (ReadOnlySpan<ulong>)[0, 1])
        {
            var bytes = chain.Segments.Single().Bytes;
            var block = OffsetOf(RecordType.Block, (int)height, bytes, out var length);
            bytes[block + length - 1] ^= 1;

            Assert.Equal(new AuditFault(SegmentCodec.FileName(0), block, AuditFaultKind.ChecksumDiffers, height, Leaf: null), Audit(bytes));
        }
    }

    [Fact]
    public void A_flipped_checkpoint_is_about_the_block_before_it()
    {
        var bytes = chain.Segments.Single().Bytes;
        var checkpoint = OffsetOf(RecordType.Checkpoint, 1, bytes, out var length);
        bytes[checkpoint + length - 10] ^= 1;

        Assert.Equal(new AuditFault(SegmentCodec.FileName(0), checkpoint, AuditFaultKind.ChecksumDiffers, 1), Audit(bytes));
    }

    [Fact]
    public void A_header_that_the_rules_do_not_make_is_named_at_its_own_height()
    {
        var bytes = chain.Segments.Single().Bytes;
        var block = OffsetOf(RecordType.Block, 1, bytes, out var length);
        var payload = bytes[(block + SegmentCodec.HeadSize)..(block + length - SegmentCodec.Overhead + SegmentCodec.HeadSize)];
        payload[^1] ^= 1;
        SegmentCodec.Write(RecordType.Block, payload, bytes.AsSpan(block));

        // Envelope, two entries, header.
        Assert.Equal(new AuditFault(SegmentCodec.FileName(0), block, AuditFaultKind.BlockDiffers, 1, new(3, LeafFaultKind.HeaderDiffers)), Audit(bytes));
    }

    [Fact]
    public void A_segment_must_end_in_a_checkpoint_before_the_next_begins()
    {
        chain.Append(withCheckpoint: false);
        chain.OpenSegment();
        chain.Append();
        var segments = chain.Segments.ToArray();
        var audit = NewAudit();

        Assert.Null(audit.Read(segments[0].Name, segments[0].Bytes));
        Assert.Equal(new AuditFault(segments[1].Name, 0, AuditFaultKind.Uncovered, 4), audit.Read(segments[1].Name, segments[1].Bytes));
    }

    ChainAudit NewAudit() => new(chain.Founding.Genesis, verifySignatures: true);

    AuditFault? Audit(byte[] segment) => NewAudit().Read(SegmentCodec.FileName(0), segment);

    static int OffsetOf(RecordType type, int number, ReadOnlySpan<byte> segment, out int length)
    {
        var offset = 0;
        while (SegmentCodec.TryRead(segment[offset..], out var record, out _))
        {
            length = record.Length;
            if (record.Type == type && number-- == 0) return offset;
            offset += record.Length;
        }

        throw new ArgumentException("There is no such record.", nameof(number));
    }
}
