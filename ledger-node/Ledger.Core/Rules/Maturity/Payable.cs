using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

// The list of the insolvent is asked here and written nowhere else: an entry that ends leaves every instrument as it was.
public static partial class Rulebook
{
    /// <summary>
    /// Since when a party is insolvent, null while it is not: the measure that entered it must be in force, and one that ends it must not be yet.
    /// </summary>
    static DateOnly? InsolventSince(LedgerState state, PartyId party) =>
        state.ListEntry(ListKind.Insolvent, party) is { } entry && state.Measure(entry.Measure) is { } measure
        && measure.IsInForceAt(state.Now) == (measure.Kind == MeasureKind.Insolvency) ? entry.From : null;

    internal static bool IsInsolvent(LedgerState state, PartyId party) => InsolventSince(state, party) is not null;

    /// <summary>When an instrument falls due: what is not due yet is due when a petition against its obligor is accepted (企业破产法 46).</summary>
    internal static DateOnly DueOn(LedgerState state, Instrument instrument) =>
        InsolventSince(state, instrument.Obligor) is { } since && since < instrument.DueDate ? since : instrument.DueDate;

    /// <summary>The day from which late interest can run: the last on which payment is in time.</summary>
    public static DateOnly PayableDay(LedgerState state, Instrument instrument)
    {
        var payable = state.PayableOn(instrument.DueDate);
        return InsolventSince(state, instrument.Obligor) is { } since && since < payable ? since : payable;
    }

    internal static bool IsPastPayable(LedgerState state, Instrument instrument) => state.Today > PayableDay(state, instrument);

    /// <summary>Late interest a day: what was agreed, or what the rules of the due date say (条例 17).</summary>
    static Rate LateRate(LedgerState state, Instrument instrument, Maturity maturity) =>
        maturity.LateRate ?? new((uint)state.RulesAt(instrument.DueDate)[RuleParameter.LateInterestMillionths]);

    /// <summary>Interest stops growing with the petition (企业破产法 46).</summary>
    static DateOnly InterestStops(LedgerState state, Instrument instrument, Maturity maturity) =>
        InsolventSince(state, instrument.Obligor) is { } since && since < maturity.InterestStops ? since : maturity.InterestStops;

    /// <summary>To whom units are paid: to him who holds the first pledge on them, else to their holder (民法典 445).</summary>
    internal static PartyId PayeeOf(LedgerState state, Token token)
    {
        foreach (var burden in token.Encumbrances)
        {
            if (burden.Kind == EncumbranceKind.Pledge && burden.BindsAt(state.Now)) return burden.Beneficiary;
        }

        return token.Holder;
    }

    /// <summary>Since when whoever is paid for units has been entitled to it. A successor stands where its predecessor stood.</summary>
    static DateOnly EntitledSince(LedgerState state, Token token)
    {
        foreach (var burden in token.Encumbrances)
        {
            if (burden.Kind == EncumbranceKind.Pledge && burden.BindsAt(state.Now)) return state.Chain.DateOf(burden.Since);
        }

        return token.Leg.Cause == TransferCause.Succession ? DateOnly.MinValue : state.Chain.DateOf(token.Leg.At);
    }

    /// <summary>The bank that holds a party's account: a bank is its own, everybody else's is its sponsor.</summary>
    public static PartyId BankOf(LedgerState state, PartyId id)
    {
        var party = PartyNamed(state, id);
        return party.Has(Roles.Bank) ? party.Id : party.Sponsor;
    }
}
