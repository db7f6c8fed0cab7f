using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Money;
using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Cli;

/// <summary>An entry of the chain as people read it: who acted, what was done, how much in figures and in capital characters.</summary>
static class EntryText
{
    /// <summary>Null when the leaf is no entry of this chain that can be read.</summary>
    public static JsonObject? Of(ReadOnlyMemory<byte> leaf, CryptoSuite suite, Hash256 chainId, Language language)
    {
        if (!EntryLeaf.TryRead(leaf, out var entry)) return null;
        if (TransactionText.Read(entry.Transaction.Memory, suite, chainId, out _) is not { } signed) return null;

        var answer = new JsonObject
        {
            ["code"] = entry.Code,
            ["answer"] = RefusalText.Of((Refusal)entry.Code, Facts.None, language, offsetMinutes: 0),
        };
        if (entry.Code != 0) answer["operation"] = entry.OperationIndex;
        answer["signers"] = new JsonArray([.. signed.Signers.Select(signer => (JsonNode)signer.ToString())]);
        foreach (var (name, value) in Of(signed.Body, language)) answer[name] = value?.DeepClone();
        return answer;
    }

    /// <summary>All that a transaction says, in words: what whoever signs it signs.</summary>
    public static JsonObject Of(Transaction transaction, Language language)
    {
        var body = JsonSerializer.SerializeToNode(transaction, WireJson.TypeInfo<Transaction>())?.AsObject() ?? [];
        foreach (var operation in body["operations"]?.AsArray().OfType<JsonObject>() ?? []) Explain(operation, language);
        body["expires"] = TimeText.Of(transaction.Expires, offsetMinutes: 480) + " +08:00";
        return body;
    }

    /// <summary>The chain that a transaction says it is for; a receipt with a policy alone has no other way to know.</summary>
    public static Hash256? ChainOf(ReadOnlySpan<byte> transaction)
    {
        try
        {
            var header = JsonNode.Parse(transaction)?["signatures"]?[0]?["protected"]?.GetValue<string>();
            return Base64Url.TryDecode(header, out var json) && Hash256.TryParse(JsonNode.Parse(json)?["chain"]?.GetValue<string>(), out var chain) ? chain : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    static void Explain(JsonObject operation, Language language)
    {
        var kind = operation["kind"]?.GetValue<string>() ?? "";
        operation["verb"] = VerbText.Of(kind, language);
        foreach (var name in (ReadOnlySpan<string>)["amount", "total", "cap"])
        {
            if (operation[name] is not JsonValue digits || !Amount.TryParse(digits.GetValue<string>(), out var amount)) continue;
            if (Currency.TryParse(operation["currency"]?.GetValue<string>(), out var currency)) operation[name] = Money(amount, currency);

            // Only the instrument or document that the operation names knows the currency.
            else operation[name] = language == Language.Chinese ? $"{amount} 个最小单位（人民币则为 {Money(amount, Currency.Cny)}）" : $"{amount} minor units (in CNY: {Money(amount, Currency.Cny)})";
        }
    }

    static string Money(Amount amount, Currency currency) => currency == Currency.Cny
        ? $"{MoneyText.FormatWithSymbol(amount, currency)} {CapitalAmount.Of(amount, CapitalStyle.Payment)}"
        : MoneyText.FormatWithSymbol(amount, currency);
}
