using System.Security.Cryptography;
using System.Text;
using Ledger.Client.ChainFolder;
using Ledger.Client.Files;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;

namespace Ledger.Client.Backups;

/// <summary>Why a backup was not made or a folder not restored, in both languages. Nothing that was good before was changed.</summary>
public sealed class BackupException(string chinese, string english) : Exception(english)
{
    public string Chinese { get; } = chinese;
}

/// <summary>What a backup did.</summary>
public sealed record BackupReport(BackupManifest Manifest, int CopiedFiles, long CopiedBytes, int KeptFiles);

/// <summary>How far copying is.</summary>
public readonly record struct BackupProgress(string File, long BytesDone, long BytesTotal);

/// <summary>
/// Copies a node's data folder while the node runs, up to where it is published and checkpointed, and back into an empty folder. The vote is in no
/// backup: a node that is restored must not sign as if it remembered; and neither is any key.
/// </summary>
public static class DataBackup
{
    const int BufferSize = 1 << 20;

    // Held by a process, rebuilt from the chain, or said again by the node itself.
    static readonly string[] JournalEndings = ["-wal", "-shm", "-journal"];
    const int Attempts = 50;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Whoever finds it without a manifest finds a first backup that was interrupted, whatever it holds by then.
    const string Begun = BackupManifest.FileName + ".begun";

    // A demo's own, with their password beside them.
    const string DemoKeys = "demo-keys/";

    static readonly string[] LeftOut =
        [FolderLayout.Vote, FolderLayout.Ballot, FolderLayout.OrderPosition, FolderLayout.Outbox, FolderLayout.Published, FolderLayout.Lock, FolderLayout.LockInfo, FolderLayout.Pending, FolderLayout.Cut, FolderLayout.Closing, FolderLayout.Joining, FolderLayout.Verified, FolderLayout.Chain, FolderLayout.Snapshots, FolderLayout.DataVersion];

    /// <summary>Makes or brings up to date the backup in a folder.</summary>
    /// <exception cref="BackupException">The source is no data folder, or is not the one that the backup was made of.</exception>
    public static BackupReport Take(string data, string backup, IProgress<BackupProgress>? progress, CancellationToken cancel)
    {
        var before = Begin(data, backup);
        var chain = PublishedChain.Open(data);
        if (before is not null) MustContinue(before, chain);

        var files = Sources(data, chain);
        var copying = new Copying(files.Sum(file => file.Length), progress, cancel);
        var known = before?.Files.ToDictionary(file => file.Name, StringComparer.Ordinal) ?? [];
        var entries = new List<BackupFile>();
        var kept = 0;
        foreach (var file in files)
        {
            var target = Path.Combine(backup, file.Name);
            if (known.GetValueOrDefault(file.Name) is { } entry && entry.Bytes == file.Length && file.IsFixed && new FileInfo(target) is { Exists: true } there && there.Length == file.Length)
            {
                entries.Add(entry);
                kept++;
                continue;
            }

            if (file.GrowsFrom is { } grown && known.GetValueOrDefault(file.Name) is { } shorter) MustBegin(grown, file, shorter);
            var copied = file.Name == FolderLayout.Local ? CopyAtRest(copying, file, target) : copying.Copy(file.Path, file.Length, target, file.Name);
            if (copied is not null) entries.Add(copied);
        }

        var manifest = new BackupManifest(
            BackupManifest.FormatVersion, chain.ChainId.ToString(), chain.Height, chain.Checkpoint.Size, Convert.ToBase64String(chain.Checkpoint.Root.ToBytes()), entries);
        manifest.Write(backup);
        File.Delete(Path.Combine(backup, Begun));
        foreach (var old in known.Keys.Except(entries.Select(entry => entry.Name))) File.Delete(Path.Combine(backup, old));
        return new(manifest, entries.Count - kept, copying.Done, kept);
    }

    /// <summary>Holds every file of a backup against its hash and derives its whole chain again.</summary>
    public static ChainVerdict Check(string backup, IProgress<ChainProgress>? progress)
    {
        if (BackupManifest.Read(backup) is not { } manifest)
            return new ChainVerdict.CannotBeChecked("目录不是完整的备份：缺少 backup.json。", "This is no complete backup: backup.json is missing or cannot be read.");

        foreach (var file in manifest.Files)
        {
            var path = Path.Combine(backup, file.Name);
            if (!File.Exists(path) || HashOf(path) != file.Sha256)
                return new ChainVerdict.Falsified(new(file.Name, 0, 0, null, "备份文件缺失或被改动", "a file of the backup is missing or was changed"), null);
        }

        return VerifyTo(manifest, backup, progress);
    }

