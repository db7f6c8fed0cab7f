using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Replay;

/// <summary>The bytes of a snapshot (docs/FORMATS.md, section "Snapshot"), front to back.</summary>
sealed class SnapshotWriter(Stream stream)
{
    const int BufferSize = 256 * 1024;

    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public Hash256 Write(FrozenLedger ledger, CancellationToken cancel)
    {
        using var held = hash;
        cancel.ThrowIfCancellationRequested();
        var writer = new BigEndianWriter(BufferSize + 4096);
        writer.Bytes(Snapshot.Magic).U16(Snapshot.FormatVersion).Hash(ledger.Genesis.Chain.ChainId).Bytes(ledger.Header.Write());
        foreach (var record in ledger.State.AllRecords())
        {
            if (record.Value is not { } value) continue;
            if (!ledger.Tree.TryGetSalt((byte)record.Section, record.Key.Span, out var salt))
                throw new InvalidOperationException($"The state tree lacks a record of section {record.Section}.");
            writer.U8((byte)record.Section).U16((ushort)record.Key.Length).Bytes(record.Key.Span).U32((uint)value.Length).Bytes(value.Span).Hash(salt);
            if (writer.Written.Length < BufferSize) continue;
            writer = Put(writer);
            cancel.ThrowIfCancellationRequested();
        }

        writer.U8(0);
        foreach (var (party, id, used) in ledger.State.KeptIds)
        {
            writer.U8(1).U8((byte)party.Text.Length).Bytes(Encoding.ASCII.GetBytes(party.Text)).U64((ulong)(id.Value >> 64)).U64((ulong)(id.Value & ulong.MaxValue))
                .Hash(used.PayloadHash).U64((ulong)used.Expires.UnixMilliseconds).U8(used.LongLived ? (byte)1 : (byte)0);
            if (writer.Written.Length < BufferSize) continue;
            writer = Put(writer);
            cancel.ThrowIfCancellationRequested();
        }

        Put(writer.U8(0));
        var content = PutHash();
        var note = ledger.Checkpoint.Write();
        writer = new BigEndianWriter(note.Length + 4096).U32((uint)note.Length).Bytes(note).U8((byte)ledger.HeaderProof.Count);
        foreach (var sibling in ledger.HeaderProof) writer.Hash(sibling);
        Put(writer);
        PutHash();
        stream.Flush();
        return content;
    }

    BigEndianWriter Put(BigEndianWriter writer)
    {
        hash.AppendData(writer.Written);
        stream.Write(writer.Written);
        return new(BufferSize + 4096);
    }

    // Of everything before it, itself then included.
    Hash256 PutHash()
    {
        var sofar = hash.GetCurrentHash();
        hash.AppendData(sofar);
        stream.Write(sofar);
        return Hash256.Read(sofar);
    }
}
