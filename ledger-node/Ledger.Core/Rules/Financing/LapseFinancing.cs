using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>A reservation or commitment ran out before the money: the units are free again, and so is the line.</summary>
public sealed record FinancingLapsed(Id<Financing> Financing) : LedgerEvent;

public static partial class Rulebook
{
    static LedgerState Enact(LedgerState state, FinancingLapsed lapsed) => EndBeforePayout(state, FinancingNamed(state, lapsed.Financing), FinancingStatus.Lapsed);

    static LedgerState EndBeforePayout(LedgerState state, Financing financing, FinancingStatus how)
    {
        var kind = financing.Status == FinancingStatus.Applied ? EncumbranceKind.Reservation : EncumbranceKind.Commitment;
        state = LiftBurden(state, financing.Instrument, financing.Units, kind, financing.Id.Value);
        if (state.Reservation(financing.Id) is { } reservation) state = state.Without(reservation);
        return Occupy(state, financing with { Status = how }, Amount.Zero);
    }
}
