using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>
/// The leaves of one ordered batch: envelope, entries, header; block 0 is the header alone. A block keeps the bytes that it was read from or
/// first written as, and its leaves are slices of them.
/// </summary>
public sealed class Block
{
    const int CountSize = 4;
    const int LengthSize = 2;

    readonly ReadOnlyMemory<byte>[] leaves;

    Block(ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte>[] leaves, EnvelopeLeaf? envelope, ValueList<EntryLeaf> entries, Header header)
    {
        Payload = payload;
        this.leaves = leaves;
        Envelope = envelope;
        Entries = entries;
        Header = header;
    }

    /// <summary>The block as stored: u32 count of leaves, then each with its length in two bytes.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Leaves => leaves;

    /// <summary>None in block 0 only.</summary>
    public EnvelopeLeaf? Envelope { get; }

    public ValueList<EntryLeaf> Entries { get; }

    public Header Header { get; }

    /// <summary>The place of the block's first leaf in the history.</summary>
    public ulong FirstLeaf => Header.FirstLeaf;

    /// <summary>The size of the history that ends with this block: the only sizes that checkpoints have.</summary>
    public ulong EndLeaf => FirstLeaf + (ulong)leaves.Length;

    /// <summary>A block of parts that agree with each other; parts that do not are a bug of the caller.</summary>
    public static Block Of(EnvelopeLeaf? envelope, ReadOnlySpan<EntryLeaf> entries, Header header)
    {
        var (first, last) = (envelope?.Write() ?? [], header.Write());
        var size = CountSize + LengthSize + last.Length;
        if (envelope is not null) size += LengthSize + first.Length;
        foreach (var entry in entries) size += LengthSize + entry.Size;

        var payload = new byte[size];
        BinaryPrimitives.WriteUInt32BigEndian(payload, (uint)(entries.Length + (envelope is null ? 1 : 2)));
        var rest = payload.AsSpan(CountSize);
        if (envelope is not null) first.CopyTo(Next(ref rest, first.Length));
        foreach (var entry in entries) entry.Write(Next(ref rest, entry.Size));
        last.CopyTo(Next(ref rest, last.Length));
        return TryRead(payload, out var block) ? block : throw new ArgumentException("The parts do not make a block.", nameof(header));

        // The place of the next leaf, behind its length.
        static Span<byte> Next(ref Span<byte> rest, int length)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)length);
            var leaf = rest[LengthSize..(LengthSize + length)];
            rest = rest[(LengthSize + length)..];
            return leaf;
        }
    }

    public byte[] Write() => Payload.ToArray();

    /// <summary>Reads without copying: the block keeps the memory that it was read from.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> payload, [NotNullWhen(true)] out Block? block)
    {
        block = null;
        if (!TrySplit(payload, out var leaves) || !Header.TryRead(leaves[^1].Span, out var header)) return false;

        if (header.Height == 0)
        {
            if (leaves.Length != 1) return false;
            block = new(payload, leaves, envelope: null, entries: [], header);
            return true;
        }

        if (leaves.Length < 2 || !EnvelopeLeaf.TryRead(leaves[0].Span, out var envelope)) return false;

        var entries = new EntryLeaf[leaves.Length - 2];
        for (var i = 0; i < entries.Length; i++)
        {
            if (!EntryLeaf.TryRead(leaves[i + 1], out entries[i])) return false;
        }

        if (envelope.Envelope.ChainId != header.ChainId) return false;
        if (header.EntryCount != entries.Length || header.SkippedCount != envelope.Skipped.Count) return false;
        if (envelope.Envelope.TransactionCount != (ulong)entries.Length + header.SkippedCount) return false;
        if (header.FirstLeaf > ulong.MaxValue - (ulong)leaves.Length) return false;

        block = new(payload, leaves, envelope, new ValueList<EntryLeaf>(entries), header);
        return true;
    }

    /// <summary>
    /// For a payload that does not read as a block: the first of its leaves that cannot be read, as far as they can be told apart. Where every leaf
    /// reads alone and they contradict each other, <paramref name="isGood"/> says whether to believe the envelope.
    /// </summary>
    public static int FirstUnreadableLeaf(ReadOnlyMemory<byte> payload, Predicate<Envelope> isGood)
    {
        var leaf = 0;
        EnvelopeLeaf? envelope = null;
        for (var rest = payload.Length < CountSize ? default : payload[CountSize..]; !rest.IsEmpty; leaf++)
        {
            if (rest.Length < LengthSize || rest.Length < LengthSize + BinaryPrimitives.ReadUInt16BigEndian(rest.Span)) return leaf;
            var bytes = rest.Slice(LengthSize, BinaryPrimitives.ReadUInt16BigEndian(rest.Span));
            rest = rest[(LengthSize + bytes.Length)..];
            var reads = leaf == 0 ? EnvelopeLeaf.TryRead(bytes.Span, out envelope) : rest.IsEmpty ? Header.TryRead(bytes.Span, out _) : IsWholeEntry(bytes);
            if (!reads) return leaf;
        }

        // What counts the leaves is in none of them.
        if (payload.Length < CountSize || BinaryPrimitives.ReadUInt32BigEndian(payload.Span) != leaf) return 0;
        return envelope is not null && !isGood(envelope.Envelope) ? 0 : Math.Max(leaf - 1, 0);
    }

    // A wrong length shows at the end: a transaction's text ends as every one does.
    static bool IsWholeEntry(ReadOnlyMemory<byte> bytes) => EntryLeaf.TryRead(bytes, out var entry) && entry.Transaction.Span.EndsWith("]}"u8);

    static bool TrySplit(ReadOnlyMemory<byte> payload, out ReadOnlyMemory<byte>[] leaves)
    {
        leaves = [];
        if (payload.Length < CountSize) return false;

        // A leaf takes three bytes at least, so a lying count cannot ask for more memory than the payload is worth.
        var count = BinaryPrimitives.ReadUInt32BigEndian(payload.Span);
        if (count == 0 || count > (uint)payload.Length / (LengthSize + 1)) return false;

        var split = new ReadOnlyMemory<byte>[count];
        var rest = payload[CountSize..];
        for (var i = 0; i < split.Length; i++)
        {
            if (rest.Length < LengthSize) return false;
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest.Span);
            if (length == 0 || rest.Length < LengthSize + length) return false;
            split[i] = rest.Slice(LengthSize, length);
            rest = rest[(LengthSize + length)..];
        }

        if (!rest.IsEmpty) return false;
        leaves = split;
        return true;
    }
}
