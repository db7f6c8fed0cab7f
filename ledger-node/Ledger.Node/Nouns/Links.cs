using System.Collections.Frozen;
using System.Globalization;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Nouns;

/// <summary>
/// Where things have their page, and the only place where an address with a query is put together: a page that writes one itself mixes the escapes of
/// addresses with those of HTML. Ids, numbers and parties hold nothing that an address would have to escape.
/// </summary>
public static class Links
{
    static readonly FrozenDictionary<Type, string> Pages = new Dictionary<Type, string>
    {
        [typeof(Instrument)] = "instruments",
        [typeof(Offer)] = "offers",
        [typeof(Measure)] = "measures",
        [typeof(Proposal)] = "proposals",
        [typeof(Financing)] = "financings",
        [typeof(Document)] = "documents",
    }.ToFrozenDictionary();

    /// <summary>The page of what an id names; null for what has none of its own.</summary>
    public static string? Of<TNoun>(Id<TNoun> id) => Pages.TryGetValue(typeof(TNoun), out var page) ? $"/{page}/{id}" : null;

    public static string Of(PartyId id) => $"/parties/{id}";

    public static string OfEntry(ulong leaf) => string.Create(CultureInfo.InvariantCulture, $"/entries/{leaf}");

    public static string OfBlock(ulong height) => string.Create(CultureInfo.InvariantCulture, $"/blocks/{height}");

    public static string OfReceipt(ulong leaf) => string.Create(CultureInfo.InvariantCulture, $"/entries/{leaf}/receipt");

    public static string Voucher(Id<Instrument> id) => $"/voucher/{id}";

    public static string Voucher(Id<Instrument> id, Interval units) => $"/voucher/{id}?units={units}";

    /// <summary>The signing page with the form of an act on a thing, and the thing's id in it.</summary>
    public static string Sign(string act, Id<Instrument> id) => $"/sign?act={act}&instrument={id}";

    public static string Sign(string act, Id<Offer> id) => $"/sign?act={act}&offer={id}";

    public static string Sign(string act, Id<Financing> id) => $"/sign?act={act}&financing={id}";
}
