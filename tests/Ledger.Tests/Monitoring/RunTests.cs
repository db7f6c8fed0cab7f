using System.Diagnostics;
using System.Text.Json;
using Ledger.Client.AdminLog;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Node.Monitoring;

namespace Ledger.Tests.Monitoring;

/// <summary>The node's own program, started as an operator starts it.</summary>
public sealed class RunTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("ledger-run-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Every_line_of_a_json_log_is_an_object_and_a_stop_is_in_the_admin_log()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM");
        var cancel = TestContext.Current.CancellationToken;
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), new(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
        var bank = founding.Genesis.Text.Validators[0].Bank;
        KeyFile.Lock(founding.NodeKeys[bank], $"node-{bank}", "password", KeyFile.MinIterations).TryWriteNew(Path.Combine(folder, $"node-{bank}.key.json"));
        await File.WriteAllBytesAsync(Path.Combine(folder, "genesis.json"), founding.Genesis.Bytes.ToArray(), cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), "password\n", cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "settings.json"), """{"port": 0, "operations-port": "0", "log-format": "json"}""", cancel);
        var data = Path.Combine(folder, "data");
        Assert.Equal(0, (await Kills.NodeProcess.RunToEndAsync(
            ["found", "--data", data, "--genesis", Path.Combine(folder, "genesis.json"), "--password-file", Path.Combine(folder, "password")], cancel)).Code);

        using var process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Ledger.Node.dll"), "run", "--config", Path.Combine(folder, "settings.json"), "--data", data,
                "--genesis", Path.Combine(folder, "genesis.json"), "--password-file", Path.Combine(folder, "password")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("The node did not start.");
        var lines = new List<string>();
        while (await process.StandardError.ReadLineAsync(cancel) is { } line)
        {
            lines.Add(line);
            if (line.Contains("listening on", StringComparison.Ordinal)) break;
        }

        using (Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            while (await process.StandardError.ReadLineAsync(cancel) is { } line) lines.Add(line);
        await process.WaitForExitAsync(cancel);

        Assert.Contains(lines, line => line.Contains("operations on", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        var suite = founding.Genesis.Chain.Suite;
        var report = AdminLogAudit.Read(
            await File.ReadAllBytesAsync(Path.Combine(data, AdminLog.FileName), cancel),
            (signer, message, signature) => suite.Verify(signer, message, signature), [founding.NodeKeys[bank].PublicKey]);
        Assert.Null(report.Fault);
        Assert.Equal(["found", "start", "stop"], report.Entries.Select(entry => entry.Act));
        Assert.Contains("operations-port=0", report.Entries[1].Detail, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(data, OperatorToken.FileName)));
    }
}
