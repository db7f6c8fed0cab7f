using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Http;

/// <summary>Tokens and legs in JSON, wherever they stand.</summary>
static class TokenJson
{
    /// <summary>What a token is told with.</summary>
    public static Member[] Members =>
    [
        Member.Interval("units"), Member.Amount("amount"), Member.Party("holder"), Member.Names<UnitState>("state"),
        new("leg", Schema.Object(
            "Leg", Member.Id("act"), Member.Names<TransferCause>("cause"), Member.Party("from"), Member.Number("depth"), Member.Bool("recourse"), Member.Uses("documents"),
            Member.Time("at"))),
        new("encumbrances", Schema.List(Schema.Object(
            "Encumbrance", Member.Names<EncumbranceKind>("kind"), Member.Id("reference"), Member.Party("beneficiary").Optional, Member.Number("rank").Optional, Member.Time("since"),
            Member.Time("until").Optional))),
        Member.Text("billStatus").Optional,
    ];

    /// <summary>A token; of a bill with the two codes under which the bill register keeps its interval.</summary>
    public static void WriteToken(Utf8JsonWriter json, Token token, Instrument instrument, LedgerState state)
    {
        WriteToken(json, token, state.Now);
        if (instrument.Bill is not null) WriteStatus(json, Rulebook.BillStatusOf(state, instrument, token));
    }

    /// <summary>The register's status pair, as it writes it.</summary>
    public static void WriteStatus(Utf8JsonWriter json, BillPair pair) => json.WriteString("billStatus", pair.ToString());

    static void WriteToken(Utf8JsonWriter json, Token token, Timestamp now)
    {
        var freezes = 0;
        json.Interval("units", token.Units);
        json.Amount("amount", token.Units.Amount);
        json.Party("holder", token.Holder);
        json.Name("state", token.State);
        json.WriteStartObject("leg");
        WriteLeg(json, token.Leg);
        json.WriteEndObject();
        json.Objects("encumbrances", token.Encumbrances, (json, burden) =>
        {
            json.Name("kind", burden.Kind);
            json.WriteString("reference", new Id<Encumbrance>(burden.Reference).ToString());
            json.Party("beneficiary", burden.Beneficiary);
            if (burden.Kind == EncumbranceKind.Freeze && burden.BindsAt(now)) json.WriteNumber("rank", ++freezes);
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
