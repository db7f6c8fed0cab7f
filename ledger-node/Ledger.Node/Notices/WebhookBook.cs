using System.Collections.Immutable;
using System.Security.Cryptography;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Node.Views;

namespace Ledger.Node.Notices;

/// <summary>
/// The subscriptions of a node and how far each has been told, in <c>webhooks.db</c>. What a crash forgets is that something was told already, and it
/// is told again under the same id. The file holds secrets and is in no backup.
/// </summary>
public sealed class WebhookBook
{
    public const string FileName = FolderLayout.Webhooks;
    public const int MaxOfParty = 10;

    /// <summary>So many on one node: all of them are looked through whenever something happens.</summary>
    public const int DefaultMost = 2_000;

    const string Table = """
        CREATE TABLE IF NOT EXISTS webhooks(id TEXT PRIMARY KEY, party TEXT NOT NULL, url TEXT NOT NULL, types TEXT NOT NULL, secrets TEXT NOT NULL,
            created_at INTEGER NOT NULL, told TEXT NOT NULL, failures INTEGER NOT NULL, next_attempt_at INTEGER NOT NULL, last_fault TEXT,
            is_stopped INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """;

    readonly string path;
    readonly int most;
    readonly Lock gate = new();
    ImmutableDictionary<string, Webhook> webhooks;

    WebhookBook(string path, ImmutableDictionary<string, Webhook> webhooks, int most)
    {
        this.path = path;
        this.webhooks = webhooks;
        this.most = most;
    }

    /// <summary>Opens the book of a data folder, or begins one; null when the file is damaged or cannot be read, and then it is left as it is.</summary>
    public static WebhookBook? Open(string data, int most = DefaultMost)
    {
        var path = Path.Combine(data, FileName);
        if (!File.Exists(path)) return new(path, ImmutableDictionary<string, Webhook>.Empty, most);
        try
        {
            using var sql = LocalFile.Open(path, Table);
            if (!LocalFile.IsWhole(sql)) return null;
            var all = sql["SELECT id, party, url, types, secrets, created_at, told, failures, next_attempt_at, last_fault, is_stopped FROM webhooks"].All(Read);
            return new(path, all.ToImmutableDictionary(webhook => webhook.Id), most);
        }
        catch (Exception damaged) when (damaged is ViewsFault or FormatException)
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
            Keep(added);
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
            Keep(webhook);
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
            Write(sql => sql["DELETE FROM webhooks WHERE id=?1"].With(id).Run());
            Volatile.Write(ref webhooks, webhooks.Remove(id));
            return true;
        }
    }

    void Keep(Webhook one)
    {
        Write(sql =>
        {
            var row = sql["INSERT OR REPLACE INTO webhooks VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)"].With(one.Id).With(one.Party.Text).With(one.Url)
                .With(string.Join('\n', one.Types)).With(string.Join('\n', one.Secrets)).With(one.CreatedAt).With(one.Told.ToString()).With(one.Failures).With(one.NextAttemptAt);
            (one.LastFault is { } fault ? row.With(fault) : row.WithNull()).With(one.IsStopped ? 1L : 0L).Run();
        });
        Volatile.Write(ref webhooks, webhooks.SetItem(one.Id, one));
    }

    void Write(Action<Sql> change) => LocalFile.Change(path, Table, change);

    static Webhook Read(Statement row) =>
        PartyId.TryParse(row.Text(1), out var party) && NoticeId.TryParse(row.Text(6), out var told)
            ? new(
                row.Text(0), party, row.Text(2), row.Text(3).Split('\n', StringSplitOptions.RemoveEmptyEntries), row.Text(4).Split('\n'), row.Long(5), told, row.Int(7), row.Long(8),
                row.IsNull(9) ? null : row.Text(9), row.Int(10) != 0)
            : throw new FormatException("A subscription is not well formed.");
}
