using System.Text;
using System.Text.Json;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Notices;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/events</c>: what happens, as it happens, as server-sent events: to each what concerns it, to regulators everything. A client that comes
/// back with <c>Last-Event-ID</c> goes on where it was, on any node, whatever the address says from which it once began.
/// </summary>
static class EventRoutes
{
    public const string MediaType = "text/event-stream";

    /// <summary>Proxies close what is silent for a minute.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Streams that one caller may have open at once.</summary>
    public const int MaxOfCaller = 10;

    const string After = "after";
    const string Types = "types";
    const string LastEventId = "Last-Event-ID";

    // So many events are written at once.
    const int Together = 100;

    public static void Map(RouteTable v1, LedgerReader ledger, TimeProvider time, Problems problems)
    {
        var open = new Crowd(MaxOfCaller);
        v1.Stream(HttpMethods.Get, "/events", "streamEvents", Resource.Entry, "实时通知（服务器推送事件）", "What happens, as it happens (server-sent events)", context => ServeAsync(context, ledger, time, open, problems))
            .With(After, Schema.Pattern("NoticeId", "^(0|[1-9][0-9]{0,19})\\.(0|[1-9][0-9]{0,9})$", "leaf of the history, and what it is there"), "从该通知之后开始；缺省为此刻；Last-Event-ID 优先", "begins after this notice; now where neither this nor Last-Event-ID is given, which counts more")
            .With(Types, Schema.Text, "通知类型，以逗号分隔", "types of notices, with commas between; all where none is named")
            .Answering(StatusCodes.Status200OK, MediaType, Schema.Text, "events with id, event and one line of JSON as data; it ends with the caller's pass");
    }

    static async Task ServeAsync(HttpContext context, LedgerReader ledger, TimeProvider time, Crowd open, Problems problems)
    {
        var query = context.Request.Query;
        var notices = new LedgerNotices(ledger);
        var (at, back) = (notices.Newest, notices.Newest);
        var last = context.Request.Headers[LastEventId];
        string[] types = query.TryGetValue(Types, out var asked) ? asked.ToString().Split(',') : [];
        if (query.TryGetValue(After, out var after) && !NoticeId.TryParse(after, out at)) await problems.Of(Refusal.QueryInvalid, After).ExecuteAsync(context);
        else if (last.Count > 0 && !NoticeId.TryParse(last, out back)) await problems.Of(Refusal.QueryInvalid, LastEventId).ExecuteAsync(context);
        else if (types.Length > NoticeTypes.MaxAsked || NoticeTypes.FirstUnknown(types) is not null) await problems.Of(Refusal.QueryInvalid, Types).ExecuteAsync(context);
        else if (HttpMethods.IsHead(context.Request.Method)) Begin(context);
        else await CountedAsync(context, open, problems, () => StreamAsync(context, notices, last.Count > 0 ? back : at, types, ledger, time));
    }

    // Each stream holds a connection: nobody has them all.
    static async Task CountedAsync(HttpContext context, Crowd open, Problems problems, Func<Task> stream)
    {
        var who = FrontDoor.SightOf(context).Caller.BudgetOf(context.Connection.RemoteIpAddress);
        if (!open.TryEnter(who))
        {
            context.Response.Headers.RetryAfter = "15";
            await problems.Of(Refusal.TooManyRequests).ExecuteAsync(context);
            return;
        }

        try
        {
            await stream();
        }
        finally
        {
            open.Leave(who);
        }
    }

    static void Begin(HttpContext context)
    {
        context.Response.ContentType = MediaType;
        context.Response.Headers.CacheControl = "no-store";

        // Asks proxies of one widespread kind to pass on what comes, when it comes.
        context.Response.Headers["X-Accel-Buffering"] = "no";
    }

    // A reader that takes nothing is cut off by the server's least rate, which counts only while something waits to be read.
    static async Task StreamAsync(HttpContext context, LedgerNotices notices, NoticeId at, string[] types, LedgerReader ledger, TimeProvider time)
    {
        var attendance = context.Features.GetRequiredFeature<Attendance>();
        var lifetime = context.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        Begin(context);
        try
        {
            await WriteAsync(context, Position(at), end.Token);
            var wrote = time.GetTimestamp();
            while (attendance.Caller() is { } caller)
            {
                var changed = notices.Changed;
                var sight = new Sight(caller, ledger) { AsOfViews = true };
                var page = notices.After(at, sight, notice => NoticeTypes.Fit(types, notice), Together);
                if (page.Notices.Count > 0)
                {
                    FrontDoor.SightOf(context).Show([.. sight.Shown]);
                    await WriteAsync(context, string.Concat(page.Notices.Select(Event)), end.Token);
                    wrote = time.GetTimestamp();
                }

                if (page.Through != at)
                {
                    at = page.Through;
                    continue;
                }

                var left = Heartbeat - time.GetElapsedTime(wrote);
                if (left > TimeSpan.Zero && await HappensAsync(changed, left, time, end.Token)) continue;
                await WriteAsync(context, Position(at), end.Token);
                wrote = time.GetTimestamp();
            }
        }
        catch (OperationCanceledException)
        {
            // The client has gone, or the node stops; what was shown is noted all the same.
        }
    }

    static async Task<bool> HappensAsync(Task changed, TimeSpan atMost, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            await changed.WaitAsync(atMost, time, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // No event, so that nothing is told; but whoever comes back goes on from here.
    static string Position(NoticeId at) => $":\nid: {at}\n\n";

    static string Event(Notice notice)
    {
        using var data = new MemoryStream();
        using (var json = new Utf8JsonWriter(data))
        {
            json.WriteStartObject();
            notice.WriteMembers(json);
            json.WriteEndObject();
        }

        return $"id: {notice.Id}\nevent: {notice.Type}\ndata: {Encoding.UTF8.GetString(data.GetBuffer(), 0, (int)data.Length)}\n\n";
    }

    static async Task WriteAsync(HttpContext context, string text, CancellationToken cancel) =>
        await context.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(text), cancel);
}
