using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Ledger.Suites.Verification;

/// <summary>What the arithmetic says of a signature.</summary>
enum Answer
{
    /// <summary>It met a case that its formulas leave out.</summary>
    Unknown,
    No,
    Yes,
}

/// <summary>
/// One signature under a key whose table is at hand: R = u1·G + u2·Q is the sum of 96 entries, four at a time. Verification only: nothing here takes care how long
/// it takes, and no secret may come near it. Safe for many threads.
/// </summary>
sealed class KnownKeyVerifier<TCurve>
    where TCurve : struct, ICurve
{
    const int KeyWidth = 4;
    const int GeneratorWidth = 8;
    const int KeyBlocks = KeyTable<TCurve>.Bits / KeyWidth;
    const int GeneratorBlocks = KeyTable<TCurve>.Bits / GeneratorWidth;

    readonly Modulus order = new(TCurve.N);
    readonly UInt256 gap = UInt256.Of(TCurve.P - TCurve.N);
    readonly KeyTable<TCurve> generator = new(UInt256.Of(TCurve.Gx), UInt256.Of(TCurve.Gy), GeneratorWidth);

    /// <summary>For a test.</summary>
    internal KeyTable<TCurve> Generator => generator;

    /// <summary>Whether this processor multiplies and adds four doubles in one rounding, without which the platform is faster.</summary>
    public static bool IsSupported => Fma.IsSupported && Avx2.IsSupported;

    /// <summary>The table of a key that is known to be a point on the curve.</summary>
    public static KeyTable<TCurve> TableOf(ReadOnlySpan<byte> publicKey) => new(UInt256.Read(publicKey[1..]), UInt256.Read(publicKey[(1 + UInt256.Size)..]), KeyWidth);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Answer Verify(KeyTable<TCurve> key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 2 * UInt256.Size) return Answer.No;
        UInt256 r = UInt256.Read(signature), s = UInt256.Read(signature[UInt256.Size..]);
        if (!order.IsUnit(r) || !order.IsUnit(s)) return Answer.No;
        if (!TCurve.Equation(order, r, s, order.Reduce(UInt256.Read(digest)), out var u1, out var u2, out var x)) return Answer.No;

        Span<int> places = stackalloc int[GeneratorBlocks + KeyBlocks];
        Span<ulong> negated = stackalloc ulong[GeneratorBlocks + KeyBlocks];
        generator.Find(order, u1, places[..GeneratorBlocks], negated);
        key.Find(order, u2, places[GeneratorBlocks..], negated[GeneratorBlocks..]);

        Jacobian<TCurve> sum = new(generator.Read(places, negated));
        for (var at = Lanes<TCurve>.Count; at < places.Length; at += Lanes<TCurve>.Count)
        {
            sum.Add((at < GeneratorBlocks ? generator : key).Read(places[at..], negated[at..]));
        }

        sum.Add(sum.TurnedByTwo());
        sum.Add(sum.TurnedByOne());
        if (sum.Z.IsZero()[0] != 0) return Answer.Unknown;
        return HasX(sum, x) || (x.IsBelow(gap) && HasX(sum, UInt256.Add(x, order.Value, out _))) ? Answer.Yes : Answer.No;
    }

    // Without a division: X = x·Z².
    static bool HasX(in Jacobian<TCurve> point, in UInt256 x) => (point.X - (Lanes<TCurve>.Of(x) * (point.Z * point.Z))).IsZero()[0] != 0;
}
