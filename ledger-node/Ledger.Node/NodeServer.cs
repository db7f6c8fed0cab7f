using System.Net;
using System.Net.Sockets;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Documents;
using Ledger.Node.Http;
using Ledger.Node.Private;
using Ledger.Node.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ledger.Node;

/// <summary>
/// The one door to the world: API and console on one port, behind the same bounds. It reads nothing from the environment: what it is given here is all
/// there is.
/// </summary>
public static class NodeServer
{
    // After so many taken ports somebody should look at the machine.
    const int PortsToTry = 100;

    /// <summary>
    /// Makes the server, which then only needs to be started. Null with the reason where it must not listen so: beyond loopback it needs passes for
    /// reads, TLS of its own or of a proxy in front, and the names that it is called by.
    /// </summary>
    public static WebApplication? Build(
        NodeLoop node, DocumentService documents, DisclosureDesk? disclosures, ServerOptions options, ILoggerProvider? logs, out Refusal refusal)
    {
        var ledger = node.Reader;
        refusal = BindRefusal(options, out var address);
        if (address is null || refusal != Refusal.None) return null;

        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "ledger-node" });
        // Which lines are wanted is the provider's to say, and may change.
        if (logs is not null) builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs);

        // Whoever starts the server says why it did not start.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout);
        builder.Services.Configure<SocketTransportOptions>(transport =>
            transport.CreateBoundListenSocket = wanted => Bind((IPEndPoint)wanted, options.NextFreePort ? PortsToTry : 1));
        var connections = new Crowd(options.MaxConnectionsOfAddress);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            Limit(kestrel, options);
            kestrel.Listen(address, options.Port, listen =>
            {
                listen.Use(next => connection => CountedAsync(connection, next, connections, options.Proxies));
                if (options.Certificate is { } certificate) listen.UseHttps(certificate);
            });
        });

        var app = builder.Build();
        if (options.Proxies.Networks.Count > 0) app.UseForwardedHeaders(Forwarded(options.Proxies));
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Ledger.Node.Http");
        var problems = new Problems(ledger);
        app.Use((context, next) =>
        {
            RequestId.Give(context);
            if (ledger.IsClockHeld) context.Response.Headers[ClockRoutes.Header] = ClockRoutes.Story;
            if (ledger.View.State.Ordering is { Number: > 1 } ordering) context.Response.Headers["Ledger-Epoch"] = $"{ordering.Number}";
            return next(context);
        });
        app.UseMiddleware<ErrorAnswers>(problems, log);

        var underWay = new Crowd(options.MaxConnectionsOfAddress);
        app.Use((context, next) => CountedAsync(context, next, underWay, options.Proxies, problems));

        // A page in somebody's browser can be made to call a name that leads here: only the node's own names are served.
        var names = NamesOf(options).ToHashSet(StringComparer.OrdinalIgnoreCase);
        app.Use((context, next) => IsServed(context.Request.Host.Host, address, names) ? next(context) : problems.Of(Refusal.HostNotServed).ExecuteAsync(context));
        app.UseRouting();
        var limits = new RateLimits(options.Rates);
        app.Lifetime.ApplicationStopped.Register(limits.Dispose);
        var gate = new Gate(ledger, options.Reads, options.Time);
        var keeper = new Doorkeeper(limits, options.AccessLog, options.Time);
        var door = new FrontDoor(ledger, gate, limits, keeper, new(options.MaxBytesInFlight, options.MaxBytesInFlightOfCaller), problems);
        ApiRoutes.Map(app, door, ApiRoutes.Of(node, documents, disclosures, options, log));
        var standing = new StandingReader(node, documents, options);
        new WebConsole(ledger, disclosures, options.Drafts?.Desk, gate, limits, keeper, new(options.Origin), options.Time, text => documents.FingerprintsOf(ledger.View.State, text), standing.Now).Map(app);
        return app;
    }

    /// <summary>The address that a started server listens at.</summary>
    public static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());

    // What listens beyond the machine is called by its names; loopback's own names are for who is on it.
    static bool IsServed(string host, IPAddress address, HashSet<string> names) =>
        names.Contains(host) || (IPAddress.IsLoopback(address) && LoopbackName.Is(host));

    static IEnumerable<string> NamesOf(ServerOptions options) => options.Origin is { } origin ? options.HostNames.Append(new Uri(origin).Host) : options.HostNames;

    // The last address of the chain that is no proxy's is whoever called them; what stands before it anybody may have written.
    static ForwardedHeadersOptions Forwarded(Proxies proxies)
    {
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in proxies.Networks) forwarded.KnownIPNetworks.Add(network);
        return forwarded;
    }

    // Before TLS and before anything is read: a connection that is one too many of its address costs nothing.
    static async Task CountedAsync(ConnectionContext connection, ConnectionDelegate next, Crowd connections, Proxies proxies)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (proxies.Contains(address))
        {
            await next(connection);
            return;
        }

        var who = CallerAddress.Network(address);
        if (!connections.TryEnter(who))
        {
            connection.Abort();
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            connections.Leave(who);
        }
    }

    // The same for requests, many of which may come over one connection, of a proxy or of HTTP/2.
    static async Task CountedAsync(HttpContext context, RequestDelegate next, Crowd underWay, Proxies proxies, Problems problems)
    {
        var address = context.Connection.RemoteIpAddress;
        if (proxies.Contains(address))
        {
            await next(context);
            return;
        }

        var who = CallerAddress.Network(address);
        if (!underWay.TryEnter(who))
        {
            context.Response.Headers.RetryAfter = "1";
            await problems.Of(Refusal.TooManyRequests).ExecuteAsync(context);
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            underWay.Leave(who);
        }
    }

    static Refusal BindRefusal(ServerOptions options, out IPAddress? address)
    {
        address = options.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(options.Host, out var read) ? read : null;
        if (address is null) return Refusal.BindAddressRefused;
        if (IPAddress.IsLoopback(address)) return Refusal.None;
        if (options.Reads != Reads.Signed) return Refusal.BindNeedsSignedReads;
        if (options.Certificate is null && options.Proxies.Networks.Count == 0) return Refusal.BindNeedsTls;
        return !NamesOf(options).Any() ? Refusal.BindNeedsHostName : Refusal.None;
    }

    static void Limit(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
        kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBulk;

        // What waits to be read counts for nobody, so little of it may wait.
        kestrel.Limits.MaxRequestBufferSize = 64 * 1024;
        kestrel.Limits.Http2.InitialStreamWindowSize = 64 * 1024;
        kestrel.Limits.Http2.InitialConnectionWindowSize = 128 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestLineSize = 4 * 1024;
        kestrel.Limits.RequestHeadersTimeout = options.HeadTimeout;
        kestrel.Limits.KeepAliveTimeout = options.IdleTimeout;
        kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 1024, options.SlowBodyGrace);
        kestrel.Limits.MinResponseDataRate = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Limits.Http2.MaxStreamsPerConnection = 100;
    }

    static Socket Bind(IPEndPoint wanted, int tries)
    {
        for (var port = wanted.Port; ; port++)
        {
            try
            {
                return SocketTransportOptions.CreateDefaultBoundListenSocket(new IPEndPoint(wanted.Address, port));
            }
            catch (SocketException taken) when (
                taken.SocketErrorCode == SocketError.AddressAlreadyInUse && port - wanted.Port + 1 < tries && port < IPEndPoint.MaxPort)
            {
            }
        }
    }
}
