using System.Buffers.Binary;
using System.Formats.Cbor;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Suites.Cose;

/// <summary>
/// One bank's word that a leaf is in the final history: a Receipt of RFC 9942 over RFC9162_SHA256, with the root detached (docs/FORMATS.md, section "COSE receipts"). What the bank signs is
/// origin, size and root, so it says what its line under the checkpoint says, and nothing of the leaf. It has one encoding.
/// </summary>
public sealed record CoseReceipt(string Origin, uint KeyId, ulong Size, ulong Index, ValueList<Hash256> Path, ByteString Signature)
{
    /// <summary>A path in a tree of at most 2^64 leaves.</summary>
    public const int MaxPath = 64;

    const CborTag Sign1Tag = (CborTag)18;
    const int Algorithm = 1;
    const int Es256 = -7;
    const int Kid = 4;
    const int KidSize = 4;
    const int CwtClaims = 15;
    const int Issuer = 1;
    const int Structure = 395;
    const int Rfc9162Sha256 = 1;
    const int StructureProofs = 396;
    const int InclusionProofs = -1;
    const string TreeSize = "tree-size";

    /// <summary>
    /// What the bank's key signs: the Sig_structure of RFC 9052. It begins with the octets of an array and of the text <c>Signature1</c>, as nothing else does that the key signs.
    /// </summary>
    public static byte[] SignedBytes(string origin, uint keyId, ulong size, Hash256 root)
    {
        var writer = Writer();
        writer.WriteStartArray(4);
        writer.WriteTextString("Signature1");
        writer.WriteByteString(ProtectedHeader(origin, keyId, size));
        writer.WriteByteString([]);
        writer.WriteByteString(root.ToBytes());
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <summary>The root to which a leaf leads by this receipt; null where the path cannot be one.</summary>
    public Hash256? RootOf(CryptoSuite suite, ByteString leaf) => Proofs.InclusionRoot(suite, MerkleHash.OfLeaf(suite, leaf.Span), Index, Size, Path.Span);

    /// <summary>Whether another bank's receipt is of the same place under the same checkpoint.</summary>
    public bool IsOfOnePlaceWith(CoseReceipt other) => this with { KeyId = other.KeyId, Signature = other.Signature } == other;

    public byte[] Write()
    {
        var writer = Writer();
        writer.WriteTag(Sign1Tag);
        writer.WriteStartArray(4);
        writer.WriteByteString(ProtectedHeader(Origin, KeyId, Size));
        writer.WriteStartMap(1);
        writer.WriteInt32(StructureProofs);
        writer.WriteStartMap(1);
        writer.WriteInt32(InclusionProofs);
        writer.WriteStartArray(1);
        writer.WriteByteString(InclusionProof());
        writer.WriteEndArray();
        writer.WriteEndMap();
        writer.WriteEndMap();
        writer.WriteNull();
        writer.WriteByteString(Signature.Span);
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <summary>Reads the one encoding that <see cref="Write"/> has; null with what is wrong first.</summary>
    public static CoseReceipt? Read(ReadOnlyMemory<byte> octets, out CoseFaultKind? fault)
    {
        fault = CoseFaultKind.NotSign1;
        try
        {
            var reader = Reader(octets);
            if (reader.ReadTag() != Sign1Tag || reader.ReadStartArray() != 4) return null;

            fault = CoseFaultKind.ProtectedWrong;
            if (ReadProtected(reader.ReadByteString()) is not var (origin, keyId, size)) return null;

            fault = CoseFaultKind.UnprotectedWrong;
            if (reader.ReadStartMap() != 1 || reader.ReadInt32() != StructureProofs || reader.ReadStartMap() != 1 || reader.ReadInt32() != InclusionProofs || reader.ReadStartArray() != 1) return null;
            var proof = reader.ReadByteString();
            reader.ReadEndArray();
            reader.ReadEndMap();
            reader.ReadEndMap();

            fault = CoseFaultKind.ProofWrong;
            if (ReadProof(proof) is not var (counted, index, path) || counted != size) return null;

            fault = CoseFaultKind.PayloadNotDetached;
            reader.ReadNull();

            fault = CoseFaultKind.SignatureMalformed;
            var signature = reader.ReadByteString();
            if (signature.Length != CryptoSuite.SignatureSize) return null;

            fault = CoseFaultKind.NotSign1;
            reader.ReadEndArray();
            if (reader.BytesRemaining > 0) return null;
            fault = null;
            return new(origin, keyId, size, index, path, new(signature));
        }
        catch (Exception wrong) when (IsOfEncoding(wrong))
        {
            // Whatever stands there instead: the fault says what was being read.
            return null;
        }
    }

    static (string Origin, uint KeyId, ulong Size)? ReadProtected(byte[] octets)
    {
        var reader = Reader(octets);
        if (reader.ReadStartMap() != 5) return null;
        if (reader.ReadInt32() != Algorithm || reader.ReadInt32() != Es256) return null;
        if (reader.ReadInt32() != Kid || reader.ReadByteString() is not { Length: KidSize } kid) return null;
        if (reader.ReadInt32() != CwtClaims || reader.ReadStartMap() != 1 || reader.ReadInt32() != Issuer) return null;
        var origin = reader.ReadTextString();
        reader.ReadEndMap();
        if (reader.ReadInt32() != Structure || reader.ReadInt32() != Rfc9162Sha256) return null;
        if (reader.ReadTextString() != TreeSize) return null;
        var size = reader.ReadUInt64();
        reader.ReadEndMap();
        return reader.BytesRemaining == 0 && Checkpoint.IsOrigin(origin) ? (origin, BinaryPrimitives.ReadUInt32BigEndian(kid), size) : null;
    }

    static (ulong Size, ulong Index, ValueList<Hash256> Path)? ReadProof(byte[] octets)
    {
        var reader = Reader(octets);
        if (reader.ReadStartArray() != 3) return null;
        var (size, index) = (reader.ReadUInt64(), reader.ReadUInt64());
        if (reader.ReadStartArray() is not (>= 1 and <= MaxPath and var steps)) return null;
        var path = new Hash256[steps];
        for (var i = 0; i < steps; i++)
        {
            if (reader.ReadByteString() is not { Length: Hash256.Size } hash) return null;
            path[i] = Hash256.Read(hash);
        }

        reader.ReadEndArray();
        reader.ReadEndArray();
        return reader.BytesRemaining == 0 ? (size, index, [.. path]) : null;
    }

    static byte[] ProtectedHeader(string origin, uint keyId, ulong size)
    {
        var kid = new byte[KidSize];
        BinaryPrimitives.WriteUInt32BigEndian(kid, keyId);
        var writer = Writer();
        writer.WriteStartMap(5);
        writer.WriteInt32(Algorithm);
        writer.WriteInt32(Es256);
        writer.WriteInt32(Kid);
        writer.WriteByteString(kid);
        writer.WriteInt32(CwtClaims);
        writer.WriteStartMap(1);
        writer.WriteInt32(Issuer);
        writer.WriteTextString(origin);
        writer.WriteEndMap();
        writer.WriteInt32(Structure);
        writer.WriteInt32(Rfc9162Sha256);
        writer.WriteTextString(TreeSize);
        writer.WriteUInt64(size);
        writer.WriteEndMap();
        return writer.Encode();
    }

    byte[] InclusionProof()
    {
        var writer = Writer();
        writer.WriteStartArray(3);
        writer.WriteUInt64(Size);
        writer.WriteUInt64(Index);
        writer.WriteStartArray(Path.Count);
        foreach (var hash in Path) writer.WriteByteString(hash.ToBytes());
        writer.WriteEndArray();
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <summary>Takes nothing but the canonical encoding: shortest numbers, definite lengths, keys in order and once.</summary>
    internal static CborReader Reader(ReadOnlyMemory<byte> octets) => new(octets, CborConformanceMode.Canonical);

    internal static CborWriter Writer() => new(CborConformanceMode.Canonical);

    /// <summary>The ways in which the reader says that what stands there is something else.</summary>
    internal static bool IsOfEncoding(Exception wrong) => wrong is CborContentException or InvalidOperationException or OverflowException;
}
