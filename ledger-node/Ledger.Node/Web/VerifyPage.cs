using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Web;

/// <summary>
/// The page that verifies receipts of both forms, state proofs and consistency proofs in the reader's browser: one file with its style and script inside it, so that a copy of it works from a disk
/// with no server. Its policy names the hashes of exactly these two.
/// </summary>
public sealed partial class VerifyPage
{
    readonly byte[] bytes;
    readonly string policy;

    VerifyPage(byte[] bytes, string policy) => (this.bytes, this.policy) = (bytes, policy);

    public ReadOnlyMemory<byte> Bytes => bytes;

    public static VerifyPage Load()
    {
        // The modules with the rules are tested alone; here they stand in one script with the page that uses them.
        var rules = Assets.Read("receipt.js") + Import().Replace(Assets.Read("cose.js") + Assets.Read("state.js"), "");
        var script = rules.Replace("export ", "", StringComparison.Ordinal) + Assets.Read("verify.js");
        var style = Assets.Read("verify.css");
        var html = Assets.Read("verify.html").Replace("/*style*/", style, StringComparison.Ordinal).Replace("/*script*/", script, StringComparison.Ordinal);
        return new(
            Encoding.UTF8.GetBytes(html),
            $"default-src 'none'; script-src '{HashOf(script)}'; style-src '{HashOf(style)}'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    }

    public async Task WriteAsync(HttpContext context)
    {
        PageAnswer.Guard(context.Response, policy);
        context.Response.ContentType = "text/html; charset=utf-8";
        if (context.Request.Query.ContainsKey("download")) context.Response.Headers.ContentDisposition = "attachment; filename=\"verify-receipt.html\"";
        await context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
    }

    [GeneratedRegex("^import .*\n", RegexOptions.Multiline)]
    private static partial Regex Import();

    static string HashOf(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
