using System.Text;
using System.Text.Json.Nodes;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Suites;

namespace Ledger.Tests.Signing;

public sealed class JwsTests
{
    static readonly Hash256 Chain = KnownSuites.P256.Hash("genesis"u8);
    static readonly KeyId Lower = Kid("HWUPKR0MPOU8FGXBT394#2");
    static readonly KeyId Upper = Kid("HWUPKR0MPOU8FGXBT394#10");

    static ReadOnlySpan<byte> Payload => """{"party":"HWUPKR0MPOU8FGXBT394"}"""u8;

    [Theory]
    [InlineData("ES256")]
    [InlineData("SM2")]
    public void The_text_is_the_one_that_the_ledger_takes(string suiteName)
    {
        using var lowerKey = SigningKey.Create(KnownSuites.Find(suiteName)!);
        using var upperKey = SigningKey.Create(KnownSuites.Find(suiteName)!);
        var text = Encoding.ASCII.GetString(Jws.Sign(Payload, Chain, [(Upper, upperKey), (Lower, lowerKey)]));

        var jws = JsonNode.Parse(text)!;
        var payload = (string)jws["payload"]!;
        Assert.Equal(Base64Url.Encode(Payload), payload);
        var signatures = jws["signatures"]!.AsArray();
        Assert.Equal(2, signatures.Count);
        foreach (var (i, kid, key) in new[] { (0, Lower, lowerKey), (1, Upper, upperKey) })
        {
            var header = (string)signatures[i]!["protected"]!;
            Assert.True(Base64Url.TryDecode(header, out var headerJson));
            Assert.Equal(
                $$"""{"alg":"{{suiteName}}","kid":"{{kid}}","typ":"ledger-tx","chain":"{{Chain}}","signers":["{{Lower}}","{{Upper}}"]}""",
                Encoding.ASCII.GetString(headerJson));
            Assert.True(ByteString.TryParse((string)signatures[i]!["signature"]!, out var signature));
            Assert.True(key.Suite.Verify(key.PublicKey, Encoding.ASCII.GetBytes($"{header}.{payload}"), signature.Span));
        }

        Assert.Equal(jws.ToJsonString(), text);
    }

    [Fact]
    public void Holders_in_different_places_make_the_same_text()
    {
        using var lowerKey = SigningKey.Create(KnownSuites.P256);
        using var upperKey = SigningKey.Create(KnownSuites.P256);
        var lower = lowerKey.Sign(Jws.SigningInput(Lower, [Upper, Lower], Payload, "ES256", Chain));
        var upper = upperKey.Sign(Jws.SigningInput(Upper, [Lower, Upper], Payload, "ES256", Chain));
        var text = Jws.Assemble(Payload, "ES256", Chain, [(Upper, new ByteString(upper)), (Lower, new ByteString(lower))]);

        var jws = JsonNode.Parse(text)!;
        foreach (var (i, key) in new[] { (0, lowerKey), (1, upperKey) })
        {
            var part = jws["signatures"]![i]!;
            Assert.True(ByteString.TryParse((string)part["signature"]!, out var signature));
            Assert.True(key.Suite.Verify(key.PublicKey, Encoding.ASCII.GetBytes($"{part["protected"]}.{jws["payload"]}"), signature.Span));
        }

        Assert.True(Jws.TryRearrange(text, out var again));
        Assert.Equal(text, again);
    }

    [Fact]
    public void Any_librarys_general_form_becomes_the_exact_text()
    {
        var (one, two) = (Header(Lower, "first"), Header(Upper, "second"));
        var loose = $$"""
            { "signatures": [ {"signature" : "AQ", "protected" : "{{two}}" },
                              {"protected":"{{one}}", "signature":"Ag"} ],
              "payload":"e30" }
            """;

        Assert.True(Jws.TryRearrange(Encoding.UTF8.GetBytes(loose), out var text));
        Assert.Equal(
            $$"""{"payload":"e30","signatures":[{"protected":"{{one}}","signature":"Ag"},{"protected":"{{two}}","signature":"AQ"}]}""",
            Encoding.ASCII.GetString(text));
    }

    [Fact]
    public void Any_librarys_flattened_form_becomes_the_exact_text()
    {
        var header = Header(Lower, "only");
        var loose = $$"""{"protected":"{{header}}","payload":"e30","signature":"AQ"}""";

        Assert.True(Jws.TryRearrange(Encoding.UTF8.GetBytes(loose), out var text));
        Assert.Equal(
            $$"""{"payload":"e30","signatures":[{"protected":"{{header}}","signature":"AQ"}]}""",
            Encoding.ASCII.GetString(text));
    }

    [Fact]
    public void What_cannot_become_a_transaction_is_refused()
    {
        var header = Header(Lower, "x");
        var noKid = Base64Url.Encode("""{"alg":"ES256"}"""u8);
        var strangeKid = Base64Url.Encode("""{"kid":"alice"}"""u8);
        var twoKids = Base64Url.Encode(Encoding.ASCII.GetBytes($$"""{"kid":"{{Lower}}","kid":"{{Upper}}"}"""));
        string Part(string protectedHeader, string signature = "AQ") => $$"""{"protected":"{{protectedHeader}}","signature":"{{signature}}"}""";
        string General(string signatures, string payload = "e30") => $$"""{"payload":"{{payload}}","signatures":[{{signatures}}]}""";

        Assert.True(Jws.TryRearrange(Encoding.UTF8.GetBytes(General(Part(header))), out _));
        foreach (var text in (string[])
        [
            "", "null", "[]", "{}", "{\"payload\":\"e30\"}",
            General(""),
            General("null"),
            General(Part(header) + "," + Part(header)),
            General(Part(header), payload: "e30="),
            General(Part(header), payload: "e31"),
            General(Part(header, signature: "A+")),
            General(Part(noKid)),
            General(Part(strangeKid)),
            General(Part(twoKids)),
            General(Part("e30x")),
            General($$"""{"protected":"{{header}}","header":{},"signature":"AQ"}"""),
            General($$"""{"protected":"{{header}}","protected":"{{header}}","signature":"AQ"}"""),
            General(Part(header)) + " {}",
            General(Part(header))[..^1] + ",\"comment\":\"\"}",
            General(Part(header))[..^1] + ",\"signature\":\"AQ\"}",
            $$"""{"payload":"e30","protected":"{{header}}"}""",
            $$"""{"payload":"e30","protected":"{{header}}","signature":"AQ","header":{} }""",
            $"{header}.e30.AQ",
        ])
        {
            Assert.False(Jws.TryRearrange(Encoding.UTF8.GetBytes(text), out _), text);
        }
    }

    [Fact]
    public void A_key_that_is_not_among_the_signers_has_nothing_to_sign()
    {
        Assert.Throws<ArgumentException>(() => Jws.SigningInput(Lower, [Upper], Payload, "ES256", Chain));
        Assert.Throws<ArgumentException>(() => Jws.SigningInput(Lower, [Lower, Lower], Payload, "ES256", Chain));
        Assert.Throws<ArgumentException>(() => Jws.Assemble(Payload, "ES256", Chain, []));
    }

    // Member order and a member of its own, as another library would leave them: the signed octets must not change.
    static string Header(KeyId kid, string note) => Base64Url.Encode(Encoding.ASCII.GetBytes($$"""{ "note": "{{note}}", "kid": "{{kid}}" }"""));

    static KeyId Kid(string text) => KeyId.TryParse(text, out var kid) ? kid : throw new ArgumentException(text);
}
