using System.Text.Encodings.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Ledger.Node.Monitoring;

/// <summary>The node's log, on standard error: a line an event, for people or as one JSON object each.</summary>
public static class NodeLogging
{
    public static ILoggerFactory Create(bool json, LogLevels levels) => LoggerFactory.Create(builder =>
    {
        // The levels decide, and may change while the node runs.
        builder.SetMinimumLevel(LogLevel.Trace);
        builder.AddFilter((_, category, level) => levels.Allows(category, level));
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (json)
        {
            builder.AddJsonConsole(console =>
            {
                (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ");
                console.JsonWriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            });
            return;
        }

        builder.AddSimpleConsole(console => (console.SingleLine, console.UseUtcTimestamp, console.TimestampFormat) = (true, true, "yyyy-MM-ddTHH:mm:ss.fffZ "));
    });

    /// <summary>Lets another host log into the same factory.</summary>
    public static ILoggerProvider Provider(ILoggerFactory factory) => new FactoryProvider(factory);

    sealed class FactoryProvider(ILoggerFactory factory) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => factory.CreateLogger(categoryName);

        public void Dispose()
        {
            // The factory is its maker's.
        }
    }
}
