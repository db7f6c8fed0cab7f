using Ledger.Client.Files;
using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Suites;

namespace Ledger.Client.ChainFolder;

/// <summary>
/// A chain on disk: a node's data folder, or a copy of its <c>chain</c> folder alone. What there is to read is fixed when the folder is opened, so
/// a node that runs on may append meanwhile.
/// </summary>
public sealed class ChainFolder
{
    // Far above what any consortium founds itself with.
    const long MaxGenesis = 64L << 20;

    readonly string genesisPath;
    readonly bool isHeld;

    // Names that whoever reads the folder could take for segments, and that are none.
    readonly IReadOnlyList<string> mistakable;
    readonly IReadOnlyList<string> foreign;

    ChainFolder(string path, IReadOnlyList<SegmentFile> segments, bool isHeld, PublishedLength? published)
    {
        genesisPath = Path.Combine(path, FolderLayout.Genesis);
        Segments = segments;
        this.isHeld = isHeld;
        Acknowledged = published;
        var others = new DirectoryInfo(path).GetFileSystemInfos().Where(entry => !IsOfTheChain(entry)).Select(entry => entry.Name).Order(StringComparer.Ordinal).ToArray();
        mistakable = [.. others.Where(name => name.Contains(".seg", StringComparison.OrdinalIgnoreCase))];
        foreign = [.. others.Except(mistakable)];
    }

    /// <summary>Where a running node stood; null when no node holds the folder.</summary>
    public PublishedLength? Published => isHeld ? Acknowledged : null;

    /// <summary>
    /// How far a node had acknowledged when the folder was opened, by its last word; null where it said nothing, or the folder is no node's. A node that
    /// runs on says more meanwhile, and what was read before is not short for that.
    /// </summary>
    internal PublishedLength? Acknowledged { get; }

    /// <summary>The segments as far as they are to be read.</summary>
    internal IReadOnlyList<SegmentFile> Segments { get; }

    internal bool IsPublishedMissing => isHeld && Acknowledged is null;

