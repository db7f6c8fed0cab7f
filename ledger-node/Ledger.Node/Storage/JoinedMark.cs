using System.Globalization;
using System.Text;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;

namespace Ledger.Node.Storage;

/// <summary>
/// By which snapshot a data folder began that a node made of what others gave, while what stands before it was only linked: the file <c>joined</c>, one line.
/// </summary>
/// <param name="Height">The snapshot's.</param>
/// <param name="Linked">The last block that was fetched before the folder was one.</param>
/// <param name="Content">The hash of the snapshot's contents.</param>
public sealed record JoinedMark(ulong Height, ulong Linked, Hash256 Content)
{
    const int LongestText = 128;

    /// <summary>What a folder's mark says; null where it has none.</summary>
    /// <exception cref="InvalidDataException">It has one that cannot be read: what of its chain is verified is not known.</exception>
    public static JoinedMark? Read(IStorage storage)
    {
        using var file = storage.Open(FolderLayout.Joined);
        if (file is null) return null;
        Span<byte> bytes = stackalloc byte[LongestText];
        string[] parts = Encoding.ASCII.GetString(bytes[..file.Read(0, bytes)]).TrimEnd('\n').Split(' ');
        return parts is [var height, var linked, var content] && TryRead(height, out var at) && TryRead(linked, out var upTo) && Hash256.TryParse(content, out var hash)
            ? new JoinedMark(at, upTo, hash)
            : throw new InvalidDataException($"{FolderLayout.Joined} cannot be read.");
    }

    /// <summary>Leaves the mark; returns when it is durable.</summary>
    public void Write(IStorage storage) =>
        WholeFile.Write(storage, FolderLayout.Joined, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Height} {Linked} {Content}\n")));

    static bool TryRead(string text, out ulong number) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
