using System.Net;
using Ledger.Node;
using Ledger.Node.Access;
using Ledger.Tests.Http;
using Microsoft.AspNetCore.Builder;

namespace Ledger.Tests.Access;

/// <summary>A node behind a proxy that speaks TLS for it: it believes the proxy that its operator named, and nobody else.</summary>
public sealed class ProxyTests(TestNode node) : IClassFixture<TestNode>
{
    static readonly ServerOptions Behind = new("127.0.0.1", 0, NextFreePort: false)
    {
        Reads = Reads.Signed,
        Proxies = Proxies.Parse("192.0.2.0/24,127.0.0.1")!,
        Origin = "https://ledger.example",
    };

    static readonly Rates Seldom = Rates.Default with { Health = new(1, 1, TimeSpan.FromHours(1)) };

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://ledger.example", HttpStatusCode.Redirect)]
    [InlineData("http://ledger.example", HttpStatusCode.Forbidden)]
    [InlineData("https://ledger.example.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("https://ledger.example:8443", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    public async Task A_form_of_the_nodes_own_pages_is_taken_under_the_origin_that_browsers_know(string origin, HttpStatusCode expected)
    {
        await using var server = await StartAsync(Behind);
        using var http = Client(server);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/preferences") { Content = new FormUrlEncodedContent([new("theme", "dark")]) };
        request.Headers.Host = "ledger.example";
        request.Headers.TryAddWithoutValidation("Origin", origin);
        using var answer = await http.SendAsync(request, Cancel);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_cookie_that_began_behind_TLS_never_travels_without_it()
    {
        await using var server = await StartAsync(Behind);
        using var http = Client(server);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/session") { Content = new StringContent(SessionPass.Issue(node.KeyOf(node.A), new(node.A, 1), node.Genesis.Chain.ChainId, node.X)) };
        request.Headers.Host = "ledger.example";
        request.Headers.TryAddWithoutValidation("Origin", "https://ledger.example");
        using var answer = await http.SendAsync(request, Cancel);

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Each_caller_behind_a_named_proxy_has_a_budget_of_its_own()
    {
        await using var server = await StartAsync(Behind with { Rates = Seldom });
        using var http = Client(server);

        Assert.Equal(HttpStatusCode.OK, await AskAsync(http, "203.0.113.1"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(http, "203.0.113.2"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(http, "203.0.113.1"));

        // What stands before the last address that is no proxy's, the caller himself may have written.
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(http, "203.0.113.77, 203.0.113.2"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(http, "203.0.113.78, 203.0.113.2, 192.0.2.9"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(http, "203.0.113.3, 192.0.2.9"));
    }

    [Fact]
    public async Task Nobody_elses_word_is_taken_about_where_a_request_comes_from()
    {
        await using var server = await StartAsync(Behind with { Rates = Seldom, Proxies = Proxies.Parse("192.0.2.1")! });
        using var http = Client(server);

        Assert.Equal(HttpStatusCode.OK, await AskAsync(http, "203.0.113.1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(http, "203.0.113.2"));
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.0/8, 2001:db8::/32", "10.9.8.7", true)]
    [InlineData("10.0.0.0/8", "::ffff:10.9.8.7", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    public void A_proxy_is_named_by_address_or_network(string named, string address, bool expected) =>
        Assert.Equal(expected, Proxies.Parse(named)!.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.1,")]
    [InlineData("proxy.example")]
    [InlineData("10.0.0.0/33")]
    public void What_is_neither_is_no_proxy(string named) => Assert.Null(Proxies.Parse(named));

    [Theory]
    [InlineData("https://ledger.example", true)]
    [InlineData("https://ledger.example:8443", true)]
    [InlineData("http://127.0.0.1:7301", true)]
    [InlineData("https://ledger.example/", false)]
    [InlineData("https://Ledger.example", false)]
    [InlineData("https://ledger.example:443", false)]
    [InlineData("https://me@ledger.example", false)]
    [InlineData("ledger.example", false)]
    [InlineData("ftp://ledger.example", false)]
    public void An_origin_is_written_as_browsers_write_it(string text, bool expected) => Assert.Equal(expected, Entrance.IsOrigin(text));

    static HttpClient Client(WebApplication server) => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = NodeServer.AddressOf(server) };

    static async Task<HttpStatusCode> AskAsync(HttpClient http, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/health");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        using var answer = await http.SendAsync(request, Cancel);
        return answer.StatusCode;
    }

    async Task<WebApplication> StartAsync(ServerOptions options)
    {
        var server = node.Build(options, out var refusal) ?? throw new InvalidOperationException($"{refusal}");
        await server.StartAsync(Cancel);
        return server;
    }
}
