using Ledger.Core.State;
using Ledger.Node.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ledger.Node.Http;

/// <summary>Who is still there of a request that goes on for long: null once its pass has ended or its key is no longer good.</summary>
sealed record Attendance(Func<Caller?> Caller);

/// <summary>
/// The API's side of the door: who calls by which pass, whether the doorkeeper lets it in, whether every word of the query is known. Then the route
/// answers; and what it showed of others goes into the log of reads.
/// </summary>
sealed class FrontDoor(LedgerReader ledger, Gate gate, RateLimits limits, Doorkeeper keeper, BytesInFlight bodies, Problems problems)
{
    // A body that is over its route's bound shall reach the route, which says so by number; far beyond it the server hangs up.
    const long Allowance = 4 * 1024 * 1024;

    /// <summary>What the caller of a request may see. Only what came through the door has one.</summary>
    public static Sight SightOf(HttpContext context) => context.Features.GetRequiredFeature<Sight>();

    public async Task ServeAsync(HttpContext context, ApiRoute route)
    {
        if (Enter(context, route) is { } problem)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        var who = SightOf(context).Caller.BudgetOf(context.Connection.RemoteIpAddress);
        using var load = bodies.Begin(who);
        context.Features.Set(load);
        try
        {
            if (!await HandleAsync(context, route, who))
            {
                context.Response.Headers.RetryAfter = "2";
                await problems.Of(Refusal.ViewsNotReady).ExecuteAsync(context);
                return;
            }
        }
        catch (NoRoomException)
        {
            await TooMany(context, TimeSpan.Zero).ExecuteAsync(context);
            return;
        }
        catch
        {
            // Who hangs up before the end has seen what came until then.
            await keeper.NoteAsync(context, route.Resource, SightOf(context));
            throw;
        }

        await keeper.NoteAsync(context, route.Resource, SightOf(context));
    }

    // What asks the views for more than they have yet is asked again when they have it; nothing has left by then, for answers are written whole. Only
    // reads ask them in a way that can be repeated.
    async Task<bool> HandleAsync(HttpContext context, ApiRoute route, string who)
    {
        var end = Environment.TickCount64 + (long)Views.LedgerViews.Patience.TotalMilliseconds;
        while (true)
        {
            try
            {
                if (route.LooksUp) await ReadLanes.OfNode.RunAsync(who, () => route.Handle(context));
                else await route.Handle(context);
                return true;
            }
            catch (Views.ViewsNotReadyException) when (!context.Response.HasStarted)
            {
                if (route.Method != HttpMethods.Get || Environment.TickCount64 >= end) return false;
                if (!await ledger.Views.ReachAsync(ledger.View.Header.Height, context.RequestAborted)) return false;
            }
        }
    }

    IResult? Enter(HttpContext context, ApiRoute route)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        var address = context.Connection.RemoteIpAddress;
        if (!gate.TryPay(authorization, limits, CallerAddress.Network(address), out var later)) return TooMany(context, later);
        if (gate.Admit(authorization, out var refusal, out var reason) is not { } caller) return problems.Of(refusal, reason);

        var sight = new Sight(caller, ledger);
        context.Features.Set(sight);
        context.Features.Set(new Attendance(() => gate.Admit(authorization, out _, out _)));
        if (keeper.Judge(sight, address, route.Resource, route.Rate) is { } no)
        {
            no.TellWhen(context.Response);
            return problems.Of(no.Refusal, no.Reason);
        }

        foreach (var (name, value) in context.Request.Query)
        {
            if (value.Count != 1 || !route.Query.Any(known => known.Name == name)) return problems.Of(Refusal.QueryInvalid, name);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = (route.Body?.Max ?? 0) + Allowance;
        return null;
    }

    IResult TooMany(HttpContext context, TimeSpan later)
    {
        context.Response.Headers.RetryAfter = TurnedAway.SecondsOf(later);
        return problems.Of(Refusal.TooManyRequests);
    }
}
