using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Node.Storage;
using Ledger.Tests.Replay;

namespace Ledger.Tests.Storage;

public sealed class RecoveryTests : IDisposable
{
    const int OpenerLength = 50 + SegmentCodec.Overhead;

    readonly DemoChain chain = DemoChain.WithMembers();

    public void Dispose() => chain.Dispose();

    [Fact]
    public void A_tail_torn_at_any_byte_is_cut_and_told()
    {
        var last = chain.Batch().Block;
        var storage = chain.Stored();
        var whole = storage[StoredChain.FirstSegment];
        var good = whole.Length - chain.Records(last).Length;
        storage[FolderLayout.Published] = new PublishedLength(0, (ulong)good).Write();

        for (var length = good; length < whole.Length; length++)
        {
            var torn = storage.Copy();
            torn[StoredChain.FirstSegment] = whole[..length];

            var recovered = chain.Recovered(torn);

            Assert.Equal(length == good ? null : new CutTail("000000000000.seg", good, length - good), recovered.Cut);
            Assert.Equal(1UL, recovered.Fold.Last.Header.Height);
            Assert.Equal(whole[..good], torn[StoredChain.FirstSegment]);
            recovered.Log.Append(chain.Records(last));
            Assert.Equal(whole, torn[StoredChain.FirstSegment]);
        }
    }

    [Fact]
    public void A_block_that_no_checkpoint_covers_is_cut()
    {
        var last = chain.Batch().Block;
        var storage = chain.Stored();
        var whole = storage[StoredChain.FirstSegment];
        var good = whole.Length - chain.Records(last).Length;
        storage[FolderLayout.Published] = [];
        storage[StoredChain.FirstSegment] = whole[..(good + last.Payload.Length + SegmentCodec.Overhead)];

        Assert.Equal(new CutTail("000000000000.seg", good, last.Payload.Length + SegmentCodec.Overhead), chain.Recovered(storage).Cut);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(700)]
    public void A_write_whose_sectors_did_not_all_reach_the_disk_is_a_torn_tail(int firstLost)
    {
        var last = chain.Accept(chain.Attest(chain.NewId<Core.Instruments.Document>(), DemoChain.Supplier, DemoChain.Obligor, 500)).Block;
        var storage = chain.Stored();
        var bytes = storage[StoredChain.FirstSegment];
        var good = bytes.Length - chain.Records(last).Length;
        storage[FolderLayout.Published] = new PublishedLength(0, (ulong)good).Write();

        // The end of the write, with a checkpoint that is whole, came through.
        bytes.AsSpan(good + firstLost, 1_100).Clear();

        Assert.Equal(new CutTail("000000000000.seg", good, bytes.Length - good), chain.Recovered(storage).Cut);
    }

    [Fact]
    public void Zeros_behind_the_last_checkpoint_are_a_torn_tail()
    {
        var storage = chain.Stored();
        var whole = storage[StoredChain.FirstSegment];
        storage[StoredChain.FirstSegment] = [.. whole, .. new byte[4_096]];

        Assert.Equal(new CutTail("000000000000.seg", whole.Length, 4_096), chain.Recovered(storage).Cut);
    }

    [Fact]
    public void What_was_acknowledged_is_never_cut()
    {
        var last = chain.Batch().Block;
        var storage = chain.Stored();
        var whole = storage[StoredChain.FirstSegment];
        var good = whole.Length - chain.Records(last).Length;

        foreach (var length in (ReadOnlySpan<int>)[good, good + 3, whole.Length - 1])
        {
            var shortened = storage.Copy();
            shortened[StoredChain.FirstSegment] = whole[..length];
            var fault = chain.Damage(shortened);

            Assert.Equal(AuditFaultKind.AcknowledgedMissing, fault.Kind);
            Assert.Equal(length == whole.Length - 1 ? good + last.Payload.Length + SegmentCodec.Overhead : good, fault.Offset);
            Assert.Equal(whole[..length], shortened[StoredChain.FirstSegment]);
        }
    }

