using System.Globalization;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Cli;

/// <summary>Where a node answers, in one place.</summary>
static class NodePaths
{
    public static string Party(PartyId party) => $"v1/parties/{party}";

    public static string Document(Id<Document> document) => $"v1/documents/{document}";

    public static string Instrument(Id<Instrument> instrument) => $"v1/instruments/{instrument}";

    public static string Transaction(PartyId party, Id<Transaction> id) => $"v1/transactions/{party}/{id}";

    public static string Tokens(PartyId? holder, Id<Instrument>? instrument) =>
        "v1/tokens" + (holder, instrument) switch
        {
            ({ } party, { } id) => $"?holder={party}&instrument={id}",
            ({ } party, null) => $"?holder={party}",
            (null, { } id) => $"?instrument={id}",
            (null, null) => "",
        };

    public static string Lineage(Id<Instrument> instrument, uint? unit) =>
        $"v1/instruments/{instrument}/lineage" + (unit is { } one ? string.Create(CultureInfo.InvariantCulture, $"?unit={one}") : "");

    /// <summary>The collection of a kind of thing, by the name that people type.</summary>
    public static string Of(string kind, string id) => $"v1/{(kind == "party" ? "parties" : $"{kind}s")}/{Uri.EscapeDataString(id)}";
}
