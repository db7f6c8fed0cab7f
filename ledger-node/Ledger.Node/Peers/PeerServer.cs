using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Reflection;
using System.Security.Authentication;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ledger.Core.Chain;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ledger.Node.Peers;

/// <summary>Where peers are served, and within which bounds.</summary>
public sealed record PeerServerOptions(IPEndPoint Listen)
{
    /// <summary>Requests of one peer at once: one that follows, one that catches up, and some that ask for votes.</summary>
    public int MaxRequestsOfPeer { get; init; } = 8;

    public int MaxConnections { get; init; } = 512;

    /// <summary>An answer of blocks ends with the first checkpoint beyond so many octets.</summary>
    public int BlocksBytes { get; init; } = PeerPages.BlocksBytes;

    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>
/// What a node shows its peers, on a port of its own: final blocks and their checkpoints, snapshots, blocks that wait, votes, reports, evidence, and to a bank what waits for a signature of its parties. Whoever has no certificate of the consortium's authority does
/// not get through the handshake; whoever is no validator of now and no registered regulator is refused by number. Nobody changes anything here.
/// </summary>
public static class PeerServer
{
    const int Piece = 64 * 1024;

    static readonly string Version = typeof(PeerServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>Makes the server. The files of <paramref name="snapshots"/> are given as they lie there. Of <paramref name="drafts"/> a bank is given its page of what waits for signatures and concerns it, changed after a number; null where this node keeps none. <paramref name="anchors"/> gives this bank's words for a rotation of the contract that is named, where it finds one due, or for the checkpoint of the size that is named too.</summary>
    public static WebApplication Build(
        PeerServerOptions options, PeerCertificates certificates, LedgerReader ledger, IVotesKnown votes, IStorage snapshots, Func<PartyId, ulong, byte[]>? drafts, Func<string, ulong?, byte[]?>? anchors, ILoggerProvider? logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "ledger-node" });
        if (logs is not null) builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            Limit(kestrel, options);
            kestrel.Listen(options.Listen, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = certificates.Own,
                    ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                    ClientCertificateValidation = (shown, chain, _) => certificates.IsCaller(shown, chain),
                    SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    HandshakeTimeout = TimeSpan.FromSeconds(10),
                });
            });
        });

        var app = builder.Build();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Ledger.Node.Peers");
        var underWay = new Crowd(options.MaxRequestsOfPeer);
        app.Use((context, next) => AdmitAsync(context, next, ledger, underWay, log));
        app.UseRouting();
        var peer = app.MapGroup(PeerPages.Root);
        peer.MapGet("/status", context => Send(context, "application/json", StatusOf(ledger, votes).Write()));
        peer.MapGet("/blocks", context => BlocksAsync(context, ledger, options.BlocksBytes, app.Lifetime.ApplicationStopping));
        peer.MapGet("/pending", context => PendingAsync(context, ledger, votes));
        peer.MapGet("/closing", context => votes.Closing is { } closing ? Send(context, PeerPages.Octets, closing.ToArray()) : Refuse(context, Refusal.NotFound));
        peer.MapGet("/snapshots", context => Send(context, PeerPages.Octets, Listed(Held(snapshots).Select(static held => held.Write()))));
        peer.MapGet("/snapshot", context => SnapshotAsync(context, snapshots));
        peer.MapGet("/checkpoint", context => Send(context, PeerPages.NoteType, ledger.View.Checkpoint.Write()));
        peer.MapGet("/votes", context => Send(context, PeerPages.Octets, Listed(votes.Votes.Select(static vote => vote.Write()))));
        peer.MapGet("/reports", context => uint.TryParse(Asked(context, "epoch"), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            ? Send(context, PeerPages.Octets, Listed(votes.Reports(epoch).Select(static report => report.Write())))
            : Refuse(context, Refusal.QueryInvalid, "epoch"));
        peer.MapGet("/evidence", context => Send(context, PeerPages.Octets, Listed(votes.Evidence.Select(static evidence => evidence.Write()))));
        peer.MapGet("/drafts", context => DraftsAsync(context, ledger, drafts));
        peer.MapGet("/rotation", context => Said(context, anchors, size: null));
        peer.MapGet("/word", context => ulong.TryParse(Asked(context, "size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? Said(context, anchors, size) : Refuse(context, Refusal.QueryInvalid, "size"));
        return app;
    }

    static Task Said(HttpContext context, Func<string, ulong?, byte[]?>? anchors, ulong? size) =>
        Asked(context, "anchor") is { } anchor && anchors?.Invoke(anchor, size) is { } words ? Send(context, PeerPages.Octets, words) : Refuse(context, Refusal.NotFound);

    static PeerStatus StatusOf(LedgerReader ledger, IVotesKnown votes)
    {
        var view = ledger.View;
        var (checkpoint, height) = (view.Checkpoint.Checkpoint, view.Header.Height);
        var standing = votes.Standing ?? new(height, view.State.Ordering.Number, Position: null);
        return new(
            ledger.Genesis.Chain.ChainId.ToString(), checkpoint.Origin, ledger.Bank.Text, Version, height, checkpoint.Size, checkpoint.Root.ToString(),
            standing.DurableHeight, standing.Epoch, standing.Position);
    }

    // A connection outlives what was asked when it began: who somebody is stays, what it is here and until when its certificate lasts is asked anew.
    static async Task AdmitAsync(HttpContext context, RequestDelegate next, LedgerReader ledger, Crowd underWay, ILogger log)
    {
        var party = context.Connection.ClientCertificate is { } shown && shown.NotAfter.ToUniversalTime() > DateTime.UtcNow ? PeerCertificates.PartyOf(shown) : null;
        if (party is not { } known || !IsServed(ledger.View.State, known))
        {
            Log.PeerRefused(log, party?.Text ?? context.Connection.ClientCertificate?.Subject ?? "", context.Connection.RemoteIpAddress?.ToString() ?? "");
            await Refuse(context, Refusal.NotAPeer, party?.Text ?? "--");
            return;
        }

        if (!underWay.TryEnter(known.Text))
        {
            context.Response.Headers.RetryAfter = "1";
            await Refuse(context, Refusal.TooManyRequests);
            return;
        }

        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response is { StatusCode: StatusCodes.Status404NotFound, ContentType: null }) await Refuse(context, Refusal.NotFound);
            if (!context.Response.HasStarted && context.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed }) await Refuse(context, Refusal.MethodNotAllowed);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        finally
        {
            underWay.Leave(known.Text);
        }
    }

    static bool IsServed(LedgerState state, PartyId party) =>
        state.Validator(party) is not null || (state.Party(party) is { Standing: not Standing.Suspended } member && member.Has(Roles.Regulator));

    static async Task BlocksAsync(HttpContext context, LedgerReader ledger, int bound, CancellationToken stopping)
    {
        if (!ulong.TryParse(Asked(context, "from"), NumberStyles.None, CultureInfo.InvariantCulture, out var from) || from > SegmentCodec.MaxHeight)
        {
            await Refuse(context, Refusal.QueryInvalid, "from");
            return;
        }

        var wait = 0;
        if (context.Request.Query.ContainsKey("wait")
            && (!int.TryParse(Asked(context, "wait"), NumberStyles.None, CultureInfo.InvariantCulture, out wait) || wait > PeerPages.MaxWait.TotalSeconds))
        {
            await Refuse(context, Refusal.QueryInvalid, "wait");
            return;
        }

        // Who waits knows at once that it is being served.
        context.Response.ContentType = PeerPages.Octets;
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        if (wait > 0) await AwaitAsync(ledger, from, TimeSpan.FromSeconds(wait), context.RequestAborted, stopping);

        // What is written from here on is final, whatever becomes final meanwhile.
        var (top, sent) = (ledger.View.Header.Height, 0L);
        for (var height = from; height <= top; height++)
        {
            if (ledger.Block(height) is not { } block || ledger.Checkpoint(height) is not { } note) return;
            sent += Write(context.Response.BodyWriter, RecordType.Block, block.Payload.Span);
            var ends = note.Checkpoint.Size == block.EndLeaf;
            if (ends) sent += Write(context.Response.BodyWriter, RecordType.Checkpoint, note.Write());
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            if (ends && sent >= bound) return;
        }
    }

    // The newest first. One that is taken away meanwhile is one that is not there.
    static IEnumerable<HeldSnapshot> Held(IStorage storage)
    {
        var digest = new byte[Hash256.Size];
        foreach (var height in SnapshotFolder.Newest(storage))
        {
            using var file = SnapshotFolder.Open(storage, height);
            if (file is { Length: > Hash256.Size } && file.Read(file.Length - Hash256.Size, digest) == Hash256.Size) yield return new(height, (ulong)file.Length, Hash256.Read(digest));
        }
    }

    static async Task SnapshotAsync(HttpContext context, IStorage storage)
    {
        if (!ulong.TryParse(Asked(context, "height"), NumberStyles.None, CultureInfo.InvariantCulture, out var height) || height > SegmentCodec.MaxHeight)
        {
            await Refuse(context, Refusal.QueryInvalid, "height");
            return;
        }

        using var file = SnapshotFolder.Open(storage, height);
        if (file is null)
        {
            await Refuse(context, Refusal.NotFound);
            return;
        }

        if (!ulong.TryParse(Asked(context, "from"), NumberStyles.None, CultureInfo.InvariantCulture, out var from) || from >= (ulong)file.Length)
        {
            await Refuse(context, Refusal.QueryInvalid, "from");
            return;
        }

        var (at, end) = ((long)from, Math.Min(file.Length, (long)from + PeerPages.SnapshotBytes));
        context.Response.ContentType = PeerPages.Octets;
        context.Response.ContentLength = end - at;
        for (var writer = context.Response.BodyWriter; at < end; await writer.FlushAsync(context.RequestAborted))
        {
            var read = file.Read(at, writer.GetSpan(Piece)[..(int)Math.Min(Piece, end - at)]);
            if (read == 0) throw new EndOfStreamException($"The snapshot of height {height} became shorter while it was read.");
            writer.Advance(read);
            at += read;
        }
    }

    // What is not final is shown to those alone who may have to go on from it.
    static async Task PendingAsync(HttpContext context, LedgerReader ledger, IVotesKnown votes)
    {
        if (ValidatorOf(context, ledger) is null)
        {
            await Refuse(context, Refusal.NotAPeer, "--");
            return;
        }

        if (!ulong.TryParse(Asked(context, "from"), NumberStyles.None, CultureInfo.InvariantCulture, out var from))
        {
            await Refuse(context, Refusal.QueryInvalid, "from");
            return;
        }

        if (!ulong.TryParse(Asked(context, "size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) || !Hash256.TryParse(Asked(context, "root").AsSpan(), out var root))
        {
            await Refuse(context, Refusal.QueryInvalid, "size, root");
            return;
        }

        // Where some of it became final meanwhile, whoever asks is given that as final blocks first.
        context.Response.ContentType = PeerPages.Octets;
        var pending = votes.PendingUpTo(size, root);
        if (pending.Count == 0 || pending[0].Header.Height > from) return;
        foreach (var block in pending.Where(block => block.Header.Height >= from))
        {
            Write(context.Response.BodyWriter, RecordType.Block, block.Payload.Span);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }

    // What waits for signatures is for the banks of those who have part in it, and for no regulator yet.
    static Task DraftsAsync(HttpContext context, LedgerReader ledger, Func<PartyId, ulong, byte[]>? drafts)
    {
        if (ValidatorOf(context, ledger) is not { } bank) return Refuse(context, Refusal.NotAPeer, "--");
        if (!ulong.TryParse(Asked(context, "after"), NumberStyles.None, CultureInfo.InvariantCulture, out var after)) return Refuse(context, Refusal.QueryInvalid, "after");
        return drafts is null ? Refuse(context, Refusal.NotFound) : Send(context, "application/json", drafts(bank, after));
    }

    static PartyId? ValidatorOf(HttpContext context, LedgerReader ledger) =>
        context.Connection.ClientCertificate is { } shown && PeerCertificates.PartyOf(shown) is { } caller && ledger.View.State.Validator(caller) is not null ? caller : null;

    // Until there is such a block, the time is over, or the node stops.
    static async Task AwaitAsync(LedgerReader ledger, ulong height, TimeSpan time, CancellationToken aborted, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        end.CancelAfter(time);
        try
        {
            while (true)
            {
                var grown = ledger.Grown;
                if (ledger.View.Header.Height >= height) return;
                await grown.WaitAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            // None came: the answer is empty.
        }
    }

    static int Write(PipeWriter writer, RecordType type, ReadOnlySpan<byte> payload)
    {
        var length = SegmentCodec.Write(type, payload, writer.GetSpan(payload.Length + SegmentCodec.Overhead));
        writer.Advance(length);
        return length;
    }

    static byte[] Listed(IEnumerable<byte[]> all)
    {
        using var list = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(uint)];
        foreach (var one in all.Take(PeerPages.MaxListed))
        {
            BinaryPrimitives.WriteUInt32BigEndian(length, (uint)one.Length);
            list.Write(length);
            list.Write(one);
        }

        return list.ToArray();
    }

    // One value, or none that can be read.
    static string? Asked(HttpContext context, string name) => context.Request.Query[name] is [{ } value] ? value : null;

    static Task Send(HttpContext context, string type, byte[] body)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    static Task Refuse(HttpContext context, Refusal refusal, string? reason = null)
    {
        context.Response.StatusCode = refusal switch
        {
            Refusal.NotAPeer => StatusCodes.Status403Forbidden,
            Refusal.TooManyRequests => StatusCodes.Status429TooManyRequests,
            Refusal.NotFound => StatusCodes.Status404NotFound,
            Refusal.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
            _ => StatusCodes.Status400BadRequest,
        };
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            var facts = new Facts(Reason: reason);
            json.WriteStartObject();
            json.WriteString("type", string.Create(CultureInfo.InvariantCulture, $"urn:ledger:refusal:{(ushort)refusal}"));
            json.WriteString("title", refusal.ToString());
            json.WriteNumber("status", context.Response.StatusCode);
            json.WriteString("detail", Sentences.English(refusal, facts, static (_, _) => "", static _ => ""));
            json.WriteString("detailZh", Sentences.Chinese(refusal, facts, static (_, _) => "", static _ => ""));
            json.WriteNumber("code", (ushort)refusal);
            json.WriteEndObject();
        }

        return Send(context, "application/problem+json", body.ToArray());
    }

    static void Limit(KestrelServerOptions kestrel, PeerServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 0;

        // Nothing that is asked has a body.
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxRequestBufferSize = 16 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 32;
        kestrel.Limits.MaxRequestLineSize = 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
        kestrel.Limits.MinResponseDataRate = new(bytesPerSecond: 16 * 1024, gracePeriod: TimeSpan.FromSeconds(10));
    }
}
