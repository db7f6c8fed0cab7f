using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node;
using Ledger.Tests.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using static Ledger.Tests.World;

namespace Ledger.Tests.Http;

/// <summary>
/// Whatever stands in the path, the query, a header, a form's field or a pass, and whoever sends it: nothing makes an exception that the server did not
/// foresee, and nothing leads a browser away from this node. Every address that the server has is asked, pages and API alike.
/// </summary>
public sealed partial class NoFaultTests(AccessStory story) : IClassFixture<AccessStory>, IAsyncLifetime
{
    const int Seed = 20260402;

    static readonly int PerRoute = Laws.Thorough.IsAsked ? 400 : 40;

    static readonly string[] Hostile =
    [
        "", " ", "0", "-1", "1e9", "9223372036854775807", "18446744073709551615", "18446744073709551616", "null", "*", "/", "//evil.example/", "/\\evil.example/", "\\\\evil.example", "/\t/evil.example/",
        "\t//evil.example", "/%09/evil.example/", "/instruments\r\nX-Evil: 1", "\n", "\0", "\u0001", "\u007f", "\u0085", "\u2028", "\u202e", "甲乙丙", "/搜索?q=票", "\U00020bb7", "\ufffd", "https://evil.example/",
        "javascript:alert(1)", "..", "/../..", "%", "%0a", "%zz", "?", "#", "/#//evil.example", "a b", "a;b", "a=b; c=d", "\"", "'", "<script>", new('a', 3_000), "2026-02-30", "91440300MA1000017E", "1-0", "W/\"x\"",
        "bytes=0-18446744073709551615", "q=1e400", "zh;q=x,en;q=\"", "Bearer", "Bearer ", "Bearer a.b.c", "Basic Og==", "session=", "1.0", "999999999999.9",
    ];

    // What the server or the framework below it looks at, and what proxies add.
    static readonly string[] Headers =
    [
        "Authorization", "Cookie", "Origin", "Referer", "Accept", "Accept-Language", "Accept-Encoding", "Content-Type", "Content-Encoding", "If-None-Match", "If-Match", "If-Modified-Since", "Range",
        "Last-Event-ID", "X-Request-Id", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "Expect", "traceparent", "tracestate", "baggage", "Sec-Fetch-Site",
    ];

    static readonly string[] Fields = ["language", "theme", "back", "decision", "note", "number"];

    static readonly string[] Real = ["zh-CN", "en", "light", "dark", "system", "same", "different", "/instruments?height=1", "/"];

