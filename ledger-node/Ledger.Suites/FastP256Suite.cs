using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Suites.Verification;

namespace Ledger.Suites;

/// <summary>ES256 that verifies under known keys with own arithmetic, and answers what the platform answers.</summary>
sealed class FastP256Suite : P256Suite
{
    readonly CheckedVerification<CurveP256> verification;

    public FastP256Suite(VerificationWatch watch) => verification = new(watch, base.Verify, static _ => [], (_, message) => Hash(message));

    internal CheckedVerification<CurveP256> Verification => verification;

    public override bool Verify(ByteString publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => verification.Verify(publicKey, message, signature);
}
