using System.Diagnostics.CodeAnalysis;
using Org.BouncyCastle.Math;

namespace Ledger.Suites.Oprf;

/// <summary>
/// A key that nobody has: a number of parties, the threshold, evaluate under it together, each with a share (Shamir), and any of them come to the same. What is public of it are the elements of
/// the polynomial's coefficients (Feldman), the first of which is the public key; each share's public element follows from them.
/// </summary>
public sealed class SharedKey
{
    /// <summary>Parties that can have a share, at most.</summary>
    public const int MaxShares = 64;

    readonly GroupElement[] commitments;

    SharedKey(GroupElement[] commitments) => this.commitments = commitments;

    public IReadOnlyList<GroupElement> Commitments => commitments;

    public int Threshold => commitments.Length;

    public GroupElement PublicKey => commitments[0];

    /// <summary>Null where there is no threshold from 1 to 64.</summary>
    public static SharedKey? Of(IEnumerable<GroupElement> commitments) => commitments.ToArray() is { Length: > 0 and <= MaxShares } all ? new(all) : null;

    /// <summary>
    /// Deals a new key out. Whoever deals has the whole key while it does; where several deal and the shares are added (<see cref="Sum"/>), only all of them together had it.
    /// </summary>
    public static (SharedKey Key, IReadOnlyList<GroupScalar> Shares) Deal(int threshold, int shares)
    {
        if (shares is < 1 or > MaxShares || threshold < 1 || threshold > shares) throw new ArgumentOutOfRangeException(nameof(threshold));
        while (true)
        {
            // The share of number i is the polynomial at i. That one is 0 happens to nobody, and then all are drawn anew.
            GroupScalar[] coefficients = [.. Enumerable.Range(0, threshold).Select(static _ => GroupScalar.Random())];
            GroupScalar?[] dealt = [.. Enumerable.Range(1, shares).Select(number => GroupScalar.Of(At(coefficients, number)))];
            if (dealt.All(static share => share is not null)) return (new([.. coefficients.Select(static one => one.PublicElement)]), [.. dealt.OfType<GroupScalar>()]);
        }
    }

    /// <summary>The public element of the share of a number, from 1.</summary>
    public GroupElement? PublicShare(int number) => GroupElement.Of(Group.Sum(commitments.Select((element, power) => (BigInteger.ValueOf(number).ModPow(BigInteger.ValueOf(power), Group.Order), element.Point))));

    /// <summary>Whether a share is the one of its number.</summary>
    public bool HasShare(int number, GroupScalar share) => number is >= 1 and <= MaxShares && share.PublicElement.Equals(PublicShare(number));

    /// <summary>The key whose shares are the sums of the shares of keys of one threshold; null where there is none.</summary>
    public static SharedKey? Sum(IReadOnlyList<SharedKey> keys)
    {
        if (keys.Count == 0 || keys.Any(key => key.Threshold != keys[0].Threshold)) return null;
        GroupElement?[] sums = [.. Enumerable.Range(0, keys[0].Threshold).Select(power => GroupElement.Of(Group.Sum(keys.Select(key => (BigInteger.One, key.commitments[power].Point)))))];
        return sums.All(static one => one is not null) ? new([.. sums.OfType<GroupElement>()]) : null;
    }

    /// <summary>
    /// What the whole key would have made of an element, out of what a threshold of shares made of it; each must have been proved before. False where they are not exactly as many, of different numbers.
    /// </summary>
    public bool TryCombine(IReadOnlyList<(int Number, GroupElement Evaluated)> parts, [NotNullWhen(true)] out GroupElement? whole)
    {
        whole = null;
        if (parts.Count != Threshold || parts.Select(static part => part.Number).Distinct().Count() != parts.Count || parts.Any(static part => part.Number is < 1 or > MaxShares)) return false;
        whole = GroupElement.Of(Group.Sum(parts.Select(part => (Weight(part.Number, parts), part.Evaluated.Point))));
        return whole is not null;
    }

    // Lagrange's at 0: the product of j / (j − i) over the others.
    static BigInteger Weight(int number, IReadOnlyList<(int Number, GroupElement Evaluated)> parts)
    {
        var (above, below) = (BigInteger.One, BigInteger.One);
        foreach (var (other, _) in parts)
        {
            if (other == number) continue;
            above = above.Multiply(BigInteger.ValueOf(other)).Mod(Group.Order);
            below = below.Multiply(BigInteger.ValueOf(other - number)).Mod(Group.Order);
        }

        return above.Multiply(below.ModInverse(Group.Order)).Mod(Group.Order);
    }

    static BigInteger At(GroupScalar[] coefficients, int number)
    {
        var sum = BigInteger.Zero;
        for (var power = coefficients.Length - 1; power >= 0; power--) sum = sum.Multiply(BigInteger.ValueOf(number)).Add(coefficients[power].Value).Mod(Group.Order);
        return sum;
    }
}
