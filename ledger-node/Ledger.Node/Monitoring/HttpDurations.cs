using System.Diagnostics.Metrics;
using System.Globalization;
using Prometheus;

namespace Ledger.Node.Monitoring;

/// <summary>
/// How long requests take, from the framework's own meter. By route and status only: both are bounded, where a method or a path may be any word that a
/// stranger sends.
/// </summary>
sealed class HttpDurations : IDisposable
{
    const string Instrument = "http.server.request.duration";

    readonly MeterListener listener = new();

    public HttpDurations(MetricFactory factory)
    {
        var histogram = factory.CreateHistogram("http_server_request_duration_seconds", "Duration of requests that the node served", "http_route", "http_response_status_code");
        listener.InstrumentPublished = static (instrument, listening) =>
        {
            if (instrument.Name == Instrument && instrument.Meter.Name == "Microsoft.AspNetCore.Hosting") listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, labels, _) =>
            histogram.WithLabels(Of(labels, "http.route"), Of(labels, "http.response.status_code")).Observe(seconds));
        listener.Start();
    }

    public void Dispose() => listener.Dispose();

    static string Of(ReadOnlySpan<KeyValuePair<string, object?>> labels, string name)
    {
        foreach (var (key, value) in labels)
        {
            if (key == name) return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }

        return "";
    }
}
