using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// A bill that already lives at a register comes onto the ledger (<c>bill.import</c>), accepted and in one holder's hands. The register says so and
/// the holder signs; where genesis names no register, its authority says so and the acceptor signs as well, for a debt arises on nobody else's
/// word. Its tenor is judged by the rules of its own day of issue.
/// </summary>
public sealed record ImportBill(
    Id<Instrument> Instrument,
    string PackageNumber,
    PartyId Drawer,
    PartyId Acceptor,
    PartyId Holder,
    Currency Currency,
    Amount Amount,
    DateOnly IssueDate,
    DateOnly DueDate,
    bool Transferable,
    bool Undivided,
    ValueList<Hash256> Terms = default) : Operation<ImportBill>, IVerb
{
    public static Verb Verb { get; } = new("bill.import", "导入票据", "import a bill");

    public override ValueList<UInt128> Makes(LedgerState state) => [Instrument.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [new(act.Party, Holder, Currency, Amount), new(Acceptor, Holder, Currency, Amount)];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not null) return Refusal.InstrumentIdInUse;
        if (act.Party != (state.Chain.BillRegister ?? state.Chain.Authority)) return Refusal.NotTheImporter;
        if (state.Party(Drawer) is null) return Verdict.No(Refusal.PartyNotFound, Drawer.Text);
        if (state.Party(Acceptor) is not { } acceptor) return Verdict.No(Refusal.PartyNotFound, Acceptor.Text);
        if (state.Party(Holder) is null) return Verdict.No(Refusal.PartyNotFound, Holder.Text);
        if (!MayOwe(acceptor)) return Refusal.ObligorRoleMissing;
        if (Holder == Acceptor) return Refusal.ObligorIsCreditor;
        if (!IsSignedByActiveParty(state, act, Holder)) return Refusal.ImportNotSigned;
        if (state.Chain.BillRegister is null && !IsSignedByActiveParty(state, act, Acceptor)) return Refusal.ImportNotSigned;
        if (Amount.IsZero) return Refusal.AmountZero;
        if (JudgePackageNumber(PackageNumber, acceptor) is { } misnumbered) return misnumbered;
        if (IssueDate > state.Today) return Refusal.BillFromTheFuture;
        if (JudgeBillTenor(state, IssueDate, DueDate) is { } tenor) return tenor;
        if (state.IsNumberUsed(PackageNumber)) return Refusal.NumberInUse;

        return new BillImported(Delivered(new(
            Instrument, InstrumentKind.Bill, InstrumentStatus.Offered, Acceptor, Holder, Currency, Amount,
            IssueDate, DueDate, Transferable, PackageNumber, IssueOffer: default, [], Terms, Confirmation: null,
            new(PackageNumber, default, default, Drawer, Acceptor, Undivided,
                RegisterIsLedger: state.Chain.BillRegister is null, Mismatch: false))));
    }
}

public sealed record BillImported(Instrument Instrument) : LedgerEvent<BillImported>, IEvent
{
    public static (string Chinese, string English) Words => ("票据已导入", "bill imported");

    public override LedgerState Enact(LedgerState state)
    {
        var leg = new Leg(default, TransferCause.Issue, BillOf(Instrument).Drawer, Depth: 0, Recourse: true, [], state.Now);
        return state.With(Instrument)
            .With(Instrument.Id, Tokens.Whole(new(Interval.OfWhole(Instrument.Face), Instrument.Creditor, UnitState.Live, leg, [])));
    }

    public override IEnumerable<Told> Tells(LedgerState state) => Details.Of(Instrument);
}
