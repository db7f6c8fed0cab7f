using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Text;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node.Nouns;

namespace Ledger.Node.Web;

/// <summary>What was signed, member by member and in words, with names beside parties and money beside amounts.</summary>
static class Decoded
{
    static readonly string[] Amounts = ["amount", "total", "principal", "cap", "limit", "perAct", "perDay"];
    static readonly string[] Times = ["expires", "until", "committedUntil", "statedAt"];

    public static IReadOnlyList<(string Verb, IReadOnlyList<(string Name, string Value)> Members)> Of(Visit v, Transaction transaction)
    {
        var payload = JsonSerializer.SerializeToNode(transaction, WireJson.TypeInfo<Transaction>())?["operations"]?.AsArray() ?? [];
        return [.. payload.OfType<JsonObject>().Select(operation =>
        {
            var members = new List<(string, string)>();
            var currency = CurrencyOf(v, operation);
            foreach (var (name, value) in operation.Where(member => member.Key != "kind")) Add(v, members, MemberText.Of(name, v.Language), name, value, operation, currency);
            return (operation["kind"]?.GetValue<string>() ?? "", (IReadOnlyList<(string, string)>)members);
        })];
    }

    static void Add(Visit v, List<(string, string)> members, string label, string name, JsonNode? value, JsonObject within, Currency? currency)
    {
        switch (value)
        {
            case JsonObject inner:
                foreach (var (member, one) in inner) Add(v, members, $"{label} · {MemberText.Of(member, v.Language)}", member, one, inner, CurrencyOf(v, inner) ?? currency);
                break;
            case JsonArray { Count: 0 }:
                members.Add((label, Figures.Nothing));
                break;
            case JsonArray items:
                foreach (var (place, item) in items.Index()) Add(v, members, items.Count > 1 ? $"{label} {place + 1}" : label, name, item, within, currency);
                break;
            case JsonValue one:
                members.Add((label, Shown(v, name, one, within, currency)));
                break;
        }
    }

    // What an operation only names knows what money it is, as far as the visitor may see it.
    static Currency? CurrencyOf(Visit v, JsonObject members)
    {
        if (Currency.TryParse(Text(members, "currency"), out var own)) return own;
        if (Text(members, "instrument") is { } instrument && v.Library.Instrument(instrument) is { } known) return known.Currency;
        if (Text(members, "offer") is { } offer && v.Library.Offer(offer) is { } offered) return offered.Currency;
        if (Text(members, "financing") is { } financing && v.Library.Financing(financing) is { } lent) return lent.Currency;
        return Text(members, "document") is { } document && v.Library.Document(document) is { } attested ? attested.Currency : null;
    }

    static string? Text(JsonObject members, string name) => members[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    static string Shown(Visit v, string name, JsonValue value, JsonObject within, Currency? currency)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.True or JsonValueKind.False:
                return v[value.GetValue<bool>() ? Words.Yes : Words.No];
            case JsonValueKind.Number when Times.Contains(name):
                return v.Time(new(value.GetValue<long>()));
            case JsonValueKind.String:
                break;
            default:
                return value.ToJsonString();
        }

        var text = value.GetValue<string>();
        if (PartyId.TryParse(text, out var party)) return $"{v.Name(party)} {text}";
        if (currency is { } known && Amounts.Contains(name) && Amount.TryParse(text, out var amount)) return $"{Figures.Money(amount, known)} {Figures.Capital(amount, known)}";
        if (currency is { } money && Interval.TryParse(text, out var units)) return $"{text} ({Figures.Money(units.Amount, money)})";
        return ValueText.Find(name, text, within)?.In(v.Language) ?? text;
    }
}
