using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Wire;
using LiteDB;

namespace Ledger.Cli.Casebooks;

/// <summary>What the ledger knows as documents of a casebook: members as on the wire, and amounts as numbers of minor units, so that they can be compared.</summary>
static class CasebookJson
{
    static readonly JsonSerializerOptions Options = Make();

    public static BsonDocument Document<T>(T thing) => (BsonDocument)Value(System.Text.Json.JsonSerializer.SerializeToNode(thing, Options));

    static BsonValue Value(JsonNode? node) => node switch
    {
        null => BsonValue.Null,
        JsonObject members => new BsonDocument(members.ToDictionary(member => member.Key, member => Value(member.Value))),
        JsonArray items => new BsonArray(items.Select(Value)),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number when node.AsValue().TryGetValue<long>(out var number) => number,
            JsonValueKind.String => node.GetValue<string>(),
            _ => node.ToJsonString(),
        },
    };

    static JsonSerializerOptions Make()
    {
        // The wire's own spelling where it has one; what never travels is written member by member.
        var options = new JsonSerializerOptions(WireJson.Options) { MaxDepth = 32 };
        options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
        options.Converters.Insert(0, new AmountConverter());
        options.Converters.Add(new ReferenceConverter());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.Converters.Add(new TextIds());
        return options;
    }

    sealed class AmountConverter : JsonConverter<Amount>
    {
        public override Amount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Amount value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Minor);
    }

    /// <summary>What burdens units names its reason by the id's number: an offer, a financing, a freeze.</summary>
    sealed class ReferenceConverter : JsonConverter<UInt128>
    {
        public override UInt128 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, UInt128 value, JsonSerializerOptions options) => writer.WriteStringValue(new Id<Reservation>(value).ToString());
    }

    /// <summary>Ids of things that never travel in a transaction.</summary>
    sealed class TextIds : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Id<>);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)(Activator.CreateInstance(typeof(IdText<>).MakeGenericType(typeToConvert)) ?? throw new InvalidOperationException(typeToConvert.Name));
    }

    sealed class IdText<T> : JsonConverter<T>
        where T : struct
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
