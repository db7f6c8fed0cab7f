using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Tests.Laws;

/// <summary>
/// Who is independent, by the schoolbook: from the registered parties, their mandates and controllers, and not by asking the core. Whatever a wild act brought about that takes two words
/// had them, each of its operations on what the ones before it had made of the ledger.
/// </summary>
sealed class TwoWordsLaw
{
    readonly LedgerState state;
    readonly PartyId[] signing;
    readonly PartyId by;

    TwoWordsLaw(LedgerState state, SignedTransaction asked)
    {
        (this.state, by) = (state, asked.Body.Principal);
        signing = [.. asked.Signers.Where(Speaks).Select(signer => signer.Party).Distinct()];
    }

    public static void Holds(LedgerState before, SignedTransaction asked, Decision decision)
    {
        if (!decision.IsAccepted) return;
        var act = new Act(asked.Body.Principal, asked.Body.Party, asked.Signers);
        var (state, told) = (before, 0);
        foreach (var operation in asked.Body.Operations)
        {
            // Which of the events are this operation's.
            var events = Assert.IsType<Verdict.Accepted>(operation.Judge(state, act)).Events;
            Assert.Equal(events, decision.Events.Skip(told).Take(events.Count));
            var law = new TwoWordsLaw(state, asked);
            Assert.True(law.HasWordsFor(operation, events), $"{operation} by {law.by} with {string.Join(' ', law.signing)}");
            state = events.Aggregate(state, static (after, happened) => happened.Enact(after));
            told += events.Count;
        }
    }

    bool HasWordsFor(Operation operation, ValueList<LedgerEvent> events) => operation switch
    {
        RegisterParty register when (register.Roles & ~Roles.Supplier) != 0 || register.Size == SizeClass.PublicBody => Second(Roles.Bank, by, register.Id, register.Mandate?.Agent ?? by),
        FileAccount when Is(by, Roles.Bank) => Second(Roles.Bank, by),
        RotateKey rotate when rotate.Party != by => Second(Roles.Bank, by, rotate.Party),
        Recover recover when recover.Party != by => Second(Roles.Bank, by, recover.Party),
        AttestDocument { DistinctFrom.Count: > 0 } attest => signing.Any(bank => Is(bank, Roles.Bank) && Apart(bank, by, attest.Buyer) && NotFor(bank, attest.Seller)),
        AttestRedLetter { DistinctFrom.Count: > 0 } red when state.Document(red.Document) is { } paper => signing.Any(bank => Is(bank, Roles.Bank) && Apart(bank, by, paper.Buyer) && NotFor(bank, paper.Seller)),
        AttestPledge attest => Is(attest.Second, Roles.Bank) && Reviews(attest.Second, attest.Financing),
        ApproveFinancing approve => Reviews(approve.Reviewer, approve.Financing),
        CorrectFinancing correct => Reviews(correct.Reviewer, correct.Financing),
        CorrectTransfer correct => signing.Contains(correct.Reviewer) && Apart(correct.Reviewer, by) && events.OfType<TransferCorrected>().All(one => NotFor(correct.Reviewer, one.Former)),
        ReconcileBill reconcile => signing.Contains(reconcile.Reviewer) && Is(reconcile.Reviewer, Roles.Bank) && Apart(reconcile.Reviewer, by),
        FreezeUnits freeze when freeze.LastDay > state.Chain.DateOf(state.Now.Add(state.Rules[RuleParameter.EmergencyFreezeHours] * Timestamp.Hour)) => Second(Roles.Bank | Roles.Operator, by),
        ExtendFreeze => Second(Roles.Bank | Roles.Operator, by),
        Transfer { Cause: TransferCause.Court or TransferCause.Succession } transfer => Two(one => NotFor(one, transfer.To)),
        Transfer { Cause: TransferCause.Realisation } transfer when events.OfType<MeasureMade>().Any() => Two(one => NotFor(one, transfer.To) && NotFor(one, by)),
        ClaimCosts claim when state.Instrument(claim.Instrument) is { } note && !Agrees(note.Obligor) => Two(one => NotFor(one, by)),
        DeclareInsolvent => Two(static _ => true),
        DeclareSolvent declare => Two(one => NotFor(one, declare.Party)),
        DecideMeasure decide when state.Measure(decide.Measure) is { } measure => Is(by, Roles.Bank | Roles.Operator) && !Sides(measure).Contains(by)
            && Apart(by, decide.Upheld ? [.. measure.Institutions] : [measure.Against, measure.ContestedBy]),
        DeclareControl declare => OwnWord(declare) || Two(one => one != declare.Party),
        _ => true,
    };

