using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace Ledger.Suites.Oprf;

/// <summary>Octets to points of P-256 whose logarithm nobody knows: the suite <c>P256_XMD:SHA-256_SSWU_RO_</c> of RFC 9380.</summary>
static class HashToCurve
{
    // L of RFC 9380, section 8.2: ⌈(256 + 128) / 8⌉.
    const int OctetsOfNumber = 48;

    const int BlockSize = 64;

    // Z of section 8.2.
    static readonly BigInteger Z = BigInteger.ValueOf(-10);

    /// <summary>Section 3, hash_to_curve.</summary>
    public static ECPoint Point(ReadOnlySpan<byte> message, ReadOnlySpan<byte> domain)
    {
        var u = Numbers(message, domain, Group.FieldPrime, count: 2);
        return Map(u[0]).Add(Map(u[1])).Normalize();
    }

    /// <summary>Section 5.2, hash_to_field, of as many numbers below a prime.</summary>
    public static BigInteger[] Numbers(ReadOnlySpan<byte> message, ReadOnlySpan<byte> domain, BigInteger prime, int count)
    {
        var octets = Expand(message, domain, count * OctetsOfNumber);
        var numbers = new BigInteger[count];
        for (var i = 0; i < count; i++) numbers[i] = new BigInteger(1, octets.AsSpan(i * OctetsOfNumber, OctetsOfNumber)).Mod(prime);
        return numbers;
    }

    /// <summary>Section 6.6.2, the simplified map of Shallue, van de Woestijne and Ulas, for one number of the field.</summary>
    public static ECPoint Map(BigInteger number)
    {
        var curve = Group.Curve;
        var (a, b, z, u, one) = (curve.A, curve.B, curve.FromBigInteger(Z.Mod(Group.FieldPrime)), curve.FromBigInteger(number), curve.FromBigInteger(BigInteger.One));
        var square = z.Multiply(u.Square());
        var sum = square.Square().Add(square);
        var first = sum.IsZero ? b.Divide(z.Multiply(a)) : b.Negate().Divide(a).Multiply(one.Add(sum.Invert()));
        var (x, y) = (first, Height(first).Sqrt());
        if (y is null)
        {
            x = square.Multiply(first);
            y = Height(x).Sqrt() ?? throw new InvalidOperationException("One of the two has a root.");
        }

        if (u.TestBitZero() != y.TestBitZero()) y = y.Negate();
        return curve.CreatePoint(x.ToBigInteger(), y.ToBigInteger());

        ECFieldElement Height(ECFieldElement at) => at.Square().Add(a).Multiply(at).Add(b);
    }

    // Section 5.3.1, expand_message_xmd.
    static byte[] Expand(ReadOnlySpan<byte> message, ReadOnlySpan<byte> domain, int length)
    {
        byte[] prime = [.. domain, checked((byte)domain.Length)];
        var size = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(size, checked((ushort)length));
        var first = SHA256.HashData([.. new byte[BlockSize], .. message, .. size, 0, .. prime]);
        var block = SHA256.HashData([.. first, 1, .. prime]);
        var octets = new List<byte>(block);
        for (var i = 2; octets.Count < length; i++)
        {
            for (var at = 0; at < block.Length; at++) block[at] ^= first[at];
            block = SHA256.HashData([.. block, checked((byte)i), .. prime]);
            octets.AddRange(block);
        }

        return [.. octets.Take(length)];
    }
}
