using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Node.Nouns;
using Ledger.Node.Views;

namespace Ledger.Node.Web;

/// <summary>What stands below an instrument's picture: its tokens, its legs, and what is owed, financed and paid on it.</summary>
static class TokenTables
{
    const int MostSteps = 100;

    public static Listing Of(Visit v, Instrument instrument)
    {
        var sheet = NounSheet.Of(v, Words.Tokens, Shown.HeldToken, "instrument", "obligor", "dueDate", "leg.from");
        return Listing.Of(v, Words.Tokens, null, [], sheet, v.Library.Tokens(instrument), (_, token) => sheet.Add((instrument, token)));
    }

    /// <summary>Every leg that moved any of the units, oldest first, as the back of a bill has them (背书).</summary>
    public static Sheet Legs(Visit v, Instrument instrument, Interval units, Word caption) =>
        NounSheet.Of(v, caption, Shown.LineageLeg).With(v.Library.Legs(instrument, units).Select((leg, place) => (instrument, leg, place + 1)));

    public static IEnumerable<Sheet> About(Visit v, Instrument instrument)
    {
        yield return NounSheet.Of(v, Words.Instructions, Shown.Instruction).With(v.Library.Instructions(instrument).Select(one => (instrument, one)));
        yield return NounSheet.Of(v, Words.Financings, Shown.Financing, "instrument").With(v.Library.FinancingsOn(instrument).OrderBy(one => one.AppliedAt));
        yield return NounSheet.Of(v, Words.Payments, Shown.Payment, "instrument").With(v.Library.PaymentsOn(instrument));
        yield return Documents(v, instrument.Documents);
        yield return History(v, ThingRef.To(instrument.Id));
    }

    /// <summary>The documents behind an act, as far as they are seen.</summary>
    public static Sheet Documents(Visit v, IEnumerable<DocumentUse> uses) =>
        NounSheet.Of(v, Words.Documents, Shown.Document).With(uses.Select(use => v.Library.Document(use.Document)).OfType<Document>());

    /// <summary>What touched a thing, oldest first.</summary>
    public static Sheet History(Visit v, ThingRef thing) => NounSheet.Of(v, Words.History, Shown.Step).With(v.Library.History(thing, MostSteps));
}
