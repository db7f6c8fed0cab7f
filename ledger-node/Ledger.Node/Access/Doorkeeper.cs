using System.Globalization;
using System.Net;
using Ledger.Core.State;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Access;

/// <summary>Why a request is not let in, in which words, and after how long it may come again.</summary>
public sealed record TurnedAway(Refusal Refusal, TimeSpan Later, string? Reason = null)
{
    /// <summary>Tells when there is something to be had: whole seconds, and never sooner (RFC 9110 10.2.3).</summary>
    public void TellWhen(HttpResponse response)
    {
        if (Later > TimeSpan.Zero) response.Headers.RetryAfter = SecondsOf(Later);
    }

    public static string SecondsOf(TimeSpan later) => Math.Max(1, (long)Math.Ceiling(later.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// What every request passes, in whichever form it is answered: whether its caller's budget lasts, whether there is room to take down what it reads,
/// whether its role sees such things at all. Behind it, what it was shown of others is taken down.
/// </summary>
public sealed class Doorkeeper(RateLimits limits, AccessLog? log, TimeProvider time)
{
    const int LongestPath = 512;

    /// <summary>Lets a caller in, which is null, or says why not.</summary>
    public TurnedAway? Judge(Sight sight, IPAddress? address, Resource resource, RateClass rate)
    {
        var caller = sight.Caller;
        if (!limits.TryTake(caller.BudgetOf(address), rate, out var later)) return new(Refusal.TooManyRequests, later);
        if (caller.How == CallerKind.Pass && resource is not (Resource.Public or Resource.Signed) && log?.Share is { } share && !share.HasRoom(caller.Party))
            return new(Refusal.ReadQuotaUsed, share.UntilTomorrow, share.Text);
        return sight.Of(resource) == Extent.Nothing ? new(caller.How == CallerKind.None ? Refusal.PassMissing : Refusal.NotForThisRole, TimeSpan.Zero) : null;
    }

    /// <summary>Takes down whose data an answer showed. Where everybody may read everything nobody is known, and there is nothing to take down.</summary>
    public ValueTask NoteAsync(HttpContext context, Resource resource, Sight sight)
    {
        if (log is null || sight.Shown.Count == 0 || sight.Caller.How != CallerKind.Pass) return ValueTask.CompletedTask;
        var path = context.Request.Path.Value + context.Request.QueryString.Value;
        return log.NoteAsync(new(
            time.GetUtcNow(), sight.Caller.Party, sight.Caller.Key, sight.Caller.Principal, resource, context.Request.Method,
            path.Length > LongestPath ? path[..LongestPath] : path, context.Response.StatusCode, CallerAddress.Text(context.Connection.RemoteIpAddress),
            context.TraceIdentifier, sight.Shown));
    }
}
