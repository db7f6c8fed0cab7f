using System.Diagnostics;
using System.Net.Sockets;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;

namespace Ledger.Node.Peers;

/// <summary>
/// What a peer sends, read no further than is agreed, in memory that follows what really came and not what was announced. Only the time of reading counts against the peer, not what
/// is done with what came.
/// </summary>
sealed class PeerAnswer : IDisposable
{
    const int Piece = 64 * 1024;

    readonly PartyId bank;
    readonly HttpResponseMessage response;
    readonly Stream stream;
    readonly PeerPace pace;
    readonly Stopwatch reading = new();
    readonly CancellationToken cancel;
    long received;

    public PeerAnswer(PartyId bank, HttpResponseMessage response, Stream stream, PeerPace pace, CancellationToken cancel) =>
        (this.bank, this.response, this.stream, this.pace, this.cancel) = (bank, response, stream, pace, cancel);

    /// <summary>All of it.</summary>
    public async Task<byte[]> ReadAllAsync(int max)
    {
        var bytes = new byte[Math.Min(max + 1, Piece)];
        for (var filled = 0; ;)
        {
            if (filled == bytes.Length) Array.Resize(ref bytes, Math.Min(max + 1, 2 * bytes.Length));
            var read = await ReadSomeAsync(bytes.AsMemory(filled), height: null);
            filled += read;
            if (filled > max) throw Fault(PeerFaultKind.TooLong);
            if (read == 0) return bytes[..filled];
        }
    }

    /// <summary>The next record's octets, of a type and length that come between peers; null at the end. <paramref name="height"/> is for the fault.</summary>
    public async Task<byte[]?> ReadRecordAsync(ulong height)
    {
        var head = new byte[SegmentCodec.HeadSize];
        if (!await FillAsync(head, 0, height)) return null;
        var length = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(1));
        var most = PeerPages.MaxPayload((RecordType)head[0]);
        if (most == 0) throw Fault(PeerFaultKind.Malformed, height);
        if (length > most) throw Fault(PeerFaultKind.TooLong, height);

        var record = head;
        for (var (filled, whole) = (head.Length, (int)length + SegmentCodec.Overhead); filled < whole; filled = record.Length)
        {
            Array.Resize(ref record, (int)Math.Min(whole, Math.Max(Piece, 2L * filled)));
            if (!await FillAsync(record, filled, height)) throw Fault(PeerFaultKind.BrokenOff, height);
        }

        return record;
    }

    public void Dispose() => response.Dispose();

    public PeerException Fault(PeerFaultKind kind, ulong? height = null, Exception? cause = null) => new(new(bank, kind, height), cause);

    // False where it ends before the first octet.
    async Task<bool> FillAsync(byte[] bytes, int from, ulong height)
    {
        for (var filled = from; filled < bytes.Length;)
        {
            var read = await ReadSomeAsync(bytes.AsMemory(filled), height);
            if (read == 0 && filled == from) return false;
            if (read == 0) throw Fault(PeerFaultKind.BrokenOff, height);
            filled += read;
        }

        return true;
    }

    async Task<int> ReadSomeAsync(Memory<byte> room, ulong? height)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var left = pace.Allowed(received) - reading.Elapsed;
        end.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        reading.Start();
        try
        {
            var read = await stream.ReadAsync(room, end.Token);
            received += read;
            return read;
        }
        catch (Exception slow) when (end.IsCancellationRequested && !cancel.IsCancellationRequested && slow is OperationCanceledException or IOException)
        {
            throw Fault(PeerFaultKind.TooSlow, height, slow);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or SocketException)
        {
            throw Fault(PeerFaultKind.BrokenOff, height, broken);
        }
        finally
        {
            reading.Stop();
        }
    }
}
