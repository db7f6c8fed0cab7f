namespace Ledger.Client.Files;

/// <summary>A file that is written whole: after any crash there is the one before or the new one, and nothing between.</summary>
public static class DurableFile
{
    /// <summary>Behind the name of a file that is not yet in its place.</summary>
    public const string Unfinished = ".new";

    const UnixFileMode OfEverybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Puts a file in the place of the one before; returns when it is durable. It is its owner's only unless <paramref name="forEverybody"/> lets all read it.</summary>
    /// <exception cref="IOException">It could not be written; the one before is still there.</exception>
    public static void Write(string path, ReadOnlySpan<byte> octets, bool forEverybody = false)
    {
        using (var file = OwnerOnly.Create(path + Unfinished, FileMode.Create))
        {
            if (forEverybody && !OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, OfEverybody);
            file.Write(octets);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + Unfinished, path, overwrite: true);
        if (!OperatingSystem.IsWindows() && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) FolderFlush.Flush(folder);
    }
}
