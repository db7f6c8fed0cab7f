using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Http;
using Ledger.Node.Notices;
using Ledger.Node;
using Ledger.Tests.Access;
using Microsoft.AspNetCore.Builder;
using static Ledger.Tests.World;

namespace Ledger.Tests.Notices;

/// <summary>What happens, told over HTTP as it happens.</summary>
public sealed class EventsTests(AccessStory story) : IClassFixture<AccessStory>, IAsyncLifetime
{
    readonly ManualTime time = new();
    readonly HttpClient http = new();
    WebApplication server = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = story.World.Node.Serve(story.Options with { Time = time }, null);
        await server.StartAsync();
        http.BaseAddress = NodeServer.AddressOf(server);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Each_is_told_from_the_beginning_what_it_may_see_in_order_and_what_it_says_can_be_read()
    {
        foreach (var party in new[] { A, B, C, X, story.Outsiders[Roles.Supplier] })
        {
            var expected = NoticesOf.Party(story.World, party);
            var told = await EventsAsync(party, "?after=0.0", expected.Length);

            Assert.NotEmpty(told);
            Assert.Equal(expected.Select(notice => (notice.Id.ToString(), notice.Type)), told.Select(one => (one.Id, one.Type)));
            foreach (var one in told)
            {
                Assert.Equal(one.Id, one.Data.GetProperty("id").GetString());
                if (one.Id.EndsWith(".0", StringComparison.Ordinal))
                    Assert.Equal((HttpStatusCode.OK, Refusal.None), await story.AnswerAsync(story.Passes(party), $"v1/entries/{one.Data.GetProperty("data").GetProperty("leaf").GetUInt64()}"));
            }
        }
    }

    [Fact]
    public async Task Who_comes_back_goes_on_where_it_was()
    {
        var all = await EventsAsync(A, "?after=0.0", 20);
        foreach (var cut in new[] { 1, 7, 19 })
        {
            var rest = await EventsAsync(A, "", 20 - cut, all[cut - 1].Id);
            Assert.Equal(all[cut..].Select(one => one.Id), rest.Select(one => one.Id));
        }
    }

    [Fact]
    public async Task A_regulator_is_told_of_everybody()
    {
        var everything = story.World.Node.Loop.Reader.Views.Entries().Select(step => step.Leaf).Order().Take(50).ToArray();

        var told = await EventsAsync(story.Regulator, "?after=0.0", 50);

        // Between entries it is told what deadlines did.
        var leaves = told.Where(one => one.Id.EndsWith(".0", StringComparison.Ordinal)).Select(one => one.Data.GetProperty("data").GetProperty("leaf").GetUInt64()).ToArray();
        Assert.Equal(everything[..leaves.Length], leaves);
    }

    [Fact]
    public async Task What_happens_now_is_told_at_once_to_those_whom_it_concerns_and_only_of_the_types_they_asked_for()
    {
        await using var b = await OpenAsync(B, "?types=token.transfer,attempt");
        await using var d = await OpenAsync(D, "");
        var note = story.World.Certificate(A, 90);
        story.World.Accepts(A, story.World.Trade(note, A, B, 1, 10));
        story.World.Accepts(A, story.World.Trade(note, A, D, 11, 20));

        var toB = await b.NextAsync();
        Assert.Equal(("token.transfer", A.Text), (toB.Type, toB.Data.GetProperty("data").GetProperty("party").GetString()));

        // The invoice that D sold under came first.
        Assert.Equal("document.attest", (await d.NextAsync()).Type);
        var toD = await d.NextAsync();
        Assert.Equal("token.transfer", toD.Type);
        Assert.NotEqual(toB.Id, toD.Id);
    }

    [Fact]
    public async Task A_quiet_stream_is_kept_alive_and_says_from_where_to_go_on()
    {
        await using var stream = await OpenAsync(story.Outsiders[Roles.Guarantor], "");
        var first = await stream.PositionAsync();
        Assert.Equal(new LedgerNotices(story.World.Node.Loop.Reader).Newest.ToString(), first);

        var beat = stream.PositionAsync();
        while (!beat.IsCompleted)
        {
            var next = time.NextToWait;
            time.Pass(EventRoutes.Heartbeat);
            await Task.WhenAny(beat, next).WaitAsync(Cancel);
        }

        Assert.True(NoticeId.TryParse(await beat, out _));
    }

    [Fact]
    public async Task A_stream_ends_with_its_pass()
    {
        await using var stream = await OpenAsync(A, "");
        var end = stream.EndAsync();
        while (!end.IsCompleted)
        {
            var next = time.NextToWait;
            time.Pass(TimeSpan.FromSeconds(400));
            await Task.WhenAny(end, next).WaitAsync(Cancel);
        }

        Assert.True(await end);
    }

