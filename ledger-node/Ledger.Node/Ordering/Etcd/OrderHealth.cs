namespace Ledger.Node.Ordering.Etcd;

/// <summary>The order is not what it was: nothing more of it may be taken.</summary>
sealed class OrderBrokenException(string chinese, string english) : Exception(english)
{
    public string Chinese { get; } = chinese;
}

/// <summary>How the order is: well, out of reach of whoever puts or of whoever watches, or broken, and then it stays so.</summary>
sealed class OrderHealth : IDisposable
{
    readonly CancellationTokenSource broken = new();
    volatile OrderTrouble? breach;
    volatile OrderTrouble? putting;
    volatile OrderTrouble? watching;

    public OrderTrouble? Trouble => breach ?? putting ?? watching;

    public bool IsBroken => breach is not null;

    /// <summary>Cancelled when the order breaks.</summary>
    public CancellationToken Broken => broken.Token;

    public void Break(OrderBrokenException why)
    {
        Interlocked.CompareExchange(ref breach, new(IsBroken: true, why.Chinese, why.Message), null);
        broken.Cancel();
    }

    /// <summary>Every member was asked in turn and none has answered; null once one has.</summary>
    public void Putting(Exception? fault) => putting = Of(fault);

    /// <summary>The same of the watch.</summary>
    public void Watching(Exception? fault) => watching = Of(fault);

    public void Dispose() => broken.Dispose();

    static OrderTrouble? Of(Exception? fault)
    {
        if (fault is null) return null;
        var (chinese, english) = MemberFault.Says(fault);
        return new(IsBroken: false, $"所有 etcd 成员均无法受理：{chinese}", $"no etcd member answers: {english}");
    }
}
