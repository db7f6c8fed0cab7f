using System.Text;
using System.Text.Json;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Suites;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Utilities;

namespace Ledger.Tests.Suites;

public sealed class Sm2Tests
{
    static readonly CryptoSuite Suite = KnownSuites.Sm2;

    // The package's general curve arithmetic, which the code under test does not use.
    static readonly X9ECParameters General = GMNamedCurves.GetByName("sm2p256v1");

    static readonly ECDomainParameters Domain = new(General.Curve, General.G, General.N, General.H);

    // GB/T 32918.5-2017 appendix A: key, message "message digest", Z, e, k and signature.
    static readonly byte[] Scalar = Convert.FromHexString("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");

    static readonly ByteString PublicKey = new(Convert.FromHexString(
        "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"));

    static readonly byte[] Signature = Convert.FromHexString(
        "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA");

    [Fact]
    public void The_example_of_the_standard_is_signed_as_printed()
    {
        Assert.True(Sm2PrivateKey.TryRead(Scalar, out var key));
        var k = Convert.FromHexString("59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21");

        Assert.Equal(PublicKey, key.PublicKey);
        Assert.Equal(Signature, key.Sign("message digest"u8, new Given(k)));
        Assert.Equal(Scalar, key.ToScalar());
    }

    [Fact]
    public void The_example_of_the_standard_is_accepted_and_a_changed_one_is_not()
    {
        Assert.True(Suite.Verify(PublicKey, "message digest"u8, Signature));
        Assert.False(Suite.Verify(PublicKey, "message digset"u8, Signature));
        for (var i = 0; i < Signature.Length; i++)
        {
            var changed = Signature.ToArray();
            changed[i] ^= 1;
            Assert.False(Suite.Verify(PublicKey, "message digest"u8, changed));
        }
    }

