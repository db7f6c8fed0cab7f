using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Money;
using Ledger.Client.Text;
using Ledger.Core.Primitives;

namespace Ledger.Cli;

/// <summary>
/// A node's answer as people read it: money with its currency, times as dates, an act and burdens in words. Programs take JSON and get the answer
/// as it is.
/// </summary>
static class PeopleText
{
    // Until answers carry the chain's own offset, times are shown at the consortium's place.
    const int OffsetMinutes = 480;

    static readonly HashSet<string> Amounts =
    [
        "amount", "face", "total", "redLetters", "reserved", "used", "available", "requested", "confirmed", "disputed", "cap",
        "outstanding", "paid", "costs", "interest", "principal", "limit", "drawn",
    ];

    static readonly HashSet<string> Times =
    [
        "at", "since", "until", "expires", "madeAt", "attestedAt", "requestedAt", "answeredAt", "deadline", "ledgerTime", "time", "clock", "openedAt",
        "appliedAt", "reservedUntil", "committedUntil", "statedAt",
    ];

    public static JsonNode? Of(JsonNode? value, Language language) => Of(value, "", default, language);

    static JsonNode? Of(JsonNode? value, string name, Currency currency, Language language) => value switch
    {
        JsonObject leg when name == "leg" => Leg(leg, language),
        JsonArray burdens when name == "encumbrances" => Burdens(burdens, language),
        JsonObject members => Members(members, currency, language),
        JsonArray items => new JsonArray([.. items.Select(item => Of(item, name, currency, language))]),
        JsonValue one when Amounts.Contains(name) && IsAmount(one, out var amount) && currency != default => MoneyText.FormatWithSymbol(amount, currency),
        JsonValue one when Times.Contains(name) && one.GetValueKind() == JsonValueKind.Number => Time(one),
        _ => value?.DeepClone(),
    };

    static JsonObject Members(JsonObject members, Currency outer, Language language)
    {
        var currency = Currency.TryParse(members["currency"]?.GetValue<string>(), out var own) ? own : outer;
        return new(members.Select(member => KeyValuePair.Create(member.Key, Of(member.Value, member.Key, currency, language))));
    }

    static string Leg(JsonObject leg, Language language) => language == Language.Chinese
        ? $"{leg["cause"]}，自 {leg["from"]}，第 {leg["depth"]} 手"
        : $"{leg["cause"]} from {leg["from"]}, hand {leg["depth"]}";

    static string Burdens(JsonArray burdens, Language language) => string.Join("; ", burdens.OfType<JsonObject>().Select(burden =>
        language == Language.Chinese
            ? $"{burden["kind"]} → {burden["beneficiary"]}，至 {Time(burden["until"])}"
            : $"{burden["kind"]} to {burden["beneficiary"]} until {Time(burden["until"])}"));

    static bool IsAmount(JsonValue value, out Amount amount)
    {
        amount = default;
        return value.GetValueKind() == JsonValueKind.String && Amount.TryParse(value.GetValue<string>(), out amount);
    }

    static string Time(JsonNode? unixMilliseconds) =>
        unixMilliseconds is null ? "-" : TimeText.Of(new Timestamp(unixMilliseconds.GetValue<long>()), OffsetMinutes);
}
