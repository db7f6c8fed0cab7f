using Ledger.Core.Chain;
using Ledger.Node.Storage;

namespace Ledger.Node.Voting;

/// <summary>
/// The file <c>closing</c>: the reports of a quorum by which this bank entered its epoch, for those who missed them. Nobody needs it to be safe: it holds nothing that is this bank's own word, and whoever is given it verifies.
/// </summary>
sealed class ClosingFile
{
    // As much as may stand where an epoch ends.
    const int MaxSize = 1_250_000;

    readonly IStorage storage;

    public ClosingFile(IStorage storage)
    {
        this.storage = storage;
        using var file = storage.Open(FolderLayout.Closing);
        if (file is not { Length: > 0 and <= MaxSize }) return;
        var octets = new byte[file.Length];
        if (file.Read(0, octets) == octets.Length) Last = octets;
    }

    /// <summary>Null before this bank entered any epoch by reports.</summary>
    public ReadOnlyMemory<byte>? Last { get; private set; }

    /// <summary>Puts it in the place of the one before; returns when it is durable.</summary>
    public void Write(ReadOnlyMemory<byte> octets)
    {
        StorageFault.Do(FolderLayout.Closing, "writing", () => WholeFile.Write(storage, FolderLayout.Closing, octets));
        Last = octets;
    }
}
