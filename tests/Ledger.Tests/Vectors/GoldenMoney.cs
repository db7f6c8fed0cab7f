using Ledger.Client.Invoices;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using static Ledger.Core.Instruments.RegistryAct;

namespace Ledger.Tests.Vectors;

/// <summary>Three certificates from issue to the last payment: lines, every form and end of a financing, every cause of a transfer, default and insolvency.</summary>
sealed class GoldenMoney : GoldenStory
{
    static readonly PartyId Maker = FictionalUscc.Of("320583", 3);
    static readonly PartyId Gateway = FictionalUscc.Of("310115", 4);

    // Institutions that keep nobody's account.
    static readonly PartyId Third = FictionalUscc.Of("310115", 5);
    static readonly PartyId Fourth = FictionalUscc.Of("310115", 6);

    static readonly Id<Instrument> Kept = Name<Instrument>("kept"), Long = Name<Instrument>("long"), Short = Name<Instrument>("short");
    static readonly Id<CreditLine> General = Name<CreditLine>("general"), Earmarked = Name<CreditLine>("earmarked"), Own = Name<CreditLine>("own");

    public override string Title => "money";

    protected override ulong Seam => 11;

    protected override IEnumerable<FoundingParty> Founders =>
    [
        .. base.Founders,
        new(Third, "示例银行丙", Roles.Bank, "310115", SizeClass.Large, "", A, []), new(Fourth, "示例银行丁", Roles.Bank, "310115", SizeClass.Large, "", B, []),
    ];

    protected override IReadOnlyList<Batch> Tell(Genesis genesis) => [.. Beginning(), .. Lending(), .. Moving(), .. Maturing()];

    static Batch[] Beginning() =>
    [
        On("2026-03-10 09:00",
            By(A, Member(Core, "示例核心企业", Roles.CoreEnterprise, SizeClass.Large), B, Core),
            By(A, Member(Supplier, "示例供应商", Roles.Supplier, SizeClass.Small), Supplier),
            By(A, Member(Maker, "示例供应商之供应商", Roles.Supplier, SizeClass.Micro), Maker),
            By(B, Member(Gateway, "示例平台", Roles.Gateway | Roles.Platform, SizeClass.Medium), A, Gateway),
            By(Supplier, new FileAccount(Hash("account")), A),
            By(A, new SetLine(General, Core, CreditMode.General, Currency.Cny, new(500_000), Date("2027-12-31"))),
            By(A, new SetLine(Earmarked, Core, CreditMode.Earmarked, Currency.Cny, new(600_000), Date("2027-12-31"))),
            By(A, new SetLine(Own, Supplier, CreditMode.Supplier, Currency.Cny, new(50_000), Date("2027-12-31"))),
            By(A, new SetLine(Own, Supplier, CreditMode.Supplier, Currency.Cny, new(80_000), Date("2027-12-31")))),
        On("2026-03-10 09:10",
            By(A, Attest("sold", Opening("sold", DocumentKind.Invoice, "26990000000000000201", Supplier, Core, 1_500_000), 1), Supplier),
            By(A, Attest("made", Opening("made", DocumentKind.Invoice, "26990000000000000202", Maker, Supplier, 300_000), 1), Maker),
            By(A, Attest("served", Opening("served", DocumentKind.Invoice, "26990000000000000203", B, Supplier, 40_000), 1), B),
            Issue("kept", Kept, 600_000, "2026-09-10", Earmarked),
            Issue("long", Long, 400_000, "2027-01-15"),
            Issue("short", Short, 100_000, "2026-06-10"),
            By(Supplier, new AcceptOffer(Name<Offer>("kept"))),
            By(Supplier, new AcceptOffer(Name<Offer>("long"))),
            By(Supplier, new AcceptOffer(Name<Offer>("short")))),
    ];

