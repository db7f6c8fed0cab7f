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
    readonly string genesisPath;

    ChainFolder(string path, IReadOnlyList<SegmentFile> segments, bool isHeld, PublishedLength? published)
    {
        genesisPath = Path.Combine(path, FolderLayout.Genesis);
        Segments = segments;
        IsPublishedMissing = isHeld && published is null;
        Published = published;
    }

    /// <summary>Where a running node stood; null when no node holds the folder.</summary>
    public PublishedLength? Published { get; }

    /// <summary>The segments as far as they are to be read.</summary>
    internal IReadOnlyList<SegmentFile> Segments { get; }

    internal bool IsPublishedMissing { get; }

    /// <exception cref="IOException">The folder is not there or cannot be listed.</exception>
    public static ChainFolder Open(string path)
    {
        var inner = Path.Combine(path, FolderLayout.Chain);
        var chain = Directory.Exists(inner) ? inner : path;
        var data = Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(chain))) ?? chain;

        var isHeld = IsHeld(Path.Combine(data, FolderLayout.Lock));
        var published = isHeld ? ReadPublished(Path.Combine(data, FolderLayout.Published)) : null;
        var segments = new DirectoryInfo(chain).GetFiles("*.seg")
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Where(file => published is not { } limit || !SegmentCodec.TryParseFileName(file.Name, out var first) || first <= limit.FirstHeight)
            .Select(file => new SegmentFile(file.Name, file.FullName, LengthOf(file, published)))
            .ToArray();
        return new(chain, segments, isHeld, published);
    }

    /// <summary>
    /// Reads everything, re-derives everything and verifies every signature. Without a trusted chain id the chain is only proved to be consistent
    /// with its own genesis. <paramref name="onBlock"/> gets every block as it was derived, before the next; what it makes of them counts only when
    /// the verdict is good.
    /// </summary>
    public ChainVerdict Verify(Hash256? trustedChainId, IProgress<ChainProgress>? progress, Action<FoldedBlock>? onBlock = null)
    {
        if (IsPublishedMissing)
        {
            return new ChainVerdict.CannotBeChecked(
                "节点正在使用该目录，但未公布检查点长度；请停止节点，或复制 chain 目录后再核验。",
                "A node holds this folder and has not published how far it is checkpointed: stop the node, or verify a copy of its chain folder.");
        }

        try
        {
            var bytes = File.ReadAllBytes(genesisPath);
            if (Segments.All(segment => segment.Length == 0))
            {
                return trustedChainId is { } alone && !IsHashOf(bytes, alone)
                    ? new ChainVerdict.Falsified(NotTheGenesis, null)
                    : new ChainVerdict.CannotBeChecked("目录中没有任何区块。", "There are no blocks in this folder.");
            }

            var named = trustedChainId ?? ChainNamedBySegments();
            if (named is { } id && !IsHashOf(bytes, id)) return new ChainVerdict.Falsified(NotTheGenesis, null);
            return Genesis.Read(bytes, KnownSuites.Find, out var problem) is { } genesis
                ? new ChainVerification(genesis, trustedChainId is not null, progress, onBlock).Run(Segments, Published)
                : new ChainVerdict.CannotBeChecked($"创世文件无法读取：{problem}", $"The genesis file cannot be read: {problem}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new ChainVerdict.CannotBeChecked($"文件无法读取：{unreadable.Message}", $"A file cannot be read: {unreadable.Message}");
        }
    }

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

    static long LengthOf(FileInfo file, PublishedLength? published) =>
        published is { } limit && file.Name == SegmentCodec.FileName(limit.FirstHeight) ? (long)Math.Min((ulong)file.Length, limit.Length) : file.Length;

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
        File.Exists(path) && PublishedLength.TryRead(File.ReadAllBytes(path), out var published) ? published : null;
}

/// <summary>A segment as long as it was when the folder was opened.</summary>
sealed record SegmentFile(string Name, string Path, long Length)
{
    public byte[] Read(long atMost = long.MaxValue)
    {
        var bytes = new byte[Math.Min(Length, atMost)];
        using var file = File.OpenHandle(Path, options: FileOptions.SequentialScan);
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), read) is var more and > 0) read += more;
        return read == bytes.Length ? bytes : bytes[..read];
    }
}
