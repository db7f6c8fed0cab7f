using System.Diagnostics.Metrics;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Monitoring;

/// <summary>What a scrape reads as it is then: how far the chain is, what waits, how much disk is left, and what is owed.</summary>
sealed class NodeGauges
{
    // Walking every token for each scrape would cost a large ledger a core.
    static readonly TimeSpan OwedEvery = TimeSpan.FromSeconds(60);

    readonly NodeLoop node;
    readonly TimeProvider time;
    readonly Lock gate = new();
    Owed owed = new([], []);
    long owedAt;
    ulong? owedHeight;

    NodeGauges(NodeLoop node, TimeProvider time)
    {
        this.node = node;
        this.time = time;
    }

    public static void Add(NodeLoop node, DiskGuard disk, TimeProvider time)
    {
        var gauges = new NodeGauges(node, time);
        var meter = node.Metrics.Meter;
        var started = time.GetUtcNow().ToUnixTimeSeconds();
        meter.CreateObservableGauge("ledger_block_height", () => (long)node.View.Header.Height, null, "Height of the last final block");
        meter.CreateObservableGauge("ledger_leaves", () => (long)node.View.Checkpoint.Checkpoint.Size, null, "Leaves of the history");
        meter.CreateObservableGauge("ledger_head_timestamp_seconds", () => node.View.State.Now.UnixMilliseconds / 1000.0, "s", "Ledger time of the last final block");
        meter.CreateObservableGauge("ledger_clock_seconds", () => node.ClockTime.UnixMilliseconds / 1000.0, "s", "The node's own clock");
        meter.CreateObservableGauge("ledger_clock_held", () => node.IsClockHeld ? 1L : 0L, null, "1 while a demo's or test's clock is held");
        meter.CreateObservableGauge("ledger_mempool_size", () => node.UnderWay, null, "Transactions that wait for their block");
        meter.CreateObservableCounter("ledger_double_pledge_attempts_held_back_total", () => node.AttemptsHeldBack, null, "Attempts beyond the day's quotas, which are not ordered");
        meter.CreateObservableGauge("ledger_disk_free_bytes", () => disk.Free, "By", "Free space where the data folder lies");
        meter.CreateObservableGauge("ledger_disk_writes_held", () => disk.IsHolding ? 1L : 0L, null, "1 while writes are refused for want of space");
        meter.CreateObservableGauge("ledger_views_height", () => (long)node.Views.Height, null, "Height that the read model answers for");
        meter.CreateObservableCounter("ledger_views_opened_total", () => (long)node.Views.TimesOpened, null, "How often the read model was opened or made anew");
        meter.CreateObservableGauge("ledger_process_start_time_seconds", () => started, "s", "When the process started");
        meter.CreateObservableGauge("ledger_outstanding_minor_units", () => Measurements(gauges.Now().Outstanding), null, "Live units of all instruments, in minor units; at most a minute old");
        meter.CreateObservableGauge("ledger_overdue_minor_units", () => Measurements(gauges.Now().Overdue), null, "Live units of overdue instruments, in minor units; at most a minute old");
    }

    /// <summary>A node that calls subscribers also tells how many of them it has given up.</summary>
    public static void Add(NodeLoop node, Func<long> stopped) =>
        node.Metrics.Meter.CreateObservableGauge("ledger_webhooks_stopped", stopped, null, "Subscriptions that were given up until somebody replays them");

    static IEnumerable<Measurement<long>> Measurements(SortedDictionary<string, long> sums) =>
        sums.Select(sum => new Measurement<long>(sum.Value, new KeyValuePair<string, object?>("currency", sum.Key)));

    Owed Now()
    {
        lock (gate)
        {
            var view = node.View;
            if (owedHeight is not null && (owedHeight == view.Header.Height || time.GetElapsedTime(owedAt) < OwedEvery)) return owed;
            owed = Owed.Of(view.State);
            (owedHeight, owedAt) = (view.Header.Height, time.GetTimestamp());
            return owed;
        }
    }

    sealed record Owed(SortedDictionary<string, long> Outstanding, SortedDictionary<string, long> Overdue)
    {
        public static Owed Of(LedgerState state)
        {
            var sums = new Owed(new(StringComparer.Ordinal), new(StringComparer.Ordinal));
            foreach (var instrument in state.AllInstruments)
            {
                if (state.Tokens(instrument.Id) is not { } tokens) continue;
                var live = 0L;
                foreach (var token in tokens.Span)
                {
                    if (token.State == UnitState.Live) live += (long)token.Units.Amount.Minor;
                }

                Add(sums.Outstanding, instrument.Currency, live);
                if (state.Maturity(instrument.Id) is { OverdueOn.Count: > 0 }) Add(sums.Overdue, instrument.Currency, live);
            }

            return sums;
        }

        static void Add(SortedDictionary<string, long> sums, Currency currency, long minor) =>
            sums[currency.Code] = sums.GetValueOrDefault(currency.Code) + minor;
    }
}
