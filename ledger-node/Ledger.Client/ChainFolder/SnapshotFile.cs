using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;

namespace Ledger.Client.ChainFolder;

/// <summary>Where two states differ: a record's section and key, and on which side it is missing, if on one.</summary>
public sealed record RecordDifference(Section Section, ByteString Key, bool IsOnlyInFirst, bool IsOnlyInSecond);

/// <summary>Whether a snapshot is the ledger's at its height. False is not the same as unknown.</summary>
public abstract record SnapshotVerdict
{
    private protected SnapshotVerdict()
    {
    }

    /// <summary>Its contents give the state root of a header under a quorum's signatures, and where a chain was given, of that chain.</summary>
    public sealed record Verified(Snapshot Snapshot, bool IsComparedWithChain) : SnapshotVerdict;

    public sealed record Falsified(string Chinese, string English, Section? Section, ByteString Key) : SnapshotVerdict;

    public sealed record CannotBeChecked(string Chinese, string English) : SnapshotVerdict;
}

/// <summary>A snapshot of the ledger's state in a file.</summary>
public static class SnapshotFile
{
    const int BufferSize = 1 << 20;

    public static Stream Open(string path) => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize, FileOptions.SequentialScan);

    /// <summary>
    /// Proves a snapshot by its contents and the quorum's signatures; with a chain beside it, by deriving the state of its height again, and then it
    /// is said which record is false. Whose quorum that is the chain says; without one the founding validators, or those of a policy that is <paramref name="pinned"/>.
    /// </summary>
    public static SnapshotVerdict Verify(string path, Genesis genesis, TrustPolicy? pinned, ChainFolder? chain, IProgress<ChainProgress>? progress)
    {
        try
        {
            using var stream = Open(path);
            var snapshot = Snapshot.Read(stream, genesis, pinned ?? (chain is null ? genesis.Policy : null), out var fault);
            if (snapshot is null && (chain is null || !IsAboutContents(fault))) return Falsified(fault);
            if (chain is null) return new SnapshotVerdict.Verified(snapshot!, IsComparedWithChain: false);
            return Compare(path, genesis, chain, snapshot, fault, progress);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new SnapshotVerdict.CannotBeChecked($"文件无法读取：{unreadable.Message}", $"A file cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>The first record in which two states differ, in the order of sections and keys; null where there is none.</summary>
    public static RecordDifference? FirstDifference(IEnumerable<StateRecord> first, IEnumerable<StateRecord> second)
    {
        using var one = first.GetEnumerator();
        using var other = second.GetEnumerator();
        var (hasOne, hasOther) = (one.MoveNext(), other.MoveNext());
        while (hasOne && hasOther)
        {
            if (Order(one.Current, other.Current) is not 0 and var order)
                return order < 0 ? new(one.Current.Section, one.Current.Key, true, false) : new(other.Current.Section, other.Current.Key, false, true);
            if (one.Current.Value != other.Current.Value || one.Current.Salt != other.Current.Salt) return new(one.Current.Section, one.Current.Key, false, false);
            (hasOne, hasOther) = (one.MoveNext(), other.MoveNext());
        }

        if (hasOne) return new(one.Current.Section, one.Current.Key, true, false);
        return hasOther ? new(other.Current.Section, other.Current.Key, false, true) : null;
    }

    static SnapshotVerdict Compare(string path, Genesis genesis, ChainFolder chain, Snapshot? snapshot, SnapshotFault? fault, IProgress<ChainProgress>? progress)
    {
        using var stream = Open(path);
        if (SnapshotListing.Open(stream) is not { } listing) return Falsified(fault);

        (Header Header, LedgerState State)? derived = null;
        if (listing.Header.Height == 0 && new Fold(genesis) is var founded) derived = (founded.GenesisBlock.Header, founded.State);
        var verdict = chain.Verify(genesis.Chain.ChainId, progress, block =>
        {
            if (block.Block.Header.Height == listing.Header.Height) derived = (block.Block.Header, block.State);
        });
        if (verdict is ChainVerdict.CannotBeChecked unknown) return new SnapshotVerdict.CannotBeChecked(unknown.Chinese, unknown.English);
        if (verdict is ChainVerdict.Falsified { Fault: var wrong })
            return new SnapshotVerdict.CannotBeChecked($"链本身核验不通过：{wrong.Chinese}", $"The chain beside it is false itself: {wrong.English}");
        if (derived is not var (header, state))
            return new SnapshotVerdict.CannotBeChecked("链尚未到快照的高度。", "The chain does not reach the snapshot's height.");

        // Salts follow from the root, which the snapshot alone has proved; the records tell which one is another's.
        var difference = FirstDifference(listing.Records().Select(record => record with { Salt = default }).Where(record => !IsKeptId(record)), state.AllRecords());
        if (difference is { } record)
        {
            return new SnapshotVerdict.Falsified(
                $"与链推导的状态不符：第 {(byte)record.Section} 区（{record.Section}）的记录{(record.IsOnlyInFirst ? "链上没有" : record.IsOnlyInSecond ? "缺失" : "内容不同")}",
                $"it is not the state that the chain leaves: a record of section {(byte)record.Section} ({record.Section}) {(record.IsOnlyInFirst ? "is not the ledger's" : record.IsOnlyInSecond ? "is missing" : "differs")}",
                record.Section, record.Key);
        }

        if (snapshot is null) return Falsified(fault);
        if (snapshot.Header != header || !snapshot.State.KeptIds.SequenceEqual(state.KeptIds))
        {
            return new SnapshotVerdict.Falsified(
                "区块头或交易标识与链推导的不符", "its header or its used ids are not those that the chain leaves", Section.UsedIds, default);
        }

        return new SnapshotVerdict.Verified(snapshot, IsComparedWithChain: true);
    }

    // A minute's record has a key of eight octets; an id has more.
    static bool IsKeptId(StateRecord record) => record.Section == Section.UsedIds && record.Key.Length > sizeof(ulong);

    static bool IsAboutContents(SnapshotFault? fault) => fault?.Kind is SnapshotFaultKind.RootDiffers or SnapshotFaultKind.ChecksumDiffers
        or SnapshotFaultKind.RecordMalformed or SnapshotFaultKind.IdsDiffer or SnapshotFaultKind.RecordOutOfOrder or SnapshotFaultKind.Truncated;

    static SnapshotVerdict.Falsified Falsified(SnapshotFault? fault)
    {
        var kind = fault?.Kind ?? SnapshotFaultKind.NotASnapshot;
        return new(kind.Says(Language.Chinese), kind.Says(Language.English), fault?.Section, fault?.Key ?? default);
    }

    static int Order(StateRecord one, StateRecord other) =>
        one.Section != other.Section ? one.Section.CompareTo(other.Section) : one.Key.Span.SequenceCompareTo(other.Key.Span);
}
