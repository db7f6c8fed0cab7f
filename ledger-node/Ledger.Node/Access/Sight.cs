using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Views;

namespace Ledger.Node.Access;

/// <summary>
/// What one caller sees of the ledger, as of one state of it. Where the table says own, <see cref="Guards"/> say what that is, noun by noun; what they ask of the
/// ledger is looked up here. It also keeps whose data was shown, which is what the log of reads is made of.
/// </summary>
public sealed class Sight(Caller caller, LedgerReader ledger)
{
    // A page shows at most 500 things; whoever reads more parties at once is read as having read these.
    const int MostShown = 1_000;

    readonly HashSet<PartyId> shown = [];

    // What was looked up to judge one thing of an answer judges the others too, until the ledger goes on.
    (ulong At, Dictionary<ThingRef, Involvement> Of) parts = (0, []);
    (ulong At, IReadOnlyList<Offer> All)? offers;

    public Caller Caller => caller;

    /// <summary>The parties other than the caller whose data it was shown.</summary>
    public IReadOnlyCollection<PartyId> Shown => shown;

    internal PartyId Me => caller.Principal;

    LedgerState State => ledger.View.State;

    internal Instrument? Known(Id<Instrument> id) => Known(Guards.Instrument, id);

    // What left the state since it was over is judged as it was last.
    T? Known<TNoun, T>(Guard<TNoun, T> guard, Id<TNoun> id)
        where T : class => guard.Find(ledger.StateWith(guard.Thing(id)), id);

    // What was written a moment ago counts: until the views have it they do not answer.
    ulong At => AsOfViews ? ledger.Views.Height : ledger.View.Header.Height;

    /// <summary>Judges by what the views have, for who follows them and is in no hurry.</summary>
    public bool AsOfViews { get; init; }

    public Extent Of(Resource resource) => Visibility.Of(caller, resource);

    /// <summary>Whether it sees everything of a kind, so that nothing needs to be left out of an answer.</summary>
    public bool SeesAll(Resource resource) => Of(resource) == Extent.All;

    /// <summary>
    /// In whose things all that it sees of a kind is found: nobody's in particular for who sees everything, and for registry gateways, which answer for
    /// every financing.
    /// </summary>
    public PartyId SeesBy(Resource resource) =>
        SeesAll(resource) || (resource == Resource.Financing && (caller.Roles & Roles.Gateway) != 0) ? default : Me;

    /// <summary>
    /// A step of a thing's history that needs no look at its entry: what names the caller, and what time did to a debt that it sees; what time did to an
    /// offer or a financing is theirs whom it concerned.
    /// </summary>
    public bool Sees(HistoryStep step) => SeesAll(Resource.Entry) || step.IsNamed || step.IsOfInstrument;

    /// <summary>Whether it decides about near matches: the node's own bank, whose file keeps what is decided.</summary>
    public bool MayReview => IsOwnOrAll(Resource.Desk, ledger.Bank);

    /// <summary>Whether it is shown what the node's bank decided.</summary>
    public bool SeesReviews => MayReview || SeesAll(Resource.Review);

    /// <summary>Notes that a party's data is in an answer.</summary>
    public void Show(params ReadOnlySpan<PartyId> parties)
    {
        foreach (var party in parties)
        {
            if (party != default && party != Me && party != caller.Party && shown.Count < MostShown) shown.Add(party);
        }
    }

    /// <summary>Whether a noun is shown at all; parts of it can still be left out.</summary>
    public bool Sees<T>(Guard<T> guard, T thing) => Of(guard.Resource) switch
    {
        Extent.All => true,
        Extent.Own => guard.IsOwn(this, thing),
        _ => false,
    };

    /// <summary>Notes whose data a shown noun is.</summary>
    public void Show<T>(Guard<T> guard, T thing)
    {
        foreach (var party in guard.Parties(this, thing)) Show(party);
    }

    public bool Sees(Instrument instrument, Token token) => Sees(Guards.Token, (instrument, token));

    /// <summary>The tokens of an instrument that are shown, ascending.</summary>
    public IReadOnlyList<Token> Seen(Instrument instrument, Tokens tokens)
    {
        var all = tokens.Span.ToArray();
        return SeesAll(Resource.Token) ? all : Array.FindAll(all, token => Sees(instrument, token));
    }

    /// <summary>Looks up for many things at once what would be looked up to judge each.</summary>
    public void Expect(IEnumerable<Guarded> things)
    {
        ThingRef[] asked = [.. things.Select(thing => thing.PartOf(this)).OfType<ThingRef>()];
        if (asked.Length > 1) Keep(asked);
    }

    /// <summary>What part the caller has or had in a thing, so far as its history tells.</summary>
    internal Involvement PartIn(ThingRef thing)
    {
        if (parts.At != At || !parts.Of.ContainsKey(thing)) Keep([thing]);
        return parts.Of[thing];
    }

    /// <summary>What is offered to the caller and not answered.</summary>
    internal IReadOnlyList<Offer> OffersToMe
    {
        get
        {
            if (offers is { } known && known.At == At) return known.All;
            var at = At;
            var ids = ledger.Views.OpenOffersTo(Me, at);
            var state = ledger.StateWith([.. ids.Select(ThingRef.To)]);
            offers = (at, [.. ids.Select(state.Offer).OfType<Offer>()]);
            return offers.Value.All;
        }
    }

