using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ledger.Tests.Web;

/// <summary>The demo with its story told and its console open, begun by the first that asks for it: who skips needs none.</summary>
public sealed partial class DemoToVisit : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("ledger-demo-").FullName;
    Process? demo;
    string? address;

    public string Data => Path.Combine(folder, "data");

    /// <summary>Where the console is. Tests of one class ask one after another.</summary>
    public async Task<string> AddressAsync()
    {
        if (address is not null) return address;
        demo = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Ledger.Node.dll"), "demo", "--data", Data, "--lang", "zh", "--port", "0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        }) ?? throw new InvalidOperationException("The demo did not start.");
        demo.ErrorDataReceived += (_, _) => { };
        demo.BeginErrorReadLine();
        while (await demo.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (ConsoleAddress().Match(line) is { Success: true } found) return address = found.Groups[1].Value;
        }

        throw new InvalidOperationException("The demo ended without naming its console.");
    }

    public async ValueTask DisposeAsync()
    {
        if (demo is { HasExited: false })
        {
            demo.Kill();
            await demo.WaitForExitAsync();
        }

        demo?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex(@"(http://[0-9.:]+)/ *$")]
    private static partial Regex ConsoleAddress();
}
