using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Ledger.Client.Devnet;

/// <summary>
/// Keeps processes of a network on this machine from each other, as a cable that was cut does: packets between them vanish, of connections that stand as of new ones. All of them are on loopback, so the
/// kernel tells them apart by the control group (cgroup v2) in which each was started, and by the ports on which each listens. That takes root, from the start of the processes on.
/// </summary>
/// <param name="chainId">By which networks on one machine are told apart.</param>
sealed class PacketFilter(string chainId)
{
    const string Kernel = "/sys/fs/cgroup";
    const int NameLetters = 12;

    // The group of a process lies in its network's, which lies in the root.
    const int Level = 2;

    string Table => $"ledger_devnet_{chainId[..NameLetters]}";

    string Groups => $"ledger-devnet-{chainId[..NameLetters]}";

    /// <summary>
    /// The folder of a group that a process may begin in; null where none can be made: without root, without cgroup v2, or where it can only be read.
    /// </summary>
    public string? TryMakeGroup(string name)
    {
        if (!Environment.IsPrivilegedProcess || Root() is not { } root) return null;
        try
        {
            return Directory.CreateDirectory(Path.Combine(root, Groups, name)).FullName;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether a running process is in the group of its name.</summary>
    public bool IsInGroup(string name, LocalProcess process)
    {
        try
        {
            var of = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Pid}/cgroup")).FirstOrDefault(static line => line.StartsWith("0::", StringComparison.Ordinal));
            return of?.EndsWith($"/{Groups}/{name}", StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>A command that begins in a group: the shell enters it and becomes the program, so that whatever is opened is the group's.</summary>
    public static IReadOnlyList<string> Within(string group, string program, IReadOnlyList<string> arguments) =>
        ["-c", "echo $$ >\"$1/cgroup.procs\"; shift; exec \"$@\"", "sh", group, .. LocalProcess.CommandOf(program), .. arguments];

    /// <summary>What the filter is told: each side with names and the ports on which they listen. What was said before is over.</summary>
    public string RulesOf(IReadOnlyList<IReadOnlyList<(string Name, int[] Ports)>> sides)
    {
        var (sent, received) = (new StringBuilder(), new StringBuilder());
        foreach (var side in sides)
        {
            var others = string.Join(", ", sides.Where(other => other != side).SelectMany(static other => other).SelectMany(static one => one.Ports).Select(static port => port.ToString(CultureInfo.InvariantCulture)));
            foreach (var (name, _) in side)
            {
                var group = $"socket cgroupv2 level {Level} \"{Path.GetRelativePath(Kernel, Path.Combine(Root() ?? Kernel, Groups, name))}\"";
                sent.Append(CultureInfo.InvariantCulture, $"    {group} tcp dport {{ {others} }} drop\n");
                received.Append(CultureInfo.InvariantCulture, $"    {group} tcp sport {{ {others} }} drop\n");
            }
        }

        return $$"""
            {{None}}table inet {{Table}} {
              chain sent {
                type filter hook output priority 0; policy accept;
            {{sent}}  }
              chain received {
                type filter hook input priority 0; policy accept;
            {{received}}  }
            }

            """;
    }

    /// <summary>What ends it all, also where there is nothing to end.</summary>
    public string None => $"table inet {Table}\ndelete table inet {Table}\n";

    /// <summary>Puts rules into force, all of them or none.</summary>
    /// <exception cref="DevnetException">They were not taken.</exception>
    public static async Task ApplyAsync(string program, string rules, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, ["-f", "-"]) { RedirectStandardInput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new IOException(program);
        await process.StandardInput.WriteAsync(rules.AsMemory(), cancel);
        process.StandardInput.Close();
        var said = await process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0) throw new DevnetException(DevnetFaultKind.Fault, $"内核未接受过滤规则：{said.Trim()}", $"The kernel took no rules: {said.Trim()}");
    }

    /// <summary>Takes away the groups whose processes have ended.</summary>
    public void RemoveGroups()
    {
        if (Root() is not { } root || Path.Combine(root, Groups) is not { } own || !Directory.Exists(own)) return;
        try
        {
            foreach (var group in Directory.EnumerateDirectories(own).ToArray()) Directory.Delete(group);
            Directory.Delete(own);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            // Something in it still ends; an empty group weighs nothing.
        }
    }

    // Where cgroup v2 lies: beside version 1 it has a folder of its own.
    static string? Root()
    {
        try
        {
            return File.ReadLines("/proc/self/mounts").Select(static line => line.Split(' ')).Where(static fields => fields is [_, _, "cgroup2", ..] && (fields[1] + "/").StartsWith(Kernel + "/", StringComparison.Ordinal))
                .Select(static fields => fields[1]).FirstOrDefault();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
