using System.Globalization;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Cli;

/// <summary>Where a node answers, in one place.</summary>
static class NodePaths
{
    /// <summary>The kinds of things that are shown one by one, as people type them.</summary>
    public static readonly string[] Kinds = ["party", "document", "instrument", "offer", "measure", "proposal", "pledge", "financing", "line", "payment", "block", "entry"];

    public static string Of(string kind, string id) => $"v1/{(kind.EndsWith('y') ? $"{kind[..^1]}ies" : $"{kind}s")}/{Uri.EscapeDataString(id)}";

    public static string Party(PartyId party) => Of("party", party.Text);

    public static string Document(Id<Document> document) => Of("document", document.ToString());

    public static string Instrument(Id<Instrument> instrument) => Of("instrument", instrument.ToString());

    public static string Transaction(PartyId party, Id<Transaction> id) => $"v1/transactions/{party}/{id}";

    /// <summary>A bank's word, for everybody, of where a leaf stands in the history of a size.</summary>
    public static string Word(ulong leaf, ulong size) => string.Create(CultureInfo.InvariantCulture, $"v1/proofs/{leaf}/cose?size={size}");

    public static string Draft(PartyId party, Id<Transaction> id) => $"v1/drafts/{party}/{id}";

    /// <summary>A list of things of a kind: all of them, with <c>?</c> and what they are chosen by.</summary>
    public static string List(string kinds, string by, PartyId party) => $"v1/{kinds}?{by}={party}";

    /// <summary>A list of what belongs to a party.</summary>
    public static string Of(PartyId party, string kinds) => $"{Party(party)}/{kinds}";

    public static string PaymentsOn(Id<Instrument> instrument) => $"{Instrument(instrument)}/payments";

    public static string Lineage(Id<Instrument> instrument, ulong? unit) =>
        $"{Instrument(instrument)}/lineage" + (unit is { } one ? string.Create(CultureInfo.InvariantCulture, $"?unit={one}") : "");
}
