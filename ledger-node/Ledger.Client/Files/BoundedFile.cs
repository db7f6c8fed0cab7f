namespace Ledger.Client.Files;

/// <summary>Files that somebody else laid down: never waited for, and read no further than such a file can be long.</summary>
public static class BoundedFile
{
    /// <summary>
    /// What stands in a file, and of a longer one than <paramref name="most"/> one octet more than that, so that whoever judges it sees that it is too long.
    /// Nothing stands in a pipe or a device: nobody knows when it would end.
    /// </summary>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    public static byte[] Read(string path, long most)
    {
        var file = Meant(new(path));
        var bytes = new byte[Math.Min(file.Length, most + 1)];
        if (bytes.Length == 0) return bytes;
        using var opened = File.OpenHandle(file.FullName, options: FileOptions.SequentialScan);
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(opened, bytes.AsSpan(read), read) is var more and > 0) read += more;
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>The file that a link leads to, where there is one; the length of a link is its own.</summary>
    public static FileInfo Meant(FileInfo file) => file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } target ? target : file;
}