    /// <summary>What the document of formats shows of it: key, Z, e and signature.</summary>
    [Fact]
    public void The_example_stands_in_the_document_of_formats()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root(), "ledger-node", "docs", "FORMATS.md"));
        byte[] curve = [.. General.Curve.A.GetEncoded(), .. General.Curve.B.GetEncoded(), .. General.G.GetEncoded(compressed: false).AsSpan(1)];
        var z = Suite.Hash([0, 128, .. "1234567812345678"u8, .. curve, .. PublicKey.Span[1..]]);
        var bytes = new byte[Hash256.Size];
        z.Write(bytes);

        string[] shown = [Convert.ToHexStringLower(PublicKey.Span), $"{z}", $"{Suite.Hash([.. bytes, .. "message digest"u8])}", Convert.ToHexStringLower(Signature)];
        Assert.All(shown, one => Assert.Contains(one, document));
    }

    [Fact]
    public void The_public_vectors_are_accepted()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("vectors", "sm", "sm2.json")));
        var pem = file.RootElement.GetProperty("privateKeyPkcs8Pem").GetString()!;
        var scalar = ((ECPrivateKeyParameters)new PemReader(new StringReader(pem)).ReadObject()).D;
        var encoded = General.G.Multiply(scalar).Normalize().GetEncoded(compressed: false);
        Assert.True(Sm2Curve.TryDecode(encoded, out var key));
        var cases = 0;
        foreach (var test in file.RootElement.GetProperty("verify").EnumerateArray())
        {
            cases++;
            var digest = Hash256.Read(Convert.FromHexString(test.GetProperty("digest").GetString()!));
            var der = (Asn1Sequence)Asn1Object.FromByteArray(Convert.FromHexString(test.GetProperty("signature").GetString()!));
            var signature = Join(((DerInteger)der[0]).PositiveValue, ((DerInteger)der[1]).PositiveValue);
            Assert.Equal(test.GetProperty("valid").GetBoolean(), VerifyDigest(key, digest, signature));
            Assert.False(VerifyDigest(key, new Hash256(digest.High, digest.Low ^ 1), signature));
        }

        Assert.NotEqual(0, cases);
    }

    [Fact]
    public void Another_implementation_accepts_our_signatures_and_makes_ones_that_we_accept()
    {
        for (var i = 0; i < 20; i++)
        {
            var key = Sm2PrivateKey.Create();
            var message = Encoding.UTF8.GetBytes($"第 {i} 笔");

            var verifier = new SM2Signer(StandardDsaEncoding.Instance);
            verifier.Init(forSigning: false, new ECPublicKeyParameters(General.Curve.DecodePoint(key.PublicKey.Span.ToArray()), Domain));
            verifier.BlockUpdate(message, 0, message.Length);
            var ours = key.Sign(message);
            var der = StandardDsaEncoding.Instance.Encode(General.N, new BigInteger(1, ours[..32]), new BigInteger(1, ours[32..]));
            Assert.True(verifier.VerifySignature(der));

            var signer = new SM2Signer(StandardDsaEncoding.Instance);
            signer.Init(forSigning: true, new ECPrivateKeyParameters(new BigInteger(1, key.ToScalar()), Domain));
            signer.BlockUpdate(message, 0, message.Length);
            var theirs = StandardDsaEncoding.Instance.Decode(General.N, signer.GenerateSignature());
            Assert.True(Suite.Verify(key.PublicKey, message, Join(theirs[0], theirs[1])));
        }
    }

    // Whoever may choose the digest can make a signature for any s and t without a secret: r = t − s, e = r − x of s·G + t·P. So the scalars at
    // which arithmetic goes wrong can be tried, with x from the general curve.
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("123456789ABCDEF0123456789ABCDEF0")]
    [InlineData("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54121")]
    public void Extreme_scalars_are_multiplied_rightly(string keyScalar)
    {
        var n = General.N;
        var point = General.G.Multiply(new BigInteger(keyScalar, 16)).Normalize();
        Assert.True(Sm2Curve.TryDecode(point.GetEncoded(compressed: false), out var key));
        BigInteger[] scalars =
        [
            BigInteger.One, BigInteger.Two, BigInteger.Three, BigInteger.One.ShiftLeft(42), BigInteger.One.ShiftLeft(43),
            BigInteger.One.ShiftLeft(64).Subtract(BigInteger.One), BigInteger.One.ShiftLeft(215), BigInteger.One.ShiftLeft(255),
            n.ShiftRight(1), n.Subtract(BigInteger.Two), n.Subtract(BigInteger.One),
        ];
        var accepted = 0;
        foreach (var s in scalars)
        {
            foreach (var t in scalars)
            {
                var r = t.Subtract(s).Mod(n);
                var sum = General.G.Multiply(s).Add(point.Multiply(t)).Normalize();
                var x = sum.IsInfinity ? BigInteger.Zero : sum.AffineXCoord.ToBigInteger();
                var isSignature = r.SignValue != 0 && !sum.IsInfinity;

                Assert.Equal(isSignature, VerifyDigest(key, Digest(r.Subtract(x).Mod(n)), Join(r, s)));
                Assert.False(VerifyDigest(key, Digest(r.Subtract(x).Add(BigInteger.One).Mod(n)), Join(r, s)));
                accepted += isSignature ? 1 : 0;
            }
        }

        Assert.True(accepted > 80);
    }

    [Fact]
    public void An_x_beyond_the_order_is_reduced_before_it_is_compared()
    {
        var x = General.N;
        ECPoint? point = null;
        while (point is null)
        {
            x = x.Add(BigInteger.One);
            var square = General.Curve.FromBigInteger(x);
            square = square.Square().Add(General.Curve.A).Multiply(square).Add(General.Curve.B);
            if (square.Sqrt() is { } y) point = General.Curve.CreatePoint(x, y.ToBigInteger());
        }

        // With s = 5 and t = 1 the key that leads to this point is point − 5·G.
        var five = BigInteger.ValueOf(5);
        var key = point.Subtract(General.G.Multiply(five)).Normalize();
        var r = BigInteger.One.Subtract(five).Mod(General.N);
        Assert.True(Sm2Curve.TryDecode(key.GetEncoded(compressed: false), out var decoded));

        Assert.True(VerifyDigest(decoded, Digest(r.Subtract(x).Mod(General.N)), Join(r, five)));
    }

    [Fact]
    public void Scalars_out_of_range_are_refused()
    {
        var r = new BigInteger(1, Signature[..32]);
        var s = new BigInteger(1, Signature[32..]);

        Assert.False(Suite.Verify(PublicKey, "message digest"u8, Join(BigInteger.Zero, s)));
        Assert.False(Suite.Verify(PublicKey, "message digest"u8, Join(r, BigInteger.Zero)));
        Assert.False(Suite.Verify(PublicKey, "message digest"u8, Join(r, General.N)));
        Assert.False(Suite.Verify(PublicKey, "message digest"u8, Join(General.N, s)));
        Assert.False(Suite.Verify(PublicKey, "message digest"u8, Join(r, General.N.Subtract(r))));
        Assert.False(Suite.Verify(PublicKey, "message digest"u8, Signature.AsSpan(1)));
        Assert.False(Suite.Verify(PublicKey, "message digest"u8, [.. Signature, 0]));
    }

    [Fact]
    public void A_key_is_an_uncompressed_point_on_the_curve()
    {
        var offCurve = PublicKey.Span.ToArray();
        offCurve[^1] ^= 1;
        byte[] compressed = [3, .. PublicKey.Span[1..33]];
        byte[] hybrid = [7, .. PublicKey.Span[1..]];
        byte[] beyondField = [4, .. Enumerable.Repeat((byte)0xFF, 64)];

        Assert.True(Suite.IsPublicKey(PublicKey.Span));
        foreach (var bytes in (byte[][])[offCurve, compressed, hybrid, beyondField, [4, .. new byte[64]], [0], []])
        {
            Assert.False(Suite.IsPublicKey(bytes));
            Assert.False(Suite.Verify(new ByteString(bytes), "message digest"u8, Signature));
        }
    }

    [Fact]
    public void A_private_key_lies_between_one_and_the_order_less_two()
    {
        var last = General.N.Subtract(BigInteger.Two);

        Assert.False(Sm2PrivateKey.TryRead(new byte[32], out _));
        Assert.True(Sm2PrivateKey.TryRead(BigIntegers.AsUnsignedByteArray(32, BigInteger.One), out _));
        Assert.True(Sm2PrivateKey.TryRead(BigIntegers.AsUnsignedByteArray(32, last), out var key));
        Assert.True(Suite.Verify(key.PublicKey, "x"u8, key.Sign("x"u8)));
        Assert.False(Sm2PrivateKey.TryRead(BigIntegers.AsUnsignedByteArray(32, last.Add(BigInteger.One)), out _));
        Assert.False(Sm2PrivateKey.TryRead(BigIntegers.AsUnsignedByteArray(32, General.N), out _));
        Assert.False(Sm2PrivateKey.TryRead(Scalar.AsSpan(1), out _));
    }

    [Fact]
    public void Many_threads_share_one_suite()
    {
        var keys = Enumerable.Range(0, 4).Select(_ => Sm2PrivateKey.Create()).ToArray();
        var fresh = new Sm2Suite();

        Parallel.For(0, 200, i =>
        {
            byte[] message = [(byte)i];
            var signature = keys[i % 4].Sign(message);
            Assert.True(fresh.Verify(keys[i % 4].PublicKey, message, signature));
            Assert.False(fresh.Verify(keys[(i + 1) % 4].PublicKey, message, signature));
        });
    }

    [Fact]
    public void A_note_key_is_named_by_SM3_over_name_type_and_key()
    {
        byte[] named = [.. "ledger.example/0123456789abcdef\n"u8, 0xFF, .. "sm2sm3"u8, .. PublicKey.Span];
        var expected = Convert.ToUInt32(Sm3.Hash(named).ToString()[..8], 16);

        Assert.Equal(expected, Suite.NoteKeyId("ledger.example/0123456789abcdef", PublicKey));
        Assert.True(Suite.VerifyNote(PublicKey, "message digest"u8, Signature));
        Assert.False(Suite.VerifyNote(PublicKey, "message"u8, Signature));
    }

    [Fact]
    public void A_genesis_finds_its_suite_by_name()
    {
        Assert.Same(KnownSuites.P256, KnownSuites.Find("ES256"));
        Assert.Same(KnownSuites.Sm2, KnownSuites.Find("SM2"));
        Assert.Null(KnownSuites.Find("sm2"));
        Assert.Null(KnownSuites.Find("EdDSA"));
    }

    // The package's verification as the suite uses it, but for a digest that is chosen instead of hashed.
    static bool VerifyDigest(ECPublicKeyParameters key, Hash256 digest, byte[] signature)
    {
        var verifier = new SM2Signer(PlainDsaEncoding.Instance, new GivenDigest(digest.ToBytes()));
        verifier.Init(forSigning: false, key);
        return verifier.VerifySignature(signature);
    }

    static Hash256 Digest(BigInteger e) => Hash256.Read(BigIntegers.AsUnsignedByteArray(32, e));

    static byte[] Join(BigInteger r, BigInteger s) =>
        [.. BigIntegers.AsUnsignedByteArray(32, r), .. BigIntegers.AsUnsignedByteArray(32, s)];

    sealed class Given(byte[] octets) : SecureRandom
    {
        public override void NextBytes(byte[] buf) => octets.CopyTo(buf, 0);

        public override void NextBytes(Span<byte> buffer) => octets.CopyTo(buffer);
    }

    sealed class GivenDigest(byte[] octets) : IDigest
    {
        public string AlgorithmName => "given";

        public int GetDigestSize() => octets.Length;

        public int GetByteLength() => 64;

        public void Update(byte input)
        {
        }

        public void BlockUpdate(byte[] input, int inOff, int inLen)
        {
        }

        public void BlockUpdate(ReadOnlySpan<byte> input)
        {
        }

        public int DoFinal(byte[] output, int outOff)
        {
            octets.CopyTo(output, outOff);
            return octets.Length;
        }

        public int DoFinal(Span<byte> output)
        {
            octets.CopyTo(output);
            return octets.Length;
        }

        public void Reset()
        {
        }
    }
}
