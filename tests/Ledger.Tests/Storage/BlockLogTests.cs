using Ledger.Core.Chain;
using Ledger.Node.Storage;
using Ledger.Tests.Replay;

namespace Ledger.Tests.Storage;

public sealed class BlockLogTests : IDisposable
{
    readonly DemoChain chain = DemoChain.WithMembers();

    public void Dispose() => chain.Dispose();

    [Fact]
    public void What_was_written_is_read_back_and_replays_to_the_same_ledger()
    {
        chain.Accept(chain.Attest(chain.NewId<Core.Instruments.Document>(), DemoChain.Supplier, DemoChain.Obligor, 500));
        chain.Batch();
        var storage = chain.Stored();

        var (log, fold, checkpoint, cut) = chain.Recovered(storage);
        using var _ = log;

        Assert.Null(cut);
        Assert.Equal(chain.Fold.Checkpoint, checkpoint.Checkpoint);
        Assert.Equal(chain.Fold.Checkpoint, fold.Checkpoint);
        Assert.Equal(chain.Fold.Last.Header, fold.Last.Header);
        Assert.Equal((ulong)chain.Blocks.Count, log.Count);
        foreach (var block in chain.Blocks)
        {
            Assert.True(log.ReadBlock(block.Header.Height)!.Payload.Span.SequenceEqual(block.Payload.Span));
            Assert.Equal(chain.NoteOf(block).ToString(), log.ReadNote(block.Header.Height)!.ToString());
        }

        Assert.Null(log.ReadBlock(log.Count));
        Assert.Null(log.ReadNote(log.Count));
    }

    [Fact]
    public void Recovery_tells_every_block_and_how_far_it_is()
    {
        var storage = chain.Stored();
        var heights = new List<ulong>();
        var last = default(RecoveryProgress);

        var recovery = BlockLog.Open(
            storage, chain.Genesis, BlockLog.DefaultSegmentSize, verifySignatures: true, progress => last = progress, folded => heights.Add(folded.Block.Header.Height));

        Assert.IsType<Recovery.Complete>(recovery).Log.Dispose();
        Assert.Equal([1UL], heights);
        Assert.Equal(chain.Fold.History.Size, last.Leaves);
        Assert.Equal((2UL, (long)storage[StoredChain.FirstSegment].Length), (last.Blocks, last.TotalBytes));
        Assert.InRange(last.Bytes, 1, last.TotalBytes);
    }

    [Fact]
    public void A_recovered_log_goes_on_where_it_ended()
    {
        var storage = chain.Stored();
        var block = chain.Batch().Block;

        using (var log = chain.Recovered(storage).Log)
        {
            log.Append(chain.Records(block));
            log.Flush();
        }

        Assert.Equal(chain.Stored()[StoredChain.FirstSegment], storage[StoredChain.FirstSegment]);
    }

    [Fact]
    public void Nothing_can_be_read_before_it_is_flushed_under_a_checkpoint()
    {
        var storage = new MemoryStorage();
        using var log = chain.Found(storage);
        var record = new byte[chain.Blocks[1].Payload.Length + SegmentCodec.Overhead];
        SegmentCodec.Write(RecordType.Block, chain.Blocks[1].Payload.Span, record);

        log.Append(record);
        Assert.Null(log.ReadBlock(1));
        log.Flush();
        Assert.Null(log.ReadBlock(1));

        log.Append(BlockLog.Records([], chain.NoteOf(chain.Blocks[1])));
        Assert.Null(log.ReadBlock(1));
        log.Flush();
        Assert.NotNull(log.ReadBlock(1));
    }

    [Fact]
    public void One_checkpoint_can_cover_a_group_of_blocks()
    {
        var group = new[] { chain.Blocks[1], chain.Batch().Block, chain.Batch().Block };
        var storage = new MemoryStorage();
        using (var log = chain.Found(storage))
        {
            log.Append(BlockLog.Records(group, chain.NoteOf(group[^1])));
            log.Flush();
        }

        using var recovered = chain.Recovered(storage).Log;
        Assert.Equal(4UL, recovered.Count);
        Assert.Equal(chain.NoteOf(group[^1]).ToString(), recovered.ReadNote(1)!.ToString());
        Assert.Equal(chain.NoteOf(chain.Blocks[0]).ToString(), recovered.ReadNote(0)!.ToString());
    }

