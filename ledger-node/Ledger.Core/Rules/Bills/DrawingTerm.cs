using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The time in which a drawn bill is delivered is over. One that is not delivered is cancelled and its documents are free; only what the register has
/// been told, or tells otherwise, waits for it another term.
/// </summary>
public sealed record DrawingTermEnded(Id<Instrument> Instrument) : LedgerEvent<DrawingTermEnded>, IEvent
{
    public static (string Chinese, string English) Words => ("出票未交付，期限届满", "drawn and not delivered in time");

    public override LedgerState Enact(LedgerState state)
    {
        var instrument = InstrumentNamed(state, Instrument);
        if (!IsDrawingOver(state, instrument))
        {
            var bill = BillOf(instrument);
            var again = bill.DrawnUntil.Add(state.Rules[RuleParameter.OfferMaximumDays] * Timestamp.Day);
            return state.With(instrument with { Bill = bill with { DrawnUntil = again } });
        }

        if (state.Offer(instrument.IssueOffer) is { Status: OfferStatus.Open } asked) state = state.With(asked with { Status = OfferStatus.Expired });
        return EndPackage(state, instrument);
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Instrument.Is(Instrument)];
}

public static partial class Rulebook
{
    /// <summary>
    /// How long a drawing holds its documents, without their seller's word: as long as an offer could. Where genesis names a register the bill
    /// is one there until it is due, for so long it can still be delivered, and its documents back nothing else.
    /// </summary>
    internal static Timestamp DrawingTerm(LedgerState state, DateOnly dueDate)
    {
        var due = Timestamp.StartOf(dueDate, state.Chain.OffsetMinutes);
        if (state.Chain.BillRegister is not null) return due;
        var term = state.Now.Add(state.Rules[RuleParameter.OfferMaximumDays] * Timestamp.Day).CeilingMinute();
        return term < due ? term : due;
    }

    /// <summary>Whether a drawing ran out, whether or not its deadline has fired.</summary>
    internal static bool IsDrawingOver(LedgerState state, Instrument drawn) =>
        drawn.Status == InstrumentStatus.Offered && BillOf(drawn).DrawnUntil <= state.Now && !WaitsForRegister(state, drawn);

    // What has been agreed and instructed the register carries out or refuses, and what it tells otherwise somebody looks at.
    static bool WaitsForRegister(LedgerState state, Instrument drawn) =>
        BillOf(drawn).Mismatch || state.Offer(drawn.IssueOffer) is { Status: OfferStatus.AwaitsRegister };
}
