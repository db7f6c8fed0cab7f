using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Nouns;

namespace Ledger.Node.Http;

/// <summary>What a transaction made happen, in words for the one who asked for it: every event with its kind and what it tells.</summary>
static class Effects
{
    /// <summary>An event: its kind, and of all that events tell what one of its kind does.</summary>
    public static readonly Schema Schema = Schema.Object(
        "Effect", [Member.Text("kind"), .. Details.All.GroupBy(detail => detail.Name).Select(details => new Member(details.Key, SchemaOf([.. details])).Optional)]);

    /// <summary>Writes an event's members. <paramref name="state"/> tells what an event only names; what it does not know yet is left out.</summary>
    public static void Write(Utf8JsonWriter json, LedgerEvent happened, LedgerState state)
    {
        json.WriteString("kind", happened.Kind);
        foreach (var told in happened.Tells(state))
        {
            if (told.Value is { } value) Write(json, told.Detail, value);
        }
    }

    static void Write(Utf8JsonWriter json, Detail detail, object value)
    {
        var name = detail.Name;
        switch (detail.Shape)
        {
            case Shape.Party: json.Party(name, (PartyId)value); break;
            case Shape.Time: json.Time(name, (Timestamp)value); break;
            case Shape.Date: json.Date(name, (DateOnly)value); break;
            case Shape.Number: json.WriteNumber(name, (uint)value); break;
            case Shape.Flag: json.WriteBoolean(name, (bool)value); break;
            case Shape.Name: json.WriteString(name, JsonNamingPolicy.CamelCase.ConvertName(((Enum)value).ToString())); break;
            case Shape.Key or Shape.Id or Shape.Amount or Shape.Currency or Shape.Text or Shape.Units: json.WriteString(name, value.ToString()); break;
            case Shape.Runs: json.Units(name, (ValueList<Interval>)value); break;
            case Shape.Keys: Texts(json, name, (IEnumerable<KeyId>)value); break;
            case Shape.Parties: Texts(json, name, (IEnumerable<PartyId>)value); break;
            case Shape.Ids: Texts(json, name, (IEnumerable<Id<Offer>>)value); break;
            case Shape.Shares: json.Objects(name, (IEnumerable<PaymentShare>)value, static (json, share) => Shown.EffectShare.Write(json, share, default)); break;
            case Shape.Announced: json.Objects(name, (IEnumerable<AnnouncedShare>)value, static (json, share) => Shown.AnnouncedShare.Write(json, share, default)); break;
        }
    }

    static void Texts<T>(Utf8JsonWriter json, string name, IEnumerable<T> texts) => json.List(name, texts, static (json, one) => json.WriteStringValue(one?.ToString()));

    // What stands under one name in several shapes is any of them.
    static Schema SchemaOf(Detail[] details)
    {
        if (details is [var only]) return SchemaOf(only.Shape);
        var shapes = Array.ConvertAll(details, detail => SchemaOf(detail.Shape).Json);
        var json = new JsonObject { ["type"] = new JsonArray([.. shapes.Select(shape => shape["type"]?.DeepClone())]) };
        if (shapes.Any(shape => shape.ContainsKey("items"))) json["items"] = new JsonObject { ["type"] = "string" };
        return new(json);
    }

    static Schema SchemaOf(Shape shape) => shape switch
    {
        Shape.Party => Schema.Party,
        Shape.Key => Schema.Key,
        Shape.Id => Schema.Id,
        Shape.Amount => Schema.Amount,
        Shape.Currency => Schema.Currency,
        Shape.Time => Schema.Time,
        Shape.Date => Schema.Date,
        Shape.Number => Schema.Number,
        Shape.Flag => Schema.Bool,
        Shape.Name or Shape.Text => Schema.Text,
        Shape.Units => Schema.Interval,
        Shape.Runs => Schema.List(Schema.Interval),
        Shape.Keys => Schema.List(Schema.Key),
        Shape.Parties => Schema.List(Schema.Party),
        Shape.Ids => Schema.List(Schema.Id),
        Shape.Shares => Schema.List(Shown.EffectShare.Schema),
        Shape.Announced => Schema.List(Shown.AnnouncedShare.Schema),
    };
}