    /// <summary>
    /// Copies a backup into a new or empty folder and verifies what was copied there. Only when it is good does the folder get its layout number,
    /// without which no node opens it.
    /// </summary>
    public static ChainVerdict Restore(string backup, string data, IProgress<BackupProgress>? progress, IProgress<ChainProgress>? verifying, CancellationToken cancel)
    {
        if (BackupManifest.Read(backup) is not { } manifest)
            throw new BackupException($"{backup} 不是完整的备份：缺少 backup.json。", $"{backup} is no complete backup: backup.json is missing or cannot be read.");
        if (Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any())
            throw new BackupException($"{data} 不为空：请恢复到空目录。", $"{data} is not empty: restore into an empty folder.");
        if (manifest.Files.All(file => file.Name != FolderLayout.DataVersion) || manifest.Files.Any(file => IsSecretOrVote(file.Name)))
            throw new BackupException("备份清单无效。", "The backup's list of files is not one of this program's.");

        var copying = new Copying(manifest.Files.Sum(file => file.Bytes), progress, cancel);
        ChainVerdict? verdict = null;
        foreach (var file in manifest.Files.OrderBy(file => file.Name == FolderLayout.DataVersion))
        {
            if (file.Name == FolderLayout.DataVersion && (verdict = VerifyTo(manifest, data, verifying)) is not ChainVerdict.Verified) return verdict;
            var path = Path.Combine(backup, file.Name);
            if (!File.Exists(path) || copying.Copy(path, file.Bytes, Path.Combine(data, file.Name), file.Name) is not { } copied || copied != file)
                return new ChainVerdict.Falsified(new(file.Name, 0, 0, null, "备份文件缺失或被改动", "a file of the backup is missing or was changed"), null);
        }

        return verdict ?? throw new System.Diagnostics.UnreachableException();
    }

    static BackupManifest? Begin(string data, string backup)
    {
        if (!Directory.Exists(data)) throw new BackupException($"找不到数据目录 {data}。", $"There is no data folder {data}.");
        var inside = Path.GetFullPath(backup) + Path.DirectorySeparatorChar;
        if (inside.StartsWith(Path.GetFullPath(data) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new BackupException("备份不能放在数据目录之内。", "A backup cannot lie inside the data folder that it is of.");
        OwnerOnly.CreateFolder(backup);
        var before = BackupManifest.Read(backup);
        if (before is not null || File.Exists(Path.Combine(backup, Begun))) return before;
        if (Directory.EnumerateFileSystemEntries(backup).Any()) throw new BackupException($"{backup} 不为空，也不是备份。", $"{backup} is not empty and no backup.");
        File.Create(Path.Combine(backup, Begun)).Dispose();
        return null;
    }

    static void MustContinue(BackupManifest before, PublishedChain chain)
    {
        if (before.ChainId != chain.ChainId.ToString())
            throw new BackupException("该备份属于另一条链，未作改动。", "The backup is of another chain; it was left as it is.");
        if (before.Size > chain.Checkpoint.Size)
        {
            throw new BackupException(
                $"备份到高度 {before.Height}，而数据目录止于高度 {chain.Height}：数据目录丢失了内容，备份未作改动。",
                $"The backup reaches height {before.Height}, and the data folder ends at height {chain.Height}: it has lost something. The backup was left as it is.");
        }
    }

    // A segment only grows: where its beginning is another's, the folder's history is.
    static void MustBegin(long length, Source file, BackupFile shorter)
    {
        if (shorter.Bytes > length || HashOf(file.Path, shorter.Bytes) != shorter.Sha256)
        {
            throw new BackupException(
                $"{file.Name} 的开头与备份不同：数据目录的历史已改变，备份未作改动。",
                $"{file.Name} begins otherwise than in the backup: the data folder's history is another. The backup was left as it is.");
        }
    }

    static List<Source> Sources(string data, PublishedChain chain)
    {
        var files = new List<Source> { Of(FolderLayout.DataVersion, isFixed: false) };
        files.Add(Of($"{FolderLayout.Chain}/{FolderLayout.Genesis}", isFixed: true));
        foreach (var (name, length) in chain.Segments)
            files.Add(new($"{FolderLayout.Chain}/{name}", Path.Combine(data, FolderLayout.Chain, name), length, IsFixed: true, GrowsFrom: length));

        // The newest snapshot that the published chain reaches; without one a start repeats the chain.
        var snapshots = Directory.Exists(Path.Combine(data, FolderLayout.Snapshots)) ? Directory.GetFiles(Path.Combine(data, FolderLayout.Snapshots)) : [];
        var newest = snapshots.Select(path => Path.GetFileName(path)).Where(name => FolderLayout.TryParseSnapshotName(name, out var height) && height <= chain.Height)
            .Order(StringComparer.Ordinal).LastOrDefault();
        if (newest is not null) files.Add(Of($"{FolderLayout.Snapshots}/{newest}", isFixed: true));

        foreach (var path in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(data, path).Replace('\\', '/');
            var top = name.Split('/')[0];
            if (LeftOut.Contains(top) || top.StartsWith(FolderLayout.Lock, StringComparison.Ordinal) || IsRebuilt(top) || IsSecretOrVote(name) || IsUnfinished(name)) continue;
            files.Add(Of(name, isFixed: top == FolderLayout.Private));
        }

        return files;

        Source Of(string name, bool isFixed)
        {
            var path = Path.Combine(data, name);
            return new(name, path, File.Exists(path) ? new FileInfo(path).Length : 0, isFixed, GrowsFrom: null);
        }
    }

    static bool IsRebuilt(string name) => name.StartsWith("views", StringComparison.Ordinal);

    static bool IsUnfinished(string name) => name.EndsWith(".new", StringComparison.Ordinal) || JournalEndings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)) || name.EndsWith("unfinished", StringComparison.Ordinal);