    // Pledge loans and factoring, each to another end before the due date; what overlaps is refused and on record.
    static Batch[] Lending() =>
    [
        On("2026-03-11 10:00",
            Apply("loan", Kept, FinancingForm.PledgeLoan, 1, 200_000),
            Apply("sold", Kept, FinancingForm.RecourseFactoring, 200_001, 400_000),
            Apply("whole", Long, FinancingForm.NonRecourseFactoring, 1, 50_000),
            Apply("returned", Long, FinancingForm.RecourseFactoring, 50_001, 100_000),
            Apply("mistaken", Long, FinancingForm.PledgeLoan, 100_001, 150_000),
            Apply("realised", Long, FinancingForm.PledgeLoan, 150_001, 200_000),
            Apply("withdrawn", Long, FinancingForm.PledgeLoan, 200_001, 210_000),
            Apply("released", Long, FinancingForm.PledgeLoan, 210_001, 220_000),
            Apply("lapsed", Long, FinancingForm.PledgeLoan, 220_001, 230_000),
            Apply("twice", Long, FinancingForm.PledgeLoan, 145_001, 155_000)),
        On("2026-03-11 11:00",
            [
                By(Supplier, new WithdrawFinancing(Financing("withdrawn"))),
                .. Each(name => States(name, "2026-03-11 11:00", Query, RegistryFinding.Clear), "loan", "sold", "whole", "returned", "mistaken", "realised", "released"),
                Approve("loan", CreditMode.Earmarked), Approve("sold", CreditMode.Earmarked, Earmarked), Approve("whole", CreditMode.General, General),
                Approve("returned", CreditMode.General, General), Approve("mistaken", CreditMode.Supplier, Own), Approve("realised", CreditMode.None),
                Approve("released", CreditMode.None),
                By(A, new ReleaseFinancing(Financing("released"))),
            ]),
        On("2026-03-11 12:00", [.. Each(name => States(name, "2026-03-11 12:00", Registration, RegistryFinding.Done), Paid)]),
        On("2026-03-11 13:00",
            [
                .. Each(name => States(name, "2026-03-11 12:30", Query, RegistryFinding.Released), Paid),
                .. Each(name => By(A, new Disburse(Financing(name), $"PAYOUT {name}", [Hash($"net of {name}")])), Paid),
            ]),
        On("2026-03-12 15:00",
            By(A, new ReverseFinancing(Financing("returned"), "RETURN OF PAYOUT")),
            By(A, new CorrectFinancing(Financing("mistaken"), Gateway), Gateway, Supplier),
            By(A, new Repay(Financing("loan"), "REPAYMENT", [Hash("payoff")]), Supplier),
            By(A, new SettleFinancing(Financing("loan"), Surplus: false, Refund: true, "REFUND"), Supplier),
            States("loan", "2026-03-12 14:00", Cancellation, RegistryFinding.Done)),
    ];

