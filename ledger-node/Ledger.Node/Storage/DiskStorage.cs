using Ledger.Client.Files;
using Microsoft.Win32.SafeHandles;

namespace Ledger.Node.Storage;

/// <summary>A data folder on a disk.</summary>
public sealed class DiskStorage(string folder) : IStorage
{
    public string Folder { get; } = Path.GetFullPath(folder);

    public IReadOnlyList<string> List(string folder)
    {
        var path = PathOf(folder);
        if (!Directory.Exists(path)) return [];
        return [.. Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)];
    }

    public void CreateFolder(string name) => OwnerOnly.CreateFolder(PathOf(name));

    public IStorageFile? Open(string name) => File.Exists(PathOf(name)) ? new DiskFile(PathOf(name), FileMode.Open) : null;

    public IStorageFile Create(string name) => new DiskFile(PathOf(name), FileMode.Create);

    public void Rename(string name, string newName) => File.Move(PathOf(name), PathOf(newName), overwrite: true);

    /// <summary>Moves a folder with all that is in it to where there is none, at once.</summary>
    public void MoveFolder(string name, string newName) => Directory.Move(PathOf(name), PathOf(newName));

    public void Remove(string name) => File.Delete(PathOf(name));

    // Windows keeps its directories in a journal of its own and has no handle to flush.
    public void FlushFolder(string name)
    {
        if (!OperatingSystem.IsWindows()) FolderFlush.Flush(PathOf(name));
    }

    string PathOf(string name) => Path.Combine(Folder, name);

    sealed class DiskFile(string path, FileMode mode) : IStorageFile
    {
        // Readers beside the node, a verifier or a backup, may look at any time.
        readonly SafeFileHandle handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

        public long Length => RandomAccess.GetLength(handle);

        public int Read(long offset, Span<byte> buffer)
        {
            var total = 0;
            while (total < buffer.Length && RandomAccess.Read(handle, buffer[total..], offset + total) is > 0 and var read) total += read;
            return total;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(handle, bytes, offset);

        public void SetLength(long length) => RandomAccess.SetLength(handle, length);

        public void Flush() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }
}
