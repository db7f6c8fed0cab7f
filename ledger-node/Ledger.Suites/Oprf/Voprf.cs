using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Ledger.Core.Primitives;
using Org.BouncyCastle.Math;

namespace Ledger.Suites.Oprf;

/// <summary>
/// A function that one party has the key of and another the input, of which neither tells the other: RFC 9497, suite <c>P256-SHA256</c>, in the mode VOPRF. Whoever has the input blinds it, has it
/// evaluated with a proof that the known key did it, and finishes; whoever has the key learns nothing.
/// </summary>
public static class Voprf
{
    /// <summary>Elements of one proof; the RFC has two octets for their number.</summary>
    public const int MaxElements = 64;

    static readonly byte[] Context = [.. "OPRFV1-"u8, 1, .. "-P256-SHA256"u8];

    static readonly byte[] GroupDomain = [.. "HashToGroup-"u8, .. Context];

    static readonly byte[] ScalarDomain = [.. "HashToScalar-"u8, .. Context];

    static readonly byte[] SeedDomain = [.. "Seed-"u8, .. Context];

    /// <summary>Blind of section 3.3.2: what is sent of an input.</summary>
    public static GroupElement Blind(ReadOnlySpan<byte> input, GroupScalar blind) => blind.Times(Hashed(input));

    /// <summary>BlindEvaluate of section 3.3.2: each element times the key, and one proof of it for all.</summary>
    public static (IReadOnlyList<GroupElement> Evaluated, VoprfProof Proof) Evaluate(GroupScalar key, IReadOnlyList<GroupElement> blinded) => Evaluate(key, blinded, GroupScalar.Random());

    /// <summary>Whether the owner of a public key evaluated these elements so (VerifyProof of section 2.2.2).</summary>
    public static bool IsProved(GroupElement publicKey, IReadOnlyList<GroupElement> blinded, IReadOnlyList<GroupElement> evaluated, VoprfProof proof)
    {
        if (blinded.Count is 0 or > MaxElements || blinded.Count != evaluated.Count) return false;
        var (m, z) = Composites(publicKey, blinded, evaluated);
        if (m is null || z is null) return false;
        var t2 = GroupElement.Of(Group.Sum([(proof.Response, Group.Generator), (proof.Challenge, publicKey.Point)]));
        var t3 = GroupElement.Of(Group.Sum([(proof.Response, m.Point), (proof.Challenge, z.Point)]));
        return t2 is not null && t3 is not null && Challenge(publicKey, m, z, t2, t3).Equals(proof.Challenge);
    }

    /// <summary>Finalize of section 3.3.1: what the function gives, 32 octets.</summary>
    public static Hash256 Finish(ReadOnlySpan<byte> input, GroupScalar blind, GroupElement evaluated)
    {
        var unblinded = GroupElement.Of(Group.Multiply(evaluated.Point, blind.Value.ModInverse(Group.Order))) ?? throw new InvalidOperationException("The order of the group is prime.");
        return Hash256.Read(SHA256.HashData([.. Counted(input), .. Counted(unblinded.ToOctets().Span), .. "Finalize"u8]));
    }

    /// <summary>Evaluate of section 3.3.1, for whoever has the whole key: the same without blinding.</summary>
    internal static Hash256 Directly(GroupScalar key, ReadOnlySpan<byte> input) =>
        Hash256.Read(SHA256.HashData([.. Counted(input), .. Counted(key.Times(Hashed(input)).ToOctets().Span), .. "Finalize"u8]));

    /// <summary>With the r that a vector names; it is never chosen elsewhere.</summary>
    internal static (IReadOnlyList<GroupElement> Evaluated, VoprfProof Proof) Evaluate(GroupScalar key, IReadOnlyList<GroupElement> blinded, GroupScalar r)
    {
        if (blinded.Count is 0 or > MaxElements) throw new ArgumentException($"1 to {MaxElements} elements.", nameof(blinded));
        GroupElement[] evaluated = [.. blinded.Select(key.Times)];
        var publicKey = key.PublicElement;
        var (m, _) = Composites(publicKey, blinded, evaluated);
        if (m is null) throw new InvalidOperationException("A sum with weights out of a hash came to nothing.");
        var challenge = Challenge(publicKey, m, key.Times(m), r.PublicElement, r.Times(m));
        return (evaluated, new(challenge, r.Value.Subtract(challenge.Multiply(key.Value)).Mod(Group.Order)));
    }

    static GroupElement Hashed(ReadOnlySpan<byte> input) =>
        GroupElement.Of(HashToCurve.Point(input, GroupDomain)) ?? throw new InvalidOperationException("A hash came to infinity.");

    // ComputeComposites of section 2.2.1: one pair of elements for all, so that one proof is enough.
    static (GroupElement? M, GroupElement? Z) Composites(GroupElement publicKey, IReadOnlyList<GroupElement> blinded, IReadOnlyList<GroupElement> evaluated)
    {
        var seed = SHA256.HashData([.. Counted(publicKey.ToOctets().Span), .. Counted(SeedDomain)]);
        var weights = new BigInteger[blinded.Count];
        for (var i = 0; i < blinded.Count; i++)
        {
            byte[] transcript = [.. Counted(seed), .. Number(i), .. Counted(blinded[i].ToOctets().Span), .. Counted(evaluated[i].ToOctets().Span), .. "Composite"u8];
            weights[i] = ToScalar(transcript);
        }

        return (Sum(blinded), Sum(evaluated));

        GroupElement? Sum(IReadOnlyList<GroupElement> elements) => GroupElement.Of(Group.Sum(weights.Zip(elements, static (weight, element) => (weight, element.Point))));
    }

    static BigInteger Challenge(GroupElement publicKey, GroupElement m, GroupElement z, GroupElement t2, GroupElement t3)
    {
        byte[] transcript = [];
        foreach (var element in (GroupElement[])[publicKey, m, z, t2, t3]) transcript = [.. transcript, .. Counted(element.ToOctets().Span)];
        return ToScalar([.. transcript, .. "Challenge"u8]);
    }

    static BigInteger ToScalar(ReadOnlySpan<byte> message) => HashToCurve.Numbers(message, ScalarDomain, Group.Order, count: 1)[0];

    static byte[] Counted(ReadOnlySpan<byte> octets) => [.. Number(octets.Length), .. octets];

    static byte[] Number(int number)
    {
        var octets = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(octets, checked((ushort)number));
        return octets;
    }
}

/// <summary>That two pairs of elements have one logarithm, which is not told (RFC 9497, section 2.2): challenge and response, 32 octets each.</summary>
public sealed class VoprfProof
{
    public const int Size = 2 * GroupScalar.Size;

    internal VoprfProof(BigInteger challenge, BigInteger response) => (Challenge, Response) = (challenge, response);

    internal BigInteger Challenge { get; }

    internal BigInteger Response { get; }

    /// <summary>False for another length, and for numbers of the group's order or more.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out VoprfProof? proof)
    {
        proof = null;
        if (octets.Length != Size) return false;
        var (challenge, response) = (new BigInteger(1, octets[..GroupScalar.Size]), new BigInteger(1, octets[GroupScalar.Size..]));
        if (challenge.CompareTo(Group.Order) >= 0 || response.CompareTo(Group.Order) >= 0) return false;
        proof = new(challenge, response);
        return true;
    }

    public ByteString ToOctets() => new((byte[])[
        .. Org.BouncyCastle.Utilities.BigIntegers.AsUnsignedByteArray(GroupScalar.Size, Challenge), .. Org.BouncyCastle.Utilities.BigIntegers.AsUnsignedByteArray(GroupScalar.Size, Response)]);
}
