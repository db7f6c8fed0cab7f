using System.Diagnostics;

namespace Ledger.Cli.Bench;

/// <summary>The node's own program in a process of its own, as an operator starts it, on a free port; it ends with this.</summary>
sealed class NodeProgram : IDisposable
{
    public const string Name = "Ledger.Node.dll";
    const string Listening = "listening on ";

    readonly Process process;

    NodeProgram(Process process, string url)
    {
        this.process = process;
        Url = url;
    }

    public string Url { get; }

    /// <summary>Beside this program, or where a build of the whole solution puts it; null when it is in neither place.</summary>
    public static string? Find()
    {
        var here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var configuration = Path.GetFileName(here);
        string[] places = [Path.Combine(here, Name), Path.Combine(here, "..", "..", Path.GetFileNameWithoutExtension(Name), configuration, Name)];
        return places.Select(Path.GetFullPath).FirstOrDefault(File.Exists);
    }

    /// <summary>Founds a chain in a new data folder, starts the program on it and waits until it listens.</summary>
    public static async Task<NodeProgram> StartAsync(string program, string data, string genesis, string passwordFile, CancellationToken cancel)
    {
        string[] network = ["--data", data, "--genesis", genesis, "--password-file", passwordFile];
        using (var founding = Begin(program, ["found", .. network]))
        {
            var reason = await founding.StandardError.ReadToEndAsync(cancel);
            await founding.WaitForExitAsync(cancel);
            if (founding.ExitCode != 0) throw NotStarted(reason);
        }

        // A few parties make all of the load: what one of them may put on the chain in a day is not what is measured.
        var process = Begin(program, ["run", .. network, "--port", "0", "--reads", "open", "--operations-port", "off", "--party-chain-mib", "0"]);
        var said = new List<string>();
        try
        {
            while (await process.StandardError.ReadLineAsync(cancel) is { } line)
            {
                said.Add(line);
                var place = line.IndexOf(Listening, StringComparison.Ordinal);
                if (place < 0) continue;

                // Nobody reads on, and a full pipe would stop the node.
                _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
                return new(process, line[(place + Listening.Length)..].Split(' ')[0]);
            }
        }
        catch
        {
            End(process);
            throw;
        }

        End(process);
        throw NotStarted(string.Join(Environment.NewLine, said));
    }

    public void Dispose() => End(process);

    static Process Begin(string program, string[] arguments)
    {
        var (file, all) = program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? ("dotnet", (string[])[program, .. arguments]) : (program, arguments);
        return Process.Start(new ProcessStartInfo(file, all) { RedirectStandardError = true, RedirectStandardInput = true }) ?? throw new IOException(program);
    }

    static StopException NotStarted(string why) => new(ExitCode.Fault, $"节点未能启动：{why}", $"The node did not start: {why}");

    static void End(Process process)
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
