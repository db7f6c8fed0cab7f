using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Access;
using Ledger.Node.Documents;
using Ledger.Node.Http;
using Ledger.Node.Notices;
using Ledger.Node.Private;
using Ledger.Tests.Access;
using Ledger.Tests.Laws;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using static Ledger.Tests.World;

namespace Ledger.Tests.Http;

/// <summary>
/// Whatever is asked of whatever operation by whomever, the answer is one that the description has: no fault of the server's, no status, media type
/// or member that a client was not told of. Requests are drawn from a seed; what fails is printed with all that is needed to ask it again.
/// </summary>
public sealed class GeneratedRequestsTests(AccessStory story) : IClassFixture<AccessStory>, IAsyncLifetime
{
    const int Seed = 20260401;
    const int MostPrinted = 25;

    static readonly int PerRoute = Thorough.IsAsked ? 600 : 40;

    // Of the server's own statuses only these are answers: it lacks something, it stops, or its disk is full.
    static readonly int[] OwnStatuses = [501, 503, 507];

    static readonly string[] Hostile =
    [
        "", " ", "-1", "0", "1", "18446744073709551615", "18446744073709551616", "9223372036854775807", "9223372036854775808", "1e9", "0x10", "NaN", "null", "true", "{}", "[]",
        "'; DROP TABLE entries;--", "\" OR 1=1 --", "a* NEAR b", "AND OR NOT", "<script>alert(1)</script>", "../../etc/passwd", "..", "%00", "a\0b", "%", "%2F", "?", "#", "&", "a b", "\r\nX: y",
        "甲乙丙", "示例", "\u202e", "\U00020bb7", "\uffff", new('A', 22), new('_', 22), "AAAAAAAAAAAAAAAAAAAAAA==", "AAAAAAAAAAAAAAAAAAAAA!", new('A', 43), new('z', 3_000),
        "2026-02-30", "0001-01-01", "9999-12-31", "91440300MA1000017E", "91440300MA1000017F", "*", "1-0", "0-1", "1-18446744073709551615", "9.9", "token.transfer,none", "CNY", "cny", "XXX",
    ];

