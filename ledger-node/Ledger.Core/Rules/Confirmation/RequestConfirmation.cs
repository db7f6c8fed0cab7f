using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// A creditor asserts a claim and asks its debtor to confirm it (确权申请, <c>confirmation.request</c>). Sizes are those at the signing of the
/// contract: they decide whether the period of 条例 16 runs.
/// </summary>
public sealed record RequestConfirmation(
    Id<Instrument> Instrument,
    PartyId Obligor,
    Currency Currency,
    Amount Amount,
    DateOnly ContractSigned,
    SizeClass ObligorSize,
    SizeClass CreditorSize,
    Hash256 SupplierConsent,
    string Number = "",
    ValueList<Hash256> Terms = default) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [Instrument.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [new(act.Party, Obligor, Currency, Amount)];
}

public sealed record ConfirmationRequested(Instrument Instrument) : LedgerEvent;

/// <summary>The period of 条例 16 ended without an answer: a breach on record, and never a confirmation.</summary>
public sealed record ConfirmationOverdue(Id<Instrument> Instrument) : LedgerEvent;

public static partial class Rulebook
{
    const int LongestNumber = 64;

    static Verdict Judge(LedgerState state, Act act, RequestConfirmation request)
    {
        if (state.Instrument(request.Instrument) is not null) return Refusal.InstrumentIdInUse;
        if (state.Party(request.Obligor) is not { } obligor) return Verdict.No(Refusal.PartyNotFound, request.Obligor.Text);
        if (request.Obligor == act.Party) return Refusal.ObligorIsCreditor;
        if (!MayOwe(obligor)) return Refusal.ObligorRoleMissing;
        if (request.Amount.IsZero) return Refusal.AmountZero;
        if (request.ContractSigned > state.Today) return Refusal.ContractFromTheFuture;
        if (!IsNumberOfReceivable(request.Number)) return TextIsInvalid("number");
        if (state.IsNumberUsed(request.Number)) return Refusal.NumberInUse;

        var deadline = ClockRuns(request.ObligorSize, request.CreditorSize) ? ConfirmationDeadline(state) : default;
        return new ConfirmationRequested(new(
            request.Instrument, InstrumentKind.Receivable, InstrumentStatus.Requested, request.Obligor, act.Party, request.Currency, request.Amount,
            DateOnly.MinValue, DateOnly.MinValue, Transferable: true, request.Number, default, [], request.Terms,
            new(request.Amount, state.Now, request.ContractSigned, deadline, Overdue: false, Amount.Zero, Amount.Zero, default,
                default, DefencesWaived: false, default, request.SupplierConsent, default, DisputedLater: false, act.Agent),
            Bill: null));
    }

    static LedgerState Enact(LedgerState state, ConfirmationRequested requested) => state.With(requested.Instrument);

    static LedgerState Enact(LedgerState state, ConfirmationOverdue overdue)
    {
        var instrument = InstrumentNamed(state, overdue.Instrument);
        return state.With(instrument with { Confirmation = ClaimOf(instrument) with { Overdue = true } });
    }

    // What is numbered like a bill's package stays for bills: who names it first would have it for ever.
    static bool IsNumberOfReceivable(string number) => IsNoLonger(number, LongestNumber) && !HasFormOfPackageNumber(number);

    static bool MayOwe(Party party) => party.Has(Roles.CoreEnterprise | Roles.Bank) || party.Size == SizeClass.PublicBody;

    // 条例 2, 3, 16: a public body or a large enterprise towards a medium, small or micro one.
    static bool ClockRuns(SizeClass obligor, SizeClass creditor) =>
        obligor is SizeClass.Large or SizeClass.PublicBody && creditor is SizeClass.Medium or SizeClass.Small or SizeClass.Micro;

    // The last day ends at midnight; where the rules say so, a period that would end on a closed day ends with the next working day.
    static Timestamp ConfirmationDeadline(LedgerState state)
    {
        var last = state.Today.AddDays((int)state.Rules[RuleParameter.ConfirmationDays]);
        if (state.Rules.Is(RuleParameter.ConfirmationRollsOver)) last = state.Chain.Calendar.RollForward(last);
        return Timestamp.StartOf(last.AddDays(1), state.Chain.OffsetMinutes);
    }
}
