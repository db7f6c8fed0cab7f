using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Ledger.Client.ChainFolder;
using Ledger.Client.Files;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Cli.Commands;

/// <summary>
/// What a changed chain looks like at the place where verification stopped: the record, the leaf, what hashes should be and are, and the bytes, with
/// the changed one marked where the checksum gives it away.
/// </summary>
sealed record TamperPicture(ulong Height, long Offset, RecordType? Type, int Length, byte[] Segment)
{
    const int Row = 16;
    const int RowsAround = 2;

    /// <summary>The record's checksum as it is stored and as its bytes have it.</summary>
    public (uint Stored, uint Computed)? Checksum { get; private init; }

    /// <summary>The one byte that explains a wrong checksum; null where none or several would.</summary>
    public (long At, byte Is, byte Was)? Changed { get; private init; }

    public (int Number, int Of, long At, int Length, string Kind)? Leaf { get; private init; }

    /// <summary>What should be and is: a leaf's hash, or the root that the banks signed and that of the bytes here.</summary>
    public (string Chinese, string English, Hash256 Expected, Hash256 Found)? Hashes { get; private init; }

    /// <summary>Null where the fault is not at a place in a segment.</summary>
    public static TamperPicture? Of(string path, ChainFault fault, ChainReport? before)
    {
        var inner = Path.Combine(path, FolderLayout.Chain);
        var chain = Directory.Exists(inner) ? inner : path;
        var file = Path.Combine(chain, fault.File);
        if (!SegmentCodec.TryParseFileName(fault.File, out _) || !File.Exists(file)) return null;
        var segment = BoundedFile.Read(file, SegmentCodec.MaxSegment);
        if (segment.Length > SegmentCodec.MaxSegment || fault.Offset >= segment.Length) return null;

        var bytes = segment.AsSpan((int)fault.Offset);
        var isWhole = SegmentCodec.TryRead(bytes, out var record, out var recordFault);
        if (!isWhole && recordFault != RecordFault.ChecksumMismatch) return new(fault.Height, fault.Offset, null, bytes.Length, segment);

        var covered = bytes[..(record.Length - sizeof(uint))];
        var checksum = (Stored: BinaryPrimitives.ReadUInt32BigEndian(bytes[covered.Length..]), Computed: Crc32C(covered));
        var picture = new TamperPicture(fault.Height, fault.Offset, record.Type, record.Length, segment)
        {
            Checksum = checksum,
            Changed = isWhole ? null : FindChange(covered, checksum.Stored, checksum.Computed, fault.Offset),
        };
        picture = picture with { Leaf = record.Type == RecordType.Block ? picture.FindLeaf(fault.Leaf) : null };
        return before is null ? picture : picture with { Hashes = picture.FindHashes(chain, fault.File, before) };
    }

    public JsonObject ToJson() => new()
    {
        ["recordOffset"] = Offset,
        ["recordType"] = Type?.ToString(),
        ["recordLength"] = Length,
        ["checksum"] = Checksum is { } sum ? new JsonObject { ["stored"] = sum.Stored.ToString("x8", CultureInfo.InvariantCulture), ["computed"] = sum.Computed.ToString("x8", CultureInfo.InvariantCulture) } : null,
        ["changed"] = Changed is { } one ? new JsonObject { ["offset"] = one.At, ["is"] = Hex(one.Is), ["was"] = Hex(one.Was) } : null,
        ["leaf"] = Leaf is { } leaf ? new JsonObject { ["number"] = leaf.Number, ["of"] = leaf.Of, ["offset"] = leaf.At, ["length"] = leaf.Length, ["kind"] = leaf.Kind } : null,
        ["hashes"] = Hashes is { } hashes ? new JsonObject { ["of"] = hashes.English, ["expected"] = hashes.Expected.ToString(), ["found"] = hashes.Found.ToString() } : null,
        ["bytes"] = new JsonArray([.. Rows().Select(at => (JsonNode)new JsonObject { ["offset"] = at, ["hex"] = Convert.ToHexStringLower(RowAt(at)) })]),
    };

