using System.Text.Json;
using System.Threading.Channels;
using Ledger.Core.State;
using Ledger.Node.Access;
using Microsoft.AspNetCore.Http;

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

    public static void Map(RouteTable v1, NodeLoop node, OutcomeJson answers, Problems problems) =>
        v1.Stream(HttpMethods.Post, "/transactions/bulk", "submitBulk", Resource.Signed, "批量提交交易，逐行答复", "Transactions, one a line; an answer a line in the same order", async context =>
        {
            var cancel = context.RequestAborted;
            if (!RequestBody.IsOf(context.Request, MediaType)) await problems.Of(Refusal.MediaTypeWrong).ExecuteAsync(context);
            else if (await RequestBody.ReadLinesAsync(context.Request, RequestBody.MaxBulk, MaxLines, cancel) is not { } lines)
                await problems.Of(Refusal.BodyTooLarge).ExecuteAsync(context);
            else await AnswerAsync(context.Response, answers, node.Submit(lines, cancel), cancel);
        })
            .Taking([MediaType], TransactionRoutes.TransactionSchema, RequestBody.MaxBulk)
            .Answering(StatusCodes.Status200OK, MediaType, OutcomeJson.LineSchema, "an answer a line")
            .Heavy();

    static async Task AnswerAsync(HttpResponse response, OutcomeJson answers, ChannelReader<Task<Outcome>> submitted, CancellationToken cancel)
    {
        response.ContentType = MediaType;
        var body = response.BodyWriter;
        using var json = new Utf8JsonWriter(body, JsonAnswer.Options);
        var gathered = 0L;
        while (await submitted.WaitToReadAsync(cancel))
        {
            while (submitted.TryRead(out var answer))
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

            // The next line is still being tried.
            await body.FlushAsync(cancel);
            gathered = 0;
        }
    }
}