    /// <exception cref="IOException">The folder is not there or cannot be listed.</exception>
    public static ChainFolder Open(string path)
    {
        var inner = Path.Combine(path, FolderLayout.Chain);
        var chain = Directory.Exists(inner) ? inner : path;
        var data = Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(chain))) ?? chain;

        var isHeld = IsHeld(Path.Combine(data, FolderLayout.Lock));

        // A copy of the chain may lie beside what a node has published of a later one.
        var isNodes = isHeld || Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(chain))) == FolderLayout.Chain;
        var published = isNodes ? ReadPublished(Path.Combine(data, FolderLayout.Published)) : null;
        var limit = isHeld ? published : null;
        var segments = new DirectoryInfo(chain).GetFiles()
            .Where(file => SegmentCodec.TryParseFileName(file.Name, out var first) && (limit is not { } end || first <= end.FirstHeight))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => new SegmentFile(file.Name, file.FullName, LengthOf(file.Name, BoundedFile.Meant(file).Length, limit)))
            .ToArray();
        return new(chain, segments, isHeld, published);
    }

    /// <summary>
    /// Reads everything, re-derives everything and verifies every signature. Without a trusted chain id the chain is only proved to be consistent
    /// with its own genesis. <paramref name="onBlock"/> gets every block as it was derived, before the next; what it makes of them counts only when
    /// the verdict is good.
    /// </summary>
    public ChainVerdict Verify(Hash256? trustedChainId, IProgress<ChainProgress>? progress, Action<FoldedBlock>? onBlock = null) => Judge(trustedChainId, verifySignatures: true, progress, onBlock);

    /// <summary>Re-derives everything and verifies no signature: for whoever holds what comes out against something that was signed.</summary>
    public ChainVerdict Derive(IProgress<ChainProgress>? progress) => Judge(null, verifySignatures: false, progress, null);

    ChainVerdict Judge(Hash256? trustedChainId, bool verifySignatures, IProgress<ChainProgress>? progress, Action<FoldedBlock>? onBlock)
    {
        if (IsPublishedMissing)
        {
            return new ChainVerdict.CannotBeChecked(
                "节点正在使用该目录，但未公布检查点长度；请停止节点，或复制 chain 目录后再核验。",
                "A node holds this folder and has not published how far it is checkpointed: stop the node, or verify a copy of its chain folder.");
        }

        try
        {
            var bytes = BoundedFile.Read(genesisPath, MaxGenesis);
            if (Segments.All(segment => segment.Length == 0))
            {
                return trustedChainId is { } alone && !IsHashOf(bytes, alone)
                    ? new ChainVerdict.Falsified(NotTheGenesis, null)
                    : new ChainVerdict.CannotBeChecked("目录中没有任何区块。", "There are no blocks in this folder.");
            }

            var named = trustedChainId ?? ChainNamedBySegments();
            if (named is { } id && !IsHashOf(bytes, id)) return new ChainVerdict.Falsified(NotTheGenesis, null);
            return Genesis.Read(bytes, KnownSuites.Find, out var problem) is { } genesis
                ? WithTheFolder(new ChainVerification(genesis, trustedChainId is not null, verifySignatures, progress, onBlock).Run(Segments, Published))
                : new ChainVerdict.CannotBeChecked($"创世文件无法读取：{problem}", $"The genesis file cannot be read: {problem}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new ChainVerdict.CannotBeChecked($"文件无法读取：{unreadable.Message}", $"A file cannot be read: {unreadable.Message}");
        }
    }

    // What the segments by themselves cannot tell: whether their node had acknowledged more, and what else lies beside them.
    ChainVerdict WithTheFolder(ChainVerdict verdict)
    {
        if (MissedEnd() is { } missed)
        {
            var lost = Missing(missed);
            if (verdict is ChainVerdict.Verified { Report: var whole }) return new ChainVerdict.Falsified(lost with { Height = whole.Height + 1 }, whole with { ForeignFiles = foreign });
            if (verdict is ChainVerdict.Falsified { Fault: var torn, Report: var before } && torn.File == lost.File && torn.IsAtTheEnd)
                return new ChainVerdict.Falsified(lost with { Offset = torn.Offset, Height = torn.Height }, before);
        }

        if (verdict is not ChainVerdict.Verified { Report: var report } verified) return verdict;
        if (mistakable is [var name, ..])
        {
            return new ChainVerdict.Falsified(
                new(name, 0, report.Height + 1, null, "文件名像段文件但不是：链目录中不应有它", "it is named like a segment and is none: it has no place in the chain's folder"), report with { ForeignFiles = foreign });
        }

        return verified with { Report = report with { ForeignFiles = foreign } };
    }

    // Where the segment that the node wrote last ends too early, if it does.
    (string File, long Length)? MissedEnd()
    {
        if (isHeld || Acknowledged is not { } said) return null;
        var name = SegmentCodec.FileName(said.FirstHeight);
        var length = Segments.FirstOrDefault(segment => segment.Name == name)?.Length ?? 0;
        return (ulong)length < said.Length ? (name, length) : null;
    }

    static ChainFault Missing((string File, long Length) end) => new(
        end.File, end.Length, 0, null, AuditFaultKind.AcknowledgedMissing.Says(Language.Chinese), AuditFaultKind.AcknowledgedMissing.Says(Language.English));

    static bool IsOfTheChain(FileSystemInfo entry) =>
        entry is FileInfo && (entry.Name == FolderLayout.Genesis || SegmentCodec.TryParseFileName(entry.Name, out _));

    static ChainFault NotTheGenesis => new(
        FolderLayout.Genesis, 0, 0, null,
        "创世文件的哈希不是该链的链标识：文件被改动，或属于另一条链",
        "the hash of genesis is not the chain's id: the file was changed or is another chain's");

    // The first segment says which chain it belongs to, if its opening record is whole.
    Hash256? ChainNamedBySegments()
    {
        var head = Segments[0].Read(SegmentCodec.Overhead + 64);
        return SegmentCodec.TryRead(head, out var record, out _) && record.Type == RecordType.Opener && SegmentOpener.TryRead(record.Payload, out var opener)
            ? opener.ChainId
            : null;
    }

    // A damaged genesis may not even say its suite, so every suite's hash is tried.
    static bool IsHashOf(byte[] genesis, Hash256 chainId) =>
        KnownSuites.P256.Hash(genesis) == chainId || KnownSuites.Sm2.Hash(genesis) == chainId;

    static long LengthOf(string name, long length, PublishedLength? published) =>
        published is { } limit && name == SegmentCodec.FileName(limit.FirstHeight) ? (long)Math.Min((ulong)length, limit.Length) : length;

    // A node holds its lock for itself alone; whoever can open it finds no node there, and lets it go at once.
    static bool IsHeld(string path)
    {
        try
        {
            using var free = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    static PublishedLength? ReadPublished(string path) =>
        File.Exists(path) && PublishedLength.TryRead(BoundedFile.Read(path, PublishedLength.Size), out var published) ? published : null;
}

/// <summary>A segment as long as it was when the folder was opened.</summary>
sealed record SegmentFile(string Name, string Path, long Length)
{
    public bool IsTooLong => Length > SegmentCodec.MaxSegment;

    public byte[] Read(long atMost = long.MaxValue) => Math.Min(Length, atMost) is > 0 and var most ? BoundedFile.Read(Path, most - 1) : [];
}
