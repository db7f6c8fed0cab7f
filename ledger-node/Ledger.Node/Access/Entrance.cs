using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Access;

/// <summary>
/// By which address browsers reach this node. A proxy in front hides it: then the operator names it. Whether a form comes from this node's own pages,
/// whether a cookie may travel in the open, and what a printed address says all follow from it.
/// </summary>
public sealed class Entrance(string? origin)
{
    const string Secure = "https://";

    public string Of(HttpRequest request) => origin ?? Own(request);

    public bool IsSecure(HttpRequest request) => Of(request).StartsWith(Secure, StringComparison.Ordinal);

    /// <summary>
    /// Whether a request comes from a page of this node, as the browser says. What no browser sends says nothing. On the machine itself the node's own
    /// address is good beside the one that is named; elsewhere it would be the proxy's plain one, which anybody on the way can speak for.
    /// </summary>
    public bool IsOwnPage(HttpRequest request)
    {
        var said = request.Headers.Origin.ToString();
        return said.Length == 0 || said == Of(request) || (LoopbackName.Is(request.Host.Host) && said == Own(request));
    }

    /// <summary>Whether a text is an origin (RFC 6454) as browsers write it.</summary>
    public static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var read) && (read.Scheme == Uri.UriSchemeHttps || read.Scheme == Uri.UriSchemeHttp)
        && read.GetLeftPart(UriPartial.Authority) == text && read.UserInfo.Length == 0;

    static string Own(HttpRequest request) => $"{request.Scheme}://{request.Host}";
}
