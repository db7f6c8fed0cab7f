using Ledger.Core.State;
using Ledger.Node.Health;
using Ledger.Node.Views;

namespace Ledger.Node.Monitoring;

/// <summary>
/// One thing that must be so for the node to serve; <paramref name="Why"/> says under which number and in two languages why it is not, null when it is. What is final can be read while what is
/// only needed <paramref name="ForActs"/> is missing.
/// </summary>
public sealed record ReadinessCheck(string Component, bool ForActs, Func<NodeTrouble?> Why);

/// <summary>What a node asks itself before it calls itself ready.</summary>
public static class ReadinessChecks
{
    /// <summary>A node that was told to stop lets callers go, and wants no new ones.</summary>
    public static ReadinessCheck Stopping(NodeLoop node) => new("stop", ForActs: false, () => node.IsStopping ? new(Refusal.NodeStopping, "节点正在停止", "the node is stopping") : null);

    /// <summary>The writer runs: everything that is acknowledged goes through it. One that ended because it was told to is no fault.</summary>
    public static ReadinessCheck Loop(Func<Task?> loop, Func<bool> isStopping) => new("loop", ForActs: false, () =>
        loop() is { IsCompleted: false } || isStopping() ? null : new(Refusal.NodeStopping, "账本循环未在运行", "the ledger's loop is not running"));

    /// <summary>What orders transactions is there and is what it was, and this bank has a part in it.</summary>
    public static ReadinessCheck Order(NodeLoop node) => new("order", ForActs: true, () => node.OrderTrouble is { } trouble ? new(trouble.Refusal, trouble.Chinese, trouble.English) : null);

    /// <summary>What is ordered becomes final: a quorum votes.</summary>
    public static ReadinessCheck Finality(NodeLoop node) => new("finality", ForActs: true, () => StandingReader.TroubleOf(node) is { Code: Refusal.FinalityStalled } trouble ? trouble : null);

    public static ReadinessCheck Disk(DiskGuard disk) => new("disk", ForActs: true, () =>
        disk.IsHolding ? new(Refusal.StorageFull, "磁盘空间不足，暂停接收交易", $"no room: {disk.Free} bytes are free and transactions are refused")
        : disk.IsLow ? new(Refusal.StorageFull, "磁盘空间偏低", $"little room: {disk.Free} bytes are free, {disk.WarnBytes} are wanted")
        : null);

    /// <summary>Without the read model nobody finds anything: a node that makes it anew serves what is not asked of it, and is not ready.</summary>
    public static ReadinessCheck Views(NodeLoop node) => new("views", ForActs: false, () => node.Reader.Views.Standing switch
    {
        ViewsStanding.Following => null,
        ViewsStanding.Rebuilding => new(
            Refusal.ViewsNotReady,
            $"查询视图正在由链重建：{node.Reader.Views.Height}／{node.Reader.View.Header.Height}", $"the read model is made from the chain: height {node.Reader.Views.Height} of {node.Reader.View.Header.Height}"),
        ViewsStanding.Failed => new(Refusal.ViewsNotReady, "查询视图不可用，原因见日志", "the read model cannot be kept; the log says why"),
        _ => throw new System.Diagnostics.UnreachableException(),
    });

    /// <summary>Ledger time ahead of the clock means that a clock ran ahead once: what expires by ledger time would expire early for everybody.</summary>
    public static ReadinessCheck Clock(NodeLoop node, TimeSpan tolerance) => new("clock", ForActs: true, () =>
        node.Reader.View.State.Now.UnixMilliseconds - node.Reader.ClockTime.UnixMilliseconds > (long)tolerance.TotalMilliseconds
            ? new(Refusal.ClockBehindLedger, "本机时钟落后于账本时间", "the node's clock is behind ledger time")
            : null);
}
