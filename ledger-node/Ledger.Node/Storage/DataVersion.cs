using System.Globalization;
using System.Text;
using Ledger.Core.Chain;

namespace Ledger.Node.Storage;

/// <summary>The layout of a data folder, a number in a file of its own. This program reads and writes layout 1.</summary>
public static class DataVersion
{
    public const int Current = 1;

    const int LongestText = 20;

    /// <summary>
    /// Whether this program may use the folder; a new one gets its number. A folder of a newer program, or one that is not a node's, is left as it
    /// is and <paramref name="problem"/> says why.
    /// </summary>
    public static bool TryOpen(IStorage storage, out string problem)
    {
        problem = "";
        using var file = storage.Open(FolderLayout.DataVersion);
        if (file is not null && file.Length > 0) return IsCurrent(file, out problem);

        // An empty number is a new folder's whose node stopped before it was written; what a lock and a file system leave there is nobody's data.
        var foreign = storage.List("").FirstOrDefault(name =>
            name is not (FolderLayout.DataVersion or "lost+found") && !name.StartsWith(FolderLayout.Lock, StringComparison.Ordinal));
        if (foreign is not null)
        {
            problem = $"{FolderLayout.DataVersion} is missing and the folder is not empty: it holds {foreign}. Choose an empty folder or a node's data folder.";
            return false;
        }

        using var created = storage.Create(FolderLayout.DataVersion);
        created.Write(0, Encoding.ASCII.GetBytes($"{Current}\n"));
        created.Flush();
        storage.FlushFolder("");
        return true;
    }

    static bool IsCurrent(IStorageFile file, out string problem)
    {
        Span<byte> bytes = stackalloc byte[LongestText];
        var text = Encoding.ASCII.GetString(bytes[..file.Read(0, bytes)]);
        problem = text == $"{Current}\n" ? ""
            : text.EndsWith('\n') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > Current
                ? $"The data folder has layout {version}; this program reads layout {Current}. Use the program that wrote it, or a newer one."
                : $"{FolderLayout.DataVersion} holds no layout number of this program's.";
        return problem.Length == 0;
    }
}
