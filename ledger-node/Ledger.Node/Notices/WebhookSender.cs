using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;

namespace Ledger.Node.Notices;

/// <summary>What became of a delivery.</summary>
public enum Delivery
{
    Taken,
    Failed,

    /// <summary>The receiver wants no more.</summary>
    Gone,
}

/// <summary>
/// Tells subscribers what happened, each in order and one at a time: a later notice waits until the earlier one was taken, so that nothing is lost and
/// nothing overtakes. An answer of 2xx takes it; 410 ends the subscription's turn for good, until somebody replays it; everything else is tried again.
/// </summary>
public sealed class WebhookSender(
    WebhookBook book, INoticeSource source, WebhookTargets targets, HttpMessageHandler handler, TimeProvider time, Func<double> spread, Action<Delivery>? count = null,
    Action<Webhook, string>? unreached = null)
    : IDisposable
{
    const int Together = 8;

    // A subscriber learns that its receiver was not reached, and not whether a name, a port or a certificate was in the way: that would make the node its
    // scout in the bank's network. The operator is told more.
    const string Unreached = "not reached";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // Subscribers whose time has come are looked for at least so often.
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly HttpClient http = new(handler, disposeHandler: false) { Timeout = Patience };

    /// <summary>
    /// Tells until it is cancelled. Each subscriber has a turn of its own, so that a slow one keeps nobody else waiting while there is a place left.
    /// What the disk did not take is told again.
    /// </summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var (busy, turns) = (new ConcurrentDictionary<string, bool>(), new List<Task>());
        using var places = new SemaphoreSlim(Together);
        while (!cancel.IsCancellationRequested)
        {
            var changed = source.Changed;
            foreach (var webhook in Due())
            {
                if (busy.TryAdd(webhook.Id, true)) turns.Add(TellAllAsync(webhook.Id, busy, places, cancel));
            }

            await Task.WhenAny(changed, Task.Delay(Pause, time, cancel));
            foreach (var turn in turns.Where(turn => turn.IsFaulted)) await turn;
            turns.RemoveAll(turn => turn.IsCompleted);
        }

        await Task.WhenAll(turns);
    }

    /// <summary>One notice, or one fault, for each whose turn it is; how many that were.</summary>
    public async Task<int> RoundAsync(CancellationToken cancel)
    {
        var moved = 0;
        await Parallel.ForEachAsync(Due(), new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = cancel }, async (webhook, token) =>
        {
            if (await TellNextAsync(webhook, token)) Interlocked.Increment(ref moved);
        });
        return moved;
    }

    public void Dispose() => http.Dispose();

    IEnumerable<Webhook> Due() => book.All.Where(IsDue);

    bool IsDue(Webhook webhook) => !webhook.IsStopped && webhook.NextAttemptAt <= time.GetUtcNow().ToUnixTimeMilliseconds();

    async Task TellAllAsync(string id, ConcurrentDictionary<string, bool> busy, SemaphoreSlim places, CancellationToken cancel)
    {
        try
        {
            var moved = true;
            while (moved)
            {
                await places.WaitAsync(cancel);
                try
                {
                    moved = book.Find(id) is { } webhook && IsDue(webhook) && await TellNextAsync(webhook, cancel);
                }
                finally
                {
                    places.Release();
                }
            }
        }
        catch (Exception over) when (over is IOException || (over is OperationCanceledException && cancel.IsCancellationRequested))
        {
            // It is its turn again when the disk takes it, or at the next start.
        }
        finally
        {
            busy.TryRemove(id, out _);
        }
    }

    async Task<bool> TellNextAsync(Webhook webhook, CancellationToken cancel)
    {
        var page = source.After(webhook.Told, webhook.Party, webhook.Wants, limit: 1);
        if (page.Notices.Count == 0)
        {
            book.Pass(webhook.Id, webhook.Told, page.Through);
            return page.Through != webhook.Told;
        }

        var notice = page.Notices[0];
        var (fault, isGone, after) = await SendAsync(webhook, notice, cancel);
        count?.Invoke(fault is null ? Delivery.Taken : isGone ? Delivery.Gone : Delivery.Failed);
        book.Change(webhook.Id, one =>
        {
            // Somebody replayed it meanwhile: what was just told does not move it.
            if (one.Told != webhook.Told) return one;
            if (fault is null) return one with { Told = notice.Id, Failures = 0, NextAttemptAt = 0, LastFault = null };
            var failures = one.Failures + 1;
            var wait = RetrySchedule.Wait(failures, spread());
            if (wait < after) wait = after;
            return one with
            {
                Failures = failures,
                LastFault = fault,
                IsStopped = isGone || wait is null,
                NextAttemptAt = time.GetUtcNow().ToUnixTimeMilliseconds() + (long)(wait ?? TimeSpan.Zero).TotalMilliseconds,
            };
        });
        return true;
    }

    async Task<(string? Fault, bool IsGone, TimeSpan? After)> SendAsync(Webhook webhook, Notice notice, CancellationToken cancel)
    {
        // The operator may have taken the host off the list since.
        if (!targets.IsAllowed(webhook.Url, out var target)) return ("the node's operator does not allow this host", false, null);
        var body = Body(notice);
        var seconds = time.GetUtcNow().ToUnixTimeSeconds();
        var id = $"{webhook.Id}.{notice.Id}";
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(webhook.Secrets, id, seconds, body));
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (answer.IsSuccessStatusCode) return (null, false, null);
            var after = answer.Headers.RetryAfter switch
            {
                { Delta: { } delta } => delta,
                { Date: { } date } => date - time.GetUtcNow(),
                _ => (TimeSpan?)null,
            };
            return (string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)answer.StatusCode}"), answer.StatusCode == HttpStatusCode.Gone, Bounded(after));
        }
        catch (Exception fault) when (fault is HttpRequestException or SocketException || (fault is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            if (webhook.Failures == 0) unreached?.Invoke(webhook, fault.Message);
            return (Unreached, false, null);
        }
    }

    // Nobody is made to wait for longer than the schedule's last step.
    static TimeSpan? Bounded(TimeSpan? after) => after is { } asked ? TimeSpan.FromSeconds(Math.Clamp(asked.TotalSeconds, 0, 24 * 3600)) : null;

    static byte[] Body(Notice notice)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            notice.WriteMembers(json);
            json.WriteEndObject();
        }

        return body.ToArray();
    }
}
