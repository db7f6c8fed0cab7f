using System.Collections.Frozen;
using System.Diagnostics;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Views;

namespace Ledger.Node.Access;

/// <summary>Whose each noun is, a guard each. What they ask of the ledger beside the thing itself, <see cref="Sight"/> looks up.</summary>
public static class Guards
{
    public static readonly Guard<Instrument, Instrument> Instrument = new(Resource.Instrument, static (state, id) => state.Instrument(id))
    {
        IsOwn = static (sight, one) => sight.IsOwedBy(one) || sight.IsTold(one) || one.Creditor == sight.Me || one.Bill?.Drawer == sight.Me
            || sight.PartIn(ThingRef.To(one.Id)) switch
            {
                Involvement.Lasting => true,
                Involvement.WhileItStands => sight.HasPart(one.Id) || sight.OffersToMe.Any(offer => offer.Instrument == one.Id),
                _ => false,
            },
        PartOf = static one => ThingRef.To(one.Id),
        Parties = static (_, one) => [one.Obligor, one.Creditor],
        Customers = CustomersOf,
    };

    /// <summary>A run of units with one holder. Who owes sees whom; others see what they hold, gave or have a right in.</summary>
    public static readonly Guard<(Instrument Instrument, Token Token)> Token = new(Resource.Token)
    {
        IsOwn = static (sight, one) => sight.IsOwedBy(one.Instrument) || sight.IsTold(one.Instrument) || one.Token.Leg.From == sight.Me || sight.HasPart(one.Token),
        Parties = static (_, one) => [one.Instrument.Obligor, one.Token.Holder],
    };

    public static readonly Guard<Offer, Offer> Offer = new(Resource.Offer, static (state, id) => state.Offer(id))
    {
        IsOwn = static (sight, one) => one.From == sight.Me || one.To == sight.Me || sight.IsBehind(one) || (sight.Known(one.Instrument) is { } instrument && sight.IsTold(instrument)),
        Parties = static (_, one) => [one.From, one.To],
        Customers = static (_, one) => [one.From, one.To],
        About = static one => one.Instrument,
    };

    /// <summary>Whoever made it, whom it is against, that one's bank, who gains, who contests and who decided.</summary>
    public static readonly Guard<Measure, Measure> Measure = new(Resource.Offer, static (state, id) => state.Measure(id))
    {
        IsOwn = static (sight, one) =>
            one.By == sight.Me || one.Institutions.Contains(sight.Me) || one.Against == sight.Me || one.Gainer == sight.Me || one.ContestedBy == sight.Me
            || one.DecidedBy == sight.Me || sight.BroughtIn(one.Against),
        Parties = static (_, one) => [one.By, one.Against, one.Gainer],
    };

    /// <summary>What the validators' banks decide concerns everybody who is here.</summary>
    public static readonly Guard<Proposal, Proposal> Proposal = new(Resource.Party, static (state, id) => state.Proposal(id))
    {
        IsOwn = static (_, _) => true,
        Parties = static (_, one) => [one.Proposer],
    };

    public static readonly Guard<Document, Document> Document = new(Resource.Document, static (state, id) => state.Document(id))
    {
        IsOwn = static (sight, one) => one.Seller == sight.Me || one.Buyer == sight.Me || one.Attester == sight.Me || one.Reliant.Contains(sight.Me)
            || sight.PartIn(ThingRef.To(one.Id)) switch
            {
                Involvement.Lasting => true,
                Involvement.WhileItStands => sight.OffersToMe.Any(offer => offer.Documents.Any(use => use.Document == one.Id)),
                _ => false,
            },
        PartOf = static one => ThingRef.To(one.Id),
        Parties = static (_, one) => [one.Seller, one.Buyer],
        Customers = static (_, one) => [one.Seller, one.Buyer],
    };

    /// <summary>A pledge of documents, under the id of the offer that it was.</summary>
    public static readonly Guard<Offer, Pledge> Pledge = new(Resource.Pledge, static (state, id) => state.Pledge(id), ThingRef.ToPledge)
    {
        IsOwn = static (sight, one) => one.Pledgor == sight.Me || one.Pledgee == sight.Me,
        Parties = static (_, one) => [one.Pledgor, one.Pledgee],
        Customers = static (_, one) => [one.Pledgor, one.Pledgee],
    };

    /// <summary>A registry's gateway answers for financings, so it is told of them; which ones it is asked about only the registry knows.</summary>
    public static readonly Guard<Financing, Financing> Financing = new(Resource.Financing, static (state, id) => state.Financing(id))
    {
        IsOwn = static (sight, one) => one.Applicant == sight.Me || one.Financier == sight.Me || one.Reviewer == sight.Me || (sight.Caller.Roles & Roles.Gateway) != 0,
        Parties = static (_, one) => [one.Applicant, one.Financier],
        Customers = static (_, one) => [one.Applicant],
        About = static one => one.Instrument,
    };

    public static readonly Guard<CreditLine, CreditLine> Line = new(Resource.Line, static (state, id) => state.Line(id))
    {
        IsOwn = static (sight, one) => one.Bank == sight.Me || one.Debtor == sight.Me,
        Parties = static (_, one) => [one.Bank, one.Debtor],
        Customers = static (_, one) => [one.Debtor],
    };

