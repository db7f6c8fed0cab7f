using System.Globalization;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Bills;

/// <summary>
/// One bill that C accepts, itself its drawer unless another is named, payable to A, told from the side of those who act. Where genesis names a register (bank Y) every agreed act
/// is also carried out there, and its message is what makes it so.
/// </summary>
sealed class BillStory : IDisposable
{
    public const string Due = "2026-09-10";
    public const string Maturity = "2026-09-10 09:00:00";
    public const ulong Face = 1_000;

    public static readonly BillPair Issued = new(BillStatus.Issued, BillFlow.AwaitsDelivery);
    public static readonly BillPair Accepted = new(BillStatus.Accepted, BillFlow.AwaitsDelivery);
    public static readonly BillPair Free = new(BillStatus.Held, BillFlow.Free);
    public static readonly BillPair Locked = new(BillStatus.Held, BillFlow.Locked);
    public static readonly BillPair Marked = new(BillStatus.Held, BillFlow.NotTransferable);
    public static readonly BillPair Pledged = new(BillStatus.Held, BillFlow.Pledged);
    public static readonly BillPair Presented = new(BillStatus.Due, BillFlow.Presented);
    public static readonly BillPair InRecourse = new(BillStatus.Due, BillFlow.InRecourse);
    public static readonly BillPair Ended = new(BillStatus.Ended, BillFlow.Ended);
    public static readonly BillPair Settled = new(BillStatus.Settled, BillFlow.Ended);

    public static readonly Interval Whole = new(1, Face);

    int messages;

    public BillStory(bool atRegister = false, string begin = Morning, Func<GenesisText, GenesisText>? shape = null)
    {
        World = new(begin, template => (shape ?? (static genesis => genesis))(atRegister ? template with { BillRegister = Y } : template));
        Bill = World.New<Instrument>();
    }

    public World World { get; }

    public Id<Instrument> Bill { get; set; }

    public PartyId Drawer { get; init; } = C;

    public LedgerState State => World.State;

    public bool HasRegister => State.Chain.BillRegister is not null;

    public BillPair Pair => Status(Whole);

    /// <summary>Where all of these units stand; they stand alike or the test is wrong.</summary>
    public BillPair Status(Interval units)
    {
        var instrument = World.Instrument(Bill);
        if (State.Tokens(Bill) is not { } tokens) return Rulebook.BillStatusOf(State, instrument);
        return Assert.Single(tokens.Touching(units).ToArray().Select(token => Rulebook.BillStatusOf(State, instrument, token)).Distinct());
    }

    /// <summary>A commercial bill through the bank channel, number 6…; nobody's before it is accepted and delivered.</summary>
    public static RegisterBill Drawing(World world, Id<Instrument> id, ulong amount = Face) => new(
        id, Number('6', id), C, A, Currency.Cny, new(amount), world.State.Chain.DateOf(world.Clock), Date(Due), Transferable: true, Undivided: false, []);

    public static string Number(char kind, Id<Instrument> id) => kind + (id.Value % 1_000_000_000_000_000_000).ToString("D29", CultureInfo.InvariantCulture);

    public BillStory Register(Func<RegisterBill, RegisterBill>? shape = null)
    {
        var register = Drawing(World, Bill);
        World.Accepts(Drawer, shape is null ? register : shape(register));
        if (HasRegister) Tell(Whole, default, Issued);
        return this;
    }

    public BillStory Accept()
    {
        var offer = World.New<Offer>();
        World.Accepts(Drawer, new PresentForAcceptance(offer, Bill, World.Tomorrow));
        if (Drawer != C) World.Accepts(C, new AcceptOffer(offer));
        Carry(offer, Accepted);
        return this;
    }

    public DeliverBill Deliver()
    {
        var deliver = new DeliverBill(World.New<Offer>(), Bill, World.Tomorrow);
        World.Accepts(Drawer, deliver);
        return deliver;
    }

