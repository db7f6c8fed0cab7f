using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Access;
using Ledger.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Ledger.Tests.Access;

/// <summary>Nobody who sends, and be it without end, takes memory, connections or budgets from others.</summary>
public sealed class ExhaustionTests(TestNode node) : IClassFixture<TestNode>
{
    const string Elsewhere = "127.0.0.2";

    static readonly ServerOptions Open = new("127.0.0.1", 0, NextFreePort: false) { Reads = Reads.Open };
    static readonly Rate Once = new(1, 1, TimeSpan.FromHours(1));

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_bulk_has_sent_is_on_the_ledger_before_it_has_sent_the_rest()
    {
        var drafts = Enumerable.Range(0, 80).Select(_ => TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5))).ToArray();
        var lines = drafts.Select(draft => node.Sign(draft, node.A)).ToArray();
        using var content = new Unfinished("application/x-ndjson");
        var answering = node.Http.PostAsync("v1/transactions/bulk", content, Cancel);
        foreach (var line in lines[..64]) await content.SendAsync([.. line, (byte)'\n']);

        await AnsweredAsync(drafts[..64]);
        Assert.False(answering.IsCompleted);

        foreach (var line in lines[64..]) await content.SendAsync([.. line, (byte)'\n']);
        content.End();
        using var answer = await answering;
        var told = (await answer.Content.ReadAsStringAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines.Length, told.Length);
        Assert.All(told, line => Assert.Contains("\"status\":\"accepted\"", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bulk_that_took_long_to_arrive_builds_on_what_others_did_meanwhile()
    {
        var offer = TestNode.New<Core.Instruments.Offer>();
        var (instrument, invoice) = (await node.ReceivableAsync(700), await node.InvoiceAsync(node.B, node.A, 700));
        var before = Enumerable.Range(0, 16).Select(_ => TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5))).ToArray();
        using var content = new Unfinished("application/x-ndjson");
        var answering = node.Http.PostAsync("v1/transactions/bulk", content, Cancel);
        foreach (var draft in before) await content.SendAsync([.. node.Sign(draft, node.A), (byte)'\n']);
        await AnsweredAsync(before);

        await node.AcceptedAsync(node.A, TestNode.Transfer(offer, instrument, node.B, 700, invoice));
        await content.SendAsync(node.Sign(TestNode.Draft(node.B, new Core.Rules.AcceptOffer(offer))));
        content.End();

        using var answer = await answering;
        Assert.Contains("\"status\":\"accepted\"", (await answer.Content.ReadAsStringAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_that_never_end_hold_only_so_much_and_leave_room_for_others()
    {
        SkipWithoutElsewhere();
        await using var server = await StartAsync(Open with { MaxBytesInFlight = 2_000_000, MaxBytesInFlightOfCaller = 100_000 });
        var address = NodeServer.AddressOf(server);
        var begun = new List<TcpClient>();
        var answers = new List<Task<string?>>();
        string? refused = null;
        while (refused is null && begun.Count < 8)
        {
            // A body that goes on.
            var socket = await ConnectAsync(address, "127.0.0.1");
            begun.Add(socket);
            var head = "POST /v1/transactions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 65000\r\n\r\n";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + new string(' ', 60_000)), Cancel);
            answers.Add(FirstLineAsync(socket));

            // Which of them is refused is a matter of whose bytes were read first.
            if (begun.Count > 1) refused = await await Task.WhenAny(answers);
        }

        Assert.StartsWith("HTTP/1.1 429", refused, StringComparison.Ordinal);
        using var other = From(Elsewhere, address);
        using (var answer = await other.SendAsync(TestNode.Post("v1/transactions", new byte[60_000], "application/json"), Cancel)) Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);

        // Who hangs up makes room.
        foreach (var socket in begun) socket.Dispose();
        using var same = From("127.0.0.1", address);
        while (true)
        {
            using var answer = await same.SendAsync(TestNode.Post("v1/transactions", new byte[60_000], "application/json"), Cancel);
            if (answer.StatusCode == HttpStatusCode.BadRequest) break;
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_bulk_that_there_is_no_room_for_ends_with_a_line_that_says_so()
    {
        await using var server = await StartAsync(Open with { MaxBytesInFlightOfCaller = 100_000 });
        using var http = From("127.0.0.1", NodeServer.AddressOf(server));
        var bulk = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(new string('x', 1_000) + "\n", 1_000)));

        using var answer = await http.SendAsync(TestNode.Post("v1/transactions/bulk", bulk, "application/x-ndjson"), Cancel);
        var lines = (await answer.Content.ReadAsStringAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.InRange(lines.Length, 2, 999);
        Assert.All(lines[..^1], line => Assert.StartsWith("{\"httpStatus\":400", line, StringComparison.Ordinal));
        using var last = JsonDocument.Parse(lines[^1]);
        Assert.Equal((429, (int)Refusal.TooManyRequests), (last.RootElement.GetProperty("httpStatus").GetInt32(), last.RootElement.GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task Silent_connections_of_one_address_shut_nobody_else_out()
    {
        SkipWithoutElsewhere();
        await using var server = await StartAsync(Open with { MaxConnections = 300, MaxConnectionsOfAddress = 20 });
        var address = NodeServer.AddressOf(server);
        var sockets = new List<TcpClient>();
        for (var i = 0; i < 1_000; i++)
        {
            try
            {
                sockets.Add(await ConnectAsync(address, "127.0.0.1"));
            }
            catch (SocketException reset) when (reset.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // It was closed before it was noticed to be open.
            }
        }

        using var other = From(Elsewhere, address);
        using (var answer = await other.GetAsync("v1/health", Cancel)) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        // Those within the bound may still speak; the others are closed, which each of them hears when it tries.
        var heard = await Task.WhenAll(sockets.Select(AskAsync));
        Assert.Equal(20, heard.Count(line => line.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)));
        Assert.All(heard.Where(line => line.Length > 0), line => Assert.StartsWith("HTTP/1.1 200", line, StringComparison.Ordinal));
        foreach (var socket in sockets) socket.Dispose();
    }

    [Fact]
    public async Task Junk_passes_use_up_nothing_of_a_key_that_the_ledger_knows()
    {
        await using var server = await StartAsync(Open with { Reads = Reads.Signed, Rates = Rates.Default with { Passes = new(5, 1, TimeSpan.FromHours(1)), KnownPasses = new(2, 1, TimeSpan.FromHours(1)) } });
        using var http = From("127.0.0.1", NodeServer.AddressOf(server));
        var junk = new List<HttpStatusCode>();
        for (var i = 0; i < 50; i++) junk.Add(await AskAsync(http, $"Bearer junk.{i}.x"));
        Assert.Equal((5, 45), (junk.Count(status => status == HttpStatusCode.Unauthorized), junk.Count(status => status == HttpStatusCode.TooManyRequests)));

        // Two that must be verified, and each as often as it is good.
        var passes = new[] { node.Passes(node.A).Issue(), node.Passes(node.A).Issue(), node.Passes(node.A).Issue() };
        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK],
            [await AskAsync(http, $"Bearer {passes[0]}"), await AskAsync(http, $"Bearer {passes[1]}"), await AskAsync(http, $"Bearer {passes[2]}"), await AskAsync(http, $"Bearer {passes[0]}")]);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(http, $"Bearer {node.Passes(node.B).Issue()}"));

        // Signing in is the same.
        using var signIn = await http.PostAsync("session", new StringContent(SessionPass.Issue(node.KeyOf(node.C), new(node.C, 1), node.Genesis.Chain.ChainId, node.X)), Cancel);
        Assert.Equal(HttpStatusCode.OK, signIn.StatusCode);
    }

    [Fact]
    public async Task Whatever_the_server_serves_is_paid_for()
    {
        await using var server = await StartAsync(Open with { Reads = Reads.Signed, Rates = Rates.All(Once), Proxies = Proxies.Parse("127.0.0.1")! });
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = NodeServer.AddressOf(server) };
        var addresses = ((IEndpointRouteBuilder)server).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => (Method: method, Path: endpoint.RoutePattern.RawText ?? "/")) ?? [])
            .Append(("GET", "/nothing/here")).Distinct().ToArray();
        Assert.Contains(("POST", "/preferences"), addresses);
        Assert.Contains(("POST", "/v1/transactions/bulk"), addresses);

        foreach (var ((method, path), i) in addresses.Select((address, i) => (address, i)))
        {
            // Each is asked by somebody else, twice.
            var answers = new List<HttpStatusCode>();
            for (var n = 0; n < 2; n++)
            {
                using var request = new HttpRequestMessage(new(method), path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal));
                request.Headers.Add("X-Forwarded-For", string.Create(CultureInfo.InvariantCulture, $"10.1.{i / 250}.{i % 250}"));
                if (method is "POST" or "PUT") request.Content = new StringContent("x");
                using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
                answers.Add(answer.StatusCode);
            }

            Assert.NotEqual((method, path, HttpStatusCode.TooManyRequests), (method, path, answers[0]));
            Assert.Equal((method, path, HttpStatusCode.TooManyRequests), (method, path, answers[1]));
        }
    }

    [Theory]
    [InlineData("/preferences")]
    [InlineData("/matches/1")]
    public async Task A_form_is_small_and_plain(string path)
    {
        await using var server = await StartAsync(Open);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = NodeServer.AddressOf(server) };
        using var large = await http.PostAsync(path, new FormUrlEncodedContent([new("theme", "dark"), new("note", new string('n', 5_000))]), Cancel);
        using var multipart = await http.PostAsync(path, new MultipartFormDataContent { { new StringContent("dark"), "theme" }, { new ByteArrayContent(new byte[500]), "file", "file" } }, Cancel);

        Assert.False(large.Headers.Contains("Set-Cookie"));
        Assert.False(multipart.Headers.Contains("Set-Cookie"));
        if (path == "/preferences") Assert.Equal((HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.UnsupportedMediaType), (large.StatusCode, multipart.StatusCode));
        else Assert.Equal(("/matches?kept=no", "/matches?kept=no"), (large.Headers.Location?.OriginalString, multipart.Headers.Location?.OriginalString));
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    [InlineData("::1", "::1")]
    public void Whoever_has_a_network_of_addresses_counts_once(string address, string expected) => Assert.Equal(expected, CallerAddress.Network(IPAddress.Parse(address)));

    static async Task<HttpStatusCode> AskAsync(HttpClient http, string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/health");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await http.SendAsync(request, Cancel);
        return answer.StatusCode;
    }

    static void SkipWithoutElsewhere() => Assert.SkipWhen(OperatingSystem.IsMacOS(), "only one loopback address");

    static HttpClient From(string address, Uri to) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address).MapToIPv6(), 0));
            await socket.ConnectAsync(IPAddress.Loopback.MapToIPv6(), context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = to };

    static async Task<TcpClient> ConnectAsync(Uri to, string from)
    {
        var socket = new TcpClient(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Loopback, to.Port, Cancel);
        return socket;
    }

    // What the server says to a connection that begins to speak; nothing where it was closed.
    static async Task<string> AskAsync(TcpClient socket)
    {
        var heard = new byte[64];
        try
        {
            await socket.GetStream().WriteAsync("GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Cancel);
            return Encoding.ASCII.GetString(heard, 0, await socket.GetStream().ReadAsync(heard, Cancel));
        }
        catch (IOException)
        {
            return "";
        }
    }

    async Task AnsweredAsync(Transaction[] drafts)
    {
        while (true)
        {
            var next = node.Loop.Reader.Views.Advanced;
            if (drafts.All(draft => node.Loop.Reader.FirstAnswer(draft.Party, draft.Id) is not null)) return;
            await next.WaitAsync(Cancel);
        }
    }

    static async Task<string?> FirstLineAsync(TcpClient socket)
    {
        using var reader = new StreamReader(socket.GetStream(), leaveOpen: true);
        return await reader.ReadLineAsync(Cancel);
    }

    async Task<WebApplication> StartAsync(ServerOptions options)
    {
        var server = node.Build(options, out var refusal) ?? throw new InvalidOperationException($"{refusal}");
        await server.StartAsync(Cancel);
        return server;
    }

    /// <summary>A body that is sent piece by piece, when a test says so.</summary>
    sealed class Unfinished : HttpContent
    {
        readonly System.Threading.Channels.Channel<byte[]> pieces = System.Threading.Channels.Channel.CreateUnbounded<byte[]>();

        public Unfinished(string mediaType) => Headers.ContentType = new(mediaType);

        public async Task SendAsync(byte[] piece) => await pieces.Writer.WriteAsync(piece, Cancel);

        public void End() => pieces.Writer.Complete();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(Cancel))
            {
                await stream.WriteAsync(piece, Cancel);
                await stream.FlushAsync(Cancel);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
