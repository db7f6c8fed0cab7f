using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// What an obligor is to pay for one token: to whom, and to the account of which this is the salted digest. The ledger moves no money; it says what
/// is due (兑付指令). <paramref name="Announced"/> is what banks say is on its way for it and the payee's side has not confirmed: it is due all the same.
/// </summary>
public sealed record PaymentInstruction(Interval Units, PartyId Payee, Hash256 Account, Amount Costs, Amount Interest, Amount Principal, Amount Announced)
{
    public Amount Total => Costs + Interest + Principal;
}

public static partial class Rulebook
{
    /// <summary>
    /// One instruction for each live token from the due date on, with late interest as of <paramref name="on"/>; none before, and none for what is not
    /// owed. They follow from the state and are no record of it.
    /// </summary>
    public static ValueList<PaymentInstruction> Instructions(LedgerState state, Id<Instrument> instrument, DateOnly on)
    {
        if (state.Instrument(instrument) is not { Status: InstrumentStatus.Active } debt || state.Tokens(instrument) is not { } tokens) return [];
        if (on < DueOn(state, debt)) return [];
        var whole = Interval.OfWhole(tokens.Face);
        var parts = Due(state, debt, Pieces(state, debt, whole), whole, on);
        var announced = SharedOut(state, parts, OpenShares(state, instrument));
        return [.. parts.Select((part, i) => Instruct(state, part, announced[i]))];
    }

    static PaymentInstruction Instruct(LedgerState state, Part part, Amount announced)
    {
        var payee = PartyNamed(state, PayeeOf(state, part.Token));
        return new(part.Units, payee.Id, payee.Account, part.Costs, part.Interest, part.Units.Amount, announced);
    }
}
