using System.Text.Json;
using Ledger.Suites;

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
            Assert.Equal(PlainSm3.Hash(bytes), Sm3.Hash(bytes));
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
        // RFC 2104, over the plain reading of the standard.
        var key = keyLength > 64 ? PlainSm3.Hash(Bytes(keyLength)).ToBytes() : Bytes(keyLength);
        byte[] padded = [.. key, .. new byte[64 - key.Length]];
        byte[] inner = [.. padded.Select(octet => (byte)(octet ^ 0x36)), .. Bytes(100)];
        byte[] outer = [.. padded.Select(octet => (byte)(octet ^ 0x5C)), .. PlainSm3.Hash(inner).ToBytes()];

        Assert.Equal(PlainSm3.Hash(outer), KnownSuites.Sm2.Hmac(Bytes(keyLength), Bytes(100)));
    }

    static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(((31 * i) + length) & 0xFF))];
}
