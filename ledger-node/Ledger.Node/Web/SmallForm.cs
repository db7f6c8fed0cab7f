using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Ledger.Node.Web;

/// <summary>
/// What a page's form sends: a few short fields, urlencoded. Nothing else that a browser can post is read, so that no form costs a file or more memory
/// than its bound.
/// </summary>
static class SmallForm
{
    public const string MediaType = "application/x-www-form-urlencoded";
    public const int Max = 4 * 1024;

    /// <summary>The form's fields, or the status that says why it is not read. A field that stands twice counts as not there.</summary>
    public static async ValueTask<(Func<string, string> Field, int Status)> ReadAsync(HttpRequest request)
    {
        static string None(string _) => "";
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase))
            return (None, StatusCodes.Status415UnsupportedMediaType);

        var body = new byte[Max + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        if (length > Max) return (None, StatusCodes.Status413PayloadTooLarge);
        var fields = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body.AsSpan(0, length)));
        return (name => fields.TryGetValue(name, out var values) && values is [{ } value] ? value : "", StatusCodes.Status200OK);
    }
}
