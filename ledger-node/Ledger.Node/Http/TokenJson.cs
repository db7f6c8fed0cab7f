using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Node.Http;

/// <summary>Tokens and legs in JSON, wherever they stand.</summary>
static class TokenJson
{
    public static void WriteToken(Utf8JsonWriter json, Token token)
    {
        json.Interval("units", token.Units);
        json.Amount("amount", token.Units.Amount);
        json.Party("holder", token.Holder);
        json.Name("state", token.State);
        json.WriteStartObject("leg");
        WriteLeg(json, token.Leg);
        json.WriteEndObject();
        json.Objects("encumbrances", token.Encumbrances, static (json, burden) =>
        {
            json.Name("kind", burden.Kind);
            json.WriteString("reference", new Id<Encumbrance>(burden.Reference).ToString());
            json.Party("beneficiary", burden.Beneficiary);
            json.WriteNumber("rank", burden.Rank);
            json.Time("since", burden.Since);
            if (burden.Until != Core.Parties.PartyKey.Forever) json.Time("until", burden.Until);
        });
    }

    public static void WriteLeg(Utf8JsonWriter json, Leg leg)
    {
        json.Id("act", leg.Act);
        json.Name("cause", leg.Cause);
        json.Party("from", leg.From);
        json.WriteNumber("depth", leg.Depth);
        json.WriteBoolean("recourse", leg.Recourse);
        json.Uses("documents", leg.Documents);
        json.Time("at", leg.At);
    }
}
