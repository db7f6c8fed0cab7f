using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>A note key's type: the first byte of its encoding (C2SP signed-note).</summary>
public enum VKeyKind : byte
{
    Ed25519 = 0x01,
    P256 = 0x02,
    Ed25519Cosignature = 0x04,

    /// <summary>No type is assigned to SM2: the byte for such types, then the name <c>sm2sm3</c>.</summary>
    Sm2 = 0xFF,
}

/// <summary>
/// A public key that may stand behind a signature line, written <c>name+keyid+base64(type‖key)</c>. For P-256 and SM2 the key is held as the
/// point of 65 bytes that suites know.
/// </summary>
public sealed record VKey(string Name, uint KeyId, VKeyKind Kind, ByteString PublicKey)
{
    const int Ed25519Size = 32;
    const string Sm2SuiteName = "SM2";

    static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    static ReadOnlySpan<byte> Sm2TypeName => "sm2sm3"u8;

    /// <summary>The suite that can check this key's signatures; none for Ed25519, which no suite uses.</summary>
    public string? SuiteName => Kind switch
    {
        VKeyKind.P256 => P256Suite.SuiteName,
        VKeyKind.Sm2 => Sm2SuiteName,
        VKeyKind.Ed25519 or VKeyKind.Ed25519Cosignature => null,
    };

    /// <summary>A key of the chain's own suite.</summary>
    public static VKey Of(CryptoSuite suite, string name, ByteString publicKey) =>
        new(name, suite.NoteKeyId(name, publicKey), suite.Name == Sm2SuiteName ? VKeyKind.Sm2 : VKeyKind.P256, publicKey);

    /// <summary>The key of a witness (C2SP tlog-cosignature).</summary>
    public static VKey OfCosigner(string name, ByteString publicKey)
    {
        var key = new VKey(name, 0, VKeyKind.Ed25519Cosignature, publicKey);
        return key with { KeyId = key.Sha256KeyId() };
    }

    /// <summary>Whether a key may have that name.</summary>
    public static bool IsName(string text) => NoteSyntax.IsKeyName(text);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}+{KeyId:x8}+{Convert.ToBase64String(Encoded())}");

    /// <summary>
    /// Reads the text form and checks the key id, except that of an SM2 key: its hash belongs to the suite, so
    /// <see cref="TrustPolicy.Check"/> does.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out VKey? key)
    {
        key = null;
        var plus = text.IndexOf('+');
        if (plus < 0 || text.Length < plus + 11 || text[plus + 9] != '+') return false;

        var name = text[..plus];
        var hex = text.Slice(plus + 1, 8);
        if (!NoteSyntax.IsKeyName(name) || hex.ContainsAnyExcept(LowerHex)) return false;
        if (!NoteSyntax.TryDecodeBase64(text[(plus + 10)..], out var encoding) || !TryDecode(encoding, out var kind, out var publicKey)) return false;

        var keyId = uint.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var read = new VKey(name.ToString(), keyId, kind, publicKey);
        if (kind != VKeyKind.Sm2 && keyId != read.Sha256KeyId()) return false;
        key = read;
        return true;
    }

    byte[] Encoded() => Kind switch
    {
        VKeyKind.Ed25519 or VKeyKind.Ed25519Cosignature => [(byte)Kind, .. PublicKey.Span],
        VKeyKind.P256 => [(byte)Kind, .. P256Suite.SubjectPublicKeyInfo(PublicKey.Span)],
        VKeyKind.Sm2 => [(byte)Kind, .. Sm2TypeName, .. PublicKey.Span],
    };

    static bool TryDecode(ReadOnlySpan<byte> encoding, out VKeyKind kind, out ByteString publicKey)
    {
        kind = default;
        publicKey = default;
        if (encoding.IsEmpty) return false;

        kind = (VKeyKind)encoding[0];
        var material = encoding[1..];
        switch (kind)
        {
            case VKeyKind.Ed25519 or VKeyKind.Ed25519Cosignature when material.Length == Ed25519Size:
                publicKey = new(material.ToArray());
                return true;
            case VKeyKind.P256 when material.Length > CryptoSuite.PublicKeySize:
                var point = material[^CryptoSuite.PublicKeySize..];
                publicKey = new(point.ToArray());
                return material.SequenceEqual(P256Suite.SubjectPublicKeyInfo(point));
            case VKeyKind.Sm2 when material.StartsWith(Sm2TypeName) && material.Length == Sm2TypeName.Length + CryptoSuite.PublicKeySize:
                publicKey = new(material[Sm2TypeName.Length..].ToArray());
                return true;
            default:
                return false;
        }
    }

    /// <summary>C2SP fixes SHA-256 here, whatever the chain's own hash is. An ECDSA key is named by its SubjectPublicKeyInfo alone.</summary>
    uint Sha256KeyId()
    {
        byte[] input = Kind == VKeyKind.P256 ? Encoded()[1..] : [.. Encoding.UTF8.GetBytes(Name), (byte)'\n', .. Encoded()];
        return BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(input));
    }
}
