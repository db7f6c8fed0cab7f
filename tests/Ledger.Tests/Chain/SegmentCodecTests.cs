using System.Buffers.Binary;
using System.Text;
using Ledger.Core.Chain;

namespace Ledger.Tests.Chain;

public class SegmentCodecTests
{
    static readonly byte[] Payload = Encoding.ASCII.GetBytes("a payload that is no multiple of eight");

    [Fact]
    public void Records_are_read_back_one_after_the_other()
    {
        var segment = (byte[])[.. Record(RecordType.Opener, []), .. Record(RecordType.Block, Payload), .. Record(RecordType.Checkpoint, [1])];

        Assert.True(SegmentCodec.TryRead(segment, out var opener, out _));
        Assert.True(SegmentCodec.TryRead(segment.AsSpan(opener.Length), out var block, out _));
        Assert.Equal(RecordType.Block, block.Type);
        Assert.Equal(Payload, block.Payload.ToArray());
        Assert.True(SegmentCodec.TryRead(segment.AsSpan(opener.Length + block.Length), out var checkpoint, out var fault));
        Assert.Equal(RecordFault.None, fault);
        Assert.Equal(segment.Length, opener.Length + block.Length + checkpoint.Length);
    }

    [Fact]
    public void A_record_that_is_cut_anywhere_needs_more_bytes()
    {
        var record = Record(RecordType.Block, Payload);
        for (var length = 0; length < record.Length; length++) Assert.Equal(RecordFault.NeedsMoreBytes, Fault(record.AsSpan(0, length)));
    }

    [Fact]
    public void A_flipped_bit_is_found_wherever_it_is()
    {
        for (var bit = 0; bit < 8 * Record(RecordType.Block, Payload).Length; bit++)
        {
            var record = Record(RecordType.Block, Payload);
            record[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(RecordFault.None, Fault(record));
        }
    }

    [Fact]
    public void A_wrong_checksum_still_shows_the_record()
    {
        var record = Record(RecordType.Block, Payload);
        record[10] ^= 1;

        Assert.False(SegmentCodec.TryRead(record, out var damaged, out var fault));
        Assert.Equal(RecordFault.ChecksumMismatch, fault);
        Assert.Equal(RecordType.Block, damaged.Type);
        Assert.Equal(record.Length, damaged.Length);
    }

    [Fact]
    public void Unknown_types_and_lengths_out_of_range_are_told_at_once()
    {
        Assert.Equal(RecordFault.UnknownType, Fault([0]));
        Assert.Equal(RecordFault.UnknownType, Fault([4, 0, 0, 0, 0]));

        var head = new byte[] { 2, 0, 0, 0, 0 };
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(1), SegmentCodec.MaxPayload);
        Assert.Equal(RecordFault.NeedsMoreBytes, Fault(head));
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(1), SegmentCodec.MaxPayload + 1);
        Assert.Equal(RecordFault.LengthOutOfRange, Fault(head));
    }

    [Fact]
    public void The_checksum_is_the_public_CRC_32C()
    {
        // The catalogues' check value vouches for the slow one, and the slow one for a record's.
        Assert.Equal(0xE3069283, BitwiseCrc32C("123456789"u8));
        var record = Record(RecordType.Block, Payload);
        Assert.Equal(BitwiseCrc32C(record.AsSpan(..^4)), BinaryPrimitives.ReadUInt32BigEndian(record.AsSpan(^4..)));
    }

    [Fact]
    public void An_opener_says_where_its_segment_begins()
    {
        var opener = new SegmentOpener(Sample.ChainId, FirstHeight: 12, FirstLeaf: 345);
        Assert.True(SegmentOpener.TryRead(opener.Write(), out var read));
        Assert.Equal(opener, read);

        Assert.False(SegmentOpener.TryRead(opener.Write().AsSpan(1), out _));
        Assert.False(SegmentOpener.TryRead([.. opener.Write(), 0], out _));
        Assert.False(SegmentOpener.TryRead([0, 2, .. opener.Write().AsSpan(2)], out _));
        Assert.False(SegmentOpener.TryRead((opener with { ChainId = default }).Write(), out _));
    }

    [Theory]
    [InlineData(0, "000000000000.seg")]
    [InlineData(1_234_567, "000001234567.seg")]
    [InlineData(999_999_999_999, "999999999999.seg")]
    public void A_segment_is_named_by_its_first_height(ulong height, string name)
    {
        Assert.Equal(name, SegmentCodec.FileName(height));
        Assert.True(SegmentCodec.TryParseFileName(name, out var read));
        Assert.Equal(height, read);
    }

    [Theory]
    [InlineData("1.seg")]
    [InlineData("000000000000.SEG")]
    [InlineData("+00000000001.seg")]
    [InlineData("000000000000.seg.tmp")]
    [InlineData("")]
    public void Other_files_are_no_segments(string name) => Assert.False(SegmentCodec.TryParseFileName(name, out _));

    static byte[] Record(RecordType type, byte[] payload)
    {
        var record = new byte[payload.Length + SegmentCodec.Overhead];
        Assert.Equal(record.Length, SegmentCodec.Write(type, payload, record));
        return record;
    }

    static RecordFault Fault(ReadOnlySpan<byte> bytes)
    {
        Assert.Equal(SegmentCodec.TryRead(bytes, out _, out var fault), fault == RecordFault.None);
        return fault;
    }

    static uint BitwiseCrc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var octet in bytes)
        {
            crc ^= octet;
            for (var i = 0; i < 8; i++) crc = (crc >> 1) ^ ((crc & 1) == 1 ? 0x82F63B78 : 0);
        }

        return ~crc;
    }
}
