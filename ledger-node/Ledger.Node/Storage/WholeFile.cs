namespace Ledger.Node.Storage;

/// <summary>A file that is written whole: after a crash there is the one before or the new one, and nothing between.</summary>
static class WholeFile
{
    /// <summary>Behind the name of a file that is not yet in its place.</summary>
    public const string Unfinished = ".new";

    /// <summary>Puts a file in the place of the one before; returns when it is durable.</summary>
    public static void Write(IStorage storage, string name, ReadOnlyMemory<byte> octets) => Write(storage, name, file => file.Write(0, octets.Span));

    /// <summary>The same, of what is written piece by piece.</summary>
    public static void Write(IStorage storage, string name, Action<IStorageFile> write)
    {
        using (var file = storage.Create(name + Unfinished))
        {
            write(file);
            file.Flush();
        }

        storage.Rename(name + Unfinished, name);
        storage.FlushFolder(name[..Math.Max(name.LastIndexOf('/'), 0)]);
    }
}
