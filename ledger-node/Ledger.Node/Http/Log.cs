using Ledger.Core.State;
using Microsoft.Extensions.Logging;

namespace Ledger.Node.Http;

static partial class Log
{
    [LoggerMessage(3001, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void HandlerFailed(ILogger log, string method, string path, Exception fault);

    [LoggerMessage(3002, LogLevel.Information, "Dry run {Count} of {Party}: {Answer}")]
    public static partial void DryRun(ILogger log, string party, long count, Refusal answer);

    [LoggerMessage(3003, LogLevel.Information, "Kept {Count} disclosures of {Party} {Transaction}")]
    public static partial void DisclosuresKept(ILogger log, int count, string party, string transaction);

    [LoggerMessage(3009, LogLevel.Error, "Disclosures of {Party} {Transaction} came beside it and were not kept ({Refusal}): have them handed in again")]
    public static partial void DisclosuresNotKept(ILogger log, string party, string transaction, Ledger.Core.State.Refusal refusal);

    [LoggerMessage(3004, LogLevel.Information, "Disclosures of {Party} {Transaction} were read")]
    public static partial void DisclosuresRead(ILogger log, string party, string transaction);
}
