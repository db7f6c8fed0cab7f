namespace Ledger.Node.Storage;

/// <summary>
/// The files of one data folder, by names relative to it with '/' between. What a name stands for is durable once the file was flushed; that there
/// is such a name (created, renamed, removed) is durable once its folder was. Whatever goes wrong is an <see cref="IOException"/>.
/// </summary>
public interface IStorage
{
    /// <summary>The names of files and folders in a folder, in ordinal order; none where there is no such folder. The data folder itself is "".</summary>
    IReadOnlyList<string> List(string folder);

    void CreateFolder(string name);

    /// <summary>Opens a file to read and write, or says null where there is none.</summary>
    IStorageFile? Open(string name);

    /// <summary>Creates an empty file, or empties the one that is there.</summary>
    IStorageFile Create(string name);

    /// <summary>Puts a file in the place of another at once: after a crash there is the old one or the new one.</summary>
    void Rename(string name, string newName);

    void Remove(string name);

    void FlushFolder(string name);
}

/// <summary>
/// One file. Reads may overlap with each other and with a write to other bytes; there is one writer. A write that fails may have written a part.
/// </summary>
public interface IStorageFile : IDisposable
{
    long Length { get; }

    /// <summary>Fills the buffer, or as much of it as the file has there; returns how much.</summary>
    int Read(long offset, Span<byte> buffer);

    void Write(long offset, ReadOnlySpan<byte> bytes);

    void SetLength(long length);

    /// <summary>
    /// Returns when everything written is durable. If it fails nothing is known of what was written since the last time, and asking again would not
    /// tell: the system may have dropped the pages.
    /// </summary>
    void Flush();
}
