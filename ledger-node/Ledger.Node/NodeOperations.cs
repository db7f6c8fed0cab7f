using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using Ledger.Core.Chain;
using Ledger.Node.Monitoring;
using Ledger.Node.Storage;
using Ledger.Suites;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Ledger.Node;

/// <summary>
/// What attends a running node for its operator: the log, the watch over disk, order and verification, the admin log, and the operations port. Nothing here decides or holds
/// the ledger; it says how it is.
/// </summary>
sealed class NodeOperations : IDisposable
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(10);

    readonly NodeSettings settings;
    readonly LogLevels levels;
    readonly ILoggerFactory factory;
    readonly ILogger log;
    readonly bool isJson;
    AdminLog? admin;
    DiskGuard? disk;
    NodeLoop? node;
    string? orderTrouble;
    string? verificationFault;
    string token = "";
    WebApplication? server;

    NodeOperations(NodeSettings settings, LogLevels levels)
    {
        this.settings = settings;
        this.levels = levels;
        isJson = settings[NodeSettings.LogFormat] == "json";
        factory = NodeLogging.Create(isJson, levels);
        log = factory.CreateLogger("Ledger.Node");
    }

    /// <summary>For other hosts in this process, the API's.</summary>
    public ILoggerProvider Logs => NodeLogging.Provider(factory);

    public static NodeOperations Of(NodeSettings settings) =>
        new(settings, LogLevels.Parse(settings[NodeSettings.LogLevel] ?? LogLevels.Default) ?? throw new InvalidOperationException("The settings were not checked."));

    /// <summary>Tells the operator: a line for people, or an event of the log where it is read by programs.</summary>
    public void Say(string text)
    {
        if (isJson) Log.Said(log, text);
        else Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {text}"));
    }

    /// <summary>Puts an act on record that needs no running node; false when the admin log is not what this node wrote.</summary>
    public bool TryNote(Genesis genesis, NodeKey key, string data, string act, string detail, string result, out string problem)
    {
        if (!TryOpenAdmin(genesis, key, data, out problem)) return false;
        admin.Write("operator", act, detail, result);
        return true;
    }

    /// <summary>Takes a node into care; false when its admin log is not what this node wrote.</summary>
    public bool TryAttend(NodeLoop loop, NodeKey key, string data, out string problem)
    {
        if (!TryOpenAdmin(loop.Reader.Genesis, key, data, out problem)) return false;
        if (key.Named(loop.Reader.View.State.Validator(key.Bank)?.NodeKey) is { } named) admin.HandOver(named);
        node = loop;
        token = OperatorToken.OpenOrMake(data);
        disk = DiskGuard.Of(data, settings.Whole(NodeSettings.DiskWarn) * NodeSettings.Mebibyte, settings.Whole(NodeSettings.DiskHold) * NodeSettings.Mebibyte);
        LookAtDisk(loop, disk);
        NodeGauges.Add(loop, disk, TimeProvider.System);
        var changed = settings.Effective.Where(one => one.Source != SettingSource.Default).Select(one => $"{one.Setting.Name}={one.Value}");
        admin.Write("node", "start", string.Join(' ', changed), "ok");
        return true;
    }

    /// <summary>Opens the operations port, where one is wanted, and watches from now on; false when the port is taken.</summary>
    public async Task<bool> StartAsync(Task loop, CancellationToken cancel)
    {
        if (node is null || admin is null || disk is null) throw new InvalidOperationException("There is no node to attend.");
        _ = WatchAsync(node, disk, cancel);
        if (settings[NodeSettings.OperationsPort] != NodeSettings.Off)
        {
            ReadinessCheck[] checks =
            [
                ReadinessChecks.Stopping(node), ReadinessChecks.Loop(() => loop, () => node.IsStopping), ReadinessChecks.Disk(disk), ReadinessChecks.Clock(node, ClockTolerance),
                ReadinessChecks.Views(node), ReadinessChecks.Order(node), ReadinessChecks.Finality(node),
            ];
            server = OpsServer.Build(new(settings.Whole(NodeSettings.OperationsPort), checks, settings, levels, admin, token), node, factory);
            try
            {
                await server.StartAsync(cancel);
            }
            catch (Exception taken) when (taken is IOException or SocketException)
            {
                return false;
            }

            Say($"operations on {NodeServer.AddressOf(server).ToString().TrimEnd('/')} (loopback only) 运维端口，仅本机");
        }

        ServiceManager.Ready();
        return true;
    }

    /// <summary>The node ends, and why.</summary>
    public async Task StopAsync(string how)
    {
        if (server is not null) await server.StopAsync();
        admin?.Write("node", "stop", how, "ok");
    }

    public void Dispose()
    {
        (server as IDisposable)?.Dispose();
        admin?.Dispose();
        factory.Dispose();
    }

    [MemberNotNullWhen(true, nameof(admin))]
    bool TryOpenAdmin(Genesis genesis, NodeKey key, string data, out string problem)
    {
        problem = "";
        var suite = genesis.Chain.Suite;
        var founder = genesis.Text.Validators.FirstOrDefault(one => one.Bank == key.Bank)?.NodeKey;
        admin = AdminLog.Open(new DiskStorage(data), key, founder, (signer, message, signature) => suite.Verify(signer, message, signature), TimeProvider.System, out var line);
        if (admin is null)
            problem = $"{Path.Combine(data, AdminLog.FileName)}, line {line}: not what this node wrote, or its key is no longer here. Keep the file as evidence and move it away to start. 管理日志被改动，或其签署密钥已不在此处，请留存为证据后移走再启动。";
        return admin is not null;
    }

    async Task WatchAsync(NodeLoop loop, DiskGuard guard, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                LookAtDisk(loop, guard);
                LookAtOrder(loop);
                LookAtVerification();
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    void LookAtOrder(NodeLoop loop)
    {
        var trouble = loop.OrderTrouble;
        if (trouble?.English == orderTrouble) return;
        orderTrouble = trouble?.English;
        if (trouble is null) Log.OrderBack(log);
        else if (trouble.IsBroken) Log.OrderBroken(log, trouble.English, trouble.Chinese);
        else Log.OrderNotReached(log, trouble.English, trouble.Chinese);
    }

    void LookAtVerification()
    {
        if (KnownSuites.Verification.Fault is not { } fault || verificationFault is not null) return;
        verificationFault = fault;
        Log.VerificationWrong(log, fault);
    }

    void LookAtDisk(NodeLoop loop, DiskGuard guard)
    {
        if (guard.Look())
        {
            if (guard.IsHolding) Log.DiskHolding(log, guard.Free);
            else if (guard.IsLow) Log.DiskLow(log, guard.Free);
            else Log.DiskEnough(log, guard.Free);
        }

        loop.HoldsWrites = guard.IsHolding;
    }
}