    /// <summary>The bill is in A's hands.</summary>
    public BillStory Issue(Func<RegisterBill, RegisterBill>? shape = null)
    {
        Register(shape).Accept();
        var after = World.Instrument(Bill).Transferable ? Free : Marked;
        Agree(A, Deliver().Offer, after);
        return this;
    }

    public Transfer Endorsement(PartyId from, PartyId to, Interval units, bool? marked = null) =>
        World.Trade(Bill, from, to, units.First, units.Last) with { NotTransferable = marked };

    public Id<Offer> Endorse(PartyId from, PartyId to, Interval units, bool? marked = null)
    {
        var endorsement = Endorsement(from, to, units, marked);
        World.Accepts(from, endorsement);
        Agree(to, endorsement.Offer, marked == true ? Marked : Free);
        return endorsement.Offer;
    }

    public PledgeBill Pledging(PartyId by, Interval units) => new(World.New<Offer>(), Bill, units, X, World.Tomorrow);

    public Id<Offer> Pledge(PartyId by, Interval units)
    {
        var pledge = Pledging(by, units);
        World.Accepts(by, pledge);
        Agree(X, pledge.Offer, Pledged);
        return pledge.Offer;
    }

    public Id<Offer> Guarantee(PartyId by, Interval units, PartyId guarantor)
    {
        var guarantee = new GuaranteeBill(World.New<Offer>(), Bill, units, guarantor, World.Tomorrow);
        var before = Status(units);
        World.Accepts(by, guarantee);
        Agree(guarantor, guarantee.Offer, before);
        return guarantee.Offer;
    }

    public PresentBill Presenting(Interval units) => new(World.New<Offer>(), Bill, units, World.Tomorrow);

    public Id<Offer> Present(PartyId by, Interval units)
    {
        var present = Presenting(units);
        World.Accepts(by, present);
        return present.Offer;
    }

    /// <summary>On the due date the holder presents its units and C does not pay.</summary>
    public Id<Offer> Dishonour(PartyId holder, Interval units)
    {
        if (World.Clock < At(Maturity)) World.Until(Maturity);
        var offer = Present(holder, units);
        World.Accepts(C, new DeclineOffer(offer));
        return offer;
    }

    public AskRecourse Asking(Interval units, PartyId debtor) => new(World.New<Offer>(), Bill, units, debtor, World.Tomorrow);

    public Id<Offer> Recourse(PartyId by, Interval units, PartyId debtor, Id<Offer>? endorsement = null)
    {
        var ask = Asking(units, debtor) with { Endorsement = endorsement };
        World.Accepts(by, ask);
        World.Accepts(debtor, new AcceptOffer(ask.Offer));
        return ask.Offer;
    }

    public void Settle(Id<Offer> recourse, string reference, BillPair after)
    {
        var payee = World.State.Party(World.Offer(recourse).From)!;
        World.Accepts(payee.Has(Core.Parties.Roles.Bank) ? payee.Id : payee.Sponsor, new SettleRecourse(recourse, reference));
        Carry(recourse, after);
    }

    /// <summary>Accepted by whom it was made to and, where there is a register, carried out there.</summary>
    public void Agree(PartyId by, Id<Offer> offer, BillPair after)
    {
        World.Accepts(by, new AcceptOffer(offer));
        Carry(offer, after);
    }

    /// <summary>The register did what was instructed.</summary>
    public void Carry(Id<Offer> offer, BillPair after)
    {
        if (!HasRegister) return;
        var units = Assert.Single(World.Offer(offer).Units);
        Tell(units, Status(units), after, offer);
    }

    public AttestBill Message(Interval units, BillPair before, BillPair after, Id<Offer>? offer = null, bool done = true) => new(
        $"ECDS-{++messages}", Bill, units, after.Status, after.Flow, done,
        before == default ? null : before.Status, before == default ? null : before.Flow, offer);

    public Answer Tell(Interval units, BillPair before, BillPair after, Id<Offer>? offer = null, bool done = true) =>
        World.Accepts(Y, Message(units, before, after, offer, done));

    public void Dispose() => World.Dispose();
}
