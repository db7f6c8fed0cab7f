using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// A drawer registers a bill (出票登记, <c>bill.register</c>): an unconditional order to <paramref name="Acceptor"/> to pay <paramref name="Payee"/>,
/// with every particular of 票据法 22. Its package of 0.01-yuan bills is what the units are. A supply-chain bill brings its trade background, whose
/// seller is the payee and whose buyer is the drawer (票据法 10). Nobody owes anything before acceptance and delivery, and what the drawing holds it
/// holds for its term only.
/// </summary>
public sealed record RegisterBill(
    Id<Instrument> Instrument,
    string PackageNumber,
    PartyId Acceptor,
    PartyId Payee,
    Currency Currency,
    Amount Amount,
    DateOnly IssueDate,
    DateOnly DueDate,
    bool Transferable,
    bool Undivided,
    ValueList<DocumentUse> Documents,
    ValueList<Hash256> Terms = default) : Operation<RegisterBill>, IVerb
{
    public static Verb Verb { get; } = new("bill.register", "出票登记", "register a bill", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [Instrument.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [Stake.Nothing(act.Party, Payee)];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not null) return Refusal.InstrumentIdInUse;
        if (state.Party(Acceptor) is not { } acceptor) return Verdict.No(Refusal.PartyNotFound, Acceptor.Text);
        if (state.Party(Payee) is null) return Verdict.No(Refusal.PartyNotFound, Payee.Text);
        if (!MayOwe(acceptor)) return Refusal.ObligorRoleMissing;
        if (Payee == Acceptor || Payee == act.Party) return Refusal.ObligorIsCreditor;
        if (Amount.IsZero) return Refusal.AmountZero;
        if (JudgePackageNumber(PackageNumber, acceptor) is { } misnumbered) return misnumbered;
        if (IssueDate != state.Today)
            return new Verdict.Refused(Refusal.IssueDateIsNotToday, new(Reference: Written(IssueDate), Reason: Written(state.Today)));
        if (JudgeBillTenor(state, IssueDate, DueDate) is { } tenor) return tenor;
        if (state.IsNumberUsed(PackageNumber)) return Refusal.NumberInUse;
        if ((IsSupplyChainBill(PackageNumber) || Documents.Count > 0)
            && JudgeBackground(state, act, Documents, Payee, act.Party, Currency, Amount) is { } background)
        {
            return background;
        }

        if (DoublePledgeCheck.Examine(state, new(act.Party, Currency, default, [], Documents)) is { } conflict) return conflict;

        // What the register has not confirmed yet has no pair of codes.
        var pair = state.Chain.BillRegister is null ? new BillPair(BillStatus.Issued, BillFlow.AwaitsDelivery) : default;
        return new BillRegistered(new(
            Instrument, InstrumentKind.Bill, InstrumentStatus.Offered, Acceptor, Payee, Currency, Amount,
            IssueDate, DueDate, Transferable, PackageNumber, IssueOffer: default, Documents, Terms,
            Confirmation: null,
            new(PackageNumber, (byte)pair.Status, (byte)pair.Flow, act.Party, Acceptor, Undivided,
                RegisterIsLedger: state.Chain.BillRegister is null, Mismatch: false, DrawingTerm(state, DueDate))));
    }
}

public sealed record BillRegistered(Instrument Instrument) : LedgerEvent<BillRegistered>, IEvent
{
    public static (string Chinese, string English) Words => ("票据已登记", "bill registered");

    public override LedgerState Enact(LedgerState state) =>
        Reserve(state, Instrument.Documents).With(Instrument);

    public override IEnumerable<Told> Tells(LedgerState state) => Details.Of(Instrument);
}

public static partial class Rulebook
{
    // 5 and 8 are banks' acceptances, 6 and 7 commercial ones; 7 and 8 came through the supply-chain channel. How the last digit checks the others is
    // not published.
    internal static Verdict.Refused? JudgePackageNumber(string number, Party acceptor)
    {
        if (!HasFormOfPackageNumber(number))
            return new(Refusal.PackageNumberInvalid, Facts.None);
        return acceptor.Has(Roles.Bank) == number[0] is '5' or '8' ? null : new(Refusal.AcceptorDiffersFromNumber, Facts.None);
    }

    static bool HasFormOfPackageNumber(string number) =>
        number.Length == 30 && !number.AsSpan().ContainsAnyExceptInRange('0', '9') && number[0] is >= '5' and <= '8';

    internal static bool IsSupplyChainBill(string number) => number[0] is '7' or '8';

    // 令〔2022〕4号 25, by the rules of the day of issue; months by calendar, and where the day is missing the month's last.
    internal static Verdict.Refused? JudgeBillTenor(LedgerState state, DateOnly issued, DateOnly due)
    {
        if (due <= issued) return new(Refusal.DueDateNotAfterIssue, Facts.None);
        var latest = issued.AddMonths((int)state.RulesAt(issued)[RuleParameter.BillTenorMonths]);
        return due <= latest ? null : new(Refusal.BillTenorTooLong, new(Reference: Written(due), Reason: Written(latest)));
    }
}
