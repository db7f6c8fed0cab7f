using System.Diagnostics;

namespace Ledger.Tests.Cli;

/// <summary>The program as people install it.</summary>
public sealed class ToolTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("ledger-tool-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_packed_tool_installs_from_its_package_alone_and_runs()
    {
        var project = Path.Combine(Repository.Root(), "cli", "Ledger.Cli", "Ledger.Cli.csproj");
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Split('_')[0];
        await RunAsync("dotnet", "pack", project, "--no-build", "-c", configuration, "-o", folder, "-v", "q", "--nologo");
        var package = Assert.Single(Directory.GetFiles(folder, "Ledger.Cli.*.nupkg"));

        // No other source than the package itself, so that nothing is fetched.
        var sources = Path.Combine(folder, "nuget.config");
        await File.WriteAllTextAsync(
            sources, $"""<configuration><packageSources><clear /><add key="here" value="{folder}" /></packageSources></configuration>""", TestContext.Current.CancellationToken);
        await RunAsync("dotnet", "tool", "install", "Ledger.Cli", "--tool-path", Path.Combine(folder, "tools"), "--configfile", sources);
        var version = await RunAsync(Path.Combine(folder, "tools", OperatingSystem.IsWindows() ? "ledger.exe" : "ledger"), "version", "-o", "json");

        Assert.Contains(Path.GetFileNameWithoutExtension(package)["Ledger.Cli.".Length..], version, StringComparison.Ordinal);
        Assert.Contains("tlog-proof", version, StringComparison.Ordinal);
    }

    async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["DOTNET_CLI_HOME"] = folder;
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = Process.Start(start) ?? throw new IOException(program);
        var cancel = TestContext.Current.CancellationToken;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        Assert.True(process.ExitCode == 0, string.Concat(said));
        return said[0];
    }
}