    [Fact]
    public async Task A_stream_ends_when_the_node_does()
    {
        await using var stream = await OpenAsync(A, "");
        await server.StopAsync(Cancel);

        Assert.True(await stream.EndAsync());
    }

    [Fact]
    public async Task Nobody_has_all_connections()
    {
        var streams = new List<EventReader>();
        for (var i = 0; i < EventRoutes.MaxOfCaller; i++) streams.Add(await OpenAsync(B, ""));

        using var request = Request(B, "", null);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);

        await using (await OpenAsync(C, ""))
        {
            foreach (var stream in streams) await stream.DisposeAsync();
        }
    }

    // An EventSource that lost its connection asks the same address again, and says in a header how far it came.
    [Fact]
    public async Task How_far_a_reader_came_counts_more_than_where_it_once_began()
    {
        var all = await EventsAsync(A, "?after=0.0", 20);

        var rest = await EventsAsync(A, "?after=0.0", 5, all[14].Id);

        Assert.Equal(all[15..].Select(one => one.Id), rest.Select(one => one.Id));
    }

    [Theory]
    [InlineData("?after=1.0", "x")]
    [InlineData("?after=x", "1.0")]
    [InlineData("?after=1", null)]
    [InlineData("?after=01.0", null)]
    [InlineData("?after=-1.0", null)]
    [InlineData("?after=1.0.0", null)]
    [InlineData("", "x")]
    [InlineData("?types=", null)]
    [InlineData("?types=token.transfer,no", null)]
    [InlineData("?from=1.0", null)]
    public async Task A_place_or_type_that_is_none_is_refused(string query, string? last)
    {
        using var request = Request(A, query, last);
        using var answer = await http.SendAsync(request, Cancel);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Cancel));

        Assert.Equal((int)Refusal.QueryInvalid, problem.RootElement.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task The_head_of_a_stream_ends()
    {
        using var request = Request(A, "", null);
        request.Method = HttpMethod.Head;
        using var answer = await http.SendAsync(request, Cancel);

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Whose_data_a_stream_told_is_in_the_log_of_reads()
    {
        var guarantor = story.Outsiders[Roles.Guarantor];
        await EventsAsync(guarantor, "?after=0.0", 1);

        // The bank that registered it; the line is written when the stream ends.
        while (!Directory.EnumerateFiles(story.LogFolder, "*", SearchOption.AllDirectories).Any(file => ReadShared(file).Contains("/v1/events", StringComparison.Ordinal)))
            await Task.Delay(50, Cancel);
    }

    static string ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    HttpRequestMessage Request(PartyId party, string query, string? last)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"v1/events{query}");
        request.Headers.Authorization = new("Bearer", story.Passes(Key(party), null, time).Issue());
        if (last is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        return request;
    }

    async Task<EventReader> OpenAsync(PartyId party, string query, string? last = null)
    {
        using var request = Request(party, query, last);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return new(answer, await answer.Content.ReadAsStreamAsync(Cancel));
    }

    async Task<ServerEvent[]> EventsAsync(PartyId party, string query, int count, string? last = null)
    {
        await using var stream = await OpenAsync(party, query, last);
        var told = new List<ServerEvent>();
        while (told.Count < count) told.Add(await stream.NextAsync());
        return [.. told];
    }

    sealed record ServerEvent(string Id, string Type, JsonElement Data);

    /// <summary>Reads a stream as the standard has it, line by line.</summary>
    sealed class EventReader(HttpResponseMessage answer, Stream stream) : IAsyncDisposable
    {
        readonly StreamReader lines = new(stream, Encoding.UTF8);

        public async Task<ServerEvent> NextAsync()
        {
            while (true)
            {
                var (id, type, data) = await BlockAsync() ?? throw new EndOfStreamException();
                if (data is null) continue;
                using var json = JsonDocument.Parse(data);
                return new(id ?? "", type ?? "", json.RootElement.Clone());
            }
        }

        public async Task<string> PositionAsync() => (await BlockAsync())?.Id ?? "";

        /// <summary>Whether the stream ends, whatever it still says.</summary>
        public async Task<bool> EndAsync()
        {
            try
            {
                while (await BlockAsync() is not null)
                {
                }
            }
            catch (IOException)
            {
                // Cut off is an end too.
            }

            return true;
        }

        public ValueTask DisposeAsync()
        {
            lines.Dispose();
            answer.Dispose();
            return ValueTask.CompletedTask;
        }

        async Task<(string? Id, string? Type, string? Data)?> BlockAsync()
        {
            string? id = null, type = null, data = null;
            while (await lines.ReadLineAsync(Cancel) is { } line)
            {
                if (line.Length == 0) return (id, type, data);
                if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
                else if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line[7..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
                else Assert.StartsWith(":", line, StringComparison.Ordinal);
            }

            return null;
        }
    }
}
