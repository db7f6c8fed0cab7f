using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>An answer in JSON. It is written whole before the first byte leaves, so that a fault while writing can still become a problem.</summary>
sealed class JsonAnswer(int status, string mediaType, Action<Utf8JsonWriter, HttpContext> write) : IResult
{
    public const string MediaType = "application/json";

    // Chinese stays readable; nothing here is put into a page of HTML as it is.
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public JsonAnswer(int status, string mediaType, Action<Utf8JsonWriter> write)
        : this(status, mediaType, (json, _) => write(json))
    {
    }

    /// <summary>RFC 9110 15.5.2: a 401 says what would have been accepted.</summary>
    public string Challenge { get; init; } = "Ledger-Signature";

    /// <summary>One object with what <paramref name="members"/> writes.</summary>
    public static JsonAnswer Object(Action<Utf8JsonWriter> members) => new(StatusCodes.Status200OK, MediaType, writer =>
    {
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
    });

    public async Task ExecuteAsync(HttpContext context)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(body, Options)) write(writer, context);
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = Challenge;
        if (status == StatusCodes.Status503ServiceUnavailable && context.Response.Headers.RetryAfter.Count == 0) context.Response.Headers.RetryAfter = "2";
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
