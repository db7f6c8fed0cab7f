using Ledger.Client.Invoices;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Tests.Vectors;

/// <summary>A ledger whose genesis asks for reservations between consortia: a bank commits and pays only while two banks' word of one lasts.</summary>
sealed class GoldenPledges : GoldenStory
{
    static readonly PartyId Gateway = FictionalUscc.Of("310115", 4);
    static readonly PartyId Third = FictionalUscc.Of("310115", 5);

    static readonly Id<Instrument> Note = Name<Instrument>("note");
    static readonly Id<Financing> Loan = Name<Financing>("reserved");

    public override string Title => "pledges";

    protected override ulong Seam => 5;

    protected override IEnumerable<FoundingParty> Founders =>
        [.. base.Founders, new(Third, "示例银行丙", Roles.Bank, "310115", SizeClass.Large, "", A, [])];

    public override GenesisText Found() => base.Found() with { Rules = [new(new(2020, 1, 1), RuleValues.Of([.. Template.Rules[^1].Parameters.Values, 1]))] };

    protected override IReadOnlyList<Batch> Tell(Genesis genesis) =>
    [
        On("2026-03-10 09:00",
            By(A, Member(Core, "示例核心企业", Roles.CoreEnterprise, SizeClass.Large), B, Core),
            By(A, Member(Supplier, "示例供应商", Roles.Supplier, SizeClass.Small), Supplier),
            By(B, Member(Gateway, "示例平台", Roles.Gateway | Roles.Platform, SizeClass.Medium), A, Gateway),
            By(Supplier, new FileAccount(Hash("account")), A)),
        On("2026-03-10 09:10",
            By(A, Attest("sold", Opening("sold", DocumentKind.Invoice, "26990000000000000301", Supplier, Core, 500_000), 1), Supplier),
            By(Core, new IssueReceivable(
                Name<Offer>("note"), Note, Supplier, Currency.Cny, new(500_000), Date("2026-03-10"), Date("2026-09-10"), Transferable: true, [new(Name<Document>("sold"), new(500_000))],
                Until("2026-03-11"), new(Hash("undertaking"), DefencesWaived: true, Hash("clause")))),
            By(Supplier, new AcceptOffer(Name<Offer>("note")))),
        On("2026-03-11 10:00",
            By(Supplier, new ApplyForFinancing(
                Loan, Note, A, FinancingForm.PledgeLoan, new(450_000), Date("2026-09-10"), [Name<Document>("sold")], new Interval(1, 500_000), Amount: null,
                DayCount.Actual360, DayBounds.First, Rounding.HalfUp, InterestPayment.Prepaid, RefundsUnearned: true, GraceDays: 3, AccruesOnRolledDays: false)),
            States("2026-03-11 10:00", RegistryAct.Query, RegistryFinding.Clear),
            Approve()),
        On("2026-03-11 11:00", Reserved("2026-03-11 10:30", "2026-03-17"), Approve(), Reserved("2026-03-11 10:30", "2026-03-18"), Approve()),
        On("2026-03-11 12:00", States("2026-03-11 12:00", RegistryAct.Registration, RegistryFinding.Done)),
        On("2026-03-11 13:00", States("2026-03-11 12:30", RegistryAct.Query, RegistryFinding.Clear), By(A, new Disburse(Loan, "PAYOUT"))),
    ];

    static (PartyId, Operation, PartyId[]) Reserved(string stated, string until) => By(A, new AttestPledge(
        Loan, B, "eip155:11155111:0x5fbdb2315678afecb367f032d93f642f64180aa3", 3, Hash("tags"), Hash($"block of {until}"), World.At(stated + ":00"), Until(until)), B);

    static (PartyId, Operation, PartyId[]) Approve() => By(A, new ApproveFinancing(Loan, Gateway, Until("2026-03-17"), CreditMode.None), Gateway);

    static (PartyId, Operation, PartyId[]) States(string at, RegistryAct act, RegistryFinding finding) =>
        By(Gateway, new AttestRegistry(Name<Attestation>($"reserved {act} {at}"), Loan, act, finding, Hash("certificate"), World.At(at + ":00")));
}
