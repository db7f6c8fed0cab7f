using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Node.Nouns;

namespace Ledger.Node.Web;

/// <summary>
/// What the ledger has of the things that a payload only names: what money an amount is, who is on the other side, and in rows what a checker must know
/// before he signs. A visitor is told of what he may see; of the rest nothing is said.
/// </summary>
static class SignThings
{
    /// <summary>A transaction has at most so many operations, and each names few things.</summary>
    public const int Most = 200;

    static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json(Visit v)
    {
        var names = new JsonObject();
        foreach (var party in Asked(v, "parties"))
        {
            if (v.Library.Party(party) is { } known) names[party] = known.Name;
        }

        return new JsonObject { ["things"] = Of(v, Asked(v, "ids")), ["names"] = names }.ToJsonString(Options);
    }

    public static JsonObject Of(Visit v, IEnumerable<string> ids)
    {
        var things = new JsonObject();
        foreach (var id in ids.Distinct(StringComparer.Ordinal).Take(Most))
        {
            if (Find(v, id) is { } thing) things[id] = thing;
        }

        return things;
    }

    static IEnumerable<string> Asked(Visit v, string name) =>
        v.Query(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).Take(Most) ?? [];

    static JsonObject? Find(Visit v, string id) =>
        v.Library.Instrument(id) is { } instrument ? Of(v, instrument)
        : v.Library.Offer(id) is { } offer ? Of(v, offer)
        : v.Library.Financing(id) is { } financing ? Of(v, financing)
        : v.Library.Document(id) is { } document ? Of(v, document)
        : null;

    static JsonObject Of(Visit v, Instrument one) => Thing(
        one.Currency, one.Confirmation?.Requested ?? one.Face, one.Obligor,
        (v[Words.Kind], v[Names.Of(one.Kind)]), (v[Words.Status], v[Names.Of(one.Status)]), (v[Words.Obligor], Party(v, one.Obligor)), (v[Words.Creditor], Party(v, one.Creditor)),
        (v[Words.Face], Money(one.Confirmation?.Requested ?? one.Face, one.Currency)), (v[Words.IssueDate], Figures.Date(one.IssueDate)), (v[Words.DueDate], Figures.Date(one.DueDate)));

    static JsonObject Of(Visit v, Offer one) => Thing(
        one.Currency, one.Amount, one.From,
        [
            (v[Words.Kind], v[Names.Of(one.Kind)]), (v[Words.Status], v[Names.Of(one.Status)]), (v[Words.From], Party(v, one.From)), (v[Words.To], Party(v, one.To)),
            (v[Words.Amount], Money(one.Amount, one.Currency)), (v[Words.Instrument], one.Instrument == default ? Figures.Nothing : one.Instrument.ToString()),
            (v[Words.Interval], string.Join(' ', one.Units)), .. one.Instrument == default ? [] : new[] { (v[Words.CameBy], v[Names.Of(one.Cause)]) },
            .. one.Documents.Select(use => (v[Words.Document], $"{use.Document} {Money(use.Amount, one.Currency)}")), (v[Words.Expires], v.Time(one.Expires)),
        ]);

    static JsonObject Of(Visit v, Financing one) => Thing(
        one.Currency, one.Principal, one.Applicant,
        (v[Words.Form], v[Names.Of(one.Form)]), (v[Words.Status], v[Names.Of(one.Status)]), (v[Words.Applicant], Party(v, one.Applicant)), (v[Words.Financier], Party(v, one.Financier)),
        (v[Words.Principal], Money(one.Principal, one.Currency)), (v[Words.Instrument], one.Instrument.ToString()), (v[Words.Interval], string.Join(' ', one.Units)),
        (v[Words.AppliedAt], v.Time(one.AppliedAt)), (v[Words.EndsOn], Figures.Date(one.End)), (v[Words.HiddenTerms], v[Words.DigestsOf, one.Terms.Count]));

    static JsonObject Of(Visit v, Document one) => Thing(
        one.Currency, one.NetTotal, one.Seller,
        (v[Words.Kind], v[Names.Of(one.Kind)]), (v[Words.Seller], Party(v, one.Seller)), (v[Words.Buyer], Party(v, one.Buyer)), (v[Words.Total], Money(one.NetTotal, one.Currency)),
        (v[Words.Available], Money(one.Available, one.Currency)), (v[Words.Date], Figures.Date(one.Date)), (v[Words.AttestedBy], Party(v, one.Attester)));

    static JsonObject Thing(Currency currency, Amount amount, PartyId from, params ReadOnlySpan<(string Label, string Text)> facts)
    {
        var rows = new JsonArray();
        foreach (var (label, text) in facts) rows.Add((JsonNode)new JsonArray(label, text));
        return new() { ["currency"] = currency.Code, ["amount"] = amount.ToString(), ["from"] = from.Text, ["facts"] = rows };
    }

    static string Party(Visit v, PartyId party) => $"{v.Name(party)} {party}";

    static string Money(Amount amount, Currency currency) =>
        Figures.Capital(amount, currency) is { } capital ? $"{Figures.Money(amount, currency)}（{capital}）" : Figures.Money(amount, currency);
}
