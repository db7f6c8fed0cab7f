using System.Text.Json;
using Ledger.Suites;

namespace Ledger.Tests.Suites;

public sealed class Ed25519Tests
{
    // RFC 8032 section 7.1, test 1: the empty message.
    static readonly byte[] Seed = Convert.FromHexString("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    static readonly byte[] PublicKey = Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

    static readonly byte[] Signature = Convert.FromHexString(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");

    [Fact]
    public void The_first_test_of_RFC_8032_comes_out()
    {
        Assert.Equal(PublicKey, Ed25519.PublicKey(Seed));
        Assert.Equal(Signature, Ed25519.Sign(Seed, []));
        Assert.True(Ed25519.Verify(PublicKey, [], Signature));
        Assert.False(Ed25519.Verify(PublicKey, [0], Signature));
    }

    [Fact]
    public void Every_wycheproof_verdict_is_ours()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("vectors", "wycheproof", "ed25519_test.json")));
        var cases = 0;
        foreach (var group in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            var key = Hex(group.GetProperty("publicKey"), "pk");
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                cases++;
                Assert.True(
                    (test.GetProperty("result").GetString() == "valid") == Ed25519.Verify(key, Hex(test, "msg"), Hex(test, "sig")),
                    $"Case {test.GetProperty("tcId")}: {test.GetProperty("comment").GetString()}");
            }
        }

        Assert.Equal(file.RootElement.GetProperty("numberOfTests").GetInt32(), cases);
    }

    // Under the neutral point as key, R = neutral and s = 0 satisfy the equation for every message.
    [Fact]
    public void A_key_of_small_order_is_refused()
    {
        byte[] neutral = [1, .. new byte[31]];
        byte[] orderTwo = Convert.FromHexString("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
        byte[] mixedOrder = [3, .. new byte[31]];
        byte[] orderEight = Convert.FromHexString("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");

        foreach (var key in (byte[][])[neutral, orderTwo, orderEight, mixedOrder])
        {
            Assert.False(Ed25519.IsPublicKey(key));
            Assert.False(Ed25519.Verify(key, "anything"u8, [.. neutral, .. new byte[32]]));
        }
    }

    [Fact]
    public void Another_encoding_of_a_signature_is_refused()
    {
        // s + L satisfies the same equation.
        var order = Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        var otherS = Signature.ToArray();
        var carry = 0;
        for (var i = 0; i < 32; i++)
        {
            carry += Signature[32 + i] + order[i];
            otherS[32 + i] = (byte)(carry & 0xFF);
            carry >>= 8;
        }

        Assert.False(Ed25519.Verify(PublicKey, [], otherS));
        Assert.False(Ed25519.Verify(PublicKey, [], Signature.AsSpan(1)));
        Assert.False(Ed25519.Verify([.. PublicKey, 0], [], Signature));
    }

    static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);
}
