using System.Net;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Node.Access;
using Ledger.Node.Http;
using Ledger.Tests.Access;
using Microsoft.AspNetCore.Http;
using static Ledger.Tests.World;

namespace Ledger.Tests.Web;

/// <summary>What the pages show of others is taken down as what the API shows, and they show no more than it.</summary>
public sealed class PageReadsTests(AccessStory story) : IClassFixture<AccessStory>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    World World => story.World;

    [Fact]
    public async Task Whatever_a_page_or_a_file_of_it_shows_of_others_is_in_the_log_of_reads()
    {
        using var client = await SignInAsync(C);
        var leaf = story.LeafOf(story.ToB);
        (string Path, PartyId Of)[] pages =
        [
            ($"/entries/{leaf}", A), ($"/entries/{leaf}/receipt", A), ($"/blocks/{story.HeightOf(story.ToB)}", A), ("/", A), ($"/instruments/{story.Note}", B), ($"/voucher/{story.Note}", D),
        ];
        foreach (var (path, _) in pages)
        {
            using var answer = await client.GetAsync(path, Cancel);
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        }

        await story.Log.SettleAsync(Cancel);
        foreach (var (path, of) in pages)
        {
            using var reads = await story.As(of).ReadAsync($"v1/parties/{of}/reads?limit=500", Cancel);
            Assert.Contains((path, $"{C}#1"), reads!.RootElement.GetProperty("reads").EnumerateArray().Select(line => (line.GetProperty("path").GetString()!, line.GetProperty("key").GetString()!)));
        }
    }

    [Fact]
    public async Task Who_hangs_up_before_the_end_of_an_answer_is_in_the_log_of_reads_all_the_same()
    {
        var ledger = World.Node.Loop.Reader;
        using var limits = new RateLimits(Rates.Default);
        var door = new FrontDoor(ledger, new Gate(ledger, Reads.Signed, TimeProvider.System), limits, new(limits, story.Log, TimeProvider.System), new(1_000_000, 1_000_000), new Problems(ledger));
        var request = new DefaultHttpContext { TraceIdentifier = "hung-up" };
        request.Request.Method = HttpMethods.Get;
        request.Request.Path = "/v1/half";
        request.Request.Headers.Authorization = $"Bearer {story.Passes(C).Current()}";
        var route = new ApiRoute(HttpMethods.Get, "/half", "half", Resource.Entry, "", "", context =>
        {
            FrontDoor.SightOf(context).Show(A);
            throw new OperationCanceledException();
        });

        await Assert.ThrowsAsync<OperationCanceledException>(() => door.ServeAsync(request, route));
        await story.Log.SettleAsync(Cancel);
        using var reads = await story.As(A).ReadAsync($"v1/parties/{A}/reads?limit=500", Cancel);
        Assert.Contains("hung-up", reads!.RootElement.GetProperty("reads").EnumerateArray().Select(line => line.GetProperty("request").GetString()));
    }

    [Fact]
    public async Task Who_passed_units_on_is_not_told_what_became_of_them_behind_the_next_holder()
    {
        var note = World.Certificate(A, 900);
        foreach (var (from, to, last) in new[] { (A, B, 300UL), (B, D, 100UL) })
        {
            var trade = World.Trade(note, from, to, 1, last);
            World.Accepts(from, trade);
            World.Accepts(to, new AcceptOffer(trade.Offer));
        }

        using var a = await SignInAsync(A);
        using var d = await SignInAsync(D);
        var (ofA, ofD) = (await FrozenAsync(a, note), await FrozenAsync(d, note));
        World.Accepts(story.Outsiders[Roles.Bank], World.Freezing(note, 1, 100));

        Assert.Equal(ofA, await FrozenAsync(a, note));
        Assert.NotEqual(ofD, await FrozenAsync(d, note));
    }

    static async Task<int> FrozenAsync(HttpClient client, Id<Instrument> note) => (await client.GetStringAsync($"/instruments/{note}", Cancel)).Split(Ledger.Node.Nouns.UnitStandings.NameOf(Ledger.Node.Nouns.UnitStanding.Frozen).In(Language.Chinese)).Length;

    async Task<HttpClient> SignInAsync(PartyId party)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = story.Http.BaseAddress };
        using var begun = await client.PostAsync("session", new StringContent(SessionPass.Issue(World.Signer(Key(party)), Key(party), World.Genesis.Chain.ChainId, X)), Cancel);
        Assert.Equal(HttpStatusCode.OK, begun.StatusCode);
        return client;
    }
}
