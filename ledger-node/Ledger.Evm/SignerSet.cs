using System.Text;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Evm;

/// <summary>The banks whose signatures a contract counts for one ledger, and the ledger's name (FORMATS, Anchors).</summary>
public sealed record SignerSet(ValueList<ByteString> Keys, string Origin)
{
    public const int MaxKeys = 64;

    /// <summary>A point of P-256.</summary>
    public const int KeySize = 64;

    /// <summary>The set of these node keys, points of 65 octets; a key that stands twice stands once.</summary>
    public static SignerSet Of(IEnumerable<ByteString> nodeKeys, string origin) =>
        new([.. nodeKeys.Select(static key => new ByteString(key.Memory[1..])).Distinct().OrderBy(static key => Hash256.Read(key.Span[..Hash256.Size]))], origin);

    /// <summary>The set of these anchor keys, each of which stands once.</summary>
    public static SignerSet OfAddresses(IEnumerable<EvmAddress> keys, string origin) => new([.. keys.Select(static key => key.ToBytes()).OrderBy(Convert.ToHexString, StringComparer.Ordinal).Select(static key => new ByteString(key))], origin);

    /// <summary>Reads the code of the contract that holds a set of keys of a size; null when it is none.</summary>
    public static SignerSet? Read(ReadOnlySpan<byte> code, int keySize = KeySize)
    {
        if (code.Length < 2 || code[0] != 0 || code[1] is 0 or > MaxKeys || code.Length <= 2 + (keySize * code[1])) return null;
        var keys = new ByteString[code[1]];
        for (var i = 0; i < keys.Length; i++) keys[i] = new(code.Slice(2 + (keySize * i), keySize).ToArray());
        var origin = code[(2 + (keySize * keys.Length))..];
        return Ascii.IsValid(origin) ? new([.. keys], Encoding.ASCII.GetString(origin)) : null;
    }

    /// <summary>So many must sign.</summary>
    public int Quorum => Core.Chain.Quorum.SizeOf(Keys.Count);

    /// <summary>The keys one behind the other, as the contract takes them.</summary>
    public byte[] KeyOctets() => [.. Keys.SelectMany(static key => key.Memory.ToArray())];

    public byte[] Write() => [0, (byte)Keys.Count, .. KeyOctets(), .. Encoding.ASCII.GetBytes(Origin)];

    /// <summary>The hash of the set; the first set's is the ledger's id.</summary>
    public Hash256 Hash() => Keccak.Hash(Write());

    /// <summary>
    /// The signatures of this set that stand under a note, each verified, no more than a quorum's, for each costs gas; null where fewer signed. What stands under a note beside them (other keys, the same
    /// key twice, DER that is none) is passed over.
    /// </summary>
    public (ulong Signers, byte[] Signatures)? SignaturesUnder(Note note, CryptoSuite suite)
    {
        if (note.Checkpoint.Origin != Origin) return null;
        var (signers, signatures, count) = (0UL, new List<byte>(), 0);
        var text = note.Checkpoint.SignedBytes();
        for (var place = 0; place < Keys.Count && count < Quorum; place++)
        {
            if (SignatureOf(note, suite, text, new((byte[])[4, .. Keys[place].Span])) is not { } signature) continue;
            signers |= 1UL << place;
            signatures.AddRange(signature);
            count++;
        }

        return count == Quorum ? (signers, [.. signatures]) : null;
    }

    static byte[]? SignatureOf(Note note, CryptoSuite suite, byte[] text, ByteString key)
    {
        foreach (var line in note.Signatures)
        {
            if (line.KeyId != suite.NoteKeyId(line.KeyName, key) || !suite.VerifyNote(key, text, line.Signature.Span)) continue;
            var numbers = new byte[CryptoSuite.SignatureSize];
            if (P256Suite.TryReadNote(line.Signature.Span, numbers)) return numbers;
        }

        return null;
    }
}
