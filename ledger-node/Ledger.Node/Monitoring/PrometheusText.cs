using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Ledger.Node.Monitoring;

/// <summary>
/// Listens to meters and writes what they measured in Prometheus' text format 0.0.4: the framework has meters and no package that is served here
/// writes them. One series for each set of labels; a scrape asks observable instruments for their value of the moment.
/// </summary>
sealed class PrometheusText : IDisposable
{
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    // A label that takes any value a stranger sends would let him fill the memory: what comes after so many series of one name is not kept.
    const int MaxSeries = 2_000;

    static readonly double[] DefaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    readonly MeterListener listener = new();
    readonly Lock gate = new();
    readonly SortedDictionary<string, Family> families = new(StringComparer.Ordinal);

    /// <summary>Begins to listen to the instruments of every meter that <paramref name="wanted"/> names.</summary>
    public PrometheusText(Func<Meter, bool> wanted)
    {
        // What has not happened yet is told as a name without a value, so that a dashboard can be drawn before.
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (!wanted(instrument.Meter)) return;
            Family family;
            lock (gate)
            {
                var name = NameOf(instrument);
                if (!families.TryGetValue(name, out var known)) families[name] = known = new(instrument);
                family = known;
            }

            listening.EnableMeasurementEvents(instrument, family);
        };
        listener.SetMeasurementEventCallback<double>((_, value, labels, state) => Take(state, value, labels));
        listener.SetMeasurementEventCallback<long>((_, value, labels, state) => Take(state, value, labels));
        listener.SetMeasurementEventCallback<int>((_, value, labels, state) => Take(state, value, labels));
        listener.Start();
    }

    /// <summary>What stands now, families and series in ordinal order.</summary>
    public string Write()
    {
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        lock (gate)
        {
            foreach (var (name, family) in families) family.Write(text, name);
        }

        return text.ToString();
    }

    public void Dispose() => listener.Dispose();

    void Take(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (state is not Family family) return;
        var key = LabelsOf(labels);
        lock (gate) family.Take(key, value);
    }

    // The framework's meters have dots and units apart; ours are named as they are shown.
    static string NameOf(Instrument instrument)
    {
        var name = Identifier(instrument.Name);
        if (instrument.Name.StartsWith("ledger_", StringComparison.Ordinal)) return name;
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        return IsCounter(instrument) && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    static bool IsCounter(Instrument instrument) => instrument.GetType().GetGenericTypeDefinition() is var type
        && (type == typeof(Counter<>) || type == typeof(ObservableCounter<>));

    static string Identifier(string name) => string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_'));

    static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (labels.IsEmpty) return "";
        var ordered = labels.ToArray();
        Array.Sort(ordered, static (one, other) => string.CompareOrdinal(one.Key, other.Key));
        return string.Join(',', ordered.Select(static label =>
            $"{Identifier(label.Key)}=\"{Escaped(Convert.ToString(label.Value, CultureInfo.InvariantCulture) ?? "")}\""));
    }

    static string Escaped(string value) => value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>All series of one name.</summary>
    sealed class Family(Instrument instrument)
    {
        readonly SortedDictionary<string, Series> series = new(StringComparer.Ordinal);
        readonly bool isHistogram = instrument.GetType().GetGenericTypeDefinition() == typeof(Histogram<>);
        readonly bool isAdded = instrument.GetType().GetGenericTypeDefinition() is var type && (type == typeof(Counter<>) || type == typeof(UpDownCounter<>));
        readonly double[] buckets = instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { Count: > 0 } advised } ? [.. advised] : DefaultBuckets;

        public void Take(string labels, double value)
        {
            if (!series.TryGetValue(labels, out var one))
            {
                if (series.Count >= MaxSeries) return;
                series[labels] = one = new(isHistogram ? new long[buckets.Length] : []);
            }

            one.Value = isHistogram || isAdded ? one.Value + value : value;
            if (!isHistogram) return;
            one.Count++;
            for (var i = 0; i < buckets.Length; i++)
            {
                if (value <= buckets[i]) one.Buckets[i]++;
            }
        }

        public void Write(StringBuilder text, string name)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {(instrument.Description ?? instrument.Name).Replace("\n", " ", StringComparison.Ordinal)}\n");
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {(isHistogram ? "histogram" : IsCounter(instrument) ? "counter" : "gauge")}\n");
            foreach (var (labels, one) in series)
            {
                if (!isHistogram)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}{Braced(labels)} {Number(one.Value)}\n");
                    continue;
                }

                for (var i = 0; i < buckets.Length; i++)
                    text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{Braced(With(labels, Number(buckets[i])))} {one.Buckets[i]}\n");
                text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{Braced(With(labels, "+Inf"))} {one.Count}\n");
                text.Append(CultureInfo.InvariantCulture, $"{name}_sum{Braced(labels)} {Number(one.Value)}\n");
                text.Append(CultureInfo.InvariantCulture, $"{name}_count{Braced(labels)} {one.Count}\n");
            }
        }

        static string Braced(string labels) => labels.Length == 0 ? "" : $"{{{labels}}}";

        static string With(string labels, string bound) => $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{bound}\"";
    }

    sealed class Series(long[] buckets)
    {
        public long[] Buckets { get; } = buckets;

        public double Value { get; set; }

        public long Count { get; set; }
    }
}
