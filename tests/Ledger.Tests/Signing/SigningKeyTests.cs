using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Suites;

namespace Ledger.Tests.Signing;

public sealed class SigningKeyTests
{
    // The keys of RFC 6979 appendix A.2.5 and GB/T 32918.5 appendix A.
    [Theory]
    [InlineData("ES256", "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB67903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299")]
    [InlineData("SM2", "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8", "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13")]
    public void A_scalar_gives_its_public_key_and_comes_back(string suiteName, string scalar, string publicKey)
    {
        Assert.True(SigningKey.TryRead(KnownSuites.Find(suiteName)!, Convert.FromHexString(scalar), out var key));
        using (key)
        {
            Assert.Equal(publicKey, Convert.ToHexString(key.PublicKey.Span));
            Assert.Equal(scalar, Convert.ToHexString(key.ToScalar()));
        }
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("SM2")]
    public void What_a_key_signs_its_suite_accepts(string suiteName)
    {
        var suite = KnownSuites.Find(suiteName)!;
        using var key = SigningKey.Create(suite);
        using var other = SigningKey.Create(suite);
        var signature = key.Sign("甲方确认"u8);
        var line = key.SignNote("note\n"u8);

        Assert.Equal(CryptoSuite.SignatureSize, signature.Length);
        Assert.True(suite.Verify(key.PublicKey, "甲方确认"u8, signature));
        Assert.False(suite.Verify(other.PublicKey, "甲方确认"u8, signature));
        Assert.True(suite.VerifyNote(key.PublicKey, "note\n"u8, line));
        Assert.False(suite.VerifyNote(key.PublicKey, "note"u8, line));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("SM2")]
    public void Many_threads_share_one_key(string suiteName)
    {
        var suite = KnownSuites.Find(suiteName)!;
        using var key = SigningKey.Create(suite);

        Parallel.For(0, 200, i => Assert.True(suite.Verify(key.PublicKey, [(byte)i], key.Sign([(byte)i]))));
    }

    [Theory]
    [InlineData("ES256", "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551")]
    [InlineData("SM2", "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54122")]
    [InlineData("ES256", "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("SM2", "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ES256", "01")]
    [InlineData("SM2", "01")]
    public void A_scalar_out_of_range_is_no_key(string suiteName, string scalar) =>
        Assert.False(SigningKey.TryRead(KnownSuites.Find(suiteName)!, Convert.FromHexString(scalar), out _));
}
