using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Node.Storage;

namespace Ledger.Node.Notices;

/// <summary>
/// The subscriptions of a node and how far each has been told, in <c>webhooks.json</c>. What a crash forgets is that something was told already, and it
/// is told again under the same id. The file holds secrets and is in no backup.
/// </summary>
public sealed class WebhookBook
{
    public const string FileName = FolderLayout.Webhooks;
    public const int MaxOfParty = 10;

    /// <summary>So many on one node: the file is written whole whenever one of them was told something.</summary>
    public const int DefaultMost = 2_000;

    const string Unfinished = FileName + ".unfinished";

    // A URL of 500 characters and a hundred types, each character written as an escape, are less.
    const int LongestText = 16 * 1024;

    readonly IStorage storage;
    readonly int most;
    readonly Lock gate = new();
    ImmutableDictionary<string, Webhook> webhooks;

    WebhookBook(IStorage storage, ImmutableDictionary<string, Webhook> webhooks, int most)
    {
        this.storage = storage;
        this.webhooks = webhooks;
        this.most = most;
    }

    /// <summary>Opens the book, or begins one; null when the file is damaged, which is left as it is.</summary>
    public static WebhookBook? Open(IStorage storage, int most = DefaultMost)
    {
        using var file = storage.Open(FileName);
        if (file is null) return new(storage, ImmutableDictionary<string, Webhook>.Empty, most);

        // What is kept is kept within the same bounds: a longer file is none that a node wrote.
        if (file.Length > (long)most * LongestText) return null;
        var bytes = new byte[file.Length];
        if (file.Read(0, bytes) != bytes.Length) return null;
        try
        {
            var texts = JsonSerializer.Deserialize(bytes, WebhookJson.Default.IReadOnlyListWebhookText) ?? [];
            return new(storage, texts.Select(text => text.ToWebhook()).ToImmutableDictionary(webhook => webhook.Id), most);
        }
        catch (Exception damaged) when (damaged is JsonException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    public IReadOnlyList<Webhook> All =>
        [.. Volatile.Read(ref webhooks).Values.OrderBy(webhook => webhook.CreatedAt).ThenBy(webhook => webhook.Id, StringComparer.Ordinal)];

    public IReadOnlyList<Webhook> Of(PartyId party) => [.. All.Where(webhook => webhook.Party == party)];

    public Webhook? Find(string id) => Volatile.Read(ref webhooks).GetValueOrDefault(id);

    /// <summary>
    /// A new subscription; null when the party, or the node, has as many as it may. What cannot be kept is an <see cref="IOException"/> and changes nothing.
    /// </summary>
    public Webhook? Add(PartyId party, string url, IReadOnlyList<string> types, NoticeId told, long now)
    {
        lock (gate)
        {
            if (webhooks.Count >= most || webhooks.Values.Count(webhook => webhook.Party == party) >= MaxOfParty) return null;
            var id = "wh_" + Base64Url.Encode(RandomNumberGenerator.GetBytes(12));
            var added = new Webhook(id, party, url, types, [WebhookSignature.NewSecret()], now, told, 0, now, null, IsStopped: false);
            Keep(webhooks.Add(id, added));
            return added;
        }
    }

    /// <summary>Changes a subscription, durably, unless it was taken away meanwhile.</summary>
    public Webhook? Change(string id, Func<Webhook, Webhook> change)
    {
        lock (gate)
        {
            if (!webhooks.TryGetValue(id, out var webhook)) return null;
            webhook = change(webhook);
            Keep(webhooks.SetItem(id, webhook));
            return webhook;
        }
    }

    /// <summary>Notes that there was nothing to tell up to a place. It is kept with the next thing that is: looking again costs no more than that.</summary>
    public void Pass(string id, NoticeId told, NoticeId through)
    {
        lock (gate)
        {
            if (webhooks.TryGetValue(id, out var webhook) && webhook.Told == told) webhooks = webhooks.SetItem(id, webhook with { Told = through });
        }
    }

    public bool Remove(string id)
    {
        lock (gate)
        {
            if (!webhooks.ContainsKey(id)) return false;
            Keep(webhooks.Remove(id));
            return true;
        }
    }

    void Keep(ImmutableDictionary<string, Webhook> changed)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(
            [.. changed.Values.OrderBy(webhook => webhook.Id, StringComparer.Ordinal).Select(WebhookText.Of)], WebhookJson.Default.IReadOnlyListWebhookText);
        if (text.Length > (long)most * LongestText) throw new InvalidOperationException("A subscription is longer than any that is taken.");
        using (var file = storage.Create(Unfinished))
        {
            file.Write(0, text);
            file.Flush();
        }

        storage.Rename(Unfinished, FileName);
        storage.FlushFolder("");
        Volatile.Write(ref webhooks, changed);
    }
}

/// <summary>A subscription as it stands in the file.</summary>
sealed record WebhookText(
    string Id, string Party, string Url, IReadOnlyList<string> Types, IReadOnlyList<string> Secrets, long CreatedAt, string Told, int Failures, long NextAttemptAt,
    string? LastFault, bool IsStopped)
{
    public static WebhookText Of(Webhook one) => new(
        one.Id, one.Party.Text, one.Url, one.Types, one.Secrets, one.CreatedAt, one.Told.ToString(), one.Failures, one.NextAttemptAt, one.LastFault, one.IsStopped);

    public Webhook ToWebhook() =>
        PartyId.TryParse(Party, out var party) && NoticeId.TryParse(Told, out var told)
            ? new(Id, party, Url, Types, Secrets, CreatedAt, told, Failures, NextAttemptAt, LastFault, IsStopped)
            : throw new FormatException("A subscription is not well formed.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<WebhookText>))]
sealed partial class WebhookJson : JsonSerializerContext;
