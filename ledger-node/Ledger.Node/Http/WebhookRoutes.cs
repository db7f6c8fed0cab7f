using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Notices;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>/v1/webhooks</c>: a party has itself told what concerns it, at an address of a host that the node's operator named. The secret that signs what
/// is told is shown when it is made, and never again.
/// </summary>
static class WebhookRoutes
{
    const int MostBytes = 16 * 1024;

    public static readonly Schema IdSchema = Schema.Pattern("WebhookId", "^wh_[0-9A-Za-z_-]{16}$", "of a subscription");

    static readonly Schema PlaceSchema = Schema.Pattern("NoticeId", "^(0|[1-9][0-9]{0,19})\\.(0|[1-9][0-9]{0,9})$", "leaf of the history, and what it is there");

    static Member[] Members =>
    [
        new("id", IdSchema), Member.Text("url"), new("types", Schema.List(Schema.Text)), new("status", Schema.OneOf("active", "held", "stopped")), Member.Time("createdAt"),
        new("told", PlaceSchema), Member.Number("failures"), Member.Text("lastFault").Optional, Member.Time("nextAttemptAt").Optional, Member.Number("secrets"),
    ];

    static readonly Schema WebhookSchema = Schema.Object("Webhook", Members);

    static readonly Schema SecretSchema = Schema.Object("WebhookWithSecret", [.. Members, Member.Text("secret").Optional]);

    public static void Map(RouteTable v1, LedgerReader ledger, WebhookDesk? desk, TimeProvider time, Problems problems)
    {
        var notices = new LedgerNotices(ledger);
        v1.Post("/webhooks", "addWebhook", Resource.Webhook, "订阅通知；密钥只显示这一次", "Subscribes the caller to notices; the secret is shown this once", context => AddAsync(context, desk, notices, time, problems))
            .Taking([JsonAnswer.MediaType], Schema.Object("NewWebhook", Member.Text("url"), new Member("types", Schema.List(Schema.Text)).Optional), MostBytes)
            .Answering(SecretSchema)
            .Refusing(Refusal.NoWebhooks, Refusal.BodyInvalid, Refusal.WebhookTargetNotAllowed, Refusal.TooManyWebhooks, Refusal.NoticeTypeUnknown, Refusal.WebhookNotKept)
            .At(RateClass.Form);
        v1.Get("/webhooks", "listWebhooks", Resource.Webhook, "调用方的订阅", "The caller's subscriptions", context => List(context, desk, notices, problems))
            .Answering(Schema.Object("Webhooks", new Member("webhooks", Schema.List(WebhookSchema))))
            .Refusing(Refusal.NoWebhooks);
        v1.Get("/webhooks/{id}", "getWebhook", Resource.Webhook, "一个订阅及其送达情况", "A subscription, and how far it was told", context => Get(context, desk, notices, problems))
            .Answering(WebhookSchema)
            .Refusing(Refusal.NoWebhooks);
        v1.Delete("/webhooks/{id}", "removeWebhook", Resource.Webhook, "取消订阅", "Ends a subscription", context => Remove(context, desk, notices, problems))
            .Answering(WebhookSchema)
            .Refusing(Refusal.NoWebhooks, Refusal.WebhookNotKept)
            .At(RateClass.Form);
        v1.Post("/webhooks/{id}/replay", "replayWebhook", Resource.Webhook, "从某通知之后重新发送", "Tells again what came after a notice, and goes on if it was stopped", context => ReplayAsync(context, desk, notices, problems))
            .Taking([JsonAnswer.MediaType], Schema.Object("Replay", new Member("after", PlaceSchema)), MostBytes)
            .Answering(WebhookSchema)
            .Refusing(Refusal.NoWebhooks, Refusal.BodyInvalid, Refusal.WebhookNotKept)
            .At(RateClass.Form);
        v1.Post("/webhooks/{id}/secret", "rotateWebhookSecret", Resource.Webhook, "更换签名密钥；旧密钥在停用前仍一并签名", "Gives it a new secret; the older one signs too until it is retired", context => RotateAsync(context, desk, notices, problems))
            .Taking([JsonAnswer.MediaType], Schema.Object("SecretChange", Member.Bool("retire").Optional), MostBytes)
            .Answering(SecretSchema)
            .Refusing(Refusal.NoWebhooks, Refusal.BodyInvalid, Refusal.WebhookNotKept)
            .At(RateClass.Form);
    }

    static async Task<IResult> AddAsync(HttpContext context, WebhookDesk? desk, LedgerNotices notices, TimeProvider time, Problems problems)
    {
        var (asked, refused) = await ReadAsync(context, desk, problems, WebhookBodies.Default.NewWebhook);
        if (desk is null || asked is null) return refused;
        var types = asked.Types ?? [];
        if (!desk.Targets.IsAllowed(asked.Url, out _)) return problems.Of(Refusal.WebhookTargetNotAllowed);
        if (types.Count > NoticeTypes.MaxAsked || types.Any(string.IsNullOrEmpty)) return problems.Of(Refusal.BodyInvalid, "types");
        if (NoticeTypes.FirstUnknown(types) is { } unknown) return problems.Of(Refusal.NoticeTypeUnknown, unknown);
        return Kept(problems, () => desk.Book.Add(CallerOf(context).Principal, asked.Url, [.. types.Distinct()], notices.Newest, time.GetUtcNow().ToUnixTimeMilliseconds()) is { } added
            ? Answer(added, notices, added.Secrets[^1])
            : problems.Of(Refusal.TooManyWebhooks));
    }

