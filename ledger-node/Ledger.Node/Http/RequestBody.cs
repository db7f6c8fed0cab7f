using System.Buffers;
using Ledger.Node.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

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

    /// <summary>
    /// The whole body in memory of its own, null when it is larger than <paramref name="max"/>. What it holds counts until the request ends; where there
    /// is no room for it, <see cref="NoRoomException"/> says so.
    /// </summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int max, CancellationToken cancel)
    {
        if (request.ContentLength > max) return null;
        var load = request.HttpContext.Features.GetRequiredFeature<BytesInFlight.Load>();
        var body = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 0, 1024, MaxBelieved));
        var counted = 0;
        while (true)
        {
            if (!load.TryTake(body.Capacity - counted)) throw new NoRoomException();
            counted = body.Capacity;
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
}
