using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>A reservation or commitment ran out before the money: the units are free again, and so is the line.</summary>
public sealed record FinancingLapsed(Id<Financing> Financing) : LedgerEvent<FinancingLapsed>, IEvent
{
    public static (string Chinese, string English) Words => ("融资已失效", "financing lapsed");

    public override LedgerState Enact(LedgerState state) => EndBeforePayout(state, FinancingNamed(state, Financing), FinancingStatus.Lapsed);

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Financing.Is(Financing)];
}

public static partial class Rulebook
{
    internal static LedgerState EndBeforePayout(LedgerState state, Financing financing, FinancingStatus how)
    {
        var kind = financing.Status == FinancingStatus.Applied ? EncumbranceKind.Reservation : EncumbranceKind.Commitment;
        state = LiftBurden(state, financing.Instrument, financing.Units, kind, financing.Id.Value);
        if (state.Reservation(financing.Id) is { } reservation) state = state.Without(reservation);
        return Occupy(state, financing with { Status = how }, Amount.Zero);
    }
}
