using System.Text;
using Ledger.Suites.Oprf;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;

namespace Ledger.Tests.Suites.Oprf;

/// <summary>Hashing to P-256, step by step, against the examples of RFC 9380.</summary>
public class HashToCurveTests
{
    static readonly byte[] Domain = Encoding.ASCII.GetBytes(OprfVectors.HashToCurve.GetProperty("domain").GetString()!);

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, OprfVectors.HashToCurve.GetProperty("cases").GetArrayLength())];

    [Fact]
    public void The_standard_gives_five_examples() => Assert.Equal(5, Cases.Count);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_message_goes_through_two_numbers_and_two_points_to_the_standards_point(int at)
    {
        var example = OprfVectors.HashToCurve.GetProperty("cases")[at];
        var message = Encoding.ASCII.GetBytes(example.GetProperty("message").GetString()!);
        var numbers = HashToCurve.Numbers(message, Domain, Group.FieldPrime, 2);

        Assert.Equal(example.GetProperty("u").EnumerateArray().Select(static one => one.GetString()), numbers.Select(Hex));
        Assert.Equal(Given("q0"), Coordinates(HashToCurve.Map(numbers[0])));
        Assert.Equal(Given("q1"), Coordinates(HashToCurve.Map(numbers[1])));
        Assert.Equal(Given("p"), Coordinates(HashToCurve.Point(message, Domain)));

        string[] Given(string name) => [.. example.GetProperty(name).EnumerateArray().Select(static one => one.GetString()!)];

        static string[] Coordinates(ECPoint point) => [Hex(point.AffineXCoord.ToBigInteger()), Hex(point.AffineYCoord.ToBigInteger())];
    }

    [Fact]
    public void Every_number_has_a_point_the_ones_among_them_that_divide_by_nothing()
    {
        foreach (var number in (BigInteger[])[BigInteger.Zero, BigInteger.One, Group.FieldPrime.Subtract(BigInteger.One), .. Roots()]) Assert.True(HashToCurve.Map(number).IsValid());

        // Where Z·u² is −1 the formula would divide by zero.
        static IEnumerable<BigInteger> Roots()
        {
            var tenth = Group.Curve.FromBigInteger(BigInteger.Ten.ModInverse(Group.FieldPrime)).Sqrt();
            return tenth is null ? [] : [tenth.ToBigInteger(), tenth.Negate().ToBigInteger()];
        }
    }

    static string Hex(BigInteger number) => Convert.ToHexStringLower(Org.BouncyCastle.Utilities.BigIntegers.AsUnsignedByteArray(32, number));
}