    static bool IsSecretOrVote(string name) =>
        name.EndsWith(".key.json", StringComparison.Ordinal) || name is FolderLayout.Vote or FolderLayout.Ballot or FolderLayout.Pending or FolderLayout.Cut or FolderLayout.OrderPosition or FolderLayout.Outbox or FolderLayout.OperatorToken || name.StartsWith(FolderLayout.Webhooks, StringComparison.Ordinal) || name.StartsWith(FolderLayout.Drafts, StringComparison.Ordinal) || name.StartsWith(FolderLayout.Anchors, StringComparison.Ordinal) || name == FolderLayout.AnchorLock || name.StartsWith(FolderLayout.Pledges, StringComparison.Ordinal)
        || name.StartsWith(DemoKeys, StringComparison.Ordinal);

    // While it is written a journal stands beside it, and the file alone is not all of it. People decide seldom: a moment without one is soon there.
    static BackupFile? CopyAtRest(Copying copying, Source file, string target)
    {
        for (var i = 0; i < Attempts; i++)
        {
            if (i > 0) Thread.Sleep(Pause);
            var (length, written) = StandingOf(file.Path);
            if (IsBeingWritten(file.Path)) continue;
            var copied = copying.Copy(file.Path, length, target, file.Name);
            if (!IsBeingWritten(file.Path) && StandingOf(file.Path) == (length, written)) return copied;
        }

        throw new BackupException($"{file.Name} 一直在变动，请稍后重试。", $"{file.Name} does not come to rest; try again in a moment.");
    }

    static bool IsBeingWritten(string path) => JournalEndings.Any(ending => File.Exists(path + ending));

    static (long Length, DateTime Written) StandingOf(string path) => File.Exists(path) ? (new FileInfo(path).Length, File.GetLastWriteTimeUtc(path)) : default;

    static ChainVerdict VerifyTo(BackupManifest manifest, string folder, IProgress<ChainProgress>? progress)
    {
        if (!Hash256.TryParse(manifest.ChainId, out var chainId)) return new ChainVerdict.CannotBeChecked("备份清单无效。", "The backup's list of files is not one of this program's.");
        var verdict = ChainFolder.ChainFolder.Open(folder).Verify(chainId, progress);
        return verdict is ChainVerdict.Verified { Report: var report } && (report.Height != manifest.Height || report.Checkpoint.Size != manifest.Size)
            ? new ChainVerdict.Falsified(new(BackupManifest.FileName, 0, report.Height, null, "链与备份清单所述高度不符", "the chain does not end where the backup says"), report)
            : verdict;
    }

