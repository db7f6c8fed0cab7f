using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Core.Wire;

delegate bool TextParser<T>(ReadOnlySpan<char> text, out T value);

/// <summary>Ids, lists and enums, whatever they are of: a new one needs no line.</summary>
sealed class FamilyConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => ConverterOf(typeToConvert) is not null;

    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        ConverterOf(typeToConvert) is { } converter ? (JsonConverter?)Activator.CreateInstance(converter) : null;

    static Type? ConverterOf(Type type)
    {
        if (type.IsEnum) return typeof(NameConverter<>).MakeGenericType(type);
        if (!type.IsGenericType) return null;
        var family = type.GetGenericTypeDefinition();
        return family == typeof(Id<>) ? typeof(IdConverter<>).MakeGenericType(type.GetGenericArguments())
            : family == typeof(ValueList<>) ? typeof(ListConverter<>).MakeGenericType(type.GetGenericArguments())
            : null;
    }
}

/// <summary>A value that is one string, in its one spelling.</summary>
class TextConverter<T>(int longest, TextParser<T> tryParse) : JsonConverter<T>
    where T : notnull
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > longest) throw new JsonException(Reason);
        Span<char> text = stackalloc char[longest];
        text = text[..reader.CopyString(text)];
        return tryParse(text, out var value) ? value : throw new JsonException(Reason);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    static string Reason => $"not a valid {typeof(T).Name}";
}

sealed class IdConverter<TNoun>() : TextConverter<Id<TNoun>>(22, Id<TNoun>.TryParse);

/// <summary>Every free text that reaches the ledger: what it holds is what a person sees of it.</summary>
sealed class ShownTextConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        if (text is null) throw new JsonException("not a text");
        return ShownText.Is(text) ? text : throw new HiddenTextException();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>A text has a character that is not seen, or that changes how others are read.</summary>
sealed class HiddenTextException() : JsonException("not a text that shows what it is");

/// <summary>Unix milliseconds as a whole number.</summary>
sealed class TimestampConverter : JsonConverter<Timestamp>
{
    public override Timestamp Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var milliseconds) && milliseconds is >= 0 and <= Timestamp.MaxUnixMilliseconds
            ? new(milliseconds)
            : throw new JsonException("not a time in unix milliseconds");

    public override void Write(Utf8JsonWriter writer, Timestamp value, JsonSerializerOptions options) => writer.WriteNumberValue(value.UnixMilliseconds);
}

/// <summary>An enum as its member's name in camel case, exactly.</summary>
sealed class NameConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    static readonly Dictionary<string, T> ByName = Enum.GetValues<T>().ToDictionary(Name);

    public static string Name(T value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { } name && ByName.TryGetValue(name, out var value)
            ? value
            : throw new JsonException($"not a {typeof(T).Name}");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Name(value));
}

/// <summary>An enum as the code that another system writes for it.</summary>
sealed class CodeConverter<T>(Func<T, string> code) : JsonConverter<T>
    where T : struct, Enum
{
    readonly Dictionary<string, T> byCode = Enum.GetValues<T>().ToDictionary(code);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { } text && byCode.TryGetValue(text, out var value)
            ? value
            : throw new JsonException($"not a {typeof(T).Name}");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(code(value));
}

/// <summary>A party's roles as an array of names, each once, in the order of their numbers.</summary>
sealed class RolesConverter : JsonConverter<Roles>
{
    public override Roles Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("roles are an array of names");
        var roles = Roles.None;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var role = JsonSerializer.Deserialize(ref reader, (System.Text.Json.Serialization.Metadata.JsonTypeInfo<string>)options.GetTypeInfo(typeof(string)));
            var known = All.FirstOrDefault(one => NameConverter<Roles>.Name(one) == role);
            if (known == Roles.None || known <= roles) throw new JsonException("unknown, repeated or misplaced role");
            roles |= known;
        }

        return roles;
    }

    public override void Write(Utf8JsonWriter writer, Roles value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var role in All)
        {
            if (value.HasFlag(role)) writer.WriteStringValue(NameConverter<Roles>.Name(role));
        }

        writer.WriteEndArray();
    }

    static readonly Roles[] All = [.. Enum.GetValues<Roles>().Where(role => role != Roles.None)];
}

/// <summary>A list as an array.</summary>
sealed class ListConverter<T> : JsonConverter<ValueList<T>>
{
    public override ValueList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("not an array");
        var type = (System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        var items = new List<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(JsonSerializer.Deserialize(ref reader, type) ?? throw new JsonException("null in a list"));

        return [.. items];
    }

    public override void Write(Utf8JsonWriter writer, ValueList<T> value, JsonSerializerOptions options)
    {
        var type = (System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        writer.WriteStartArray();
        foreach (var item in value) JsonSerializer.Serialize(writer, item, type);
        writer.WriteEndArray();
    }
}

/// <summary>SD-JWT digests: 32 bytes each as base64url, none twice, in ascending order so that their order tells nothing.</summary>
sealed class DigestsConverter : JsonConverter<ValueList<Hash256>>
{
    public override ValueList<Hash256> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("not an array");
        var digests = new List<Hash256>();
        Span<char> text = stackalloc char[43];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length != 43 || reader.CopyString(text) != 43
                || !Base64Url.TryDecode(text, out var bytes) || Hash256.Read(bytes) is not { IsZero: false } digest
                || (digests.Count > 0 && digest.CompareTo(digests[^1]) <= 0))
            {
                throw new JsonException("not an ascending list of digests");
            }

            digests.Add(digest);
        }

        return [.. digests];
    }

    public override void Write(Utf8JsonWriter writer, ValueList<Hash256> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var digest in value) writer.WriteStringValue(Base64Url.Encode(digest.ToBytes()));
        writer.WriteEndArray();
    }
}
