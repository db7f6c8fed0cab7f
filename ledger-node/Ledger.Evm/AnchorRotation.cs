using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Evm;

/// <summary>What a quorum of the set in force signs so that the next set takes its place (FORMATS, Anchors).</summary>
/// <param name="Chain">The EVM chain's id.</param>
/// <param name="Contract">The contract's address.</param>
/// <param name="Ledger">The ledger's id in it.</param>
/// <param name="Number">The new set's.</param>
/// <param name="Next">The new set.</param>
public sealed record AnchorRotation(ulong Chain, EvmAddress Contract, Hash256 Ledger, uint Number, SignerSet Next)
{
    public byte[] SignedBytes() => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"ledger-anchor-rotation-v1\n{Next.Origin}\nchain {Chain}\ncontract {Convert.ToHexStringLower(Contract.ToBytes())}\nledger {Ledger}\nset {Number}\nkeys {Next.Hash()}\n"));

    /// <summary>The signatures of the set that gives way, each verified, no more than a quorum's; null where fewer signed. Words of other keys, and false ones, are passed over.</summary>
    public (ulong Signers, byte[] Signatures)? SignedBy(SignerSet former, CryptoSuite suite, IReadOnlyCollection<RotationWord> words)
    {
        var (signers, signatures, count) = (0UL, new List<byte>(), 0);
        var text = SignedBytes();
        for (var place = 0; place < former.Keys.Count && count < former.Quorum; place++)
        {
            var key = former.Keys[place];
            if (words.FirstOrDefault(word => word.Key == key && suite.Verify(word.PublicKey, text, word.Signature.Span)) is not { Signature.Length: > 0 } word) continue;
            signers |= 1UL << place;
            signatures.AddRange(word.Signature.Span);
            count++;
        }

        return count == former.Quorum ? (signers, [.. signatures]) : null;
    }
}

/// <summary>A bank's signature of a rotation: its key as sets have it, and r‖s. Nothing is known of it before it is verified.</summary>
public readonly record struct RotationWord(ByteString Key, ByteString Signature)
{
    public const int Size = SignerSet.KeySize + CryptoSuite.SignatureSize;

    /// <summary>The key as suites have it.</summary>
    public ByteString PublicKey => new((byte[])[4, .. Key.Span]);

    /// <summary>The word of a node key, a point of 65 octets.</summary>
    public static RotationWord Of(ByteString nodeKey, byte[] signature) => new(new(nodeKey.Memory[1..]), new(signature));

    public byte[] Write() => [.. Key.Span, .. Signature.Span];

    public static bool TryRead(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out RotationWord? word)
    {
        word = octets.Length == Size ? new(new(octets[..SignerSet.KeySize].ToArray()), new(octets[SignerSet.KeySize..].ToArray())) : null;
        return word is not null;
    }
}
