using System.Net;
using System.Text.Json;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Documents;
using Ledger.Node.Http;
using Ledger.Tests.Http;
using Microsoft.Extensions.Logging.Abstractions;
using static Ledger.Tests.World;

namespace Ledger.Tests.Access;

/// <summary>Who may see what, over every route and for every role.</summary>
public sealed class VisibilityTests(AccessStory story) : IClassFixture<AccessStory>
{
    // Everybody joined by an entry that is its own; nobody in this story attested two papers that are nearly the same.
    const string EverybodyHasSome = "listEntries";
    const string NobodyHasAny = "listNearMatches";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_role_gets_of_every_route_what_the_table_gives_it()
    {
        var asked = 0;
        // A stream has no end, and subscriptions and drafts are each party's own: they are tried where notices and drafts are.
        foreach (var route in Routes().Where(route => route.Method == "GET" && route.Operation != "streamEvents" && route.Resource is not (Resource.Webhook or Resource.Draft)))
        {
            var sample = Samples().Single(one => one.Operation == route.Operation);
            foreach (var role in Visibility.Rows)
            {
                var extent = Visibility.Of(role, route.Resource);
                var (status, body) = await GetAsync(role == Roles.None ? null : story.Outsiders[role], sample.Path);
                var expected = (extent, role) switch
                {
                    (Extent.Nothing, Roles.None) => HttpStatusCode.Unauthorized,
                    (Extent.Nothing, _) => HttpStatusCode.Forbidden,

                    // What is the node's own bank's only is refused to other banks, not hidden.
                    (Extent.Own, _) when route.Resource == Resource.Peers => HttpStatusCode.Forbidden,
                    (Extent.Own, _) when sample.List is null && !IsByOffice(role, route) => HttpStatusCode.NotFound,
                    _ => HttpStatusCode.OK,
                };
                Assert.Equal((route.Operation, role, expected), (route.Operation, role, status));
                if (extent == Extent.Own && sample.List is { } list && !IsByOffice(role, route) && route.Operation != EverybodyHasSome) Assert.Equal((route.Operation, role, 0), (route.Operation, role, body.GetProperty(list).GetArrayLength()));
                if (extent == Extent.All && sample.List is { } whole && route.Operation != NobodyHasAny) Assert.NotEqual((route.Operation, role, 0), (route.Operation, role, body.GetProperty(whole).GetArrayLength()));
                asked++;
            }

            foreach (var owner in sample.Owners)
            {
                var (status, body) = await GetAsync(owner, sample.Path);
                Assert.Equal((route.Operation, owner, HttpStatusCode.OK), (route.Operation, owner, status));
                if (sample.List is { } list) Assert.NotEqual((route.Operation, owner, 0), (route.Operation, owner, body.GetProperty(list).GetArrayLength()));
                asked++;
            }
        }

        Assert.True(asked > 300);
    }

