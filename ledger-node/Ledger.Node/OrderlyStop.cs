namespace Ledger.Node;

/// <summary>
/// The steps of a stop, one after the other, each told before it is taken. All together have so much time: then what can be given up is, and what does not
/// even answer to that is left behind a moment later.
/// </summary>
sealed class OrderlyStop(TimeSpan within, TimeSpan afterwards, Action<string> say)
{
    /// <summary>Whether all steps were taken in time.</summary>
    public async Task<bool> RunAsync(params IReadOnlyList<(string Saying, Func<CancellationToken, Task> Step)> steps)
    {
        using var limit = new CancellationTokenSource(within);
        using var overdue = new CancellationTokenSource();
        var taken = TakeAsync(steps, limit.Token, overdue.Token);
        var isTaken = await Task.WhenAny(taken, Task.Delay(within + afterwards, overdue.Token)) == taken;
        await overdue.CancelAsync();
        if (isTaken)
        {
            await taken;
            return true;
        }

        say("the time to stop is over; what was acknowledged is on disk 停止时限已到；已确认的内容均已落盘");
        return false;
    }

    async Task TakeAsync(IReadOnlyList<(string Saying, Func<CancellationToken, Task> Step)> steps, CancellationToken limit, CancellationToken overdue)
    {
        foreach (var (saying, step) in steps)
        {
            if (overdue.IsCancellationRequested) return;
            say(saying);
            await step(limit);
        }
    }
}
