using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Api;

/// <summary>A node's health and the ledger time from which clients take their expiry.</summary>
public sealed record NodeHealth(Hash256 ChainId, Timestamp LedgerTime, ulong Height, string Suite);

/// <summary>A node's answer to a transaction. Sentences are the node's, filled with its facts.</summary>
public sealed record SubmitAnswer(int HttpStatus, Refusal Code, int Operation, string? Sentence, string? SentenceEn, JsonElement Body);

/// <summary>A node over HTTP.</summary>
public sealed class LedgerApi(HttpClient http)
{
    static readonly MediaTypeHeaderValue TransactionType = new("application/jose+json");

    public Task<SubmitAnswer> SubmitAsync(ReadOnlyMemory<byte> transaction, bool wait, CancellationToken cancel) =>
        PostAsync($"v1/transactions?wait={(wait ? "true" : "false")}", transaction, cancel);

    public Task<SubmitAnswer> DryRunAsync(ReadOnlyMemory<byte> transaction, CancellationToken cancel) => PostAsync("v1/dry-run", transaction, cancel);

    /// <summary>What stands at a path; null when there is nothing.</summary>
    public async Task<JsonDocument?> ReadAsync(string path, CancellationToken cancel)
    {
        using var response = await http.GetAsync(Relative(path), cancel);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancel), default, cancel);
    }

    public async Task<byte[]?> ReceiptAsync(string party, string transactionId, CancellationToken cancel)
    {
        using var response = await http.GetAsync(Relative($"v1/transactions/{party}/{transactionId}/receipt"), cancel);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync(cancel);
    }

    public async Task<NodeHealth> HealthAsync(CancellationToken cancel)
    {
        using var health = await ReadAsync("v1/health", cancel) ?? throw new HttpRequestException("The address is not a node's.");
        var root = health.RootElement;
        return Hash256.TryParse(root.GetProperty("chainId").GetString(), out var chain)
            ? new(chain, new(root.GetProperty("ledgerTime").GetInt64()), root.GetProperty("height").GetUInt64(), root.GetProperty("suite").GetString() ?? "")
            : throw new HttpRequestException("The address is not a node's.");
    }

    async Task<SubmitAnswer> PostAsync(string path, ReadOnlyMemory<byte> transaction, CancellationToken cancel)
    {
        using var content = new ReadOnlyMemoryContent(transaction) { Headers = { ContentType = TransactionType } };
        using var response = await http.PostAsync(Relative(path), content, cancel);
        using var body = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancel), default, cancel);
        var root = body.RootElement.Clone();
        return new(
            (int)response.StatusCode, (Refusal)Number(root, "code"), Number(root, "operation"), Text(root, "sentence"), Text(root, "sentenceEn"), root);
    }

    static Uri Relative(string path) => new(path.TrimStart('/'), UriKind.Relative);

    static int Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : 0;

    static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
