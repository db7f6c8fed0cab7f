using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Ledger.Client.Invoices;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Notices;
using Ledger.Tests.ChainFolder;

namespace Ledger.Tests.Notices;

public sealed class WebhookSenderTests : IDisposable
{
    static readonly PartyId Party = FictionalUscc.Of("310115", 1);

    readonly Receiver receiver = new();
    readonly Told source = new();
    readonly Clock clock = new();
    readonly TemporaryFolder data = new();
    readonly WebhookBook book;
    readonly WebhookSender sender;

    public WebhookSenderTests()
    {
        book = WebhookBook.Open(data.Path) ?? throw new InvalidOperationException();
        sender = new(book, source, new(["hooks.example"]), receiver, clock, () => 0.5);
    }

    public void Dispose()
    {
        sender.Dispose();
        receiver.Dispose();
        data.Dispose();
    }

    [Fact]
    public async Task Notices_come_in_order_each_once_signed_and_with_an_id_of_its_own()
    {
        var webhook = Subscribe();
        source.Tell("token.transfer", "offer.accept", "attempt");

        await SettleAsync();

        Assert.Equal(["token.transfer", "offer.accept", "attempt"], receiver.Taken.Select(one => one.Body.GetProperty("type").GetString()));
        Assert.Equal(3, receiver.Taken.Select(one => one.Id).Distinct().Count());
        Assert.All(receiver.Taken, one =>
        {
            Assert.Equal(WebhookSignature.Sign(webhook.Secrets, one.Id, one.Timestamp, one.Bytes), one.Signature);
            Assert.Equal(clock.Now.ToUnixTimeSeconds(), one.Timestamp);
            Assert.True(one.Bytes.Length < 20_000);
        });
        Assert.Equal(source.Newest, book.Find(webhook.Id)?.Told);
    }

