using Ledger.Core.Chain;

namespace Ledger.Node.Storage;

/// <summary>Genesis verbatim, beside the segments. Where it stands, a chain was founded.</summary>
public static class GenesisFile
{
    const string Path = FolderLayout.Chain + "/" + FolderLayout.Genesis;

    /// <summary>The bytes of the chain's genesis, null where no chain was founded.</summary>
    public static byte[]? Read(IStorage storage)
    {
        using var file = storage.Open(Path);
        if (file is null) return null;
        var bytes = new byte[file.Length];
        return bytes[..file.Read(0, bytes)];
    }

    internal static void Write(IStorage storage, Genesis genesis) => WholeFile.Write(storage, Path, genesis.Bytes);
}
