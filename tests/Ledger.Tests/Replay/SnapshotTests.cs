using System.Security.Cryptography;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Suites;
using Ledger.Tests.Vectors;

namespace Ledger.Tests.Replay;

/// <summary>A snapshot is believed only when its contents give the state root of a header under a quorum's signatures.</summary>
public class SnapshotTests
{
    // Its chain has records of nearly every kind, and ids that are kept.
    const string Title = "money";

    static readonly Lazy<ChainAudit> Told = new(() => Audit(Title));

    static Genesis Genesis => Told.Value.Fold.Genesis;

    static FrozenLedger Frozen => Told.Value.Fold.Freeze(Told.Value.Covered!);

    static string FrozenPath => Path.Combine(GoldenStory.Of(Title).Folder, $"{FolderLayout.SnapshotName(Told.Value.Fold.Last.Header.Height)}.golden");

    [Fact]
    public void The_frozen_chain_gives_the_frozen_snapshot()
    {
        if (Environment.GetEnvironmentVariable("LEDGER_FREEZE_SNAPSHOT") == "1") File.WriteAllBytes(FrozenPath, Written());

        Assert.Equal(File.ReadAllBytes(FrozenPath), Written());
    }

    [Theory]
    [InlineData("ledger")]
    [InlineData("money")]
    [InlineData("bills")]
    [InlineData("register")]
    public void A_snapshot_is_read_as_the_state_that_it_was_written_from(string title)
    {
        var audit = Audit(title);
        using var stream = new MemoryStream(Written(audit.Fold.Freeze(audit.Covered!)));

        var snapshot = Snapshot.Read(stream, audit.Fold.Genesis, audit.Fold.Genesis.PolicyOf(audit.Fold.State.Certifiers), out var fault);

        Assert.Null(fault);
        Assert.Equal(audit.Fold.Last.Header, snapshot!.Header);
        Assert.Equal(audit.Fold.State.AllRecords(), snapshot.State.AllRecords());
        Assert.Equal(audit.Fold.State.KeptIds, snapshot.State.KeptIds);
        Assert.Equal(audit.Fold.State.NextDeadline, snapshot.State.NextDeadline);
        Assert.Equal((ulong)audit.Fold.State.AllRecords().Count(), snapshot.Records);
        Assert.Equal(audit.Covered, snapshot.Checkpoint);
    }

    [Fact]
    public void An_audit_that_goes_on_from_a_snapshot_ends_where_the_whole_one_does()
    {
        var story = GoldenStory.Of(Title);
        var snapshots = new List<byte[]>();
        var whole = new ChainAudit(Genesis, verifySignatures: false);
        var told = 0;
        whole.OnBlock = _ => told++;
        whole.OnCheckpoint = note => snapshots.Add(Written(whole.Fold.Freeze(note)));
        foreach (var name in story.SegmentNames) Assert.Null(whole.Read(name, story.Frozen(name)));

        foreach (var bytes in snapshots)
        {
            var snapshot = Read(bytes, out _)!;
            var behind = 0;
            var audit = new ChainAudit(Genesis, snapshot) { OnBlock = _ => behind++ };
            foreach (var name in story.SegmentNames) Assert.Null(audit.Read(name, story.Frozen(name)));

            Assert.Null(audit.Finish(story.SegmentNames[^1]));
            Assert.Equal(told - (int)snapshot.Header.Height, behind);
            Assert.Equal(whole.Fold.Checkpoint, audit.Fold.Checkpoint);
            Assert.Equal(whole.Fold.State.AllRecords(), audit.Fold.State.AllRecords());
            Assert.Equal(whole.Fold.State.KeptIds, audit.Fold.State.KeptIds);
        }
    }

