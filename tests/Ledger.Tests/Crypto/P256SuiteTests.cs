using System.Text.Json;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Utilities;

namespace Ledger.Tests.Crypto;

public sealed class P256SuiteTests
{
    static readonly P256Suite Suite = new();

    // RFC 6979 appendix A.2.5: the key, and its signature over "sample" with SHA-256.
    static readonly ByteString PublicKey = new(Convert.FromHexString(
        "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB67903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"));

    static readonly byte[] Signature = Convert.FromHexString(
        "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8");

    [Fact]
    public void The_hash_is_SHA_256() => Assert.Equal(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        Suite.Hash("abc"u8).ToString());

    [Fact]
    public void The_keyed_hash_is_HMAC_SHA_256_of_RFC_4231()
    {
        var shortKey = Enumerable.Repeat((byte)0x0B, 20).ToArray();
        var longKey = Enumerable.Repeat((byte)0xAA, 131).ToArray();

        Assert.Equal("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7", Suite.Hmac(shortKey, "Hi There"u8).ToString());
        Assert.Equal(
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            Suite.Hmac(longKey, "Test Using Larger Than Block-Size Key - Hash Key First"u8).ToString());
    }

    [Fact]
    public void The_signature_of_RFC_6979_is_accepted_and_a_changed_one_is_not()
    {
        Assert.True(Suite.Verify(PublicKey, "sample"u8, Signature));
        Assert.False(Suite.Verify(PublicKey, "simple"u8, Signature));
        for (var i = 0; i < Signature.Length; i++)
        {
            var changed = Signature.ToArray();
            changed[i] ^= 1;
            Assert.False(Suite.Verify(PublicKey, "sample"u8, changed));
        }
    }

    [Fact]
    public void A_high_s_is_accepted_like_the_low_one()
    {
        var order = new BigInteger("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16);
        var otherS = order.Subtract(new BigInteger(1, Signature[32..]));

        Assert.True(Suite.Verify(PublicKey, "sample"u8, [.. Signature[..32], .. BigIntegers.AsUnsignedByteArray(32, otherS)]));
    }

    /// <summary>A note's signature has one encoding, and either s.</summary>
    [Fact]
    public void A_signature_of_a_note_is_DER_to_the_octet_and_its_s_may_be_high()
    {
        var order = new BigInteger("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16);
        var (r, s) = (BigIntegers.AsUnsignedByteArray(new BigInteger(1, Signature[..32])), new BigInteger(1, Signature[32..]));
        byte[] first = Integer(r), low = Integer(BigIntegers.AsUnsignedByteArray(s)), high = Integer(BigIntegers.AsUnsignedByteArray(order.Subtract(s)));

        Assert.True(Holds(Sequence(first, low)));
        Assert.True(Holds(Sequence(first, high)));
        byte[] good = Sequence(first, low), body = [.. first, .. low];
        foreach (var other in (byte[][])
        [
            [0x30, 0x81, (byte)body.Length, .. body],
            [0x30, 0x82, 0, (byte)body.Length, .. body],
            [0x30, 0x80, .. body, 0, 0],
            [.. good, 0],
            good[..^1],
            [0x31, .. good[1..]],
            Sequence([.. first, .. low, 5, 0]),
            Sequence([2, 0x81, .. first[1..]], low),
            Sequence([2, (byte)(first[1] + 1), 0, .. first[2..]], low),
            Sequence([2, (byte)r.Length, .. r], low),
            Sequence([2, 1, 0], low),
            Sequence(first, [2, 1, 0]),
            Sequence(low, first),
            [.. Signature],
            [],
        ])
        {
            Assert.False(Holds(other), Convert.ToHexString(other));
        }

        static byte[] Sequence(params byte[][] parts) => [0x30, (byte)parts.Sum(part => part.Length), .. parts.SelectMany(static part => part)];
        static byte[] Integer(byte[] number) => number[0] < 0x80 ? [2, (byte)number.Length, .. number] : [2, (byte)(number.Length + 1), 0, .. number];
        static bool Holds(byte[] signature) => Suite.VerifyNote(PublicKey, "sample"u8, signature);
    }

    [Fact]
    public void A_key_is_an_uncompressed_point_on_the_curve()
    {
        var offCurve = PublicKey.Span.ToArray();
        offCurve[^1] ^= 1;
        byte[] compressed = [3, .. PublicKey.Span[1..33]];
        byte[] beyondField = [4, .. Enumerable.Repeat((byte)0xFF, 64)];

        Assert.True(Suite.IsPublicKey(PublicKey.Span));
        foreach (var bytes in (byte[][])[offCurve, compressed, beyondField, [4, .. new byte[64]], [0], []])
        {
            Assert.False(Suite.IsPublicKey(bytes));
            Assert.False(Suite.Verify(new ByteString(bytes), "sample"u8, Signature));
        }
    }

    [Fact]
    public void Every_wycheproof_verdict_is_ours()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(
            SharedData.Require("vectors", "wycheproof", "ecdsa_secp256r1_sha256_p1363_test.json")));
        var cases = 0;
        foreach (var group in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            var key = new ByteString(Hex(group.GetProperty("publicKey"), "uncompressed"));
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                cases++;
                Assert.True(
                    (test.GetProperty("result").GetString() == "valid") == Suite.Verify(key, Hex(test, "msg"), Hex(test, "sig")),
                    $"Case {test.GetProperty("tcId")}: {test.GetProperty("comment").GetString()}");
            }
        }

        Assert.Equal(262, cases);
    }

    [Fact]
    public void Another_implementation_agrees_about_every_signature()
    {
        var domain = new ECKeyGenerationParameters(Org.BouncyCastle.Asn1.X9.X962NamedCurves.GetOid("prime256v1"), new SecureRandom());
        var generator = new Org.BouncyCastle.Crypto.Generators.ECKeyPairGenerator();
        generator.Init(domain);
        var pair = generator.GenerateKeyPair();
        var key = new ByteString(((ECPublicKeyParameters)pair.Public).Q.GetEncoded(compressed: false));
        var signer = new ECDsaSigner();
        signer.Init(forSigning: true, pair.Private);

        for (var i = 0; i < 50; i++)
        {
            byte[] message = [(byte)i, 1, 2, 3];
            var digest = DigestUtilities.CalculateDigest("SHA-256", message);
            var rs = signer.GenerateSignature(digest);
            byte[] signature = [.. BigIntegers.AsUnsignedByteArray(32, rs[0]), .. BigIntegers.AsUnsignedByteArray(32, rs[1])];

            Assert.True(Suite.Verify(key, message, signature));
            message[0] ^= 0x80;
            Assert.False(Suite.Verify(key, message, signature));
        }
    }

    static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);
}
