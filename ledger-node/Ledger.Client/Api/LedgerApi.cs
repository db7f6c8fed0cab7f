using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ledger.Client.Disclosures;
using Ledger.Client.Payments;
using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Client.Api;

/// <summary>
/// A node's API. What the ledger answers to a transaction is a value, whatever it is; a node that cannot be reached, and one that answers a question
/// with an error, throw. The base address of <paramref name="http"/> is the node's, such as <c>http://127.0.0.1:7160/</c>. With
/// <paramref name="passes"/> every request shows who asks; without, a node that is not open answers only what is for everybody.
/// </summary>
public sealed class LedgerApi(HttpClient http, ReadPasses? passes = null)
{
    const string Json = "application/json";
    const string Lines = "application/x-ndjson";

    /// <summary>
    /// Submits a transaction's exact text. With <paramref name="wait"/> the answer is final; without, an answer of 202 only says that it is on its
    /// way. Sending the same again is always safe: the first answer stands.
    /// </summary>
    public Task<SubmitAnswer> SubmitAsync(ReadOnlyMemory<byte> transaction, bool wait, CancellationToken cancel) =>
        AnswerAsync(wait ? "v1/transactions" : "v1/transactions?wait=none", transaction, cancel);

    /// <summary>How the node would answer now; nothing happens.</summary>
    public Task<SubmitAnswer> DryRunAsync(ReadOnlyMemory<byte> transaction, CancellationToken cancel) => AnswerAsync("v1/dry-run", transaction, cancel);

    /// <summary>
    /// Puts a text under which announced signatures may be missing: it begins a draft at the node, or brings one further signatures. The answer's body is the draft as it is then.
    /// </summary>
    public Task<SubmitAnswer> PutDraftAsync(ReadOnlyMemory<byte> transaction, CancellationToken cancel) => AnswerAsync("v1/drafts", transaction, cancel);

