using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

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
    ValueList<Hash256> Terms = default) : Operation<RequestConfirmation>, IVerb
{
    public static Verb Verb { get; } = new("confirmation.request", "确权申请", "request confirmation", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [Instrument.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [new(act.Party, Obligor, Currency, Amount)];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not null) return Refusal.InstrumentIdInUse;
        if (state.Party(Obligor) is not { } obligor) return Verdict.No(Refusal.PartyNotFound, Obligor.Text);
        if (Obligor == act.Party) return Refusal.ObligorIsCreditor;
        if (!MayOwe(obligor)) return Refusal.ObligorRoleMissing;
        if (Amount.IsZero) return Refusal.AmountZero;
        if (ContractSigned > state.Today) return Refusal.ContractFromTheFuture;
        if (!IsNumberOfReceivable(Number)) return TextIsInvalid("number");
        if (state.IsNumberUsed(Number)) return Refusal.NumberInUse;

        var deadline = ClockRuns(ObligorSize, CreditorSize) ? ConfirmationDeadline(state) : default;
        return new ConfirmationRequested(new(
            Instrument, InstrumentKind.Receivable, InstrumentStatus.Requested, Obligor, act.Party, Currency, Amount,
            DateOnly.MinValue, DateOnly.MinValue, Transferable: true, Number, default, [], Terms,
            new(Amount, state.Now, ContractSigned, deadline, Overdue: false, Amount.Zero, Amount.Zero, default,
                default, DefencesWaived: false, default, SupplierConsent, default, DisputedLater: false, act.Agent),
            Bill: null));
    }
}

public sealed record ConfirmationRequested(Instrument Instrument) : LedgerEvent<ConfirmationRequested>, IEvent
{
    public static (string Chinese, string English) Words => ("已申请确权", "confirmation requested");

    public override LedgerState Enact(LedgerState state) => state.With(Instrument);

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.Instrument.Is(Instrument.Id), Details.Obligor.Is(Instrument.Obligor), Details.Currency.Is(Instrument.Currency),
        Details.Amount.Is(ClaimOf(Instrument).Requested), Details.Deadline.Is(ClaimOf(Instrument).Deadline),
    ];
}

/// <summary>The period of 条例 16 ended without an answer: a breach on record, and never a confirmation.</summary>
public sealed record ConfirmationOverdue(Id<Instrument> Instrument) : LedgerEvent<ConfirmationOverdue>, IEvent
{
    public static (string Chinese, string English) Words => ("确权已逾期", "confirmation overdue");

    public override LedgerState Enact(LedgerState state)
    {
        var instrument = InstrumentNamed(state, Instrument);
        return state.With(instrument with { Confirmation = ClaimOf(instrument) with { Overdue = true } });
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Instrument.Is(Instrument)];
}

public static partial class Rulebook
{
    const int LongestNumber = 64;

    // What is numbered like a bill's package stays for bills: who names it first would have it for ever.
    internal static bool IsNumberOfReceivable(string number) => ShownText.IsNoLonger(number, LongestNumber) && !HasFormOfPackageNumber(number);

    internal static bool MayOwe(Party party) => party.Has(Roles.CoreEnterprise | Roles.Bank) || party.Size == SizeClass.PublicBody;

    // 条例 2, 3, 16: a public body or a large enterprise towards a medium, small or micro one.
    internal static bool ClockRuns(SizeClass obligor, SizeClass creditor) =>
        obligor is SizeClass.Large or SizeClass.PublicBody && creditor is SizeClass.Medium or SizeClass.Small or SizeClass.Micro;

    // The last day ends at midnight; where the rules say so, a period that would end on a closed day ends with the next working day.
    internal static Timestamp ConfirmationDeadline(LedgerState state)
    {
        var last = state.Today.AddDays((int)state.Rules[RuleParameter.ConfirmationDays]);
        if (state.Rules.Is(RuleParameter.ConfirmationRollsOver)) last = state.Chain.Calendar.RollForward(last);
        return Timestamp.StartOf(last.AddDays(1), state.Chain.OffsetMinutes);
    }
}
