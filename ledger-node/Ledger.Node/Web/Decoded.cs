using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Node.Web;

/// <summary>What was signed, member by member, with names beside parties and money beside amounts.</summary>
static class Decoded
{
    static readonly string[] Amounts = ["amount", "total", "principal", "cap", "limit", "perAct", "perDay"];

    public static IReadOnlyList<(string Verb, IReadOnlyList<(string Name, string Value)> Members)> Of(Visit v, Transaction transaction)
    {
        using var payload = JsonDocument.Parse(TransactionText.WritePayload(transaction));
        return [.. payload.RootElement.GetProperty("operations").EnumerateArray().Select(operation =>
        {
            var currency = operation.TryGetProperty("currency", out var code) && Currency.TryParse(code.GetString(), out var read) ? read : (Currency?)null;
            (string, string)[] members = [.. operation.EnumerateObject().Where(member => member.Name != "kind").Select(member => (member.Name, Shown(v, member.Name, member.Value, currency)))];
            return (operation.GetProperty("kind").GetString() ?? "", (IReadOnlyList<(string, string)>)members);
        })];
    }

    static string Shown(Visit v, string name, JsonElement value, Currency? currency)
    {
        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array) return value.GetRawText();
        if (value.ValueKind == JsonValueKind.Number && name is "expires" or "until" or "committedUntil" or "statedAt") return v.Time(new(value.GetInt64()));
        if (value.ValueKind != JsonValueKind.String) return value.GetRawText();
        var text = value.GetString() ?? "";
        if (PartyId.TryParse(text, out var party)) return $"{v.Name(party)} {text}";
        if (currency is { } known && Amounts.Contains(name) && Amount.TryParse(text, out var amount)) return $"{Figures.Money(amount, known)} {Figures.Capital(amount, known)}";
        return text;
    }
}
