using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Suites.Cose;

/// <summary>
/// What a verifier finds: the verdict, the root to which leaf and path lead, whose words are good, and whose are false. The root is not in the file, so a leaf or path that was changed shows as false words.
/// </summary>
public sealed record CoseFinding(ProofVerdict Verdict, Hash256? Root, ValueList<VKey> Signers, ValueList<VKey> Wrong);

/// <summary>A leaf with the words of as many banks, each a receipt of its own, that it stands at one place under one checkpoint. It is verified offline under the policy that judges notes.</summary>
public sealed record CoseReceiptFile(ByteString Leaf, ValueList<CoseReceipt> Receipts)
{
    public const int MaxSize = 256 * 1024;
    public const int MaxReceipts = Note.MaxSignatures;

    const string Name = "ledger-cose-receipt/1";
    const byte ArrayOfThree = 0x83;

    /// <summary>Whether the octets can only be such a file, and no text.</summary>
    public static bool IsLike(ReadOnlySpan<byte> octets) => octets.Length > 0 && octets[0] == ArrayOfThree;

    /// <summary>The receipts of one place in the order of a file.</summary>
    public static CoseReceiptFile Of(ByteString leaf, IEnumerable<CoseReceipt> receipts) => new(leaf, [.. receipts.OrderBy(static receipt => receipt.KeyId)]);

    public CoseFinding Verify(CryptoSuite suite, TrustPolicy policy)
    {
        if (suite.Name != P256Suite.SuiteName) return new(ProofVerdict.CannotBeChecked, null, [], []);
        if (Receipts[0].RootOf(suite, Leaf) is not { } root) return new(ProofVerdict.NotIncluded, null, [], []);

        var wrong = new HashSet<VKey>();
        var result = policy.Judge(Receipts[0].Origin, key =>
        {
            var answer = Ask(suite, key, root);
            if (answer == KeyAnswer.False) wrong.Add(key);
            return answer;
        });
        return new(
            result.Verdict switch
            {
                TrustVerdict.Trusted => ProofVerdict.Verified,
                TrustVerdict.Untrusted => ProofVerdict.Untrusted,
                TrustVerdict.BadSignature => ProofVerdict.BadSignature,
                TrustVerdict.CannotBeChecked => ProofVerdict.CannotBeChecked,
            }, root, result.Signers, [.. wrong.OrderBy(static key => key.KeyId)]);
    }

    public byte[] Write()
    {
        var writer = CoseReceipt.Writer();
        writer.WriteStartArray(3);
        writer.WriteTextString(Name);
        writer.WriteByteString(Leaf.Span);
        writer.WriteStartArray(Receipts.Count);
        foreach (var receipt in Receipts) writer.WriteByteString(receipt.Write());
        writer.WriteEndArray();
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <summary>Reads the one encoding that <see cref="Write"/> has; null with what is wrong first.</summary>
    public static CoseReceiptFile? Read(ReadOnlyMemory<byte> octets, out CoseFault? fault)
    {
        fault = null;
        if (octets.Length > MaxSize) return No(CoseFaultKind.TooLarge, 0, out fault);
        var reading = CoseFaultKind.NotAFile;
        var receipts = new List<CoseReceipt>();
        try
        {
            var reader = CoseReceipt.Reader(octets);
            if (reader.ReadStartArray() != 3 || reader.ReadTextString() != Name) return No(reading, 0, out fault);

            reading = CoseFaultKind.LeafMalformed;
            var leaf = reader.ReadByteString();
            if (leaf.Length is 0 or > Core.Chain.Leaf.MaxSize) return No(reading, 0, out fault);

            reading = CoseFaultKind.CountWrong;
            if (reader.ReadStartArray() is not (>= 1 and <= MaxReceipts and var count)) return No(reading, 0, out fault);
            while (receipts.Count < count)
            {
                reading = CoseFaultKind.NotSign1;
                if (CoseReceipt.Read(reader.ReadByteString(), out var kind) is not { } receipt) return No(kind ?? reading, receipts.Count + 1, out fault);
                if (receipts.Count > 0 && !receipts[0].IsOfOnePlaceWith(receipt)) return No(CoseFaultKind.NotOfOnePlace, receipts.Count + 1, out fault);
                if (receipts.Count > 0 && receipts[^1].KeyId >= receipt.KeyId) return No(CoseFaultKind.OutOfOrder, receipts.Count + 1, out fault);
                receipts.Add(receipt);
            }

            reading = CoseFaultKind.NotAFile;
            reader.ReadEndArray();
            reader.ReadEndArray();
            return reader.BytesRemaining == 0 ? new(new(leaf), [.. receipts]) : No(reading, 0, out fault);
        }
        catch (Exception wrong) when (CoseReceipt.IsOfEncoding(wrong))
        {
            return No(reading, reading == CoseFaultKind.NotSign1 ? receipts.Count + 1 : 0, out fault);
        }
    }

    KeyAnswer Ask(CryptoSuite suite, VKey key, Hash256 root)
    {
        foreach (var receipt in Receipts)
        {
            if (receipt.KeyId != key.KeyId || receipt.Origin != key.Name) continue;
            if (key.SuiteName != suite.Name) return KeyAnswer.Unknown;
            return suite.Verify(key.PublicKey, CoseReceipt.SignedBytes(receipt.Origin, receipt.KeyId, receipt.Size, root), receipt.Signature.Span) ? KeyAnswer.Good : KeyAnswer.False;
        }

        return KeyAnswer.Missing;
    }

    static CoseReceiptFile? No(CoseFaultKind kind, int receipt, out CoseFault? fault)
    {
        fault = new(kind, receipt);
        return null;
    }
}
