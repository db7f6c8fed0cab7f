using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Primitives;
using Org.BouncyCastle.Math.EC;

namespace Ledger.Suites.Oprf;

/// <summary>A point of P-256 other than infinity, as RFC 9497 section 4.3 takes it for an element of its group.</summary>
public sealed class GroupElement : IEquatable<GroupElement>
{
    /// <summary>Octets of the compressed form (SEC 1, section 2.3.3).</summary>
    public const int Size = 33;

    GroupElement(ECPoint point) => Point = point.Normalize();

    internal ECPoint Point { get; }

    /// <summary>The generator.</summary>
    public static GroupElement Generator { get; } = new(Group.Generator);

    /// <summary>False for another length, another form, a point that is not on the curve, and infinity.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out GroupElement? element)
    {
        element = null;
        if (octets.Length != Size || octets[0] is not (2 or 3)) return false;
        try
        {
            element = new(Group.Curve.DecodePoint(octets));
            return true;
        }
        catch (ArgumentException)
        {
            // The package says "not on the curve" with an exception; here it is an ordinary no.
            return false;
        }
    }

    /// <summary>The compressed form; an element has one.</summary>
    public ByteString ToOctets() => new(Point.GetEncoded(compressed: true));

    /// <summary>The uncompressed form of 65 octets, as key files have it.</summary>
    public ByteString ToPublicKey() => new(Point.GetEncoded(compressed: false));

    public bool Equals(GroupElement? other) => other is not null && Point.Equals(other.Point);

    public override bool Equals(object? obj) => Equals(obj as GroupElement);

    public override int GetHashCode() => Point.GetHashCode();

    /// <summary>A point that is known not to be infinity, or that it is for the caller to refuse.</summary>
    internal static GroupElement? Of(ECPoint point) => point.IsInfinity ? null : new(point);
}
