using System.Text.Json;
using Ledger.Core.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ledger.Node.Http;

/// <summary>
/// <c>POST /v1/transactions/bulk</c>: a transaction a line, an answer a line in the same order, each sent as soon as it and those before it are
/// final. A transaction may build on an earlier line. A line that cannot be read has its own answer and harms no other.
/// </summary>
static class BulkRoutes
{
    public const string MediaType = "application/x-ndjson";
    public const int MaxLines = 10_000;

    // Answers are gathered up to this size, so that a large bulk does not become a packet a line.
    const int FlushSize = 16 * 1024;

    public static void Map(RouteGroupBuilder v1, NodeLoop node, OutcomeJson answers, Problems problems) =>
        v1.MapPost("/transactions/bulk", async context =>
        {
            var cancel = context.RequestAborted;
            if (!RequestBody.IsOf(context.Request, MediaType)) await problems.Of(Refusal.MediaTypeWrong).ExecuteAsync(context);
            else if (await RequestBody.ReadAsync(context.Request, RequestBody.MaxBulk, cancel) is not { } body || Split(body) is not { } lines)
                await problems.Of(Refusal.BodyTooLarge).ExecuteAsync(context);
            else await AnswerAsync(context.Response, answers, await node.SubmitAsync(lines, cancel), cancel);
        });

    static async Task AnswerAsync(HttpResponse response, OutcomeJson answers, IReadOnlyList<Task<Outcome>> submitted, CancellationToken cancel)
    {
        response.ContentType = MediaType;
        var body = response.BodyWriter;
        using var json = new Utf8JsonWriter(body, JsonAnswer.Options);
        var gathered = 0L;
        foreach (var answer in submitted)
        {
            // Before waiting, what is ready goes out.
            if (!answer.IsCompleted || gathered > FlushSize)
            {
                await body.FlushAsync(cancel);
                gathered = 0;
            }

            // The answers under way end with the node's loop; those before them stand.
            await Task.WhenAny(answer);
            if (answer.IsCanceled) answers.WriteStoppingLine(json);
            else answers.WriteLine(json, await answer);
            json.Flush();
            gathered += json.BytesCommitted;
            json.Reset(body);
            body.GetSpan(1)[0] = (byte)'\n';
            body.Advance(1);
        }

        await body.FlushAsync(cancel);
    }

    // The line feed at the very end begins no further line. Null when there are too many lines.
    static List<ReadOnlyMemory<byte>>? Split(ReadOnlyMemory<byte> body)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        while (!body.IsEmpty)
        {
            if (lines.Count == MaxLines) return null;
            var end = body.Span.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            lines.Add(line.Span.EndsWith("\r"u8) ? line[..^1] : line);
            body = end < 0 ? default : body[(end + 1)..];
        }

        return lines;
    }
}
