using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/clock</c>: what time it is on the ledger, and whether that time was set. <c>PUT /v1/clock</c> with <c>{"time": unix milliseconds}</c>
/// sets and holds the time of a demo or test chain; the answer comes when every deadline that has come by then has fired.
/// </summary>
static class ClockRoutes
{
    /// <summary>On every answer of a node whose clock is held, so that no page passes off a story's time as the world's.</summary>
    public const string Header = "Ledger-Clock";
    public const string Story = "story";

    const int MaxBody = 256;

    // Far beyond every tenor, and far enough below the last date that no rule's sum leaves the calendar.
    static readonly Timestamp Latest = new(new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());

    public static void Map(RouteTable v1, NodeLoop node, Problems problems)
    {
        var clock = Schema.Object("Clock", new("clock", Schema.OneOf("held", "running")), Member.Time("ledgerTime"), Member.Bool("settable"), Member.Number("height"));
        v1.Get("/clock", "getClock", Resource.Public, "账本时间", "What time it is on the ledger", _ => Answer(node)).Answering(clock);
        v1.Put("/clock", "setClock", Resource.Clock, "设定演示链或测试链的账本时间", "Sets and holds the time of a demo or test chain", context => SetAsync(context.Request, node, problems))
            .Taking([JsonAnswer.MediaType], Schema.Object(null, Member.Time("time")), MaxBody)
            .Answering(clock)
            .Refusing(Refusal.BodyInvalid, Refusal.ClockNotSettable, Refusal.ObservesOnly, Refusal.ClockGoesBack, Refusal.NodeStopping, Refusal.StorageFull, Refusal.OrderNotReached,
                Refusal.OrderBroken);
    }

    static async Task<IResult> SetAsync(HttpRequest request, NodeLoop node, Problems problems)
    {
        var cancel = request.HttpContext.RequestAborted;

        // Ledger time is this node's clock: another bank's is another's.
        if (!FrontDoor.SightOf(request.HttpContext).IsOwnOrAll(Resource.Clock, node.Reader.Bank)) return problems.Of(Refusal.NotForThisRole);
        if (!RequestBody.IsOf(request, JsonAnswer.MediaType)) return problems.Of(Refusal.MediaTypeWrong);
        if (await RequestBody.ReadAsync(request, MaxBody, cancel) is not { } body) return problems.Of(Refusal.BodyTooLarge);
        if (!TryRead(body, out var time)) return problems.Of(Refusal.BodyInvalid, "time");

        var refusal = await node.SetClockAsync(time, cancel);

        // The header was decided before the clock was set.
        if (node.Reader.IsClockHeld) request.HttpContext.Response.Headers[Header] = Story;
        return refusal == Refusal.None ? Answer(node) : problems.Of(refusal);
    }

    static JsonAnswer Answer(NodeLoop node) => JsonAnswer.Object(json =>
    {
        json.WriteString("clock", node.Reader.IsClockHeld ? "held" : "running");
        json.Time("ledgerTime", node.Reader.LedgerTime);
        json.WriteBoolean("settable", node.MaySetClock);
        json.WriteNumber("height", node.Reader.View.Header.Height);
    });

    // Exactly one member, as exactly one number: a time that is read in two ways is a wrong time.
    static bool TryRead(ReadOnlyMemory<byte> body, out Timestamp time)
    {
        time = default;
        try
        {
            using var json = JsonDocument.Parse(body, new() { AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object || json.RootElement.GetPropertyCount() != 1) return false;
            if (!json.RootElement.TryGetProperty("time", out var member) || member.ValueKind != JsonValueKind.Number || !member.TryGetInt64(out var milliseconds)) return false;
            time = new(milliseconds);
            return milliseconds > 0 && time < Latest;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