    [Fact]
    public async Task What_was_not_taken_is_told_again_under_the_same_id_and_nothing_overtakes_it()
    {
        Subscribe();
        source.Tell("one", "two");
        receiver.Answer = HttpStatusCode.InternalServerError;
        await SettleAsync();
        Assert.Single(receiver.Asked);

        receiver.Answer = HttpStatusCode.OK;
        clock.Pass(TimeSpan.FromSeconds(10));
        await SettleAsync();

        Assert.Equal(receiver.Asked[0].Id, receiver.Asked[1].Id);
        Assert.Equal(["one", "two"], receiver.Taken.Select(one => one.Body.GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.NotModified)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task Only_2xx_takes_a_notice(HttpStatusCode answer)
    {
        var webhook = Subscribe();
        source.Tell("one");
        receiver.Answer = answer;

        await SettleAsync();

        Assert.Equal((1, $"HTTP {(int)answer}", false), (book.Find(webhook.Id)?.Failures, book.Find(webhook.Id)?.LastFault, book.Find(webhook.Id)?.IsStopped));
    }

    [Fact]
    public async Task A_receiver_that_asks_for_time_gets_it()
    {
        Subscribe();
        source.Tell("one");
        (receiver.Answer, receiver.RetryAfter) = (HttpStatusCode.TooManyRequests, TimeSpan.FromMinutes(10));
        await SettleAsync();

        clock.Pass(TimeSpan.FromMinutes(9));
        await SettleAsync();
        Assert.Single(receiver.Asked);

        clock.Pass(TimeSpan.FromMinutes(2));
        await SettleAsync();
        Assert.Equal(2, receiver.Asked.Count);
    }

    [Fact]
    public async Task One_that_is_gone_is_not_asked_again_until_somebody_replays_it()
    {
        var webhook = Subscribe();
        source.Tell("one");
        receiver.Answer = HttpStatusCode.Gone;
        await SettleAsync();
        clock.Pass(TimeSpan.FromDays(30));
        await SettleAsync();
        Assert.Single(receiver.Asked);
        Assert.True(book.Find(webhook.Id)?.IsStopped);

        receiver.Answer = HttpStatusCode.NoContent;
        book.Change(webhook.Id, one => one with { IsStopped = false, Failures = 0, NextAttemptAt = 0 });
        await SettleAsync();

        Assert.Single(receiver.Taken);
    }

    [Fact]
    public async Task One_that_never_answers_is_given_up_and_loses_nothing()
    {
        var webhook = Subscribe();
        source.Tell("one");
        receiver.IsDead = true;
        for (var i = 0; i < 20; i++)
        {
            await SettleAsync();
            clock.Pass(TimeSpan.FromDays(2));
        }

        Assert.True(book.Find(webhook.Id)?.IsStopped);
        Assert.Equal(11, receiver.Asked.Count);
        Assert.Equal(NoticeId.None, book.Find(webhook.Id)?.Told);
    }

    [Fact]
    public void What_the_book_keeps_it_opens_again_however_much_it_is()
    {
        var longest = $"https://hooks.example/{new string('é', 478)}";
        var types = Ledger.Core.Rules.Rulebook.Verbs.Keys.Take(NoticeTypes.MaxAsked).ToArray();
        var full = WebhookBook.Open(data.Path, most: 25)!;
        var kept = 0;
        for (var party = 1; full.Add(FictionalUscc.Of("310115", 1 + (party / 10)), longest, types, NoticeId.None, 0) is { } added; party++)
        {
            full.Change(added.Id, one => one with { LastFault = "not reached", Failures = 9, Secrets = [one.Secrets[0], WebhookSignature.NewSecret()] });
            kept++;
        }

        Assert.Equal(25, kept);
        Assert.Equal(full.All.Select(one => one.Id), WebhookBook.Open(data.Path, most: 25)?.All.Select(one => one.Id));
        Assert.Equal(full.All.Select(one => (one.Url, one.LastFault, one.Failures)), WebhookBook.Open(data.Path, most: 25)?.All.Select(one => (one.Url, one.LastFault, one.Failures)));
    }

    [Fact]
    public async Task Types_that_were_not_asked_for_are_passed_over()
    {
        var webhook = Subscribe("offer.accept");
        source.Tell([.. Enumerable.Repeat("token.transfer", 250), "offer.accept", "token.transfer"]);

        await SettleAsync();

        Assert.Equal("offer.accept", Assert.Single(receiver.Taken).Body.GetProperty("type").GetString());
        Assert.Equal(source.Newest, book.Find(webhook.Id)?.Told);
    }

    [Fact]
    public async Task A_host_that_the_operator_took_off_the_list_is_not_called()
    {
        var webhook = Subscribe();
        source.Tell("one");

        using var none = new WebhookSender(book, source, new([]), receiver, clock, () => 0);
        await none.RoundAsync(TestContext.Current.CancellationToken);

        Assert.Empty(receiver.Asked);
        Assert.Equal(1, book.Find(webhook.Id)?.Failures);
    }

    [Fact]
    public async Task Another_process_goes_on_where_the_last_one_ended()
    {
        Subscribe();
        source.Tell("one");
        await SettleAsync();
        source.Tell("two");

        var again = WebhookBook.Open(data.Path) ?? throw new InvalidOperationException();
        using var next = new WebhookSender(again, source, new(["hooks.example"]), receiver, clock, () => 0);
        while (await next.RoundAsync(TestContext.Current.CancellationToken) > 0)
        {
        }

        Assert.Equal(["one", "two"], receiver.Taken.Select(one => one.Body.GetProperty("type").GetString()));
    }

    [Fact]
    public void A_party_has_so_many_subscriptions_and_no_more()
    {
        for (var i = 0; i < WebhookBook.MaxOfParty; i++) Assert.NotNull(Add());
        Assert.Null(Add());

        Assert.True(book.Remove(book.Of(Party)[0].Id));
        Assert.NotNull(Add());

        Webhook? Add() => book.Add(Party, "https://hooks.example/", [], NoticeId.None, 1);
    }

    [Theory]
    [InlineData("no database")]
    [InlineData("UPDATE webhooks SET told='yesterday'")]
    [InlineData("UPDATE webhooks SET party='nobody'")]
    public void A_damaged_book_is_left_as_it_is(string damage)
    {
        Subscribe();
        var path = data[WebhookBook.FileName];
        if (damage.StartsWith("UPDATE", StringComparison.Ordinal))
        {
            using var sql = Ledger.Node.Views.Sql.Open(path, write: true);
            sql.Run(damage);
        }
        else
        {
            File.WriteAllText(path, damage);
        }

        var before = File.ReadAllBytes(path);

        Assert.Null(WebhookBook.Open(data.Path));
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    Webhook Subscribe(params string[] types) => book.Add(Party, "https://hooks.example/ledger", types, NoticeId.None, 1) ?? throw new InvalidOperationException();

    async Task SettleAsync()
    {
        while (await sender.RoundAsync(TestContext.Current.CancellationToken) > 0)
        {
        }
    }

    sealed record Delivery(string Id, long Timestamp, string Signature, byte[] Bytes, JsonElement Body);

    sealed class Receiver : HttpMessageHandler
    {
        public HttpStatusCode Answer { get; set; } = HttpStatusCode.OK;

        public TimeSpan? RetryAfter { get; set; }

        public bool IsDead { get; set; }

        public List<Delivery> Asked { get; } = [];

        public List<Delivery> Taken { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var bytes = await (request.Content ?? throw new InvalidOperationException()).ReadAsByteArrayAsync(cancellationToken);
            using var body = JsonDocument.Parse(bytes);
            Asked.Add(new(
                request.Headers.GetValues("webhook-id").Single(), long.Parse(request.Headers.GetValues("webhook-timestamp").Single(), System.Globalization.CultureInfo.InvariantCulture),
                request.Headers.GetValues("webhook-signature").Single(), bytes, body.RootElement.Clone()));
            if (IsDead) throw new HttpRequestException("connection refused");
            var answer = new HttpResponseMessage(Answer);
            if (RetryAfter is { } after) answer.Headers.RetryAfter = new RetryConditionHeaderValue(after);
            if (answer.IsSuccessStatusCode) Taken.Add(Asked[^1]);
            return answer;
        }
    }

    sealed class Told : INoticeSource
    {
        readonly List<Notice> all = [];

        public NoticeId Newest => all.Count == 0 ? NoticeId.None : all[^1].Id;

        public Task Changed => Task.CompletedTask;

        public void Tell(params string[] types)
        {
            foreach (var type in types) all.Add(new(new((ulong)all.Count + 1, 0), 1, new(1_000), type, Party, Refusal.None, null));
        }

        public bool MayBeTold(PartyId party) => true;

        public NoticePage After(NoticeId after, PartyId party, Func<Notice, bool> wants, int limit)
        {
            // A hundred are looked through at once, wanted or not.
            var looked = all.Where(notice => notice.Id.CompareTo(after) > 0).Take(100).ToArray();
            Notice[] told = [.. looked.Where(wants).Take(limit)];
            return new(told, told.Length == limit ? told[^1].Id : looked.Length == 0 ? after : looked[^1].Id);
        }
    }

    sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; private set; } = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

        public void Pass(TimeSpan time) => Now += time;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
