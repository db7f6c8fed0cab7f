using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ledger.Node.Web;

/// <summary>
/// A page: a Razor component, written whole before its first byte leaves, so that it can still turn out not to exist. Nothing in it runs or is
/// styled but what this program serves as a file.
/// </summary>
static class PageAnswer
{
    const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // Chinese stays readable in the page's source; what has a meaning in HTML is escaped all the same.
    static readonly ServiceProvider Services = new ServiceCollection().AddSingleton(HtmlEncoder.Create(UnicodeRanges.All)).BuildServiceProvider();

    public static async Task WriteAsync<TPage>(HttpContext context, Visit visit, params (string Name, object? Value)[] parameters)
        where TPage : IComponent
    {
        var given = new Dictionary<string, object?> { ["V"] = visit };
        foreach (var (name, value) in parameters) given[name] = value;

        await using var renderer = new HtmlRenderer(Services, NullLoggerFactory.Instance);
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TPage>(ParameterView.FromDictionary(given))).ToHtmlString());
        Guard(context.Response, Policy);
        context.Response.StatusCode = visit.Status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentLanguage = visit.Tag;
        context.Response.Headers.Vary = "Cookie, Accept-Language";
        await context.Response.WriteAsync(html, context.RequestAborted);
    }

    /// <summary>What every answer to a browser says about itself.</summary>
    public static void Guard(HttpResponse response, string policy)
    {
        response.Headers.ContentSecurityPolicy = policy;
        response.Headers.XContentTypeOptions = "nosniff";
        // Not "no-referrer": a browser would then hide from this node's own forms' posts that they are its own.
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        response.Headers.CacheControl = "no-store";
    }
}
