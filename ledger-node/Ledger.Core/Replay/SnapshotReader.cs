using System.Buffers.Binary;
using System.Security.Cryptography;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Replay;

/// <summary>Reads a snapshot front to back and believes nothing of it that does not follow from the header and the quorum's signatures.</summary>
sealed class SnapshotReader
{
    const int BufferSize = 256 * 1024;

    readonly Stream stream;
    readonly Genesis genesis;
    readonly StateTree tree;
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    byte[] buffer = new byte[BufferSize];
    int start, end;
    ulong records, keptIds;

    public SnapshotReader(Stream stream, Genesis genesis)
    {
        this.stream = stream;
        this.genesis = genesis;
        tree = new(genesis.Chain.Suite, Sections.Count);
    }

    public Snapshot? Read(TrustPolicy? trusted, out SnapshotFault? fault)
    {
        using var held = hash;
        try
        {
            fault = null;
            return ReadAll(trusted);
        }
        catch (Wrong wrong)
        {
            fault = wrong.Fault;
        }
        catch (StateRecordException wrong)
        {
            fault = new(wrong.Section is Section.UsedIds or Section.Quotas && keptIds > 0 ? SnapshotFaultKind.IdsDiffer : SnapshotFaultKind.RecordMalformed, wrong.Section, wrong.Key);
        }

        return null;
    }

    Snapshot ReadAll(TrustPolicy? trusted)
    {
        if (!Take(Snapshot.Magic.Length).SequenceEqual(Snapshot.Magic) || BinaryPrimitives.ReadUInt16BigEndian(Take(2)) != Snapshot.FormatVersion)
            throw new Wrong(SnapshotFaultKind.NotASnapshot);
        if (Hash256.Read(Take(Hash256.Size)) != genesis.Chain.ChainId) throw new Wrong(SnapshotFaultKind.OtherChain);
        if (!Header.TryRead(Take(Header.Size), out var header) || header.ChainId != genesis.Chain.ChainId) throw new Wrong(SnapshotFaultKind.HeaderMalformed);

        var bare = LedgerState.Restore(genesis.Chain, header.Height, header.Time, Records());
        var state = Ids(bare);
        var content = CheckHash();
        if (tree.Root() != header.StateRoot) throw new Wrong(SnapshotFaultKind.RootDiffers);

        var note = Note();
        var proof = new Hash256[Take(1)[0]];
        if (proof.Length > Snapshot.MaxProof) throw new Wrong(SnapshotFaultKind.HeaderNotInHistory);
        for (var i = 0; i < proof.Length; i++) proof[i] = Hash256.Read(Take(Hash256.Size));
        CheckHash();
        if (Fill(1)) throw new Wrong(SnapshotFaultKind.LeftOver);

        CheckHeader(header, note, proof);
        CheckSignatures(note, trusted ?? CertifyingOf(state));
        return new(header, state, tree, note, content, records, keptIds);
    }

    IEnumerable<StateRecord> Records()
    {
        var before = (Section: (Section)0, Key: default(ByteString));
        while (Take(1)[0] is > 0 and var section)
        {
            var key = Bytes(BinaryPrimitives.ReadUInt16BigEndian(Take(2)), Snapshot.MaxKey);
            var value = Bytes(BinaryPrimitives.ReadUInt32BigEndian(Take(4)), Snapshot.MaxValue);
            var salt = Hash256.Read(Take(Hash256.Size));
            if (section > Sections.Count) throw new Wrong(SnapshotFaultKind.RecordMalformed);
            var now = (Section: (Section)section, Key: key);
            if (now.Section < before.Section || (now.Section == before.Section && now.Key.Span.SequenceCompareTo(before.Key.Span) <= 0))
                throw new Wrong(SnapshotFaultKind.RecordOutOfOrder, now.Section, key);
            before = now;
            tree.Put(section, key.Span, value.Span, salt);
            records++;
            yield return new(now.Section, key, value, salt);
        }
    }

