using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Core.State;

namespace Ledger.Core.Wire;

/// <summary>Rule parameters as an object that names every one of them once; none has a default, and one that came after the first ledgers is named where it is not 0.</summary>
sealed class RuleValuesConverter : JsonConverter<RuleValues>
{
    public override RuleValues Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("rule parameters are an object");
        var values = new long?[RuleSet.ParameterCount];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            var index = Array.IndexOf(Names, name);
            if (index < 0 || values[index] is not null) throw new JsonException($"unknown or repeated rule parameter {name}");
            var greatest = RuleSet.Greatest((RuleParameter)(index + 1));
            if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value) || value < 0 || value > greatest)
                throw new JsonException($"rule parameter {name} is not a whole number from 0 to {greatest}");
            values[index] = value;
        }

        var missing = Array.IndexOf(values, null);
        if (missing is >= 0 and < RuleSet.AlwaysStated) throw new JsonException($"rule parameter {Names[missing]} is missing");
        for (var i = RuleSet.AlwaysStated; i < values.Length; i++)
        {
            if (values[i] == 0) throw new JsonException($"rule parameter {Names[i]} is left out where it is 0");
        }

        return RuleValues.Of([.. values.Select(static value => value ?? 0)]);
    }

    public override void Write(Utf8JsonWriter writer, RuleValues value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        for (var i = 0; i < value.Values.Count; i++)
        {
            if (i < RuleSet.AlwaysStated || value.Values[i] != 0) writer.WriteNumber(Names[i], value.Values[i]);
        }

        writer.WriteEndObject();
    }

    static readonly string[] Names = [.. Enum.GetValues<RuleParameter>().Select(NameConverter<RuleParameter>.Name)];
}