    // Every cause of a transfer before the due date.
    static Batch[] Moving() =>
    [
        On("2026-03-16 10:00",
            Move("trade", TransferCause.Trade, Supplier, Maker, 200_001, 220_000),
            By(Maker, new AcceptOffer(Name<Offer>("trade"))),
            By(Maker, new CorrectTransfer(Name<Offer>("trade"), Gateway, [new(Name<Document>("sold"), new(20_000))]), Supplier, Gateway),
            Move("trade again", TransferCause.Trade, Supplier, Maker, 200_001, 240_000),
            By(Maker, new AcceptOffer(Name<Offer>("trade again"))),
            Move("to the bank", TransferCause.Trade, Supplier, B, 240_001, 280_000),
            By(B, new AcceptOffer(Name<Offer>("to the bank"))),
            Move("conversion", TransferCause.Conversion, Supplier, Core, 280_001, 300_000),
            By(Core, new AcceptOffer(Name<Offer>("conversion"))),
            Move("realisation", TransferCause.Realisation, A, B, 150_001, 160_000, Supplier, Supplier),
            By(B, new AcceptOffer(Name<Offer>("realisation"))),
            By(B, new FreezeUnits(Name<Freeze>("freeze"), Long, "示例人民法院", Hash("case"), Hash("order"), Date("2028-03-10"), new Interval(300_001, 310_000)), A),
            Move("court", TransferCause.Court, B, Maker, 300_001, 310_000, Supplier, Third),
            By(Supplier, new ContestMeasure(Behind("court"), Hash("objection"))),
            By(Maker, new AcceptOffer(Name<Offer>("court"))),
            By(Fourth, new DecideMeasure(Behind("court"), Upheld: true, Hash("decision"))),
            By(Maker, new AcceptOffer(Name<Offer>("court"))),
            Move("dismissed", TransferCause.Court, B, Maker, 310_001, 320_000, Supplier, Third),
            By(A, new ContestMeasure(Behind("dismissed"), Hash("objection"))),
            By(Fourth, new DecideMeasure(Behind("dismissed"), Upheld: false, Hash("decision"))),
            Move("succession", TransferCause.Succession, B, Supplier, 230_001, 240_000, Maker, Third),
            By(Supplier, new AcceptOffer(Name<Offer>("succession")))),
        On("2026-03-19 11:00", By(Supplier, new AcceptOffer(Name<Offer>("succession")))),
        On("2026-03-19 12:00",
            By(Maker, new DeclareControl(Maker, Core, Hash("own word"))),
            By(B, new DeclareControl(Maker, Supplier, Hash("shareholders")), Third),
            By(B, new DeclareControl(Fourth, B, Hash("shareholders")), Third),
            By(B, new FreezeUnits(Name<Freeze>("of one group"), Long, "示例人民法院", Hash("case"), Hash("order"), Date("2026-03-20"), new Interval(320_001, 320_010)), Fourth),
            By(B, new FreezeUnits(Name<Freeze>("too long"), Long, "示例人民法院", Hash("case"), Hash("order"), Date("2028-03-10"), new Interval(320_001, 320_010)), Fourth),
            By(B, new DeclareControl(Fourth, null, Hash("sold")), Third),
            By(A, new DeclareControl(Fourth, null, Hash("sold")), Third)),
        On("2026-06-01 10:00", By(Core, new ExtendDueDate(Short, Date("2026-08-10"), new Rate(700), [Hash("extension")]), Supplier)),
    ];

    // Two certificates are overdue, the obligor is insolvent for a while, and the last of the claims goes to whoever paid it.
    static Batch[] Maturing() =>
    [
        On("2026-08-13 10:00",
            By(Supplier, new ClaimCosts(Short, new(1, 60_000), new(900), Hash("costs")), Core),
            Receive("part", Short, PaymentOutcome.PartlyPaid, 40_000, "2026-08-12"),
            By(Core, new DisputePayment(Name<Payment>("part"), Hash("dispute"))),
            By(A, new ReturnPayment(Name<Payment>("part"), "RETURN part")),
            Receive("unclear", Short, PaymentOutcome.Disputed, 7, "2026-08-13"),
            Receive("units", Short, PaymentOutcome.PartlyPaid, 50_000, "2026-08-13", new(1, 60_000), Supplier)),
        On("2026-09-15 10:00",
            By(A, new BuyBack(Financing("sold"), "BUY BACK", [Hash("price")]), Supplier),
            Receive("lump", Kept, PaymentOutcome.PartlyPaid, 450_000, "2026-09-15")),
        On("2026-10-12 10:00", By(A, new DeclareInsolvent(Name<Measure>("insolvency"), Core, Date("2026-10-11"), "示例人民法院", Hash("petition")), B)),
        On("2026-10-20 10:00",
            Receive("bought", Long, PaymentOutcome.Paid, 50_000, "2026-10-20", new(1, 50_000), A),
            Receive("from insolvency", Long, PaymentOutcome.PartlyPaid, 30_000, "2026-10-20"),
            By(B, new ConfirmPayment(Name<Payment>("from insolvency"), Name<Payment>("what came"), B, "RECEIPT what came")),
            Receive("more of it", Long, PaymentOutcome.PartlyPaid, 20_000, "2026-10-20"),
            By(B, new DenyPayment(Name<Payment>("more of it"), B, Hash("nothing came")))),
        On("2026-10-26 10:00", By(B, new DeclareSolvent(Name<Measure>("solvency"), Core, Hash("dismissal")), Third)),
        On("2026-11-02 10:00"),
        On("2027-01-18 10:00",
            Move("recourse", TransferCause.Recourse, B, Supplier, 260_001, 280_000),
            By(Supplier, new AcceptOffer(Name<Offer>("recourse"))),
            Move("subrogation", TransferCause.Subrogation, Maker, B, 210_001, 230_000),
            By(B, new AcceptOffer(Name<Offer>("subrogation")))),
    ];

