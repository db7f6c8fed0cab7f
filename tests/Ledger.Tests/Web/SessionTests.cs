using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Node.Access;
using Ledger.Tests.Http;

namespace Ledger.Tests.Web;

/// <summary>Signing in to the console where reads need a pass: what the browser signs is what the gate takes, and a session shows its party's own.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    readonly TestNode node = new() { Options = new("127.0.0.1", 0, NextFreePort: false) { Reads = Reads.Signed } };
    readonly JavaScript script = new();
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        await node.InitializeAsync();
        client = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = node.Address };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        script.Dispose();
        await node.DisposeAsync();
    }

    [Fact]
    public async Task Who_shows_nothing_is_asked_to_sign_in_and_sees_only_what_is_public()
    {
        foreach (var path in new[] { "/", "/drafts", "/instruments", "/parties", "/blocks", "/attempts", "/statistics", "/entries/2", "/entries/2/receipt" })
        {
            using var response = await client.GetAsync(path, TestNode.Cancel);
            Assert.Equal((path, HttpStatusCode.Redirect, "/sign-in"), (path, response.StatusCode, response.Headers.Location?.OriginalString));
        }

        foreach (var path in new[] { "/sign-in", "/verify", "/sign" })
        {
            using var response = await client.GetAsync(path, TestNode.Cancel);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.DoesNotContain("示例供应商", await response.Content.ReadAsStringAsync(TestNode.Cancel), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_has_part_in_a_draft_reads_who_has_signed_and_who_is_missing_and_others_find_no_page()
    {
        var act = TestNode.Draft(node.X, node.Attestation(node.A, node.C, 1_234_56));
        var text = Client.Signing.Jws.SignInPart(Core.Wire.TransactionText.WritePayload(act), node.Genesis.Chain.ChainId, [(new(node.X, 1), node.KeyOf(node.X))], [new(node.A, 1)]);
        Assert.Equal(200, (await node.Api.PutDraftAsync(text, TestNode.Cancel)).HttpStatus);
        await SignInAsync(node.A);

        var list = await client.GetStringAsync("/drafts", TestNode.Cancel);
        Assert.Contains($"/drafts/{act.Party}/{act.Id}", list, StringComparison.Ordinal);
        Assert.Contains($"{node.A}#1", list, StringComparison.Ordinal);
        var page = await client.GetStringAsync($"/drafts/{act.Party}/{act.Id}", TestNode.Cancel);
        Assert.Contains($"{node.X}#1", page, StringComparison.Ordinal);
        Assert.Contains("1,234.56", page, StringComparison.Ordinal);

        using var other = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = node.Address };
        await SignInAsync(node.B, other);
        Assert.DoesNotContain(act.Id.ToString(), await other.GetStringAsync("/drafts", TestNode.Cancel), StringComparison.Ordinal);
        using var hidden = await other.GetAsync($"/drafts/{act.Party}/{act.Id}", TestNode.Cancel);
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
    }

    [Fact]
    public async Task A_pass_that_the_browser_signs_begins_a_session_that_shows_the_partys_own()
    {
        var mine = await node.ReceivableAsync(500_00);
        await SignInAsync(node.A);

        Assert.Contains(mine.ToString(), await client.GetStringAsync("/instruments", TestNode.Cancel), StringComparison.Ordinal);
        Assert.Contains("示例供应商甲", await client.GetStringAsync("/todo", TestNode.Cancel), StringComparison.Ordinal);

        using var other = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = node.Address };
        await SignInAsync(node.B, other);
        Assert.DoesNotContain(mine.ToString(), await other.GetStringAsync("/instruments", TestNode.Cancel), StringComparison.Ordinal);
        using var hidden = await other.GetAsync($"/instruments/{mine}", TestNode.Cancel);
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        using var voucher = await other.GetAsync($"/voucher/{mine}", TestNode.Cancel);
        Assert.Equal(HttpStatusCode.NotFound, voucher.StatusCode);

        // A supplier's role has no statistics, and is told so by number.
        using var statistics = await client.GetAsync("/statistics", TestNode.Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, statistics.StatusCode);
    }

    [Fact]
    public async Task Who_passed_everything_on_still_finds_the_instrument()
    {
        var instrument = await node.ReceivableAsync(500_00);
        var offer = TestNode.New<Core.Instruments.Offer>();
        await node.AcceptedAsync(node.A, TestNode.Transfer(offer, instrument, node.B, 500_00, await node.InvoiceAsync(node.B, node.A, 500_00)));
        await node.AcceptedAsync(node.B, new Core.Rules.AcceptOffer(offer));
        var next = TestNode.New<Core.Instruments.Offer>();
        await node.AcceptedAsync(node.B, TestNode.Transfer(next, instrument, node.A, 500_00, await node.InvoiceAsync(node.A, node.B, 500_00)));
        await node.AcceptedAsync(node.A, new Core.Rules.AcceptOffer(next));

        await SignInAsync(node.B);
        Assert.Contains(instrument.ToString(), await client.GetStringAsync("/instruments", TestNode.Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_banks_decision_about_a_near_match_is_kept_and_shown_and_others_cannot_decide()
    {
        await node.InvoiceAsync(node.A, node.C, 880_00);
        await node.InvoiceAsync(node.A, node.C, 880_00);
        await SignInAsync(node.X);
        Assert.Contains("action=\"/matches/1\"", await client.GetStringAsync("/matches", TestNode.Cancel), StringComparison.Ordinal);

        // A page elsewhere cannot decide in the bank's name.
        using (var foreign = new HttpRequestMessage(HttpMethod.Post, "/matches/1") { Content = Decision("same", "others") })
        {
            foreign.Headers.Add("Origin", "https://evil.example");
            using var refused = await client.SendAsync(foreign, TestNode.Cancel);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        // Neither can a bank that attested neither side, nor a supplier, nor who shows nothing; nor is anything kept that is no decision.
        using var other = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = node.Address };
        Assert.Equal("/sign-in", await DecideAsync(other, "1", "same"));
        await SignInAsync(node.Y, other);
        Assert.Equal("/matches?kept=no", await DecideAsync(other, "1", "same"));
        Assert.DoesNotContain("/matches/1", await other.GetStringAsync("/matches", TestNode.Cancel), StringComparison.Ordinal);
        await SignInAsync(node.A, other);
        using (var refused = await other.PostAsync("/matches/1", Decision("same", ""), TestNode.Cancel)) Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        foreach (var (number, decision) in new[] { ("1", "perhaps"), ("2", "same"), ("x", "same") }) Assert.Equal("/matches?kept=no", await DecideAsync(client, number, decision));
        Assert.Contains("待复核", await MatchesAsync(), StringComparison.Ordinal);

        Assert.Equal("/matches?kept=yes", await DecideAsync(client, "1", "same", "<b>已电话核实"));
        var match = Assert.Single(node.Loop.Reader.Views.NearMatches());
        var review = Assert.Single(node.Loop.Reader.Views.Reviews.Of(Ledger.Node.Views.Reviews.SubjectOf(match)));
        Assert.Equal(("same", "<b>已电话核实", $"{node.X}#1"), (review.Decision, review.Note, review.Reviewer));
        Assert.Contains("&lt;b&gt;已电话核实", await MatchesAsync(), StringComparison.Ordinal);

        using (await client.PostAsync("/session/end", null, TestNode.Cancel))
        {
            Assert.Equal("/sign-in", await DecideAsync(client, "1", "different"));
            Assert.Single(node.Loop.Reader.Views.Reviews.Of(review.Subject));
        }
    }

    static FormUrlEncodedContent Decision(string decision, string note) => new([new("decision", decision), new("note", note)]);

    static async Task<string?> DecideAsync(HttpClient by, string number, string decision, string note = "")
    {
        using var answer = await by.PostAsync($"/matches/{number}", Decision(decision, note), TestNode.Cancel);
        return answer.Headers.Location?.OriginalString;
    }

    async Task<string> MatchesAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/matches");
        request.Headers.Add("Accept-Language", "zh-CN");
        using var page = await client.SendAsync(request, TestNode.Cancel);
        return await page.Content.ReadAsStringAsync(TestNode.Cancel);
    }

    [Fact]
    public async Task A_session_is_a_cookie_that_no_script_reads_and_ends_when_it_is_ended()
    {
        using var answer = await SignInAsync(node.A);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);

        using (var ended = await client.PostAsync("/session/end", null, TestNode.Cancel)) Assert.Equal("/sign-in", ended.Headers.Location?.OriginalString);
        using var after = await client.GetAsync("/instruments", TestNode.Cancel);
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
    }

    [Fact]
    public async Task A_pass_begins_one_session_and_a_pass_to_read_begins_none()
    {
        var chain = node.Genesis.Chain;
        var pass = await PassAsync(node.A, chain.ChainId.ToString(), node.X.Text);
        using (var first = await client.PostAsync("/session", new StringContent(pass), TestNode.Cancel)) Assert.Equal(HttpStatusCode.OK, first.StatusCode);

        using var thief = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = node.Address };
        Assert.Equal(Core.State.Refusal.PassSpent, await RefusedAsync(thief, pass));
        var read = new ReadPasses(node.KeyOf(node.A), new KeyId(node.A, 1), chain.ChainId, node.X).Issue();
        Assert.Equal(Core.State.Refusal.PassAlgorithmWrong, await RefusedAsync(thief, read));

        // Nor does what begins a session read.
        using var asked = new HttpRequestMessage(HttpMethod.Get, $"/v1/parties/{node.A}");
        asked.Headers.Authorization = new("Bearer", await PassAsync(node.A, chain.ChainId.ToString(), node.X.Text));
        using var answer = await thief.SendAsync(asked, TestNode.Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    static async Task<Core.State.Refusal> RefusedAsync(HttpClient by, string pass)
    {
        using var answer = await by.PostAsync("/session", new StringContent(pass), TestNode.Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestNode.Cancel));
        return (Core.State.Refusal)body.RootElement.GetProperty("code").GetInt32();
    }

    [Fact]
    public async Task A_wrong_pass_is_refused_by_number_and_begins_nothing()
    {
        var pass = await PassAsync(node.A, node.Genesis.Chain.ChainId.ToString(), node.X.Text);
        string[] wrong = ["", "a.b.c", pass[..^2], pass + "x", await PassAsync(node.A, node.Genesis.Chain.ChainId.ToString(), node.Y.Text), await PassAsync(node.Stranger, node.Genesis.Chain.ChainId.ToString(), node.X.Text), new('a', 5_000)];
        foreach (var text in wrong)
        {
            using var response = await client.PostAsync("/session", new StringContent(text), TestNode.Cancel);
            using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestNode.Cancel));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.InRange(body.RootElement.GetProperty("code").GetInt32(), 30_000, 30_999);
            Assert.False(response.Headers.Contains("Set-Cookie"));
        }

        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/session") { Content = new StringContent(pass) };
        foreign.Headers.Add("Origin", "https://evil.example");
        using var refused = await client.SendAsync(foreign, TestNode.Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    async Task<HttpResponseMessage> SignInAsync(PartyId party, HttpClient? by = null)
    {
        var pass = await PassAsync(party, node.Genesis.Chain.ChainId.ToString(), node.X.Text);
        var response = await (by ?? client).PostAsync("/session", new StringContent(pass), TestNode.Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response;
    }

    Task<string> PassAsync(PartyId party, string chain, string bank)
    {
        var file = Encoding.UTF8.GetString(KeyFile.Lock(node.KeyOf(party), new KeyId(party, 1).ToString(), "pw", KeyFile.MinIterations).ToJson());
        return script.RunAsync(
            """
            import { readFileSync } from 'node:fs';
            import { openKeyFile } from './keyfile.js';
            import { sessionPass } from './transaction.js';
            const { file, chain, bank } = JSON.parse(readFileSync(0, 'utf8'));
            process.stdout.write(await sessionPass(await openKeyFile(file, 'pw'), chain, bank));
            """, JsonSerializer.Serialize(new { file, chain, bank }));
    }
}