    LedgerState Ids(LedgerState bare)
    {
        var ids = new List<KeptId>();
        Span<char> text = stackalloc char[byte.MaxValue];
        while (Take(1)[0] is var mark and not 0)
        {
            if (mark != 1) throw new Wrong(SnapshotFaultKind.IdsDiffer, Section.UsedIds);
            var ascii = Take(Take(1)[0]);
            for (var i = 0; i < ascii.Length; i++) text[i] = (char)ascii[i];
            if (!PartyId.TryParse(text[..ascii.Length], out var party)) throw new Wrong(SnapshotFaultKind.IdsDiffer, Section.UsedIds);
            var id = Id<Transaction>.Read(Take(Id<Transaction>.Size));
            var payload = Hash256.Read(Take(Hash256.Size));
            var expires = BinaryPrimitives.ReadUInt64BigEndian(Take(8));
            var longLived = Take(1)[0];
            if (expires > Timestamp.MaxUnixMilliseconds || longLived > 1) throw new Wrong(SnapshotFaultKind.IdsDiffer, Section.UsedIds);
            ids.Add(new(party, id, new(payload, new((long)expires), longLived == 1)));
            keptIds++;
        }

        // From here on what does not fit is about ids, though there be none.
        keptIds += (ulong)(ids.Count == 0 ? 1 : 0);
        var state = bare.WithKeptIds(ids);
        keptIds = (ulong)ids.Count;
        return state;
    }

    Note Note()
    {
        var bytes = Bytes(BinaryPrimitives.ReadUInt32BigEndian(Take(4)), Snapshot.MaxNote);
        return Chain.Note.TryParse(bytes.Span, out var note) && note.Write().AsSpan().SequenceEqual(bytes.Span) && note.Checkpoint.Origin == genesis.Origin
            ? note
            : throw new Wrong(SnapshotFaultKind.CheckpointMalformed);
    }

    void CheckHeader(Header header, Note note, Hash256[] proof)
    {
        var suite = genesis.Chain.Suite;
        var leaves = header.EntryCount + (header.Height == 0 ? 1UL : 2UL);
        var last = note.Checkpoint.Size - Math.Min(1, note.Checkpoint.Size);
        if (header.FirstLeaf > ulong.MaxValue - leaves || note.Checkpoint.Size != header.FirstLeaf + leaves || !Proofs.VerifyInclusion(suite, header.LeafHash(suite), last, last + 1, proof, note.Checkpoint.Root))
            throw new Wrong(SnapshotFaultKind.HeaderNotInHistory);
    }

    // A state without validators can be written and certifies nothing.
    TrustPolicy CertifyingOf(LedgerState state) =>
        state.Certifiers.Any() ? genesis.PolicyOf(state.Certifiers) : throw new Wrong(SnapshotFaultKind.CheckpointUntrusted);

    void CheckSignatures(Note note, TrustPolicy trusted)
    {
        var trust = trusted.Check(genesis.Chain.Suite, note);
        if (trust.Verdict == TrustVerdict.BadSignature) throw new Wrong(SnapshotFaultKind.CheckpointSignatureFalse);
        if (trust.Verdict != TrustVerdict.Trusted) throw new Wrong(SnapshotFaultKind.CheckpointUntrusted);
    }

    Hash256 CheckHash()
    {
        Span<byte> sofar = stackalloc byte[Hash256.Size];
        hash.GetCurrentHash(sofar);
        var stated = Take(Hash256.Size);
        return stated.SequenceEqual(sofar) ? Hash256.Read(stated) : throw new Wrong(SnapshotFaultKind.ChecksumDiffers);
    }

    ByteString Bytes(uint count, int most)
    {
        if (count > most) throw new Wrong(SnapshotFaultKind.RecordMalformed);
        return new(Take((int)count).ToArray());
    }

    // The bytes stay where they are until the next is taken.
    ReadOnlySpan<byte> Take(int count)
    {
        if (!Fill(count)) throw new Wrong(SnapshotFaultKind.Truncated);
        var taken = buffer.AsSpan(start, count);
        hash.AppendData(taken);
        start += count;
        return taken;
    }

    bool Fill(int count)
    {
        if (end - start >= count) return true;
        var grown = count > buffer.Length ? new byte[count + BufferSize] : buffer;
        buffer.AsSpan(start, end - start).CopyTo(grown);
        (buffer, start, end) = (grown, 0, end - start);
        while (end < count && stream.Read(buffer, end, buffer.Length - end) is > 0 and var read) end += read;
        return end >= count;
    }

    sealed class Wrong(SnapshotFaultKind kind, Section? section = null, ByteString key = default) : Exception
    {
        public SnapshotFault Fault { get; } = new(kind, section, key);
    }
}