    [Fact]
    public void Records_that_do_not_continue_the_chain_are_a_bug_and_write_nothing()
    {
        var next = chain.Batch().Block;
        var storage = new MemoryStorage();
        using var log = chain.Found(storage);
        var before = storage[StoredChain.FirstSegment];

        Assert.Throws<ArgumentException>(() => log.Append(chain.Records(next)));
        Assert.Throws<ArgumentException>(() => log.Append(chain.Records(chain.Blocks[0])));
        Assert.Throws<ArgumentException>(() => log.Append(chain.Records(chain.Blocks[1]).AsSpan()[..^1]));
        Assert.Equal(before, storage[StoredChain.FirstSegment]);
    }

    [Fact]
    public void Segments_roll_after_a_checkpoint_and_are_one_chain()
    {
        for (var i = 0; i < 4; i++) chain.Batch();
        var storage = chain.Stored(segmentSize: 1_000);

        var names = storage.List(FolderLayout.Chain);
        Assert.Equal(["000000000000.seg", "000000000002.seg", "000000000004.seg", "genesis.json"], names);
        using var log = chain.Recovered(storage, segmentSize: 1_000).Log;
        foreach (var block in chain.Blocks) Assert.True(log.ReadBlock(block.Header.Height)!.Payload.Span.SequenceEqual(block.Payload.Span));
    }

    [Fact]
    public void A_segment_does_not_end_between_a_block_and_its_checkpoint()
    {
        var storage = new MemoryStorage();
        using var log = chain.Found(storage, segmentSize: 1);
        var records = chain.Records(chain.Blocks[1]);
        var blockLength = chain.Blocks[1].Payload.Length + SegmentCodec.Overhead;

        log.Append(records.AsSpan()[..blockLength]);
        log.Append(records.AsSpan()[blockLength..]);

        Assert.Equal(["000000000000.seg", "000000000001.seg", "genesis.json"], storage.List(FolderLayout.Chain));
    }

    [Fact]
    public void The_old_segment_and_the_new_name_are_durable_before_the_new_segment_is_written()
    {
        var storage = new MemoryStorage();
        using var log = chain.Found(storage, segmentSize: 1);
        storage.ForgetSteps();

        log.Append(chain.Records(chain.Blocks[1]));
        log.Flush();

        const string second = "chain/000000000001.seg";
        Assert.Equal([$"flush {StoredChain.FirstSegment}", $"flush {second}", "flush chain/", $"write {second}", $"flush {second}", "write published"], storage.Steps);
    }

    [Fact]
    public void The_published_length_is_that_of_the_last_flushed_checkpoint()
    {
        var storage = new MemoryStorage();
        using var log = chain.Found(storage);
        var founded = storage[StoredChain.FirstSegment].Length;
        Assert.Equal(new PublishedLength(0, (ulong)founded).Write(), storage[FolderLayout.Published]);

        log.Append(chain.Records(chain.Blocks[1]));
        Assert.Equal(new PublishedLength(0, (ulong)founded).Write(), storage[FolderLayout.Published]);

        log.Flush();
        Assert.Equal(new PublishedLength(0, (ulong)storage[StoredChain.FirstSegment].Length).Write(), storage[FolderLayout.Published]);
        Assert.Equal("00000000000000000000000000000100", Convert.ToHexString(new PublishedLength(0, 256).Write()));
    }

    [Fact]
    public void Genesis_is_stored_verbatim_and_last()
    {
        var storage = new MemoryStorage();
        chain.Found(storage).Dispose();

        Assert.Equal(chain.Genesis.Bytes.ToArray(), GenesisFile.Read(storage));
        Assert.Equal(["flush chain/genesis.json.new", "rename chain/genesis.json", "flush chain/"], storage.Steps[^3..]);
        Assert.Throws<InvalidOperationException>(() => chain.Found(storage));
    }

    [Fact]
    public void A_founding_that_a_crash_interrupted_is_begun_again()
    {
        var storage = new MemoryStorage();
        Assert.IsType<Recovery.NotFounded>(chain.Open(storage));
        storage[StoredChain.FirstSegment] = [1, 2, 3];
        storage["chain/genesis.json.new"] = [7];

        Assert.IsType<Recovery.NotFounded>(chain.Open(storage));
        chain.Found(storage).Dispose();

        chain.Recovered(storage).Log.Dispose();
    }

