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
        "outstanding", "paid", "costs", "interest", "principal", "limit", "drawn", "excess", "perAct", "perDay", "disputedLater",
    ];

    static readonly HashSet<string> Times =
    [
        "at", "since", "until", "expires", "madeAt", "attestedAt", "requestedAt", "answeredAt", "deadline", "ledgerTime", "time", "clock", "openedAt", "dueAt", "endedAt",
        "appliedAt", "reservedUntil", "committedUntil", "statedAt", "from",
    ];

    /// <summary>Amounts take the currency that they stand beside, and else <paramref name="currency"/>; <paramref name="name"/> is the member that the value is of.</summary>
    public static JsonNode? Of(JsonNode? value, Language language, Currency currency = default, string name = "") => Of(value, name, null, currency, language);

    /// <summary>An amount as people write it; in minor units and in yuan where nothing says what money it is.</summary>
    public static string Money(Amount amount, Currency currency, Language language)
    {
        if (currency != default) return MoneyText.FormatWithSymbol(amount, currency);
        var yuan = MoneyText.FormatWithSymbol(amount, Currency.Cny);
        return language == Language.Chinese ? $"{amount} 个最小单位（人民币则为 {yuan}）" : $"{amount} minor units (in CNY: {yuan})";
    }

    static JsonNode? Of(JsonNode? value, string name, JsonObject? within, Currency currency, Language language) => value switch
    {
        JsonObject leg when name == "leg" => Leg(leg, language),
        JsonArray burdens when name == "encumbrances" => Burdens(burdens, language),
        JsonObject members => Members(members, currency, language),
        JsonArray items => new JsonArray([.. items.Select(item => Of(item, name, within, currency, language))]),
        JsonValue one when Amounts.Contains(name) && IsAmount(one, out var amount) => Money(amount, currency, language),
        JsonValue one when Times.Contains(name) && one.GetValueKind() == JsonValueKind.Number => Time(one),
        JsonValue one when one.GetValueKind() == JsonValueKind.String => Named(name, one, within, language),
        _ => value?.DeepClone(),
    };

    static JsonObject Members(JsonObject members, Currency outer, Language language)
    {
        var currency = Currency.TryParse(members["currency"]?.GetValue<string>(), out var own) ? own : outer;
        return new(members.Select(member => KeyValuePair.Create(member.Key, Of(member.Value, member.Key, members, currency, language))));
    }

    /// <summary>A name of the wire in words.</summary>
    public static string Named(string member, JsonNode? value, JsonObject? within, Language language)
    {
        var text = value?.GetValue<string>() ?? "-";
        return ValueText.Find(member, text, within)?.In(language) ?? text;
    }

    static string Leg(JsonObject leg, Language language) => language == Language.Chinese
        ? $"{Named("cause", leg["cause"], leg, language)}，自 {leg["from"]}，第 {leg["depth"]} 手"
        : $"{Named("cause", leg["cause"], leg, language)} from {leg["from"]}, hand {leg["depth"]}";

    static string Burdens(JsonArray burdens, Language language) => string.Join("; ", burdens.OfType<JsonObject>().Select(burden =>
        language == Language.Chinese
            ? $"{Named("kind", burden["kind"], burden, language)} → {burden["beneficiary"]}，至 {Time(burden["until"])}"
            : $"{Named("kind", burden["kind"], burden, language)} to {burden["beneficiary"]} until {Time(burden["until"])}"));

    static bool IsAmount(JsonValue value, out Amount amount)
    {
        amount = default;
        return value.GetValueKind() == JsonValueKind.String && Amount.TryParse(value.GetValue<string>(), out amount);
    }

    static string Time(JsonNode? unixMilliseconds) =>
        unixMilliseconds is null ? "-" : TimeText.Of(new Timestamp(unixMilliseconds.GetValue<long>()), OffsetMinutes);
}
