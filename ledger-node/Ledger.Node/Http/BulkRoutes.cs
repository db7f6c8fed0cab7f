using System.Buffers;
using System.Text.Json;
using Ledger.Core.State;
using Ledger.Node.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ledger.Node.Http;

/// <summary>
/// <c>POST /v1/transactions/bulk</c>: a transaction a line, an answer a line in the same order. Each line is tried as it arrives, and may build on an
/// earlier one; the answers begin when the request was read, for many clients do not listen while they speak, and from then on each is sent as soon as
/// it and those before it are final. A line that cannot be read has its own answer and harms no other. A bulk that is cut short says so in its last line.
/// </summary>
static class BulkRoutes
{
    public const string MediaType = "application/x-ndjson";
    public const int MaxLines = 10_000;

    // Answers are gathered up to this size, so that a large bulk does not become a packet a line.
    const int FlushSize = 16 * 1024;

    public static void Map(RouteTable v1, NodeLoop node, OutcomeJson answers, Telling telling, Problems problems) =>
        v1.Stream(HttpMethods.Post, "/transactions/bulk", "submitBulk", Resource.Signed, "批量提交交易，逐行答复", "Transactions, one a line; an answer a line in the same order", async context =>
        {
            if (!RequestBody.IsOf(context.Request, MediaType)) await problems.Of(Refusal.MediaTypeWrong).ExecuteAsync(context);
            else if (context.Request.ContentLength > RequestBody.MaxBulk) await problems.Of(Refusal.BodyTooLarge).ExecuteAsync(context);
            else await AnswerAsync(context, node, answers, telling);
        })
            .Taking([MediaType], TransactionRoutes.TransactionSchema, RequestBody.MaxBulk)
            .Answering(StatusCodes.Status200OK, MediaType, OutcomeJson.LineSchema, "an answer a line")
            .Heavy();

    static async Task AnswerAsync(HttpContext context, NodeLoop node, OutcomeJson answers, Telling telling)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var cancel = end.Token;
        var load = context.Features.GetRequiredFeature<BytesInFlight.Load>();
        var lines = new BulkLines(context.Request, load, RequestBody.MaxBulk, MaxLines);
        var submitted = node.Submit(lines.ReadAsync(cancel), cancel);
        context.Response.ContentType = MediaType;
        var held = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(held, JsonAnswer.Options);
        try
        {
            while (await submitted.WaitToReadAsync(cancel))
            {
                while (submitted.TryRead(out var answer))
                {
                    // Before waiting, what is ready goes out.
                    if (held.WrittenCount > FlushSize) await SendAsync();
                    if (!answer.IsCompleted)
                    {
                        await Task.WhenAny(answer, lines.Ended);
                        await SendAsync();
                    }

                    // The answers under way end with the node's loop; those before them stand.
                    await Task.WhenAny(answer);
                    if (answer.IsCanceled) Write(() => answers.WriteRefusedLine(json, Refusal.NodeStopping));
                    else
                    {
                        var told = await telling.TellAsync(context.Request, await answer);
                        Write(() => answers.WriteLine(json, told));
                    }

                    lines.Answered();
                }

                // The next line is still being tried.
                await SendAsync();
            }

            if (lines.Cut != Refusal.None) Write(() => answers.WriteRefusedLine(json, lines.Cut));
            await SendAsync();
        }
        finally
        {
            // Nobody reads on in a request that is over.
            await end.CancelAsync();
            while (!submitted.Completion.IsCompleted)
            {
                while (submitted.TryRead(out _)) lines.Answered();
                await Task.WhenAny(submitted.Completion, submitted.WaitToReadAsync(CancellationToken.None).AsTask());
            }
        }

        void Write(Action line)
        {
            var before = held.WrittenCount;
            line();
            json.Flush();
            json.Reset(held);
            held.Write("\n"u8);
            load.Take(held.WrittenCount - before);
        }

        async ValueTask SendAsync()
        {
            if (!lines.Ended.IsCompleted || held.WrittenCount == 0) return;
            await context.Response.BodyWriter.WriteAsync(held.WrittenMemory, cancel);
            load.Give(held.WrittenCount);
            held.ResetWrittenCount();
        }
    }
}
