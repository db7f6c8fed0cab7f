using System.Numerics;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Suites;
using Ledger.Suites.Verification;

namespace Ledger.Tests.Suites.Verification;

/// <summary>The platform's answer is the one that counts, whoever gives it.</summary>
public sealed class CheckedVerificationTests : IDisposable
{
    readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly VerificationWatch watch = new(isSupported: true);
    int asked;

    public void Dispose() => key.Dispose();

    [Fact]
    public void A_key_is_known_by_the_fourth_signature_that_the_platform_accepts()
    {
        var suite = new FastP256Suite(watch);
        var point = KnownKeyVerifierTests.PointOf(key);
        for (var i = 0; i < 4; i++)
        {
            // What is refused earns nothing.
            Assert.False(suite.Verify(point, [9], Sign([8])));
            Assert.Null(suite.Verification.TableOf(point));
            Assert.True(suite.Verify(point, [(byte)i], Sign([(byte)i])));
        }

        Assert.NotNull(suite.Verification.TableOf(point));
        Assert.Equal(0, watch.Accepted);
        Assert.True(suite.Verify(point, [7], Sign([7])));
        Assert.Equal(1, watch.Accepted);
        Assert.Equal(VerificationMode.Own, watch.Mode);
    }

    [Fact]
    public void Of_a_thousand_own_yeses_one_is_put_to_the_platform_and_every_no_is()
    {
        var verification = Known(message => message.Length == 0 || message[0] != 255);
        byte[] signature = Sign([1]), wrong = Sign([2]);
        asked = 0;
        for (var i = 0; i < 3 * VerificationWatch.SampleEvery; i++) Assert.True(verification.Verify(Point, [1], signature));
        Assert.Equal(3, asked);

        Assert.False(verification.Verify(Point, [255], wrong));
        Assert.False(verification.Verify(Point, [255], wrong));
        Assert.Equal(5, asked);
        Assert.Equal((5, 0, null), (watch.Compared, watch.Mismatches, watch.Fault));
    }

    [Fact]
    public void A_wrong_yes_that_is_sampled_ends_it_for_good()
    {
        var isHonest = true;
        var verification = Known(_ => isHonest);
        var signature = Sign([1]);
        isHonest = false;

        Assert.False(verification.Verify(Point, [1], signature));
        Assert.Equal((VerificationMode.Failed, 1), (watch.Mode, watch.Mismatches));
        Assert.Contains(Convert.ToHexStringLower(signature), watch.Fault, StringComparison.Ordinal);

        asked = 0;
        isHonest = true;
        for (var i = 0; i < 10; i++) Assert.True(verification.Verify(Point, [1], signature));
        Assert.Equal(10, asked);
    }

    [Fact]
    public void A_wrong_no_is_answered_with_the_platforms_yes_and_ends_it_for_good()
    {
        var suite = new FastP256Suite(watch);
        var other = new FastSm2Suite(watch);
        for (var i = 0; i < 4; i++) Assert.True(suite.Verify(Point, [(byte)i], Sign([(byte)i])));
        var table = suite.Verification.TableOf(Point);
        Assert.NotNull(table);
        for (var entry = 0; entry < 512; entry++) table.Flip(10 * entry);

        Assert.True(suite.Verify(Point, [1], Sign([1])));
        Assert.Equal((VerificationMode.Failed, 1), (watch.Mode, watch.Mismatches));

        // One that was wrong on the one curve is not asked on the other.
        var sm2 = Sm2PrivateKey.Create();
        for (var i = 0; i < 8; i++) Assert.True(other.Verify(sm2.PublicKey, [1], sm2.Sign([1])));
        Assert.Null(other.Verification.TableOf(sm2.PublicKey));
        watch.UsePlatform();
        Assert.Equal(VerificationMode.Failed, watch.Mode);
    }

    [Fact]
    public void A_mistake_that_throws_changes_no_answer_and_ends_it_for_good()
    {
        // No platform takes half a key; one that did would have a table asked for that cannot be made.
        var verification = Known(static _ => true);
        ByteString half = new(Point.Memory[..40]);
        for (var i = 0; i < 8; i++) Assert.True(verification.Verify(half, [1], Sign([1])));
        Assert.Equal((VerificationMode.Failed, 1), (watch.Mode, watch.Mismatches));
    }

    [Fact]
    public void Where_the_operator_wants_the_platform_or_the_processor_is_another_the_platform_alone_is_asked()
    {
        watch.UsePlatform();
        var forced = Known(static _ => true);
        asked = 0;
        for (var i = 0; i < 10; i++) forced.Verify(Point, [1], Sign([1]));
        Assert.Equal((10, VerificationMode.Platform), (asked, watch.Mode));
        Assert.Null(forced.TableOf(Point));

        var unsupported = new VerificationWatch(isSupported: false);
        var suite = new FastP256Suite(unsupported);
        for (var i = 0; i < 10; i++) Assert.True(suite.Verify(Point, [1], Sign([1])));
        Assert.Null(suite.Verification.TableOf(Point));
        Assert.Equal((VerificationMode.Unsupported, 0), (unsupported.Mode, unsupported.Accepted));
    }

