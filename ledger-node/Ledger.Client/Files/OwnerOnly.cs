using System.Runtime.InteropServices;

namespace Ledger.Client.Files;

/// <summary>
/// Files and folders that only their owner can read, whatever the umask of whoever starts the program: 0600 and 0700. Where a system knows no such
/// modes (Windows), what it gives by itself holds.
/// </summary>
public static partial class OwnerOnly
{
    const UnixFileMode OfFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const UnixFileMode OfFolder = OfFile | UnixFileMode.UserExecute;
    const UnixFileMode OfOthers = (UnixFileMode)0b_111_111;

    /// <summary>
    /// From here on whatever the process makes is its owner's only: also what a library makes, such as a database its files. The first thing that a
    /// program does.
    /// </summary>
    public static void Restrict()
    {
        if (!OperatingSystem.IsWindows()) _ = SetMask((int)OfOthers);
    }

    /// <summary>Makes a folder where there is none, with those above it; one that is there stays as it is.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else if (!Directory.Exists(path))
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } above) CreateFolder(above);
            Directory.CreateDirectory(path, OfFolder);
        }
    }

    /// <summary>Opens a file to be written that is there only for its owner; one that is there already keeps its mode.</summary>
    public static FileStream Create(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OfFile;
        return new(path, options);
    }

    /// <summary>Those of these files and folders that are there and that others can get into, each with its mode as <c>chmod</c> has it.</summary>
    public static IEnumerable<(string Path, string Mode)> Wider(params IEnumerable<string> paths)
    {
        if (OperatingSystem.IsWindows()) yield break;
        foreach (var path in paths)
        {
            if (!Path.Exists(path)) continue;
            var mode = File.GetUnixFileMode(path);
            if ((mode & OfOthers) != 0) yield return (path, Convert.ToString((int)mode, toBase: 8).PadLeft(4, '0'));
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial int SetMask(int mask);
}
