using System.Globalization;
using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Node.Nouns;

/// <summary>
/// How values are written in every answer: amounts as strings of minor units, hashes in hexadecimal, keys and signatures in base64url, times in unix
/// milliseconds, dates as <c>yyyy-MM-dd</c>, enums as their member's name in camel case. What is not there is left out.
/// </summary>
static class ApiJson
{
    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static void Name<T>(this Utf8JsonWriter json, string name, T value)
        where T : struct, Enum => json.WriteString(name, Name(value));

    public static void Text(this Utf8JsonWriter json, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text)) json.WriteString(name, text);
    }

    public static void Party(this Utf8JsonWriter json, string name, PartyId party)
    {
        if (party != default) json.WriteString(name, party.Text);
    }

    public static void Id<T>(this Utf8JsonWriter json, string name, Id<T> id)
    {
        if (id.Value != 0) json.WriteString(name, id.ToString());
    }

    public static void Amount(this Utf8JsonWriter json, string name, Amount amount) => json.WriteString(name, amount.ToString());

    public static void Hash(this Utf8JsonWriter json, string name, Hash256 hash)
    {
        if (!hash.IsZero) json.WriteString(name, hash.ToString());
    }

    public static void Time(this Utf8JsonWriter json, string name, Timestamp time)
    {
        if (time != default) json.WriteNumber(name, time.UnixMilliseconds);
    }

    public static void Date(this Utf8JsonWriter json, string name, DateOnly date)
    {
        if (date != DateOnly.MinValue) json.WriteString(name, date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    public static void Interval(this Utf8JsonWriter json, string name, Interval units) => json.WriteString(name, units.ToString());

    public static void Units(this Utf8JsonWriter json, string name, ValueList<Interval> units) =>
        json.List(name, units, static (json, one) => json.WriteStringValue(one.ToString()));

    public static void Parties(this Utf8JsonWriter json, string name, IEnumerable<PartyId> parties) =>
        json.List(name, parties, static (json, party) => json.WriteStringValue(party.Text));

    public static void Uses(this Utf8JsonWriter json, string name, ValueList<DocumentUse> uses) => json.List(name, uses, static (json, use) =>
    {
        json.WriteStartObject();
        json.Id("document", use.Document);
        json.Amount("amount", use.Amount);
        json.WriteEndObject();
    });

    /// <summary>Salted digests of hidden terms, spelled as they are in the payload (RFC 9901).</summary>
    public static void Terms(this Utf8JsonWriter json, ValueList<Hash256> digests)
    {
        if (digests.Count > 0) json.Digests("_sd", digests);
    }

    public static void Digests(this Utf8JsonWriter json, string name, ValueList<Hash256> digests) =>
        json.List(name, digests, static (json, digest) => json.WriteStringValue(Base64Url.Encode(digest.ToBytes())));

    public static void Ids<T>(this Utf8JsonWriter json, string name, IEnumerable<Id<T>> ids) =>
        json.List(name, ids, static (json, id) => json.WriteStringValue(id.ToString()));

    public static void Dates(this Utf8JsonWriter json, string name, IEnumerable<DateOnly> dates) =>
        json.List(name, dates, static (json, date) => json.WriteStringValue(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));

    public static void List<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items) write(json, item);
        json.WriteEndArray();
    }

    /// <summary>An array of objects.</summary>
    public static void Objects<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> members)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            members(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A ledger time; where it was set for a story, the answer says so beside it.</summary>
    public static void LedgerTime(this Utf8JsonWriter json, LedgerReader ledger, Timestamp time)
    {
        json.Time("ledgerTime", time);
        if (ledger.IsClockHeld) json.WriteString("clock", "held");
    }

    /// <summary>As of when an answer is true.</summary>
    public static void AsOf(this Utf8JsonWriter json, NodeView view)
    {
        json.WriteNumber("height", view.Header.Height);
        json.Time("ledgerTime", view.State.Now);
    }
}
