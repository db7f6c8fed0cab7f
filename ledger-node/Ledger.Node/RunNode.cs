using Ledger.Core.Chain;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Documents;
using Ledger.Node.Http;
using Ledger.Node.Private;
using Ledger.Node.Storage;
using Ledger.Suites;
using Microsoft.AspNetCore.Builder;

namespace Ledger.Node;

/// <summary>Runs a node until it is interrupted, or until it can no longer keep its promise.</summary>
static class RunNode
{
    public static async Task<int> RunAsync(NodeOptions options, string genesisPath, string? passwordFile, CancellationToken cancel)
    {
        if (!File.Exists(genesisPath)) return No(ExitCode.Usage, $"{genesisPath}: no such file");
        if (Genesis.Read(await File.ReadAllBytesAsync(genesisPath, cancel), KnownSuites.Find, out var problem) is not { } genesis)
            return No(ExitCode.Usage, $"{genesisPath}: {problem}");

        var password = passwordFile is null ? Prompt() : (await File.ReadAllLinesAsync(passwordFile, cancel)).FirstOrDefault();
        if (string.IsNullOrEmpty(password)) return No(ExitCode.Usage, "a password is needed: --password-file, or a terminal to ask on");
        if (NodeKeys.Open(genesis, Path.GetDirectoryName(genesisPath) ?? ".", password, out problem) is not { } keys) return No(ExitCode.Usage, problem);

        using var host = NodeHost.Open(options, genesis, keys.Node, TimeProvider.System, Console.Error.WriteLine, out var cannot);
        if (host is null) return No(cannot?.ExitCode ?? ExitCode.Fault, cannot?.Reason ?? "");

        Console.Error.WriteLine($"chain {genesis.Chain.ChainId} ({genesis.Origin}), purpose {genesis.Chain.Purpose}, bank {keys.Node.Bank}");
        return await ServeAsync(host, options, keys, ready: null, cancel);
    }

    /// <summary>Serves the API beside the loop; <paramref name="ready"/> runs once it listens and may end the node by returning an exit code.</summary>
    public static async Task<int> ServeAsync(
        NodeHost host, NodeOptions options, NodeKeys keys, Func<string, CancellationToken, Task<int?>>? ready, CancellationToken cancel)
    {
        var documents = new DocumentService(host.Loop.Genesis.Chain.Suite, keys.EpochKeys);
        if (!ServerCertificate.TryRead(options, out var certificate, out var problem)) return No(ExitCode.Usage, problem);
        using var _ = certificate;
        await using var reads = options.Reads == Reads.Signed ? AccessLog.Open(Path.Combine(options.Data, FolderLayout.Access)) : null;
        var api = new ApiOptions(options.Host, options.Port, options.NextFreePort)
        {
            Reads = options.Reads,
            Rates = options.Rates,
            HostNames = options.HostNames,
            Certificate = certificate,
            IsBehindProxy = options.IsBehindProxy,
            AccessLog = reads,
        };
        if (ApiServer.Build(host.Loop, documents, OpenPrivate(host, options, keys), api, logs: null, out var refused) is not { } server)
            return No(ExitCode.Usage, $"{options.Host}: {WhyNot(refused)}");

        await using var serving = server;
        try
        {
            await server.StartAsync(cancel);
        }
        catch (IOException taken)
        {
            return No(ExitCode.Usage, $"{taken.Message} Choose another --port. 端口被占用，请换一个。");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var loop = Task.Run(() => host.Loop.RunAsync(stop.Token), CancellationToken.None);
        var url = ApiServer.AddressOf(server).ToString().TrimEnd('/');
        host.Announce([url]);
        Console.Error.WriteLine($"listening on {url}, {Say(options.Reads)}. Ctrl-C ends. Ctrl-C 结束。");
        Console.Error.WriteLine($"console in a browser 浏览器控制台: {url}/");

        var story = ready?.Invoke(url, stop.Token) ?? Task.FromResult<int?>(null);
        if (await Task.WhenAny(loop, story) == story && await story is { } told)
        {
            await StopAsync(server, stop, loop);
            return told;
        }

        try
        {
            await loop;
            return ExitCode.Ok;
        }
        catch (OperationCanceledException)
        {
            await StopAsync(server, stop, loop);
            return ExitCode.Interrupted;
        }
        catch (StorageFault fault)
        {
            await StopAsync(server, stop, loop);
            return No(ExitCode.Fault, $"{fault.Message} The node stops; nothing that was acknowledged is lost. 存储故障，节点停止；已确认的内容不受影响。");
        }
    }

    // These sentences have no blanks for amounts or times.
    static string WhyNot(Refusal refused) =>
        $"{Sentences.English(refused, Facts.None, static (_, _) => "", static _ => "")} {Sentences.Chinese(refused, Facts.None, static (_, _) => "", static _ => "")} ({(int)refused})";

    static string Say(Reads reads) => reads == Reads.Signed ? "reads need a pass 读取须凭通行令牌" : "whoever reaches it reads everything 读取不设限";

    // Nothing about disclosures keeps a node from running.
    static DisclosureDesk? OpenPrivate(NodeHost host, NodeOptions options, NodeKeys keys)
    {
        if (keys.PrivateKey is not { } key)
        {
            Console.Error.WriteLine(
                $"{NodeKeys.PrivateFile(keys.Node.Bank)} cannot be opened or made: this node keeps no disclosures. 无法打开或生成该密钥文件：本节点不保存披露。");
            return null;
        }

        try
        {
            var chain = host.Loop.Genesis.Chain;
            var store = DisclosureStore.Open(new PrivateFolder(new DiskStorage(options.Data)), key, chain.ChainId, Console.Error.WriteLine);
            return new(store, chain.Suite, chain.ChainId);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"private: {fault.Message}. This node keeps no disclosures. 本节点不保存披露。");
            return null;
        }
    }

    static async Task StopAsync(WebApplication server, CancellationTokenSource stop, Task loop)
    {
        await server.StopAsync();
        await stop.CancelAsync();
        await loop.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    static string? Prompt()
    {
        if (Console.IsInputRedirected) return null;
        Console.Error.Write("Password of the node's key files 密钥文件口令: ");
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(typed.Length - 1, 0);
            else typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }

    static int No(int code, string reason)
    {
        Console.Error.WriteLine(reason);
        return code;
    }
}