    static IResult List(HttpContext context, WebhookDesk? desk, LedgerNotices notices, Problems problems)
    {
        if (Missing(context, desk, problems) is { } missing) return missing;
        return JsonAnswer.Object(json => json.Objects("webhooks", desk!.Book.Of(CallerOf(context).Principal), (json, one) => WriteMembers(json, one, notices)));
    }

    static IResult Get(HttpContext context, WebhookDesk? desk, LedgerNotices notices, Problems problems) =>
        Missing(context, desk, problems) ?? (Own(context, desk) is { } own ? Answer(own, notices) : problems.Of(Refusal.NotFound));

    static IResult Remove(HttpContext context, WebhookDesk? desk, LedgerNotices notices, Problems problems)
    {
        if (Missing(context, desk, problems) is { } missing) return missing;
        if (Own(context, desk) is not { } own) return problems.Of(Refusal.NotFound);
        return Kept(problems, () => desk!.Book.Remove(own.Id) ? Answer(own, notices) : problems.Of(Refusal.NotFound));
    }

    static async Task<IResult> ReplayAsync(HttpContext context, WebhookDesk? desk, LedgerNotices notices, Problems problems)
    {
        var (asked, refused) = await ReadAsync(context, desk, problems, WebhookBodies.Default.Replay);
        if (asked is null) return refused;
        if (!NoticeId.TryParse(asked.After, out var after) || after.CompareTo(notices.Newest) > 0) return problems.Of(Refusal.BodyInvalid, "after");
        return Changed(context, desk, notices, problems, one => one with { Told = after, IsStopped = false, Failures = 0, NextAttemptAt = 0, LastFault = null }, showsSecret: false);
    }

    static async Task<IResult> RotateAsync(HttpContext context, WebhookDesk? desk, LedgerNotices notices, Problems problems)
    {
        var (asked, refused) = await ReadAsync(context, desk, problems, WebhookBodies.Default.SecretChange);
        if (asked is null) return refused;
        return Changed(
            context, desk, notices, problems, one => one with { Secrets = asked.Retire ? [one.Secrets[^1]] : [one.Secrets[^1], WebhookSignature.NewSecret()] }, showsSecret: !asked.Retire);
    }

    static IResult Changed(HttpContext context, WebhookDesk? desk, LedgerNotices notices, Problems problems, Func<Webhook, Webhook> change, bool showsSecret)
    {
        if (desk is null || Own(context, desk) is not { } own) return problems.Of(Refusal.NotFound);
        return Kept(problems, () => desk.Book.Change(own.Id, change) is { } changed ? Answer(changed, notices, showsSecret ? changed.Secrets[^1] : null) : problems.Of(Refusal.NotFound));
    }

    static async Task<(T? Asked, IResult Refused)> ReadAsync<T>(HttpContext context, WebhookDesk? desk, Problems problems, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        if (Missing(context, desk, problems) is { } missing) return (null, missing);
        if (!RequestBody.IsOf(context.Request, JsonAnswer.MediaType)) return (null, problems.Of(Refusal.MediaTypeWrong));
        if (await RequestBody.ReadAsync(context.Request, MostBytes, context.RequestAborted) is not { } body) return (null, problems.Of(Refusal.BodyTooLarge));
        try
        {
            return (JsonSerializer.Deserialize(body.Span, type), problems.Of(Refusal.BodyInvalid, "null"));
        }
        catch (JsonException malformed)
        {
            return (null, problems.Of(Refusal.BodyInvalid, malformed.Path ?? "$"));
        }
    }

    // Where reads are open nobody is known, and nobody can subscribe.
    static IResult? Missing(HttpContext context, WebhookDesk? desk, Problems problems) =>
        CallerOf(context).How != CallerKind.Pass ? problems.Of(Refusal.PassMissing) : desk is null ? problems.Of(Refusal.NoWebhooks) : null;

    static Caller CallerOf(HttpContext context) => FrontDoor.SightOf(context).Caller;

    static Webhook? Own(HttpContext context, WebhookDesk? desk) =>
        desk?.Book.Find(Query.Path(context.Request, "id")) is { } found && found.Party == CallerOf(context).Principal ? found : null;

    static IResult Kept(Problems problems, Func<IResult> change)
    {
        try
        {
            return change();
        }
        catch (IOException)
        {
            return problems.Of(Refusal.WebhookNotKept);
        }
    }

    static JsonAnswer Answer(Webhook webhook, LedgerNotices notices, string? secret = null) => JsonAnswer.Object(json =>
    {
        WriteMembers(json, webhook, notices);
        json.Text("secret", secret);
    });

    static void WriteMembers(Utf8JsonWriter json, Webhook webhook, LedgerNotices notices)
    {
        json.WriteString("id", webhook.Id);
        json.WriteString("url", webhook.Url);
        json.List("types", webhook.Types, static (json, type) => json.WriteStringValue(type));
        json.WriteString("status", webhook.IsStopped ? "stopped" : notices.MayBeTold(webhook.Party) ? "active" : "held");
        json.Time("createdAt", new(webhook.CreatedAt));
        json.WriteString("told", webhook.Told.ToString());
        json.WriteNumber("failures", webhook.Failures);
        json.Text("lastFault", webhook.LastFault);
        if (webhook is { Failures: > 0, IsStopped: false }) json.Time("nextAttemptAt", new(webhook.NextAttemptAt));
        json.WriteNumber("secrets", webhook.Secrets.Count);
    }
}

sealed record NewWebhook(string Url, IReadOnlyList<string>? Types = null);

sealed record Replay(string After);

sealed record SecretChange(bool Retire = false);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NewWebhook))]
[JsonSerializable(typeof(Replay))]
[JsonSerializable(typeof(SecretChange))]
sealed partial class WebhookBodies : JsonSerializerContext;
