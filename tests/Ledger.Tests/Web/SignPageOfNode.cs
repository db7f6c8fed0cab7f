using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ledger.Tests.Web;

/// <summary>The signing page as a node wrote it, and the console's own module on it, without a browser.</summary>
static partial class SignPageOfNode
{
    static readonly string Desk = Path.Combine(JavaScript.Browser, "desk.mjs");

    /// <summary>Runs a script for which <c>desk</c> opens each of the pages in turn.</summary>
    public static async Task<JsonElement> RunAsync(HttpClient client, string script, object given, params string[] paths)
    {
        using var modules = new JavaScript();
        File.Copy(Desk, modules["desk.mjs"]);
        var pages = new List<object>();
        foreach (var path in paths)
        {
            var html = await client.GetStringAsync(path, TestContext.Current.CancellationToken);
            pages.Add(new { @base = client.BaseAddress, context = Data(html, "context"), words = Data(html, "words"), tables = Data(html, "tables") });
        }

        var said = await modules.RunAsync(
            $$"""
            import { open } from './desk.mjs';
            import { readFileSync } from 'node:fs';
            const { pages, given } = JSON.parse(readFileSync(0, 'utf8'));
            const answer = async () => { {{script}} };
            process.stdout.write(JSON.stringify(await answer()));
            """,
            JsonSerializer.Serialize(new { pages, given }));
        using var document = JsonDocument.Parse(said);
        return document.RootElement.Clone();
    }

    static string Data(string html, string name) => WebUtility.HtmlDecode(DataAttribute().Matches(html).First(match => match.Groups[1].Value == name).Groups[2].Value);

    [GeneratedRegex("data-([a-z]+)=\"([^\"]*)\"")]
    private static partial Regex DataAttribute();
}
