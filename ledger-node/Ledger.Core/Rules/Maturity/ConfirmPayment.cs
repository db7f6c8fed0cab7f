using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// A payee, or the bank that serves it, says that what was announced to it has come (确认到账, <c>payment.confirm</c>). Its share of the payment
/// <paramref name="Announced"/> becomes a payment of its own, of the announced amount and value date, and pays the payee's units as they stand now.
/// </summary>
public sealed record ConfirmPayment(Id<Payment> Announced, Id<Payment> Payment, PartyId Payee, string Reference) : Operation<ConfirmPayment>, IVerb
{
    public static Verb Verb { get; } = new("payment.confirm", "确认到账", "confirm announced money", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [Payment.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act)
    {
        if (state.Payment(Announced) is not { } said || state.Instrument(said.Instrument) is not { } instrument) return [];
        var amount = said.Announced.Where(share => share.Payee == Payee).Aggregate(Amount.Zero, static (sum, share) => sum + share.Amount);
        var own = new Stake(act.Party, instrument.Obligor, instrument.Currency, amount);
        return Payee == act.Party ? [own] : [own, own with { Party = Payee }];
    }

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Payment(Announced) is not { } said) return Refusal.PaymentNotFound;
        if (state.Payment(Payment) is not null) return Refusal.PaymentIdInUse;
        if (state.Party(Payee) is null) return Verdict.No(Refusal.PartyNotFound, Payee.Text);
        if (OpenShare(state, said, Payee) is not { } share) return IsOrServes(state, act.Party, Payee) ? Refusal.NothingAnnounced : Refusal.NotTheAnnouncedPayee;
        var instrument = InstrumentNamed(state, said.Instrument);
        if (!MaySayPaid(state, act.Party, Payee, instrument)) return Refusal.NotTheAnnouncedPayee;
        if (JudgeOtherHand(state, act, instrument.Obligor) is { } oneHand) return oneHand;
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        bool IsPayees(Token token) => PayeeOf(state, token) == Payee;
        var whole = Interval.OfWhole(tokens.Face);
        if (JudgeHolds(state, act, tokens, whole, IsPayees) is { } burdened) return burdened;
        if (IsTooOld(state, said.ValueDate)) return Refusal.ValueDateTooOld;
        if (JudgeReference(state, said.ValueDate, Reference) is { } spent) return spent;

        // A petition that made it due may be over by now.
        if (said.ValueDate < DueOn(state, instrument) && act.Party != Payee && !Agrees(state, act, this, Payee)) return Refusal.PrepaymentNotAgreed;

        var pieces = Pieces(state, instrument, whole);
        if (pieces.Count > MostParts) return Refusal.TooManyParts;
        if (JudgeValueDate(state, instrument, tokens, pieces, whole, said.ValueDate, IsPayees) is { } untimely) return untimely;
        var parts = Due(state, instrument, pieces, whole, said.ValueDate).Where(part => IsPayees(part.Token)).ToList();
        var due = parts.Aggregate(Amount.Zero, static (sum, part) => sum + part.Total);
        if (share.Amount > due) return new Verdict.Refused(Refusal.PaymentExceedsDue, new(due, instrument.Currency));

        var received = Retire(state, instrument, pieces, whole, Deal(share.Amount, parts, [.. parts.Select(static part => part.Total)]), said.ValueDate);
        if (received.Claims.Count > MostParts) return Refusal.TooManyParts;

        var payment = new Payment(
            Payment, instrument.Id, act.Party, share.Amount, said.ValueDate, Reference, PaymentStatus.Received,
            received.Shares, received.Before, received.After, Announced: [], AnnouncedUntil: default);
        return new Verdict.Accepted([new AnnouncementConfirmed(said.Id, Payee), new PaymentReceived(payment, received.Claims)]);
    }
}

public sealed record AnnouncementConfirmed(Id<Payment> Payment, PartyId Payee) : LedgerEvent<AnnouncementConfirmed>, IEvent
{
    public static (string Chinese, string English) Words => ("公告款项已确认到账", "announced money confirmed");

    public override LedgerState Enact(LedgerState state) => CloseShare(state, Payment, Payee);

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Payment.Is(Payment), Details.Payee.Is(Payee)];
}

public static partial class Rulebook
{
    /// <summary>Whether a party speaks for what a payee is paid: itself, or the bank that holds its account.</summary>
    internal static bool IsOrServes(LedgerState state, PartyId party, PartyId payee) => party == payee || BankOf(state, payee) == party;

    /// <summary>Whether its word pays a debt. The bank that holds the payee's account and owes the money itself, or whose group does, only says that it paid.</summary>
    internal static bool MaySayPaid(LedgerState state, PartyId party, PartyId payee, Instrument instrument) =>
        party == payee || (BankOf(state, payee) == party && !IsHandOfSide(state, party, instrument.Obligor, payee));
}
