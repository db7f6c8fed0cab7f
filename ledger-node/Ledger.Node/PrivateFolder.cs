using Ledger.Core.Chain;
using Ledger.Node.Private;
using Ledger.Node.Storage;

namespace Ledger.Node;

/// <summary>The folder <c>private</c> of a data folder. A file gets its name only once it is durable, as everything that the node must not lose.</summary>
public sealed class PrivateFolder(IStorage storage) : IPrivateFiles
{
    // What a crash left half written; its name is never a hash.
    const string Unfinished = "unfinished";

    public IReadOnlyList<string> List() => [.. storage.List(FolderLayout.Private).Where(name => name != Unfinished)];

    public byte[]? Read(string name, int max)
    {
        using var file = storage.Open(PathOf(name));
        if (file is null || file.Length > max) return null;
        var bytes = new byte[file.Length];
        return file.Read(0, bytes) == bytes.Length ? bytes : null;
    }

    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        if (storage.List(FolderLayout.Private).Count == 0)
        {
            storage.CreateFolder(FolderLayout.Private);
            storage.FlushFolder("");
        }

        using (var file = storage.Create(PathOf(Unfinished)))
        {
            file.Write(0, bytes);
            file.Flush();
        }

        storage.Rename(PathOf(Unfinished), PathOf(name));
        storage.FlushFolder(FolderLayout.Private);
    }

    static string PathOf(string name) => $"{FolderLayout.Private}/{name}";
}
