using Ledger.Core.Chain;

namespace Ledger.Node.Storage;

/// <summary>One open segment file, and how much of it is the log's.</summary>
sealed class Segment(ulong firstHeight, IStorageFile file)
{
    public ulong FirstHeight { get; } = firstHeight;

    public IStorageFile File { get; } = file;

    /// <summary>Where the next record goes.</summary>
    public long Length { get; set; }

    /// <summary>The file's name in the chain's folder.</summary>
    public string FileName => SegmentCodec.FileName(FirstHeight);

    public string Path => PathOf(FirstHeight);

    public static string PathOf(ulong firstHeight) => $"{FolderLayout.Chain}/{SegmentCodec.FileName(firstHeight)}";
}
