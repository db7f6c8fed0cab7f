using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;

namespace Ledger.Node.Storage;

/// <summary>The last checkpoint that this node signed, and in which epoch of ordering.</summary>
public readonly record struct LastSigned(uint Epoch, ulong Height, ulong Size, Hash256 Root)
{
    public static LastSigned Of(Fold fold) => new(fold.State.Ordering.Number, fold.Last.Header.Height, fold.History.Size, fold.History.Root());
}

/// <summary>
/// The file <c>vote</c> of a chain's only validator: how far this node has signed, kept apart from the chain and in no backup, so that a chain which was lost or taken back is
/// noticed. Where a block and its checkpoint are one write, that flush is the vote's too, and this file only follows: it never says more than is
/// durable, and it is flushed now and then.
/// </summary>
public sealed class VoteFile : IDisposable
{
    const int PlaceSize = 512;
    const int Size = 2 + 4 + 8 + 8 + Hash256.Size;
    const ushort FormatVersion = 1;

    readonly TwoPlaces places;
    LastSigned flushed;

    VoteFile(TwoPlaces places, LastSigned last)
    {
        this.places = places;
        Last = flushed = last;
    }

    public LastSigned Last { get; private set; }

    /// <summary>The vote of a data folder; null where there is none that can be read.</summary>
    public static VoteFile? Open(IStorage storage)
    {
        if (storage.Open(FolderLayout.Vote) is not { } file) return null;
        var places = new TwoPlaces(file, FolderLayout.Vote, PlaceSize, Size);
        if (places.Newest(Read, static vote => (vote.Epoch, vote.Size)) is { } last) return new(places, last);
        places.Dispose();
        return null;
    }

    /// <summary>Begins the file anew; returns when it is durable.</summary>
    public static VoteFile Create(IStorage storage, LastSigned vote)
    {
        var file = new VoteFile(new(storage.Create(FolderLayout.Vote), FolderLayout.Vote, PlaceSize, Size), default);
        file.Write(vote);
        file.Flush();
        storage.FlushFolder("");
        return file;
    }

    /// <summary>Notes what is durable in the chain.</summary>
    public void Write(LastSigned vote)
    {
        places.Write(new BigEndianWriter(Size).U16(FormatVersion).U32(vote.Epoch).U64(vote.Height).U64(vote.Size).Hash(vote.Root).Written);
        Last = vote;
    }

    /// <summary>Makes durable what was written, if anything was since the last time. May be called beside the writer.</summary>
    public void Flush()
    {
        var last = Last;
        if (last == flushed) return;
        places.Flush();
        flushed = last;
    }

    public void Dispose() => places.Dispose();

    static LastSigned? Read(ReadOnlySpan<byte> body)
    {
        var reader = new BigEndianReader(body);
        var version = reader.U16();
        var vote = new LastSigned(reader.U32(), reader.U64(), reader.U64(), reader.Hash());
        return version == FormatVersion && reader.IsComplete ? vote : null;
    }
}
