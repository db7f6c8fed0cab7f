using System.Text.Json;

namespace Ledger.Tests.Http;

/// <summary>
/// Holds every answer in JSON that a test gets against the committed description of the API: operation, status, media type and schema. So every story
/// that is told over HTTP checks the description too.
/// </summary>
sealed class AsDescribed() : DelegatingHandler(new SocketsHttpHandler())
{
    public static readonly JsonElement Document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root(), OpenApiTests.Committed))).RootElement;

    static readonly string[] Read = ["application/json", "application/problem+json"];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var response = await base.SendAsync(request, cancel);
        // Pages and their exports are no part of the API.
        if (request.RequestUri?.AbsolutePath.StartsWith("/v1/", StringComparison.Ordinal) != true) return response;
        if (OpenApiTests.IsRenewing || request.Method == HttpMethod.Head || response.Content.Headers.ContentType?.MediaType is not { } mediaType || !Read.Contains(mediaType)) return response;
        await response.Content.LoadIntoBufferAsync(cancel);
        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancel));
        Assert.Empty(Faults(request, (int)response.StatusCode, mediaType, body.RootElement));
        return response;
    }

    /// <summary>Where an answer differs from what the description says of it. What no operation was found for is a problem of the server's own.</summary>
    public static IEnumerable<string> Faults(HttpRequestMessage request, int status, string mediaType, JsonElement body)
    {
        var what = $"{request.Method} {request.RequestUri!.AbsolutePath} {status}";
        if (OperationOf(request.Method.Method, request.RequestUri.AbsolutePath) is not { } operation)
            return Problem(body).Select(fault => $"{what}: {fault}");
        if (!operation.GetProperty("responses").TryGetProperty($"{status}", out var answer))
            return [$"{what} is not described"];
        if (!answer.GetProperty("content").TryGetProperty(mediaType, out var content)) return [$"{what} {mediaType} is not described"];
        var schema = content.GetProperty("schema");

        // A refused transaction is a problem with more said, whatever the status.
        var faults = JsonSchema.Faults(schema, body, Document).ToArray();
        if (faults.Length > 0 && mediaType == "application/problem+json" && body.TryGetProperty("replayed", out _)) faults = [.. Schema("Refused", body)];
        return faults.Select(fault => $"{what}: {fault}");
    }

    static IEnumerable<string> Problem(JsonElement body) => Schema("Problem", body);

    static IEnumerable<string> Schema(string name, JsonElement body) => JsonSchema.Faults(Document.GetProperty("components").GetProperty("schemas").GetProperty(name), body, Document);

    public static JsonElement? OperationOf(string method, string path)
    {
        // Routing takes no notice of a last part that is empty.
        path = path.TrimEnd('/');
        foreach (var known in Document.GetProperty("paths").EnumerateObject().OrderBy(one => one.Name.Count(letter => letter == '{')))
        {
            if (Fits(known.Name, path) && known.Value.TryGetProperty(method.ToLowerInvariant(), out var operation)) return operation;
        }

        return null;
    }

    static bool Fits(string template, string path)
    {
        var (parts, asked) = (template.Split('/'), path.Split('/'));
        return parts.Length == asked.Length && parts.Zip(asked).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);
    }
}
