using System.Globalization;
using System.Text;
using Ledger.Core.Chain;

namespace Ledger.Node.Storage;

/// <summary>
/// The layout of a data folder, a number in a file of its own. This program reads and writes layout 2; a folder of layout 1 becomes one when its node
/// opens it, for all that it lacks is the vote, which then is the chain's end.
/// </summary>
public static class DataVersion
{
    public const int Current = 2;

    const int Oldest = 1;

    const string Unfinished = FolderLayout.DataVersion + WholeFile.Unfinished;
    const int LongestText = 20;

    /// <summary>
    /// Whether this program may use the folder; a new one gets its number. A folder of a newer program, or one that is not a node's, is left as it
    /// is and <paramref name="problem"/> says why.
    /// </summary>
    public static bool TryOpen(IStorage storage, out string problem)
    {
        problem = "";
        using var file = storage.Open(FolderLayout.DataVersion);
        if (file is not null && file.Length > 0) return Read(file, out problem) is not null;

        // An empty number is a new folder's whose node stopped before it was written; what a lock and a file system leave there is nobody's data.
        var foreign = storage.List("").FirstOrDefault(name =>
            name is not (FolderLayout.DataVersion or FolderLayout.ObserverKey or Unfinished or "lost+found") && !name.StartsWith(FolderLayout.Lock, StringComparison.Ordinal));
        if (foreign is not null)
        {
            problem = $"{FolderLayout.DataVersion} is missing and the folder is not empty: it holds {foreign}. Choose an empty folder or a node's data folder.";
            return false;
        }

        Write(storage);
        return true;
    }

    /// <summary>Whether a folder that was opened still has an older layout.</summary>
    public static bool IsOlder(IStorage storage)
    {
        using var file = storage.Open(FolderLayout.DataVersion);
        return file is not null && Read(file, out _) is < Current;
    }

    /// <summary>Gives the folder the number of this program, once it has all that goes with it.</summary>
    public static void Write(IStorage storage) => WholeFile.Write(storage, FolderLayout.DataVersion, Encoding.ASCII.GetBytes($"{Current}\n"));

    static int? Read(IStorageFile file, out string problem)
    {
        Span<byte> bytes = stackalloc byte[LongestText];
        var text = Encoding.ASCII.GetString(bytes[..file.Read(0, bytes)]);
        var version = 0;
        var isNumber = text.EndsWith('\n') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out version)
            && text == $"{version}\n";
        problem = isNumber ? "" : $"{FolderLayout.DataVersion} holds no layout number of this program's.";
        if (isNumber && version > Current)
            problem = $"The data folder has layout {version}; this program reads layout {Current}. Use the program that wrote it, or a newer one.";
        else if (isNumber && version < Oldest)
            problem = $"{FolderLayout.DataVersion} holds no layout number of this program's.";
        return problem.Length == 0 ? version : null;
    }
}
