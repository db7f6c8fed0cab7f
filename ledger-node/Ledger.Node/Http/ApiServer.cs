using System.Net;
using System.Net.Sockets;
using Ledger.Core.State;
using Ledger.Node.Documents;
using Ledger.Node.Private;
using Ledger.Node.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ledger.Node.Http;

/// <summary>The node's API over HTTP. It reads nothing from the environment: what it is given here is all there is.</summary>
public static class ApiServer
{
    // After so many taken ports somebody should look at the machine.
    const int PortsToTry = 100;

    /// <summary>
    /// Makes the server, which then only needs to be started. Callers are not yet told apart, so it listens on loopback addresses alone: null and
    /// <see cref="Refusal.BindAddressRefused"/> for any other.
    /// </summary>
    public static WebApplication? Build(
        NodeLoop node, DocumentService documents, DisclosureDesk? disclosures, ApiOptions options, ILoggerProvider? logs, out Refusal refusal)
    {
        refusal = Refusal.BindAddressRefused;
        if (LoopbackOf(options.Host) is not { } address) return null;
        refusal = Refusal.None;

        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "ledger-node" });
        if (logs is not null) builder.Logging.AddProvider(logs);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout);
        builder.Services.Configure<SocketTransportOptions>(transport =>
            transport.CreateBoundListenSocket = wanted => Bind((IPEndPoint)wanted, options.NextFreePort ? PortsToTry : 1));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(address, options.Port);
            Limit(kestrel, options);
        });

        var app = builder.Build();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Ledger.Node.Http");
        var problems = new Problems(node);
        app.Use((context, next) =>
        {
            if (node.IsClockHeld) context.Response.Headers[ClockRoutes.Header] = ClockRoutes.Story;
            return next(context);
        });
        app.UseMiddleware<ErrorAnswers>(problems, log);

        // A page in somebody's browser can be made to call a name that leads here: only loopback's own names are served.
        app.Use((context, next) => IsLoopbackName(context.Request.Host.Host) ? next(context) : problems.Of(Refusal.HostNotServed).ExecuteAsync(context));
        app.UseRouting();
        MapRoutes(app.MapGroup("/v1"), node, documents, disclosures, log);
        WebConsole.Map(app, node);
        return app;
    }

    /// <summary>The address that a started server listens at.</summary>
    public static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());

    static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    static void MapRoutes(RouteGroupBuilder v1, NodeLoop node, DocumentService documents, DisclosureDesk? disclosures, ILogger log)
    {
        var problems = new Problems(node);
        var answers = new OutcomeJson(node, problems);
        TransactionRoutes.Map(v1, node, answers, problems);
        BulkRoutes.Map(v1, node, answers, problems);
        DryRunRoutes.Map(v1, node, answers, problems, log);
        PartyRoutes.Map(v1, node, problems);
        DocumentRoutes.Map(v1, node, problems);
        AttestationRoutes.Map(v1, node, documents, problems);
        DisclosureRoutes.Map(v1, node, disclosures, problems, log);
        InstrumentRoutes.Map(v1, node, problems);
        FinancingRoutes.Map(v1, node, problems);
        LineRoutes.Map(v1, node, problems);
        PaymentRoutes.Map(v1, node, problems);
        InstructionRoutes.Map(v1, node, problems);
        TokenRoutes.Map(v1, node, problems);
        OfferRoutes.Map(v1, node, problems);
        PledgeRoutes.Map(v1, node, problems);
        AttemptRoutes.Map(v1, node, problems);
        BlockRoutes.Map(v1, node, problems);
        ReceiptRoutes.Map(v1, node, problems);
        CheckpointRoutes.Map(v1, node, problems);
        HealthRoutes.Map(v1, node);
        ClockRoutes.Map(v1, node, problems);
    }

    static void Limit(KestrelServerOptions kestrel, ApiOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
        kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBulk;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestLineSize = 4 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
        kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Limits.MinResponseDataRate = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Limits.Http2.MaxStreamsPerConnection = 100;
    }

    static IPAddress? LoopbackOf(string host)
    {
        if (host == "localhost") return IPAddress.Loopback;
        return IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address) ? address : null;
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
