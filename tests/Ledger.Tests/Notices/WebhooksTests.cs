using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Notices;
using Ledger.Node;
using Ledger.Tests.Access;
using Ledger.Tests.ChainFolder;
using Ledger.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using static Ledger.Tests.World;

namespace Ledger.Tests.Notices;

/// <summary>A party subscribes over HTTP, and a receiver on loopback is told what happens on a real ledger.</summary>
public sealed class WebhooksTests(AccessStory story) : IClassFixture<AccessStory>, IAsyncLifetime
{
    readonly ManualTime time = new();
    readonly TemporaryFolder data = new();
    readonly HttpClient http = new(new AsDescribed());
    readonly Receiver receiver = new();
    readonly HttpMessageHandler calls = WebhookTargets.Handler();
    WebApplication server = null!;
    WebApplication? poor;
    WebhookDesk desk = null!;
    WebhookSender sender = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await receiver.StartAsync();
        desk = new(WebhookBook.Open(data.Path)!, new(["127.0.0.1", new Uri(receiver.Url("")).Authority]));
        server = story.World.Node.Serve(story.Options with { Webhooks = desk, Time = time }, null);
        await server.StartAsync();
        http.BaseAddress = NodeServer.AddressOf(server);
        sender = Sender(desk.Book);
    }

    public async ValueTask DisposeAsync()
    {
        sender.Dispose();
        calls.Dispose();
        http.Dispose();
        await server.DisposeAsync();
        if (poor is not null) await poor.DisposeAsync();
        await receiver.DisposeAsync();
        data.Dispose();
    }

    [Fact]
    public async Task A_party_is_told_what_happens_signed_so_that_it_can_be_sure()
    {
        var made = await SubscribeAsync(B, "token.transfer");
        var note = story.World.Certificate(A, 30);
        story.World.Accepts(A, story.World.Trade(note, A, B, 1, 10));
        story.World.Accepts(A, story.World.Trade(note, A, D, 11, 20));
        await SettleAsync();

        var call = Assert.Single(receiver.CallsOf("B"));
        Assert.Equal("token.transfer", call.Body.GetProperty("type").GetString());
        Assert.Equal(WebhookSignature.Sign([made.GetProperty("secret").GetString()!], call.Id, call.Timestamp, call.Bytes), call.Signature);
        Assert.Equal("application/json", call.MediaType);
        var leaf = call.Body.GetProperty("data").GetProperty("leaf").GetUInt64();
        Assert.Equal((HttpStatusCode.OK, Refusal.None), await story.AnswerAsync(story.Passes(B), $"v1/entries/{leaf}"));
        Assert.Equal((HttpStatusCode.NotFound, Refusal.NotFound), await story.AnswerAsync(story.Passes(D), $"v1/entries/{leaf}"));
    }

    [Fact]
    public async Task What_was_answered_500_is_told_again_and_410_ends_it_until_it_is_replayed()
    {
        var made = await SubscribeAsync(C, "receivable.issue");
        receiver.Answers["C"] = HttpStatusCode.InternalServerError;
        story.World.Certificate(A, 31);
        await SettleAsync();
        Assert.Equal((1, "HTTP 500", "active"), Standing(await OwnAsync(C, made)));

        receiver.Answers["C"] = HttpStatusCode.OK;
        time.Pass(TimeSpan.FromMinutes(1));
        await SettleAsync();
        Assert.Equal(receiver.CallsOf("C")[0].Id, receiver.CallsOf("C")[1].Id);
        Assert.Equal((0, null, "active"), Standing(await OwnAsync(C, made)));

        receiver.Answers["C"] = HttpStatusCode.Gone;
        story.World.Certificate(A, 32);
        await SettleAsync();
        Assert.Equal((1, "HTTP 410", "stopped"), Standing(await OwnAsync(C, made)));

        receiver.Answers["C"] = HttpStatusCode.NoContent;
        receiver.Clear();
        var replayed = await SendAsync(C, HttpMethod.Post, $"v1/webhooks/{IdOf(made)}/replay", """{"after":"0.0"}""");
        Assert.Equal((HttpStatusCode.OK, "active"), (replayed.Status, replayed.Body.GetProperty("status").GetString()));
        await SettleAsync();

        var all = NoticesOf.Party(story.World, C).Where(notice => notice.Type.Split('+').Contains("receivable.issue")).ToArray();
        Assert.True(all.Length > 2);
        Assert.Equal(all.Select(notice => $"{IdOf(made)}.{notice.Id}"), receiver.CallsOf("C").Select(call => call.Id));
    }

    [Fact]
    public async Task A_restarted_node_goes_on_where_it_was()
    {
        await SubscribeAsync(B, "token.transfer");
        var note = story.World.Certificate(A, 33);
        story.World.Accepts(A, story.World.Trade(note, A, B, 1, 10));
        await SettleAsync();
        story.World.Accepts(A, story.World.Trade(note, A, B, 11, 20));

        using var again = Sender(WebhookBook.Open(data.Path)!);
        await SettleAsync(again);

        Assert.Equal(2, receiver.CallsOf("B").Length);
        Assert.Equal(2, receiver.CallsOf("B").Select(call => call.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_receiver_that_is_slow_keeps_nobody_else_waiting()
    {
        await SubscribeAsync(B, "token.transfer");
        await SubscribeAsync(D, "token.transfer");
        receiver.Holds = "B";
        var note = story.World.Certificate(A, 34);
        story.World.Accepts(A, story.World.Trade(note, A, B, 1, 10));
        story.World.Accepts(A, story.World.Trade(note, A, D, 11, 20));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var run = sender.RunAsync(stop.Token);
        await UntilAsync(() => NoticesOf("D") == 1);
        story.World.Accepts(A, story.World.Trade(note, A, D, 21, 25));
        await UntilAsync(() => NoticesOf("D") == 2);
        Assert.Empty(receiver.CallsOf("B"));

        receiver.Release();
        await UntilAsync(() => NoticesOf("B") == 1);
        await stop.CancelAsync();
        await run;

        int NoticesOf(string name) => receiver.CallsOf(name).Select(static call => call.Id).Distinct().Count();

        async Task UntilAsync(Func<bool> isSo)
        {
            while (true)
            {
                var next = receiver.Called;
                if (isSo()) return;

                // On a busy machine a call may fail, and is told again after a while: the while passes here.
                if (await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(5), Cancel)) != next) time.Pass(TimeSpan.FromMinutes(1));
                Cancel.ThrowIfCancellationRequested();
            }
        }
    }

    [Fact]
    public async Task While_a_secret_is_replaced_both_sign()
    {
        var made = await SubscribeAsync(B, "token.transfer");
        var old = made.GetProperty("secret").GetString()!;
        var rotated = await SendAsync(B, HttpMethod.Post, $"v1/webhooks/{IdOf(made)}/secret", "{}");
        var fresh = rotated.Body.GetProperty("secret").GetString()!;
        Assert.NotEqual(old, fresh);
        story.World.Accepts(A, story.World.Trade(story.World.Certificate(A, 35), A, B, 1, 10));
        await SettleAsync();
        var both = receiver.CallsOf("B")[^1];
        Assert.Equal(WebhookSignature.Sign([old, fresh], both.Id, both.Timestamp, both.Bytes), both.Signature);

        var retired = await SendAsync(B, HttpMethod.Post, $"v1/webhooks/{IdOf(made)}/secret", """{"retire":true}""");
        Assert.False(retired.Body.TryGetProperty("secret", out _));
        Assert.Equal(1, retired.Body.GetProperty("secrets").GetInt32());
        story.World.Accepts(A, story.World.Trade(story.World.Certificate(A, 36), A, B, 1, 10));
        await SettleAsync();
        var one = receiver.CallsOf("B")[^1];
        Assert.Equal(WebhookSignature.Sign([fresh], one.Id, one.Timestamp, one.Bytes), one.Signature);
    }

    [Fact]
    public async Task A_subscriber_does_not_learn_why_its_receiver_was_not_reached()
    {
        var made = await SubscribeAsync(B, "token.transfer");
        var faults = new List<string>();
        var why = new Queue<Exception>([new HttpRequestException("Connection refused (10.0.0.7:22)"), new HttpRequestException("The SSL connection could not be established"), new TaskCanceledException()]);
        using var failing = new FailingHandler(why.Dequeue);
        using var scout = new WebhookSender(desk.Book, new LedgerNotices(story.World.Node.Loop.Reader), desk.Targets, failing, time, () => 0.5, null, (_, fault) => faults.Add(fault));
        story.World.Accepts(A, story.World.Trade(story.World.Certificate(A, 38), A, B, 1, 10));
        for (var failures = 1; why.Count > 0; failures++)
        {
            await SettleAsync(scout);
            Assert.Equal((failures, "not reached", "active"), Standing(await OwnAsync(B, made)));
            time.Pass(TimeSpan.FromDays(1));
        }

        Assert.Equal(["Connection refused (10.0.0.7:22)"], faults);
    }

    sealed class FailingHandler(Func<Exception> why) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw why();
    }

    [Fact]
    public async Task A_secret_is_shown_once_and_a_subscription_is_nobody_elses()
    {
        var made = await SubscribeAsync(B);
        var path = $"v1/webhooks/{IdOf(made)}";

        Assert.False((await OwnAsync(B, made)).TryGetProperty("secret", out _));
        var listed = (await SendAsync(B, HttpMethod.Get, "v1/webhooks")).Body.GetProperty("webhooks").EnumerateArray().Single();
        Assert.Equal(IdOf(made), IdOf(listed));
        foreach (var other in new[] { C, story.Regulator })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(other, HttpMethod.Get, path)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(other, HttpMethod.Delete, path)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(other, HttpMethod.Post, path + "/replay", """{"after":"0.0"}""")).Status);
            Assert.Empty((await SendAsync(other, HttpMethod.Get, "v1/webhooks")).Body.GetProperty("webhooks").EnumerateArray());
        }

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(B, HttpMethod.Delete, path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(B, HttpMethod.Get, path)).Status);
        Assert.Empty(WebhookBook.Open(data.Path)!.All);
    }

    [Fact]
    public async Task Who_cannot_ask_any_more_is_told_no_more()
    {
        var webhook = desk.Book.Add(Stranger, receiver.Url("Stranger"), [], NoticeId.None, 1)!;
        story.World.Accepts(A, story.World.Trade(story.World.Certificate(A, 37), A, B, 1, 10));
        await SettleAsync();

        Assert.Empty(receiver.CallsOf("Stranger"));
        Assert.Equal(0, desk.Book.Find(webhook.Id)?.Failures);
    }

    [Theory]
    [InlineData("""{"url":"https://10.0.0.1/"}""", Refusal.WebhookTargetNotAllowed)]
    [InlineData("""{"url":"http://localhost/"}""", Refusal.WebhookTargetNotAllowed)]
    [InlineData("""{"url":"file:///etc/passwd"}""", Refusal.WebhookTargetNotAllowed)]
    [InlineData("""{"url":"http://127.0.0.1@evil.example/"}""", Refusal.WebhookTargetNotAllowed)]
    [InlineData("""{"url":"http://127.0.0.1/","types":["token.transfer","none"]}""", Refusal.NoticeTypeUnknown)]
    [InlineData("""{"url":"http://127.0.0.1/","more":1}""", Refusal.BodyInvalid)]
    [InlineData("""{"url":"http://127.0.0.1/","url":"http://127.0.0.1/"}""", Refusal.BodyInvalid)]
    [InlineData("""{"url":null}""", Refusal.BodyInvalid)]
    [InlineData("""{"url":"http://127.0.0.1/","types":[null]}""", Refusal.BodyInvalid)]
    [InlineData("{}", Refusal.BodyInvalid)]
    [InlineData("null", Refusal.BodyInvalid)]
    [InlineData("[", Refusal.BodyInvalid)]
    public async Task What_cannot_be_subscribed_to_is_refused_by_number(string body, Refusal expected) =>
        Assert.Equal((int)expected, (await SendAsync(B, HttpMethod.Post, "v1/webhooks", body)).Body.GetProperty("code").GetInt32());

    [Theory]
    [InlineData("""{"after":"1"}""")]
    [InlineData("""{"after":"99999999.0"}""")]
    [InlineData("{}")]
    public async Task A_replay_begins_at_a_place_that_there_is(string body)
    {
        var made = await SubscribeAsync(B);

        Assert.Equal((int)Refusal.BodyInvalid, (await SendAsync(B, HttpMethod.Post, $"v1/webhooks/{IdOf(made)}/replay", body)).Body.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task So_many_and_no_more()
    {
        for (var i = 0; i < WebhookBook.MaxOfParty; i++) await SubscribeAsync(D);

        var (status, body) = await SendAsync(D, HttpMethod.Post, "v1/webhooks", $$"""{"url":"{{receiver.Url("D")}}"}""");
        Assert.Equal((HttpStatusCode.Conflict, (int)Refusal.TooManyWebhooks), (status, body.GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task Only_who_shows_a_pass_of_its_own_can_subscribe()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(null, HttpMethod.Get, "v1/webhooks")).Status);

        var agent = story.Outsiders[Roles.Operator];
        story.World.Granted(B, agent, 1_000, "token.transfer");
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/webhooks");
        request.Headers.Authorization = new("Bearer", story.Passes(Key(agent), B, time).Issue());
        using var answer = await http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_node_whose_operator_named_no_hosts_calls_nobody()
    {
        poor = story.World.Node.Serve(story.Options with { Time = time }, null);
        await poor.StartAsync(Cancel);
        var url = new Uri(NodeServer.AddressOf(poor), "v1/webhooks").ToString();

        var (status, body) = await SendAsync(B, HttpMethod.Post, url, """{"url":"http://127.0.0.1/"}""");
        Assert.Equal((HttpStatusCode.NotImplemented, (int)Refusal.NoWebhooks), (status, body.GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task A_subscription_that_the_disk_does_not_take_is_refused_and_not_there()
    {
        Directory.Delete(data.Path, recursive: true);
        var (status, _) = await SendAsync(B, HttpMethod.Post, "v1/webhooks", $$"""{"url":"{{receiver.Url("B")}}"}""");
        Directory.CreateDirectory(data.Path);

        Assert.Equal(HttpStatusCode.InsufficientStorage, status);
        Assert.Empty(desk.Book.All);
    }

    WebhookSender Sender(WebhookBook book) => new(book, new LedgerNotices(story.World.Node.Loop.Reader), desk.Targets, calls, time, () => 0.5);

    async Task SettleAsync(WebhookSender? with = null)
    {
        // What is final a moment ago reaches the views a moment later.
        var loop = story.World.Node.Loop;
        while (!await loop.Reader.Views.ReachAsync(loop.Reader.View.Header.Height, Cancel)) Cancel.ThrowIfCancellationRequested();
        while (await (with ?? sender).RoundAsync(Cancel) > 0)
        {
        }
    }

    async Task<JsonElement> SubscribeAsync(PartyId party, params string[] types)
    {
        var name = party == B ? "B" : party == C ? "C" : "D";
        var (status, body) = await SendAsync(party, HttpMethod.Post, "v1/webhooks", JsonSerializer.Serialize(new { url = receiver.Url(name), types }));
        Assert.Equal(HttpStatusCode.OK, status);
        return body;
    }

    async Task<JsonElement> OwnAsync(PartyId party, JsonElement made) => (await SendAsync(party, HttpMethod.Get, $"v1/webhooks/{IdOf(made)}")).Body;

    async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(PartyId? party, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (party is { } known) request.Headers.Authorization = new("Bearer", story.Passes(Key(known), null, time).Issue());
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request, Cancel);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Cancel));
        return (answer.StatusCode, json.RootElement.Clone());
    }

    static string IdOf(JsonElement webhook) => webhook.GetProperty("id").GetString()!;

    static (int Failures, string? Fault, string? Status) Standing(JsonElement webhook) => (
        webhook.GetProperty("failures").GetInt32(), webhook.TryGetProperty("lastFault", out var fault) ? fault.GetString() : null, webhook.GetProperty("status").GetString());

    sealed record Call(string Id, long Timestamp, string Signature, string? MediaType, byte[] Bytes, JsonElement Body);

    /// <summary>Listens on loopback and notes what it is told, by the last part of the path.</summary>
    sealed class Receiver : IAsyncDisposable
    {
        readonly ConcurrentQueue<(string Name, Call Call)> calls = new();
        readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly WebApplication app;
        volatile TaskCompletionSource called = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Receiver()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
            app = builder.Build();
            app.Run(TakeAsync);
        }

        public ConcurrentDictionary<string, HttpStatusCode> Answers { get; } = new();

        public string? Holds { get; set; }

        /// <summary>When it is called the next time.</summary>
        public Task Called => called.Task;

        public Task StartAsync() => app.StartAsync();

        public string Url(string name) => $"{app.Urls.Single()}/{name}";

        public Call[] CallsOf(string name) => [.. calls.Where(one => one.Name == name).Select(one => one.Call)];

        public void Clear() => calls.Clear();

        public void Release() => released.TrySetResult();

        public async ValueTask DisposeAsync()
        {
            Release();
            await app.DisposeAsync();
        }

        async Task TakeAsync(HttpContext context)
        {
            var name = context.Request.Path.Value!.TrimStart('/');
            if (Holds == name) await released.Task;
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var headers = context.Request.Headers;
            using var json = JsonDocument.Parse(body.ToArray());
            calls.Enqueue((name, new(
                headers["webhook-id"].ToString(), long.Parse(headers["webhook-timestamp"].ToString(), CultureInfo.InvariantCulture), headers["webhook-signature"].ToString(),
                context.Request.ContentType, body.ToArray(), json.RootElement.Clone())));
            Interlocked.Exchange(ref called, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            context.Response.StatusCode = (int)Answers.GetValueOrDefault(name, HttpStatusCode.OK);
        }
    }
}