    static readonly string[] Paid = ["loan", "sold", "whole", "returned", "mistaken", "realised"];

    static IEnumerable<(PartyId, Operation, PartyId[])> Each(Func<string, (PartyId, Operation, PartyId[])> act, params string[] names) => names.Select(act);

    static (PartyId, Operation, PartyId[]) Issue(string name, Id<Instrument> id, ulong amount, string due, Id<CreditLine>? line = null) => By(Core, new IssueReceivable(
        Name<Offer>(name), id, Supplier, Currency.Cny, new(amount), Date("2026-03-10"), Date(due), Transferable: true,
        [new(Name<Document>("sold"), new(amount))], Until("2026-03-11"), new(Hash("undertaking"), DefencesWaived: true, Hash("clause")), Line: line,
        Justification: id == Long ? Hash("justification") : null, LateRate: id == Kept ? new(600) : null));

    // A measure on units has its offer's id.
    static Id<Measure> Behind(string offer) => new(Name<Offer>(offer).Value);

    static Id<Financing> Financing(string name) => Name<Financing>(name);

    static (PartyId, Operation, PartyId[]) Apply(string name, Id<Instrument> instrument, FinancingForm form, ulong first, ulong last) => By(Supplier, new ApplyForFinancing(
        Financing(name), instrument, A, form, new(form == FinancingForm.NonRecourseFactoring ? last - first + 1 : (last - first + 1) / 10 * 9),
        instrument == Kept ? Date("2026-09-10") : Date("2027-01-15"), [Name<Document>("sold")], new Interval(first, last), Amount: null,
        DayCount.Actual360, DayBounds.First, Rounding.HalfUp, InterestPayment.Prepaid, RefundsUnearned: true, GraceDays: 3, AccruesOnRolledDays: false,
        [Hash($"rate of {name}")]));

    static (PartyId, Operation, PartyId[]) States(string name, string at, RegistryAct act, RegistryFinding finding) => By(Gateway, new AttestRegistry(
        Name<Attestation>($"{name} {act} {at}"), Financing(name), act, finding, Hash("certificate"), World.At(at + ":00")));

    static (PartyId, Operation, PartyId[]) Approve(string name, CreditMode mode, Id<CreditLine>? line = null) =>
        By(A, new ApproveFinancing(Financing(name), Gateway, Until("2026-03-20"), mode, line, [Hash($"rate of {name}")]), Gateway);

    static (PartyId, Operation, PartyId[]) Move(
        string name, TransferCause cause, PartyId by, PartyId to, ulong first, ulong last, PartyId? from = null, params PartyId[] with)
    {
        var units = new Interval(first, last);
        var hasEvidence = cause is TransferCause.Conversion or TransferCause.Court or TransferCause.Succession or TransferCause.Subrogation;
        return By(by, new Transfer(
            Name<Offer>(name), Long, to, cause, Recourse: cause == TransferCause.Trade,
            cause == TransferCause.Trade ? [new(Name<Document>(to == Maker ? "made" : "served"), units.Amount)] : [],
            cause is TransferCause.Recourse or TransferCause.Subrogation ? Until("2027-01-20") : Until("2026-03-20"), units, From: from,
            Evidence: hasEvidence ? Hash(name) : null), with);
    }

    static (PartyId, Operation, PartyId[]) Receive(
        string name, Id<Instrument> instrument, PaymentOutcome outcome, ulong amount, string on, Interval? units = null, PartyId? payee = null) =>
        By(A, new ReceivePayment(Name<Payment>(name), instrument, outcome, new(amount), $"RECEIPT {name}", Date(on), units, payee));
}
