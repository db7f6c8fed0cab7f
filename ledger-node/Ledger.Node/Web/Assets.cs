using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Ledger.Node.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Ledger.Node.Web;

/// <summary>
/// The stylesheet and the browser's modules, from inside the program. Each is served under a name that holds its hash, so that it may be kept for
/// ever; a module's imports are written to the hashed names too.
/// </summary>
public sealed class Assets
{
    const string Prefix = "console.";

    // A module imports only those before it, so that its own hash can cover theirs.
    static readonly string[] Order = ["console.css", "octets.js", "capital.js", "keyfile.js", "transaction.js", "hidden.js", "keep.js", "sign-in.js", "sign.js"];

    readonly FrozenDictionary<string, Asset> byPath;
    readonly FrozenDictionary<string, string> paths;

    Assets(Dictionary<string, Asset> byPath, Dictionary<string, string> paths) => (this.byPath, this.paths) = (byPath.ToFrozenDictionary(), paths.ToFrozenDictionary());

    /// <summary>The address of a file by its plain name.</summary>
    public string this[string name] => paths[name];

    public static Assets Load()
    {
        var byPath = new Dictionary<string, Asset>();
        var paths = new Dictionary<string, string>();
        foreach (var name in Order)
        {
            var text = Read(name);
            foreach (var (earlier, path) in paths) text = text.Replace($"'./{earlier}'", $"'{path}'", StringComparison.Ordinal);
            var bytes = Encoding.UTF8.GetBytes(text);
            var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
            var dot = name.LastIndexOf('.');
            paths[name] = $"/assets/{name[..dot]}.{hash}{name[dot..]}";
            byPath[paths[name]] = new(bytes, $"\"{hash}\"", name.EndsWith(".css", StringComparison.Ordinal) ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8");
        }

        return new(byPath, paths);
    }

    /// <summary>The text of an embedded file.</summary>
    public static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name) ?? throw new InvalidOperationException($"{name} is not in the program.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    public void Map(IEndpointRouteBuilder app, Func<RateClass, RequestDelegate, RequestDelegate> taken) => app.MapGet("/assets/{file}", taken(RateClass.Read, async context =>
    {
        if (!byPath.TryGetValue(context.Request.Path.Value ?? "", out var asset))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await TypedResults.Bytes(asset.Bytes, asset.Type, entityTag: new EntityTagHeaderValue(asset.Tag)).ExecuteAsync(context);
    }));

    sealed record Asset(byte[] Bytes, string Tag, string Type);
}