    [Fact]
    public void A_snapshot_later_than_the_chain_or_of_another_history_leads_nowhere()
    {
        var story = GoldenStory.Of(Title);
        var first = story.SegmentNames[0];
        var ahead = new ChainAudit(Genesis, Read(Written(), out _)!);
        Assert.Null(ahead.Read(first, story.Frozen(first)));
        Assert.Equal(AuditFaultKind.SnapshotAhead, ahead.Finish(first)?.Kind);

        // The same story under fresh signatures: the same states, another history.
        var (_, segments) = story.Write(Genesis);
        var other = new ChainAudit(Genesis, Read(Written(), out _)!);
        Assert.Null(other.Read(segments[0].Name, segments[0].Bytes));
        Assert.Equal(AuditFaultKind.BlockDiffers, other.Read(segments[1].Name, segments[1].Bytes)?.Kind);
    }

    [Fact]
    public void What_is_written_later_does_not_reach_a_frozen_ledger()
    {
        var story = GoldenStory.Of(Title);
        var audit = new ChainAudit(Genesis, verifySignatures: false);
        Assert.Null(audit.Read(story.SegmentNames[0], story.Frozen(story.SegmentNames[0])));
        var frozen = audit.Fold.Freeze(audit.Covered!);
        var at = Written(frozen);

        Assert.Null(audit.Read(story.SegmentNames[1], story.Frozen(story.SegmentNames[1])));

        Assert.Equal(at, Written(frozen));
        Assert.Equal(frozen.Header.StateRoot, frozen.Tree.Root());
        Assert.NotEqual(frozen.Header.StateRoot, audit.Fold.Last.Header.StateRoot);
        Assert.NotNull(Read(at, out _));
    }

    [Fact]
    public void Every_wrong_octet_is_found_though_the_checksums_be_made_right()
    {
        var good = Written();
        var content = good.Length - TrailerSize - Hash256.Size;
        var wrong = new byte[good.Length];
        for (var place = 0; place < good.Length; place += place < 400 || place > content - 100 ? 1 : 61)
        {
            good.CopyTo(wrong, 0);
            wrong[place] ^= 0x20;
            Assert.Null(Read(wrong, out var fault));
            Assert.NotNull(fault);

            // Whoever lies also makes the checksums right.
            if (place >= content && place < content + Hash256.Size) continue;
            Rehash(wrong, content);
            var isRead = Read(wrong, out fault) is not null;

            // What alone may differ: a name or a signature that no key of the quorum knows, and the instant of an expiry within its minute.
            Assert.False(isRead && place < content - 100, $"octet {place} of {good.Length} was changed and nobody saw it");
        }
    }

    [Fact]
    public void A_snapshot_that_ends_early_or_late_is_none()
    {
        var good = Written();
        foreach (var length in new[] { 0, 1, 17, 60, 300, good.Length / 2, good.Length - 40, good.Length - 1 })
        {
            Assert.Null(Read(good[..length], out var fault));
            Assert.Equal(SnapshotFaultKind.Truncated, fault?.Kind);
        }

        Assert.Null(Read([.. good, 0], out var late));
        Assert.Equal(SnapshotFaultKind.LeftOver, late?.Kind);
    }

    [Fact]
    public void A_record_that_was_changed_added_or_left_out_is_found_by_the_root()
    {
        var records = Frozen.State.AllRecords().ToList();
        Fails(SnapshotFaultKind.RootDiffers, records[1..]);
        Fails(SnapshotFaultKind.RecordOutOfOrder, [records[1], records[0], .. records[2..]]);
        Fails(SnapshotFaultKind.RecordOutOfOrder, [records[0], .. records]);

        // Another party of the ledger holds the units.
        var place = records.FindIndex(record => record.Section == Section.Tokens);
        var value = records[place].Value!.Value.Span.ToArray();
        var others = records.Where(record => record.Section == Section.Parties && record.Key.Length == value[8] + 1 && !record.Key.Span.SequenceEqual(value.AsSpan(8, record.Key.Length))).ToArray();
        others[0].Key.Span.CopyTo(value.AsSpan(8));
        Fails(SnapshotFaultKind.RootDiffers, [.. records[..place], records[place] with { Value = new ByteString(value) }, .. records[(place + 1)..]]);

        static void Fails(SnapshotFaultKind kind, List<StateRecord> records)
        {
            Assert.Null(Read(WithRecords(records), out var fault));
            Assert.Equal(kind, fault?.Kind);
        }
    }

