using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Ledger.Client.Files;

/// <summary>fsync of a directory, for which the framework has no call: it opens files only.</summary>
public static partial class FolderFlush
{
    const int ReadOnly = 0;

    /// <summary>Returns when what was put into the folder, and renamed in it, is there after any crash.</summary>
    /// <exception cref="IOException">The folder cannot be opened or flushed.</exception>
    public static void Flush(string path)
    {
        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0) throw Failed("open", path);
        try
        {
            if (Synchronise(descriptor) < 0) throw Failed("fsync", path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    static IOException Failed(string call, string path)
    {
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"{call} of the folder {path}: {error.Message}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronise(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
