using Ledger.Core.Primitives;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace Ledger.Suites;

/// <summary>SM3 (GB/T 32905-2016) and HMAC over it, in one call. Every leaf and every node of the trees is hashed, so a thread keeps its digest.</summary>
public static class Sm3
{
    [ThreadStatic]
    static SM3Digest? kept;

    public static Hash256 Hash(ReadOnlySpan<byte> bytes) => Hash(bytes, []);

    /// <summary>Of two texts, one behind the other.</summary>
    public static Hash256 Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        // Finishing leaves the digest as new; one that an exception left half fed would spoil the next hash, and nothing here throws.
        var digest = kept ??= new();
        digest.BlockUpdate(first);
        digest.BlockUpdate(second);
        Span<byte> result = stackalloc byte[Hash256.Size];
        digest.DoFinal(result);
        return Hash256.Read(result);
    }

    public static Hash256 Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message)
    {
        var hmac = new HMac(new SM3Digest());
        hmac.Init(new KeyParameter(key));
        hmac.BlockUpdate(message);
        Span<byte> result = stackalloc byte[Hash256.Size];
        hmac.DoFinal(result);
        return Hash256.Read(result);
    }
}
