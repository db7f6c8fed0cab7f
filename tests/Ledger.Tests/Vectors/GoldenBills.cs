using Ledger.Client.Invoices;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Tests.Vectors;

/// <summary>Bills where the ledger is the register, from the drawing to payment and recourse.</summary>
sealed class GoldenBills : GoldenStory
{
    static readonly PartyId Maker = FictionalUscc.Of("320583", 3);
    static readonly Id<Instrument> Bill = Name<Instrument>("bill"), Chained = Name<Instrument>("chained"), Old = Name<Instrument>("old");

    public override string Title => "bills";

    protected override ulong Seam => 4;

    protected override IReadOnlyList<Batch> Tell(Genesis genesis) =>
    [
        On("2026-03-10 09:00",
            By(A, Member(Core, "示例核心企业", Roles.CoreEnterprise, SizeClass.Large), B, Core),
            By(A, Member(Supplier, "示例供应商", Roles.Supplier, SizeClass.Small), Supplier),
            By(A, Member(Maker, "示例供应商之供应商", Roles.Supplier, SizeClass.Micro), Maker),
            By(Supplier, new FileAccount(Hash("account")), A),
            By(A, Attest("made", Opening("made", DocumentKind.Invoice, "26990000000000000302", Maker, Supplier, 500_000), 1), Maker)),
        On("2026-03-10 09:10",
            By(Core, Draw(Bill, '6', Supplier, 1_000_000)),
            By(Core, new PresentForAcceptance(Name<Offer>("acceptance"), Bill, Until("2026-03-12"))),
            By(Core, new DeliverBill(Name<Offer>("delivery"), Bill, Until("2026-03-12"))),
            By(Supplier, new AcceptOffer(Name<Offer>("delivery"))),
            By(Supplier, Draw(Chained, '7', Maker, 300_000) with { Documents = [new(Name<Document>("made"), new(300_000))] }),
            By(Supplier, new PresentForAcceptance(Name<Offer>("drawee's"), Chained, Until("2026-03-12"))),
            By(Core, new AcceptOffer(Name<Offer>("drawee's"))),
            By(Supplier, new CancelBill(Name<Offer>("cancellation"), Chained)),
            By(A, new ImportBill(
                Old, Number('6', 3), Core, Core, Maker, Currency.Cny, new(200_000), Date("2025-12-10"), Date("2026-06-10"), Transferable: true, Undivided: true),
                Maker, Core)),
        On("2026-03-11 10:00",
            By(Supplier, new GuaranteeBill(Name<Offer>("guarantee"), Bill, new(1, 400_000), B, Until("2026-03-20"))),
            By(B, new AcceptOffer(Name<Offer>("guarantee"))),
            By(Supplier, new PledgeBill(Name<Offer>("pledge"), Bill, new(400_001, 500_000), A, Until("2026-03-20"))),
            By(A, new AcceptOffer(Name<Offer>("pledge"))),
            By(A, new ReleaseBillPledge(Name<Offer>("pledge's release"), Name<Offer>("pledge"))),
            By(Supplier, Endorse("conditional", 1, 200_000) with { Condition = Hash("condition") }),
            By(Supplier, Endorse("endorsement", 1, 200_000) with { NotTransferable = true }),
            By(Maker, new AcceptOffer(Name<Offer>("endorsement"))),
            By(Supplier, new AllowTransfer(Name<Offer>("permission"), Bill, new(1, 100_000))),
            By(Supplier, new ApplyForFinancing(
                Name<Financing>("discount"), Bill, A, FinancingForm.Discount, new(200_000), Date("2026-09-10"), [], new Interval(500_001, 700_000), Amount: null,
                DayCount.Actual360, DayBounds.First, Rounding.HalfUp, InterestPayment.Prepaid, RefundsUnearned: false, GraceDays: 0, AccruesOnRolledDays: true)),
            By(A, new ApproveFinancing(Name<Financing>("discount"), B, Until("2026-03-20"), CreditMode.None), B),
            By(A, new Disburse(Name<Financing>("discount"), "DISCOUNT"))),
        On("2026-09-10 10:00",
            By(Maker, Present("refused", 1, 200_000)),
            By(Core, new DeclineOffer(Name<Offer>("refused"))),
            By(A, Present("paid", 500_001, 700_000)),
            By(Core, new AcceptOffer(Name<Offer>("paid"))),
            By(A, new ReceivePayment(Name<Payment>("bill"), Bill, PaymentOutcome.Paid, new(200_000), "BILL", Date("2026-09-10"), new Interval(500_001, 700_000), A)),
            By(Supplier, Present("unanswered", 700_001, 1_000_000)),
            By(Maker, new AskRecourse(Name<Offer>("of the guarantor"), Bill, new(1, 200_000), B, Until("2026-09-12"), Terms: [Hash("claimed")])),
            By(B, new AcceptOffer(Name<Offer>("of the guarantor"))),
            By(A, new SettleRecourse(Name<Offer>("of the guarantor"), "RECOURSE"))),
        On("2026-09-14 10:00",
            By(Supplier, new AskRecourse(Name<Offer>("of the acceptor"), Bill, new(700_001, 1_000_000), Core, Until("2026-09-20"))),
            By(Core, new AcceptOffer(Name<Offer>("of the acceptor")))),
    ];

    static RegisterBill Draw(Id<Instrument> id, char kind, PartyId payee, ulong amount) => new(
        id, Number(kind, 1), Core, payee, Currency.Cny, new(amount), Date("2026-03-10"), Date("2026-09-10"), Transferable: true, Undivided: false, [],
        [Hash($"terms of {kind}")]);

    static string Number(char kind, int number) => $"{kind}{number:D29}";

    static Transfer Endorse(string name, ulong first, ulong last)
    {
        var units = new Interval(first, last);
        return new(
            Name<Offer>(name), Bill, Maker, TransferCause.Trade, Recourse: true, [new(Name<Document>("made"), units.Amount)], Until("2026-03-20"), units);
    }

    static PresentBill Present(string name, ulong first, ulong last) => new(Name<Offer>(name), Bill, new(first, last), Until("2026-09-12"));
}
