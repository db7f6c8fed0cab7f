using System.Diagnostics;
using Ledger.Client.Devnet;

namespace Ledger.Tests.Devnet;

/// <summary>A file system of its own, small enough to be filled, in the place of a folder.</summary>
sealed class SmallDisk(string folder) : IDisposable
{
    const string Ballast = "ballast";

    public bool IsMounted { get; private set; }

    /// <summary>That takes root, and a kernel that lets it; where it cannot be, the folder stays as it is.</summary>
    public void TryMount() => IsMounted = Environment.IsPrivilegedProcess && Done("mount", "-t", "tmpfs", "-o", "size=64m,mode=700", "tmpfs", folder);

    /// <summary>Leaves no octet free, whatever is freed meanwhile.</summary>
    public async Task FillAsync(Func<bool> isEnough, CancellationToken cancel)
    {
        await using var ballast = new FileStream(Path.Combine(folder, Ballast), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var more = new byte[4096];
        while (!isEnough())
        {
            try
            {
                while (true) ballast.Write(more);
            }
            catch (IOException)
            {
                await Task.Delay(20, cancel);
            }
        }
    }

    /// <summary>There is room again.</summary>
    public void Free() => File.Delete(Path.Combine(folder, Ballast));

    // Whoever still has a file open there keeps it.
    public void Dispose()
    {
        if (IsMounted) Done("umount", "--lazy", folder);
    }

    static bool Done(string program, params string[] arguments)
    {
        if (LocalProcess.Find(program, $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin:/usr/bin:/bin") is not { } path) return false;
        using var process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