    /// <summary>
    /// The units of an act in an instrument's history that are shown: all of them to who owes and to its two sides; to others only those units that
    /// they hold or have a right in now, for that act is part of how these came to be what they are.
    /// </summary>
    public ValueList<Interval> Part(Instrument instrument, PartyId from, PartyId to, ValueList<Interval> units)
    {
        if (SeesAll(Resource.Token) || IsOwedBy(instrument) || IsTold(instrument) || from == Me || to == Me) return units;
        if (Of(Resource.Token) == Extent.Nothing || ledger.StateWith(ThingRef.To(instrument.Id)).Tokens(instrument.Id) is not { } tokens) return [];
        var part = new List<Interval>();
        foreach (var run in units)
        {
            foreach (var token in tokens.Touching(run))
            {
                if (!HasPart(token)) continue;
                var seen = token.Units.Intersect(run);
                if (part.Count > 0 && part[^1].Last + 1 == seen.First) part[^1] = new(part[^1].First, seen.Last);
                else part.Add(seen);
            }
        }

        return [.. part];
    }

    /// <summary>A payee's part of what is or was paid: to each its own; all of it to who owes and to the bank that receipts.</summary>
    public bool SeesShare(Instrument instrument, PartyId bank, PartyId payee) => Of(Resource.Payment) switch
    {
        Extent.All => true,
        Extent.Own => payee == Me || bank == Me || IsOwedBy(instrument),
        _ => false,
    };

    /// <summary>What is announced to a payee: also to the bank that holds its account, and is to say whether it came.</summary>
    public bool SeesAnnounced(Instrument instrument, PartyId bank, PartyId payee) =>
        SeesShare(instrument, bank, payee) || (Of(Resource.Payment) == Extent.Own && HoldsAccountOf(payee));

    /// <summary>
    /// A transaction with its answer: its parties' and signers' own, of everybody whom it names, of the two sides of what it acts on and of who owes
    /// that; an accepted act also of those who hold units that it moved: it proves them. A refused one only of those that sent it or are named in it.
    /// </summary>
    public bool Sees(SignedTransaction transaction, bool accepted) => Of(Resource.Entry) switch
    {
        Extent.All => true,
        Extent.Own => IsActed(transaction) || transaction.Body.Operations.Any(operation => Concerns(operation, accepted, transaction.Body.Principal, proves: true)),
        _ => false,
    };

    /// <summary>
    /// What a transaction hid: of the two sides of the act and of who signed it, and of the bank whose node keeps it. An agent sees of its principal's only
    /// what acts of the chapters hid that it was given.
    /// </summary>
    public bool SeesHidden(SignedTransaction transaction) => Of(Resource.Disclosure) switch
    {
        Extent.All => true,
        Extent.Own => HoldsOffice(ledger.Bank)
            || (Visibility.IsMandated(caller, transaction.Body.Operations)
                && (IsActed(transaction) || transaction.Body.Operations.Any(operation => Concerns(operation, accepted: true, transaction.Body.Principal, proves: false)))),
        _ => false,
    };

    /// <summary>What a financing's price follows from: of its two sides, and of the bank whose node keeps it.</summary>
    public bool SeesHidden(Financing financing) => Of(Resource.Disclosure) switch
    {
        Extent.All => true,
        Extent.Own => HoldsOffice(ledger.Bank) || (Visibility.IsMandated(caller, "financing") && (financing.Applicant == Me || financing.Financier == Me)),
        _ => false,
    };

    /// <summary>Notes whose transaction was shown.</summary>
    public void Show(SignedTransaction transaction) => Show(transaction.Body.Party, transaction.Body.Principal);

    /// <summary>What only a party itself, its sponsor and those who supervise see of it: limits, accounts, who holds a key.</summary>
    public bool SeesInside(Party party) =>
        caller.How == CallerKind.Open || party.Id == Me || HoldsOffice(party.Sponsor) || (caller.Roles & (Roles.Regulator | Roles.Operator)) != 0;

    /// <summary>
    /// Whether the caller is the bank that brought one of these in. A bank receipts for those whom it brought in and acts for their successors, so of what
    /// such an act is about it is told why it may not be; reads are not widened by it.
    /// </summary>
    public bool Sponsors(LedgerState state, IEnumerable<PartyId> parties)
    {
        foreach (var party in parties)
        {
            if (state.Party(party) is { } known && HoldsOffice(known.Sponsor)) return true;
        }

        return false;
    }

    /// <summary>Whether the caller is the party, or may see everybody's.</summary>
    public bool IsOwnOrAll(Resource resource, PartyId party) => Of(resource) switch
    {
        Extent.All => true,
        Extent.Own => party == Me,
        _ => false,
    };

    // What a bank sees because this is its node or because it brought a party in, and not because a thing is its own, is its office: that goes with no mandate.
    bool HoldsOffice(PartyId bank) => caller is { How: CallerKind.Pass, Mandated: null } && bank == Me;

