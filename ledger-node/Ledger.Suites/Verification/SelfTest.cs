using System.Numerics;
using Ledger.Core.Primitives;

namespace Ledger.Suites.Verification;

/// <summary>
/// What the arithmetic shows of itself in this process, on this processor, before it is asked: published signatures, each changed in every octet too, and the cases
/// that its formulas leave out, which it may say that it does not know.
/// </summary>
static class SelfTest
{
    /// <summary>What is wrong; null for nothing.</summary>
    public static string? Problem<TCurve>(KnownKeyVerifier<TCurve> verifier)
        where TCurve : struct, ICurve
    {
        int good = 0, bad = 0;
        var tables = new Dictionary<ByteString, KeyTable<TCurve>>();
        foreach (var one in Cases<TCurve>())
        {
            if (!tables.TryGetValue(one.PublicKey, out var table)) tables[one.PublicKey] = table = KnownKeyVerifier<TCurve>.TableOf(one.PublicKey.Span);
            var answer = verifier.Verify(table, one.Digest, one.Signature);
            if (answer == (one.IsGood ? Answer.No : Answer.Yes))
                return $"the self-test's signature {Convert.ToHexStringLower(one.Signature)} of {Convert.ToHexStringLower(one.Digest)} under {one.PublicKey} is {(one.IsGood ? "refused" : "accepted")}";
            if (answer == Answer.Yes) good++;
            if (answer == Answer.No) bad++;
        }

        // One who never knows is never wrong.
        return good < 40 || bad < 100 ? $"the self-test had {good} signatures accepted and {bad} refused" : null;
    }

    static IEnumerable<SignatureCase> Cases<TCurve>()
        where TCurve : struct, ICurve
    {
        var published = Published<TCurve>();
        yield return published;
        for (var i = 0; i < published.Signature.Length; i++)
        {
            var changed = published.Signature.ToArray();
            changed[i] ^= 0x10;
            yield return published with { Signature = changed, IsGood = false };
        }

        var n = TCurve.N;
        var (half, odd) = (n >> 1, (BigInteger.One << 255) - 19);
        foreach (var one in CraftedCases<TCurve>.Of([1, n - 1, BigInteger.One << 200], [0, 1, 16, n - 1, odd])) yield return one;
        foreach (var one in CraftedCases<TCurve>.OfX(n, odd, half).Concat(CraftedCases<TCurve>.OfX(TCurve.P - n, half, odd))) yield return one;
    }

    // RFC 6979, A.2.5, "sample" with SHA-256; GB/T 32918.5-2017, appendix A.
    static SignatureCase Published<TCurve>()
        where TCurve : struct, ICurve => typeof(TCurve) == typeof(CurveSm2)
        ? Of(
            "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13",
            "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640",
            "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa")
        : Of(
            "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
            "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf",
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");

    static SignatureCase Of(string key, string digest, string signature) =>
        new(new(Convert.FromHexString(key)), Convert.FromHexString(digest), Convert.FromHexString(signature), IsGood: true);
}
