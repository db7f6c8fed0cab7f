using System.Numerics;
using System.Runtime.Intrinsics;
using Ledger.Suites.Verification;

namespace Ledger.Tests.Suites.Verification;

/// <summary>The arithmetic against whole numbers of any length. It is the same code on every processor, only slower where one has no such lanes.</summary>
public sealed class LanesTests
{
    const int Rounds = 3_000;

    [Fact]
    public void Lanes_reckon_modulo_the_prime_of_P256_whatever_is_in_them() => Reckon<CurveP256>();

    [Fact]
    public void Lanes_reckon_modulo_the_prime_of_SM2_whatever_is_in_them() => Reckon<CurveSm2>();

    [Fact]
    public void Scalars_reckon_modulo_all_four_primes()
    {
        foreach (var prime in (BigInteger[])[CurveP256.N, CurveP256.P, CurveSm2.N, CurveSm2.P]) Reckon(prime);
    }

    [Fact]
    public void Zero_is_known_in_both_ways_in_which_it_is_written_and_nothing_else_is()
    {
        var p = CurveSm2.P;
        var lanes = Lanes<CurveSm2>.Read(Words(0), Words(p), Words(1), Words(p - 1));
        Assert.Equal(Vector256.Create(ulong.MaxValue, ulong.MaxValue, 0, 0), lanes.IsZero());
    }

    [Fact]
    public void Turned_lanes_hold_what_lay_further_on()
    {
        var lanes = Lanes<CurveP256>.Read(Words(1), Words(2), Words(3), Words(4));
        Assert.Equal([2, 3, 4, 1], Values(lanes.TurnedByOne()));
        Assert.Equal([3, 4, 1, 2], Values(lanes.TurnedByTwo()));
    }

    static void Reckon<TCurve>()
        where TCurve : struct, ICurve
    {
        var p = TCurve.P;
        var random = new Random(52);
        var inverseOfR = BigInteger.ModPow(BigInteger.ModPow(2, 260, p), p - 2, p);
        for (var round = 0; round < Rounds; round++)
        {
            BigInteger[] xs = [.. Enumerable.Range(0, 4).Select(_ => Next(random, p))], ys = [.. Enumerable.Range(0, 4).Select(_ => Next(random, p))];
            Lanes<TCurve> x = Lanes<TCurve>.Read(Words(xs[0]), Words(xs[1]), Words(xs[2]), Words(xs[3])), y = Lanes<TCurve>.Read(Words(ys[0]), Words(ys[1]), Words(ys[2]), Words(ys[3]));
            Expect(x * y, i => xs[i] * ys[i] * inverseOfR);
            Expect(x * x, i => xs[i] * xs[i] * inverseOfR);
            Expect(x + y, i => xs[i] + ys[i]);
            Expect(x - y, i => xs[i] - ys[i]);
            Expect(x.NegatedWhere(Vector256.Create(ulong.MaxValue, 0, 0, ulong.MaxValue)), i => i is 0 or 3 ? -xs[i] : xs[i]);
            for (var i = 0; i < 4; i++) Assert.Equal(xs[i] % p, x.Number(i).ToBigInteger());

            // What was made is within bounds again, however long one goes on with it.
            var chain = x;
            for (var i = 0; i < 6; i++) chain = chain + chain - y;
            Expect(chain, i => (64 * xs[i]) - (63 * ys[i]));
            if (xs.Any(one => (one % p).IsZero)) continue;
            Expect(x.Inverted() * x, _ => BigInteger.ModPow(2, 260, p));
        }

        void Expect(in Lanes<TCurve> lanes, Func<int, BigInteger> wanted)
        {
            var values = Values(lanes);
            for (var i = 0; i < 4; i++)
            {
                Assert.True(values[i] < Bound, $"{values[i]:x}");
                Assert.Equal(Modulo(wanted(i), p), values[i] % p);
            }
        }
    }

    static void Reckon(BigInteger prime)
    {
        var modulus = new Modulus(prime);
        var random = new Random(64);
        var r = BigInteger.ModPow(2, 256, prime);
        for (var round = 0; round < Rounds; round++)
        {
            BigInteger a = Next(random, prime) % prime, b = Next(random, prime) % prime;
            UInt256 x = UInt256.Of(a), y = UInt256.Of(b);
            Assert.Equal(a, x.ToBigInteger());
            Assert.Equal((a + b) % prime, modulus.Add(x, y).ToBigInteger());
            Assert.Equal(Modulo(a - b, prime), modulus.Subtract(x, y).ToBigInteger());
            Assert.Equal(a * b % prime, modulus.Multiply(x, y).ToBigInteger() * r % prime);
            Assert.Equal(a * r % prime, modulus.ToMontgomery(x).ToBigInteger());
            Assert.Equal(!a.IsZero, modulus.IsUnit(x));
            if (!a.IsZero) Assert.Equal(BigInteger.One, modulus.Invert(x).ToBigInteger() * a % prime);
            var any = Next(random, prime) % (BigInteger.One << 256);
            Assert.Equal(any % prime, modulus.Reduce(UInt256.Of(any)).ToBigInteger());
        }
    }

    // 1.072·2^256, which the products' own bound is.
    static readonly BigInteger Bound = (BigInteger.One << 256) * 1072 / 1000;

    /// <summary>Of edges, of limbs that are all ones or none, and of any bits.</summary>
    static BigInteger Next(Random random, BigInteger p)
    {
        BigInteger[] edges =
        [
            0, 1, 2, p - 2, p - 1, p, p + 1, (BigInteger.One << 256) - 1, BigInteger.One << 256, Bound - 1, (BigInteger.One << 52) - 1, (BigInteger.One << 208) - 1, (BigInteger.One << 256) - (BigInteger.One << 52),
            BigInteger.One << 51, (BigInteger.One << 51) - 1, (BigInteger.One << 255) - 19,
        ];
        if (random.Next(4) == 0) return edges[random.Next(edges.Length)];
        var isPlain = random.Next(2) == 0;
        var value = BigInteger.Zero;
        for (var i = 0; i < 5; i++)
        {
            var mask = i == 4 ? (1ul << 48) - 1 : Limb.Mask;
            var limb = (isPlain ? random.Next(3) : 2) switch { 0 => 0ul, 1 => mask, _ => (ulong)random.NextInt64() & mask };
            value |= (BigInteger)limb << (Limb.Bits * i);
        }

        return value;
    }

    static ulong[] Words(BigInteger value) => [.. Enumerable.Range(0, Limb.Count).Select(i => (ulong)((value >> (Limb.Bits * i)) & Limb.Mask))];

    static BigInteger[] Values<TCurve>(in Lanes<TCurve> lanes)
        where TCurve : struct, ICurve
    {
        var values = new BigInteger[Lanes<TCurve>.Count];
        var words = new ulong[Limb.Count];
        for (var lane = 0; lane < values.Length; lane++)
        {
            lanes.Write(lane, words);
            Assert.All(words, word => Assert.True(word <= Limb.Mask));
            values[lane] = words.Index().Aggregate(BigInteger.Zero, static (sum, word) => sum + ((BigInteger)word.Item << (Limb.Bits * word.Index)));
        }

        return values;
    }

    static BigInteger Modulo(BigInteger value, BigInteger modulus) => ((value % modulus) + modulus) % modulus;
}