    bool OwnWord(DeclareControl declare) => declare.Party == by && declare.Controller is not null && (state.Control(by)?.Controller ?? default) == default;

    // By its own key, or by whoever holds any mandate of it: how far that reaches the stakes are judged by.
    bool Agrees(PartyId party) => signing.Contains(party) || signing.Any(agent => Serves(agent, party));

    static PartyId[] Sides(Measure measure) => [.. measure.Institutions, measure.By, measure.Against, measure.ContestedBy, measure.Gainer];

    bool Second(Roles roles, params PartyId[] others) => signing.Any(one => Is(one, roles) && Apart(one, others));

    bool Two(Func<PartyId, bool> counts) =>
        signing.Any(one => Is(one, Roles.Bank | Roles.Operator) && counts(one) && signing.Any(other => Is(other, Roles.Bank | Roles.Operator) && counts(other) && Apart(one, other)));

    bool Reviews(PartyId reviewer, Id<Financing> id) => state.Financing(id) is not { } financing
        || (signing.Contains(reviewer) && Apart(reviewer, financing.Financier, state.Instrument(financing.Instrument)!.Obligor) && NotFor(reviewer, financing.Applicant) && !OneGroup(reviewer, financing.Hand));

    // No friend of who gains, nor of the bank that keeps its account.
    bool NotFor(PartyId one, PartyId gainer) =>
        Apart(one, gainer) && (state.Party(gainer) is not { } known || known.Has(Roles.Bank) || !Above(one, withSponsors: true).Overlaps(Above(known.Sponsor, withSponsors: true)));

    bool Apart(PartyId one, params PartyId[] others) => others.All(other =>
        !Above(one, withSponsors: true).Overlaps(Above(other, withSponsors: true)) && !Serves(one, other) && !Serves(other, one));

    bool OneGroup(PartyId one, PartyId other) => Above(one, withSponsors: false).Overlaps(Above(other, withSponsors: false));

    bool Serves(PartyId agent, PartyId principal) => state.Mandates(principal, agent).Any(mandate => mandate.Expires > state.Now);

    // Grown until nobody is added any more.
    HashSet<PartyId> Above(PartyId party, bool withSponsors)
    {
        HashSet<PartyId> above = [party];
        for (var size = 0; size != above.Count;)
        {
            size = above.Count;
            foreach (var one in above.ToArray())
            {
                if (withSponsors && state.Party(one) is { } known && known.RegisteredOn != default && IsRecent(known.RegisteredOn)) above.Add(known.Sponsor);
                if (state.Control(one) is not { } control) continue;
                if (control.Controller != default) above.Add(control.Controller);
                above.UnionWith(control.Former.Where(former => IsRecent(former.Until)).Select(former => former.Controller));
            }
        }

        return above;
    }

    bool IsRecent(DateOnly day) => state.Today.DayNumber - day.DayNumber < state.Rules[RuleParameter.IndependenceDays];

    bool Is(PartyId party, Roles roles) => state.Party(party)?.Has(roles) == true;

    bool Speaks(KeyId signer) => state.Party(signer.Party) is { Standing: Standing.Active }
        && state.Key(signer) is { Use: KeyUse.Signing, Role: not KeyRole.Checker } key && key.From <= state.Now && state.Now < key.Until;
}
