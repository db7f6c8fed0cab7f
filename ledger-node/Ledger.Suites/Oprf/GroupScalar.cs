using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Utilities;

namespace Ledger.Suites.Oprf;

/// <summary>A number from 1 to n − 1, n being the order of P-256: a key, a share of one, or a blind. It is a secret.</summary>
public sealed class GroupScalar
{
    public const int Size = 32;

    GroupScalar(BigInteger value) => Value = value;

    internal BigInteger Value { get; }

    public static GroupScalar Random()
    {
        Span<byte> octets = stackalloc byte[Size];
        while (true)
        {
            RandomNumberGenerator.Fill(octets);
            if (TryRead(octets, out var scalar)) return scalar;
        }
    }

    /// <summary>False for another length, 0, and n or more.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out GroupScalar? scalar)
    {
        scalar = octets.Length == Size ? Of(new(1, octets)) : null;
        return scalar is not null;
    }

    /// <summary>Big-endian; whoever asks for it wipes it.</summary>
    public byte[] ToOctets() => BigIntegers.AsUnsignedByteArray(Size, Value);

    /// <summary>The scalar times the generator.</summary>
    public GroupElement PublicElement => Times(GroupElement.Generator);

    /// <summary>Whether the sum of two scalars is one: it is not where the one is the other's negative.</summary>
    public bool TryAdd(GroupScalar other, [NotNullWhen(true)] out GroupScalar? sum)
    {
        sum = Of(Value.Add(other.Value).Mod(Group.Order));
        return sum is not null;
    }

    internal GroupElement Times(GroupElement element) => GroupElement.Of(Group.Multiply(element.Point, Value)) ?? throw new InvalidOperationException("The order of the group is prime.");

    internal static GroupScalar? Of(BigInteger value) => value.SignValue > 0 && value.CompareTo(Group.Order) < 0 ? new(value) : null;
}