    [Fact]
    public void A_segment_that_was_acknowledged_and_is_gone_is_missed()
    {
        var storage = chain.Stored(segmentSize: 1);
        storage.Remove("chain/000000000001.seg");

        var fault = chain.Damage(storage);

        Assert.Equal(("000000000001.seg", AuditFaultKind.AcknowledgedMissing), (fault.File, fault.Kind));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(OpenerLength - 1)]
    [InlineData(OpenerLength)]
    [InlineData(OpenerLength + 100)]
    public void A_segment_that_a_crash_left_without_a_checkpoint_is_removed(int length)
    {
        var founded = new MemoryStorage();
        chain.Found(founded, segmentSize: 1).Dispose();
        var full = chain.Stored(segmentSize: 1);
        founded["chain/000000000001.seg"] = full["chain/000000000001.seg"][..length];

        var recovered = chain.Recovered(founded, segmentSize: 1);

        Assert.Equal(new CutTail("000000000001.seg", 0, length), recovered.Cut);
        Assert.False(founded.Has("chain/000000000001.seg"));
        Assert.Equal("flush chain/", founded.Steps[Array.IndexOf(founded.Steps, "remove chain/000000000001.seg") + 1]);
        recovered.Log.Append(chain.Records(chain.Blocks[1]));
        Assert.Equal(full["chain/000000000001.seg"], founded["chain/000000000001.seg"]);
    }

    [Theory]
    [InlineData("chain/000000000003.seg")]
    [InlineData("chain/000000000001.seg")]
    public void A_segment_of_another_place_or_chain_is_damage(string name)
    {
        using var other = DemoChain.WithMembers();
        var storage = new MemoryStorage();
        chain.Found(storage).Dispose();
        storage[name] = other.Stored(segmentSize: 1)["chain/000000000001.seg"];

        var fault = chain.Damage(storage);

        Assert.Equal(name.EndsWith("1.seg", StringComparison.Ordinal) ? AuditFaultKind.OpenerDiffers : AuditFaultKind.SegmentOutOfOrder, fault.Kind);
        Assert.True(storage.Has(name));
    }

    [Fact]
    public void Files_that_are_no_segments_are_nobodys_business()
    {
        var storage = chain.Stored();
        storage["chain/.DS_Store"] = [1];
        storage["chain/000000000001.seg.bak"] = [2];

        Assert.Null(chain.Recovered(storage).Cut);
        Assert.True(storage.Has("chain/000000000001.seg.bak"));
    }

    [Fact]
    public void A_chain_whose_first_segment_is_gone_or_empty_is_damage()
    {
        var storage = chain.Stored();
        storage[FolderLayout.Published] = [];
        storage[StoredChain.FirstSegment] = [];
        Assert.Equal(AuditFaultKind.Empty, chain.Damage(storage).Kind);

        storage.Remove(StoredChain.FirstSegment);
        Assert.Equal(AuditFaultKind.SegmentOutOfOrder, chain.Damage(storage).Kind);
    }

