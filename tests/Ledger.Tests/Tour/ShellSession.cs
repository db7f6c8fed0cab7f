using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Ledger.Client.Devnet;

namespace Ledger.Tests.Tour;

/// <summary>
/// One bash session in a folder that looks like the repository, as somebody types the commands of a document one after the other.
/// <c>dotnet run --project …</c> and, where they are installed, <c>ledger</c> and <c>ledger-node</c> are the programs built beside the tests; ports from
/// 7300 to 7399 are free ones of this machine.
/// </summary>
sealed partial class ShellSession : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    // What the demo says last: all that the commands need is there by then.
    const string DemoIsReady = "try it yourself:";

    static readonly (string Label, string UsualName, Regex Said)[] SaidByTheDemo = [("\"data folder\"", "DATA", DataFolder()), ("\"listening on\"", "URL", Listening())];

    // Written for readers of Chinese, who put the demo's own folder there.
    static readonly (string Written, string Meant)[] ChineseWords =
        [("数据目录", "$THE_DEMO_DATA"), ("披露目录", "$THE_DEMO_DATA/disclosures"), ("回执文件", "$THE_DEMO_DATA/receipt.tlog-proof")];

    readonly string folder = Directory.CreateTempSubdirectory("ledger-tour-").FullName;
    readonly Dictionary<string, string> ports = [];
    readonly StringBuilder transcript = new();
    readonly Process bash;
    int commands;
    string? demoSaid;

    ShellSession(bool areInstalled)
    {
        var dotnet = Tool("dotnet") ?? throw new FileNotFoundException("dotnet");
        var programs = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        if (areInstalled)
        {
            WriteProgram(Path.Combine(programs, "ledger"), $"exec '{dotnet}' '{Built("ledger.dll")}' \"$@\"");
            WriteProgram(Path.Combine(programs, "ledger-node"), $"exec '{dotnet}' '{Built("Ledger.Node.dll")}' \"$@\"");
        }

        // What was built is not built again, in whichever configuration.
        WriteProgram(Path.Combine(programs, "dotnet"), $"""
            [[ $1 == run ]] || exec '{dotnet}' "$@"
            shift
            while [[ $# -gt 0 && $1 != -- ]]; do
              case "$1 $2" in
                "-c "*) ;;
                "--project cli/Ledger.Cli") program='{Built("ledger.dll")}' ;;
                "--project ledger-node/Ledger.Node") program='{Built("Ledger.Node.dll")}' ;;
                *) echo "dotnet run $1 $2 is no part of the tour" >&2; exit 70 ;;
              esac
              shift 2
            done
            shift
            exec '{dotnet}' "$program" "$@"
            """);

        var here = Directory.CreateDirectory(Here).FullName;
        foreach (var room in new[] { "cli", "genesis", "ledger-node", "tests" }) Directory.CreateSymbolicLink(Path.Combine(here, room), Path.Combine(Repository.Root(), room));

        var start = new ProcessStartInfo("bash", ["--noprofile", "--norc"]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = here };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("LEDGER_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        start.Environment["PATH"] = $"{programs}{Path.PathSeparator}{start.Environment["PATH"]}";
        start.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(folder, "tmp")).FullName;
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(folder, "config");
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["no_proxy"] = "127.0.0.1";

        // The defaults of this machine, so that a document need not name a port that nobody would type.
        start.Environment["LEDGER_NODE"] = $"http://127.0.0.1:{FreePort("7301")}";
        start.Environment["LEDGER_NODE_PORT"] = FreePort("7301");
        start.Environment["LEDGER_NODE_OPERATIONS_PORT"] = FreePort("7302");
        bash = Process.Start(start) ?? throw new IOException("bash");
    }

    /// <summary>The folder in which it begins.</summary>
    public string Here => Path.Combine(folder, "here");

    /// <summary>Null where this machine lacks what the commands of documents are made of.</summary>
    public static string? WhyNot()
    {
        string[] absent = OperatingSystem.IsWindows() ? ["a Unix system"] : [.. new[] { "bash", "curl", "dd", "base64" }.Where(tool => Tool(tool) is null)];
        return absent.Length == 0 ? null : $"The commands of the documents need {string.Join(", ", absent)}.";
    }

    public static async Task<ShellSession> OpenAsync(bool areInstalled, CancellationToken cancel)
    {
        var session = new ShellSession(areInstalled);
        await session.RunAsync("set -o pipefail", cancel);
        return session;
    }

    /// <summary>Runs them in order and stops at the first whose exit code is not the promised one.</summary>
    public async Task RunAllAsync(IEnumerable<TypedCommand> typed, CancellationToken cancel)
    {
        foreach (var command in typed)
        {
            transcript.AppendLine(CultureInfo.InvariantCulture, $"$ {command}");
            var (code, said) = await RunAsync(command, cancel);
            transcript.AppendLine(said.TrimEnd());
            Assert.True(code == command.ExitCode, $"{command}\n\nended with {code} and not with {command.ExitCode}. The session:\n{transcript}{Logs()}");
        }
    }

    public void Dispose()
    {
        // The session's programs too: whatever it left in the background is its child. A network's processes are nobody's.
        bash.Kill(entireProcessTree: true);
        bash.WaitForExit();
        bash.Dispose();
        foreach (var network in Directory.EnumerateFiles(folder, DevnetFile.Name, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).ToArray())
            LocalNetwork.Open(Path.GetDirectoryName(network)!, static (_, _) => { })?.DownAsync(purge: false, CancellationToken.None).GetAwaiter().GetResult();
        Directory.Delete(folder, recursive: true);
    }

    async Task<(int Code, string Said)> RunAsync(TypedCommand command, CancellationToken cancel)
    {
        if (command.IsServingDemo) return await DemoAsync(command, cancel);
        if (command.LeftOpen is { } variable)
        {
            var wanted = SaidByTheDemo.Where(one => command.Text.Contains(one.Label, StringComparison.Ordinal)).Concat(SaidByTheDemo.Where(one => one.UsualName == variable)).FirstOrDefault().Said;
            var value = wanted?.Match(demoSaid ?? "") is { Success: true } match ? match.Groups["value"].Value : null;
            return value is null ? (-1, $"The demo did not say what {variable} is.") : await RunAsync($"{variable}={value}", cancel);
        }

        var text = command.Text;
        foreach (var (written, meant) in ChineseWords) text = text.Replace(written, meant, StringComparison.Ordinal);
        return await RunAsync(text, cancel);
    }

    // In the background and at any port; the next commands wait until its story is told.
    async Task<(int Code, string Said)> DemoAsync(TypedCommand command, CancellationToken cancel)
    {
        var output = Path.Combine(folder, $"demo-{commands}.txt");
        await RunAsync($"{command.Bare} --port 0 >'{output}' 2>&1 & THE_DEMO=$!", cancel);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        while (true)
        {
            demoSaid = File.Exists(output) ? await ReadAsync(output, cancel) : "";
            if (demoSaid.Contains(DemoIsReady, StringComparison.Ordinal)) break;
            if (patience.IsCancellationRequested || (await RunAsync("kill -0 $THE_DEMO", cancel)).Code != 0) return (-1, demoSaid);
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancel);
        }

        return (await RunAsync($"THE_DEMO_DATA={DataFolder().Match(demoSaid).Groups["value"].Value}", cancel)).Code == 0 ? (0, demoSaid) : (-1, demoSaid);
    }

    // From a file of its own, so that an unfinished line is an error of that line and a program that reads gets nothing to read.
    async Task<(int Code, string Said)> RunAsync(string text, CancellationToken cancel)
    {
        var file = Path.Combine(folder, $"{++commands:D3}.sh");
        var output = Path.ChangeExtension(file, ".txt");
        await File.WriteAllTextAsync(file, Port().Replace(text, match => FreePort(match.Value)) + "\n", cancel);
        await bash.StandardInput.WriteLineAsync($". '{file}' </dev/null >'{output}' 2>&1; echo $?".AsMemory(), cancel);
        await bash.StandardInput.FlushAsync(cancel);

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        string? code;
        try
        {
            code = await bash.StandardOutput.ReadLineAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            code = null;
        }

        var said = File.Exists(output) ? await ReadAsync(output, cancel) : "";
        return code is null ? (-1, $"{said}\n(no end)") : (int.Parse(code, CultureInfo.InvariantCulture), said);
    }

    // Programs in the background may still be writing to it.
    static async Task<string> ReadAsync(string path, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync(cancel);
    }

    // What programs in the background said, where a document sends it to a file.
    string Logs() => string.Concat(Directory.EnumerateFiles(Here, "*.log").Select(file => $"\n{Path.GetFileName(file)}:\n{File.ReadAllText(file)}"));

    string FreePort(string written)
    {
        if (ports.TryGetValue(written, out var port)) return port;
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ports[written] = ((IPEndPoint)probe.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    static string Built(string program) => Path.Combine(AppContext.BaseDirectory, program);

    static void WriteProgram(string path, string text)
    {
        File.WriteAllText(path, $"#!/usr/bin/env bash\n{text}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    static string? Tool(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(place => Path.Combine(place, name)).FirstOrDefault(File.Exists);

    [GeneratedRegex(@"\b73\d\d\b")]
    private static partial Regex Port();

    [GeneratedRegex(@"(data folder: |数据目录：)(?<value>\S+)")]
    private static partial Regex DataFolder();

    [GeneratedRegex(@"listening on (?<value>http://\S+)")]
    private static partial Regex Listening();
}
