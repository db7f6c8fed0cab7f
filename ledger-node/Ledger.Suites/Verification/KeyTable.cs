using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ledger.Suites.Verification;

/// <summary>
/// The multiples of a point that make scalar·point a sum without a doubling: for every block of <see cref="Width"/> bits the odd multiples 1, 3, …, 2^width − 1 of
/// 2^(width·block)·point. 80 bytes each: 40 kB for a key at width 4. The point must be on the curve.
/// </summary>
sealed class KeyTable<TCurve>
    where TCurve : struct, ICurve
{
    public const int Bits = 256;

    const int Words = 2 * Limb.Count;

    readonly ulong[] words;

    public KeyTable(in UInt256 x, in UInt256 y, int width)
    {
        Width = width;
        words = new ulong[Words * Blocks << (width - 1)];
        Store(OddMultiples(Doubles(new(Lanes<TCurve>.Of(x), Lanes<TCurve>.Of(y)))));
    }

    public int Width { get; }

    public int Blocks => Bits / Width;

    public int Bytes => sizeof(ulong) * words.Length;

    /// <summary>
    /// Writes where the entries of scalar·point stand, one a block, and whether each is to be negated. An odd k is a sum of ±2^i over all 256 places, and the
    /// signs are the bits of (k − 1)/2 + 2^255; in place of an even one stands n − k with all signs the other way.
    /// </summary>
    public void Find(Modulus n, in UInt256 scalar, Span<int> places, Span<ulong> negated)
    {
        var k = scalar.IsEven ? UInt256.Subtract(n.Value, scalar, out _) : scalar;
        ReadOnlySpan<ulong> signs = [(k.W0 >> 1) | (k.W1 << 63), (k.W1 >> 1) | (k.W2 << 63), (k.W2 >> 1) | (k.W3 << 63), (k.W3 >> 1) | (1ul << 63)];
        var half = 1 << (Width - 1);
        for (var block = 0; block < places.Length; block++)
        {
            var bits = (int)((signs[block * Width / 64] >> (block * Width % 64)) & ((2 * (ulong)half) - 1));
            var isPositive = bits >= half;
            places[block] = ((block * half) + (isPositive ? bits - half : half - 1 - bits)) * Words;
            negated[block] = isPositive == scalar.IsEven ? ulong.MaxValue : 0;
        }
    }

    /// <summary>Four entries side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Affine<TCurve> Read(ReadOnlySpan<int> places, ReadOnlySpan<ulong> negated)
    {
        ReadOnlySpan<ulong> a = words.AsSpan(places[0], Words), b = words.AsSpan(places[1], Words), c = words.AsSpan(places[2], Words), d = words.AsSpan(places[3], Words);
        var y = Lanes<TCurve>.Read(a[Limb.Count..], b[Limb.Count..], c[Limb.Count..], d[Limb.Count..]);
        return new(Lanes<TCurve>.Read(a, b, c, d), y.NegatedWhere(Vector256.Create(negated)));
    }

    /// <summary>For a test: what a fault of memory would do.</summary>
    internal void Flip(int word) => words[word] ^= 1;

    // 2^(width·block + t)·point; four blocks lie side by side, and their t follow one another.
    Affine<TCurve>[] Doubles(in Affine<TCurve> point)
    {
        var doubles = new Jacobian<TCurve>[Bits / Lanes<TCurve>.Count];
        Jacobian<TCurve> one = new(point);
        for (var block = 0; block < Blocks; block++)
        {
            var lane = Vector256.Create(0ul).WithElement(block % Lanes<TCurve>.Count, ulong.MaxValue);
            for (var t = 0; t < Width; t++)
            {
                ref var four = ref doubles[(block / Lanes<TCurve>.Count * Width) + t];
                four = new() { X = one.X.Or(four.X, lane), Y = one.Y.Or(four.Y, lane), Z = one.Z.Or(four.Z, lane) };
                one.Double();
            }
        }

        var inverses = Inverses([.. doubles.Select(static four => four.Z)]);
        var affine = new Affine<TCurve>[doubles.Length];
        for (var i = 0; i < affine.Length; i++)
        {
            var square = inverses[i] * inverses[i];
            affine[i] = new(doubles[i].X * square, doubles[i].Y * (square * inverses[i]));
        }

        return affine;
    }

    // What is (2i + 1)·B at i is (2(i + step) + 1)·B at i + step, once 2·step·B is added; neither is ever the other or its opposite.
    Affine<TCurve>[] OddMultiples(Affine<TCurve>[] doubles)
    {
        var half = 1 << (Width - 1);
        var multiples = new Affine<TCurve>[doubles.Length / Width * half];
        for (var four = 0; four < multiples.Length / half; four++) multiples[four * half] = doubles[four * Width];
        for (var t = 1; t < Width; t++)
        {
            var step = 1 << (t - 1);
            var differences = new Lanes<TCurve>[multiples.Length / half * step];
            for (var i = 0; i < differences.Length; i++) differences[i] = doubles[(i / step * Width) + t].X - multiples[(i / step * half) + (i % step)].X;
            var inverses = Inverses(differences);
            for (var i = 0; i < differences.Length; i++)
            {
                ref var from = ref multiples[(i / step * half) + (i % step)];
                ref var twice = ref doubles[(i / step * Width) + t];
                var slope = (twice.Y - from.Y) * inverses[i];
                var x = (slope * slope) - from.X - twice.X;
                multiples[(i / step * half) + step + (i % step)] = new(x, (slope * (from.X - x)) - from.Y);
            }
        }

        return multiples;
    }

    void Store(Affine<TCurve>[] multiples)
    {
        var half = 1 << (Width - 1);
        for (var block = 0; block < Blocks; block++)
        {
            for (var i = 0; i < half; i++)
            {
                var four = multiples[(block / Lanes<TCurve>.Count * half) + i];
                var entry = words.AsSpan(((block * half) + i) * Words, Words);
                four.X.Write(block % Lanes<TCurve>.Count, entry);
                four.Y.Write(block % Lanes<TCurve>.Count, entry[Limb.Count..]);
            }
        }
    }

    // Montgomery's trick: all inverses at the price of one and three products each.
    static Lanes<TCurve>[] Inverses(Lanes<TCurve>[] numbers)
    {
        var results = new Lanes<TCurve>[numbers.Length];
        var product = Lanes<TCurve>.One;
        for (var i = 0; i < numbers.Length; i++)
        {
            results[i] = product;
            product = product * numbers[i];
        }

        var inverse = product.Inverted();
        for (var i = numbers.Length - 1; i >= 0; i--)
        {
            results[i] = inverse * results[i];
            inverse = inverse * numbers[i];
        }

        return results;
    }
}
