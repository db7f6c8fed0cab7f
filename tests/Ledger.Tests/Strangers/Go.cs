using System.Diagnostics;
using Ledger.Tests.Web;

namespace Ledger.Tests.Strangers;

/// <summary>The program of the folder notes, built as somebody builds it who has Go and the module that Debian packages, and nothing of ours.</summary>
static class Go
{
    const string Modules = "/usr/share/gocode";

    static readonly Lazy<(string? Program, string Problem)> Built = new(Build);

    public static async Task<string> StartAsync(string input)
    {
        var (program, problem) = Built.Value;
        if (program is null) JavaScript.Absent(problem);
        using var process = Process.Start(new ProcessStartInfo(program!) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var told = await said;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, told[1]);
        return told[0];
    }

    static (string?, string) Build()
    {
        if (!Directory.Exists(Path.Combine(Modules, "src", "golang.org", "x", "mod", "sumdb"))) return (null, "golang-golang-x-mod-dev is not on this machine.");
        var folder = Directory.CreateTempSubdirectory("ledger-go-").FullName;
        var start = new ProcessStartInfo("go", ["build", "-o", Path.Combine(folder, "notes"), Path.Combine(Repository.Root(), "tests", "Ledger.Tests", "Strangers", "notes", "main.go")]) { RedirectStandardError = true };
        foreach (var (name, value) in new[] { ("GO111MODULE", "off"), ("GOPATH", Modules), ("GOCACHE", Path.Combine(folder, "cache")), ("GOFLAGS", ""), ("CGO_ENABLED", "0") }) start.Environment[name] = value;
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors);
            return (Path.Combine(folder, "notes"), "");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (null, "go is not on this machine.");
        }
    }
}