    static readonly string[] MediaTypes = ["application/json", "application/x-ndjson", "application/jose+json", "application/xml", "text/plain", "application/octet-stream", "application/json; charset=utf-16", "x"];

    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    readonly ChainFolder.TemporaryFolder data = new();
    WebApplication signed = null!;
    WebApplication open = null!;
    string[] real = [];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var chain = story.World.Genesis.Chain;
        var desk = new DisclosureDesk(DisclosureStore.Open(new PrivateFolder(new Storage.MemoryStorage()), RunningNode.PrivateKey, chain.Suite, chain.ChainId, _ => { }), chain.Suite, chain.ChainId, World.X);
        var plenty = new Rate(1_000_000, 1_000_000, TimeSpan.FromSeconds(1));
        var options = story.Options with
        {
            Rates = Rates.All(plenty),
            Webhooks = new(WebhookBook.Open(data.Path)!, new(["127.0.0.1"])),
        };
        signed = story.World.Node.Serve(options, desk);
        open = story.World.Node.Serve(options with { Reads = Reads.Open, AccessLog = null, Webhooks = null }, null);
        await signed.StartAsync();
        await open.StartAsync();
        real =
        [
            $"{story.Note}", $"{story.Offer}", $"{story.Invoice}", $"{story.Pledge}", $"{story.Financing}", $"{story.Line}", $"{story.Payment}", $"{story.ToB.Id}", $"{story.ToD.Id}",
            A.Text, B.Text, C.Text, X.Text, Y.Text, story.Regulator.Text, Stranger.Text, $"{story.LeafOf(story.ToB)}", $"{story.HeightOf(story.ToB)}", $"{story.World.Node.Loop.Reader.View.Header.Height}",
            $"{story.World.Node.Loop.Reader.View.Checkpoint.Checkpoint.Size}", "wh_AAAAAAAAAAAAAAAA", "0/000.p/1", "000.p/1", $"{story.World.Node.Loop.Reader.View.Header.LeafHash(story.World.Suite)}", "供应商",
        ];
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await signed.DisposeAsync();
        await open.DisposeAsync();
        data.Dispose();
    }

    [Fact]
    public async Task Every_answer_to_every_request_is_described()
    {
        var (faults, seen) = (new List<string>(), new HashSet<(string, int)>());
        foreach (var route in Routes())
        {
            // Each operation has numbers of its own, so that one more does not change all others.
            var chance = new Random(Seed ^ Hash(route.Operation));
            for (var i = 0; i < PerRoute && faults.Count < MostPrinted; i++)
            {
                var caller = Caller(chance);
                using var request = Request(route, chance, caller);
                seen.Add((route.Operation, await CheckAsync(request, caller, $"{route.Operation} {i}", faults)));
            }
        }

        Assert.True(faults.Count == 0, $"seed {Seed}\n{string.Join('\n', faults)}");

        // Or nothing was tried: every operation let somebody in and refused somebody.
        Assert.All(Routes(), route => Assert.Contains(seen, one => one.Item1 == route.Operation && one.Item2 >= 400));
        Assert.True(seen.Count(one => one.Item2 == 200) > 20);
    }

    [Fact]
    public async Task A_parameter_that_an_operation_does_not_know_is_refused_as_such()
    {
        foreach (var route in Routes())
        {
            var path = Path(route, _ => real[0]);
            using var request = new HttpRequestMessage(new(route.Method), new Uri(NodeServer.AddressOf(open), $"{path}?colour=red"));
            if (route.Body is not null) request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
            using var problem = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Cancel));

            Assert.Equal((route.Operation, (int)Refusal.QueryInvalid), (route.Operation, problem.RootElement.GetProperty("code").GetInt32()));
        }
    }

    [Fact]
    public async Task The_head_of_an_answer_is_that_of_the_answer()
    {
        foreach (var route in Routes().Where(route => route.Method == "GET"))
        {
            var chance = new Random(Seed ^ Hash(route.Operation));
            for (var i = 0; i < 6; i++)
            {
                var url = new Uri(NodeServer.AddressOf(open), Path(route, _ => real[chance.Next(real.Length)]));
                using var get = new HttpRequestMessage(HttpMethod.Get, url);
                using var head = new HttpRequestMessage(HttpMethod.Head, url);
                using var whole = await http.SendAsync(get, HttpCompletionOption.ResponseHeadersRead, Cancel);
                using var part = await http.SendAsync(head, Cancel);

                Assert.Equal((url, whole.StatusCode, whole.Content.Headers.ContentType?.MediaType), (url, part.StatusCode, part.Content.Headers.ContentType?.MediaType));
                Assert.Equal((url, whole.Content.Headers.ContentLength), (url, part.Content.Headers.ContentLength));
                Assert.Equal((url, whole.Headers.ETag), (url, part.Headers.ETag));
                Assert.Empty(await part.Content.ReadAsByteArrayAsync(Cancel));
            }
        }
    }

    IReadOnlyList<ApiRoute> Routes() =>
        ApiRoutes.Of(story.World.Node.Loop, new DocumentService(story.World.Suite, new(story.World.Suite, default, new Dictionary<uint, byte[]>())), null, story.Options, NullLogger.Instance).All;

    // A caller, and the address at which it asks.
    (string Name, WebApplication Server, string? Authorization) Caller(Random chance)
    {
        switch (chance.Next(14))
        {
            case 0:
                return ("anonymous", signed, null);
            case 1:
                var odd = Pick(chance, ["Bearer", "Bearer a.b.c", "Basic eDp5", "Bearer " + new string('A', 2_000)]);
                return ($"'{odd[..Math.Min(odd.Length, 20)]}'", signed, odd);
            case < 6:
                return ("open", open, null);
            case < 9:
                var insider = Pick(chance, [A, B, C, X]);
                return (insider.Text, signed, "Bearer " + story.Passes(insider).Current());
            default:
                var (role, party) = Pick(chance, [.. story.Outsiders.OrderBy(one => one.Key)]);
                return ($"{role}", signed, "Bearer " + story.Passes(party).Current());
        }
    }

    HttpRequestMessage Request(ApiRoute route, Random chance, (string Name, WebApplication Server, string? Authorization) caller)
    {
        var path = Path(route, _ => Value(chance, []));
        var query = new List<string>();
        foreach (var known in route.Query)
        {
            if (chance.Next(3) > 0 && !known.IsRequired) continue;
            var named = known.Schema.Json.TryGetPropertyValue("enum", out var values) ? values!.AsArray().Select(one => one!.GetValue<string>()).ToArray() : [];
            query.Add($"{known.Name}={Escaped(Value(chance, named))}");
            if (chance.Next(25) == 0) query.Add(query[^1]);
        }

        if (chance.Next(25) == 0) query.Add($"{Escaped(Pick(chance, Hostile))}=1");
        var request = new HttpRequestMessage(new(route.Method), new Uri(NodeServer.AddressOf(caller.Server), path + (query.Count > 0 ? "?" + string.Join('&', query) : "")));
        if (caller.Authorization is { } authorization) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (route.Body is not { } body) return request;

        var bytes = Body(chance);
        request.Content = new ByteArrayContent(bytes);
        var mediaType = chance.Next(6) == 0 ? Pick(chance, MediaTypes) : Pick(chance, [.. body.MediaTypes]);
        if (chance.Next(20) > 0) request.Content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        return request;
    }

    byte[] Body(Random chance)
    {
        var transaction = story.World.Sign(story.World.Draft(A, new WithdrawOffer(story.Offer)) with { Expires = chance.Next(4) == 0 ? story.World.Clock : story.World.Clock.Add(Timestamp.Minute) });
        switch (chance.Next(12))
        {
            case 0:
                return [];
            case 1:
                var noise = new byte[chance.Next(1, 3_000)];
                chance.NextBytes(noise);
                return noise;
            case 2:
                return transaction[..chance.Next(transaction.Length)];
            case 3:
                transaction[chance.Next(transaction.Length)] ^= (byte)(1 << chance.Next(8));
                return transaction;
            case 4:
                return Encoding.UTF8.GetBytes(new string(Pick(chance, ['[', '{']), chance.Next(1, 20_000)));
            case 5:
                return Encoding.UTF8.GetBytes($$"""{"{{new string('a', chance.Next(100_000))}}":1}""");
            case 6:
                return [.. transaction, .. transaction];
            case 7:
                return [.. transaction, (byte)'\n', .. "{}"u8, (byte)'\n', .. transaction[..50], (byte)'\n'];
            case 8:
                return transaction;
            default:
                return Encoding.UTF8.GetBytes(Made(chance, depth: 0));
        }
    }

    // An object of members that operations know, with values that they may not, some of them twice.
    string Made(Random chance, int depth)
    {
        string[] names = ["url", "types", "after", "retire", "number", "decision", "note", "time", "chain", "party", "id", "operation", "disclosures", "payload", "signatures", "protected", "signature", "invoice", "x"];
        var members = Enumerable.Range(0, chance.Next(5)).Select(_ => $"{JsonSerializer.Serialize(Pick(chance, names))}:{Any()}");
        return $"{{{string.Join(',', members)}}}";

        string Any() => chance.Next(9) switch
        {
            0 => "null",
            1 => chance.Next().ToString(CultureInfo.InvariantCulture),
            2 => "1e999",
            3 => "true",
            4 => "[]",
            5 when depth < 3 => Made(chance, depth + 1),
            6 => $"[{JsonSerializer.Serialize(Pick(chance, Hostile))}]",
            7 => JsonSerializer.Serialize(Pick(chance, real)),
            _ => JsonSerializer.Serialize(Pick(chance, Hostile)),
        };
    }

    string Value(Random chance, string[] named) =>
        named.Length > 0 && chance.Next(2) == 0 ? Pick(chance, named) : chance.Next(5) < 3 ? Pick(chance, real) : Pick(chance, Hostile);

    async Task<int> CheckAsync(HttpRequestMessage request, (string Name, WebApplication Server, string? Authorization) caller, string number, List<string> faults)
    {
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        var (status, mediaType) = ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType);
        void Fault(string what) => faults.Add($"{number} as {caller.Name}: {request.Method} {request.RequestUri!.PathAndQuery} {request.Content?.Headers.ContentType} {Printed(request)}: {status} {mediaType} {what}");

        // What it says for as long as it lasts is not read here.
        if (mediaType == "text/event-stream") return status;
        var bytes = await answer.Content.ReadAsByteArrayAsync(Cancel);

        // What is no request in HTTP's own words the server refuses before anybody could describe it.
        var target = request.RequestUri!.PathAndQuery;
        if (bytes.Length == 0 && mediaType is null && ((status == 400 && target.Contains("%00", StringComparison.Ordinal)) || (status == 414 && target.Length > 2_000))) return status;
        if (status >= 500 && !OwnStatuses.Contains(status)) Fault(Encoding.UTF8.GetString(bytes));
        else if (mediaType is null) Fault("has no media type");
        else if (!IsNoPath(request.RequestUri, status) && AsDescribed.OperationOf(request.Method.Method, request.RequestUri.AbsolutePath) is { } operation && !IsDescribed(operation, status, mediaType)) Fault("is not described");
        else if (!IsNoPath(request.RequestUri, status) && mediaType is ("application/json" or "application/problem+json"))
        {
            try
            {
                using var body = JsonDocument.Parse(bytes);
                foreach (var fault in AsDescribed.Faults(request, status, mediaType, body.RootElement)) Fault(fault);
            }
            catch (JsonException malformed)
            {
                Fault(malformed.Message);
            }
        }

        return status;
    }

    static bool IsDescribed(JsonElement operation, int status, string mediaType) =>
        operation.GetProperty("responses").TryGetProperty($"{status}", out var answer) && answer.TryGetProperty("content", out var content)
        && content.EnumerateObject().Any(known => known.Name.Split(';')[0] == mediaType);

    // A part that is empty leaves another path, which no operation or one of another method has, or none for whoever asks.
    static bool IsNoPath(Uri asked, int status) => status is 403 or 404 or 405 && (asked.AbsolutePath.EndsWith('/') || asked.AbsolutePath.Contains("//", StringComparison.Ordinal));

    static string Printed(HttpRequestMessage request)
    {
        if (request.Content is null) return "";
        var bytes = request.Content.ReadAsByteArrayAsync(Cancel).GetAwaiter().GetResult();
        var text = string.Concat(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 300)]).Select(letter => char.IsControl(letter) ? '.' : letter));
        return $"[{bytes.Length}] {text}";
    }

    static string Path(ApiRoute route, Func<string, string> value) =>
        "/v1" + string.Join('/', route.Path.Split('/').Select(part => part.StartsWith('{') ? Escaped(value(part)) : part));

    static string Escaped(string value) => Uri.EscapeDataString(value);

    static T Pick<T>(Random chance, T[] from) => from[chance.Next(from.Length)];

    static int Hash(string text) => text.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter));
}
