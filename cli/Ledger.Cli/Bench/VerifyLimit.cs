using System.Diagnostics;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Cli.Bench;

/// <summary>One signature as the node verifies it.</summary>
readonly record struct SignedMessage(ByteString PublicKey, ByteString Message, ByteString Signature);

/// <summary>How many signatures this machine verifies a second when it does nothing else: no ledger that verifies all of them can be faster.</summary>
static class VerifyLimit
{
    /// <summary>Verifies on all cores for a while.</summary>
    public static double Measure(CryptoSuite suite, IReadOnlyList<SignedMessage> signatures, TimeSpan duration)
    {
        var total = 0L;
        var clock = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(first => new Thread(() =>
        {
            var verified = 0L;
            for (var i = first % signatures.Count; clock.Elapsed < duration; i = (i + 1) % signatures.Count, verified++)
            {
                var (key, message, signature) = signatures[i];
                if (!suite.Verify(key, message.Span, signature.Span)) throw new InvalidOperationException("A signature of the benchmark's own does not verify.");
            }

            Interlocked.Add(ref total, verified);
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return total / clock.Elapsed.TotalSeconds;
    }
}
