using System.IO.Compression;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>
/// A batch as the value of its key: one zlib stream over the envelope's leaf, in which nothing is skipped, and the transactions. Whatever
/// else a value holds is no batch, and never an exception, for anybody may have written it.
/// </summary>
static class BatchValue
{
    /// <summary>Below what a member takes for one request.</summary>
    public const int MaxSize = 1_250_000;

    /// <summary>How many bytes of transactions are sealed into one batch, so that it fits however badly they compress: an eighth more at the worst.</summary>
    public const int MaxTransactions = 1_000_000;

    /// <summary>What a value may become when it is inflated; a stream that goes on is no batch.</summary>
    public const int MaxInflated = 16 * 1024 * 1024;

    public static byte[] Write(Batch batch)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(WritePlain(batch));
        if (packed.Length > MaxSize) throw new InvalidOperationException($"A batch of {packed.Length} bytes was sealed.");
        return packed.ToArray();
    }

    public static Batch? Read(ReadOnlyMemory<byte> value, CryptoSuite suite) =>
        value.Length <= MaxSize && Inflater.Read(value.Span, MaxInflated) is { } plain ? ReadPlain(plain, suite) : null;

    /// <summary>Before it is compressed.</summary>
    public static byte[] WritePlain(Batch batch)
    {
        var leaf = new EnvelopeLeaf(batch.Envelope, []).Write();
        var writer = new BigEndianWriter(leaf.Length + batch.Items.Sum(item => item.Bytes.Length + 2) + 2).U16((ushort)leaf.Length).Bytes(leaf);
        foreach (var item in batch.Items) writer.U16((ushort)item.Bytes.Length).Bytes(item.Bytes.Span);
        return writer.ToArray();
    }

    static Batch? ReadPlain(byte[] plain, CryptoSuite suite)
    {
        var reader = new BigEndianReader(plain);
        if (!EnvelopeLeaf.TryRead(reader.Bytes(reader.U16()), out var leaf) || leaf.Skipped.Count > 0 || leaf.Envelope.TransactionCount > Fold.MaxBatch) return null;

        var items = new BatchItem[leaf.Envelope.TransactionCount];
        var hashes = new Hash256[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            // A copy of its own: the ledger may keep one transaction of a batch for long.
            var bytes = reader.Bytes(reader.U16()).ToArray();
            if (bytes.Length == 0) return null;
            (items[i], hashes[i]) = (new(bytes, null), suite.Hash(bytes));
        }

        return reader.IsComplete && Envelope.DigestOf(suite, hashes) == leaf.Envelope.Digest ? new(leaf.Envelope, items) : null;
    }
}
