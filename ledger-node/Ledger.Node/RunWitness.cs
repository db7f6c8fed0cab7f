using System.Diagnostics;
using System.Net.Sockets;
using Ledger.Core.Chain;
using Ledger.Node.Peers;
using Ledger.Node.Storage;
using Ledger.Node.Witnessing;
using Ledger.Suites;

namespace Ledger.Node;

/// <summary>Runs a witness: a folder with its key and what it cosigned, and a port at which it is asked.</summary>
static class RunWitness
{
    public static async Task<int> RunAsync(string? data, string? name, string? policyFile, string listen, CancellationToken cancel)
    {
        if (data is null || name is null || policyFile is null) return No(ExitCode.Usage, "--data, --name and --trust are required 需要 --data、--name 与 --trust");
        if (PeerAddress.ParseListen(listen) is not { } address) return No(ExitCode.Usage, $"{listen} is no address and port. 监听地址无效。");
        if (!VKey.IsName(name)) return No(ExitCode.Usage, $"{name} is no name of a key: no spaces, no plus. 密钥名称无效。");
        if (!RunNode.TryReadPolicy(policyFile, out var policy, out var unread) || policy is null) return No(ExitCode.Usage, unread);
        using var held = FolderLock.TryTake(data, TimeProvider.System, out var holder);
        if (held is null) return No(ExitCode.Usage, holder?.ToString() ?? data);
        if (WitnessKey.OpenOrMake(data, name, out var unusable) is not { } key) return No(ExitCode.Fault, unusable);

        // Nobody asks with its own word: the banks would wait for it, and it for them.
        if (Names(policy.Quorum, key.VKey)) return No(ExitCode.Usage, $"The policy {policyFile} names this witness itself: give it one of the banks alone (ledger export policy). 策略中包含见证方自身，请给出仅含银行的策略。");

        var suite = policy.Logs.Select(static log => log.SuiteName).OfType<string>().Select(KnownSuites.Find).FirstOrDefault(static found => found is not null) ?? KnownSuites.P256;
        await using var server = WitnessServer.Build(address, new(key, suite, policy, data, Console.Error.WriteLine, TimeProvider.System), Console.Error.WriteLine);
        try
        {
            await server.StartAsync(cancel);
        }
        catch (Exception taken) when (taken is IOException or SocketException)
        {
            return No(ExitCode.Usage, $"{taken.Message} Choose another --listen. 端口被占用，请换一个。");
        }

        var url = NodeServer.AddressOf(server).ToString().TrimEnd('/');
        held.Announce([url]);
        Console.Error.WriteLine($"witness {key.VKey}");
        Console.Error.WriteLine($"listening on {url} (asked by whoever reaches it). Ctrl-C ends. Ctrl-C 结束。");
        await Task.Delay(Timeout.Infinite, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.StopAsync(CancellationToken.None);
        return ExitCode.Interrupted;
    }

    static bool Names(Quorum quorum, VKey key) => quorum switch
    {
        Quorum.Key one => one.VKey.PublicKey == key.PublicKey,
        Quorum.AtLeast group => group.Members.Any(member => Names(member, key)),
        _ => throw new UnreachableException(),
    };

    static int No(int code, string reason)
    {
        Console.Error.WriteLine(reason);
        return code;
    }
}
