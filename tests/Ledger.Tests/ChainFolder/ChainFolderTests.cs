using Ledger.Client.ChainFolder;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Folder = Ledger.Client.ChainFolder.ChainFolder;

namespace Ledger.Tests.ChainFolder;

public sealed class ChainFolderTests : IDisposable
{
    readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData("ES256")]
    [InlineData("SM2")]
    public void A_whole_chain_is_verified_and_counted(string suite)
    {
        using var chain = new ChainFixture(suite);
        chain.Append(chain.Sign(chain.Bank, ChainFixture.Policy(1)), "{}"u8.ToArray());
        chain.OpenSegment();
        chain.Append(chain.Sign(chain.OtherBank, new Core.Rules.WithdrawOffer(new(7))));
        var path = chain.WriteTo(temporary["chain"]);

        var verified = Assert.IsType<ChainVerdict.Verified>(Folder.Open(path).Verify(chain.Founding.Genesis.Chain.ChainId, null));

        var report = verified.Report;
        Assert.Null(verified.UpTo);
        Assert.True(report.IsChainIdTrusted);
        Assert.Equal(chain.Fold.Checkpoint, report.Checkpoint);
        Assert.Equal((2UL, 3UL, 1UL, 1UL, 1UL), (report.Height, report.Blocks, report.Accepted, report.Refused, report.Skipped));

        // Two entries, two envelopes, three checkpoints.
        Assert.Equal((3UL, 7UL), (report.Checkpoints, report.Signatures));
        Assert.Equal(chain.Segments.Sum(segment => segment.Bytes.LongLength), report.Bytes);
    }

    [Fact]
    public void A_data_folder_and_its_chain_folder_are_the_same_to_a_verifier()
    {
        using var chain = ChainFixture.Small();
        chain.WriteTo(temporary[FolderLayout.Chain]);

        Assert.IsType<ChainVerdict.Verified>(Folder.Open(temporary.Path).Verify(null, null));
        Assert.IsType<ChainVerdict.Verified>(Folder.Open(temporary[FolderLayout.Chain]).Verify(null, null));
        Assert.False(Assert.IsType<ChainVerdict.Verified>(Folder.Open(temporary.Path).Verify(null, null)).Report.IsChainIdTrusted);
    }

    [Fact]
    public void Any_flipped_byte_is_found_and_named_by_file_record_height_and_leaf()
    {
        using var chain = ChainFixture.Small();
        var path = chain.WriteTo(temporary["chain"]);
        var (name, bytes) = Assert.Single(chain.Segments);
        var file = Path.Combine(path, name);
        var records = RecordsOf(bytes).ToArray();

        for (var place = 0; place < bytes.Length; place++)
        {
            bytes[place] ^= 0x01;
            File.WriteAllBytes(file, bytes);
            bytes[place] ^= 0x01;

            var falsified = Assert.IsType<ChainVerdict.Falsified>(Folder.Open(path).Verify(chain.Founding.Genesis.Chain.ChainId, null));
            var (offset, length, height, leaves) = records.Last(record => record.Offset <= place);
            Assert.Equal((name, offset, place), (falsified.Fault.File, falsified.Fault.Offset, place));

            // In a record whose type or length is damaged a checkpoint is not known for one, and the next block is expected there.
            if (place >= offset + SegmentCodec.HeadSize) Assert.Equal((height, place), (falsified.Fault.Height, place));
            else Assert.InRange(falsified.Fault.Height, Math.Max(height, 1) - 1, height + 1);

            var leaf = leaves.FindLastIndex(start => start <= place);
            var isLengthOfLeaf = leaves.Exists(start => start - place is 1 or 2);
            if (leaf < 0 || isLengthOfLeaf || place >= offset + length - 4) continue;

            // Why a transaction was skipped only the checksum and the roots know, so a wrong reason names no leaf.
            if (falsified.Fault.Leaf is not { } blamed)
            {
                Assert.Equal((0, place), (leaf, place));
                continue;
            }

            // An entry that reads well and is not in the digest is the envelope's contradiction.
            if (blamed == 0 && falsified.Fault.English.Contains("digest", StringComparison.Ordinal)) continue;
            Assert.Equal((leaf, place), (blamed, place));
        }
    }

    [Fact]
    public void A_changed_genesis_is_false_whether_the_id_is_trusted_or_named_by_the_segments()
    {
        using var chain = ChainFixture.Small();
        var path = chain.WriteTo(temporary["chain"]);
        var genesis = chain.Founding.Genesis.Bytes.ToArray();
        foreach (var place in (int[])[0, 20, genesis.Length / 2, genesis.Length - 1])
        {
            genesis[place] ^= 0x01;
            File.WriteAllBytes(Path.Combine(path, FolderLayout.Genesis), genesis);
            genesis[place] ^= 0x01;

            foreach (var trusted in (Hash256?[])[chain.Founding.Genesis.Chain.ChainId, null])
            {
                var falsified = Assert.IsType<ChainVerdict.Falsified>(Folder.Open(path).Verify(trusted, null));
                Assert.Equal((FolderLayout.Genesis, 0L, 0UL), (falsified.Fault.File, falsified.Fault.Offset, falsified.Fault.Height));
            }
        }
    }

    [Fact]
    public void A_chain_with_another_id_than_the_trusted_one_is_false()
    {
        using var chain = ChainFixture.Small();

        Assert.IsType<ChainVerdict.Falsified>(Folder.Open(chain.WriteTo(temporary["chain"])).Verify(new Hash256(1, 1), null));
    }

    [Fact]
    public void A_missing_segment_in_the_middle_is_false_and_named()
    {
        using var chain = new ChainFixture();
        chain.Append();
        chain.OpenSegment();
        chain.Append();
        chain.OpenSegment();
        chain.Append();
        var path = chain.WriteTo(temporary["chain"]);
        File.Delete(Path.Combine(path, SegmentCodec.FileName(2)));

        var fault = Assert.IsType<ChainVerdict.Falsified>(Folder.Open(path).Verify(null, null)).Fault;

        Assert.Equal((SegmentCodec.FileName(3), 0L, 2UL), (fault.File, fault.Offset, fault.Height));
    }

    [Fact]
    public void Bytes_that_no_checkpoint_covers_are_false()
    {
        using var chain = new ChainFixture();
        chain.Append();
        chain.Append(withCheckpoint: false);

        var falsified = Assert.IsType<ChainVerdict.Falsified>(Folder.Open(chain.WriteTo(temporary["chain"])).Verify(null, null));

        Assert.Contains("no checkpoint", falsified.Fault.English);
        Assert.Equal(2UL, falsified.Fault.Height);
    }

    [Fact]
    public void Without_genesis_or_without_blocks_nothing_can_be_checked()
    {
        using var chain = ChainFixture.Small();
        var path = chain.WriteTo(temporary["chain"]);
        var segment = Path.Combine(path, Assert.Single(chain.Segments).Name);

        File.WriteAllBytes(segment, []);
        Assert.IsType<ChainVerdict.CannotBeChecked>(Folder.Open(path).Verify(null, null));
        File.Delete(segment);
        Assert.IsType<ChainVerdict.CannotBeChecked>(Folder.Open(path).Verify(null, null));

        chain.WriteTo(path);
        File.Delete(Path.Combine(path, FolderLayout.Genesis));
        Assert.IsType<ChainVerdict.CannotBeChecked>(Folder.Open(path).Verify(chain.Founding.Genesis.Chain.ChainId, null));
    }

    [Fact]
    public void While_a_node_holds_the_folder_verification_stops_where_it_published()
    {
        using var chain = new ChainFixture();
        chain.Append();
        chain.OpenSegment();
        chain.Append();
        var covered = (ulong)chain.Segments.Last().Bytes.Length;
        chain.Append(withCheckpoint: false);
        chain.WriteTo(temporary[FolderLayout.Chain]);
        using var node = new FileStream(temporary[FolderLayout.Lock], FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        Assert.IsType<ChainVerdict.CannotBeChecked>(Folder.Open(temporary.Path).Verify(null, null));

        var published = new PublishedLength(2, covered);
        File.WriteAllBytes(temporary[FolderLayout.Published], published.Write());
        var verified = Assert.IsType<ChainVerdict.Verified>(Folder.Open(temporary.Path).Verify(null, null));
        Assert.Equal((published, 2UL), (verified.UpTo, verified.Report.Height));

        // The copy of the folder has no lock beside it, and forgives nothing.
        node.Dispose();
        Assert.IsType<ChainVerdict.Falsified>(Folder.Open(temporary.Path).Verify(null, null));
    }

    // Every record with the height that it is of and the places where its leaves begin, length bytes included.
    static IEnumerable<(long Offset, int Length, ulong Height, List<int> Leaves)> RecordsOf(byte[] segment)
    {
        ulong blocks = 0;
        for (var offset = 0; offset < segment.Length;)
        {
            Assert.True(SegmentCodec.TryRead(segment.AsSpan(offset), out var record, out _));
            var (type, length, leaves) = (record.Type, record.Length, new List<int>());
            var height = type == RecordType.Checkpoint ? blocks - 1 : blocks;
            if (type == RecordType.Block)
            {
                Assert.True(Block.TryRead(record.Payload.ToArray(), out var block));
                var place = offset + SegmentCodec.HeadSize + 4;
                foreach (var leaf in block.Leaves)
                {
                    leaves.Add(place);
                    place += 2 + leaf.Length;
                }

                blocks++;
            }

            yield return (offset, length, height, leaves);
            offset += length;
        }
    }
}