    static string HashOf(string path, long length = long.MaxValue)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        var buffer = new byte[BufferSize];
        while (length > 0 && file.Read(buffer, 0, (int)Math.Min(buffer.Length, length)) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            length -= read;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A file to copy. What is fixed never changes once it is there; a segment may be longer than it was.</summary>
    sealed record Source(string Name, string Path, long Length, bool IsFixed, long? GrowsFrom);

    sealed class Copying(long total, IProgress<BackupProgress>? progress, CancellationToken cancel)
    {
        long done;

        public long Done => done;

        /// <summary>Copies so many bytes, makes them durable, and reads the copy again; null where the file is gone, as a local one may be.</summary>
        public BackupFile? Copy(string source, long length, string target, string name)
        {
            OwnerOnly.CreateFolder(Path.GetDirectoryName(target) ?? ".");
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var copied = 0L;
            var unfinished = target + ".new";
            try
            {
                using var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
                using var to = new FileStream(unfinished, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
                var buffer = new byte[BufferSize];
                while (copied < length && from.Read(buffer, 0, (int)Math.Min(buffer.Length, length - copied)) is > 0 and var read)
                {
                    cancel.ThrowIfCancellationRequested();
                    hash.AppendData(buffer, 0, read);
                    to.Write(buffer, 0, read);
                    copied += read;
                    done += read;
                    progress?.Report(new(name, done, total));
                }

                to.Flush(flushToDisk: true);
            }
            catch (FileNotFoundException)
            {
                return null;
            }

            var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (HashOf(unfinished) != sha256) throw new IOException($"{unfinished}: what was written is not what is read back.");
            File.Move(unfinished, target, overwrite: true);
            return new(name, copied, sha256);
        }
    }
}

/// <summary>A chain folder's segments up to the last checkpoint that its node published, or that stands in them where no node runs.</summary>
sealed record PublishedChain(Hash256 ChainId, ulong Height, Checkpoint Checkpoint, IReadOnlyList<(string Name, long Length)> Segments)
{
    public static PublishedChain Open(string data)
    {
        if (!File.Exists(Path.Combine(data, FolderLayout.DataVersion)) || File.ReadAllText(Path.Combine(data, FolderLayout.DataVersion), Encoding.ASCII) is not "2\n")
            throw new BackupException($"{data} 不是本程序的数据目录（版本 2）。", $"{data} is no data folder of this program's layout (2). An older one is brought up to date by starting its node once.");

        var folder = ChainFolder.ChainFolder.Open(data);
        if (folder.IsPublishedMissing)
            throw new BackupException("节点正在使用该目录，但未公布检查点长度。", "A node holds this folder and has not published how far it is checkpointed.");
        if (folder.Segments.Count == 0) throw new BackupException("目录中没有任何区块。", "There are no blocks in this folder.");

        // A node that crashed can have left a tail behind its last checkpoint, which was never acknowledged.
        for (var last = folder.Segments.Count - 1; last >= 0; last--)
        {
            if (Tail(folder.Segments[last]) is not var (length, height, checkpoint, chainId)) continue;
            if (folder.Acknowledged is { } published && (published.FirstHeight > FirstHeightOf(folder.Segments[last]) || (published.FirstHeight == FirstHeightOf(folder.Segments[last]) && published.Length > (ulong)length)))
                break;
            return new(
                chainId, height, checkpoint,
                [.. folder.Segments.Take(last).Select(segment => (segment.Name, segment.Length)), (folder.Segments[last].Name, length)]);
        }

        throw new BackupException("链文件损坏：请先运行 ledger verify chain。", "The chain is damaged: see ledger verify chain. Nothing was copied.");
    }

    static ulong FirstHeightOf(SegmentFile segment) => SegmentCodec.TryParseFileName(segment.Name, out var height) ? height : 0;

    static (long Length, ulong Height, Checkpoint Checkpoint, Hash256 ChainId)? Tail(SegmentFile segment)
    {
        if (segment.IsTooLong) return null;
        var bytes = segment.Read();
        (long, ulong, Checkpoint, Hash256)? found = null;
        Header? header = null;
        var chainId = default(Hash256);
        var offset = 0;
        while (SegmentCodec.TryRead(bytes.AsSpan(offset), out var record, out _))
        {
            offset += record.Length;
            if (record.Type == RecordType.Opener && SegmentOpener.TryRead(record.Payload, out var opener)) chainId = opener.ChainId;
            if (record.Type == RecordType.Block && record.Payload.Length > Header.Size) Header.TryRead(record.Payload[^Header.Size..], out header);
            if (record.Type == RecordType.Checkpoint && header is not null && Note.TryParse(record.Payload, out var note)) found = (offset, header.Height, note.Checkpoint, chainId);
        }

        return found;
    }
}
