using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>A seller offers a bank a pledge of a receivable that is not on the ledger (<c>document.pledge</c>): it charges the documents.</summary>
public sealed record PledgeDocuments(
    Id<Offer> Offer,
    PartyId To,
    Currency Currency,
    Amount Amount,
    ValueList<DocumentUse> Documents,
    Timestamp Expires,
    ValueList<Hash256> Terms = default) : Operation<PledgeDocuments>, IVerb
{
    public static Verb Verb { get; } = new("document.pledge", "质押背景材料", "pledge documents", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [Offer.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [new(act.Party, To, Currency, Amount)];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Offer(Offer) is not null) return Refusal.OfferIdInUse;
        if (state.Party(To) is not { } pledgee) return Verdict.No(Refusal.PartyNotFound, To.Text);
        if (!pledgee.Has(Roles.Bank)) return Refusal.PledgeeIsNotBank;
        if (To == act.Party) return Refusal.TransferToSelf;
        if (Amount.IsZero) return Refusal.AmountZero;
        if (!IsOfferTerm(state, Expires)) return Refusal.OfferTermInvalid;
        if (JudgeBackground(state, act, Documents, act.Party, null, Currency, Amount) is { } background) return background;
        if (DoublePledgeCheck.Examine(state, new(act.Party, Currency, default, [], Documents)) is { } conflict) return conflict;

        return new PledgeOffered(new(
            Offer, OfferKind.Pledge, OfferStatus.Open, act.Party, To, act.Agent, default, [], TransferCause.Trade, Recourse: false,
            Currency, Amount, Documents, Terms, state.Now, Expires));
    }
}

public sealed record PledgeOffered(Offer Offer) : LedgerEvent<PledgeOffered>, IEvent
{
    public static (string Chinese, string English) Words => ("已发出质押要约", "pledge offered");

    public override LedgerState Enact(LedgerState state) => Reserve(state, Offer.Documents).With(Offer);

    public override IEnumerable<Told> Tells(LedgerState state) => Details.Of(Offer);
}

public static partial class Rulebook
{
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
