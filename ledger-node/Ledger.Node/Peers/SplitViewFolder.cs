using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Finality;
using Ledger.Node.Storage;

namespace Ledger.Node.Peers;

/// <summary>Split views in the folder <c>evidence</c>, one file for each size and root that was shown.</summary>
public sealed class SplitViewFolder(IStorage storage, CryptoSuite suite)
{
    /// <summary>More would say nothing that these do not.</summary>
    public const int Most = 100;

    /// <summary>How many are kept.</summary>
    public int Count => storage.List(FolderLayout.Evidence).Count(static name => name.StartsWith(SplitView.FilePrefix, StringComparison.Ordinal) && name.EndsWith(SplitView.FileExtension, StringComparison.Ordinal));

    /// <summary>Keeps it durably; its path in the data folder, or null where the like is kept already or there are enough.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public string? Keep(SplitView view)
    {
        var name = view.FileName(suite);
        var path = $"{FolderLayout.Evidence}/{name}";
        var names = storage.List(FolderLayout.Evidence);
        if (names.Contains(name) || Count >= Most) return null;
        storage.CreateFolder(FolderLayout.Evidence);
        WholeFile.Write(storage, path, view.Write());
        return path;
    }
}
