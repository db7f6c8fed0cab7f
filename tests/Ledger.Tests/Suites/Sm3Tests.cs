using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Suites;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace Ledger.Tests.Suites;

public sealed class Sm3Tests
{
    // GB/T 32905-2016 appendix A.
    [Theory]
    [InlineData(1, "abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")]
    [InlineData(16, "abcd", "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")]
    public void The_examples_of_the_standard_come_out(int times, string text, string digest) =>
        Assert.Equal(digest, Sm3.Hash(System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, times)))).ToString());

    [Fact]
    public void The_public_vectors_come_out()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("vectors", "sm", "sm3.json")));
        var tests = file.RootElement.GetProperty("tests");
        Assert.NotEqual(0, tests.GetArrayLength());
        foreach (var test in tests.EnumerateArray())
            Assert.Equal(test.GetProperty("sm3").GetString(), Sm3.Hash(Convert.FromHexString(test.GetProperty("input").GetString()!)).ToString());
    }

    [Fact]
    public void Another_implementation_gives_the_same_digest_at_every_length()
    {
        for (var length = 0; length <= 260; length++)
        {
            var bytes = Bytes(length);
            Assert.Equal(Reference(bytes), Sm3.Hash(bytes));
        }
    }

    [Fact]
    public void Parts_hash_like_the_whole()
    {
        var bytes = Bytes(200);
        for (var first = 0; first <= 130; first++)
        {
            for (var second = first; second <= 200; second += 7)
            {
                var sm3 = new Sm3();
                sm3.Append(bytes.AsSpan(0, first));
                sm3.Append(bytes.AsSpan(first, second - first));
                sm3.Append(bytes.AsSpan(second));
                Assert.Equal(Sm3.Hash(bytes), sm3.Finish());
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public void Another_implementation_gives_the_same_keyed_hash(int keyLength)
    {
        var hmac = new HMac(new SM3Digest());
        hmac.Init(new KeyParameter(Bytes(keyLength)));
        hmac.BlockUpdate(Bytes(100), 0, 100);
        var expected = new byte[Hash256.Size];
        hmac.DoFinal(expected, 0);

        Assert.Equal(Hash256.Read(expected), KnownSuites.Sm2.Hmac(Bytes(keyLength), Bytes(100)));
    }

    static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(((31 * i) + length) & 0xFF))];

    static Hash256 Reference(byte[] bytes)
    {
        var digest = new SM3Digest();
        digest.BlockUpdate(bytes, 0, bytes.Length);
        var result = new byte[Hash256.Size];
        digest.DoFinal(result, 0);
        return Hash256.Read(result);
    }
}