    internal bool HoldsAccountOf(PartyId payee) => HoldsOffice(Rulebook.BankOf(State, payee));

    internal bool BroughtIn(PartyId party) => State.Party(party) is { } known && HoldsOffice(known.Sponsor);

    /// <summary>Whether a measure of which the caller is told makes the offer.</summary>
    internal bool IsBehind(Offer offer) =>
        offer.Kind == OfferKind.Transfer && Known(Guards.Measure, new(offer.Id.Value)) is { IsOnUnits: true } measure && Guards.Measure.IsOwn(this, measure);

    internal bool IsOwedBy(Instrument instrument) => instrument.Obligor == Me || instrument.Bill?.Acceptor == Me;

    // The bill register tells what becomes of every bill that it keeps.
    internal bool IsTold(Instrument instrument) => instrument.Bill is { RegisterIsLedger: false } && State.Chain.BillRegister == Me && (caller.Roles & Roles.Gateway) != 0;

    internal bool HasPart(Token token)
    {
        if (token.Holder == Me) return true;
        foreach (var burden in token.Encumbrances)
        {
            if (burden.Beneficiary == Me && burden.Until > State.Now) return true;
        }

        return false;
    }

    /// <summary>Whether the caller holds any unit of an instrument or has a right in one.</summary>
    internal bool HasPart(Id<Instrument> id)
    {
        if (ledger.StateWith(ThingRef.To(id)).Tokens(id) is not { } tokens) return false;
        foreach (var token in tokens.Span)
        {
            if (HasPart(token)) return true;
        }

        return false;
    }

    bool HasPart(Id<Instrument> id, ValueList<Interval> units)
    {
        if (ledger.StateWith(ThingRef.To(id)).Tokens(id) is not { } tokens) return false;
        foreach (var run in units)
        {
            foreach (var token in tokens.Touching(run))
            {
                if (HasPart(token)) return true;
            }
        }

        return false;
    }

    void Keep(ThingRef[] things)
    {
        var at = At;
        if (parts.At != at) parts = (at, []);
        foreach (var (thing, part) in things.Zip(ledger.Views.PartsIn(Me, things, at))) parts.Of[thing] = part;
    }

    bool IsActed(SignedTransaction transaction)
    {
        if (transaction.Body.Party == Me || transaction.Body.Principal == Me) return true;
        foreach (var signer in transaction.Signers)
        {
            if (signer.Party == Me) return true;
        }

        return false;
    }

    bool Concerns(Operation operation, bool accepted, PartyId actor, bool proves)
    {
        var names = Touches.In(operation);

        // Money raised on units is told by its own page or not at all: neither who owes them nor who holds them now hears of it by an entry.
        if (names.Any(name => name is Id<Financing>))
        {
            return names.Any(name => name is Id<Financing> id
                ? accepted && Known(Guards.Financing, id) is { } financing && (IsSide(financing) || (proves && Guards.Financing.IsOwn(this, financing)))
                : IsConcern(name, accepted, actor, proves: false));
        }

        // Whose group a party is said to belong to is its bank's to know, which answers for it.
        if (accepted && operation is DeclareControl { Party: var controlled } && State.Party(controlled) is { } party && HoldsOffice(party.Sponsor)) return true;

        // A freeze is a burden on whoever holds the units; one of an amount names the holder.
        if (accepted && proves && operation is FreezeUnits { Units: { } units } freeze && HasPart(freeze.Instrument, [units])) return true;
        return names.Any(name => IsConcern(name, accepted, actor, proves));
    }

    bool IsConcern(object name, bool accepted, PartyId actor, bool proves) => name switch
    {
        PartyId party => party == Me,
        KeyId key => key.Party == Me,
        Id<Offer> id when accepted => Known(Guards.Offer, id) is { } offer && IsSide(offer, proves),
        Id<Financing> id when accepted => Known(Guards.Financing, id) is { } financing && IsSide(financing),
        Id<Payment> id when accepted && proves => Known(Guards.Payment, id) is { } payment && Guards.Payment.IsOwn(this, payment),
        Id<Measure> id when accepted => Known(Guards.Measure, id) is { } measure && Guards.Measure.IsOwn(this, measure),
        Id<Mandate> id => State.Mandate(id) is { } mandate && (mandate.Agent == Me || mandate.Principal == Me),
        Id<Instrument> id when accepted && proves => Known(id) is { } instrument && (IsOwedBy(instrument) || IsTold(instrument) || (instrument.Creditor == Me && actor == instrument.Obligor)),
        _ => false,
    };

    bool IsSide(Offer offer, bool proves) =>
        offer.From == Me || offer.To == Me || (proves && IsBehind(offer))
        || (proves && Known(offer.Instrument) is { } instrument && (IsOwedBy(instrument) || IsTold(instrument)))
        || (proves && offer is { Status: OfferStatus.Accepted, Kind: OfferKind.Issue or OfferKind.Transfer or OfferKind.Acceptance or OfferKind.Delivery }
            && HasPart(offer.Instrument, offer.Units));

    bool IsSide(Financing financing) => financing.Applicant == Me || financing.Financier == Me;
}
