using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>Reads what a request brings, up to a bound that belongs to the route.</summary>
static class RequestBody
{
    public const int MaxBulk = 64 * 1024 * 1024;

    // A length that a header announces is believed only so far: memory follows what really arrives.
    const int MaxBelieved = 256 * 1024;

    /// <summary>Whether the body is said to be of one of these types; parameters such as a charset do not matter.</summary>
    public static bool IsOf(HttpRequest request, params ReadOnlySpan<string> mediaTypes)
    {
        var type = request.ContentType.AsSpan();
        if (type.IndexOf(';') is >= 0 and var end) type = type[..end];
        foreach (var mediaType in mediaTypes)
        {
            if (type.Trim().Equals(mediaType, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    /// <summary>The whole body in memory of its own, null when it is larger than <paramref name="max"/>.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int max, CancellationToken cancel)
    {
        if (request.ContentLength > max) return null;
        var body = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 0, 1024, MaxBelieved));
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancel);
            var fits = body.WrittenCount + read.Buffer.Length <= max;
            if (fits)
            {
                foreach (var segment in read.Buffer) body.Write(segment.Span);
            }

            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (!fits) return null;
            if (read.IsCompleted) return body.WrittenMemory;
        }
    }

    /// <summary>
    /// The body's lines, each in memory of its own, so that a line that is kept does not keep the others; null when the body is larger than
    /// <paramref name="max"/> or has more lines. The line feed at the very end begins no further line.
    /// </summary>
    public static async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>?> ReadLinesAsync(HttpRequest request, int max, int maxLines, CancellationToken cancel)
    {
        if (request.ContentLength > max) return null;
        var lines = new List<ReadOnlyMemory<byte>>();
        var begun = new ArrayBufferWriter<byte>();
        for (var size = 0L; ;)
        {
            var read = await request.BodyReader.ReadAsync(cancel);
            size += read.Buffer.Length;
            var fits = size <= max && Split(read.Buffer, lines, begun, maxLines);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (!fits) return null;
            if (!read.IsCompleted) continue;
            if (begun.WrittenCount > 0) lines.Add(Line(begun.WrittenSpan));
            return lines.Count <= maxLines ? lines : null;
        }
    }

    static bool Split(ReadOnlySequence<byte> bytes, List<ReadOnlyMemory<byte>> lines, ArrayBufferWriter<byte> begun, int maxLines)
    {
        foreach (var segment in bytes)
        {
            var rest = segment.Span;
            while (rest.IndexOf((byte)'\n') is >= 0 and var end)
            {
                if (lines.Count == maxLines) return false;
                begun.Write(rest[..end]);
                lines.Add(Line(begun.WrittenSpan));
                begun.ResetWrittenCount();
                rest = rest[(end + 1)..];
            }

            begun.Write(rest);
        }

        return true;
    }

    static ReadOnlyMemory<byte> Line(ReadOnlySpan<byte> line) => (line.EndsWith("\r"u8) ? line[..^1] : line).ToArray();
}
