using System.Net;
using System.Text;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using static Ledger.Tests.World;

namespace Ledger.Tests.Access;

/// <summary>Who read whose data is kept, and told to whose data it was.</summary>
public sealed class AccessLogTests(AccessStory story) : IClassFixture<AccessStory>, IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("ledger-reads-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_party_is_told_who_read_its_data_and_what_was_asked()
    {
        using (await story.As(story.Regulator).ReadAsync($"v1/instruments/{story.Note}", Cancel))
        using (await story.As(A).ReadAsync($"v1/offers/{story.Offer}", Cancel))
        {
            await story.Log.SettleAsync(Cancel);
        }

        using var reads = await story.As(B).ReadAsync($"v1/parties/{B}/reads?limit=500", Cancel);
        var lines = reads!.RootElement.GetProperty("reads").EnumerateArray().ToArray();
        var supervised = lines.Single(line => line.GetProperty("party").GetString() == story.Regulator.Text && line.GetProperty("path").GetString() == $"/v1/instruments/{story.Note}");
        Assert.Equal(($"{story.Regulator}#1", "instrument", 200), (supervised.GetProperty("key").GetString(), supervised.GetProperty("resource").GetString(), supervised.GetProperty("status").GetInt32()));
        Assert.NotEmpty(supervised.GetProperty("request").GetString()!);
        Assert.Contains(lines, line => line.GetProperty("party").GetString() == A.Text && line.GetProperty("resource").GetString() == "offer");

        // One's own reading is nobody's business, and from where others read is the node's.
        Assert.DoesNotContain(lines, line => line.GetProperty("party").GetString() == B.Text);
        Assert.All(lines, line => Assert.False(line.TryGetProperty("from", out _) || line.TryGetProperty("of", out _)));
        Assert.Equal((HttpStatusCode.NotFound, Refusal.NotFound), await story.AnswerAsync(story.Passes(A), $"v1/parties/{B}/reads"));
    }

    [Fact]
    public async Task A_bundle_of_leaves_is_a_read_of_everybody_whose_acts_are_in_it()
    {
        var leaf = story.LeafOf(story.ToB);
        var path = $"v1/tile/entries/{Tile.Of(leaf + 1, 0, leaf / Tile.MaxWidth).ToString()![2..]}";
        Assert.Equal((HttpStatusCode.OK, Refusal.None), await story.AnswerAsync(story.Passes(story.Regulator), path));
        await story.Log.SettleAsync(Cancel);

        using var reads = await story.As(A).ReadAsync($"v1/parties/{A}/reads?limit=500", Cancel);
        Assert.Contains(reads!.RootElement.GetProperty("reads").EnumerateArray(), line => line.GetProperty("path").GetString() == $"/{path}" && line.GetProperty("resource").GetString() == "bundle");
    }

    [Fact]
    public async Task A_dry_run_of_financing_and_pledge_is_a_read_of_those_whose_debt_it_asks_about()
    {
        var apply = story.World.Applying(story.World.Certificate(A, 90), Core.Instruments.FinancingForm.PledgeLoan, 1, 90);
        var answer = await story.Anonymous.DryRunAsync(story.World.Sign(story.World.Draft(A, apply)), Cancel);
        Assert.Equal(200, answer.HttpStatus);
        await story.Log.SettleAsync(Cancel);

        using var reads = await story.As(C).ReadAsync($"v1/parties/{C}/reads?limit=500", Cancel);
        Assert.Contains(reads!.RootElement.GetProperty("reads").EnumerateArray(), line => line.GetProperty("path").GetString() == "/v1/dry-run" && line.GetProperty("key").GetString() == $"{A}#1");
    }

    [Fact]
    public async Task Lines_are_appended_by_day_and_size_and_found_page_by_page()
    {
        await using var log = Opened(AccessLogLimits.Default with { FileBytes = 2_000 });
        for (var i = 0; i < 40; i++)
        {
            await log.NoteAsync(Read(i, A, of: i % 2 == 0 ? B : C));
            await log.SettleAsync(Cancel);
        }

        await log.NoteAsync(Read(40, A, of: B) with { At = new(2026, 4, 2, 0, 0, 0, TimeSpan.Zero) });
        await log.SettleAsync(Cancel);
        var files = Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal("2026-04-02.000001.jsonl", files[^1]);
        Assert.True(files.Length > 3);

        var found = new List<string>();
        for ((string, long)? from = null; ;)
        {
            var (lines, next) = log.Read(B, from, most: 3);
            found.AddRange(lines.Select(line => line.GetProperty("request").GetString()!));
            if ((from = next) is null) break;
        }

        Assert.Equal(Enumerable.Range(0, 41).Where(i => i % 2 == 0).Select(i => $"{i}"), found);
    }

    [Fact]
    public async Task A_line_that_a_crash_tore_is_passed_over()
    {
        await using var log = Opened(AccessLogLimits.Default);
        await log.NoteAsync(Read(1, A, of: B));
        await log.SettleAsync(Cancel);
        var file = Assert.Single(Directory.GetFiles(folder));
        await File.AppendAllTextAsync(file, $$"""{"at":"2026","of":["{{B}}"]""" + "\n" + $$"""{"of":["{{B}}""", Encoding.UTF8, Cancel);

        Assert.Single(log.Read(B, null, 10).Lines);
    }

    [Fact]
    public async Task Half_a_line_takes_no_later_one_with_it()
    {
        await using var log = Opened(AccessLogLimits.Default);
        await log.NoteAsync(Read(1, A, of: B));
        await log.SettleAsync(Cancel);
        await File.AppendAllTextAsync(Assert.Single(Directory.GetFiles(folder)), $$"""{"of":["{{B}}""", Encoding.UTF8, Cancel);
        await log.NoteAsync(Read(2, A, of: B));
        await log.SettleAsync(Cancel);

        Assert.Equal(["1", "2"], log.Read(B, null, 10).Lines.Select(line => line.GetProperty("request").GetString()));
    }

    [Fact]
    public async Task A_file_that_somebody_put_there_keeps_nothing_from_being_taken_down()
    {
        foreach (var name in (string[])["2026-04-01.0007.jsonl", "2026-04-01.old.jsonl", "2026-04-01.000001 (copy).jsonl"])
            await File.WriteAllTextAsync(Path.Combine(folder, name), new string('x', 2_000), Cancel);
        await using var log = Opened(AccessLogLimits.Default with { FileBytes = 1_000 });
        await log.NoteAsync(Read(1, A, of: B));
        await log.SettleAsync(Cancel);

        Assert.True(File.Exists(Path.Combine(folder, "2026-04-01.000001.jsonl")));
        Assert.Equal(0, log.Dropped);
    }

    [Fact]
    public async Task What_the_disk_does_not_take_is_counted()
    {
        await using var log = AccessLog.Open(Path.Combine(folder, "gone"), AccessLogLimits.Default, time, _ => { });
        Directory.Delete(Path.Combine(folder, "gone"));
        await log.NoteAsync(Read(1, A, of: B));
        await log.SettleAsync(Cancel);

        Assert.Equal(1, log.Dropped);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("Li4vLi4vZ2VuZXNpcy5qc29u")]
    [InlineData("eDotMQ")]
    public async Task A_cursor_leads_nowhere_but_into_the_log(string cursor)
    {
        var (status, code) = await story.AnswerAsync(story.Passes(A), $"v1/parties/{A}/reads?cursor={cursor}");

        Assert.Equal((HttpStatusCode.BadRequest, Refusal.QueryInvalid), (status, code));
    }

    [Fact]
    public async Task Lines_go_when_they_are_older_than_is_kept_and_no_sooner()
    {
        await using (var log = Opened(AccessLogLimits.Default with { Days = 30 }))
        {
            await log.NoteAsync(Read(1, A, of: B));
            await log.SettleAsync(Cancel);
        }

        time.Now = time.Now.AddDays(29);
        await using (var log = Opened(AccessLogLimits.Default with { Days = 30 })) Assert.Single(log.Read(B, null, 10).Lines);

        // A further line of a new day begins a new file, and what is over then goes.
        time.Now = time.Now.AddDays(1);
        await using (var log = Opened(AccessLogLimits.Default with { Days = 30 }))
        {
            await log.NoteAsync(Read(2, A, of: B) with { At = time.Now });
            await log.SettleAsync(Cancel);
            Assert.Equal("2", Assert.Single(log.Read(B, null, 10).Lines).GetProperty("request").GetString());
            Assert.Equal(0, log.RemovedEarly);
        }
    }

    [Fact]
    public async Task A_log_that_grows_too_large_loses_its_oldest_and_says_so()
    {
        var said = new List<string>();
        await using var log = AccessLog.Open(folder, AccessLogLimits.Default with { FileBytes = 1_000, Bytes = 4_000 }, time, said.Add);
        for (var i = 0; i < 60; i++)
        {
            await log.NoteAsync(Read(i, A, of: B));
            await log.SettleAsync(Cancel);
        }

        var lines = new List<int>();
        for ((string, long)? from = null; ;)
        {
            var (found, next) = log.Read(B, from, 100);
            lines.AddRange(found.Select(line => int.Parse(line.GetProperty("request").GetString()!, System.Globalization.CultureInfo.InvariantCulture)));
            if ((from = next) is null) break;
        }

        Assert.Equal(59, lines[^1]);
        Assert.True(lines[0] > 0);
        Assert.InRange(Directory.GetFiles(folder).Sum(file => new FileInfo(file).Length), 1, 5_500);
        Assert.Equal(log.RemovedEarly, said.Count);
        Assert.NotEmpty(said);
    }

    [Fact]
    public async Task Nobody_fills_more_of_the_log_in_a_day_than_its_share()
    {
        await using var log = Opened(AccessLogLimits.Default with { PartyBytes = 1_000 });
        for (var i = 0; i < 6; i++) await log.NoteAsync(Read(i, A, of: B));
        Assert.NotNull(log.Share);
        Assert.False(log.Share.HasRoom(A));
        Assert.True(log.Share.HasRoom(B));

        await using var server = story.World.Node.Serve(story.Options with { AccessLog = log }, null);
        await server.StartAsync(Cancel);
        using var http = new HttpClient { BaseAddress = Ledger.Node.NodeServer.AddressOf(server) };
        async Task<HttpResponseMessage> AskAsync(PartyId party, string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new("Bearer", story.Passes(party).Issue());
            return await http.SendAsync(request, Cancel);
        }

        using var refused = await AskAsync(A, $"v1/instruments/{story.Note}");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 86_400);
        Assert.Contains("\"code\":30051", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        using (var health = await AskAsync(A, "v1/health")) Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        using (var other = await AskAsync(B, $"v1/instruments/{story.Note}")) Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        time.Now = time.Now.AddDays(1);
        using var tomorrow = await AskAsync(A, $"v1/instruments/{story.Note}");
        Assert.Equal(HttpStatusCode.OK, tomorrow.StatusCode);
    }

    readonly Day time = new();

    AccessLog Opened(AccessLogLimits limits) => AccessLog.Open(folder, limits, time, _ => { });

    sealed class Day : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    static AccessRecord Read(int n, PartyId by, PartyId of) => new(
        new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero), by, Key(by), by, Resource.Instrument, "GET", "/v1/instruments/x", 200, "127.0.0.1", $"{n}", [of]);
}
