using System.Security.Cryptography;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;

namespace Ledger.Node.Storage;

/// <summary>The last checkpoint that this node signed, and in which epoch of ordering.</summary>
public readonly record struct Vote(uint Epoch, ulong Height, ulong Size, Hash256 Root)
{
    public static Vote Of(Fold fold) => new(fold.State.Ordering.Number, fold.Last.Header.Height, fold.History.Size, fold.History.Root());
}

/// <summary>
/// The file <c>vote</c>: how far this node has signed, kept apart from the chain and in no backup, so that a chain which was lost or taken back is
/// noticed. Where a block and its checkpoint are one write, that flush is the vote's too, and this file only follows: it never says more than is
/// durable, and it is flushed now and then. Two places are written in turn, so that a torn write leaves the other.
/// </summary>
public sealed class VoteFile : IDisposable
{
    const int SlotSize = 512;
    const int Size = 2 + 4 + 8 + 8 + Hash256.Size;
    const int Slots = 2;
    const ushort FormatVersion = 1;

    readonly IStorageFile file;
    int next;
    Vote flushed;

    VoteFile(IStorageFile file, Vote last, int next)
    {
        this.file = file;
        this.next = next;
        Last = flushed = last;
    }

    public Vote Last { get; private set; }

    /// <summary>The vote of a data folder; null where there is none that can be read.</summary>
    public static VoteFile? Open(IStorage storage)
    {
        if (storage.Open(FolderLayout.Vote) is not { } file) return null;
        (Vote Vote, int Slot)? found = null;
        var slot = new byte[Size + Hash256.Size];
        for (var i = 0; i < Slots; i++)
        {
            if (file.Read(i * SlotSize, slot) == slot.Length && TryRead(slot, out var vote)
                && (found is not { } before || (vote.Epoch, vote.Size).CompareTo((before.Vote.Epoch, before.Vote.Size)) > 0)) found = (vote, i);
        }

        if (found is { } last) return new(file, last.Vote, (last.Slot + 1) % Slots);
        file.Dispose();
        return null;
    }

    /// <summary>Begins the file anew; returns when it is durable.</summary>
    public static VoteFile Create(IStorage storage, Vote vote)
    {
        var file = new VoteFile(storage.Create(FolderLayout.Vote), default, next: 0);
        file.Write(vote);
        file.Flush();
        storage.FlushFolder("");
        return file;
    }

    /// <summary>Notes what is durable in the chain.</summary>
    public void Write(Vote vote)
    {
        var body = new BigEndianWriter(Size + Hash256.Size).U16(FormatVersion).U32(vote.Epoch).U64(vote.Height).U64(vote.Size).Hash(vote.Root);
        body.Bytes(SHA256.HashData(body.Written));
        try
        {
            file.Write(next * SlotSize, body.Written);
        }
        catch (IOException cause)
        {
            throw new StorageFault(FolderLayout.Vote, "writing", mayRetry: false, cause);
        }

        next = (next + 1) % Slots;
        Last = vote;
    }

    /// <summary>Makes durable what was written, if anything was since the last time. May be called beside the writer.</summary>
    public void Flush()
    {
        var last = Last;
        if (last == flushed) return;
        try
        {
            file.Flush();
        }
        catch (IOException cause)
        {
            throw new StorageFault(FolderLayout.Vote, "flushing", mayRetry: false, cause);
        }

        flushed = last;
    }

    public void Dispose() => file.Dispose();

    static bool TryRead(ReadOnlySpan<byte> slot, out Vote vote)
    {
        var reader = new BigEndianReader(slot[..Size]);
        var version = reader.U16();
        vote = new(reader.U32(), reader.U64(), reader.U64(), reader.Hash());
        return version == FormatVersion && reader.IsComplete && SHA256.HashData(slot[..Size]).AsSpan().SequenceEqual(slot[Size..]);
    }
}
