using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Disclosures;
using Ledger.Client.Text;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.Wire;

namespace Ledger.Node.Web;

/// <summary>What the browser's modules say: the same table as the pages', so that the two cannot speak differently.</summary>
public static class WordsForBrowser
{
    static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static readonly (string Name, Word Word)[] Table =
        [.. typeof(BrowserWords).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (field.Name, (Word)field.GetValue(null)!))];

    static readonly (string Kind, (string Member, string Shape)[] Members)[] Shapes =
        [.. Rulebook.Verbs.Values.Select(verb => (verb.Name, MembersOf(verb.Operation).DistinctBy(member => member.Name).Select(member => (member.Name, member.Shape)).ToArray()))];

    /// <summary>
    /// What the members of every operation are and what people call them, their names and the terms that they hide: with it a module says all that a
    /// payload says, whatever kind of operation it is.
    /// </summary>
    public static string Tables(Language language)
    {
        var members = Shapes.SelectMany(shape => shape.Members).Select(member => member.Member).Distinct().ToArray();
        return new JsonObject
        {
            ["verbs"] = Texts(Shapes.Select(shape => (shape.Kind, VerbText.Of(shape.Kind, language)))),
            ["members"] = Texts(members.Select(member => (member, MemberText.Of(member, language)))),
            ["shapes"] = new JsonObject(Shapes.Select(shape => KeyValuePair.Create(shape.Kind, (JsonNode?)Texts(shape.Members)))),
            ["values"] = new JsonObject(
                members.Select(member => KeyValuePair.Create(member, (JsonNode?)Texts(ValueText.Of(member).Select(value => (value.Key, value.Value.In(language))))))
                    .Where(pair => pair.Value is JsonObject { Count: > 0 })),
            ["terms"] = new JsonObject(Enum.GetValues<Term>().Select(term => KeyValuePair.Create(
                term.Name(), (JsonNode?)new JsonObject { ["label"] = Names.Of(term).In(language), ["kind"] = NameOf(term.Kind()) }))),
        }.ToJsonString(Options);
    }

    static JsonObject Texts(IEnumerable<(string Name, string Text)> pairs) => new(pairs.Select(pair => KeyValuePair.Create(pair.Name, (JsonNode?)pair.Text)));

    // With those of the things inside it: what has the same name is the same.
    static IEnumerable<(string Name, string Shape)> MembersOf(Type type)
    {
        foreach (var property in WireJson.Options.GetTypeInfo(type).Properties)
        {
            var of = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (of.IsGenericType && of.GetGenericTypeDefinition() == typeof(ValueList<>)) of = of.GetGenericArguments()[0];
            yield return (property.Name, property.Name == "_sd" ? "terms" : ShapeOf(of));
            if (!of.IsClass || of == typeof(string)) continue;
            foreach (var inner in MembersOf(of)) yield return inner;
        }
    }

    static string ShapeOf(Type type) => type switch
    {
        _ when type == typeof(Amount) => "amount",
        _ when type == typeof(Interval) => "units",
        _ when type == typeof(PartyId) => "party",
        _ when type == typeof(Timestamp) => "time",
        _ when type == typeof(Rate) => "rate",
        _ when type == typeof(bool) => "flag",
        { IsEnum: true } => "name",
        _ => "text",
    };

    static string NameOf(TermKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    public static string Json(Language language)
    {
        var words = new JsonObject();
        foreach (var (name, word) in Table) words[char.ToLowerInvariant(name[0]) + name[1..]] = word.In(language);
        return words.ToJsonString(Options);
    }
}
