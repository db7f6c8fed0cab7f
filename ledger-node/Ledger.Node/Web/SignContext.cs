using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Disclosures;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Node.Nouns;

namespace Ledger.Node.Web;

/// <summary>
/// What the signing page tells the browser of the ledger: the chain, its time, names of parties, and the thing that an act is about. The browser
/// shows in words what it signs from the payload itself; from here come only names and the instrument's currency.
/// </summary>
static class SignContext
{
    // The names of more parties would only make the page slow; whose name is missing is shown by its number.
    const int MostParties = 500;

    const int MostDocuments = 50;

    static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json(Visit v)
    {
        var context = new JsonObject
        {
            ["chain"] = v.Ledger.Genesis.Chain.ChainId.ToString(),
            ["suite"] = v.Ledger.Genesis.Chain.Suite.Name,
            ["ledgerTime"] = v.Ledger.LedgerTime.UnixMilliseconds,
            ["offsetMinutes"] = v.OffsetMinutes,
            ["today"] = Figures.Date(v.State.Chain.DateOf(v.Ledger.LedgerTime)),
            ["language"] = v.Tag,
            ["party"] = v.Party?.Text,
            ["act"] = v.Query("act"),
            ["bank"] = v.Ledger.Bank.Text,
        };
        var names = new JsonObject();
        foreach (var (id, party) in v.Library.Parties(null, MostParties)) names[id] = party?.Name;
        context["names"] = names;
        string[] nouns = ["offer", "instrument", "financing"];
        context["things"] = SignThings.Of(v, nouns.Select(v.Query).OfType<string>());
        if (v.Query("offer") is { } offerId && v.Library.Offer(offerId) is { } offer) Add(v, context, offer);
        if (v.Query("instrument") is { } instrumentId && v.Library.Instrument(instrumentId) is { } instrument) Add(v, context, instrument);
        if (v.Query("financing") is { } financingId && v.Library.Financing(financingId) is { } financing)
        {
            context["financing"] = financing.Id.ToString();
            context["amount"] = financing.Principal.ToString();
            context["currency"] = financing.Currency.Code;
            context["from"] = financing.Applicant.Text;
            context["to"] = financing.Financier.Text;
            if (v.Sight.SeesHidden(financing)) context["figures"] = Computed(v, financing);
        }

        if (v.Query("payment") is { } announced && Id<Payment>.TryParse(announced, out _)) context["payment"] = announced;
        if (v.Query("payee") is { } payee && PartyId.TryParse(payee, out _)) context["payee"] = payee;

        return context.ToJsonString(Options);
    }

    // As if the act were done now: paid out, or the money back today.
    static JsonObject? Computed(Visit v, Financing financing)
    {
        var state = v.Ledger.View.State;
        if (v.Disclosures?.Reckon(state.At(state.Height, v.Ledger.LedgerTime), financing).IfDoneNow is not { } here) return null;
        var figures = new JsonObject();
        foreach (var term in FinancingCase.Figures)
        {
            var figure = here.Of(term);
            figures[term.Name()] = figure is Figure.Computed { Amount: var amount }
                ? new JsonObject { ["amount"] = amount.ToString() }
                : new JsonObject
                {
                    ["why"] = v.Language == Language.Chinese ? figure?.Why.Chinese : figure?.Why.English,

                    // Money in parts has no such figure, and where nothing was agreed there is nothing to sign.
                    ["mayLack"] = figure is Figure.Beyond || financing.Terms.Count == 0,
                };
        }

        return figures;
    }

    static void Add(Visit v, JsonObject context, Offer offer)
    {
        context["offer"] = offer.Id.ToString();
        context["offerKind"] = v[Names.Of(offer.Kind)];
        context["from"] = offer.From.Text;
        context["to"] = offer.To.Text;
        context["amount"] = offer.Amount.ToString();
        context["currency"] = offer.Currency.Code;
        context["units"] = string.Join(' ', offer.Units);
    }

    static void Add(Visit v, JsonObject context, Instrument instrument)
    {
        context["instrument"] = instrument.Id.ToString();
        context["obligor"] = instrument.Obligor.Text;
        context["currency"] = instrument.Currency.Code;
        context["face"] = (instrument.Confirmation?.Requested ?? instrument.Face).ToString();
        context["dueDate"] = Figures.Date(instrument.DueDate);
        var documents = new JsonArray();
        foreach (var use in v.Library.Tokens(instrument).SelectMany(token => token.Leg.Documents).Select(use => use.Document).Distinct().Take(MostDocuments)) documents.Add((JsonNode)use.ToString());

        context["documents"] = documents;
    }
}
