using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.Evm;

/// <summary>
/// One JSON-RPC server. A question is answered within the time given or not at all; an answer has the question's id, and a server's no is heard whatever
/// HTTP status stands over it.
/// </summary>
public sealed class EvmEndpoint : IDisposable
{
    /// <summary>An answer is no longer, in octets: logs of thousands of anchors fit.</summary>
    public const int MaxAnswer = 8 * 1024 * 1024;

    readonly HttpClient http;
    readonly Uri address;
    readonly TimeSpan within;
    long last;

    public EvmEndpoint(Uri address, TimeSpan within)
    {
        (this.address, this.within) = (address, within);
        http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Host and port. The rest of an address may hold a key, and is nobody's to read.</summary>
    public string Name => address.Authority;

    /// <exception cref="EvmException">There is no answer, or it is none to this question, or it is no.</exception>
    public async Task<JsonElement> AskAsync(string method, JsonArray parameters, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(within);
        try
        {
            var id = Interlocked.Increment(ref last);
            var question = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters };
            using var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes<JsonNode>(question));
            body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = body };
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return Read(await BodyAsync(answer, patience.Token), id, answer.StatusCode);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new EvmException(EvmFaultKind.NotReached, $"{Name}: no answer in time");
        }
        catch (Exception broken) when (broken is HttpRequestException or SocketException or IOException)
        {
            throw new EvmException(EvmFaultKind.NotReached, $"{Name}: {broken.Message}");
        }
    }

    public void Dispose() => http.Dispose();

    async Task<byte[]> BodyAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancel) is var read and > 0)
        {
            if (body.Length + read > MaxAnswer) throw new EvmException(EvmFaultKind.Malformed, $"{Name}: an answer of more than {MaxAnswer} octets");
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    JsonElement Read(byte[] body, long id, HttpStatusCode status)
    {
        var good = (int)status is >= 200 and < 300;
        if (Parsed(body) is not { ValueKind: JsonValueKind.Object } answer)
            throw good ? Malformed(body.Length == 0 ? "an empty answer" : "an answer that is no JSON object") : new EvmException(EvmFaultKind.NotReached, $"{Name}: HTTP {(int)status}");

        // Who is asked too often says so before it looks at the question, and may leave the id out.
        if (EvmText.Maybe(answer, "error") is { } error) throw Refused(error);
        if (!good) throw new EvmException(EvmFaultKind.NotReached, $"{Name}: HTTP {(int)status}");
        if (EvmText.Maybe(answer, "id") is not { ValueKind: JsonValueKind.Number } named || !named.TryGetInt64(out var number) || number != id) throw Malformed("an answer under another id");
        return answer.TryGetProperty("result", out var result) ? result : throw Malformed("an answer without a result");
    }

    EvmException Refused(JsonElement error)
    {
        var message = EvmText.Maybe(error, "message") is { ValueKind: JsonValueKind.String } text ? text.GetString() ?? "" : error.GetRawText();
        byte[]? reason = null;
        try
        {
            if (EvmText.Maybe(error, "data") is { ValueKind: JsonValueKind.String } data) reason = EvmText.Octets(data);
        }
        catch (FormatException)
        {
            // Some servers put words there.
        }

        return new(EvmFaultKind.Refused, $"{Name}: {Short(message)}", reason);
    }

    static JsonElement? Parsed(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    EvmException Malformed(string what) => new(EvmFaultKind.Malformed, $"{Name}: {what}");

    // It comes from a stranger and ends in a log.
    static string Short(string message) => new([.. message.Take(300).Select(static character => char.IsControl(character) ? ' ' : character)]);
}