    [Fact]
    public void Whatever_is_verified_under_ES256_the_answer_is_the_platforms()
    {
        var suite = new FastP256Suite(watch);
        for (var i = 0; i < 4; i++) Assert.True(suite.Verify(Point, [1], Sign([1])));
        Agree(suite, new P256Suite(), Point, Sign, CurveP256.N);
    }

    [Fact]
    public void Whatever_is_verified_under_SM2_the_answer_is_the_packages()
    {
        var suite = new FastSm2Suite(watch);
        var sm2 = Sm2PrivateKey.Create();
        for (var i = 0; i < 4; i++) Assert.True(suite.Verify(sm2.PublicKey, [1], sm2.Sign([1])));
        Agree(suite, new Sm2Suite(), sm2.PublicKey, message => sm2.Sign(message), CurveSm2.N);
    }

    [Fact]
    public void A_note_is_verified_as_every_message_is()
    {
        var suite = new FastP256Suite(watch);
        for (var i = 0; i < 4; i++) Assert.True(suite.VerifyNote(Point, [1], key.SignData([1], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));
        Assert.True(suite.VerifyNote(Point, [2], key.SignData([2], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));
        Assert.Equal(1, watch.Accepted);
    }

    [Fact]
    public void Many_threads_share_one_suite()
    {
        var suite = new FastP256Suite(watch);
        var sm2 = new FastSm2Suite(watch);
        var other = Sm2PrivateKey.Create();
        Parallel.For(0, 400, i =>
        {
            byte[] message = BitConverter.GetBytes(i);
            Assert.True(suite.Verify(Point, message, Sign(message)));
            Assert.False(suite.Verify(Point, [1, 2], Sign(message)));
            Assert.True(sm2.Verify(other.PublicKey, message, other.Sign(message)));
        });
        Assert.True(watch.Accepted > 0);
        Assert.Equal(VerificationMode.Own, watch.Mode);
    }

    [Fact]
    public void Tables_are_kept_up_to_a_bound_and_the_one_that_waited_longest_goes()
    {
        var tables = new TableCache<string>(3);
        foreach (var name in "abc") tables.Keep(Key(name), $"{name}");
        Assert.Equal("a", tables.Find(Key('a')));
        tables.Keep(Key('d'), "d");

        Assert.Equal(3, tables.Count);
        Assert.Null(tables.Find(Key('b')));
        Assert.Equal(["a", "c", "d"], "acd".Select(name => tables.Find(Key(name))));
        tables.Keep(Key('a'), "another");
        Assert.Equal("a", tables.Find(Key('a')));
    }

    [Fact]
    public void Strangers_earn_one_table_for_four_signatures_at_most_under_however_many_keys()
    {
        var tables = new TableCache<string>(3);
        var earned = 0;
        for (var i = 0; i < 40_000; i++)
        {
            if (tables.Earns(new(BitConverter.GetBytes(i)))) earned++;
        }

        Assert.InRange(earned, 1, 40_000 / TableCache<string>.Needed);
    }

    ByteString Point => KnownKeyVerifierTests.PointOf(key);

    byte[] Sign(byte[] message) => key.SignData(message, HashAlgorithmName.SHA256);

    static ByteString Key(char name) => new(new[] { (byte)name });

    // With a platform whose word is the test's.
    CheckedVerification<CurveP256> Known(Func<byte[], bool> platform)
    {
        var suite = new P256Suite();
        var verification = new CheckedVerification<CurveP256>(
            watch,
            (_, message, _) =>
            {
                asked++;
                return platform(message.ToArray());
            },
            static _ => [], (_, message) => suite.Hash(message));
        for (var i = 0; i < 4; i++) verification.Verify(Point, [0], Sign([0]));
        return verification;
    }

    void Agree(CryptoSuite fast, CryptoSuite platform, ByteString publicKey, Func<byte[], byte[]> sign, BigInteger order)
    {
        byte[] good = sign([5]), order32 = order.ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[][] keys = [publicKey.Span.ToArray(), publicKey.Span[..64].ToArray(), [.. publicKey.Span, 0], [2, .. publicKey.Span[1..33]], [4, .. new byte[64]], []];
        byte[][] signatures =
        [
            good, good[..63], [.. good, 0], [], new byte[64], [.. good[..32], .. new byte[32]], [.. new byte[32], .. good[32..]], [.. good[..32], .. order32], [.. order32, .. good[32..]], [.. Enumerable.Repeat((byte)255, 64)],
            [.. good[32..], .. good[..32]],
        ];
        foreach (var one in keys)
        {
            foreach (var signature in signatures) Assert.Equal(platform.Verify(new(one), [5], signature), fast.Verify(new(one), [5], signature));
        }

        Prop.ForAll<byte[], int, byte>((message, place, change) =>
        {
            var signature = sign(message);
            signature[(place & int.MaxValue) % signature.Length] ^= (byte)(change & 1);
            return fast.Verify(publicKey, message, signature) == platform.Verify(publicKey, message, signature);
        }).QuickCheckThrowOnFailure();
        Assert.Null(watch.Fault);
        Assert.True(watch.Accepted > 0);
    }
}
