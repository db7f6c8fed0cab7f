using Ledger.Core.Chain;

namespace Ledger.Tests.Chain;

public class VKeyTests
{
    // From the signed-note specification.
    const string Ed25519 = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    [Fact]
    public void The_example_of_the_specification_is_read_with_its_key_id_checked()
    {
        Assert.True(VKey.TryParse(Ed25519, out var key));
        Assert.Equal(("example.com/foo", 0x530d903au, VKeyKind.Ed25519), (key.Name, key.KeyId, key.Kind));
        Assert.Null(key.SuiteName);
        Assert.Equal(Ed25519, key.ToString());

        Assert.False(VKey.TryParse(Ed25519.Replace("530d903a", "530d903b", StringComparison.Ordinal), out _));
        Assert.False(VKey.TryParse(Ed25519.Replace("foo", "bar", StringComparison.Ordinal), out _));
    }

    [Fact]
    public void A_P256_key_is_read_back()
    {
        using var signer = new Signer(Sample.Origin);
        var text = signer.VKey.ToString();

        Assert.True(VKey.TryParse(text, out var key));
        Assert.Equal(signer.VKey, key);
        Assert.Equal("ES256", key.SuiteName);
        Assert.False(VKey.TryParse(text.Replace($"{key.KeyId:x8}", $"{key.KeyId ^ 1:x8}", StringComparison.Ordinal), out _));
    }

    [Fact]
    public void An_SM2_key_is_read_back_without_its_suite()
    {
        var key = new VKey("sm.example/1", 0xCAFE, VKeyKind.Sm2, Sample.Bytes(65, 4));
        Assert.StartsWith("sm.example/1+0000cafe+/3NtMnNtM", key.ToString(), StringComparison.Ordinal);
        Assert.True(VKey.TryParse(key.ToString(), out var read));
        Assert.Equal(key, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("example.com/foo")]
    [InlineData("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com/foo+530d903a+")]
    [InlineData("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2")]
    [InlineData("example.com/foo+530d903a+BekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    public void Anything_else_is_refused(string text) => Assert.False(VKey.TryParse(text, out _));
}