    [Fact]
    public void A_flipped_byte_of_any_kind_is_found_where_it_is_and_nothing_is_altered()
    {
        chain.Accept(chain.Attest(chain.NewId<Core.Instruments.Document>(), DemoChain.Supplier, DemoChain.Obligor, 500));
        chain.Batch();
        var storage = chain.Stored();
        var target = chain.Blocks[2];
        var record = OpenerLength + chain.Records(chain.Blocks[0]).Length + chain.Records(chain.Blocks[1]).Length;
        var payload = record + SegmentCodec.HeadSize;
        var envelope = payload + 4 + 2;
        var entry = envelope + target.Leaves[0].Length + 2;
        var header = entry + target.Leaves[1].Length + 2;
        var checksum = header + Header.Size;
        var note = checksum + 4;
        var lastBlock = note + SegmentCodec.Overhead + chain.NoteOf(target).Write().Length;
        var lastNote = lastBlock + SegmentCodec.Overhead + chain.Blocks[3].Payload.Length;

        (int Flipped, int Record, ulong Height, AuditFaultKind Kind, int? Leaf)[] cases =
        [
            (0, 0, 0, AuditFaultKind.RecordTypeUnknown, null),
            (2, 0, 0, AuditFaultKind.RecordLengthWrong, null),
            (10, 0, 0, AuditFaultKind.ChecksumDiffers, null),
            (OpenerLength - 1, 0, 0, AuditFaultKind.ChecksumDiffers, null),
            (OpenerLength + 100, OpenerLength, 0, AuditFaultKind.ChecksumDiffers, 0),
            (record, record, 2, AuditFaultKind.RecordTypeUnknown, null),
            (record + 1, record, 2, AuditFaultKind.RecordLengthWrong, null),
            (record + 3, record, 2, AuditFaultKind.RecordLengthWrong, null),
            (payload, record, 2, AuditFaultKind.ChecksumDiffers, 0),
            (envelope - 1, record, 2, AuditFaultKind.ChecksumDiffers, 0),
            (envelope, record, 2, AuditFaultKind.ChecksumDiffers, 0),
            (envelope + 60, record, 2, AuditFaultKind.ChecksumDiffers, 0),
            (entry + 2, record, 2, AuditFaultKind.ChecksumDiffers, 1),
            (entry + 100, record, 2, AuditFaultKind.ChecksumDiffers, 1),
            (header - 20, record, 2, AuditFaultKind.ChecksumDiffers, 1),
            (header + 120, record, 2, AuditFaultKind.ChecksumDiffers, 2),
            (checksum, record, 2, AuditFaultKind.ChecksumDiffers, null),
            (note, note, 3, AuditFaultKind.RecordTypeUnknown, null),
            (note + 1, note, 2, AuditFaultKind.RecordLengthWrong, null),
            (note + SegmentCodec.HeadSize + 3, note, 2, AuditFaultKind.ChecksumDiffers, null),
            (lastBlock + 40, lastBlock, 3, AuditFaultKind.ChecksumDiffers, 0),
            (lastNote + 40, lastNote, 3, AuditFaultKind.ChecksumDiffers, null),
            (storage[StoredChain.FirstSegment].Length - 1, lastNote, 3, AuditFaultKind.ChecksumDiffers, null),
        ];

        foreach (var (flipped, offset, height, kind, leaf) in cases)
        {
            var damaged = storage.Copy();
            damaged[StoredChain.FirstSegment][flipped] ^= 0x40;
            var before = damaged.Copy();

            var fault = chain.Damage(damaged);

            Assert.Equal((flipped, "000000000000.seg", (long)offset, height, kind, leaf), (flipped, fault.File, fault.Offset, fault.Height, fault.Kind, fault.Leaf?.Leaf));
            Assert.Equal(before[StoredChain.FirstSegment], damaged[StoredChain.FirstSegment]);
            Assert.Equal(before[FolderLayout.Published], damaged[FolderLayout.Published]);
        }
    }

    [Fact]
    public void A_flipped_byte_before_a_good_checkpoint_is_damage_even_if_nothing_was_published()
    {
        var last = chain.Batch().Block;
        var storage = chain.Stored();
        var whole = storage[StoredChain.FirstSegment];
        var good = whole.Length - chain.Records(last).Length;
        storage[FolderLayout.Published] = [];

        for (var at = good; at < good + last.Payload.Length + SegmentCodec.Overhead; at += 7)
        {
            var damaged = storage.Copy();
            damaged[StoredChain.FirstSegment][at] ^= 0x40;

            var fault = chain.Damage(damaged);

            Assert.Equal((at, (long)good, 2UL), (at, fault.Offset, fault.Height));
        }
    }

    [Fact]
    public void Damage_in_an_earlier_segment_names_its_file()
    {
        for (var i = 0; i < 3; i++) chain.Batch();
        var storage = chain.Stored(segmentSize: 1);
        storage["chain/000000000002.seg"][OpenerLength + 50] ^= 1;

        var fault = chain.Damage(storage);

        Assert.Equal(("000000000002.seg", (long)OpenerLength, 2UL), (fault.File, fault.Offset, fault.Height));
    }

    [Fact]
    public void A_segment_must_end_in_a_checkpoint_before_the_next_begins()
    {
        chain.Batch();
        var storage = chain.Stored(segmentSize: 1);
        var bytes = storage["chain/000000000001.seg"];
        storage["chain/000000000001.seg"] = bytes[..(OpenerLength + chain.Blocks[1].Payload.Length + SegmentCodec.Overhead)];

        var fault = chain.Damage(storage);

        Assert.Equal(("000000000002.seg", 0L, AuditFaultKind.Uncovered, 1UL), (fault.File, fault.Offset, fault.Kind, fault.Height));
    }
}