    public void Draw(Output output)
    {
        output.Line();
        output.Line($"  {(Height > 0 ? "0 ─✓─ … " : "")}{(Height > 1 ? $"─✓─ {Height - 1} " : "")}─{output.Verdict(isGood: false, "✗")}─ {Height} ─?─");
        if (Type is { } type) output.Line($"  {Label(output, "记录", "record")}{NameOf(output, type)}, {Length} {output.Say("字节，位于", "bytes at")} {Offset}");
        if (Leaf is { } leaf)
            output.Line($"  {Label(output, "叶", "leaf")}{leaf.Number} / {leaf.Of}, {output.Say(KindInChinese(leaf.Kind), leaf.Kind)}, {leaf.Length} {output.Say("字节，位于", "bytes at")} {leaf.At}");
        if (Checksum is { } sum && sum.Stored != sum.Computed)
            output.Line($"  {Label(output, "校验和", "checksum")}{output.Say("应为", "expected")} {sum.Stored:x8}  {output.Say("实为", "found")} {sum.Computed:x8}");
        if (Hashes is { } hashes)
        {
            output.Line($"  {Label(output, "哈希", "hash")}{output.Say(hashes.Chinese, hashes.English)}");
            output.Line($"  {Label(output, "", "")}{output.Say("应为", "expected")} {hashes.Expected}");
            output.Line($"  {Label(output, "", "")}{output.Say("实为", "found   ")} {output.Verdict(isGood: false, hashes.Found.ToString())}");
        }

        output.Line();
        foreach (var at in Rows()) DrawRow(output, at);
        if (Changed is null && Checksum is { } whole && whole.Stored == whole.Computed)
            output.Line($"  {output.Say("校验和与字节相符：改动之后重算过，改了哪个字节已无从得知", "The checksum fits: it was made anew after the change, and which byte was changed can no longer be told")}");
    }

    void DrawRow(Output output, long at)
    {
        var row = RowAt(at);
        var hex = string.Concat(row.ToArray().Select((one, i) => at + i == Changed?.At ? $"[{Hex(one)}]" : at + i == Changed?.At + 1 ? Hex(one) : $" {Hex(one)}"));
        var text = string.Concat(row.ToArray().Select(one => one is >= 0x20 and < 0x7F ? (char)one : '.'));
        output.Line($"  {at:x8} {hex.PadRight((Row * 3) + 2)} |{text}|");
        if (Changed is not { } change || change.At < at || change.At >= at + Row) return;

        var place = new string(' ', 12 + (3 * (int)(change.At - at)));
        output.Line($"{place}{output.Verdict(isGood: false, "^^")} {output.Say($"偏移 {change.At}：现为 {Hex(change.Is)}，原为 {Hex(change.Was)}", $"offset {change.At}: is {Hex(change.Is)}, was {Hex(change.Was)}")}");
    }

    IEnumerable<long> Rows()
    {
        var middle = (Changed?.At ?? Leaf?.At ?? Offset) / Row * Row;
        for (var at = Math.Max(0, middle - (RowsAround * Row)); at <= middle + (RowsAround * Row) && at < Segment.Length; at += Row) yield return at;
    }

    ReadOnlySpan<byte> RowAt(long at) => Segment.AsSpan((int)at, (int)Math.Min(Row, Segment.Length - at));

    /// <summary>
    /// A checksum is linear: the difference of two is what a difference in one byte makes of it, walked on over the bytes behind. Walking back from
    /// the end, each place where a single byte would explain the difference shows itself. The length is taken as it stands.
    /// </summary>
    static (long At, byte Is, byte Was)? FindChange(ReadOnlySpan<byte> covered, uint stored, uint computed, long offset)
    {
        var step = new uint[256];
        var byTop = new byte[256];
        for (var one = 0; one < 256; one++)
        {
            step[one] = BitOperations.Crc32C(0U, (byte)one);
            byTop[step[one] >> 24] = (byte)one;
        }

        (long, byte, byte)? found = null;
        var difference = stored ^ computed;
        for (var place = sizeof(uint) - 1; place >= 0; place--)
        {
            // The checksum's own bytes.
            var at = 8 * (sizeof(uint) - 1 - place);
            if ((difference & ~(0xFFU << at)) == 0) found = (offset + covered.Length + place, (byte)((stored >> at) & 0xFF), (byte)((computed >> at) & 0xFF));
        }

        for (var place = covered.Length - 1; place >= 0; place--)
        {
            var one = byTop[difference >> 24];
            if (step[one] == difference && place is 0 or >= SegmentCodec.HeadSize)
            {
                if (found is not null) return null;
                found = (offset + place, covered[place], (byte)(covered[place] ^ one));
            }

            difference = ((difference ^ step[one]) << 8) | one;
        }

        return found;
    }

