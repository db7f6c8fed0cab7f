using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Tests.Vectors;

/// <summary>A bill where genesis names a register: what is agreed waits for its word, and where it says otherwise two look at it. Of its two validators one leaves.</summary>
sealed class GoldenRegister : GoldenStory
{
    static readonly Id<Instrument> Bill = Name<Instrument>("bill");

    public override string Title => "register";

    protected override ulong Seam => 3;

    public override GenesisText Found() => base.Found() with { BillRegister = B, Validators = [new(A, NodeKey.PublicKey), new(B, NodeKeyOf(B).PublicKey)] };

    protected override IReadOnlyList<Batch> Tell(Genesis genesis) =>
    [
        On("2026-03-10 09:00",
            By(A, Member(Core, "示例核心企业", Roles.CoreEnterprise, SizeClass.Large), B, Core),
            By(A, Member(Supplier, "示例供应商", Roles.Supplier, SizeClass.Small), Supplier)),
        On("2026-03-10 09:10",
            By(Core, new RegisterBill(
                Bill, "600000000000000000000000000001", Core, Supplier, Currency.Cny, new(1_000_000), Date("2026-03-10"), Date("2026-09-10"),
                Transferable: true, Undivided: false, [])),
            Told("REG-1", new(1, 1_000_000), null, (BillStatus.Issued, BillFlow.AwaitsDelivery)),
            By(Core, new PresentForAcceptance(Name<Offer>("acceptance"), Bill, Until("2026-03-12"))),
            Told("REG-2", new(1, 1_000_000), (BillStatus.Issued, BillFlow.Locked), (BillStatus.Accepted, BillFlow.AwaitsDelivery), "acceptance"),
            By(Core, new DeliverBill(Name<Offer>("delivery"), Bill, Until("2026-03-12"))),
            By(Supplier, new AcceptOffer(Name<Offer>("delivery"))),
            Told("REG-3", new(1, 1_000_000), (BillStatus.Accepted, BillFlow.Locked), (BillStatus.Held, BillFlow.Free), "delivery")),
        On("2026-03-11 10:00",
            By(Supplier, new PledgeBill(Name<Offer>("pledge"), Bill, new(1, 400_000), A, Until("2026-03-20"))),
            By(A, new AcceptOffer(Name<Offer>("pledge"))),
            Told("REG-4", new(1, 400_000), (BillStatus.Held, BillFlow.Free), (BillStatus.Held, BillFlow.Pledged), "pledge"),
            By(Supplier, new PledgeBill(Name<Offer>("another"), Bill, new(400_001, 500_000), A, Until("2026-03-20"))),
            By(A, new AcceptOffer(Name<Offer>("another"))),
            Told("REG-5", new(400_001, 500_000), (BillStatus.Held, BillFlow.Locked), (BillStatus.Held, BillFlow.Free), "another", done: false)),
        On("2026-03-12 10:00",
            By(A, new Propose(Name<Proposal>("leave"), ProposalAction.ValidatorRemove, Until("2026-03-20"), B)),
            By(B, new Propose(Name<Proposal>("operator"), ProposalAction.RolesGrant, Until("2026-03-20"), Supplier, Roles.Operator)),
            By(A, new Propose(Name<Proposal>("rules"), ProposalAction.RulesAdopt, Until("2026-03-20"), Rules: new(Date("2027-01-01"), Template.Rules[^1].Parameters))),
            By(B, new Propose(
                Name<Proposal>("programme"), ProposalAction.ProgrammeAdopt, Until("2026-03-20"), Programme: new("示例产业链", new(Date("2026-06-01"), 6, 3, 8_000, 2, ContractRequired: true)))),
            By(A, new VoteOn(Name<Proposal>("programme"), IsFor: true)),
            By(B, new VoteOn(Name<Proposal>("programme"), IsFor: true)),
            By(A, new VoteOn(Name<Proposal>("rules"), IsFor: true)),
            By(B, new VoteOn(Name<Proposal>("rules"), IsFor: true)),
            By(A, new VoteOn(Name<Proposal>("leave"), IsFor: true)),
            By(B, new VoteOn(Name<Proposal>("leave"), IsFor: true)),
            By(B, new VoteOn(Name<Proposal>("operator"), IsFor: true)),
            By(B, new ReconcileBill("REG-4", A, Name<Offer>("pledge")), A),
            Told("REG-6", new(900_001, 1_000_000), (BillStatus.Held, BillFlow.Free), (BillStatus.Held, BillFlow.Pledged))),
        On("2026-03-13 10:00", By(A, new Propose(Name<Proposal>("platform"), ProposalAction.RolesGrant, Until("2026-03-20"), Supplier, Roles.Platform))),
    ];

    static (PartyId, Operation, PartyId[]) Told(
        string id, Interval units, (BillStatus Status, BillFlow Flow)? before, (BillStatus Status, BillFlow Flow) after, string? offer = null, bool done = true) =>
        By(B, new AttestBill(
            id, Bill, units, after.Status, after.Flow, done, before?.Status, before?.Flow, offer is null ? null : Name<Offer>(offer)));
}