    [Fact]
    public async Task What_is_only_for_some_and_changes_something_is_refused_to_others_before_it_is_read()
    {
        foreach (var route in Routes().Where(route => route.Method != "GET" && route.Resource is not (Resource.Webhook or Resource.Draft)))
        {
            foreach (var role in Visibility.Rows)
            {
                using var request = new HttpRequestMessage(new(route.Method), $"v1{route.Path}?{(route.Operation == "prepareAttestation" ? $"seller={A}" : "")}") { Content = new StringContent("{}") };
                if (role != Roles.None) request.Headers.Authorization = new("Bearer", story.Passes(story.Outsiders[role]).Current());
                using var answer = await story.Http.SendAsync(request, Cancel);

                // Who is let in stands before a desk that takes no plain text; banks and operators are told apart from the node's own.
                var extent = Visibility.Of(role, route.Resource);
                var expected = (extent, role) switch
                {
                    (Extent.All, _) => HttpStatusCode.UnsupportedMediaType,
                    (_, Roles.None) => HttpStatusCode.Unauthorized,
                    _ => HttpStatusCode.Forbidden,
                };
                Assert.Equal((route.Operation, role, expected), (route.Operation, role, answer.StatusCode));
            }
        }

        using var desk = new HttpRequestMessage(HttpMethod.Post, $"v1/documents/attestations?seller={A}") { Content = new StringContent("{}") };
        desk.Headers.Authorization = new("Bearer", story.Passes(X).Current());
        using var own = await story.Http.SendAsync(desk, Cancel);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, own.StatusCode);
    }

    [Fact]
    public void The_table_in_the_documents_is_the_table_in_force_else_run_the_tests_with_LEDGER_RENEW_1()
    {
        const string begin = "<!-- table -->\n";
        var path = Path.Combine(Repository.Root(), "ledger-node/docs/VISIBILITY.md");
        var text = File.ReadAllText(path);
        var rows = Enum.GetValues<Resource>().Select(resource =>
            $"| {JsonNamingPolicy.CamelCase.ConvertName(resource.ToString())} | {string.Join(" | ", Visibility.Rows.Select(role => Visibility.Of(role, resource) switch { Extent.All => "all", Extent.Own => "own", _ => "–" }))} |");
        var head = $"| | {string.Join(" | ", Visibility.Rows.Select(role => role == Roles.None ? "anybody" : JsonNamingPolicy.CamelCase.ConvertName(role.ToString())))} |";
        var wanted = $"{begin}{head}\n|{string.Concat(Enumerable.Repeat("---|", Visibility.Rows.Count + 1))}\n{string.Join('\n', rows)}\n";
        var (from, to) = (text.IndexOf(begin, StringComparison.Ordinal), text.LastIndexOf("<!-- end -->", StringComparison.Ordinal));
        if (OpenApiTests.IsRenewing) File.WriteAllText(path, text = text[..from] + wanted + text[to..]);
        else Assert.Equal(wanted, text[from..to]);
    }

    [Fact]
    public async Task A_holder_sees_its_tokens_and_not_its_siblings()
    {
        var (mine, whole) = (await ReadAsync(B, $"instruments/{story.Note}"), await ReadAsync(C, $"instruments/{story.Note}"));

        Assert.Equal([B.Text], Items(mine, "tokens").Select(token => Text(token, "holder")).Distinct());
        Assert.Equal(new[] { A.Text, B.Text, D.Text }.Order(StringComparer.Ordinal), Items(whole, "tokens").Select(token => Text(token, "holder")!).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Items(whole, "tokens").Length, Items(await ReadAsync(story.Regulator, $"instruments/{story.Note}"), "tokens").Length);
        Assert.Empty(Items(await ReadAsync(B, $"tokens?holder={D}"), "tokens"));
        Assert.NotEmpty(Items(await ReadAsync(D, $"tokens?holder={D}"), "tokens"));
    }

    [Fact]
    public async Task A_holder_sees_the_way_of_its_own_units_as_far_as_it_proves_them()
    {
        var legs = Items(await ReadAsync(D, $"instruments/{story.Note}/lineage"), "legs");

        Assert.Equal([(C.Text, A.Text), (A.Text, D.Text)], legs.Select(leg => (Text(leg, "from"), Text(leg, "to"))));

        // Of the first leg only what is D's own: a lender to D need not learn how much A had.
        Assert.All(legs, leg => Assert.Equal("301-500", Assert.Single(leg.GetProperty("units").EnumerateArray()).GetString()));
        foreach (var leg in legs) Assert.Equal(HttpStatusCode.OK, (await GetAsync(D, $"entries/{leg.GetProperty("leaf").GetUInt64()}")).Status);
        Assert.Equal(3, Items(await ReadAsync(A, $"instruments/{story.Note}/lineage"), "legs").Length);
    }

    [Fact]
    public async Task A_siblings_trade_is_not_there_whichever_way_it_is_asked_for()
    {
        var leaf = story.LeafOf(story.ToD);
        foreach (var path in new[] { $"entries/{leaf}", $"receipts/{leaf}", $"leaves/{leaf}", $"transactions/{A}/{story.ToD.Id}", $"transactions/{A}/{story.ToD.Id}/receipt", $"receipts/{leaf}/cose", $"transactions/{A}/{story.ToD.Id}/receipt/cose", $"financings/{story.Financing}", $"pledges/{story.Pledge}" })
        {
            var (hidden, missing) = (await GetAsync(B, path), await GetAsync(B, "entries/999999"));
            Assert.Equal(HttpStatusCode.NotFound, hidden.Status);

            // Nothing in the answer tells what is not there from what is not for B.
            Assert.Equal(Anonymous(missing.Body), Anonymous(hidden.Body));
        }

        var block = await ReadAsync(B, $"blocks/{story.HeightOf(story.ToD)}");
        Assert.Empty(Items(block, "entries"));
        Assert.Equal(1, block.GetProperty("entryCount").GetInt32());
        Assert.Single(Items(await ReadAsync(D, $"blocks/{story.HeightOf(story.ToD)}"), "entries"));
    }

    [Fact]
    public async Task To_each_payee_its_own_share_and_to_the_obligor_all()
    {
        Assert.Equal([B.Text], Items(await ReadAsync(B, $"payments/{story.Payment}"), "shares").Select(share => Text(share, "payee")));
        Assert.Empty(Items(await ReadAsync(B, $"payments/{story.Payment}"), "announced"));
        foreach (var all in new[] { C, X })
        {
            Assert.Equal(2, Items(await ReadAsync(all, $"payments/{story.Payment}"), "shares").Length);
            Assert.Equal([D.Text], Items(await ReadAsync(all, $"payments/{story.Payment}"), "announced").Select(share => Text(share, "payee")));
        }

        // What waits for D's word is D's, and that of the bank which holds its account.
        foreach (var own in new[] { D, Y })
        {
            var announced = await ReadAsync(own, $"payments/{story.Payment}");
            Assert.Equal((0, D.Text), (Items(announced, "shares").Length, Text(Items(announced, "announced").Single(), "payee")));
        }

        var due = await ReadAsync(B, $"instruments/{story.Note}/instructions");
        Assert.Equal([B.Text], Items(due, "instructions").Select(one => Text(one, "payee")).Distinct());
        Assert.True(Amount.TryParse(Text(due, "total"), out var mine) && Amount.TryParse(Text(await ReadAsync(C, $"instruments/{story.Note}/instructions"), "total"), out var whole) && mine < whole);
    }

    [Fact]
    public async Task A_partys_limits_account_and_persons_are_for_itself_its_sponsor_and_those_who_supervise()
    {
        foreach (var inside in new[] { A, X, story.Regulator, story.Outsiders[Roles.Operator] })
        {
            var party = await ReadAsync(inside, $"parties/{A}");
            Assert.True(party.TryGetProperty("account", out _) && party.TryGetProperty("policy", out _));
            Assert.Equal("zhang.san", Text(Items(party, "keys")[0], "person"));
        }

        foreach (var outside in new[] { B, Y, story.Outsiders[Roles.Bank] })
        {
            var party = await ReadAsync(outside, $"parties/{A}");
            Assert.False(party.TryGetProperty("account", out _) || party.TryGetProperty("policy", out _) || Items(party, "keys")[0].TryGetProperty("person", out _));
            Assert.Equal("示例供应商甲", Text(party, "name"));
        }
    }

    [Fact]
    public async Task Hidden_terms_are_for_the_two_sides_the_nodes_bank_and_regulators()
    {
        var path = $"disclosures/{A}/{story.Hidden.Id}";
        foreach (var entitled in new[] { A, B, X, story.Regulator }) Assert.Equal(HttpStatusCode.OK, (await GetAsync(entitled, path)).Status);
        foreach (var other in new[] { C, D, Y, story.Outsiders[Roles.Bank] }) Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(other, path)).Status);
    }

    [Fact]
    public async Task An_attempt_is_told_to_who_made_it_and_to_regulators()
    {
        Assert.Single(Items(await ReadAsync(A, "attempts"), "attempts"));
        Assert.Empty(Items(await ReadAsync(B, "attempts"), "attempts"));
        Assert.Single(Items(await ReadAsync(story.Regulator, "attempts"), "attempts"));
    }

    [Fact]
    public async Task An_agent_reads_for_its_principal_what_its_mandate_is_about()
    {
        var agent = story.Outsiders[Roles.Platform];
        var (none, refused) = await story.AnswerAsync(story.Passes(agent, B), $"v1/instruments/{story.Note}");
        Assert.Equal((HttpStatusCode.Unauthorized, Refusal.PassWithoutMandate), (none, refused));

        story.World.Granted(B, agent, 1_000_000, "token.transfer");
        var api = story.As(agent, onBehalfOf: B);
        using var seen = await api.ReadAsync($"v1/instruments/{story.Note}", Cancel);
        Assert.Equal([B.Text], Items(seen!.RootElement, "tokens").Select(token => Text(token, "holder")).Distinct());

        // Transfers are no payments, nor is the log of reads anybody's but the principal's.
        foreach (var path in new[] { $"v1/payments/{story.Payment}", $"v1/parties/{B}/reads" })
        {
            var (status, why) = await story.AnswerAsync(story.Passes(agent, B), path);
            Assert.Equal((HttpStatusCode.Forbidden, Refusal.NotForThisRole), (status, why));
        }
    }

    [Fact]
    public void What_a_regulator_sees_by_its_office_goes_with_no_mandate()
    {
        var regulator = story.World.State.Party(story.Regulator)!;
        var mandate = new Mandate(TestNode.New<Mandate>(), regulator.Id, A, ["token.transfer"], Currency.Cny, new(1), [], TestNode.Start, default);
        var caller = Caller.OnBehalf(Key(A), regulator, [mandate]);

        Assert.Equal(Extent.All, Visibility.Of(Caller.Of(Key(regulator.Id), regulator), Resource.Instrument));
        Assert.Equal(Extent.Nothing, Visibility.Of(caller, Resource.Instrument));
    }

    [Fact]
    public async Task What_a_bank_sees_by_its_office_goes_with_no_mandate()
    {
        // X runs the node and brought A in. A transfer between A and B is none of X's own acts.
        var agent = story.Outsiders[Roles.Guarantor];
        foreach (var verb in new[] { "offer.accept", "token.transfer", "financing.apply" }) story.World.Granted(X, agent, 1, verb);
        var path = $"v1/disclosures/{A}/{story.Hidden.Id}";

        Assert.Equal((HttpStatusCode.OK, Refusal.None), await story.AnswerAsync(story.Passes(X), path));
        Assert.Equal((HttpStatusCode.NotFound, Refusal.NotFound), await story.AnswerAsync(story.Passes(agent, X), path));
        using var own = await story.As(X).ReadAsync($"v1/parties/{A}", Cancel);
        using var mandated = await story.As(agent, X).ReadAsync($"v1/parties/{A}", Cancel);
        Assert.True(own!.RootElement.GetRawText().Contains("\"person\"", StringComparison.Ordinal));
        Assert.False(mandated!.RootElement.GetRawText().Contains("\"person\"", StringComparison.Ordinal));
    }

    [Fact]
    public void An_agent_sees_what_acts_hid_of_the_chapters_that_it_was_given()
    {
        var party = story.World.State.Party(A)!;
        Caller With(string verb) =>
            Caller.OnBehalf(Key(B), party, [new(TestNode.New<Mandate>(), A, B, [verb], Currency.Cny, new(1), [], TestNode.Start, default)]);
        bool Sees(string verb, params Operation[] acts) => Visibility.IsMandated(With(verb), acts);
        var transfer = story.ToB.Operations[0];
        var attestation = new Core.Rules.AcceptOffer(TestNode.New<Core.Instruments.Offer>());

        Assert.True(Sees("token.transfer", transfer));
        Assert.True(Sees("token.correct", transfer));
        Assert.False(Sees("financing.apply", transfer));
        Assert.False(Sees("offer.accept", transfer));
        Assert.False(Sees("token.transfer", transfer, attestation));
        Assert.True(Visibility.IsMandated(Caller.Of(Key(A), party), [transfer, attestation]));
    }

    IReadOnlyList<ApiRoute> Routes() =>
        ApiRoutes.Of(story.World.Node.Loop, new DocumentService(story.World.Suite, new(story.World.Suite, default, new Dictionary<uint, byte[]>())), null, story.Options, NullLogger.Instance).All;

    // What is seen of the story by office and not by ownership: the registry's gateway sees financings.
    static bool IsByOffice(Roles role, ApiRoute route) => role == Roles.Gateway && route.Resource == Resource.Financing;

    // For each route that answers a question: something that is there, who may see it, and, of a list, its name.
    (string Operation, string Path, PartyId[] Owners, string? List)[] Samples() =>
    [
        ("getParty", $"parties/{A}", [A, B], null),
        ("listReads", $"parties/{A}/reads", [A], null),
        ("listDocuments", $"documents?seller={A}", [A, X], "documents"),
        ("getDocument", $"documents/{story.Invoice}", [A, C, X], null),
        ("getDisclosures", $"disclosures/{A}/{story.Hidden.Id}", [A, B, X], null),
        ("listInstruments", $"instruments?obligor={C}", [A, B, C, D], "instruments"),
        ("getInstrument", $"instruments/{story.Note}", [A, B, C, D, X], null),
        ("getLineage", $"instruments/{story.Note}/lineage", [A, B, C, D], null),
        ("getFinancing", $"financings/{story.Financing}", [D, X, Lending.P], null),
        ("getReckoning", $"financings/{story.Financing}/reckoning", [D, X], null),
        ("listFinancings", $"parties/{D}/financings", [D, X], "financings"),
        ("getLine", $"lines/{story.Line}", [X, C], null),
        ("listLines", $"parties/{C}/lines", [X, C], "lines"),
        ("getPayment", $"payments/{story.Payment}", [A, B, C, X], null),
        ("listPaymentsOnInstrument", $"instruments/{story.Note}/payments", [A, B, C, X], null),
        ("listPaymentsToParty", $"parties/{B}/payments", [B, C, X], "payments"),
        ("getInstructions", $"instruments/{story.Note}/instructions", [A, B, C, D], null),
        ("getInstrumentHistory", $"instruments/{story.Note}/history", [A, B, C, D], null),
        ("getInstrumentTree", $"instruments/{story.Note}/tree", [A, B, C, D], null),
        ("listParties", "parties", [A], "parties"),
        ("getPortfolio", $"parties/{A}/portfolio", [A], null),
        ("listToDos", $"parties/{A}/todo", [A], null),
        ("listEntriesOfParty", $"parties/{A}/entries", [A], "entries"),
        ("listEntries", "entries", [A], "entries"),
        ("listBlocks", "blocks", [A], "blocks"),
        ("listNearMatches", "near-matches", [], "matches"),
        ("search", $"search?q={story.Note}", [A, C], "hits"),
        ("getStatistics", "statistics?metric=issued", [C], "rows"),
        ("getMetrics", "statistics/metrics", [], null),
        ("listTokens", $"tokens?holder={B}", [B, C], "tokens"),
        ("listOffers", $"offers?from={A}", [A, B], "offers"),
        ("getOffer", $"offers/{story.Offer}", [A, B], null),
        ("listProposals", "proposals", [A], "proposals"),
        ("getProposal", $"proposals/{story.Proposal}", [A], null),
        ("getGovernance", "governance", [A], null),
        ("listMeasures", $"measures?party={A}", [A, B, X, Z], "measures"),
        ("getMeasure", $"measures/{story.Measure}", [A, B, X, Z, W], null),
        ("listPledges", $"pledges?party={A}", [A, Y], "pledges"),
        ("getPledge", $"pledges/{story.Pledge}", [A, Y], null),
        ("listAttempts", "attempts", [A], "attempts"),
        ("getBlock", $"blocks/{story.HeightOf(story.ToB)}", [A, B, C], null),
        ("getEntry", $"entries/{story.LeafOf(story.ToB)}", [A, B, C], null),
        ("getLeaf", $"leaves/{story.LeafOf(story.ToB)}", [A, B, C], null),
        ("getTransaction", $"transactions/{A}/{story.ToB.Id}", [A, B, C], null),
        ("getReceipt", $"receipts/{story.LeafOf(story.ToB)}", [A, B, C], null),
        ("getReceiptOfTransaction", $"transactions/{A}/{story.ToB.Id}/receipt", [A, B, C], null),
        ("getProof", $"proofs/{story.LeafOf(story.ToB)}", [], null),
        ("getCoseReceipt", $"receipts/{story.LeafOf(story.ToB)}/cose", [A, B, C], null),
        ("getCoseReceiptOfTransaction", $"transactions/{A}/{story.ToB.Id}/receipt/cose", [A, B, C], null),
        ("getCoseProof", $"proofs/{story.LeafOf(story.ToB)}/cose", [], null),
        ("proveInstrument", $"instruments/{story.Note}/proof", [A, B, C, D, X], null),
        ("proveDocument", $"documents/{story.Invoice}/proof", [A, C, X], null),
        ("proveFingerprint", $"fingerprints/invoice/1/{new Hash256(1, 1)}/proof", [X], null),
        ("getCheckpoint", "checkpoint", [], null),
        ("getConsistency", "consistency?from=1", [], null),
        ("getCheckpointAt", "checkpoints/1", [], null),
        ("getWitnessed", "witnessed", [], null),
        ("getTile", "tile/0/000.p/1", [], null),
        ("getBundle", "tile/entries/000.p/1", [], null),
        ("getGenesis", "genesis", [], null),
        ("getHealth", "health", [], null),
        ("getClock", "clock", [], null),
        ("listPeers", "peers", [], null),
        ("getNode", "node", [], null),
        ("getDescription", "openapi.json", [], null),
    ];

    async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(PartyId? party, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/{path}");
        if (party is { } known) request.Headers.Authorization = new("Bearer", story.Passes(known).Current());
        using var answer = await story.Http.SendAsync(request, Cancel);
        if (answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) != true) return (answer.StatusCode, default);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Cancel));
        return (answer.StatusCode, body.RootElement.Clone());
    }

    async Task<JsonElement> ReadAsync(PartyId party, string path)
    {
        var (status, body) = await GetAsync(party, path);
        Assert.Equal((path, HttpStatusCode.OK), (path, status));
        return body;
    }

    // A problem without the name of its request.
    static string Anonymous(JsonElement problem) => string.Join(' ', problem.EnumerateObject().Where(member => member.Name != "traceId").Select(member => member.ToString()));

    static JsonElement[] Items(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray()];

    static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
