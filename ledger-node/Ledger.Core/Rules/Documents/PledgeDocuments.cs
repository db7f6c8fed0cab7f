using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>A seller offers a bank a pledge of a receivable that is not on the ledger (<c>document.pledge</c>): it charges the documents.</summary>
public sealed record PledgeDocuments(
    Id<Offer> Offer,
    PartyId To,
    Currency Currency,
    Amount Amount,
    ValueList<DocumentUse> Documents,
    Timestamp Expires,
    ValueList<Hash256> Terms = default) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [Offer.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [new(act.Party, To, Currency, Amount)];
}

public sealed record PledgeOffered(Offer Offer) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, PledgeDocuments pledge)
    {
        if (state.Offer(pledge.Offer) is not null) return Refusal.OfferIdInUse;
        if (state.Party(pledge.To) is not { } pledgee) return Verdict.No(Refusal.PartyNotFound, pledge.To.Text);
        if (!pledgee.Has(Roles.Bank)) return Refusal.PledgeeIsNotBank;
        if (pledge.To == act.Party) return Refusal.TransferToSelf;
        if (pledge.Amount.IsZero) return Refusal.AmountZero;
        if (!IsOfferTerm(state, pledge.Expires)) return Refusal.OfferTermInvalid;
        if (JudgeBackground(state, act, pledge.Documents, act.Party, null, pledge.Currency, pledge.Amount) is { } background) return background;
        if (DoublePledgeCheck.Examine(state, new(act.Party, pledge.Currency, default, [], pledge.Documents)) is { } conflict) return conflict;

        return new PledgeOffered(new(
            pledge.Offer, OfferKind.Pledge, OfferStatus.Open, act.Party, pledge.To, act.Agent, default, [], TransferCause.Trade, Recourse: false,
            pledge.Currency, pledge.Amount, pledge.Documents, pledge.Terms, state.Now, pledge.Expires));
    }

    static LedgerState Enact(LedgerState state, PledgeOffered offered) => Reserve(state, offered.Offer.Documents).With(offered.Offer);

    static LedgerState EnactPledge(LedgerState state, Offer accepted)
    {
        foreach (var use in accepted.Documents)
        {
            var document = DocumentNamed(state, use.Document);
            if (!document.Reliant.Contains(accepted.To)) state = state.With(document with { Reliant = document.Reliant.Add(accepted.To) });
        }

        return UseReserved(state, accepted.Documents).With(new Pledge(
            accepted.Id, accepted.From, accepted.To, accepted.Currency, accepted.Amount, accepted.Documents, state.Now, Released: false));
    }
}
