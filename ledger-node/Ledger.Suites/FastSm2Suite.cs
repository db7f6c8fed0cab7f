using Ledger.Core.Primitives;
using Ledger.Suites.Verification;

namespace Ledger.Suites;

/// <summary>SM2 that verifies under known keys with own arithmetic, and answers what the crypto package answers.</summary>
sealed class FastSm2Suite : Sm2Suite
{
    readonly CheckedVerification<CurveSm2> verification;

    public FastSm2Suite(VerificationWatch watch) => verification = new(watch, base.Verify, static key => Sm2Curve.Before(key.Span).ToBytes(), Sm3.Hash);

    internal CheckedVerification<CurveSm2> Verification => verification;

    public override bool Verify(ByteString publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => verification.Verify(publicKey, message, signature);
}
