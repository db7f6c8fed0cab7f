using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Ledger.Client.Devnet;

public enum ProcessState
{
    Running,

    /// <summary>It is there and gets no time: SIGSTOP.</summary>
    Stopped,

    Ended,
}

/// <summary>
/// A process that outlives whoever started it. Its id alone would not do: the system gives it to another when it has ended. So <paramref name="Since"/>
/// says when it began, in the system's own ticks and of which boot, and nothing is done to a process that began at another time.
/// </summary>
public sealed partial record LocalProcess(int Pid, string Since)
{
    const string InASessionOfItsOwn = "umask 077; log=$1; shift; exec setsid \"$@\" </dev/null >>\"$log\" 2>&1";

    // Variables that would go before what the command line or the settings file says.
    static readonly string[] Overriding = ["LEDGER_NODE_", "ETCD_"];

    [JsonIgnore]
    public ProcessState State => !TryRead(Pid, out var state, out var since) || since != Since || (state is 'Z' or 'X' && !HasThreads(Pid)) ? ProcessState.Ended
        : state is 'T' or 't' ? ProcessState.Stopped
        : ProcessState.Running;

    [JsonIgnore]
    public bool IsThere => State != ProcessState.Ended;

    /// <summary>Where processes can be told from each other: Linux.</summary>
    public static bool IsPossible => File.Exists("/proc/self/stat");

    /// <summary>Since when the machine runs, in a word of the system's own: another after each start.</summary>
    internal static string Boot => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>
    /// Starts a program in a session of its own, so that neither Ctrl-C nor the end of the terminal reaches it; what it says goes behind what is in the log.
    /// </summary>
    public static LocalProcess Start(string folder, string log, string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", InASessionOfItsOwn, "sh", log, .. CommandOf(program), .. arguments]) { WorkingDirectory = folder };
        foreach (var name in start.Environment.Keys.Where(name => Overriding.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToArray()) start.Environment.Remove(name);
        using var process = Process.Start(start) ?? throw new IOException(program);

        // One that ended at once is waited for by nobody, and is told from others all the same.
        return new(process.Id, TryRead(process.Id, out _, out var since) ? since : "");
    }

    /// <summary>A program of .NET without a host of its own is started by <c>dotnet</c>.</summary>
    public static IReadOnlyList<string> CommandOf(string program) => program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? ["dotnet", program] : [program];

    /// <summary>Where a program lies on the path of programs; null when it does not.</summary>
    public static string? Find(string name, string? path) =>
        (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Whether the signal was sent; not to a process that has ended.</summary>
    public bool Send(ProcessSignal signal) => IsThere && Kill(Pid, (int)signal) == 0;

    // The command's name stands in brackets and may hold any letter; behind the last bracket come the state and, as the twentieth from there, the start.
    static bool TryRead(int pid, out char state, out string since)
    {
        (state, since) = ('X', "");
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            (state, since) = (fields[0][0], $"{fields[19]}@{Boot}");
            return true;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // The first thread of a process that was killed may be dead while others are still at their end: until the last is gone it holds its ports and files.
    static bool HasThreads(int pid)
    {
        try
        {
            return Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task")).Skip(1).Any();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}

/// <summary>Signals by their numbers on Linux.</summary>
public enum ProcessSignal
{
    Int = 2,
    Kill = 9,
    Term = 15,
    Cont = 18,
    Stop = 19,
}
