using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ledger.Client.Invoices;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Nouns;
using Ledger.Tests.Http;

namespace Ledger.Tests.Web;

/// <summary>The console as a browser asks for it, without one: every page, in both languages, and what its answers say about themselves.</summary>
public sealed partial class PagesTests(TestNode node) : IClassFixture<TestNode>
{
    public static TheoryData<string> Pages =>
    [
        "/", "/todo", "/drafts", "/instruments", "/parties", "/offers", "/financings", "/documents", "/attempts", "/matches", "/statistics", "/statistics?metric=issued&by=month&then=coreEnterprise", "/statistics?metric=nothing",
        "/instruments?height=0", "/parties?height=0", "/todo?height=0", "/offers?after=none", "/blocks", "/blocks/0", "/blocks/1", "/nodes", "/proposals", "/governance", "/search", "/search?q=1", "/sign-in", "/sign-out", "/sign", "/verify",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_page_is_there_in_both_languages_and_runs_nothing_inline(string path)
    {
        foreach (var language in new[] { "zh-CN", "en" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Accept-Language", language);
            using var response = await node.Http.SendAsync(request, TestNode.Cancel);
            var html = await response.Content.ReadAsStringAsync(TestNode.Cancel);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
            if (path != "/verify") Assert.Contains($"<html lang=\"{language}\"", html, StringComparison.Ordinal);
            Assert.Contains("<h1", html, StringComparison.Ordinal);
            Assert.Contains("<main id=\"content\"", html, StringComparison.Ordinal);
            Assert.Contains("class=\"skip\" href=\"#content\"", html, StringComparison.Ordinal);

            var policy = response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("same-origin", response.Headers.GetValues("Referrer-Policy").Single());

            // What an attribute or a text says may look like anything: a party's name does.
            if (path == "/verify") continue;
            Assert.DoesNotMatch(@"<style|<script(?![^>]*\bsrc=)|<[^>]*\s(?:style|on[a-z]+)=", Regex.Replace(html, "\"[^\"]*\"", "\"\""));
            Assert.DoesNotMatch("=\"\\s*javascript:", html);
        }
    }

    [Fact]
    public async Task Every_table_has_a_caption_and_headings_with_a_scope()
    {
        var html = await PageAsync("/parties");

        Assert.Equal(Regex.Count(html, "<table"), Regex.Count(html, "<caption"));
        Assert.DoesNotMatch("<th(?![^>]*scope=)", html.Replace("<thead", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_page_needs_is_served_under_its_hash_and_may_be_kept_for_ever()
    {
        var html = await PageAsync("/sign");
        foreach (Match asset in AssetPath().Matches(html))
        {
            using var response = await node.Http.GetAsync(asset.Value, TestNode.Cancel);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains("immutable", response.Headers.CacheControl?.ToString());
            var tag = response.Headers.ETag!.ToString();

            using var again = new HttpRequestMessage(HttpMethod.Get, asset.Value);
            again.Headers.TryAddWithoutValidation("If-None-Match", tag);
            using var unchanged = await node.Http.SendAsync(again, TestNode.Cancel);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

            // A module imports the hashed names of others, and each of them is there.
            foreach (Match import in AssetPath().Matches(await response.Content.ReadAsStringAsync(TestNode.Cancel)))
            {
                using var imported = await node.Http.GetAsync(import.Value, TestNode.Cancel);
                Assert.Equal(HttpStatusCode.OK, imported.StatusCode);
            }
        }

        Assert.Equal(2, AssetPath().Count(html));
        using var missing = await node.Http.GetAsync("/assets/console.0000000000000000.css", TestNode.Cancel);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task What_is_not_there_is_a_page_that_says_so()
    {
        foreach (var path in new[] { "/instruments/none", $"/parties/{node.Stranger}", "/offers/x", "/financings/x", "/blocks/99999", "/entries/0", "/entries/99999", "/voucher/x", "/entries/99999/receipt" })
        {
            using var response = await node.Http.GetAsync(path, TestNode.Cancel);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, response.StatusCode));
            Assert.Contains("<html", await response.Content.ReadAsStringAsync(TestNode.Cancel), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_address_that_nothing_has_is_a_page_for_people_and_a_problem_for_programs()
    {
        using var plain = new HttpClient { BaseAddress = node.Address };
        foreach (var path in new[] { "/nothing", "/nothing/else", "/instruments/a/b", "/v2/health" })
        {
            using var page = await plain.GetAsync(path, TestNode.Cancel);
            Assert.Equal((path, HttpStatusCode.NotFound, "text/html"), (path, page.StatusCode, page.Content.Headers.ContentType?.MediaType));
            Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }

        using var problem = await plain.GetAsync("/v1/nothing", TestNode.Cancel);
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (problem.StatusCode, problem.Content.Headers.ContentType?.MediaType));
        using var wrong = await plain.PostAsync("/parties", null, TestNode.Cancel);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong.StatusCode);
    }

    [Fact]
    public async Task A_page_as_of_an_earlier_height_shows_what_was_then()
    {
        var before = node.Loop.Reader.View.Header.Height;
        var instrument = await node.ReceivableAsync(31_00);
        var issued = node.Loop.Reader.View.Header.Height;
        var (offer, invoice) = (TestNode.New<Offer>(), await node.InvoiceAsync(node.B, node.A, 31_00));
        await node.AcceptedAsync(node.A, TestNode.Transfer(offer, instrument, node.B, 31_00, invoice));
        await node.AcceptedAsync(node.B, new AcceptOffer(offer));

        Assert.Contains($"/voucher/{instrument}?units=1-3100", await PageAsync($"/parties/{node.B}"), StringComparison.Ordinal);
        Assert.DoesNotContain($"/voucher/{instrument}", await PageAsync($"/parties/{node.B}?height={issued}"), StringComparison.Ordinal);
        Assert.Contains($"/voucher/{instrument}?units=1-3100", await PageAsync($"/parties/{node.A}?height={issued}"), StringComparison.Ordinal);

        var then = await PageAsync($"/instruments/{instrument}?height={issued}");
        Assert.Contains("回到现在", then, StringComparison.Ordinal);
        Assert.DoesNotContain("/sign?act=", then, StringComparison.Ordinal);
        Assert.DoesNotContain(node.B.Text, then, StringComparison.Ordinal);
        Assert.Contains(node.B.Text, await PageAsync($"/instruments/{instrument}"), StringComparison.Ordinal);
        Assert.Contains($"/documents/{invoice}", await PageAsync($"/documents?party={node.B}"), StringComparison.Ordinal);
        Assert.Contains(instrument.ToString(), await PageAsync($"/instruments?height={issued}"), StringComparison.Ordinal);
        Assert.DoesNotContain(instrument.ToString(), await PageAsync($"/instruments?height={before}"), StringComparison.Ordinal);

        // Every page that people keep an address of: the overview, the paper, what was offered and what was lent.
        Assert.Contains("回到现在", await PageAsync($"/?height={issued}"), StringComparison.Ordinal);
        Assert.Contains(Figures.Number(node.Loop.Reader.View.Header.Height), await PageAsync("/"), StringComparison.Ordinal);
        Assert.Contains(node.B.Text, await PageAsync($"/voucher/{instrument}"), StringComparison.Ordinal);
        var paper = await PageAsync($"/voucher/{instrument}?height={issued}");
        Assert.DoesNotContain(node.B.Text, paper, StringComparison.Ordinal);
        Assert.Contains($"本页内容取自区块高度 {Figures.Number(issued)}", paper, StringComparison.Ordinal);
        var open = await PageAsync($"/offers/{offer}?height={issued + 2}");
        Assert.Contains("待签收", open, StringComparison.Ordinal);
        Assert.DoesNotContain("/sign?act=", open, StringComparison.Ordinal);
        Assert.Contains("已签收", await PageAsync($"/offers/{offer}"), StringComparison.Ordinal);

        // And one that has no past says so, and does not show today under another day's address.
        foreach (var path in new[] { "/blocks", "/search?q=1", "/matches", "/sign", "/entries/1" })
        {
            using var response = await node.Http.GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}height={issued}", TestNode.Cancel);
            Assert.Equal((path, HttpStatusCode.BadRequest), (path, response.StatusCode));
            Assert.Contains($"{(int)Refusal.PageHasNoPast}", await response.Content.ReadAsStringAsync(TestNode.Cancel), StringComparison.Ordinal);
        }

        foreach (var height in new[] { "99999999", "x", "-1" })
        {
            using var response = await node.Http.GetAsync($"/instruments?height={height}", TestNode.Cancel);
            Assert.Equal((height, HttpStatusCode.NotFound), (height, response.StatusCode));
            Assert.Contains("30041", await response.Content.ReadAsStringAsync(TestNode.Cancel), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("metric=outstanding&by=coreEnterprise")]
    [InlineData("metric=issued&by=month,coreEnterprise&from=2026-01-01&to=2026-12-31")]
    [InlineData("metric=parties")]
    public async Task The_files_of_the_statistics_page_are_the_apis_to_the_byte(string asked)
    {
        await node.ReceivableAsync(12_00);
        var height = node.Loop.Reader.View.Header.Height;
        using var plain = new HttpClient { BaseAddress = node.Address };
        foreach (var format in new[] { "csv", "json" })
        {
            var ofPage = await plain.GetByteArrayAsync($"/statistics?{asked}{(asked.Contains("by=", StringComparison.Ordinal) ? "" : "&by=none")}&height={height}&format={format}", TestNode.Cancel);
            Assert.Equal(await plain.GetByteArrayAsync($"/v1/statistics?{asked}&height={height}&format={format}", TestNode.Cancel), ofPage);
        }
    }

    [Fact]
    public async Task A_long_list_goes_on_where_its_page_ended_and_shows_nothing_twice()
    {
        for (var made = 0; made < Ledger.Node.Web.Sheet.PageSize + 7; made++) await node.InvoiceAsync(node.B, node.C, (ulong)(made + 1) * 1_000_00);
        var seen = new List<string>();
        for (var path = $"/documents?party={node.B}"; path.Length > 0;)
        {
            var html = await PageAsync(path);
            seen.AddRange(DocumentLink().Matches(html).Select(match => match.Groups[1].Value));
            path = NextLink().Match(html) is { Success: true } next ? WebUtility.HtmlDecode(next.Groups[1].Value) : "";
        }

        var expected = node.Loop.Reader.View.State.AllDocuments.Where(one => one.Seller == node.B || one.Buyer == node.B).Select(one => one.Id.ToString()).ToHashSet();
        Assert.True(expected.Count > Ledger.Node.Web.Sheet.PageSize);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.True(expected.SetEquals(seen));
    }

    [Fact]
    public async Task A_partys_name_is_text_whatever_it_holds()
    {
        const string name = "=1+1</script><script>alert(1)</script>\"' onmouseover=x <b>&amp;";
        var id = FictionalUscc.Of("440300", 77);
        await node.AcceptedAsync(
            node.X, new RegisterParty(id, name, Roles.Supplier, "440300", SizeClass.Small, "", [new(node.KeyOf(id).PublicKey, KeyUse.Signing, KeyRole.Maker, "li.si")]), id);

        foreach (var path in new[] { "/parties", $"/parties/{id}", "/search?q=alert", "/sign", $"/todo?party={id}", "/" })
        {
            var html = await PageAsync(path);
            Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"=""[^""]*""' onmouseover", html);
        }

        var csv = await node.Http.GetByteArrayAsync($"/parties?format=csv&name={id}", TestNode.Cancel);
        Assert.True(csv.AsSpan().StartsWith(Encoding.UTF8.Preamble));
        Assert.Contains("\"'=1+1</script>", Encoding.UTF8.GetString(csv), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_has_the_filter_of_its_page_and_exact_figures()
    {
        var instrument = await node.ReceivableAsync(1_234_567_89);

        // The node's own client holds every answer to the API's description, which these files are no part of.
        using var plain = new HttpClient { BaseAddress = node.Address };
        using var found = JsonDocument.Parse(await plain.GetStringAsync($"/instruments?number={instrument}&format=json", TestNode.Cancel));
        var row = Assert.Single(found.RootElement.GetProperty("rows").EnumerateArray());
        Assert.Equal("123456789", row.GetProperty("face").GetProperty("amount").GetString());
        Assert.Equal("CNY", row.GetProperty("face").GetProperty("currency").GetString());

        using var none = JsonDocument.Parse(await plain.GetStringAsync("/instruments?status=Cancelled&format=json", TestNode.Cancel));
        Assert.Empty(none.RootElement.GetProperty("rows").EnumerateArray());

        using var csv = await plain.GetAsync($"/instruments?number={instrument}&format=csv", TestNode.Cancel);
        var lines = (await csv.Content.ReadAsStringAsync(TestNode.Cancel)).Split("\r\n");
        Assert.Contains("面额（元）", lines[0], StringComparison.Ordinal);
        Assert.Contains(",1234567.89,", lines[1], StringComparison.Ordinal);
        Assert.Equal("attachment", csv.Content.Headers.ContentDisposition?.DispositionType);
    }

    [Fact]
    public async Task An_instrument_shows_its_bar_its_lineage_and_money_in_figures_and_capitals()
    {
        var instrument = await node.ReceivableAsync(10_000_00);
        var html = await PageAsync($"/instruments/{instrument}");

        Assert.Contains("¥10,000.00", html, StringComparison.Ordinal);
        Assert.Contains("人民币壹万元整", html, StringComparison.Ordinal);
        Assert.Contains("2026-09-01", html, StringComparison.Ordinal);
        Assert.Contains("金额（元）", html, StringComparison.Ordinal);
        Assert.Contains("<svg class=\"bar\"", html, StringComparison.Ordinal);
        Assert.Contains("<svg class=\"generations\"", html, StringComparison.Ordinal);
        Assert.Contains("示例供应商甲", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_voucher_has_what_a_bank_prints_and_leads_to_its_receipt()
    {
        var instrument = await node.ReceivableAsync(16_409_02);
        var html = await PageAsync($"/voucher/{instrument}");

        Assert.Contains("人民币壹万陆仟肆佰零玖元零贰分", html, StringComparison.Ordinal);
        Assert.Contains("¥16,409.02", html, StringComparison.Ordinal);
        Assert.Contains("背书人（转出）", html, StringComparison.Ordinal);
        Assert.Contains("<svg class=\"qr\"", html, StringComparison.Ordinal);
        var leaf = Leaf().Match(html).Groups[1].Value;
        var receipt = await node.Http.GetStringAsync($"/entries/{leaf}/receipt", TestNode.Cancel);
        Assert.StartsWith("c2sp.org/tlog-proof@v1\n", receipt, StringComparison.Ordinal);
        Assert.Contains("人民币壹元整", await PageAsync($"/voucher/{instrument}?units=1-100"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instrument_split_a_thousand_times_stays_readable()
    {
        const int parts = 1_000, batch = 40;
        var instrument = await node.ReceivableAsync(parts * 100);
        var invoice = await node.InvoiceAsync(node.B, node.A, parts * 100);
        for (var begun = 0; begun < parts; begun += batch)
        {
            var offers = Enumerable.Range(begun, batch).Select(_ => TestNode.New<Offer>()).ToArray();
            await node.AcceptedAsync(node.Sign(TestNode.Draft(node.A, [.. offers.Select((offer, place) =>
            {
                var first = ((ulong)(begun + place) * 100) + 1;
                return new Transfer(
                    offer, instrument, node.B, TransferCause.Trade, Recourse: false, [new(invoice, new(100))], TestNode.Tomorrow, new Interval(first, first + 99));
            })])));
            await node.AcceptedAsync(node.Sign(TestNode.Draft(node.B, [.. offers.Select(offer => new AcceptOffer(offer))])));
        }

        var html = await PageAsync($"/instruments/{instrument}");

        Assert.Equal(parts, TreeEntry().Count(html[html.IndexOf("<ul class=\"tree\"", StringComparison.Ordinal)..]) - 1);
        Assert.Contains("第 21 至 70 笔，共 1000 笔", html, StringComparison.Ordinal);
        Assert.True(Regex.Count(html, "class=\"piece") < 1_000);
        Assert.True(html.Length < 2_000_000);
        Assert.Contains("第 1 页，共 20 页", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_act_shows_its_number_and_both_sentences()
    {
        var instrument = await node.ReceivableAsync(500_00);
        var invoice = await node.InvoiceAsync(node.B, node.A, 2_000_00);
        await node.AcceptedAsync(node.A, TestNode.Transfer(TestNode.New<Offer>(), instrument, node.B, 500_00, invoice));
        var refused = await node.RefusedAsync(Refusal.UnitsOffered, node.Sign(TestNode.Draft(node.A, TestNode.Transfer(TestNode.New<Offer>(), instrument, node.B, 500_00, invoice))));

        var html = await PageAsync($"/entries/{refused.Body.GetProperty("leaf").GetUInt64().ToString(CultureInfo.InvariantCulture)}");
        Assert.Contains("拒绝 5001", html, StringComparison.Ordinal);
        Assert.Contains("份额已要约给他人", html, StringComparison.Ordinal);
        Assert.Contains("lang=\"en\"", html, StringComparison.Ordinal);
        Assert.Contains("5001", await PageAsync("/attempts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_figures_of_the_overview_are_those_of_the_ledger()
    {
        await node.ReceivableAsync(77_00);
        var state = node.Loop.Reader.View.State;
        var live = state.AllInstruments.Select(one => state.Tokens(one.Id)).OfType<Tokens>().SelectMany(tokens => tokens.Span.ToArray())
            .Where(token => token.State == UnitState.Live).Aggregate(0ul, (sum, token) => sum + token.Units.Length);

        var html = await PageAsync("/?");
        Assert.Contains($"title=\"{Figures.Money(new(live), Currency.Cny)}\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Language_and_theme_are_kept_by_the_browser_and_lead_back_to_this_node_only()
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpClient(handler) { BaseAddress = node.Address };
        foreach (var (back, to) in new[] { ("/parties?page=2", "/parties?page=2"), ("//evil.example/", "/"), ("https://evil.example/", "/"), ("/\\evil.example", "/") })
        {
            using var form = new FormUrlEncodedContent([new("language", "en"), new("theme", "dark"), new("back", back)]);
            using var response = await client.PostAsync("/preferences", form, TestNode.Cancel);
            Assert.Equal(to, response.Headers.Location?.OriginalString);
            var cookies = response.Headers.GetValues("Set-Cookie").ToArray();
            Assert.Contains(cookies, cookie => cookie.StartsWith("language=en;", StringComparison.Ordinal) && cookie.Contains("samesite=strict", StringComparison.Ordinal));
            Assert.Contains(cookies, cookie => cookie.StartsWith("theme=dark;", StringComparison.Ordinal));
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", "language=en; theme=dark");
        using var page = await client.SendAsync(request, TestNode.Cancel);
        Assert.Contains("<html lang=\"en\" data-theme=\"dark\"", await page.Content.ReadAsStringAsync(TestNode.Cancel), StringComparison.Ordinal);

        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/preferences") { Content = new FormUrlEncodedContent([new("language", "en")]) };
        foreign.Headers.Add("Origin", "https://evil.example");
        using var refused = await client.SendAsync(foreign, TestNode.Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    async Task<string> PageAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept-Language", "zh-CN");
        using var response = await node.Http.SendAsync(request, TestNode.Cancel);
        Assert.Equal((path, HttpStatusCode.OK), (path, response.StatusCode));
        return await response.Content.ReadAsStringAsync(TestNode.Cancel);
    }

    [GeneratedRegex("/assets/[a-z-]+\\.[0-9a-f]{16}\\.(?:js|css)")]
    private static partial Regex AssetPath();

    [GeneratedRegex("/entries/([0-9]+)/receipt")]
    private static partial Regex Leaf();

    [GeneratedRegex("<a href=\"/documents/([A-Za-z0-9_-]{22})\"")]
    private static partial Regex DocumentLink();

    [GeneratedRegex("rel=\"next\" href=\"([^\"]+)\"")]
    private static partial Regex NextLink();

    [GeneratedRegex("class=\"node\"")]
    private static partial Regex TreeEntry();
}
