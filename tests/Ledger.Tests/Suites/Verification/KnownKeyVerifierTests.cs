using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Suites;
using Ledger.Suites.Verification;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.OpenSsl;

namespace Ledger.Tests.Suites.Verification;

/// <summary>What the arithmetic says by itself, with nobody behind it: it may not know, and it may not be wrong.</summary>
public sealed class KnownKeyVerifierTests
{
    static readonly KnownKeyVerifier<CurveP256> P256 = new();
    static readonly KnownKeyVerifier<CurveSm2> Sm2 = new();

    [Fact]
    public void Every_wycheproof_verdict_is_its_own()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("vectors", "wycheproof", "ecdsa_secp256r1_sha256_p1363_test.json")));
        var counts = new int[3];
        foreach (var group in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            var key = Convert.FromHexString(group.GetProperty("publicKey").GetProperty("uncompressed").GetString()!);
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var digest = SHA256.HashData(Convert.FromHexString(test.GetProperty("msg").GetString()!));
                Judge(P256, new(new(key), digest, Convert.FromHexString(test.GetProperty("sig").GetString()!), test.GetProperty("result").GetString() == "valid"), counts);
            }
        }

        // The valid ones that it does not know are those whose sums meet each other on purpose.
        Assert.Equal(262, counts.Sum());
        Assert.InRange(counts[(int)Answer.Unknown], 0, 12);
    }

    [Fact]
    public void The_public_vectors_of_SM2_are_answered()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("vectors", "sm", "sm2.json")));
        var scalar = ((ECPrivateKeyParameters)new PemReader(new StringReader(file.RootElement.GetProperty("privateKeyPkcs8Pem").GetString()!)).ReadObject()).D;
        Assert.True(Sm2PrivateKey.TryRead(Org.BouncyCastle.Utilities.BigIntegers.AsUnsignedByteArray(32, scalar), out var key));
        var counts = new int[3];
        foreach (var test in file.RootElement.GetProperty("verify").EnumerateArray())
        {
            var der = (Asn1Sequence)Asn1Object.FromByteArray(Convert.FromHexString(test.GetProperty("signature").GetString()!));
            byte[] signature = [.. Part(der, 0), .. Part(der, 1)];
            Judge(Sm2, new(key.PublicKey, Convert.FromHexString(test.GetProperty("digest").GetString()!), signature, test.GetProperty("valid").GetBoolean()), counts);
        }

        Assert.True(counts[(int)Answer.Yes] > 0);
        Assert.Equal(0, counts[(int)Answer.Unknown]);

        static byte[] Part(Asn1Sequence der, int i) => Org.BouncyCastle.Utilities.BigIntegers.AsUnsignedByteArray(32, ((DerInteger)der[i]).PositiveValue);
    }

    [Fact]
    public void Where_sums_meet_or_vanish_on_P256_it_is_right_or_does_not_know() => Craft(P256);

    [Fact]
    public void Where_sums_meet_or_vanish_on_the_curve_of_SM2_it_is_right_or_does_not_know() => Craft(Sm2);

    [Fact]
    public void Of_any_signature_on_P256_it_says_what_the_platform_says()
    {
        var random = new Random(256);
        var counts = new int[3];
        for (var k = 0; k < 8; k++)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var point = PointOf(key);
            for (var i = 0; i < 250; i++)
            {
                var digest = Bytes(random, 32);
                var signature = key.SignHash(digest);
                if (i % 2 == 1) signature = Change(random, CurveP256.N, ref digest, signature);
                Judge(P256, new(point, digest, signature, key.VerifyHash(digest, signature)), counts);
            }
        }

        Assert.True(counts[(int)Answer.Yes] > 1_000);
        Assert.True(counts[(int)Answer.No] > 500);
        Assert.Equal(0, counts[(int)Answer.Unknown]);
    }

    [Fact]
    public void Of_any_signature_of_SM2_it_says_what_the_crypto_package_says()
    {
        var random = new Random(258);
        var package = new Sm2Suite();
        var counts = new int[3];
        for (var k = 0; k < 4; k++)
        {
            var key = Sm2PrivateKey.Create();
            var before = Sm2Curve.Before(key.PublicKey.Span).ToBytes();
            for (var i = 0; i < 100; i++)
            {
                var message = Bytes(random, 40);
                var signature = key.Sign(message);
                if (i % 2 == 1) signature = Change(random, CurveSm2.N, ref message, signature);
                Judge(Sm2, new(key.PublicKey, Sm3.Hash(before, message).ToBytes(), signature, package.Verify(key.PublicKey, message, signature)), counts);
            }
        }

        Assert.True(counts[(int)Answer.Yes] >= 200);
        Assert.True(counts[(int)Answer.No] > 100);
        Assert.Equal(0, counts[(int)Answer.Unknown]);
    }

    /// <summary>That all this can fail: with one bit of the key's table turned.</summary>
    [Fact]
    public void A_turned_bit_of_a_table_is_noticed()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var table = KnownKeyVerifier<CurveP256>.TableOf(PointOf(key).Span);
        table.Flip(37 * 10);
        var wrong = 0;
        for (var i = 0; i < 640; i++)
        {
            var digest = RandomNumberGenerator.GetBytes(32);
            if (P256.Verify(table, digest, key.SignHash(digest)) != Answer.Yes) wrong++;
        }

        // The entry is one of eight of its block, and every signature takes one of each block.
        Assert.InRange(wrong, 30, 150);
    }

    [Fact]
    public void The_self_test_passes_and_fails_with_one_bit_of_the_generators_table_turned()
    {
        Assert.Null(SelfTest.Problem(P256));
        Assert.Null(SelfTest.Problem(Sm2));

        var broken = new KnownKeyVerifier<CurveP256>();
        for (var block = 0; block < 32; block++) broken.Generator.Flip(block * 128 * 10);
        Assert.NotNull(SelfTest.Problem(broken));
    }

    static void Craft<TCurve>(KnownKeyVerifier<TCurve> verifier)
        where TCurve : struct, ICurve
    {
        BigInteger n = TCurve.N, p = TCurve.P;
        var random = new Random(11);
        BigInteger[] keys = [1, 2, 3, n - 1, n - 2, (n + 1) / 2, 32, BigInteger.One << 128, BigInteger.One << 250];
        BigInteger[] scalars =
        [
            0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 33, 64, 65, n - 1, n - 2, n - 16, (n - 1) / 2, (n + 1) / 2, BigInteger.One << 128, (BigInteger.One << 255) - 1,
            new BigInteger(Bytes(random, 32), isUnsigned: true) % n, new BigInteger(Bytes(random, 32), isUnsigned: true) % n,
        ];
        var counts = new int[3];
        foreach (var one in CraftedCases<TCurve>.Of(keys, scalars)) Judge(verifier, one, counts);
        foreach (var start in (BigInteger[])[n, n + 40, p - n - 1, p - n, p - n + 20, 1, n - 20])
        {
            for (var i = 0; i < 8; i++) foreach (var one in CraftedCases<TCurve>.OfX(start, scalars[^(1 + (i % 2))], scalars[1 + i])) Judge(verifier, one, counts);
        }

        // What it does not know is what it was made for not to know.
        Assert.True(counts[(int)Answer.Yes] > 3_000, string.Join(' ', counts));
        Assert.True(counts[(int)Answer.No] > 4_000, string.Join(' ', counts));
        Assert.InRange(counts[(int)Answer.Unknown], 1, 3_000);
    }

    static void Judge<TCurve>(KnownKeyVerifier<TCurve> verifier, SignatureCase one, int[] counts)
        where TCurve : struct, ICurve
    {
        var tables = Tables<TCurve>.Made;
        if (!tables.TryGetValue(one.PublicKey, out var table)) tables[one.PublicKey] = table = KnownKeyVerifier<TCurve>.TableOf(one.PublicKey.Span);
        var answer = verifier.Verify(table, one.Digest, one.Signature);
        counts[(int)answer]++;
        Assert.True(answer != (one.IsGood ? Answer.No : Answer.Yes), $"{one.PublicKey} {Convert.ToHexString(one.Digest)} {Convert.ToHexString(one.Signature)} {one.IsGood}");
    }

    static byte[] Change(Random random, BigInteger n, ref byte[] message, byte[] signature)
    {
        switch (random.Next(6))
        {
            case 0:
                signature[random.Next(64)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                message = [.. message];
                message[random.Next(message.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                // The other s, which ECDSA takes too.
                Write(n - new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true), signature.AsSpan(32));
                break;
            case 3:
                Write(((BigInteger[])[0, 1, n - 1, n, n + 1, (BigInteger.One << 256) - 1])[random.Next(6)], signature.AsSpan(32 * random.Next(2), 32));
                break;
            case 4:
                random.NextBytes(signature);
                break;
            default:
                message = [.. Enumerable.Repeat((byte)(255 * random.Next(2)), message.Length)];
                break;
        }

        return signature;
    }

    static void Write(BigInteger value, Span<byte> destination)
    {
        destination.Clear();
        value.TryWriteBytes(destination[(32 - value.GetByteCount(isUnsigned: true))..], out _, isUnsigned: true, isBigEndian: true);
    }

    static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    internal static ByteString PointOf(ECDsa key)
    {
        var q = key.ExportParameters(includePrivateParameters: false).Q;
        byte[] point = [4, .. q.X!, .. q.Y!];
        return new(point);
    }

    static class Tables<TCurve>
        where TCurve : struct, ICurve
    {
        [ThreadStatic]
        static Dictionary<ByteString, KeyTable<TCurve>>? made;

        public static Dictionary<ByteString, KeyTable<TCurve>> Made => made ??= [];
    }
}
