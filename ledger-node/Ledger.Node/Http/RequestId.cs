using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// The name of one request, in its answer, its problem and the log of reads. A caller may bring its own; one that could be mistaken for something
/// else is not taken over.
/// </summary>
static class RequestId
{
    public const string Header = "X-Request-Id";

    const int MaxLength = 64;

    public static string Of(HttpContext context) => context.TraceIdentifier;

    /// <summary>Names the request, and its answer too.</summary>
    public static void Give(HttpContext context)
    {
        var brought = context.Request.Headers[Header];
        context.TraceIdentifier = brought is [{ Length: > 0 and <= MaxLength } name] && name.All(IsPlain) ? name : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        context.Response.Headers[Header] = context.TraceIdentifier;
    }

    static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.';
}
