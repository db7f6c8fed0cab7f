using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

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
    ValueList<Hash256> Terms = default) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [Instrument.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [new(act.Party, Holder, Currency, Amount), new(Acceptor, Holder, Currency, Amount)];
}

public sealed record BillImported(Instrument Instrument) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, ImportBill import)
    {
        if (state.Instrument(import.Instrument) is not null) return Refusal.InstrumentIdInUse;
        if (act.Party != (state.Chain.BillRegister ?? state.Chain.Authority)) return Refusal.NotTheImporter;
        if (state.Party(import.Drawer) is null) return Verdict.No(Refusal.PartyNotFound, import.Drawer.Text);
        if (state.Party(import.Acceptor) is not { } acceptor) return Verdict.No(Refusal.PartyNotFound, import.Acceptor.Text);
        if (state.Party(import.Holder) is null) return Verdict.No(Refusal.PartyNotFound, import.Holder.Text);
        if (!MayOwe(acceptor)) return Refusal.ObligorRoleMissing;
        if (import.Holder == import.Acceptor) return Refusal.ObligorIsCreditor;
        if (!IsSignedByActiveParty(state, act, import.Holder)) return Refusal.ImportNotSigned;
        if (state.Chain.BillRegister is null && !IsSignedByActiveParty(state, act, import.Acceptor)) return Refusal.ImportNotSigned;
        if (import.Amount.IsZero) return Refusal.AmountZero;
        if (JudgePackageNumber(import.PackageNumber, acceptor) is { } misnumbered) return misnumbered;
        if (import.IssueDate > state.Today) return Refusal.BillFromTheFuture;
        if (JudgeBillTenor(state, import.IssueDate, import.DueDate) is { } tenor) return tenor;
        if (state.IsNumberUsed(import.PackageNumber)) return Refusal.NumberInUse;

        return new BillImported(Delivered(new(
            import.Instrument, InstrumentKind.Bill, InstrumentStatus.Offered, import.Acceptor, import.Holder, import.Currency, import.Amount,
            import.IssueDate, import.DueDate, import.Transferable, import.PackageNumber, IssueOffer: default, [], import.Terms, Confirmation: null,
            new(import.PackageNumber, default, default, import.Drawer, import.Acceptor, import.Undivided,
                RegisterIsLedger: state.Chain.BillRegister is null, Mismatch: false))));
    }

    static LedgerState Enact(LedgerState state, BillImported imported)
    {
        var instrument = imported.Instrument;
        var leg = new Leg(default, TransferCause.Issue, BillOf(instrument).Drawer, Depth: 0, Recourse: true, [], state.Now);
        return state.With(instrument)
            .With(instrument.Id, Tokens.Whole(new(Interval.OfWhole(instrument.Face), instrument.Creditor, UnitState.Live, leg, [])));
    }
}
