using Ledger.Core.State;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ledger.Node.Http;

/// <summary>
/// No error leaves with an empty body, and none with a stack trace: what routing and the server refuse is told as a problem like everything else.
/// A fault in a handler is logged and answered; whether the node goes on is for its loop to say.
/// </summary>
sealed class ErrorAnswers(RequestDelegate next, Problems problems, ILogger log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        IResult? problem = null;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException)
        {
            // Nobody is there to be answered, or the node's loop ended while it owed one.
            if (context.RequestAborted.IsCancellationRequested) return;
            problem = problems.Of(Refusal.NodeStopping);
        }
        catch (BadHttpRequestException bad)
        {
            problem = bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? problems.Of(Refusal.BodyTooLarge) : problems.OfStatus(bad.StatusCode);
        }
        catch (IOException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault)
        {
            Log.HandlerFailed(log, context.Request.Method, context.Request.Path, fault);
            problem = problems.OfStatus(StatusCodes.Status500InternalServerError);
        }

        if (context.Response.HasStarted)
        {
            // A streamed answer cannot take back its status: the client must see that it is cut off.
            if (problem is not null) context.Abort();
            return;
        }

        problem ??= context.Response switch
        {
            { StatusCode: StatusCodes.Status404NotFound, ContentType: null } => problems.Of(Refusal.NotFound),
            { StatusCode: StatusCodes.Status405MethodNotAllowed, ContentType: null } => problems.Of(Refusal.MethodNotAllowed),
            _ => null,
        };
        if (problem is not null) await problem.ExecuteAsync(context);
    }
}
