using System.Diagnostics;

namespace Ledger.Tests.Strangers;

/// <summary>The programs of this folder, as somebody runs them who has Python and nothing of ours.</summary>
static class Python
{
    public const int Verified = 0, False = 6, NotChecked = 7;

    public static (int Code, string Said) Start(string name, params string[] arguments)
    {
        var script = Path.Combine(Repository.Root(), "tests", "Ledger.Tests", "Strangers", name);
        var start = new ProcessStartInfo("python3", ["-B", script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal("", errors.GetAwaiter().GetResult());
            return (process.ExitCode, said.Trim());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Absent("python3 is not on this machine.");
            throw;
        }
    }

    // Where the tools are promised, their absence is a failure and no reason to be silent.
    public static void Absent(string reason)
    {
        if (Environment.GetEnvironmentVariable("LEDGER_REQUIRE_TOOLS") == "1") Assert.Fail(reason);
        Assert.Skip(reason);
    }
}
