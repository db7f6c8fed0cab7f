using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Core.Primitives;

namespace Ledger.Evm;

/// <summary>Numbers and octets as JSON-RPC spells them. What is spelt otherwise is a <see cref="FormatException"/>.</summary>
static class EvmText
{
    static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");

    public static bool ContainsOnlyHex(this ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Hex);

    public static string Of(UInt128 quantity) => "0x" + quantity.ToString("x", CultureInfo.InvariantCulture);

    public static string Of(ReadOnlySpan<byte> octets) => "0x" + Convert.ToHexStringLower(octets);

    public static string Of(Hash256 hash) => "0x" + hash;

    public static ulong Number(JsonElement quantity) => Quantity(quantity) is var number && number <= ulong.MaxValue ? (ulong)number : throw Malformed(quantity);

    /// <summary>Up to 128 bits: no sum of money on any chain is larger.</summary>
    public static UInt128 Quantity(JsonElement quantity)
    {
        var digits = Digits(quantity);
        return digits.Length is > 0 and <= 32 ? UInt128.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : throw Malformed(quantity);
    }

    public static byte[] Octets(JsonElement data) => Digits(data) is var digits && digits.Length % 2 == 0 ? Convert.FromHexString(digits) : throw Malformed(data);

    public static Hash256 Hash(JsonElement data) => Octets(data) is { Length: Hash256.Size } octets ? Hash256.Read(octets) : throw Malformed(data);

    /// <summary>A member that must be there.</summary>
    public static JsonElement Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : throw new FormatException($"no {name}");

    public static JsonElement? Maybe(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    public static JsonObject Call(EvmAddress? from, EvmAddress? to, ReadOnlySpan<byte> data)
    {
        var call = new JsonObject { ["data"] = Of(data) };
        if (from is { } sender) call["from"] = sender.ToString();
        if (to is { } called) call["to"] = called.ToString();
        return call;
    }

    static ReadOnlySpan<char> Digits(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { } text || !text.StartsWith("0x", StringComparison.Ordinal)) throw Malformed(value);
        var digits = text.AsSpan(2);
        return digits.ContainsOnlyHex() ? digits : throw Malformed(value);
    }

    static FormatException Malformed(JsonElement value) => new($"{value.ValueKind} where a hexadecimal value belongs");
}
