using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>The day on which an instrument was payable ended and something is still owed: one event for an obligor, an instrument and a due date.</summary>
public sealed record PaymentBecameOverdue(Id<Instrument> Instrument) : LedgerEvent;

public static partial class Rulebook
{
    static LedgerState Enact(LedgerState state, PaymentBecameOverdue overdue)
    {
        var instrument = InstrumentNamed(state, overdue.Instrument);
        var maturity = MaturityOf(state, instrument);
        return state.With(maturity with { OverdueOn = maturity.OverdueOn.Add(instrument.DueDate) });
    }

    static Maturity MaturityOf(LedgerState state, Instrument instrument) =>
        state.Maturity(instrument.Id) ?? new(instrument.Id, LateRate: null, [], DateOnly.MaxValue, []);
}
