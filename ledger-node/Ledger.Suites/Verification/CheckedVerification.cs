using Ledger.Core.Primitives;

namespace Ledger.Suites.Verification;

/// <summary>Whether a signature is good, by code that is not this room's.</summary>
delegate bool Judge(ByteString publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

/// <summary>What a signature is over: the digest of what the suite puts before every message under the key, and the message.</summary>
delegate Hash256 Digest(ReadOnlySpan<byte> before, ReadOnlySpan<byte> message);

/// <summary>
/// The own arithmetic in front of the platform. It is asked only under keys that the platform has accepted signatures of, and only once it has passed its self-test;
/// its yes is sampled, its no is always put to the platform, and by one difference it is out for good. So what it answers is what the platform answers, but for a
/// wrong yes that no sample has met yet. Safe for many threads.
/// </summary>
sealed class CheckedVerification<TCurve>(VerificationWatch watch, Judge platform, Func<ByteString, byte[]> before, Digest digest)
    where TCurve : struct, ICurve
{
    /// <summary>40 kB each: 80 MB where so many keys sign.</summary>
    public const int Capacity = 2048;

    readonly TableCache<Known> tables = new(Capacity);
    volatile KnownKeyVerifier<TCurve>? own;
    int isMade;

    public bool Verify(ByteString publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (!watch.IsOn) return platform(publicKey, message, signature);
        if (own is not { } verifier || tables.Find(publicKey) is not { } known)
        {
            var isGood = platform(publicKey, message, signature);
            if (isGood && tables.Earns(publicKey)) Learn(publicKey);
            return isGood;
        }

        var hash = digest(known.Before, message).ToBytes();
        var answer = Ask(verifier, known.Table, hash, signature);
        if (answer == Answer.Yes && !watch.IsSampled()) return true;
        var counts = platform(publicKey, message, signature);
        if (answer == Answer.Unknown) return counts;
        if (counts == (answer == Answer.Yes)) watch.Agree();
        else watch.Fail($"{TCurve.Name}: the platform says {Word(counts)} and the own arithmetic {Word(!counts)}, key {publicKey}, digest {Convert.ToHexStringLower(hash)}, signature {Convert.ToHexStringLower(signature)}");
        return counts;
    }

    /// <summary>For a test: the table of a key, if there is one.</summary>
    internal KeyTable<TCurve>? TableOf(ByteString publicKey) => tables.Find(publicKey)?.Table;

    Answer Ask(KnownKeyVerifier<TCurve> verifier, KeyTable<TCurve> table, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        try
        {
            return verifier.Verify(table, hash, signature);
        }
        catch (Exception mistake) when (IsOfArithmetic(mistake))
        {
            watch.Fail($"{TCurve.Name}: {mistake}");
            return Answer.Unknown;
        }
    }

    // While one thread makes and tests the arithmetic the others go on with the platform.
    void Learn(ByteString publicKey)
    {
        try
        {
            if (own is null && Interlocked.Exchange(ref isMade, 1) == 0)
            {
                var made = new KnownKeyVerifier<TCurve>();
                if (SelfTest.Problem(made) is { } problem) watch.Fail($"{TCurve.Name}: {problem}");
                else own = made;
            }

            if (own is not null) tables.Keep(publicKey, new(KnownKeyVerifier<TCurve>.TableOf(publicKey.Span), before(publicKey)));
        }
        catch (Exception mistake) when (IsOfArithmetic(mistake))
        {
            watch.Fail($"{TCurve.Name}: {mistake}");
        }
    }

    // A mistake here is the program's, and elsewhere would stop it; but there is somebody else to ask, and the alarm.
    static bool IsOfArithmetic(Exception mistake) => mistake is ArithmeticException or ArgumentException or IndexOutOfRangeException;

    static string Word(bool isGood) => isGood ? "yes" : "no";

    sealed record Known(KeyTable<TCurve> Table, byte[] Before);
}
