using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ledger.Node.Witnessing;

/// <summary>A witness's door: <c>POST /add-checkpoint</c>, and <c>GET /ORIGIN-HASH/checkpoint</c> for who looks on. Whoever reaches it may ask: what counts is who signed.</summary>
public static class WitnessServer
{
    const int MaxConnections = 200;
    static readonly TimeSpan HeadTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Makes the server; what a request could not be answered for is said.</summary>
    public static WebApplication Build(IPEndPoint listen, Witness witness, Action<string> say)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "ledger-node" });
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = Witness.MaxRequest;
            kestrel.Limits.RequestHeadersTimeout = HeadTimeout;
            kestrel.Listen(listen, static served => served.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.UseRouting();
        app.MapPost("/add-checkpoint", context => AddAsync(context, witness, say));
        app.MapGet("/{origin}/checkpoint", context => SendAsync(context, witness.Show(context.Request.RouteValues["origin"] as string ?? "")));
        return app;
    }

    static async Task AddAsync(HttpContext context, Witness witness, Action<string> say)
    {
        using var body = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            await SendAsync(context, witness.Add(body.ToArray()));
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException bad)
        {
            await SendAsync(context, new(bad.StatusCode));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // Nothing was cosigned, for nothing could be kept.
            say($"{fault.Message} Nothing was cosigned. 未联署。");
            await SendAsync(context, new(500));
        }
    }

    static Task SendAsync(HttpContext context, WitnessAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.MediaType;
        return context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }
}
