using System.CommandLine;
using System.Globalization;
using Ledger.Client.Api;
using Ledger.Client.Text;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger clock</c>: what time it is on a ledger; on a demo or test ledger it can be set, and then stands.</summary>
static class ClockCommands
{
    // As the ledgers of this product tell days apart.
    const int OffsetMinutes = 480;

    public static Command Make(Shell shell) => Shell.Noun("clock", "账本时间；演示或测试账本可设定。", "Show ledger time; set it on a demo or test ledger.", Show(shell), Set(shell));

    static Command Show(Shell shell)
    {
        var reading = new Reading(hasHeights: false);
        return shell.Command("show", "显示账本时间，以及该时间是否为人所设定。", "Show what time it is on the ledger, and whether that time was set.", [.. reading.All], async (run, cancel) =>
        {
            Tell(run, await (await reading.OpenAsync(run, cancel)).ClockAsync(cancel));
            return ExitCode.Ok;
        }, "clock show");
    }

    static Command Set(Shell shell)
    {
        var time = Options.Argument<Timestamp>("TIME", "2026-09-22T09:00:00+08:00，或 unix 毫秒；不早于账本时间", "2026-09-22T09:00:00+08:00, or unix milliseconds; not before ledger time", TryParse);
        var reading = new Reading(hasHeights: false);
        return shell.Command("set", "设定账本时间并停在该处；届时到期的事项随即发生。", "Set ledger time, and hold it there; deadlines that have come by then fire at once.", [time, .. reading.All], async (run, cancel) =>
        {
            var answer = await (await reading.OpenAsync(run, cancel)).SetClockAsync(run.Value(time), cancel);
            if (answer.Code != Refusal.None) throw new NodeAnsweredException(answer);
            Tell(run, LedgerClock.Of(answer.Body));
            return ExitCode.Ok;
        }, "clock set 2026-09-22T09:00:00+08:00", "clock set 2026-09-22T09:00:00+08:00 --key bank.key.json");
    }

    static void Tell(Run run, LedgerClock clock) => run.Output.Record(
        new("ledgerTime", "账本时间", "ledger time", run.Output.IsJson ? clock.LedgerTime.UnixMilliseconds : TimeText.Of(clock.LedgerTime, OffsetMinutes)),
        new("clock", "时钟", "clock", clock.IsHeld ? "held" : "running"),
        new("settable", "可设定", "can be set", clock.MaySet));

    internal static bool TryParse(ReadOnlySpan<char> text, out Timestamp time)
    {
        time = default;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)) time = new(milliseconds);
        else if (DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read))
            time = new(read.ToUnixTimeMilliseconds());
        return time.UnixMilliseconds > 0;
    }
}
