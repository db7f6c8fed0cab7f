using System.Globalization;
using System.Net;
using System.Text;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Tests.Http;
using static Ledger.Tests.World;

namespace Ledger.Tests.Access;

/// <summary>A pass lets in whom the ledger knows, for a few minutes, at one node; every other one has its number.</summary>
public sealed class PassTests(AccessStory story) : IClassFixture<AccessStory>
{
    const long Now = 1_790_000_000;

    [Theory]
    [InlineData("ES256")]
    [InlineData("SM2")]
    public void What_the_client_issues_the_node_believes(string suite)
    {
        using var chain = new Chain(suite);
        var passes = new ReadPasses(chain.Key, chain.Kid, chain.State.Chain.ChainId, chain.Bank, chain.Other, new Standing());

        Assert.Equal((Refusal.None, chain.Kid, chain.Other, Now + 300), Read(chain, passes.Issue()));
        Assert.Equal(passes.Current(), passes.Current());
        Assert.NotEqual(passes.Issue(), passes.Issue());
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("SM2")]
    public void Whatever_else_comes_has_its_number(string suite)
    {
        using var chain = new Chain(suite);
        var (head, claims) = (chain.Head(), chain.Claims());
        Assert.Equal(Refusal.None, Judge(chain, head, claims));

        // Not this shape.
        Assert.Equal(Refusal.PassMalformed, Read(chain, "").Refusal);
        Assert.Equal(Refusal.PassMalformed, Read(chain, "a.b").Refusal);
        Assert.Equal(Refusal.PassMalformed, Read(chain, $"{chain.Issue(head, claims)}.x").Refusal);
        Assert.Equal(Refusal.PassMalformed, Read(chain, new string('a', 5_000)).Refusal);
        Assert.Equal(Refusal.PassMalformed, Read(chain, chain.Issue(head, claims) + "=").Refusal);
        Assert.Equal(Refusal.PassMalformed, Judge(chain, head[..^1] + ",\"jwk\":{}}", claims));
        Assert.Equal(Refusal.PassMalformed, Judge(chain, head[..^1] + ",\"crit\":[\"exp\"]}", claims));
        Assert.Equal(Refusal.PassMalformed, Judge(chain, head[..^1] + $",\"alg\":\"{suite}\"}}", claims));
        Assert.Equal(Refusal.PassMalformed, Judge(chain, head, claims[..^1] + $",\"exp\":{Now + 60}}}"));
        Assert.Equal(Refusal.PassMalformed, Judge(chain, head, claims[..^1] + ",\"nbf\":1}"));
        Assert.Equal(Refusal.PassMalformed, Judge(chain, head, claims[..^1] + ",\"sub\":null}"));
        Assert.Equal(Refusal.PassMalformed, Judge(chain, head, claims[..^1] + $",\"sub\":\"{chain.Bank}\"}}"));
        Assert.Equal(Refusal.PassMalformed, Judge(chain, head, claims[..^1] + ",\"sub\":\"me\"}"));
        Assert.Equal(Refusal.PassMalformed, Judge(chain, head, claims.Replace($"{Now}", $"\"{Now}\"", StringComparison.Ordinal)));
        Assert.Equal(Refusal.PassMalformed, Judge(chain, head, claims.Replace($"{Now}", $"{Now}.5", StringComparison.Ordinal)));
        Assert.Equal(Refusal.PassMalformed, Judge(chain, head, $"[{claims}]"));
        Assert.Equal(Refusal.PassMalformed, Judge(chain, head, claims + " {}"));
        Assert.Equal(Refusal.PassMalformed, Judge(chain, chain.Head(kid: "nobody"), claims));
        Assert.Equal(Refusal.PassMalformed, Judge(chain, head, chain.Claims(jti: "1")));

        // Not this kind of pass: no signature at all, another algorithm, a transaction's.
        Assert.Equal(Refusal.PassAlgorithmWrong, Judge(chain, chain.Head(alg: "none"), claims));
        Assert.Equal(Refusal.PassAlgorithmWrong, Judge(chain, chain.Head(alg: "HS256"), claims));
        Assert.Equal(Refusal.PassAlgorithmWrong, Judge(chain, chain.Head(alg: suite == "SM2" ? "ES256" : "SM2"), claims));
        Assert.Equal(Refusal.PassAlgorithmWrong, Judge(chain, chain.Head(typ: "JWT"), claims));
        Assert.Equal(Refusal.PassAlgorithmWrong, Judge(chain, chain.Head(typ: "ledger-tx"), claims));

        Assert.Equal(Refusal.PassForAnother, Judge(chain, head, chain.Claims(aud: $"{new Hash256(1, 2)}/{chain.Bank}")));
        Assert.Equal(Refusal.PassForAnother, Judge(chain, head, chain.Claims(aud: $"{chain.State.Chain.ChainId}/{chain.Other}")));

        Assert.Equal(Refusal.PassExpired, Judge(chain, head, chain.Claims(iat: Now - 400, exp: Now - 100)));
        Assert.Equal(Refusal.None, Judge(chain, head, chain.Claims(iat: Now - 300, exp: Now - 29)));
        Assert.Equal(Refusal.PassNotYetValid, Judge(chain, head, chain.Claims(iat: Now + 31, exp: Now + 60)));
        Assert.Equal(Refusal.None, Judge(chain, head, chain.Claims(iat: Now + 30, exp: Now + 60)));
        Assert.Equal(Refusal.PassLivesTooLong, Judge(chain, head, chain.Claims(iat: Now, exp: Now + 301)));
        Assert.Equal(Refusal.PassLivesTooLong, Judge(chain, head, chain.Claims(iat: Now, exp: Now)));
        Assert.Equal(Refusal.PassLivesTooLong, Judge(chain, head, chain.Claims(iat: -9_000_000_000_000_000_000, exp: 9_000_000_000_000_000_000)));

        Assert.Equal(Refusal.PassKeyUnknown, Judge(chain, chain.Head(kid: $"{chain.Bank}#99"), claims));
        Assert.Equal(Refusal.PassKeyUnknown, Judge(chain, chain.Head(kid: $"{Stranger}#1"), claims));

        // A recovery key signs changes of keys and nothing else.
        var recovery = Enumerable.Range(1, 9).Select(n => new KeyId(chain.Bank, (uint)n)).First(kid => chain.State.Key(kid)?.Use == Core.Parties.KeyUse.Recovery);
        Assert.Equal(Refusal.PassKeyUnknown, Judge(chain, chain.Head(kid: $"{recovery}"), claims));

        using var thief = SigningKey.Create(chain.State.Chain.Suite);
        Assert.Equal(Refusal.PassSignatureInvalid, Read(chain, chain.Issue(head, claims, thief)).Refusal);
        var good = chain.Issue(head, claims).Split('.');
        var moved = Base64Url.Encode(Encoding.UTF8.GetBytes(chain.Claims(exp: Now + 200)));
        Assert.Equal(Refusal.PassSignatureInvalid, Read(chain, $"{good[0]}.{moved}.{good[2]}").Refusal);
        Assert.NotEqual(Refusal.None, Read(chain, $"{good[0]}.{good[1]}.").Refusal);
    }

