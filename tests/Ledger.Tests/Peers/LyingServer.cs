using System.Security.Authentication;
using Ledger.Node;
using Ledger.Node.Peers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Tests.Peers;

/// <summary>Has a bank's true certificate and answers whatever it likes.</summary>
sealed class LyingServer : IAsyncDisposable
{
    readonly WebApplication server;
    readonly PeerCertificates certificates;
    readonly CancellationTokenSource stop = new();

    LyingServer(PeerCertificates certificates, Func<HttpContext, CancellationToken, Task> answer)
    {
        this.certificates = certificates;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = certificates.Own,
            ClientCertificateMode = ClientCertificateMode.RequireCertificate,
            ClientCertificateValidation = (_, _, _) => true,
            SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        })));
        server = builder.Build();
        server.Run(async context =>
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, context.RequestAborted);
            try
            {
                await answer(context, end.Token);
            }
            catch (OperationCanceledException)
            {
                context.Abort();
            }
        });
    }

    public Uri Address { get; private set; } = null!;

    public static async Task<LyingServer> StartAsync(PeerCertificates certificates, Func<HttpContext, CancellationToken, Task> answer)
    {
        var liar = new LyingServer(certificates, answer);
        await liar.server.StartAsync(TestContext.Current.CancellationToken);
        liar.Address = NodeServer.AddressOf(liar.server);
        return liar;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await server.StopAsync(CancellationToken.None);
        await server.DisposeAsync();
        certificates.Dispose();
        stop.Dispose();
    }
}