    /// <summary>Says that the caller does not sign a draft, and why.</summary>
    public Task<SubmitAnswer> RejectDraftAsync(PartyId party, Id<Transaction> id, string reason, CancellationToken cancel) =>
        AnswerAsync($"v1/drafts/{party}/{id}/reject", JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["reason"] = reason }), cancel);

    /// <summary>Recalls a draft of the caller's own.</summary>
    public async Task<SubmitAnswer> RecallDraftAsync(PartyId party, Id<Transaction> id, CancellationToken cancel)
    {
        using var response = await SendAsync(new(HttpMethod.Delete, $"v1/drafts/{party}/{id}"), cancel);
        return await ReadAsync(response, cancel);
    }

    /// <summary>Submits transactions in order, of which one may build on another; the answers have the same order.</summary>
    public async Task<IReadOnlyList<SubmitAnswer>> SubmitBulkAsync(IReadOnlyList<ReadOnlyMemory<byte>> transactions, CancellationToken cancel)
    {
        var body = new byte[transactions.Sum(transaction => transaction.Length + 1)];
        var end = 0;
        foreach (var transaction in transactions)
        {
            transaction.CopyTo(body.AsMemory(end));
            end += transaction.Length;
            body[end++] = (byte)'\n';
        }

        using var response = await SendAsync(Post("v1/transactions/bulk", body, Lines), cancel);
        if (response.StatusCode != HttpStatusCode.OK) throw await FaultAsync(response, cancel);

        var answers = new List<SubmitAnswer>(transactions.Count);
        try
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel), Encoding.UTF8);
            while (await reader.ReadLineAsync(cancel) is { } line)
            {
                using var answer = JsonDocument.Parse(line);
                answers.Add(Read(answer.RootElement.GetProperty("httpStatus").GetInt32(), answer.RootElement));
            }
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or SocketException)
        {
            throw new NodeUnreachableException(http.BaseAddress, broken);
        }

        return answers.Count == transactions.Count ? answers : throw new NodeUnreachableException(http.BaseAddress, null);
    }

    /// <summary>What stands at a path below the node's address, such as <c>v1/offers/…</c>; null when there is nothing.</summary>
    public async Task<JsonDocument?> ReadAsync(string path, CancellationToken cancel) =>
        await BytesAsync(path, cancel) is { } body ? JsonDocument.Parse(body) : null;

    /// <summary>The receipt of a transaction that became an entry (C2SP tlog-proof); null when there is none.</summary>
    public Task<byte[]?> ReceiptAsync(string party, string transactionId, CancellationToken cancel) =>
        BytesAsync($"v1/transactions/{party}/{transactionId}/receipt", cancel);

    /// <summary>The same under the newest checkpoint that the node's witnesses cosigned.</summary>
    public Task<byte[]?> WitnessedReceiptAsync(string party, string transactionId, CancellationToken cancel) =>
        BytesAsync($"v1/transactions/{party}/{transactionId}/receipt?under=witnessed", cancel);

    /// <summary>What an obligor is to pay for an instrument on a day, or on ledger time's; null where there is no such instrument.</summary>
    public async Task<DuePayments?> InstructionsAsync(Id<Instrument> instrument, DateOnly? on, CancellationToken cancel)
    {
        var query = on is { } day ? string.Create(CultureInfo.InvariantCulture, $"?on={day:yyyy-MM-dd}") : "";
        using var answer = await ReadAsync($"v1/instruments/{instrument}/instructions{query}", cancel);
        if (answer is null) return null;
        var body = answer.RootElement;
        return new(
            instrument, Read<PartyId>(body, "obligor", PartyId.TryParse), Read<Currency>(body, "currency", Currency.TryParse),
            Read<DateOnly>(body, "on", TryParseDay),
            new(body.GetProperty("ledgerTime").GetInt64()),
            [
                .. body.GetProperty("instructions").EnumerateArray().Select(one => new PaymentInstruction(
                    Read<Interval>(one, "units", Interval.TryParse), Read<PartyId>(one, "payee", PartyId.TryParse),
                    one.TryGetProperty("account", out _) ? Read<Hash256>(one, "account", Hash256.TryParse) : default,
                    Read<Amount>(one, "costs", Amount.TryParse), Read<Amount>(one, "interest", Amount.TryParse),
                    Read<Amount>(one, "principal", Amount.TryParse), Read<Amount>(one, "announced", Amount.TryParse))),
            ]);
    }

    /// <summary>The exact bytes at a path; null when there is nothing.</summary>
    public async Task<byte[]?> BytesAsync(string path, CancellationToken cancel)
    {
        using var response = await SendAsync(new(HttpMethod.Get, path), cancel);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        if (response.StatusCode != HttpStatusCode.OK) throw await FaultAsync(response, cancel);
        return await ContentAsync(response, cancel);
    }

    /// <summary>The attestation of an original, made by the bank's document service, with the opening that belongs in the bank's files.</summary>
    public async Task<SubmitAnswer> PrepareAttestationAsync(
        ReadOnlyMemory<byte> original, PartyId seller, ValueList<Id<Document>> distinctFrom, CancellationToken cancel)
    {
        var others = distinctFrom.Count == 0 ? "" : $"&distinctFrom={string.Join(',', (IEnumerable<Id<Document>>)distinctFrom)}";
        using var response = await SendAsync(Post($"v1/documents/attestations?seller={seller}{others}", original, "application/xml"), cancel);
        return await ReadAsync(response, cancel);
    }

    /// <summary>
    /// Hands the node hidden terms of an operation that is on the ledger: the text of a <see cref="DisclosureFile"/>. Sending the same again is safe.
    /// </summary>
    public Task<SubmitAnswer> DiscloseAsync(ReadOnlyMemory<byte> disclosures, CancellationToken cancel) => AnswerAsync("v1/disclosures", disclosures, cancel);

    /// <summary>The hidden terms of a transaction that the node holds, one file for each operation; null when it holds none.</summary>
    public async Task<DisclosuresAnswer?> DisclosuresAsync(PartyId party, Id<Transaction> id, CancellationToken cancel)
    {
        using var answer = await ReadAsync($"v1/disclosures/{party}/{id}", cancel);
        if (answer is null) return null;
        var files = new List<DisclosureFile>();
        foreach (var item in answer.RootElement.GetProperty("disclosures").EnumerateArray())
        {
            if (!DisclosureFile.TryRead(Encoding.UTF8.GetBytes(item.GetRawText()), out var file, out _)) throw new NodeUnreachableException(http.BaseAddress, null);
            files.Add(file);
        }

        return new(files, answer.RootElement.GetProperty("unreadable").GetInt32());
    }

    /// <summary>
    /// Submits a transaction with the disclosures of what it hides, each the text of a <see cref="DisclosureFile"/>; the answer is final, and the node keeps
    /// them where it accepted.
    /// </summary>
    public Task<SubmitAnswer> SubmitDisclosedAsync(ReadOnlyMemory<byte> transaction, IEnumerable<DisclosureFile> disclosures, CancellationToken cancel) =>
        AnswerAsync("v1/transactions/disclosed", Disclosed(transaction, disclosures), cancel);

    /// <summary>How the node would answer a transaction of which it is shown what it hides; nothing happens.</summary>
    public Task<SubmitAnswer> DryRunDisclosedAsync(ReadOnlyMemory<byte> transaction, IEnumerable<DisclosureFile> disclosures, CancellationToken cancel) =>
        AnswerAsync("v1/dry-run/disclosed", Disclosed(transaction, disclosures), cancel);

    /// <summary>What the figures of a financing follow from; null where the caller is not told, or there is none.</summary>
    public async Task<Reckoning?> ReckoningAsync(Id<Financing> financing, CancellationToken cancel)
    {
        using var answer = await ReadAsync($"v1/financings/{financing}/reckoning", cancel);
        if (answer is null) return null;
        var body = answer.RootElement;
        var terms = body.GetProperty("interest");
        var plan = new FinancingPlan(
            Read<Amount>(body, "principal", Amount.TryParse),
            new(
                Name<DayCount>(terms, "dayCount"), Name<DayBounds>(terms, "bounds"), Name<Rounding>(terms, "rounding"), Name<InterestPayment>(terms, "payment"),
                terms.GetProperty("refundsUnearned").GetBoolean(), terms.GetProperty("graceDays").GetUInt16(), terms.GetProperty("accruesOnRolledDays").GetBoolean()),
            Read<DateOnly>(body, "start", TryParseDay), Read<DateOnly>(body, "end", TryParseDay), Read<DateOnly>(body, "payable", TryParseDay));
        var shown = new List<Disclosure>();
        foreach (var item in body.GetProperty("disclosures").EnumerateArray())
        {
            if (!Disclosure.TryParse(item.GetString() ?? "", out var disclosure)) throw new NodeUnreachableException(http.BaseAddress, null);
            shown.Add(disclosure);
        }

        return new(
            financing, Read<Currency>(body, "currency", Currency.TryParse), Name<FinancingStatus>(body, "status"),
            new(plan, Name<FinancingForm>(body, "form"), body.GetProperty("isPaidOut").GetBoolean(), BackOf(body, "back"), new(null, null, null)), BackOf(body, "ifToday"),
            body.TryGetProperty("_sd", out var digests) ? [.. digests.EnumerateArray().Select(DigestOf)] : [],
            shown);
    }

    MoneyBack? BackOf(JsonElement body, string name) => body.TryGetProperty(name, out var back)
        ? new(Read<DateOnly>(back, "on", TryParseDay), back.GetProperty("inOne").GetBoolean(), back.GetProperty("allPaid").GetBoolean(), Read<Amount>(back, "received", Amount.TryParse))
        : null;

    Hash256 DigestOf(JsonElement item) => Core.Primitives.Base64Url.TryDecode(item.GetString() ?? "", out var octets) && octets.Length == Hash256.Size
        ? Hash256.Read(octets)
        : throw new NodeUnreachableException(http.BaseAddress, null);

    T Name<T>(JsonElement body, string name)
        where T : struct, Enum =>
        Enum.TryParse<T>(TextOf(body, name), ignoreCase: true, out var value) ? value : throw new NodeUnreachableException(http.BaseAddress, null);

    // The transaction goes as one string, so that its exact text arrives as it was signed.
    static byte[] Disclosed(ReadOnlyMemory<byte> transaction, IEnumerable<DisclosureFile> disclosures)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("transaction", transaction.Span);
            json.WriteStartArray("disclosures");
            foreach (var file in disclosures) json.WriteRawValue(file.ToJson());
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    public async Task<NodeHealth> HealthAsync(CancellationToken cancel)
    {
        using var health = await ReadAsync("v1/health", cancel) ?? throw new NodeUnreachableException(http.BaseAddress, null);
        var body = health.RootElement;
        return Hash256.TryParse(body.GetProperty("chainId").GetString(), out var chainId)
            ? new(
                chainId, body.GetProperty("name").GetString() ?? "", body.GetProperty("purpose").GetString() ?? "",
                new(body.GetProperty("ledgerTime").GetInt64()), TextOf(body, "clock") == "held",
                body.GetProperty("height").GetUInt64(), body.GetProperty("suite").GetString() ?? "",
                Read<PartyId>(body, "bank", PartyId.TryParse))
            : throw new NodeUnreachableException(http.BaseAddress, null);
    }

    /// <summary>What time it is on the ledger.</summary>
    public async Task<LedgerClock> ClockAsync(CancellationToken cancel)
    {
        using var clock = await ReadAsync("v1/clock", cancel) ?? throw new NodeUnreachableException(http.BaseAddress, null);
        return LedgerClock.Of(clock.RootElement);
    }

    /// <summary>
    /// Sets a demo or test chain's time and holds it there; the answer comes when what that time brings about is final, and
    /// <see cref="LedgerClock.Of"/> reads its body.
    /// </summary>
    public async Task<SubmitAnswer> SetClockAsync(Timestamp time, CancellationToken cancel)
    {
        var request = Post("v1/clock", Encoding.ASCII.GetBytes($$"""{"time":{{time}}}"""), Json);
        request.Method = HttpMethod.Put;
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, cancel);
    }

    /// <summary>What a bank's node makes of an ask for tags with its share; whether that is true is for the caller to verify.</summary>
    public async Task<byte[]> EvaluatePledgeAsync(ReadOnlyMemory<byte> ask, CancellationToken cancel)
    {
        using var response = await SendAsync(Post("v1/pledge-evaluations", ask, Json), cancel);
        return response.StatusCode == HttpStatusCode.OK ? await ContentAsync(response, cancel) : throw await FaultAsync(response, cancel);
    }

    async Task<SubmitAnswer> AnswerAsync(string path, ReadOnlyMemory<byte> transaction, CancellationToken cancel)
    {
        using var response = await SendAsync(Post(path, transaction, Json), cancel);
        return await ReadAsync(response, cancel);
    }

    async Task<SubmitAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentType?.MediaType is not (Json or "application/problem+json")) throw await FaultAsync(response, cancel);
        using var body = JsonDocument.Parse(await ContentAsync(response, cancel));
        return Read((int)response.StatusCode, body.RootElement);
    }

    static SubmitAnswer Read(int status, JsonElement body) => new(
        status,
        body.TryGetProperty("code", out var code) ? (Refusal)code.GetUInt16() : Refusal.None,
        body.TryGetProperty("operation", out var operation) && operation.ValueKind == JsonValueKind.Number ? operation.GetInt32() : 0,
        TextOf(body, "detailZh"),
        TextOf(body, "detail"),
        body.Clone());

    async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        if (passes is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", passes.Current());
        try
        {
            using (request) return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or SocketException or IOException)
        {
            throw new NodeUnreachableException(http.BaseAddress, unreachable);
        }
        catch (TaskCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new NodeUnreachableException(http.BaseAddress, late);
        }
    }

    async Task<byte[]> ContentAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            return await response.Content.ReadAsByteArrayAsync(cancel);
        }
        catch (Exception broken) when (broken is HttpRequestException or SocketException or IOException)
        {
            throw new NodeUnreachableException(http.BaseAddress, broken);
        }
    }

    async Task<NodeAnsweredException> FaultAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var status = (int)response.StatusCode;
        var body = await ContentAsync(response, cancel);
        try
        {
            using var problem = JsonDocument.Parse(body);
            return new(Read(status, problem.RootElement));
        }
        catch (JsonException)
        {
            return new(new(status, Refusal.None, 0, null, null, default));
        }
    }

    static HttpRequestMessage Post(string path, ReadOnlyMemory<byte> body, string mediaType)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return new(HttpMethod.Post, path) { Content = content };
    }

    delegate bool Parser<T>(ReadOnlySpan<char> text, out T value);

    T Read<T>(JsonElement body, string name, Parser<T> tryParse) =>
        tryParse(body.GetProperty(name).GetString(), out var value) ? value : throw new NodeUnreachableException(http.BaseAddress, null);

    static bool TryParseDay(ReadOnlySpan<char> text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    static string? TextOf(JsonElement body, string name) => body.TryGetProperty(name, out var text) ? text.GetString() : null;
}
