using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Core.State;

namespace Ledger.Cli.Bench;

/// <summary>What a load came to. Latencies are from sending a request until a transaction's own answer was read, in milliseconds.</summary>
sealed record LoadResult(long Committed, long Refused, Refusal FirstRefusal, TimeSpan Window, double P50, double P99)
{
    public double PerSecond => Committed / Window.TotalSeconds;
}

/// <summary>
/// Sends prepared requests over several connections as fast as they are answered. Answers that come while the node and its code are still warming up
/// are not counted, nor those that come after the window. Several nodes are sent to in turn, each a whole group. With <paramref name="every"/> a group is sent in each such time, whether or not
/// those before were answered, and latencies count from when it was due: who waits for a slow answer must not make it look fast.
/// </summary>
sealed class Load(IReadOnlyList<HttpClient> nodes, IReadOnlyList<RequestGroup> groups, int connections, TimeSpan warmUp, TimeSpan duration, TimeSpan? every = null)
{
    const string Single = "application/jose+json";
    const string Lines = "application/x-ndjson";

    readonly Stopwatch clock = new();
    readonly Lock gate = new();
    readonly List<TimeSpan> latencies = [];
    int next = -1;
    long answered;
    long refused;
    Refusal firstRefusal;
    TimeSpan lastAnswer;

    // On a machine that is busy with other things the first answer may come late: then it is what is measured.
    TimeSpan end = warmUp + duration;

    /// <summary>Answers that were counted so far, for telling how it goes.</summary>
    public long Counted => Interlocked.Read(ref answered);

    public TimeSpan Elapsed => clock.Elapsed;

    public async Task<LoadResult> RunAsync(CancellationToken cancel)
    {
        clock.Start();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => SendAsync(cancel), cancel)));
        latencies.Sort();

        // Where the prepared transactions ran out before the time did, the window ends with the last answer.
        var window = (lastAnswer > end ? end : lastAnswer) - warmUp;
        if (latencies.Count == 0 || window <= TimeSpan.Zero)
            throw new StopException(ExitCode.Fault, "测量期内没有任何答复。", "No answer came while it was measured.");
        return new(latencies.Count, refused, firstRefusal, window, Percentile(50), Percentile(99));
    }

    double Percentile(int percent) => latencies[Math.Min(latencies.Count - 1, latencies.Count * percent / 100)].TotalMilliseconds;

    async Task SendAsync(CancellationToken cancel)
    {
        while ((clock.Elapsed < end || Counted == 0) && Interlocked.Increment(ref next) is var mine && mine < groups.Count)
        {
            var due = every * mine;
            if (due - clock.Elapsed is { } ahead && ahead > TimeSpan.Zero) await Task.Delay(ahead, cancel);
            foreach (var request in groups[mine].Requests) await SendAsync(nodes[mine % nodes.Count], request, due, cancel);
        }
    }

    // A node that goes away, or answers with half a line, is the same to whoever measures it.
    async Task SendAsync(HttpClient http, IReadOnlyList<ReadOnlyMemory<byte>> request, TimeSpan? due, CancellationToken cancel)
    {
        try
        {
            if (request.Count == 1) await SendOneAsync(http, request[0], due ?? clock.Elapsed, cancel);
            else await SendBulkAsync(http, request, due ?? clock.Elapsed, cancel);
        }
        catch (Exception gone) when (gone is HttpRequestException or SocketException or IOException or JsonException || (gone is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            throw new NodeUnreachableException(http.BaseAddress, gone);
        }
    }

    async Task SendOneAsync(HttpClient http, ReadOnlyMemory<byte> text, TimeSpan sent, CancellationToken cancel)
    {
        using var content = new ReadOnlyMemoryContent(text);
        content.Headers.ContentType = new MediaTypeHeaderValue(Single);
        using var response = await http.PostAsync(new Uri("v1/transactions", UriKind.Relative), content, cancel);
        Count([CodeOf(await response.Content.ReadAsByteArrayAsync(cancel))], sent);
    }

    async Task SendBulkAsync(HttpClient http, IReadOnlyList<ReadOnlyMemory<byte>> lines, TimeSpan sent, CancellationToken cancel)
    {
        using var content = new LinesContent(lines);
        content.Headers.ContentType = new MediaTypeHeaderValue(Lines);
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/transactions/bulk") { Content = content };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!response.IsSuccessStatusCode)
        {
            var refusal = CodeOf(await response.Content.ReadAsByteArrayAsync(cancel));
            Count([.. lines.Select(_ => refusal)], sent);
            return;
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancel);

        var buffer = new byte[256 * 1024];
        var (filled, answers) = (0, 0);
        var codes = new List<Refusal>();
        while (await body.ReadAsync(buffer.AsMemory(filled), cancel) is > 0 and var read)
        {
            filled += read;
            var start = 0;
            while (buffer.AsSpan(start, filled - start).IndexOf((byte)'\n') is >= 0 and var length)
            {
                codes.Add(CodeOf(buffer.AsSpan(start, length)));
                start += length + 1;
            }

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            answers += codes.Count;
            Count(codes, sent);
            codes.Clear();
        }

        if (answers != lines.Count) throw new IOException($"{answers} of {lines.Count} answers came.");
    }

    void Count(IReadOnlyList<Refusal> codes, TimeSpan sent)
    {
        var now = clock.Elapsed;
        lock (gate)
        {
            lastAnswer = now;
            if (now > end && latencies.Count == 0) end = now;
            foreach (var code in codes)
            {
                if (code != Refusal.None)
                {
                    if (refused++ == 0) firstRefusal = code;
                }
                else if (now >= warmUp && now <= end)
                {
                    latencies.Add(now - sent);
                }
            }
        }

        Interlocked.Exchange(ref answered, latencies.Count);
    }

    // An answer has its code near its beginning; the rest of it is of no interest here.
    static Refusal CodeOf(ReadOnlySpan<byte> answer)
    {
        var json = new Utf8JsonReader(answer);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1 || !json.ValueTextEquals("code"u8)) continue;
            json.Read();
            return (Refusal)json.GetUInt16();
        }

        throw new IOException("An answer has no code.");
    }

    /// <summary>The lines of a bulk, written one by one: the node may begin before the last is sent.</summary>
    sealed class LinesContent(IReadOnlyList<ReadOnlyMemory<byte>> lines) : HttpContent
    {
        static readonly byte[] LineFeed = [(byte)'\n'];

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            foreach (var line in lines)
            {
                await stream.WriteAsync(line);
                await stream.WriteAsync(LineFeed);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = lines.Sum(line => line.Length + 1L);
            return true;
        }
    }
}
