using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Tests.Chain;

/// <summary>The toy chain that these tests tell of: one bank, fixed hashes, and keys made for the test.</summary>
static class Sample
{
    public static readonly P256Suite Suite = new();

    public static readonly Hash256 ChainId = Text("chain");

    public static readonly PartyId Bank = Party("91310000MA1TTTTT48");

    public static readonly string Origin = ChainParameters.OriginOf("bank-consortium.example", ChainId);

    public static Hash256 Text(string text) => Suite.Hash(Encoding.ASCII.GetBytes(text));

    public static Hash256 Number(int number) => Text($"leaf {number}");

    public static PartyId Party(string text)
    {
        Assert.True(PartyId.TryParse(text, out var party));
        return party;
    }

    public static Envelope Envelope(uint transactionCount) => new(
        ChainId, Epoch: 3, Bank, Counter: 41, new Timestamp(1_767_225_600_123), transactionCount, Text("digest"), Bytes(64, 0xA5));

    public static Header Header(uint entryCount, uint skippedCount) => new(
        ChainId, Height: 7, new Timestamp(1_767_225_600_123), Text("previous"), FirstLeaf: 19, entryCount, skippedCount, Text("state"),
        Text("validators"), Text("rules"));

    public static Header Genesis { get; } = Header(0, 0) with { Height = 0, Previous = default, FirstLeaf = 0 };

    public static EntryLeaf Entry(string transaction, ushort code = 0) => new(code, 0, new(Encoding.ASCII.GetBytes(transaction)));

    public static Block Block { get; } = Core.Chain.Block.Of(
        new(Envelope(3), [new(1, 1001, Text("skipped"))]), [Entry("{\"first\":1}"), Entry("{\"third\":3}", code: 4003)], Header(2, 1));

    public static ByteString Bytes(int count, byte value) => new(Enumerable.Repeat(value, count).ToArray());
}

/// <summary>A bank's note key.</summary>
sealed class Signer : IDisposable
{
    readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Signer(string name)
    {
        var q = key.ExportParameters(false).Q;
        VKey = VKey.Of(Sample.Suite, name, new((byte[])[4, .. q.X!, .. q.Y!]));
    }

    public VKey VKey { get; }

    public NoteSignature Sign(Checkpoint checkpoint) => new(
        VKey.Name,
        VKey.KeyId,
        new(key.SignData(checkpoint.SignedBytes(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));

    public void Dispose() => key.Dispose();
}
