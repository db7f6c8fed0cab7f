using System.Diagnostics.Metrics;
using Ledger.Node.Monitoring;

namespace Ledger.Tests.Monitoring;

public sealed class PrometheusTextTests
{
    [Fact]
    public void A_counter_adds_up_by_its_labels_in_whatever_order_they_come()
    {
        using var meter = new Meter("counted");
        using var text = new PrometheusText(one => one == meter);
        var counter = meter.CreateCounter<long>("ledger_things_total", null, "Things");

        counter.Add(2, new("kind", "a"), new("answer", "yes"));
        counter.Add(3, new("answer", "yes"), new("kind", "a"));
        counter.Add(7, new KeyValuePair<string, object?>("kind", "b"));

        var read = new MetricsText(text.Write());
        Assert.Equal("counter", read.Types["ledger_things_total"]);
        Assert.Equal(5, read.Samples["ledger_things_total{answer=\"yes\",kind=\"a\"}"]);
        Assert.Equal(7, read.Samples["ledger_things_total{kind=\"b\"}"]);
    }

    [Fact]
    public void A_histogram_counts_each_value_in_every_bucket_that_holds_it()
    {
        using var meter = new Meter("timed");
        using var text = new PrometheusText(one => one == meter);
        var histogram = meter.CreateHistogram("ledger_step_seconds", "s", "Steps", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });

        foreach (var value in (double[])[0.1, 0.5, 3]) histogram.Record(value);

        var read = new MetricsText(text.Write());
        Assert.Equal("histogram", read.Types["ledger_step_seconds"]);
        Assert.Equal(
            [1, 2, 3, 3],
            new[] { "_bucket{le=\"0.1\"}", "_bucket{le=\"1\"}", "_bucket{le=\"+Inf\"}", "_count" }.Select(series => read.Samples["ledger_step_seconds" + series]));
        Assert.Equal(3.6, read.Samples["ledger_step_seconds_sum"], precision: 9);
    }

    [Fact]
    public void What_a_label_says_cannot_break_the_format()
    {
        using var meter = new Meter("escaped");
        using var text = new PrometheusText(one => one == meter);

        meter.CreateCounter<long>("ledger_names_total", null, "Names\nin lines").Add(1, new KeyValuePair<string, object?>("na.me", "a\"b\\c\nd 甲"));

        Assert.Equal(1, new MetricsText(text.Write()).Samples["ledger_names_total{na_me=\"a\\\"b\\\\c\\nd 甲\"}"]);
    }

    [Fact]
    public void Labels_that_strangers_choose_do_not_fill_the_memory()
    {
        using var meter = new Meter("flooded");
        using var text = new PrometheusText(one => one == meter);
        var counter = meter.CreateCounter<long>("ledger_flood_total");

        for (var i = 0; i < 3_000; i++) counter.Add(1, new KeyValuePair<string, object?>("who", i));

        Assert.Equal(2_000, new MetricsText(text.Write()).Samples.Count);
    }

    [Fact]
    public void What_the_framework_measures_bears_its_unit_in_its_name()
    {
        using var meter = new Meter("framework");
        using var text = new PrometheusText(one => one == meter);
        meter.CreateHistogram<double>("http.server.request.duration", "s").Record(1);
        meter.CreateObservableGauge("dotnet.process.memory", () => 5L, "By");
        meter.CreateObservableCounter("dotnet.gc.collections", () => 6L);

        Assert.Equal(
            ["dotnet_gc_collections_total", "dotnet_process_memory_bytes", "http_server_request_duration_seconds"],
            new MetricsText(text.Write()).Types.Keys.Order(StringComparer.Ordinal));
    }
}
