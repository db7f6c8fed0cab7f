using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Math.EC.Multiplier;

namespace Ledger.Suites;

/// <summary>A decoded SM2 key with the multiples that make verifying fast. Everything here is public, so nothing runs in constant time.</summary>
sealed class Sm2PublicKey
{
    static readonly Comb Generator = new(Sm2Curve.Generator);

    readonly Hash256 identity;
    readonly Comb key;

    Sm2PublicKey(ReadOnlySpan<byte> encoded, ECPoint point)
    {
        identity = Sm2Curve.Identity(encoded);
        key = new Comb(point);
    }

    public static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out Sm2PublicKey? publicKey)
    {
        publicKey = Sm2Curve.TryDecode(encoded, out var point) ? new(encoded, point) : null;
        return publicKey is not null;
    }

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        VerifyDigest(Sm2Curve.Digest(identity, message), signature);

    /// <summary>GB/T 32918.2 section 7.1, from the digest e on: R = (e + x of s·G + (r+s)·P) mod n must be r.</summary>
    internal bool VerifyDigest(Hash256 digest, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != CryptoSuite.SignatureSize) return false;
        var r = new BigInteger(1, signature[..32].ToArray());
        var s = new BigInteger(1, signature[32..].ToArray());
        if (!IsScalar(r) || !IsScalar(s)) return false;
        var t = r.Add(s).Mod(Sm2Curve.Order);
        if (t.SignValue == 0) return false;

        var point = Comb.Sum(Generator, s, key, t);
        if (point.IsInfinity) return false;

        // The point's x is X / Z². Comparing x·Z² with X for the one or two x that r allows spares a division in the field.
        var x = r.Subtract(new BigInteger(1, digest.ToBytes())).Mod(Sm2Curve.Order);
        var scale = point.GetZCoord(0).Square();
        return HasX(point, scale, x) || HasX(point, scale, x.Add(Sm2Curve.Order));
    }

    static bool IsScalar(BigInteger value) => value.SignValue > 0 && value.CompareTo(Sm2Curve.Order) < 0;

    static bool HasX(ECPoint point, ECFieldElement scale, BigInteger x) =>
        Sm2Curve.IsFieldElement(x) && Sm2Curve.FieldElement(x).Multiply(scale).Equals(point.XCoord);

    /// <summary>
    /// A point's fixed-base comb (Lim and Lee): the scalar's bits are laid out in rows of 43, and each column picks one of 64 prepared sums.
    /// 43 doublings serve two points at once, where the usual method takes 256 for every signature.
    /// </summary>
    sealed class Comb
    {
        const int Rows = 6;
        const int Columns = 43;

        readonly ECLookupTable table;
        readonly ECPoint offset;

        public Comb(ECPoint point)
        {
            var prepared = FixedPointUtilities.Precompute(point);
            if (prepared.Width != Rows) throw new InvalidOperationException("The comb's width is not the one that is read here.");
            (table, offset) = (prepared.LookupTable, prepared.Offset);
        }

        /// <summary>u·U + v·V, not normalised.</summary>
        public static ECPoint Sum(Comb first, BigInteger u, Comb second, BigInteger v)
        {
            Span<ulong> uLimbs = stackalloc ulong[5];
            Span<ulong> vLimbs = stackalloc ulong[5];
            Limbs(u, uLimbs);
            Limbs(v, vLimbs);

            var sum = Sm2Curve.Generator.Curve.Infinity;
            for (var column = Columns - 1; column >= 0; column--)
            {
                sum = sum.TwicePlus(first.table.LookupVar(Index(uLimbs, column)));
                sum = sum.Add(second.table.LookupVar(Index(vLimbs, column)));
            }

            // Every prepared sum carries one point too many, so that none is the point at infinity.
            return sum.Add(first.offset).Add(second.offset);
        }

        static int Index(ReadOnlySpan<ulong> limbs, int column)
        {
            var index = 0;
            for (var row = 0; row < Rows; row++)
            {
                var bit = column + (Columns * row);
                index |= (int)((limbs[bit / 64] >> (bit % 64)) & 1) << row;
            }

            return index;
        }

        // The rows hold 258 bits; the fifth limb is the two zero bits above the scalar.
        static void Limbs(BigInteger scalar, Span<ulong> limbs)
        {
            Span<byte> bytes = stackalloc byte[32];
            bytes.Clear();
            var magnitude = scalar.ToByteArrayUnsigned();
            magnitude.CopyTo(bytes[(32 - magnitude.Length)..]);
            for (var i = 0; i < 4; i++) limbs[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes[(24 - (8 * i))..]);
            limbs[4] = 0;
        }
    }
}
