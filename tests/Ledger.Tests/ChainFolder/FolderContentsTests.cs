using Ledger.Client.ChainFolder;
using Ledger.Core.Chain;
using Ledger.Core.State;
using Folder = Ledger.Client.ChainFolder.ChainFolder;

namespace Ledger.Tests.ChainFolder;

/// <summary>What no hash binds is still not free: a folder holds the chain as its node spells it, and nothing that could be taken for more of it.</summary>
public sealed class FolderContentsTests : IDisposable
{
    readonly TemporaryFolder temporary = new();
    readonly ChainFixture chain = ChainFixture.Small();

    string Chain => temporary[FolderLayout.Chain];

    public void Dispose()
    {
        chain.Dispose();
        temporary.Dispose();
    }

    [Theory]
    [InlineData(7)]
    [InlineData(999)]
    [InlineData(1006)]
    [InlineData(1999)]
    [InlineData(2001)]
    [InlineData(5000)]
    [InlineData(5999)]
    [InlineData(20000)]
    [InlineData(65535)]
    public void A_transaction_is_passed_over_for_no_reason_that_the_ledger_does_not_have(int reason)
    {
        var skipped = chain.Fold.Last.Envelope!;
        Assert.Equal((ushort)Refusal.Malformed, Assert.Single(skipped.Skipped).Code);

        // The validator signs the lie: the leaf is under the checkpoint, and the batch's digest does not cover the reason.
        Lie(skipped with { Skipped = [skipped.Skipped[0] with { Code = (ushort)reason }] });

        Assert.Contains("not well formed", Falsified().English);
    }

    [Fact]
    public void Every_reason_that_the_ledger_has_is_a_reason()
    {
        var reasons = Enumerable.Range(0, ushort.MaxValue + 1).Where(code => EnvelopeLeaf.IsReason((ushort)code)).Select(code => (Refusal)code).ToArray();

        Assert.All(reasons, reason => Assert.True(reason < (Refusal)2000 || Core.DoublePledge.DoublePledgeCheck.IsAttempt(reason)));
        Assert.Equal(Enum.GetValues<Refusal>().Where(refusal => refusal is > 0 and < (Refusal)2000 or >= (Refusal)5000 and < (Refusal)6000), reasons);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(59)]
    public void A_segment_behind_the_last_that_holds_no_block_is_false(int length)
    {
        chain.OpenSegment();
        var opener = chain.Segments.Last().Bytes;
        chain.WriteTo(Chain);
        Assert.Equal(59, opener.Length);
        File.WriteAllBytes(temporary[FolderLayout.Chain, SegmentCodec.FileName(4)], opener[..length]);

        var fault = Falsified();

        Assert.Equal((SegmentCodec.FileName(4), 4UL), (fault.File, fault.Height));
        Assert.Contains("holds no block", fault.English);
    }

    [Theory]
    [InlineData("000000000004.SEG")]
    [InlineData("000000000000.seg.bak")]
    [InlineData("4.seg")]
    [InlineData("000000000000.seg~")]
    public void A_name_that_could_be_taken_for_a_segments_is_false(string name)
    {
        chain.WriteTo(Chain);
        File.WriteAllBytes(temporary[FolderLayout.Chain, name], chain.Segments.Single().Bytes);

        Assert.Equal((name, 4UL), (Falsified().File, Falsified().Height));
    }

    [Fact]
    public void Files_that_are_nobodys_are_named_and_no_part_of_the_verdict()
    {
        chain.WriteTo(Chain);
        Directory.CreateDirectory(temporary[FolderLayout.Chain, "old"]);
        File.WriteAllText(temporary[FolderLayout.Chain, "README.txt"], "read me");

        Assert.Equal(["README.txt", "old"], Assert.IsType<ChainVerdict.Verified>(Verify()).Report.ForeignFiles);
    }

