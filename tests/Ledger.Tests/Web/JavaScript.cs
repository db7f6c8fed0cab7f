using System.Diagnostics;

namespace Ledger.Tests.Web;

/// <summary>
/// Runs the console's own modules outside a browser: node has WebCrypto too. Where node is promised its absence is a failure; elsewhere the tests
/// say that they were skipped.
/// </summary>
sealed class JavaScript : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("ledger-js-").FullName;

    /// <summary>A folder with the modules as they are in the program, in which a script may import them.</summary>
    public JavaScript()
    {
        File.WriteAllText(Path.Combine(folder, "package.json"), """{"type":"module"}""");
        foreach (var file in Directory.EnumerateFiles(Assets, "*.js")) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }

    public static string Assets { get; } = Repository("ledger-node/Ledger.Node/Web/Assets");

    public static string Browser { get; } = Repository("tests/Ledger.Tests/Web/browser");

    public string this[string name] => Path.Combine(folder, name);

    /// <summary>Runs a module of this text and gives what it printed; it must end well.</summary>
    public async Task<string> RunAsync(string script, string input = "")
    {
        await File.WriteAllTextAsync(this["script.js"], script);
        return await StartAsync(this["script.js"], input);
    }

    public static Task<string> StartAsync(string file, string input) => StartAsync(Path.GetDirectoryName(file)!, [file], input);

    /// <summary>Runs node with these arguments in a folder and gives what it printed; it must end well.</summary>
    public static async Task<string> StartAsync(string folder, string[] arguments, string input)
    {
        var cancel = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new System.Text.UTF8Encoding(false),
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        using var process = Start(start);
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (await said) is [var first, var second] ? (first, second) : ("", "");
        await process.WaitForExitAsync(cancel);
        Assert.True(process.ExitCode == 0, error + output);
        return output;
    }

    /// <summary>Where the tools are promised, their absence is a failure and no reason to be silent.</summary>
    public static void Absent(string reason)
    {
        if (Environment.GetEnvironmentVariable("LEDGER_REQUIRE_TOOLS") == "1") Assert.Fail(reason);
        Assert.Skip(reason);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Absent("node is not on this machine.");
            throw;
        }
    }

    static string Repository(string path)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "LedgerNode.slnx"))) return Path.Combine(at.FullName, path);
        }

        throw new DirectoryNotFoundException("The tests do not run from inside the repository.");
    }
}
