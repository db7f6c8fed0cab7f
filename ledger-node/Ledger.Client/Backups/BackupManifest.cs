using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Client.Files;

namespace Ledger.Client.Backups;

/// <summary>One file of a backup: its name below the data folder, its size and its SHA-256.</summary>
public sealed record BackupFile(string Name, long Bytes, string Sha256);

/// <summary>
/// What a backup holds, in its file <c>backup.json</c>. It is written last and at once: a folder without it, or whose files are others, is no backup.
/// </summary>
public sealed record BackupManifest(int Version, string ChainId, ulong Height, ulong Size, string Root, IReadOnlyList<BackupFile> Files)
{
    public const string FileName = "backup.json";

    public const int FormatVersion = 1;

    // Far above any file, and far enough below what their sum may be.
    const long LargestFile = 1L << 42;
    const int MostFiles = 1_000_000;
    const long MaxSize = 256L << 20;

    /// <summary>Null where there is none, or none that can be read.</summary>
    public static BackupManifest? Read(string folder)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize(BoundedFile.Read(Path.Combine(folder, FileName), MaxSize), ManifestJson.Default.BackupManifest);
            return manifest is { Version: FormatVersion } && manifest.Files.All(file => IsInside(file.Name) && file.Bytes is >= 0 and <= LargestFile) && manifest.Files.Count <= MostFiles ? manifest : null;
        }
        catch (Exception unread) when (unread is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void Write(string folder)
    {
        var path = Path.Combine(folder, FileName);
        using (var file = File.Create(path + ".new"))
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.BackupManifest));
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    // A name that leads out of the folder is nobody's backup.
    static bool IsInside(string name) =>
        name.Length > 0 && !Path.IsPathRooted(name) && !name.Contains('\\', StringComparison.Ordinal) && name.Split('/').All(part => part is not ("" or "." or ".."));
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BackupManifest))]
sealed partial class ManifestJson : JsonSerializerContext;
