using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// An answer that never changes under its tag, and may be kept by who got it. What is the same for everybody may be kept by everybody; what depends on
/// who asks only by the one who asked, and where more can come into sight it is asked for again under its tag.
/// </summary>
sealed class Immutable(string tag, bool forEverybody, bool forEver, IResult answer) : IResult
{
    const string Year = "max-age=31536000, immutable";

    public Task ExecuteAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ETag = tag;
        headers.CacheControl = (forEverybody, forEver) switch
        {
            (true, _) => $"public, {Year}",
            (false, true) => $"private, {Year}",
            _ => "private, no-cache",
        };
        if (!forEverybody) headers.Vary = "Authorization";
        if (!IsKnown(context.Request.Headers.IfNoneMatch.ToString())) return answer.ExecuteAsync(context);
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }

    // RFC 9110 13.1.2: tags are compared weakly, and * is any.
    bool IsKnown(string tags) =>
        tags == "*" || tags.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Any(one => Strong(one) == Strong(tag));

    static string Strong(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;
}
