using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.State;
using Ledger.Node.Storage;

namespace Ledger.Node.Voting;

/// <summary>
/// The file <c>ballot</c> of one of several validators: all that it must remember of what it signed, durable before any of it leaves. It is in no backup: a bank that goes on
/// with an older one may sign against what it signed before.
/// </summary>
sealed class BallotFile : IDisposable
{
    // Two certificates of as many signers as there may be.
    const int PlaceSize = 16 * 1024;
    const int Size = PlaceSize - 32;
    const ushort FormatVersion = 1;

    readonly TwoPlaces places;

    BallotFile(TwoPlaces places) => this.places = places;

    /// <summary>The newest ballot; null where this node has none that can be read.</summary>
    public Ballot? Last { get; private set; }

    /// <summary>The number of what was written last: whatever is written, and every vote, has a higher one than what was before.</summary>
    public ulong Sequence { get; private set; }

    public static BallotFile Open(IStorage storage)
    {
        if (storage.Open(FolderLayout.Ballot) is not { } file)
        {
            file = storage.Create(FolderLayout.Ballot);
            storage.FlushFolder("");
        }

        var places = new TwoPlaces(file, FolderLayout.Ballot, PlaceSize, Size);
        var opened = new BallotFile(places);
        if (places.Newest(Read, static found => (found.Ballot.Epoch, found.Sequence)) is { } last) (opened.Last, opened.Sequence) = last;
        return opened;
    }

    /// <summary>Returns when it is durable.</summary>
    public void Write(Ballot ballot, ulong sequence)
    {
        var writer = new BigEndianWriter(Size).U16(FormatVersion).U64(sequence);
        ballot.Write(writer);
        writer.Bytes(new byte[Size - writer.Written.Length]);
        places.Write(writer.Written);
        places.Flush();
        (Last, Sequence) = (ballot, sequence);
    }

    /// <summary>The bank signed what no ballot here says: what is here is worth nothing at the next start either. Returns when that is durable.</summary>
    public void Lose()
    {
        places.Clear();
        places.Flush();
        Last = null;
    }

    public void Dispose() => places.Dispose();

    static (Ballot Ballot, ulong Sequence)? Read(ReadOnlySpan<byte> body)
    {
        var reader = new BigEndianReader(body);
        var (version, sequence) = (reader.U16(), reader.U64());
        if (version != FormatVersion || Ballot.Read(ref reader) is not { } ballot) return null;
        return reader.Bytes(reader.Remaining).ContainsAnyExcept((byte)0) ? null : (ballot, sequence);
    }
}
