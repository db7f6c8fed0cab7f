using Ledger.Core.Replay;
using Ledger.Node.Access;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// Answers whoever sent a transaction: what it may be told, and, where nothing came of it, whose data it asked about goes into the log of reads like any
/// other question.
/// </summary>
sealed class Telling(LedgerReader ledger, Discretion discretion, AccessLog? reads, TimeProvider time)
{
    /// <exception cref="ViewsNotReadyException">Of a dry run, which is a read, while the views cannot say who may see what.</exception>
    public async ValueTask<Answer> TellAsync(HttpRequest request, Answer outcome, bool isDryRun = false)
    {
        var told = await JudgeAsync(outcome, isDryRun, request.HttpContext.RequestAborted);
        if (reads is null || told.Of.Count == 0) return told.Answer;

        // A submission that is refused is a question too; whose questions of a day have filled their share of the log is told that it was refused, which is
        // nothing of anybody. A dry run was turned away before.
        if (!isDryRun && reads.Share?.HasRoom(told.Caller.Party) == false) return Discretion.TellUnseen(outcome).Answer;
        await reads.NoteAsync(new(
            time.GetUtcNow(), told.Caller.Party, told.Caller.Key, told.Caller.Principal, Resource.Signed, request.Method, request.Path, Problems.StatusOf(told.Answer.Code),
            CallerAddress.Text(request.HttpContext.Connection.RemoteIpAddress), RequestId.Of(request.HttpContext), told.Of));
        return told.Answer;
    }

    /// <summary>
    /// Whether further signatures change nothing of a refusal that was told of those that are there: as its acting party sees the ledger, it is refused by the same rule once all have signed. Where
    /// only something hidden is in the way this says nothing, for it would be an answer about that.
    /// </summary>
    public async ValueTask<bool> StandsAsync(Answer told, Answer asIfWhole, CancellationToken cancel) =>
        told.Code != Core.State.Refusal.ReasonNotShown && (await JudgeAsync(asIfWhole, isDryRun: true, cancel)).Answer is var whole && (whole.Code, whole.Operation) == (told.Code, told.Operation);

    // The views say who may see what, and follow the ledger. A submission has had its answer: whether they come or not, it is told.
    async ValueTask<Told> JudgeAsync(Answer outcome, bool isDryRun, CancellationToken cancel)
    {
        try
        {
            return await ledger.AskViewsAsync(() => discretion.Tell(outcome, isDryRun), cancel);
        }
        catch (ViewsNotReadyException) when (!isDryRun)
        {
            return Discretion.TellUnseen(outcome);
        }
    }
}
