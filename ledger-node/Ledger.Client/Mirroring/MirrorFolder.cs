using Ledger.Client.Files;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Finality;

namespace Ledger.Client.Mirroring;

/// <summary>
/// A copy of a history as files, laid out as the log serves it (C2SP tlog-tiles): <c>checkpoint</c>, <c>tile/…</c>, and where they were given <c>tile/entries/…</c>; beside them <c>evidence</c>. Every file is
/// whole, and <c>checkpoint</c> comes last: what it says has all its tiles. Nothing is read or written through a link.
/// </summary>
public sealed class MirrorFolder : IDisposable
{
    const string CheckpointName = "checkpoint";
    const string TileFolder = "tile";
    const string BundleFolder = "tile/entries";
    const string EvidenceFolder = "evidence";
    const string LockName = "mirror.lock";
    const string Partial = ".p";

    /// <summary>A signed checkpoint is no longer than this.</summary>
    public const int MaxNote = 64 * 1024;

    const int LinuxWouldBlock = 11;
    const int MacWouldBlock = 35;
    const int WindowsSharingViolation = 32;

    const UnixFileMode OfEverybody = OfOwner | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    const UnixFileMode OfOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    readonly FileStream? held;

    MirrorFolder(string path, FileStream? held) => (Path, this.held) = (path, held);

    public string Path { get; }

    /// <summary>Opens a copy to look at it, whoever else has it open.</summary>
    public static MirrorFolder Open(string path) => new(System.IO.Path.GetFullPath(path), held: null);