    static readonly string[] Times = ["-9223372036854775808", "-1", "0", "1", "9223372036854775506", "9223372036854775507", "9223372036854775777", "9223372036854775778", "9223372036854775806", "9223372036854775807", "9223372036854775808", "1e3", "1.5", "null", "\"1\""];

    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8 });
    readonly Faults faults = new();
    WebApplication signed = null!;
    WebApplication open = null!;
    string cookie = "";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var plenty = new Rate(1_000_000, 1_000_000, TimeSpan.FromSeconds(1));
        var options = story.Options with { Rates = Rates.All(plenty) };
        signed = story.World.Node.Serve(options, null, faults);
        open = story.World.Node.Serve(options with { Reads = Reads.Open, AccessLog = null }, null, faults);
        await signed.StartAsync();
        await open.StartAsync();
        using var begun = await http.PostAsync(new Uri(NodeServer.AddressOf(signed), "/session"), new StringContent(SessionPass.Issue(story.World.Signer(Key(A)), Key(A), story.World.Genesis.Chain.ChainId, X)), Cancel);
        cookie = begun.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await signed.DisposeAsync();
        await open.DisposeAsync();
        faults.Dispose();
    }

    [Fact]
    public async Task No_request_makes_an_unhandled_exception_or_leads_away_from_the_node()
    {
        var asked = new HashSet<string>();
        foreach (var (method, path) in Addresses())
        {
            var chance = new Random(Seed ^ $"{method} {path}".Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter)));
            for (var i = 0; i < PerRoute; i++)
            {
                using var request = Request(method, path, chance);
                await CheckAsync(request, $"{method} {path} {i}");
            }

            asked.Add($"{method} {path}");
        }

        Assert.True(faults.All.IsEmpty, string.Join('\n', faults.All.Take(25)));
        Assert.Superset(new HashSet<string> { "POST /preferences", "POST /session", "POST /session/end", "POST /matches/{number}", "POST /v1/transactions", "GET /v1/events", "GET /sign", "GET /{**}" }, asked);
    }

    [Fact]
    public async Task A_pass_may_say_any_number_and_is_only_refused()
    {
        var seen = new HashSet<int>();
        foreach (var issued in Times)
        {
            foreach (var ends in Times)
            {
                foreach (var send in new Func<string, string, HttpRequestMessage>[]
                {
                    (from, to) => new(HttpMethod.Get, new Uri(NodeServer.AddressOf(signed), "/v1/attempts")) { Headers = { { "Authorization", $"Bearer {Pass(PassUse.Read, from, to)}" } } },
                    (from, to) => new(HttpMethod.Post, new Uri(NodeServer.AddressOf(signed), "/session")) { Content = new StringContent(Pass(PassUse.Session, from, to)) },
                })
                {
                    using var request = send(issued, ends);
                    using var answer = await http.SendAsync(request, Cancel);
                    using var problem = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Cancel));
                    Assert.Equal((issued, ends, HttpStatusCode.Unauthorized), (issued, ends, answer.StatusCode));
                    seen.Add(problem.RootElement.GetProperty("code").GetInt32());
                }
            }
        }

        // They were judged, and not only found to be no passes at all.
        Assert.Superset(new HashSet<int> { (int)Refusal.PassLivesTooLong, (int)Refusal.PassNotYetValid, (int)Refusal.PassExpired, (int)Refusal.PassMalformed }, seen);
        Assert.Empty(faults.All);
    }

    [Fact]
    public async Task Where_a_form_sends_its_reader_back_to_is_a_page_of_this_node()
    {
        foreach (var back in Hostile)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(NodeServer.AddressOf(signed), "/preferences")) { Content = Form([("theme", "dark"), ("back", back)]) };
            using var answer = await http.SendAsync(request, Cancel);

            Assert.Equal((back, HttpStatusCode.Redirect), (back, answer.StatusCode));
            Assert.True(StaysHere(Location(answer)), back);
        }

        using var kept = await http.PostAsync(new Uri(NodeServer.AddressOf(signed), "/preferences"), Form([("theme", "dark"), ("back", "/instruments?height=3&q=%E7%A5%A8")]), Cancel);
        Assert.Equal("/instruments?height=3&q=%E7%A5%A8", Location(kept));
        Assert.Empty(faults.All);
    }

    // All that a browser makes of an address: it drops tabs and line feeds, and takes a backslash for a slash.
    static bool StaysHere(string address)
    {
        var seen = address.Replace("\t", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Replace('\\', '/').Trim();
        return !seen.StartsWith("//", StringComparison.Ordinal) && !Scheme().IsMatch(seen);
    }

    static string Location(HttpResponseMessage answer) => answer.Headers.TryGetValues("Location", out var values) ? string.Join(',', values) : "";

    IEnumerable<(string Method, string Path)> Addresses() =>
        ((IEndpointRouteBuilder)signed).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => (method, endpoint.RoutePattern.RawText ?? "/")) ?? [])
            .Append(("GET", "/{**}")).Append(("POST", "/{**}")).Append(("GET", "/v1/{**}")).Distinct().OrderBy(one => one.Item2, StringComparer.Ordinal);

    HttpRequestMessage Request(string method, string path, Random chance)
    {
        var raw = chance.Next(6) == 0;
        var parts = PathPart().Replace(path, _ => chance.Next(3) == 0 ? "1" : raw ? Raw(Pick(chance, Hostile)) : Uri.EscapeDataString(Pick(chance, Hostile)));
        if (!parts.StartsWith('/')) parts = "/" + parts;
        var query = string.Join('&', Enumerable.Range(0, chance.Next(4)).Select(_ =>
            $"{Uri.EscapeDataString(chance.Next(8) == 0 ? Pick(chance, Hostile) : Pick(chance, ["height", "limit", "cursor", "after", "format", "page", "q", "metric", "by", "act", "units", "types", "on", "from", "to"]))}={Uri.EscapeDataString(Pick(chance, Hostile))}"));
        var server = chance.Next(3) == 0 ? open : signed;
        var target = NodeServer.AddressOf(server).ToString().TrimEnd('/') + parts + (query.Length > 0 ? "?" + query : "");
        var request = new HttpRequestMessage(new(method), new Uri(target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (method is "POST" or "PUT") request.Content = Content(chance);
        switch (chance.Next(4))
        {
            case 0:
                request.Headers.TryAddWithoutValidation("Cookie", cookie);
                break;
            case 1:
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {(chance.Next(2) == 0 ? Pass(Pick(chance, [PassUse.Read, PassUse.Session]), Pick(chance, Times), Pick(chance, Times)) : story.Passes(Pick(chance, [A, X, story.Regulator])).Current())}");
                break;
            default:
                break;
        }

        for (var i = chance.Next(4); i > 0; i--)
        {
            // A header cannot be sent with a line feed in it, whoever sends it.
            var (name, value) = (Pick(chance, Headers), NoHeader().Replace(Pick(chance, Hostile), ""));
            if (name is "Expect") value = "100-continue";
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    static string Raw(string value) => NoTarget().Replace(value, letter => string.Concat(Encoding.UTF8.GetBytes(letter.Value).Select(octet => $"%{octet.ToString("X2", CultureInfo.InvariantCulture)}")));

    static HttpContent Content(Random chance)
    {
        switch (chance.Next(6))
        {
            case 0:
                return new StringContent(Pick(chance, Hostile), Encoding.UTF8, Pick(chance, ["application/json", "text/plain", "application/x-www-form-urlencoded", "application/x-ndjson"]));
            case 1:
                return new MultipartFormDataContent { { new StringContent(Pick(chance, Hostile)), Pick(chance, Fields) } };
            case 2:
                var noise = new byte[chance.Next(1, 400)];
                chance.NextBytes(noise);
                var content = new ByteArrayContent(noise);
                content.Headers.TryAddWithoutValidation("Content-Type", Pick(chance, ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-7", "multipart/form-data; boundary=x", "multipart/form-data", "application/json; charset=x"]));
                return content;
            default:
                return Form([.. Fields.Where(_ => chance.Next(2) == 0).Select(field => (field, chance.Next(3) == 0 ? Pick(chance, Real) : Pick(chance, Hostile)))]);
        }
    }

    static StringContent Form((string Name, string Value)[] fields) =>
        new(string.Join('&', fields.Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}")), Encoding.UTF8, "application/x-www-form-urlencoded");

    async Task CheckAsync(HttpRequestMessage request, string number)
    {
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        var status = (int)answer.StatusCode;
        if (status >= 500 && status is not (501 or 503 or 507)) faults.Add($"{number}: {request.RequestUri!.PathAndQuery}: {status}");
        if (!StaysHere(Location(answer))) faults.Add($"{number}: {request.RequestUri!.PathAndQuery} leads to {Location(answer)}");
        if (answer.Content.Headers.ContentType?.MediaType != "text/html") return;
        foreach (Match link in Links().Matches(await answer.Content.ReadAsStringAsync(Cancel)))
        {
            var address = WebUtility.HtmlDecode(link.Groups["address"].Value);
            // Pictures that stand in the page lead nowhere, and an icon of nothing keeps a browser from asking for one.
            if (address != "data:," && !address.StartsWith("data:image/", StringComparison.Ordinal) && !StaysHere(address)) faults.Add($"{number}: the page of {request.RequestUri!.PathAndQuery} has {link.Value}");
        }
    }

    // Signed by nobody: times are judged before a signature costs anything.
    string Pass(PassUse use, string issued, string ends)
    {
        var chain = story.World.Genesis.Chain;
        var header = $$"""{"alg":"{{chain.Suite.Name}}","kid":"{{A.Text}}#1","typ":"{{ReadPass.TypeOf(use)}}"}""";
        var claims = $$"""{"aud":"{{ReadPass.AudienceOf(chain.ChainId, X)}}","iat":{{issued}},"exp":{{ends}},"jti":"{{new string('A', 21)}}Q"}""";
        return $"{Base64Url.Encode(Encoding.UTF8.GetBytes(header))}.{Base64Url.Encode(Encoding.UTF8.GetBytes(claims))}.{Base64Url.Encode(new byte[64])}";
    }

    static T Pick<T>(Random chance, T[] from) => from[chance.Next(from.Length)];

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex PathPart();

    [GeneratedRegex(@"(?:href|action|src|name=""back"" value)=""(?<address>[^""]*)""")]
    private static partial Regex Links();

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9+.-]*:")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"[\r\n\0]")]
    private static partial Regex NoHeader();

    [GeneratedRegex(@"[^!$-;=@-Z_a-z~\\%]")]
    private static partial Regex NoTarget();

    /// <summary>Keeps what the server did not foresee: whatever is logged as an error, or with an exception that nobody took for an answer.</summary>
    sealed class Faults : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = [];

        public void Add(string fault) => All.Enqueue(fault);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Add($"{formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}