    [Fact]
    public void A_folder_of_another_genesis_is_told_and_left_alone()
    {
        var storage = chain.Stored();
        using var other = new DemoChain();
        var before = storage.Copy();

        var found = Assert.IsType<Recovery.OtherGenesis>(other.Open(storage)).Found;

        Assert.Equal(chain.Genesis.Chain.ChainId, found);
        Assert.Equal(before[StoredChain.FirstSegment], storage[StoredChain.FirstSegment]);
        Assert.Equal(before[FolderLayout.Published], storage[FolderLayout.Published]);
    }

    [Fact]
    public void A_full_disk_leaves_the_log_as_it_was_and_the_write_can_be_made_again()
    {
        var storage = new MemoryStorage();
        using var log = chain.Found(storage);
        var records = chain.Records(chain.Blocks[1]);
        var before = storage[StoredChain.FirstSegment];

        storage.Room = records.Length / 2;
        var fault = Assert.Throws<StorageFault>(() => log.Append(records));
        Assert.True(fault.MayRetry);
        Assert.Equal(StoredChain.FirstSegment, fault.File);
        Assert.Contains("No space left", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, storage[StoredChain.FirstSegment]);

        storage.Room = long.MaxValue;
        log.Append(records);
        log.Flush();
        Assert.Equal(chain.Stored()[StoredChain.FirstSegment], storage[StoredChain.FirstSegment]);
    }

    [Fact]
    public void A_disk_that_is_full_where_a_segment_begins_can_be_tried_again()
    {
        var storage = new MemoryStorage();
        using var log = chain.Found(storage, segmentSize: 1);

        storage.Room = 100;
        Assert.True(Assert.Throws<StorageFault>(() => log.Append(chain.Records(chain.Blocks[1]))).MayRetry);
        storage.Room = long.MaxValue;
        log.Append(chain.Records(chain.Blocks[1]));
        log.Flush();

        Assert.Equal(2UL, chain.Recovered(storage).Log.Count);
    }

    [Fact]
    public void Where_a_part_of_a_write_cannot_be_cut_off_the_log_takes_nothing_more()
    {
        var storage = new MemoryStorage();
        using var log = chain.Found(storage);
        storage.Room = 10;
        storage.SetLengthFails = true;

        Assert.False(Assert.Throws<StorageFault>(() => log.Append(chain.Records(chain.Blocks[1]))).MayRetry);
        storage.Room = long.MaxValue;
        storage.SetLengthFails = false;

        Assert.Throws<InvalidOperationException>(() => log.Append(chain.Records(chain.Blocks[1])));
        Assert.Equal(new CutTail("000000000000.seg", storage[StoredChain.FirstSegment].Length - 10, 10), chain.Recovered(storage.Copy()).Cut);
    }

    [Fact]
    public void After_a_failed_flush_the_log_takes_nothing_more_and_has_published_nothing()
    {
        var storage = new MemoryStorage();
        using var log = chain.Found(storage);
        var published = storage[FolderLayout.Published];
        log.Append(chain.Records(chain.Blocks[1]));

        storage.FlushFails = true;
        Assert.False(Assert.Throws<StorageFault>(log.Flush).MayRetry);
        storage.FlushFails = false;

        Assert.Throws<InvalidOperationException>(log.Flush);
        Assert.Throws<InvalidOperationException>(() => log.Append(chain.Records(chain.Blocks[1])));
        Assert.Equal(published, storage[FolderLayout.Published]);
        Assert.Null(log.ReadBlock(1));
    }

    [Fact]
    public void A_block_that_the_disk_changed_later_is_never_handed_out()
    {
        var storage = chain.Stored();
        using var log = chain.Recovered(storage).Log;
        storage[StoredChain.FirstSegment][^400] ^= 1;

        Assert.Contains("height 1", Assert.Throws<InvalidDataException>(() => log.ReadBlock(1)).Message, StringComparison.Ordinal);
        Assert.NotNull(log.ReadBlock(0));
    }
}