    /// <summary>Opens a copy to go on with it, alone; the folder is made where there is none.</summary>
    /// <exception cref="MirrorException">Another process has it, or it holds what is no copy.</exception>
    public static MirrorFolder Take(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        CreateFolder(path, forEverybody: true);
        var folder = new MirrorFolder(path, held: null);
        if (!File.Exists(folder.PathOf(CheckpointName)) && Directory.EnumerateFileSystemEntries(path).Select(System.IO.Path.GetFileName).Any(name => name is not (TileFolder or EvidenceFolder or LockName or CheckpointName + DurableFile.Unfinished)))
            throw new MirrorException(MirrorFault.Folder, $"{path} 不为空，也不是镜像。", $"{path} is not empty and no mirror.");
        try
        {
            return new(path, new(folder.PathOf(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException locked) when ((locked.HResult & 0xFFFF) is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
        {
            throw new MirrorException(MirrorFault.Folder, $"{path} 正被另一进程使用。", $"{path} is held by another process.", locked);
        }
    }

    /// <summary>The checkpoint up to which everything is there; null in a copy that has none yet.</summary>
    /// <exception cref="MirrorException">It cannot be read.</exception>
    public Note? Checkpoint()
    {
        if (Read(CheckpointName, MaxNote) is not { } octets) return null;
        return Note.TryParse(octets, out var note) ? note : throw new MirrorException(MirrorFault.Folder, $"{Path} 中的 checkpoint 不是检查点。", $"The file checkpoint in {Path} is no checkpoint.");
    }

    /// <summary>The hashes of a tile as they lie here, held against nothing; null where there are none of its length.</summary>
    public byte[]? Read(Tile tile) => Read(NameOf(tile), tile.Length) is { } octets && octets.Length == tile.Length ? octets : null;

    /// <summary>The leaves of a bundle as they lie here, held against nothing; null where there is none.</summary>
    public byte[]? ReadBundle(Tile tile) => Read(BundleNameOf(tile), EntryBundle.MaxSize);

    public bool Has(Tile tile) => new FileInfo(PathOf(NameOf(tile))) is { Exists: true } file && file.Length == tile.Length;

    public bool HasBundle(Tile tile) => new FileInfo(PathOf(BundleNameOf(tile))) is { Exists: true, Length: > 0 };

    /// <summary>All files under <c>tile</c> by name, such as <c>tile/0/000</c>, with what they are: a tile, a bundle, or neither.</summary>
    public IEnumerable<(string Name, Tile? Tile, Tile? Bundle)> Files()
    {
        var pending = new Stack<string>([TileFolder]);
        while (pending.TryPop(out var folder))
        {
            if (!Directory.Exists(PathOf(folder))) continue;
            foreach (var entry in new DirectoryInfo(PathOf(folder)).EnumerateFileSystemInfos().OrderBy(static entry => entry.Name, StringComparer.Ordinal))
            {
                var name = $"{folder}/{entry.Name}";
                if (entry.LinkTarget is not null) throw IsLink(name);
                if (entry is DirectoryInfo) pending.Push(name);
                else if (!name.EndsWith(DurableFile.Unfinished, StringComparison.Ordinal)) yield return (name, TileOf(name[(TileFolder.Length + 1)..]), BundleOf(name));
            }
        }
    }

    internal void Write(Tile tile, ReadOnlySpan<byte> octets) => Write(NameOf(tile), octets, forEverybody: true);

    // Whoever serves the folder to everybody serves hashes: what the leaves say is for the owner of the copy.
    internal void WriteBundle(Tile tile, ReadOnlySpan<byte> octets)
    {
        CreateFolder(PathOf(TileFolder), forEverybody: true);
        Write(BundleNameOf(tile), octets, forEverybody: false);
    }

    internal void Write(Note checkpoint) => Write(CheckpointName, checkpoint.Write(), forEverybody: true);

    /// <summary>Takes away what a full tile and a full bundle have in their place.</summary>
    internal void DropPartials(Tile full)
    {
        foreach (var name in (string[])[NameOf(full), .. full.Level == 0 ? [BundleNameOf(full)] : Array.Empty<string>()])
        {
            if (File.Exists(PathOf(name)) && Directory.Exists(PathOf(name + Partial))) Directory.Delete(PathOf(name + Partial), recursive: true);
        }
    }

    /// <summary>Keeps the proof that there are two histories; its path in the folder.</summary>
    internal string Keep(SplitView view, CryptoSuite suite)
    {
        var name = $"{EvidenceFolder}/{view.FileName(suite)}";
        if (!File.Exists(PathOf(name))) Write(name, view.Write(), forEverybody: false);
        return name;
    }

    public void Dispose() => held?.Dispose();

    internal static string NameOf(Tile tile) => $"{TileFolder}/{tile}";

    internal static string BundleNameOf(Tile tile) => $"{BundleFolder}/{tile.ToString()[2..]}";

    static Tile? TileOf(string name) => Tile.TryParse(name, out var tile) ? tile : null;

    static Tile? BundleOf(string name) => name.StartsWith(BundleFolder + '/', StringComparison.Ordinal) ? TileOf($"0{name[BundleFolder.Length..]}") : null;

    byte[]? Read(string name, int most)
    {
        var path = PathOf(name);
        return File.Exists(path) ? BoundedFile.Read(path, most) : null;
    }

    void Write(string name, ReadOnlySpan<byte> octets, bool forEverybody)
    {
        var path = PathOf(name);
        _ = PathOf(name + DurableFile.Unfinished);
        CreateFolder(System.IO.Path.GetDirectoryName(path) ?? Path, forEverybody);
        DurableFile.Write(path, octets, forEverybody);
    }

    static void CreateFolder(string path, bool forEverybody)
    {
        if (Directory.Exists(path)) return;
        var above = System.IO.Path.GetDirectoryName(path);
        if (above is not null) CreateFolder(above, forEverybody);
        Directory.CreateDirectory(path);
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(path, forEverybody ? OfEverybody : OfOwner);
        if (above is not null) FolderFlush.Flush(above);
    }

    // A link below the folder would lead reads and writes to where somebody else wants them.
    string PathOf(string name)
    {
        var path = Path;
        foreach (var part in name.Split('/'))
        {
            path = System.IO.Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null) throw IsLink(name);
        }

        return path;
    }

    MirrorException IsLink(string name) => new(
        MirrorFault.Folder, $"{Path} 中的 {name} 是链接：镜像中不得有链接。", $"{name} in {Path} is a link, or lies behind one: a mirror has none.");
}
