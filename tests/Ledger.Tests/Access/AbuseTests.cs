using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Access;
using Ledger.Tests.Http;
using Microsoft.AspNetCore.Builder;

namespace Ledger.Tests.Access;

/// <summary>What is thrown at a node costs it little, is answered by number where it can be answered, and harms nobody else.</summary>
public sealed class AbuseTests(TestNode node) : IClassFixture<TestNode>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static readonly ServerOptions Open = new("127.0.0.1", 0, NextFreePort: false) { Reads = Reads.Open };

    [Theory]
    [InlineData("0.0.0.0", Reads.Open, true, "ledger.example", Refusal.BindNeedsSignedReads)]
    [InlineData("::", Reads.Open, false, null, Refusal.BindNeedsSignedReads)]
    [InlineData("192.168.1.10", Reads.Signed, false, "ledger.example", Refusal.BindNeedsTls)]
    [InlineData("0.0.0.0", Reads.Signed, true, null, Refusal.BindNeedsHostName)]
    public void Beyond_loopback_a_node_needs_passes_TLS_and_names(string host, Reads reads, bool isBehindProxy, string? name, Refusal expected)
    {
        var options = new ServerOptions(host, 0, NextFreePort: false) { Reads = reads, Proxies = isBehindProxy ? Proxies.Parse("10.0.0.1")! : Proxies.None, HostNames = name is null ? [] : [name] };

        Assert.Null(node.Build(options, out var refusal));
        Assert.Equal(expected, refusal);
    }

    [Fact]
    public async Task With_all_three_it_may_be_bound_to_the_world()
    {
        using var certificate = SelfSigned();
        var options = new ServerOptions("0.0.0.0", 0, NextFreePort: false) { Reads = Reads.Signed, HostNames = ["ledger.example"] };
        await using var proxied = node.Build(options with { Proxies = Proxies.Parse("10.0.0.1")! }, out var first);
        await using var own = node.Build(options with { Certificate = certificate }, out var second);

        Assert.Equal((Refusal.None, Refusal.None), (first, second));
        Assert.NotNull(proxied);
        Assert.NotNull(own);
    }

    [Fact]
    public async Task With_a_certificate_it_speaks_TLS_and_nothing_else_and_is_called_by_its_names()
    {
        using var certificate = SelfSigned();
        await using var server = await StartAsync(Open with { Certificate = certificate, HostNames = ["ledger.example"] });
        var address = NodeServer.AddressOf(server);
        Assert.Equal("https", address.Scheme);
        using var trusting = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() } });

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "v1/health"));
        request.Headers.Host = "ledger.example";
        using var answer = await trusting.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        using var other = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "v1/health"));
        other.Headers.Host = "evil.example";
        using var misdirected = await trusting.SendAsync(other, Cancel);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, misdirected.StatusCode);

        using var plain = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync(new UriBuilder(address) { Scheme = "http" }.Uri, Cancel));
    }

    [Fact]
    public void A_certificate_is_read_from_PEM_or_PKCS_12_and_otherwise_it_is_said_why_not()
    {
        var folder = Directory.CreateTempSubdirectory("ledger-tls-").FullName;
        using var made = SelfSigned();
        var options = new NodeOptions(folder, "127.0.0.1", 0, NextFreePort: false, NodeOptions.DefaultSegmentBytes);
        string Put(string name, byte[] bytes)
        {
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
            return Path.Combine(folder, name);
        }

        var (cert, key) = (Put("c.pem", Encoding.ASCII.GetBytes(made.ExportCertificatePem())), Put("k.pem", Encoding.ASCII.GetBytes(made.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())));
        var (pfx, password) = (Put("c.pfx", made.Export(X509ContentType.Pkcs12, "geheim")), Put("pw", "geheim\n"u8.ToArray()));
        foreach (var good in new[] { options with { CertificatePath = cert, CertificateKeyPath = key }, options with { CertificatePath = pfx, CertificatePasswordFile = password } })
        {
            Assert.True(ServerCertificate.TryRead(good, out var read, out _));
            Assert.Equal(made.GetCertHashString(), read!.GetCertHashString());
            read.Dispose();
        }

        Assert.True(ServerCertificate.TryRead(options, out var none, out _));
        Assert.Null(none);
        foreach (var bad in new[]
        {
            options with { CertificateKeyPath = key }, options with { CertificatePath = cert }, options with { CertificatePath = Path.Combine(folder, "none") },
            options with { CertificatePath = pfx }, options with { CertificatePath = password },
        })
        {
            Assert.False(ServerCertificate.TryRead(bad, out var no, out var why));
            Assert.Null(no);
            Assert.NotEmpty(why);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Who_asks_too_often_is_told_when_to_come_again_and_others_are_served()
    {
        var seldom = new Rate(3, 1, TimeSpan.FromHours(1));
        await using var server = await StartAsync(Open with { Rates = Rates.Default with { Reads = seldom } });
        using var http = new HttpClient { BaseAddress = NodeServer.AddressOf(server) };
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("v1/statistics/metrics", Cancel)).StatusCode);

        using var refused = await http.GetAsync("v1/statistics/metrics", Cancel);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 3_600);
        Assert.Contains("\"code\":30005", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        // A party has a budget of its own, and writing has another.
        using var known = new HttpRequestMessage(HttpMethod.Get, "v1/statistics/metrics");
        known.Headers.Authorization = new("Bearer", node.Passes(node.A).Issue());
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(known, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.SendAsync(TestNode.Post("v1/transactions", "{}"u8.ToArray(), "application/json"), Cancel)).StatusCode);

        // How the node is may be asked by whoever has used up the rest.
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("v1/health", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Health_is_answered_however_many_readers_are_waited_for()
    {
        using var go = new ManualResetEventSlim();
        var readers = Enumerable.Range(0, 8 * ReadLanes.OfNode.Count).Select(i => ReadLanes.OfNode.RunAsync($"{i % 3}", () =>
        {
            go.Wait(Cancel);
            return Task.CompletedTask;
        })).ToArray();
        var read = node.As(node.A).ReadAsync("v1/parties", Cancel);
        var trial = node.Anonymous.DryRunAsync(node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5)), node.A), Cancel);

        using (var health = await node.Anonymous.ReadAsync("v1/health", Cancel)) Assert.NotNull(health);
        await node.AcceptedAsync(node.X, node.Attestation(node.A, node.C, 5), node.A);
        Assert.False(read.IsCompleted);
        Assert.False(trial.IsCompleted);

        go.Set();
        await Task.WhenAll(readers);
        Assert.Equal(Refusal.None, (await trial).Code);
        using var parties = await read;
        Assert.NotNull(parties);
    }

    [Fact]
    public async Task Who_asks_for_much_waits_for_itself_and_keeps_another_waiting_for_one_look_up()
    {
        var (lanes, answered) = (new ReadLanes(1), new System.Collections.Concurrent.ConcurrentQueue<string>());
        using var go = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        Task AskAsync(string caller) => lanes.RunAsync(caller, () =>
        {
            answered.Enqueue(caller);
            return Task.CompletedTask;
        });

        var first = lanes.RunAsync("much", () =>
        {
            begun.SetResult();
            go.Wait(Cancel);
            return Task.CompletedTask;
        });
        await begun.Task;
        var much = Enumerable.Range(0, 20).Select(_ => AskAsync("much")).ToArray();
        var (little, other) = (AskAsync("little"), AskAsync("other"));
        go.Set();
        await Task.WhenAll([first, little, other, .. much]);

        Assert.Equal(["much", "little", "other", "much"], answered.Take(4));
        Assert.Equal(22, answered.Count);
    }

    [Fact]
    public async Task What_is_changed_beside_the_ledger_has_a_small_budget_of_its_own()
    {
        await using var server = await StartAsync(Open with { Reads = Reads.Signed, Rates = Rates.Default with { Forms = new(1, 1, TimeSpan.FromHours(1)) } });
        using var http = new HttpClient { BaseAddress = NodeServer.AddressOf(server) };
        foreach (var (party, method, path) in new[]
        {
            (node.A, HttpMethod.Post, "v1/webhooks"), (node.B, HttpMethod.Delete, "v1/webhooks/wh_AAAAAAAAAAAAAAAA"), (node.C, HttpMethod.Post, "v1/webhooks/wh_AAAAAAAAAAAAAAAA/secret"),
            (node.X, HttpMethod.Post, "v1/near-matches/reviews"),
        })
        {
            var answers = new List<HttpStatusCode>();
            for (var i = 0; i < 2; i++)
            {
                using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = new("Bearer", node.Passes(party).Issue()) } };
                if (method == HttpMethod.Post) request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
                using var answer = await http.SendAsync(request, Cancel);
                answers.Add(answer.StatusCode);
            }

            Assert.NotEqual((path, HttpStatusCode.TooManyRequests), (path, answers[0]));
            Assert.Equal((path, HttpStatusCode.TooManyRequests), (path, answers[1]));
        }
    }

    [Fact]
    public async Task Passes_that_must_be_verified_have_a_budget_too()
    {
        await using var server = await StartAsync(Open with { Rates = Rates.Default with { Passes = new(1, 1, TimeSpan.FromHours(1)) } });
        using var http = new HttpClient { BaseAddress = NodeServer.AddressOf(server) };
        async Task<HttpStatusCode> AskAsync(string pass)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "v1/health");
            request.Headers.Authorization = new("Bearer", pass);
            using var answer = await http.SendAsync(request, Cancel);
            return answer.StatusCode;
        }

        var good = node.Passes(node.A).Issue();
        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests, HttpStatusCode.OK],
            [await AskAsync(good), await AskAsync("x"), await AskAsync("y"), await AskAsync(good)]);
    }

    [Fact]
    public async Task Idle_connections_are_bounded_and_make_room_again()
    {
        await using var server = await StartAsync(Open with { MaxConnections = 50, MaxConnectionsOfAddress = 50, HeadTimeout = TimeSpan.FromSeconds(2), IdleTimeout = TimeSpan.FromSeconds(2) });
        var address = NodeServer.AddressOf(server);
        var sockets = new List<TcpClient>();
        for (var i = 0; i < 2_000; i++)
        {
            var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, address.Port, Cancel);
            sockets.Add(socket);
        }

        // Those beyond the bound are closed at once, the others when they kept silent for too long: all are closed by the server.
        var octet = new byte[1];
        foreach (var socket in sockets) Assert.Equal(0, await ReadAsync(socket, octet));
        foreach (var socket in sockets) socket.Dispose();
        using var http = new HttpClient { BaseAddress = address };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("v1/health", Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("GET /v1/health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")]
    [InlineData("POST /v1/transactions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")]
    [InlineData("POST /v1/transactions/bulk HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")]
    public async Task A_client_that_dribbles_is_hung_up_on(string begun)
    {
        await using var server = await StartAsync(Open with { HeadTimeout = TimeSpan.FromSeconds(2), SlowBodyGrace = TimeSpan.FromSeconds(2) });
        var answer = await TalkAsync(NodeServer.AddressOf(server), begun);

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /v1/parties/x/../../attempts HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /v1/%2e%2e/genesis.json HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /v1/..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /v1/genesis%00.txt HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /v1\\genesis HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET //v1/genesis HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET http://evil.example/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /v1/health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")]
    [InlineData("GET /v1/health HTTP/1.1\r\n\r\n")]
    [InlineData("TRACE /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /v1/offers/%E0%80%AF HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("POST /v1/transactions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: x\r\n\r\n")]
    [InlineData("POST /v1/transactions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}")]
    public async Task Tricks_with_paths_hosts_and_lengths_get_nothing(string request)
    {
        await using var server = await StartAsync(Open with { Reads = Reads.Signed });
        var answer = await TalkAsync(NodeServer.AddressOf(server), request.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal));

        Assert.Matches("^HTTP/1.1 4[0-9][0-9] ", answer);
    }

    [Fact]
    public async Task A_head_without_end_is_not_read_to_its_end()
    {
        var answer = await TalkAsync(node.Address, $"GET /v1/health HTTP/1.1\r\nHost: localhost\r\nX-Long: {new string('a', 40_000)}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 431", answer, StringComparison.Ordinal);

        var line = await TalkAsync(node.Address, $"GET /v1/health?x={new string('a', 10_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 414", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1/transactions", "application/json", 70_000, 413)]
    [InlineData("v1/transactions", "application/json", 400_000, 413)]
    [InlineData("v1/dry-run", "application/json", 400_000, 413)]
    [InlineData("v1/disclosures", "application/json", 4_000_000, 413)]
    [InlineData("v1/transactions", "text/plain", 2, 415)]
    [InlineData("v1/dry-run", "application/xml", 2, 415)]
    [InlineData("v1/transactions/bulk", "application/json", 2, 415)]
    [InlineData("v1/documents/attestations?seller=91440300MA1000017E", "application/json", 2, 415)]
    public async Task A_body_of_a_wrong_type_or_size_is_not_taken(string path, string mediaType, int size, int expected)
    {
        foreach (var isChunked in new[] { false, true })
        {
            using var request = TestNode.Post(path, new byte[size], mediaType);
            request.Headers.TransferEncodingChunked = isChunked;
            var (status, problem) = await node.ProblemAsync(request);
            Assert.Equal(expected, (int)status);
            Assert.True(problem.GetProperty("code").GetInt32() > 0);
        }
    }

    [Fact]
    public async Task No_page_of_another_origin_is_let_in()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "v1/transactions");
        request.Headers.TryAddWithoutValidation("Origin", "https://evil.example");
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "POST");
        using var answer = await node.Http.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_request_has_a_name_that_its_problem_repeats()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/offers/x");
        request.Headers.Add("X-Request-Id", "my-own.name_1");
        using var answer = await node.Http.SendAsync(request, Cancel);
        Assert.Equal("my-own.name_1", Assert.Single(answer.Headers.GetValues("X-Request-Id")));
        Assert.Contains("\"traceId\":\"my-own.name_1\"", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        using var strange = new HttpRequestMessage(HttpMethod.Get, "v1/health");
        strange.Headers.TryAddWithoutValidation("X-Request-Id", "<script>");
        using var renamed = await node.Http.SendAsync(strange, Cancel);
        Assert.Matches("^[0-9a-f]{32}$", Assert.Single(renamed.Headers.GetValues("X-Request-Id")));
    }

    [Fact]
    public async Task What_never_changes_has_a_tag_and_is_not_sent_twice()
    {
        var accepted = await node.AcceptedAsync(node.X, node.Attestation(node.A, node.C, 5), node.A);
        var (height, leaf) = (accepted.GetProperty("height").GetUInt64(), accepted.GetProperty("leaf").GetUInt64());
        foreach (var (path, isPublic) in new[] { ($"blocks/{height}", false), ($"entries/{leaf}", false), ($"leaves/{leaf}", false), ($"checkpoints/{height}", true), ("genesis", true) })
        {
            using var first = await node.Http.GetAsync($"v1/{path}", Cancel);
            Assert.Equal((true, !isPublic), (first.Headers.CacheControl!.ToString().Contains("immutable", StringComparison.Ordinal), first.Headers.CacheControl.Private));
            using var again = new HttpRequestMessage(HttpMethod.Get, $"v1/{path}");
            again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var unchanged = await node.Http.SendAsync(again, Cancel);
            Assert.Equal((HttpStatusCode.NotModified, 0), (unchanged.StatusCode, (await unchanged.Content.ReadAsByteArrayAsync(Cancel)).Length));

            using var head = await node.Http.SendAsync(new(HttpMethod.Head, $"v1/{path}"), Cancel);
            Assert.Equal((HttpStatusCode.OK, first.Headers.ETag, 0), (head.StatusCode, head.Headers.ETag, (await head.Content.ReadAsByteArrayAsync(Cancel)).Length));
            Assert.Equal(first.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        }
    }

    async Task<WebApplication> StartAsync(ServerOptions options)
    {
        var server = node.Build(options, out var refusal) ?? throw new InvalidOperationException($"{refusal}");
        await server.StartAsync(Cancel);
        return server;
    }

    // Everything that the server says until it hangs up.
    static async Task<string> TalkAsync(Uri address, string said)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, address.Port, Cancel);
        await socket.GetStream().WriteAsync(Encoding.Latin1.GetBytes(said), Cancel);
        var heard = new StringBuilder();
        var buffer = new byte[4_096];
        for (int count; (count = await ReadAsync(socket, buffer)) > 0;) heard.Append(Encoding.Latin1.GetString(buffer.AsSpan(0, count)));
        return heard.ToString();
    }

    static async Task<int> ReadAsync(TcpClient socket, byte[] buffer)
    {
        try
        {
            return await socket.GetStream().ReadAsync(buffer, Cancel);
        }
        catch (IOException)
        {
            // Reset: hung up on, and nothing more was said.
            return 0;
        }
    }

    static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=ledger.example", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
