using Ledger.Node.Access;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// Answers whoever sent a transaction: what it may be told, and, where nothing came of it, whose data it asked about goes into the log of reads like any
/// other question.
/// </summary>
sealed class Telling(Discretion discretion, AccessLog? reads, TimeProvider time)
{
    public async ValueTask<Outcome> TellAsync(HttpRequest request, Outcome outcome, bool isDryRun = false)
    {
        var told = discretion.Tell(outcome, isDryRun);
        if (reads is null || told.Of.Count == 0) return told.Outcome;
        await reads.NoteAsync(new(
            time.GetUtcNow(), told.Caller.Party, told.Caller.Key, told.Caller.Principal, Resource.Signed, request.Method, request.Path, Problems.StatusOf(told.Outcome.Code),
            FrontDoor.AddressOf(request.HttpContext), RequestId.Of(request.HttpContext), told.Of));
        return told.Outcome;
    }
}
