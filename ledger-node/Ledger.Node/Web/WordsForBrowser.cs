using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Text;

namespace Ledger.Node.Web;

/// <summary>What the browser's modules say: the same table as the pages', so that the two cannot speak differently.</summary>
public static class WordsForBrowser
{
    static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static readonly (string Name, Word Word)[] Table =
        [.. typeof(BrowserWords).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (field.Name, (Word)field.GetValue(null)!))];

    public static string Json(Language language)
    {
        var words = new JsonObject();
        foreach (var (name, word) in Table) words[char.ToLowerInvariant(name[0]) + name[1..]] = word.In(language);
        return words.ToJsonString(Options);
    }
}