    [Fact]
    public void Checkpoints_inside_may_be_left_out_and_none_stands_twice()
    {
        var records = Records();
        var inner = records.FindIndex(3, record => record.Type == RecordType.Checkpoint);

        Write([.. records[..inner], .. records[(inner + 1)..]]);
        Assert.Equal(chain.Fold.Checkpoint, Assert.IsType<ChainVerdict.Verified>(Verify()).Report.Checkpoint);

        Write([.. records[..inner], records[inner], .. records[inner..]]);
        Assert.Contains("directly behind a block", Falsified().English);

        // Nor at the head of the next segment, where it would repeat the one before.
        chain.OpenSegment();
        chain.Append();
        chain.WriteTo(Chain);
        var second = Read(chain.Segments.Last().Bytes);
        Write(SegmentCodec.FileName(4), [second[0], records[^1], .. second[1..]]);
        Assert.Contains("directly behind a block", Falsified().English);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(3_000)]
    public void A_tail_that_was_acknowledged_and_is_cut_gets_the_advice_that_helps(int cut)
    {
        chain.WriteTo(Chain);
        var file = temporary[FolderLayout.Chain, SegmentCodec.FileName(0)];
        var whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..^cut]);

        // Its node had said how far it was: starting it again would change nothing.
        File.WriteAllBytes(temporary[FolderLayout.Published], new PublishedLength(0, (ulong)whole.Length).Write());
        Assert.Contains("restore the data folder from a backup", Falsified().English);

        // Where it had not, the tail is a crash's, and the node cuts it.
        File.WriteAllBytes(temporary[FolderLayout.Published], new PublishedLength(0, (ulong)(whole.Length - 3_500)).Write());
        Assert.Contains("its next start cuts it", Falsified().English);
        File.Delete(temporary[FolderLayout.Published]);
        Assert.Contains("its next start cuts it", Falsified().English);
    }

    [Fact]
    public void A_chain_that_ends_where_a_record_does_is_held_against_what_its_node_had_published()
    {
        chain.WriteTo(Chain);
        var whole = chain.Segments.Single().Bytes;
        var last = Read(whole)[^2..].Sum(record => record.Payload.Length + SegmentCodec.Overhead);
        var file = temporary[FolderLayout.Chain, SegmentCodec.FileName(0)];
        File.WriteAllBytes(file, whole[..^last]);
        File.WriteAllBytes(temporary[FolderLayout.Published], new PublishedLength(0, (ulong)whole.Length).Write());

        var fault = Falsified();
        Assert.Equal((whole.Length - last, 3UL), (fault.Offset, fault.Height));
        Assert.Contains("acknowledged blocks are lost", fault.English);

        // So does a segment that is gone altogether.
        File.WriteAllBytes(file, whole);
        File.WriteAllBytes(temporary[FolderLayout.Published], new PublishedLength(4, 60).Write());
        Assert.Equal((SegmentCodec.FileName(4), 4UL), (Falsified().File, Falsified().Height));

        // A copy that lies beside the data folder's own chain is older, and whole.
        Directory.Move(Chain, temporary["copy"]);
        Assert.IsType<ChainVerdict.Verified>(Folder.Open(temporary["copy"]).Verify(null, null));
    }

    ChainVerdict Verify() => Folder.Open(temporary.Path).Verify(chain.Founding.Genesis.Chain.ChainId, null);

    ChainFault Falsified() => Assert.IsType<ChainVerdict.Falsified>(Verify()).Fault;

    // The last block with another envelope leaf, and a checkpoint over what that makes of the history.
    void Lie(EnvelopeLeaf leaf)
    {
        var suite = chain.Founding.Genesis.Chain.Suite;
        var last = chain.Fold.Last;
        var leaves = (byte[][])[leaf.Write(), .. last.Leaves.Skip(1).Select(one => one.ToArray())];
        var payload = new BigEndianWriter(last.Payload.Length).U32((uint)leaves.Length);
        foreach (var one in leaves) payload.U16((ushort)one.Length).Bytes(one);

        var records = Records();
        var history = new Frontier(suite);
        foreach (var (type, bytes) in records[..^2].Where(record => record.Type == RecordType.Block))
        {
            Assert.True(Block.TryRead(bytes, out var block));
            foreach (var one in block.Leaves) history.Append(MerkleHash.OfLeaf(suite, one.Span));
        }

        foreach (var one in leaves) history.Append(MerkleHash.OfLeaf(suite, one));
        var checkpoint = chain.Fold.Checkpoint with { Root = history.Root() };
        var key = chain.Founding.NodeKeys[chain.Bank];
        var note = new Note(checkpoint, [new(checkpoint.Origin, suite.NoteKeyId(checkpoint.Origin, key.PublicKey), new(key.SignNote(checkpoint.SignedBytes())))]);
        Write([.. records[..^2], (RecordType.Block, payload.ToArray()), (RecordType.Checkpoint, note.Write())]);
    }

    List<(RecordType Type, byte[] Payload)> Records() => Read(chain.Segments.First().Bytes);

    static List<(RecordType Type, byte[] Payload)> Read(ReadOnlySpan<byte> segment)
    {
        var records = new List<(RecordType, byte[])>();
        for (; SegmentCodec.TryRead(segment, out var record, out _); segment = segment[record.Length..]) records.Add((record.Type, record.Payload.ToArray()));
        return records;
    }

    void Write(IEnumerable<(RecordType Type, byte[] Payload)> records)
    {
        chain.WriteTo(Chain);
        Write(SegmentCodec.FileName(0), records);
    }

    void Write(string name, IEnumerable<(RecordType Type, byte[] Payload)> records)
    {
        using var file = File.Create(temporary[FolderLayout.Chain, name]);
        foreach (var (type, payload) in records)
        {
            var record = new byte[payload.Length + SegmentCodec.Overhead];
            SegmentCodec.Write(type, payload, record);
            file.Write(record);
        }
    }
}