    [Fact]
    public void Without_the_quorums_signature_or_for_another_header_it_is_not_believed()
    {
        var frozen = Frozen;
        var other = Audit("ledger").Fold.Genesis;
        var line = frozen.Checkpoint.Signatures[0];
        var false1 = line.Signature.Span.ToArray();
        false1[^1] ^= 1;
        Fails(SnapshotFaultKind.CheckpointSignatureFalse, frozen with { Checkpoint = frozen.Checkpoint with { Signatures = [line with { Signature = new(false1) }] } });
        Fails(SnapshotFaultKind.CheckpointUntrusted, frozen with { Checkpoint = frozen.Checkpoint with { Signatures = [line with { KeyId = 1 }] } });
        Fails(SnapshotFaultKind.HeaderNotInHistory, frozen with { HeaderProof = [.. frozen.HeaderProof.Span[1..]] });
        Fails(SnapshotFaultKind.CheckpointMalformed, frozen with { Checkpoint = frozen.Checkpoint with { Checkpoint = frozen.Checkpoint.Checkpoint with { Origin = "other.example/0123456789abcdef" } } });
        Assert.NotNull(Snapshot.Read(new MemoryStream(Written(frozen)), Genesis, trusted: null, out _));
        Assert.Null(Snapshot.Read(new MemoryStream(Written(frozen)), Genesis, other.Policy, out _));

        Assert.Null(Snapshot.Read(new MemoryStream(Written()), other, other.Policy, out var foreign));
        Assert.Equal(SnapshotFaultKind.OtherChain, foreign?.Kind);

        static void Fails(SnapshotFaultKind kind, FrozenLedger ledger)
        {
            Assert.Null(Read(Written(ledger), out var fault));
            Assert.Equal(kind, fault?.Kind);
        }
    }

    static int TrailerSize => 4 + Frozen.Checkpoint.Write().Length + 1 + (Frozen.HeaderProof.Count * Hash256.Size) + Hash256.Size;

    static void Rehash(byte[] bytes, int content)
    {
        SHA256.HashData(bytes.AsSpan(0, content), bytes.AsSpan(content));
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - Hash256.Size), bytes.AsSpan(bytes.Length - Hash256.Size));
    }

    // The same file with other records in it and its checksums made right.
    static byte[] WithRecords(List<StateRecord> records)
    {
        var good = Written();
        var begin = 16 + 2 + Hash256.Size + Header.Size;
        var end = begin + Frozen.State.AllRecords().Sum(record => 1 + 2 + record.Key.Length + 4 + record.Value!.Value.Length + Hash256.Size);
        var writer = new BigEndianWriter(good.Length).Bytes(good.AsSpan(0, begin));
        foreach (var record in records)
        {
            Frozen.Tree.TryGetSalt((byte)record.Section, record.Key.Span, out var salt);
            writer.U8((byte)record.Section).U16((ushort)record.Key.Length).Bytes(record.Key.Span).U32((uint)record.Value!.Value.Length).Bytes(record.Value.Value.Span).Hash(salt);
        }

        var bytes = writer.Bytes(good.AsSpan(end)).ToArray();
        Rehash(bytes, bytes.Length - TrailerSize - Hash256.Size);
        return bytes;
    }

    static byte[] Written() => Written(Frozen);

    static byte[] Written(FrozenLedger ledger)
    {
        using var stream = new MemoryStream();
        Snapshot.Write(stream, ledger, TestContext.Current.CancellationToken);
        return stream.ToArray();
    }

    static Snapshot? Read(byte[] bytes, out SnapshotFault? fault) => Snapshot.Read(new MemoryStream(bytes), Genesis, Genesis.Policy, out fault);

    static ChainAudit Audit(string title)
    {
        var story = GoldenStory.Of(title);
        var genesis = Core.Chain.Genesis.Read(story.Frozen(FolderLayout.Genesis), KnownSuites.Find, out var problem);
        Assert.True(genesis is not null, problem);
        var audit = new ChainAudit(genesis!, verifySignatures: false);
        foreach (var name in story.SegmentNames) Assert.Null(audit.Read(name, story.Frozen(name)));
        return audit;
    }
}
