using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>The day on which an instrument was payable ended and something is still owed: one event for an obligor, an instrument and a due date.</summary>
public sealed record PaymentBecameOverdue(Id<Instrument> Instrument) : LedgerEvent<PaymentBecameOverdue>, IEvent
{
    public static (string Chinese, string English) Words => ("付款已逾期", "payment overdue");

    public override LedgerState Enact(LedgerState state)
    {
        var instrument = InstrumentNamed(state, Instrument);
        var maturity = MaturityOf(state, instrument);
        var unpaid = Amount.Zero;
        foreach (var token in TokensNamed(state, instrument.Id).Span)
        {
            if (token.State == UnitState.Live) unpaid += token.Units.Amount;
        }

        return state.With(maturity with { Missed = maturity.Missed.Add(new(instrument.DueDate, unpaid)) });
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Instrument.Is(Instrument)];
}

public static partial class Rulebook
{
    /// <summary>What was paid in time and posted later was not missed; when such a payment goes back it was.</summary>
    internal static LedgerState CountPaidInTime(LedgerState state, Payment payment, bool isBack)
    {
        if (state.Maturity(payment.Instrument) is not { Missed.Count: > 0 } maturity) return state;
        var retired = payment.Shares.Aggregate(Amount.Zero, static (sum, share) => sum + Sum(share.Retired));
        if (retired.IsZero) return state;

        ValueList<MissedDate> missed = [.. maturity.Missed.Select(one => payment.ValueDate > state.PayableOn(one.DueDate) ? one : one with
        {
            Unpaid = isBack ? one.Unpaid + retired : Amount.Remaining(one.Unpaid, retired),
        })];
        return missed == maturity.Missed ? state : state.With(maturity with { Missed = missed });
    }

    internal static Maturity MaturityOf(LedgerState state, Instrument instrument) =>
        state.Maturity(instrument.Id) ?? new(instrument.Id, LateRate: null, [], DateOnly.MaxValue, []);
}