    [Fact]
    public async Task A_request_without_a_pass_is_told_what_would_let_it_in()
    {
        using var answer = await story.Http.GetAsync($"v1/instruments/{story.Note}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal($"Bearer realm=\"{story.World.Genesis.Chain.ChainId}\"", answer.Headers.WwwAuthenticate.ToString());
        Assert.Equal((HttpStatusCode.Unauthorized, Refusal.PassMissing), await story.AnswerAsync(null, "v1/attempts"));
    }

    [Theory]
    [InlineData("Bearer abc", Refusal.PassMalformed)]
    [InlineData("Basic YWRtaW46YWRtaW4=", Refusal.PassMalformed)]
    [InlineData("Bearer", Refusal.PassMalformed)]
    public async Task A_pass_that_lets_nobody_in_is_refused_even_where_none_is_needed(string authorization, Refusal expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/health");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await story.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains($"error=\"invalid_token\", error_description=\"{(int)expected} {expected}\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pass_ends_with_its_time_and_with_its_key()
    {
        var kid = story.World.GiveKey(D, Core.Parties.KeyRole.Maker, "wang.wu");
        var past = story.Passes(kid, null, new Standing(TimeProvider.System.GetUtcNow().AddMinutes(-10)));
        Assert.Equal((HttpStatusCode.Unauthorized, Refusal.PassExpired), await story.AnswerAsync(past, $"v1/parties/{D}"));

        // The same pass was believed a moment ago, and its key is gone now.
        var api = story.As(D);
        var passes = story.Passes(kid, null, TimeProvider.System);
        using (var request = new HttpRequestMessage(HttpMethod.Get, $"v1/parties/{D}"))
        {
            request.Headers.Authorization = new("Bearer", passes.Current());
            using var seen = await story.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
        }

        story.World.Accepts(D, new Core.Rules.RevokeKey(kid.Number));
        using var again = new HttpRequestMessage(HttpMethod.Get, $"v1/parties/{D}");
        again.Headers.Authorization = new("Bearer", passes.Current());
        using var refused = await story.Http.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Contains(nameof(Refusal.PassKeyUnknown), refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        using var other = await api.ReadAsync($"v1/parties/{D}", TestContext.Current.CancellationToken);
        Assert.NotNull(other);
    }

    [Fact]
    public void A_pass_for_a_session_is_another_than_one_to_read_and_lives_for_a_minute()
    {
        using var chain = new Chain("ES256");
        const string Session = "ledger-session+jwt";

        Assert.Equal(Refusal.None, Read(chain, chain.Issue(chain.Head(typ: Session), chain.Claims(exp: Now + 60)), PassUse.Session).Refusal);
        Assert.Equal(Refusal.PassLivesTooLong, Read(chain, chain.Issue(chain.Head(typ: Session), chain.Claims(exp: Now + 61)), PassUse.Session).Refusal);
        Assert.Equal(Refusal.PassAlgorithmWrong, Read(chain, chain.Issue(chain.Head(), chain.Claims(exp: Now + 60)), PassUse.Session).Refusal);
        Assert.Equal(Refusal.PassAlgorithmWrong, Read(chain, chain.Issue(chain.Head(typ: Session), chain.Claims(exp: Now + 60))).Refusal);
    }

    [Fact]
    public void A_pass_that_is_good_once_is_spent_and_no_party_spends_for_another()
    {
        var spent = new SpentPasses();
        ReadPass Of(PartyId party, string id) => new(Key(party), null, id, Now, Now + 60);

        Assert.Equal(Refusal.None, spent.Spend(Of(A, "one"), Now));
        Assert.Equal(Refusal.PassSpent, spent.Spend(Of(A, "one"), Now + 89));
        for (var i = 1; i < SpentPasses.MostOfParty; i++) Assert.Equal(Refusal.None, spent.Spend(Of(A, $"{i}"), Now));
        Assert.Equal(Refusal.TooManyRequests, spent.Spend(Of(A, "more"), Now + 89));
        Assert.Equal(Refusal.None, spent.Spend(Of(B, "one"), Now));
        Assert.Equal(Refusal.None, spent.Spend(Of(A, "more") with { Expires = Now + 150 }, Now + 90));
    }

    static Refusal Judge(Chain chain, string head, string claims) => Read(chain, chain.Issue(head, claims)).Refusal;

    static (Refusal Refusal, KeyId? Key, PartyId? For, long? Ends) Read(Chain chain, string text, PassUse use = PassUse.Read) =>
        ReadPass.TryRead(text, use, chain.State, chain.Bank, Now, out var pass, out var refusal, out _)
            ? (refusal, pass.Key, pass.OnBehalfOf, pass.Expires)
            : (refusal, null, null, null);

    /// <summary>A chain as it is founded, under either suite.</summary>
    sealed class Chain : IDisposable
    {
        readonly FoundingKeys founding;

        public Chain(string suite)
        {
            founding = FoundingKeys.Fill(FoundingKeys.Preset("demo") with { Suite = suite }, TestNode.Start);
            State = new Fold(founding.Genesis).State;
            Bank = founding.Genesis.Text.Parties[0].Id;
            Other = founding.Genesis.Text.Parties[1].Id;
            Key = founding.Signer(Bank);
            Kid = new(Bank, FoundingKeys.Maker);
        }

        public LedgerState State { get; }

        public PartyId Bank { get; }

        public PartyId Other { get; }

        public SigningKey Key { get; }

        public KeyId Kid { get; }

        public string Head(string? alg = null, string? kid = null, string typ = "ledger-read+jwt") =>
            $$"""{"alg":"{{alg ?? State.Chain.Suite.Name}}","kid":"{{kid ?? Kid.ToString()}}","typ":"{{typ}}"}""";

        public string Claims(string? aud = null, long iat = Now, long exp = Now + 300, string jti = "AAAAAAAAAAAAAAAAAAAAAQ") => string.Create(
            CultureInfo.InvariantCulture, $$"""{"aud":"{{aud ?? ReadPass.AudienceOf(State.Chain.ChainId, Bank)}}","iat":{{iat}},"exp":{{exp}},"jti":"{{jti}}"}""");

        public string Issue(string head, string claims, SigningKey? by = null)
        {
            var signed = $"{Base64Url.Encode(Encoding.UTF8.GetBytes(head))}.{Base64Url.Encode(Encoding.UTF8.GetBytes(claims))}";
            return $"{signed}.{Base64Url.Encode((by ?? Key).Sign(Encoding.ASCII.GetBytes(signed)))}";
        }

        public void Dispose() => founding.Dispose();
    }

    sealed class Standing(DateTimeOffset? at = null) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at ?? DateTimeOffset.FromUnixTimeSeconds(Now);
    }
}
