using System.Diagnostics;
using System.Globalization;
using Ledger.Client.Files;

namespace Ledger.Tests.Hosting;

/// <summary>What a node and its tools write is their owner's only, whatever the umask; what others can get into all the same is told.</summary>
public sealed class FileModesTests : IDisposable
{
    const UnixFileMode OfOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    readonly string folder = Directory.CreateTempSubdirectory("ledger-modes-").FullName;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Under_the_widest_umask_everything_that_is_written_is_its_owners_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes");
        var (network, data, password) = (Path.Combine(folder, "network"), Path.Combine(folder, "a", "data"), Path.Combine(folder, "password"));
        await File.WriteAllTextAsync(password, "password\n", Cancel);
        Wide(password, (UnixFileMode)0b_110_110_110);
        var (made, told) = await RunAsync("ledger.dll", ["genesis", "new", "--preset", "demo", "--out", network, "--password-file", password]);
        Assert.True(made == 0, told);
        Assert.Contains($"chmod go= {password}", told, StringComparison.Ordinal);
        var key = Directory.EnumerateFiles(network, "node-*.key.json").First();
        Wide(key, (UnixFileMode)0b_110_110_110);

        string[] where = ["--data", data, "--genesis", Path.Combine(network, "genesis.json"), "--password-file", password];
        var (founded, why) = await RunAsync("Ledger.Node.dll", ["found", .. where]);
        Assert.True(founded == 0, why);
        var said = await RunUntilListeningAsync(["run", .. where, "--port", "0", "--operations-port", "0"]);

        Assert.Contains(said, line => line.Contains($"get into {password} (mode 0666)", StringComparison.Ordinal));
        Assert.Contains(said, line => line.Contains($"get into {key} (mode 0666)", StringComparison.Ordinal));
        Assert.DoesNotContain(said, line => line.Contains($"get into {data}", StringComparison.Ordinal));
        var written = new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Where(entry => entry.FullName != password && entry.FullName != key).ToArray();
        Assert.True(written.Length > 15, string.Join('\n', written.Select(entry => entry.FullName)));
        Assert.Empty(written.Where(entry => (entry.UnixFileMode & OfOthers) != 0).Select(entry => $"{entry.FullName} {entry.UnixFileMode}"));
    }

    [Fact]
    public void What_others_can_get_into_is_named_with_its_mode()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes");
        var (own, open, deep) = (Path.Combine(folder, "own"), Path.Combine(folder, "open"), Path.Combine(folder, "x", "y"));
        using (OwnerOnly.Create(own, FileMode.CreateNew)) OwnerOnly.CreateFolder(deep);
        File.WriteAllText(open, "");
        Wide(open, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Equal([(open, "0640")], OwnerOnly.Wider(own, open, deep, Path.Combine(folder, "x"), Path.Combine(folder, "none")));
    }

    static void Wide(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
    }

    static ProcessStartInfo Start(string program, string[] arguments) => new(
        "sh", ["-c", "umask 000; exec dotnet \"$@\"", "sh", Path.Combine(AppContext.BaseDirectory, program), .. arguments])
    {
        RedirectStandardError = true,
        RedirectStandardOutput = true,
        Environment = { ["LANG"] = "en" },
    };

    static async Task<(int Code, string Said)> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(Start(program, arguments)) ?? throw new InvalidOperationException("It did not start.");
        _ = process.StandardOutput.ReadToEndAsync(Cancel);
        var said = await process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, said);
    }

    // Until it serves, and then until it has ended in order: by then it has written all that a node writes.
    static async Task<IReadOnlyList<string>> RunUntilListeningAsync(string[] arguments)
    {
        using var process = Process.Start(Start("Ledger.Node.dll", arguments)) ?? throw new InvalidOperationException("It did not start.");
        var said = new List<string>();
        while (await process.StandardError.ReadLineAsync(Cancel) is { } line)
        {
            said.Add(line);
            if (line.Contains("listening on", StringComparison.Ordinal)) break;
        }

        using (Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
            while (await process.StandardError.ReadLineAsync(Cancel) is { } line) said.Add(line);
        await process.WaitForExitAsync(Cancel);
        return said;
    }
}
