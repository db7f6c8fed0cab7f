using System.Buffers.Binary;
using System.Security.Cryptography;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Replay;

/// <summary>
/// What stands in a snapshot, read as it is and proved by nothing: to say which record differs from another's. <see cref="IsWhole"/> tells, once
/// everything was read, whether the checksum of the contents is right.
/// </summary>
public sealed class SnapshotListing
{
    readonly Stream stream;
    readonly IncrementalHash hash;

    SnapshotListing(Stream stream, IncrementalHash hash, Hash256 chainId, Header header)
    {
        this.stream = stream;
        this.hash = hash;
        ChainId = chainId;
        Header = header;
    }

    public Hash256 ChainId { get; }

    public Header Header { get; }

    /// <summary>The hash of the contents, as it stands in the file.</summary>
    public Hash256 Content { get; private set; }

    public bool IsWhole { get; private set; }

    /// <summary>Reads up to the header; null for bytes that are no snapshot.</summary>
    public static SnapshotListing? Open(Stream stream)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var magic = Take(stream, hash, Snapshot.Magic.Length + 2);
        if (magic.Length < Snapshot.Magic.Length + 2 || !magic.AsSpan().StartsWith(Snapshot.Magic) || BinaryPrimitives.ReadUInt16BigEndian(magic.AsSpan(Snapshot.Magic.Length)) != Snapshot.FormatVersion) return null;
        if (Take(stream, hash, Hash256.Size) is not { Length: Hash256.Size } chain || !Header.TryRead(Take(stream, hash, Header.Size), out var header)) return null;
        return new(stream, hash, Hash256.Read(chain), header);
    }

    /// <summary>The records one by one, as far as they can be told apart; then, as records of section 14 under their own bytes, the kept ids.</summary>
    public IEnumerable<StateRecord> Records()
    {
        while (Take(1) is [> 0 and var section])
        {
            if (section > Sections.Count || Take(2) is not { Length: 2 } keyLength) yield break;
            var key = Take(BinaryPrimitives.ReadUInt16BigEndian(keyLength));
            if (Take(4) is not { Length: 4 } valueLength || BinaryPrimitives.ReadUInt32BigEndian(valueLength) is not (<= Snapshot.MaxValue and var length)) yield break;
            var value = Take((int)length);
            if (Take(Hash256.Size) is not { Length: Hash256.Size } salt) yield break;
            yield return new((Section)section, new(key), new ByteString(value), Hash256.Read(salt));
        }

        const int afterParty = 16 + Hash256.Size + 8 + 1;
        while (Take(1) is [1])
        {
            if (Take(1) is not [var partyLength] || Take(partyLength + afterParty) is not { } id || id.Length != partyLength + afterParty) yield break;
            yield return new(Section.UsedIds, new(id), new ByteString(id), default);
        }

        var computed = hash.GetCurrentHash();
        if (Take(Hash256.Size) is not { Length: Hash256.Size } stated) yield break;
        Content = Hash256.Read(stated);
        IsWhole = stated.AsSpan().SequenceEqual(computed);
    }

    byte[] Take(int count) => Take(stream, hash, count);

    static byte[] Take(Stream stream, IncrementalHash hash, int count)
    {
        var bytes = new byte[count];
        var read = stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false);
        hash.AppendData(bytes.AsSpan(0, read));
        return read == count ? bytes : bytes[..read];
    }
}
