using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ledger.Tests.Http;

/// <summary>
/// Says where a value differs from a schema (JSON Schema 2020-12, of which it knows the words that our document uses). A word that it does not know is
/// a fault of the test and not passed over.
/// </summary>
static class JsonSchema
{
    public static IEnumerable<string> Faults(JsonElement schema, JsonElement value, JsonElement document, string at = "$")
    {
        var faults = new List<string>();
        foreach (var word in schema.EnumerateObject()) Check(word, schema, value, document, at, faults);
        return faults;
    }

    static void Check(JsonProperty word, JsonElement schema, JsonElement value, JsonElement document, string at, List<string> faults)
    {
        switch (word.Name)
        {
            case "description":
                break;
            case "$ref":
                faults.AddRange(Faults(Resolve(word.Value.GetString()!, document), value, document, at));
                break;
            case "type":
                var types = word.Value.ValueKind == JsonValueKind.Array ? word.Value.EnumerateArray().Select(one => one.GetString()) : [word.Value.GetString()];
                if (!types.Any(type => IsOf(value, type!))) faults.Add($"{at}: {value.ValueKind} is not {word.Value}");
                break;
            case "enum":
                if (!word.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value))) faults.Add($"{at}: {value} is none of {word.Value}");
                break;
            case "pattern":
                if (value.ValueKind == JsonValueKind.String && !Regex.IsMatch(value.GetString()!, word.Value.GetString()!, RegexOptions.ECMAScript))
                    faults.Add($"{at}: {value} does not fit {word.Value}");
                break;
            case "minimum":
                if (value.ValueKind == JsonValueKind.Number && value.GetDecimal() < word.Value.GetDecimal()) faults.Add($"{at}: {value} is below {word.Value}");
                break;
            case "maximum":
                if (value.ValueKind == JsonValueKind.Number && value.GetDecimal() > word.Value.GetDecimal()) faults.Add($"{at}: {value} is above {word.Value}");
                break;
            case "items":
                if (value.ValueKind != JsonValueKind.Array) break;
                foreach (var (i, item) in value.EnumerateArray().Index()) faults.AddRange(Faults(word.Value, item, document, $"{at}[{i}]"));
                break;
            case "required":
                if (value.ValueKind != JsonValueKind.Object) break;
                faults.AddRange(word.Value.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{at}: {name} is missing"));
                break;
            case "properties":
                if (value.ValueKind != JsonValueKind.Object) break;
                foreach (var member in value.EnumerateObject())
                {
                    if (word.Value.TryGetProperty(member.Name, out var its)) faults.AddRange(Faults(its, member.Value, document, $"{at}.{member.Name}"));
                }

                break;
            case "additionalProperties":
                if (word.Value.ValueKind != JsonValueKind.False) throw new NotSupportedException($"additionalProperties: {word.Value}");
                if (value.ValueKind != JsonValueKind.Object) break;
                faults.AddRange(value.EnumerateObject().Where(member => !schema.GetProperty("properties").TryGetProperty(member.Name, out _)).Select(member => $"{at}.{member.Name} is not described"));
                break;
            default:
                throw new NotSupportedException($"The schema's word {word.Name} is not known here.");
        }
    }

    static bool IsOf(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && decimal.IsInteger(value.GetDecimal()),
        _ => throw new NotSupportedException($"The type {type} is not known here."),
    };

    static JsonElement Resolve(string reference, JsonElement document)
    {
        var found = document;
        foreach (var part in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries)) found = found.GetProperty(part);
        return found;
    }
}