    (int Number, int Of, long At, int Length, string Kind)? FindLeaf(int? named)
    {
        var payload = Segment.AsSpan((int)Offset + SegmentCodec.HeadSize, Length - SegmentCodec.Overhead);
        if (payload.Length < sizeof(uint)) return null;
        var count = BinaryPrimitives.ReadUInt32BigEndian(payload);
        var at = sizeof(uint);
        for (var number = 0; number < count && at + sizeof(ushort) <= payload.Length; number++)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(payload[at..]);
            var start = at + sizeof(ushort);
            if (start + length > payload.Length) return null;
            var place = Offset + SegmentCodec.HeadSize + start;
            if (Changed is { } change ? change.At >= place && change.At < place + length : number == named)
                return (number, (int)Math.Min(count, int.MaxValue), place, length, KindOf(length > 0 ? payload[start] : (byte)0));
            at = start + length;
        }

        return null;
    }

    (string Chinese, string English, Hash256 Expected, Hash256 Found)? FindHashes(string chain, string file, ChainReport before)
    {
        var suite = before.Genesis.Chain.Suite;
        if (Changed is { } change && Leaf is { } leaf)
        {
            var here = Segment.AsSpan((int)leaf.At, leaf.Length).ToArray();
            var found = MerkleHash.OfLeaf(suite, here);
            here[change.At - leaf.At] = change.Was;
            return ("该叶的哈希", "of the leaf", MerkleHash.OfLeaf(suite, here), found);
        }

        return Type is { } && SignedRoot(suite, chain, file) is { } roots && roots.Signed != roots.Here
            ? ("历史根：银行所签，与此处字节所得", "root of the history: as the banks signed it, and of the bytes here", roots.Signed, roots.Here)
            : null;
    }

    // The leaves as they lie here, up to the first checkpoint from the fault on.
    (Hash256 Signed, Hash256 Here)? SignedRoot(CryptoSuite suite, string chain, string file)
    {
        var history = new Frontier(suite);
        foreach (var path in Directory.EnumerateFiles(chain, "*.seg").Order(StringComparer.Ordinal))
        {
            var order = string.CompareOrdinal(Path.GetFileName(path), file);
            var bytes = order == 0 ? Segment : BoundedFile.Read(path, SegmentCodec.MaxSegment);
            for (var at = 0; at < bytes.Length && SegmentCodec.TryRead(bytes.AsSpan(at), out var record, out _); at += record.Length)
            {
                if (record.Type == RecordType.Block && !TryAppend(history, suite, record.Payload)) return null;
                if (record.Type != RecordType.Checkpoint || order < 0 || (order == 0 && at < Offset)) continue;
                return Note.TryParse(record.Payload, out var note) && note.Checkpoint.Size == history.Size ? (note.Checkpoint.Root, history.Root()) : null;
            }
        }

        return null;
    }

    static bool TryAppend(Frontier history, CryptoSuite suite, ReadOnlySpan<byte> payload)
    {
        if (payload.Length < sizeof(uint)) return false;
        for (var rest = payload[sizeof(uint)..]; !rest.IsEmpty;)
        {
            if (rest.Length < sizeof(ushort) || BinaryPrimitives.ReadUInt16BigEndian(rest) is var length && rest.Length < sizeof(ushort) + length) return false;
            history.Append(MerkleHash.OfLeaf(suite, rest.Slice(sizeof(ushort), length)));
            rest = rest[(sizeof(ushort) + length)..];
        }

        return true;
    }

    static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }

    static string KindOf(byte kind) => kind switch
    {
        Core.Chain.Leaf.EnvelopeKind => "envelope",
        Core.Chain.Leaf.EntryKind => "entry",
        Core.Chain.Leaf.HeaderKind => "header",
        _ => "of no known kind",
    };

    static string KindInChinese(string kind) => kind switch
    {
        "envelope" => "批次信封",
        "entry" => "记录的交易",
        "header" => "区块头",
        _ => "种类未知",
    };

    static string NameOf(Output output, RecordType type) => type switch
    {
        RecordType.Opener => output.Say("段首", "opener"),
        RecordType.Block => output.Say("区块", "block"),
        RecordType.Checkpoint => output.Say("检查点", "checkpoint"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    static string Label(Output output, string chinese, string english) => CellWidth.Pad(output.Say(chinese, english), 10);

    static string Hex(byte one) => one.ToString("x2", CultureInfo.InvariantCulture);
}