    public static readonly Guard<Payment, Payment> Payment = new(Resource.Payment, static (state, id) => state.Payment(id))
    {
        IsOwn = static (sight, one) =>
            one.Bank == sight.Me || one.Shares.Any(share => share.Payee == sight.Me)
            || one.Announced.Any(share => share.Payee == sight.Me || sight.HoldsAccountOf(share.Payee))
            || (sight.Known(one.Instrument) is { } instrument && sight.IsOwedBy(instrument)),
        Parties = static (sight, one) => sight.Known(one.Instrument) is not { } instrument
            ? []
            : one.Shares.Select(share => share.Payee).Where(payee => sight.SeesShare(instrument, one.Bank, payee))
                .Concat(one.Announced.Select(share => share.Payee).Where(payee => sight.SeesAnnounced(instrument, one.Bank, payee))),
        About = static one => one.Instrument,
    };

    public static readonly Guard<Freeze, Freeze> Freeze = new(Resource.Token, static (state, id) => state.Freeze(id))
    {
        IsOwn = static (sight, one) => one.Executor == sight.Me,
        Parties = static (_, one) => [one.Executor],
        About = static one => one.Instrument,
    };

    public static readonly Guard<Mandate, Mandate> Mandate = new(Resource.Reads, static (state, id) => state.Mandate(id))
    {
        IsOwn = static (sight, one) => one.Principal == sight.Me || one.Agent == sight.Me,
        Parties = static (_, one) => [one.Principal, one.Agent],
        Customers = static (_, one) => [one.Principal],
    };

    public static readonly Guard<Attestation, Attestation> Attestation = new(Resource.Financing, static (state, id) => state.Attestation(id))
    {
        IsOwn = static (sight, one) => one.Attester == sight.Me,
        Parties = static (_, one) => [one.Attester],
        Whole = static (state, one) => Financing.Under(state, one.Financing),
    };

    /// <summary>A party's page and its line in a list: everybody's who has a pass. What is told of its inside is noted where it is told.</summary>
    public static readonly Guard<Party> Party = new(Resource.Party) { IsOwn = static (_, _) => false, Parties = static (_, _) => [] };

    public static readonly Guard<PartyKey> Key = new(Resource.Party) { IsOwn = static (_, _) => false, Parties = static (_, _) => [] };

    public static readonly Guard<PartyRow> PartyRow = new(Resource.Party) { IsOwn = static (_, _) => false, Parties = static (_, _) => [] };

    public static readonly Guard<BlockRow> Block = new(Resource.Block) { IsOwn = static (_, _) => false, Parties = static (_, _) => [] };

    public static readonly Guard<Attempt> Attempt = new(Resource.Attempt) { IsOwn = static (sight, one) => one.Party == sight.Me, Parties = static (_, one) => [one.Party] };

    /// <summary>A pair of documents that are nearly the same, with the banks that attested them: each sees those of which it attested one side.</summary>
    public static readonly Guard<(NearMatch Match, PartyId One, PartyId Other)> NearMatch = new(Resource.Review)
    {
        IsOwn = static (sight, pair) => pair.One == sight.Me || pair.Other == sight.Me,
        Parties = static (_, pair) => [pair.One, pair.Other],
    };

    /// <summary>A step of a history, which is judged and noted by its entry.</summary>
    public static readonly Guard<HistoryStep> Step = new(Resource.Public) { IsOwn = static (_, _) => true, Parties = static (_, _) => [] };

    /// <summary>What is to be paid to one payee: to each its own, all of it to who owes.</summary>
    public static readonly Guard<(Instrument On, PaymentInstruction One)> Instruction = new(Resource.Instruction)
    {
        IsOwn = static (sight, it) => sight.SeesShare(it.On, default, it.One.Payee),
        Parties = static (_, it) => [it.One.Payee],
    };

    /// <summary>An act of an instrument's past, cut to those of its units that are seen.</summary>
    public static readonly Guard<(Instrument On, LineageLeg Leg, int No)> Leg = new(Resource.Instrument)
    {
        IsOwn = static (sight, it) => Instrument.IsOwn(sight, it.On) && it.Leg.Units.Count > 0,
        Parties = static (_, it) => [it.Leg.From, it.Leg.To],
    };

    static readonly IGuard[] WithId = [Instrument, Offer, Measure, Document, Pledge, Financing, Line, Payment, Freeze, Mandate, Attestation, Proposal];

    static readonly FrozenSet<Type> Ids = WithId.Select(guard => guard.Id).Append(typeof(Id<Transaction>)).ToFrozenSet();

    /// <summary>What a state has under a name that an act uses. Parties and their keys are everybody's who has a pass.</summary>
    public static IEnumerable<Guarded> Under(LedgerState state, object name) => name switch
    {
        PartyId or KeyId or Interval or Fingerprint => [],
        _ when Ids.Contains(name.GetType()) => WithId.Select(guard => guard.Under(state, name)).OfType<Guarded>(),
        _ => throw new UnreachableException(name.GetType().Name),
    };

    static IEnumerable<PartyId> CustomersOf(LedgerState state, Instrument one)
    {
        yield return one.Obligor;
        yield return one.Creditor;
        foreach (var party in state.Tokens(one.Id)?.Span.ToArray().SelectMany(PartiesOf) ?? []) yield return party;
    }

    /// <summary>Everybody who holds a run of units or has a right in it.</summary>
    public static IEnumerable<PartyId> PartiesOf(Token token) => token.Encumbrances.Select(burden => burden.Beneficiary).Prepend(token.Holder);
}
