using System.Net;
using System.Text.RegularExpressions;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Node.Access;
using Ledger.Node;
using Ledger.Tests.Rules.Bills;
using Microsoft.AspNetCore.Builder;
using static Ledger.Tests.World;

namespace Ledger.Tests.Web;

/// <summary>Where the console's pages lead: every link of every page, over a ledger that has of everything one in each standing that offers an act.</summary>
public sealed partial class LinksTests : IDisposable
{
    // A story of this size has far fewer addresses; a page that leads to ever more of them must not keep the test busy for ever.
    const int MostPages = 2_000;

    // Links to other pages of a list, other heights and files lead to the same pages again.
    static readonly string[] Again = ["format=", "cursor=", "after=", "page="];

    readonly World world = new World(Stage.Es256OverHttp, "2026-03-22 10:00:00").Lends();
    readonly WebApplication server;
    readonly HttpClient client;

    public LinksTests()
    {
        var note = world.Certificate(A, 1_000);
        world.Accepts(A, world.Trade(note, A, B, 1, 300));
        world.Accepts(C, world.Issuing(D, 700, new DocumentUse(world.Invoice(D, C, 700), new(700))));
        world.Accepts(B, new RequestConfirmation(world.New<Instrument>(), C, Currency.Cny, new(500), Date("2026-03-01"), SizeClass.Large, SizeClass.Small, new(3, 3), "PO-1"));
        var lent = world.Certificate(D, 5_000);
        world.Accepts(D, world.Applying(lent, FinancingForm.PledgeLoan, 1, 1_000));
        world.Approved(D, world.Applying(lent, FinancingForm.PledgeLoan, 1_001, 2_000));
        world.Financed(D, world.Applying(lent, FinancingForm.PledgeLoan, 2_001, 3_000));
        var bill = world.New<Instrument>();
        world.Accepts(C, BillStory.Drawing(world, bill));
        world.Accepts(C, new PresentForAcceptance(world.New<Offer>(), bill, world.Tomorrow));
        var deliver = new DeliverBill(world.New<Offer>(), bill, world.Tomorrow);
        world.Accepts(C, deliver);
        world.Accepts(A, new AcceptOffer(deliver.Offer));

        var often = new Rate(1_000_000, 1_000_000, TimeSpan.FromSeconds(1));
        server = world.Node.Serve(new("127.0.0.1", 0, NextFreePort: false) { Reads = Reads.Open, Rates = new(often, often, often, often, often, often) }, null);
        server.StartAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        client = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = NodeServer.AddressOf(server) };
    }

    public void Dispose()
    {
        client.Dispose();
        server.StopAsync().GetAwaiter().GetResult();
        ((IDisposable)server).Dispose();
        world.Dispose();
    }

    [Fact]
    public async Task Every_link_of_every_page_leads_to_a_page_and_every_button_opens_its_form_filled()
    {
        var acts = new SortedSet<string>(StringComparer.Ordinal);
        var wrong = new List<string>();
        var (known, next) = (new HashSet<string> { "/" }, new Queue<string>(["/"]));
        while (next.TryDequeue(out var path))
        {
            using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
            var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (response.StatusCode != HttpStatusCode.OK) wrong.Add($"{path}: {(int)response.StatusCode}");
            if (response.Content.Headers.ContentType?.MediaType != "text/html") continue;
            foreach (var link in Link().Matches(html).Select(match => match.Groups[1].Value))
            {
                // An ampersand that was escaped twice makes another parameter of the next one's name.
                var address = WebUtility.HtmlDecode(link);
                if (address.Contains("&amp;", StringComparison.Ordinal) || address.Contains(' ', StringComparison.Ordinal)) wrong.Add($"{path} leads to {link}");
                if (address.StartsWith("/sign?", StringComparison.Ordinal) && Noun().IsMatch(address) && Uri(path) != "/sign") acts.Add(address);
                if (!address.StartsWith('/') || address.StartsWith("/assets/", StringComparison.Ordinal) || Again.Any(one => address.Contains(one, StringComparison.Ordinal))) continue;
                if (known.Count < MostPages && known.Add(address)) next.Enqueue(address);
            }
        }

        Assert.Empty(wrong);
        Assert.InRange(known.Count, 60, MostPages - 1);
        string[] buttons = ["accept", "apply", "approve", "attest", "confirm", "decline", "disburse", "presentBill", "receipt", "repay", "transfer", "withdraw", "withdrawApplication"];
        Assert.Equal(buttons, acts.Select(act => Act().Match(act).Groups[1].Value).Distinct().Order(StringComparer.Ordinal));

        var fields = await SignPageOfNode.RunAsync(
            client, "const all = []; for (const page of pages) all.push((await open(page)).fields()); return all;", new { }, [.. acts]);
        foreach (var (act, filled) in acts.Zip(fields.EnumerateArray()))
        {
            var thing = Noun().Match(act);
            Assert.True(filled.TryGetProperty(thing.Groups[1].Value, out var field), act);
            Assert.Equal((act, thing.Groups[2].Value), (act, field.GetString()));
        }
    }

    static string Uri(string path) => path.Split('?')[0];

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Link();

    [GeneratedRegex("[?&]act=([a-zA-Z]+)")]
    private static partial Regex Act();

    [GeneratedRegex("[?&](?:amp;)?(instrument|offer|financing)=([A-Za-z0-9_-]{22})")]
    private static partial Regex Noun();
}
