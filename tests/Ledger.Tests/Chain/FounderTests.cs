using System.Text.Json;
using Ledger.Client.Founding;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.Wire;
using Ledger.Suites;

namespace Ledger.Tests.Chain;

/// <summary>Who founds a chain is judged by what everybody is judged by who registers on it later.</summary>
public class FounderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("440301")]
    [InlineData("Shenzhen")]
    public void A_founders_region_is_the_one_that_its_number_says(string region) =>
        Assert.Contains("region", Problem(founder => founder with { Region = region }));

    [Fact]
    public void A_founders_texts_have_the_lengths_of_every_partys()
    {
        // A character beyond the first plane is one, though UTF-16 writes two.
        Assert.Equal("", Problem(founder => founder with { Name = Repeated("𠮷", 200), IndustryChain = Repeated("𠮷", 64) }));
        Assert.Contains("name", Problem(founder => founder with { Name = Repeated("𠮷", 201) }));
        Assert.Contains("name", Problem(founder => founder with { Name = "" }));
        Assert.Contains("industryChain", Problem(founder => founder with { IndustryChain = Repeated("链", 65) }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("张三")]
    [InlineData("zhang san")]
    public void The_person_behind_a_founders_key_has_a_name_that_tells_nobody_who_that_is(string person) =>
        Assert.Contains("person", Problem(founder => founder with { Keys = [founder.Keys[0] with { Person = person }, .. founder.Keys.Skip(1)] }));

    [Fact]
    public void Two_validators_whose_signatures_a_checkpoint_could_not_tell_apart_found_nothing()
    {
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("consortium"), new Timestamp(1_773_100_800_000));

        Assert.Null(Genesis.Read(founding.Genesis.Bytes, _ => new OneKeyId(), out var problem));
        Assert.Contains("key id", problem);
    }

    /// <summary>As if somebody had tried node keys until he found one with another's id.</summary>
    sealed class OneKeyId : CryptoSuite
    {
        public override string Name => KnownSuites.P256.Name;

        public override Hash256 Hash(ReadOnlySpan<byte> message) => KnownSuites.P256.Hash(message);

        public override Hash256 Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message) => KnownSuites.P256.Hmac(key, message);

        public override bool IsPublicKey(ReadOnlySpan<byte> publicKey) => KnownSuites.P256.IsPublicKey(publicKey);

        public override bool Verify(ByteString publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => KnownSuites.P256.Verify(publicKey, message, signature);

        public override bool VerifyNote(ByteString publicKey, ReadOnlySpan<byte> noteText, ReadOnlySpan<byte> signature) => KnownSuites.P256.VerifyNote(publicKey, noteText, signature);

        public override uint NoteKeyId(string keyName, ByteString publicKey) => 1;
    }

    static string Repeated(string character, int times) => string.Concat(Enumerable.Repeat(character, times));

    static string Problem(Func<FoundingParty, FoundingParty> change)
    {
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), new Timestamp(1_773_100_800_000));
        var text = founding.Genesis.Text;
        text = text with { Parties = [change(text.Parties[0]), .. text.Parties.Skip(1)] };
        _ = Genesis.Read(JsonSerializer.SerializeToUtf8Bytes(text, WireJson.TypeInfo<GenesisText>()), KnownSuites.Find, out var problem);
        return problem;
    }
}
