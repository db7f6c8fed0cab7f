using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node.Access;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// The lines of a bulk as they arrive, each in memory of its own. Nothing is held but the line that has begun and those that are not answered yet,
/// however long the request lasts. Where a bulk has more than it may, or the node holds too much already, its lines end there; the rest is read and
/// dropped, so that its sender comes to hear of it.
/// </summary>
sealed class BulkLines(HttpRequest request, BytesInFlight.Load load, int max, int maxLines)
{
    // Of a line that is too long it is enough to know that.
    const int LongestKept = TransactionText.MaxSize + 1;

    readonly ConcurrentQueue<int> unanswered = new();
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Why the lines end before the request does.</summary>
    public Refusal Cut { get; private set; }

    /// <summary>When the request was read to its end.</summary>
    public Task Ended => ended.Task;

    /// <summary>The next line in order has its answer and is held no longer.</summary>
    public void Answered()
    {
        if (unanswered.TryDequeue(out var size)) load.Give(size);
    }

    /// <summary>The lines in order. The line feed at the very end begins no further line.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var (begun, fresh) = (new ArrayBufferWriter<byte>(), new List<ReadOnlyMemory<byte>>());
        var (size, count) = (0L, 0);
        try
        {
            for (var isWhole = false; !isWhole;)
            {
                var read = await request.BodyReader.ReadAsync(cancel);
                isWhole = read.IsCompleted;
                size += read.Buffer.Length;
                if (size > max && Cut == Refusal.None) Cut = Refusal.BodyTooLarge;
                if (Cut == Refusal.None) Split(read.Buffer, fresh, begun);
                request.BodyReader.AdvanceTo(read.Buffer.End);
                if (isWhole && begun.WrittenCount > 0) fresh.Add(Line(begun.WrittenSpan));
                foreach (var line in fresh)
                {
                    if (Cut != Refusal.None) break;
                    if (++count > maxLines) Cut = Refusal.BodyTooLarge;
                    else if (!load.TryTake(line.Length)) Cut = Refusal.TooManyRequests;
                    else
                    {
                        unanswered.Enqueue(line.Length);
                        yield return line;
                    }
                }

                fresh.Clear();
            }
        }
        finally
        {
            ended.TrySetResult();
        }
    }

    static void Split(ReadOnlySequence<byte> bytes, List<ReadOnlyMemory<byte>> lines, ArrayBufferWriter<byte> begun)
    {
        foreach (var segment in bytes)
        {
            var rest = segment.Span;
            while (rest.IndexOf((byte)'\n') is >= 0 and var end)
            {
                Keep(begun, rest[..end]);
                lines.Add(Line(begun.WrittenSpan));
                begun.ResetWrittenCount();
                rest = rest[(end + 1)..];
            }

            Keep(begun, rest);
        }
    }

    static void Keep(ArrayBufferWriter<byte> begun, ReadOnlySpan<byte> more) => begun.Write(more[..Math.Min(more.Length, LongestKept - begun.WrittenCount)]);

    static ReadOnlyMemory<byte> Line(ReadOnlySpan<byte> line) => (line.EndsWith("\r"u8) ? line[..^1] : line).ToArray();
}
