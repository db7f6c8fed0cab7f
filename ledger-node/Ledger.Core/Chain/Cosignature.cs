using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>
/// A witness's word that at a time this was the largest history of its origin that it had seen, and that it goes on from all that it saw before (C2SP tlog-cosignature, Ed25519): the signature of a note's line of type <c>04</c>.
/// </summary>
public readonly record struct Cosignature(ulong UnixSeconds, ByteString Signature)
{
    const int TimeSize = sizeof(ulong);
    const int SignatureSize = 64;

    /// <summary>What is signed: the text of the checkpoint behind a line that says what this is and one that says when.</summary>
    public static byte[] SignedBytes(ReadOnlySpan<byte> noteText, ulong unixSeconds) =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {unixSeconds}\n")), .. noteText];

    public ByteString Write()
    {
        var octets = new byte[TimeSize + SignatureSize];
        BinaryPrimitives.WriteUInt64BigEndian(octets, UnixSeconds);
        Signature.Span.CopyTo(octets.AsSpan(TimeSize));
        return new(octets);
    }

    /// <summary>False for another length, and for a time that is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out Cosignature cosignature)
    {
        cosignature = default;
        if (octets.Length != TimeSize + SignatureSize) return false;
        var time = BinaryPrimitives.ReadUInt64BigEndian(octets);
        if (time is 0 or > long.MaxValue) return false;
        cosignature = new(time, new(octets[TimeSize..].ToArray()));
        return true;
    }
}
