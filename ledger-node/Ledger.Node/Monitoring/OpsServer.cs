using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace Ledger.Node.Monitoring;

/// <summary>
/// What monitoring and operators ask, on a port of its own and on loopback only: metrics, liveness, readiness with the failing checks, state, settings,
/// and the log's levels. Whoever is on the machine may look; to change something takes the token in the data folder, and goes into the admin log.
/// </summary>
public static class OpsServer
{
    const string Json = "application/json";
    const string Bearer = "Bearer ";

    public static WebApplication Build(OpsOptions options, NodeLoop node, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "ledger-node" });
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(NodeLogging.Provider(logs)).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 100;
            kestrel.Limits.MaxRequestBodySize = 4 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        });

        var app = builder.Build();
        DotNetStats.Register(node.Metrics.Registry);
        var durations = new HttpDurations(node.Metrics.Factory);
        app.Lifetime.ApplicationStopped.Register(durations.Dispose);

        // A page in somebody's browser must not reach it by a name of its own.
        app.Use((context, next) => IsLoopback(context.Request.Host.Host) ? next(context) : Answer(context, StatusCodes.Status421MisdirectedRequest, _ => { }));
        app.UseRouting();
        app.MapGet("/metrics", context =>
        {
            context.Response.ContentType = PrometheusConstants.TextContentTypeWithVersionAndEncoding;
            return node.Metrics.Registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
        });
        app.MapGet("/livez", context => Health(context, options.Checks.Where(check => check.Component == "loop")));
        app.MapGet("/readyz", context => Health(context, options.Checks));
        app.MapGet("/readyz/reads", context => Health(context, options.Checks.Where(check => !check.ForActs)));
        app.MapGet("/version", context => Answer(context, StatusCodes.Status200OK, json => json.WriteString("version", NodeVersion.Text)));
        app.MapGet("/status", context => Answer(context, StatusCodes.Status200OK, json => WriteStatus(json, options, node)));
        app.MapGet("/config", context => Answer(context, StatusCodes.Status200OK, json => WriteSettings(json, options.Settings)));
        app.MapGet("/log-level", context => Answer(context, StatusCodes.Status200OK, json => json.WriteString("spec", options.Levels.Text)));
        app.MapPut("/log-level", context => SetLevelAsync(context, options));
        return app;
    }

    static Task Health(HttpContext context, IEnumerable<ReadinessCheck> checks)
    {
        var failed = checks.Select(static check => (Check: check, Why: check.Why())).Where(static one => one.Why is not null).ToArray();
        return Answer(context, failed.Length == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, json =>
        {
            json.WriteString("status", failed.Length == 0 ? "ok" : "failing");
            json.WriteBoolean("reads", failed.All(static one => one.Check.ForActs));
            json.WriteStartArray("failedChecks");
            foreach (var (check, why) in failed)
            {
                if (why is null) continue;
                json.WriteStartObject();
                json.WriteString("component", check.Component);
                json.WriteNumber("code", (ushort)why.Code);
                json.WriteString("reason", why.English);
                json.WriteString("reasonZh", why.Chinese);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    static void WriteStatus(Utf8JsonWriter json, OpsOptions options, NodeLoop node)
    {
        var view = node.Reader.View;
        var chain = node.Reader.Genesis.Chain;
        json.WriteString("version", NodeVersion.Text);
        json.WriteString("chainId", chain.ChainId.ToString());
        json.WriteString("origin", node.Reader.Genesis.Origin);
        json.WriteString("purpose", JsonNamingPolicy.CamelCase.ConvertName(chain.Purpose.ToString()));
        json.WriteString("suite", chain.Suite.Name);
        json.WriteString("bank", node.Reader.Bank.Text);
        json.WriteNumber("height", view.Header.Height);
        json.WriteNumber("leaves", view.Checkpoint.Checkpoint.Size);
        json.WriteString("root", view.Checkpoint.Checkpoint.Root.ToString());
        json.WriteNumber("ledgerTime", view.State.Now.UnixMilliseconds);
        json.WriteNumber("time", node.Reader.ClockTime.UnixMilliseconds);
        json.WriteNumber("underWay", node.UnderWay);
        json.WriteString("order", node.OrderTrouble switch { null => "ok", { IsBroken: false } => "notReached", _ => "broken" });
        if (node.OrderTrouble is { } trouble) json.WriteString("orderTrouble", trouble.English);
        json.WriteStartObject("adminLog");
        json.WriteNumber("entries", options.Admin.Entries);
        json.WriteString("head", options.Admin.Head);
        json.WriteEndObject();
    }

    static void WriteSettings(Utf8JsonWriter json, NodeSettings settings)
    {
        json.WriteStartArray("settings");
        foreach (var one in settings.Effective)
        {
            json.WriteStartObject();
            json.WriteString("name", one.Setting.Name);
            json.WriteString("value", one.Value);
            json.WriteString("source", JsonNamingPolicy.CamelCase.ConvertName(one.Source.ToString()));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static async Task SetLevelAsync(HttpContext context, OpsOptions options)
    {
        if (!IsOperator(context.Request, options.Token))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Problem(context, StatusCodes.Status401Unauthorized, "需要数据目录中的运维令牌。", "The operator's token from the data folder is needed.");
            return;
        }

        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var spec = (await reader.ReadToEndAsync(context.RequestAborted)).Trim();
        var before = options.Levels.Text;
        if (!options.Levels.TrySet(spec))
        {
            options.Admin.Write("operator", "log-level", spec.Length > 200 ? spec[..200] : spec, "refused");
            await Problem(context, StatusCodes.Status400BadRequest, "不是有效的日志级别，例：information:Ledger.Node.Http=debug。", "That is no level; for example information:Ledger.Node.Http=debug.");
            return;
        }

        options.Admin.Write("operator", "log-level", $"{before} -> {spec}", "ok");
        await Answer(context, StatusCodes.Status200OK, json => json.WriteString("spec", options.Levels.Text));
    }

    static bool IsOperator(HttpRequest request, string token)
    {
        var given = request.Headers.Authorization.ToString();
        return given.StartsWith(Bearer, StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given[Bearer.Length..])), SHA256.HashData(Encoding.UTF8.GetBytes(token)));
    }

    static Task Problem(HttpContext context, int status, string chinese, string english) => Answer(context, status, json =>
    {
        json.WriteString("detail", english);
        json.WriteString("detailZh", chinese);
    });

    static async Task Answer(HttpContext context, int status, Action<Utf8JsonWriter> members)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = Json;
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        await context.Response.Body.WriteAsync(body.ToArray(), context.RequestAborted);
    }

    static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}

/// <summary>What the operations port is given to show and to change.</summary>
public sealed record OpsOptions(int Port, IReadOnlyList<ReadinessCheck> Checks, NodeSettings Settings, LogLevels Levels, AdminLog Admin, string Token);
