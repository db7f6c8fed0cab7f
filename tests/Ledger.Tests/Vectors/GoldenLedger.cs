using Ledger.Client.Documents;
using Ledger.Client.Invoices;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Tests.Vectors;

/// <summary>Members, documents, confirmation, issue and transfer, with refused and skipped transactions.</summary>
sealed class GoldenLedger : GoldenStory
{
    static readonly DateOnly Today = new(2026, 3, 10);
    static readonly PartyId Keyless = FictionalUscc.Of("320583", 3);

    static readonly KeyId A1 = new(A, 1), A2 = new(A, 2), B1 = new(B, 1), B2 = new(B, 2), Core1 = new(Core, 1), Supplier1 = new(Supplier, 1), Supplier2 = new(Supplier, 2);

    public override string Title => "ledger";

    protected override ulong Seam => 4;

    protected override IReadOnlyList<Batch> Tell(Genesis genesis)
    {
        var invoice = Opening("invoice", DocumentKind.Invoice, "26990000000000000101", Supplier, Core, 2_000_000_00);
        var contract = Opening("contract", DocumentKind.Invoice, "26990000000000000102", Supplier, Core, 800_000_00);
        var nextTier = Opening("next tier", DocumentKind.Invoice, "26990000000000000103", Keyless, Supplier, 500_000_00);
        var claim = Name<Instrument>("claim");
        var second = Name<Instrument>("second");
        var undertaking = new Undertaking(Hash("undertaking"), DefencesWaived: true, Hash("clause"));

        return
        [
            new(1_000,
                Do("register core", A, [A1, B1, Core1], new RegisterParty(
                    Core, "示例核心企业", Roles.CoreEnterprise, "310115", SizeClass.Large, "汽车", [Public(Core1)])),
                Do("register supplier", A, [A1, Supplier1], new RegisterParty(
                    Supplier, "示例供应商", Roles.Supplier, "320500", SizeClass.Small, "汽车", [Public(Supplier1)], Account: Hash("account"))),
                Do("register keyless", A, [A1, B1], new RegisterParty(
                    Keyless, "示例供应商之供应商", Roles.Supplier, "320583", SizeClass.Micro, "汽车", [], new PaperMandate(
                        Name<Mandate>("paper"), B, ["offer.accept", "offer.decline"], Currency.Cny, new(500_000_00), [Supplier], Minute(180 * 24 * 60), Hash("paper")))),
                Do("policy", B, [B1], new SetPolicy([new(Currency.Cny, new(600_000_00), new(Amount.MaxMinor))])),
                Do("grant", Supplier, [Supplier1], new GrantMandate(
                    Name<Mandate>("granted"), B, ["token.transfer"], Currency.Cny, new(100_000_00), [Keyless], Minute(30))),
                Do("grant again", Supplier, [Supplier1], new GrantMandate(
                    Name<Mandate>("short"), A, ["offer.accept"], Currency.Cny, new(1), [], Minute(20))),
                Do("revoke mandate", Supplier, [Supplier1], new RevokeMandate(Name<Mandate>("granted")))),
            new(2_000,
                Do("rotate", Core, [Core1], new RotateKey(Core, 1, Public(new(Core, 2)))),
                Do("veto", A, [A1], new VetoRotation(Core, 2)),
                Do("further key", Core, [A1, B1, B2, Core1], new RotateKey(Core, 0, Public(new(Core, 3), KeyRole.Checker, "checker-1"))),
                Do("revoke key", Core, [Core1], new RevokeKey(3)),
                Do("lost", A, [A1], new ReportLost(Supplier)),
                Do("recover", A, [A1, B1, B2], new Recover(Supplier, [1], [Public(Supplier2)])),
                Do("next epoch", A, [A1, A2], new Propose(
                    Name<Proposal>("epoch"), ProposalAction.EpochOpen, Minute(60), Epoch: new(2, genesis.Text.Epoch.KeyCommitment, genesis.Text.Epoch.SealedKeys))),
                Do("vote for the epoch", A, [A1, A2], new VoteOn(Name<Proposal>("epoch"), IsFor: true))),
            new(3_000,
                Do("attest invoice", A, [A1, Supplier2], Attest("invoice", invoice)),
                Do("attest contract", A, [A1, Supplier2], Attest("contract", contract)),
                Do("attest next tier", A, [A1, B1], Attest("next tier", nextTier)),
                Do("attest framework", A, [A1, Supplier2], Attest("framework", Opening("framework", DocumentKind.Contract, "示例-2026-1-11", Supplier, Core, 3_000_000_00))),
                Do("attest alike", A, [A1, B1, Supplier2], Attest(
                    "alike", Opening("alike", DocumentKind.Contract, "示例-2026-11-1", Supplier, Core, 1_000_000_00), epochs: 2, Name<Document>("framework"))),
                Do("red letter", A, [A1], RedLetter("contract", Opening("red letter", DocumentKind.Invoice, "26990000000000000109", Supplier, Core, 50_000_00)))),
            new(4_000,
                Do("request", Supplier, [Supplier2], new RequestConfirmation(
                    claim, Core, Currency.Cny, new(1_000_000_00), new(2026, 2, 1), SizeClass.Large, SizeClass.Small, Hash("consent"), "GOLDEN-0001")),
                Do("confirm", Core, [Core1], new Confirm(claim, new(900_000_00), undertaking, Hash("reason"))),
                Do("issue", Core, [Core1], new IssueReceivable(
                    Name<Offer>("issue"), claim, Supplier, Currency.Cny, new(900_000_00), Today, new(2026, 9, 10), true,
                    [new(Name<Document>("invoice"), new(900_000_00))], Minute(60))),
                Do("accept issue", Supplier, [Supplier2], new AcceptOffer(Name<Offer>("issue"))),
                Do("dispute", Core, [Core1], new Dispute(claim, Hash("later reason")))),
            new(5_000,
                Do("transfer", Supplier, [Supplier2], Part("transfer", claim, 300_000_00, 120) with { Terms = [.. new[] { Hash("price"), Hash("account number") }.Order()] }),
                Do("accept part", B, Keyless, [B1], new AcceptOffer(Name<Offer>("transfer"))),
                Do("transfer to decline", Supplier, [Supplier2], Part("declined", claim, 100_000_00, 120)),
                Do("decline", B, Keyless, [B1], new DeclineOffer(Name<Offer>("declined"))),
                Do("transfer to withdraw", Supplier, [Supplier2], Part("withdrawn", claim, 100_000_00, 120)),
                Do("withdraw", Supplier, [Supplier2], new WithdrawOffer(Name<Offer>("withdrawn"))),
                Do("transfer to expire", Supplier, [Supplier2], Part("expired", claim, null, 30, new Interval(80_000_001, 90_000_000))),
                Do("attempt", Supplier, [Supplier2], Part("twice", claim, null, 120, new Interval(85_000_001, 87_000_000))),
                Do("attempt again", Supplier, [Supplier2], Part("thrice", claim, null, 120, new Interval(85_000_001, 87_000_000))),
                Do("no such offer", Supplier, [Supplier2], new AcceptOffer(Name<Offer>("nowhere"))))
            { EndsInNoise = true },
            new(6_000,
                Do("freeze", A, [A1, A2], new FreezeUnits(
                    Name<Freeze>("freeze"), claim, "示例人民法院", Hash("case"), Hash("order"), Day(1), new Interval(60_000_001, 70_000_000))),
                Do("freeze in rank", A, [A1, B1], new FreezeUnits(
                    Name<Freeze>("rank"), claim, "示例人民法院", Hash("case 2"), Hash("order 2"), Day(30), Holder: Supplier, Amount: new(8_000_000))),
                Do("extend freeze", A, [A1, A2, B1], new ExtendFreeze(Name<Freeze>("freeze"), Day(90), Hash("order 3"))),
                Do("unfreeze", A, [A1], new UnfreezeUnits(Name<Freeze>("freeze"))),
                Do("pledge", Supplier, [Supplier2], new PledgeDocuments(
                    Name<Offer>("pledge"), B, Currency.Cny, new(700_000_00), [new(Name<Document>("contract"), new(700_000_00))], Minute(60))),
                Do("accept pledge", B, [B1, B2], new AcceptOffer(Name<Offer>("pledge"))),
                Do("release", B, [B1, B2], new ReleasePledge(Name<Offer>("pledge"), DebtWasPaid: false)),
                Do("issue at once", Core, [Core1], new IssueReceivable(
                    Name<Offer>("second"), second, Supplier, Currency.Cny, new(500_000_00), Today, new(2026, 8, 10), false,
                    [new(Name<Document>("invoice"), new(500_000_00))], Minute(60), undertaking, "GOLDEN-0002")),
                Do("accept second", Supplier, [Supplier2], new AcceptOffer(Name<Offer>("second"))),
                Do("cancel", Core, [Core1, Supplier2], new CancelReceivable(second)),
                Do("propose", A, [A1, A2], new Propose(Name<Proposal>("guarantor"), ProposalAction.RolesGrant, Minute(60), Supplier, Roles.Guarantor)),
                Do("propose too much", A, [A1, A2], new Propose(Name<Proposal>("bank"), ProposalAction.RolesGrant, Minute(60), Supplier, Roles.Bank)),
                Do("propose again", A, [A1, A2], new Propose(Name<Proposal>("platform"), ProposalAction.RolesGrant, Minute(60), Supplier, Roles.Platform)),
                Do("propose otherwise", A, [A1, A2], new Propose(Name<Proposal>("no platform"), ProposalAction.RolesWithdraw, Minute(90), Supplier, Roles.Supplier)),
                Do("propose idly", A, [A1, A2], new Propose(Name<Proposal>("idle"), ProposalAction.RolesGrant, Minute(110), Supplier, Roles.Operator)),
                Do("vote", A, [A1, A2], new VoteOn(Name<Proposal>("guarantor"), IsFor: true)),
                Do("vote against", A, [A1, A2], new VoteOn(Name<Proposal>("platform"), IsFor: false)),
                Do("withdraw a proposal", A, [A1, A2], new WithdrawProposal(Name<Proposal>("no platform")))),
            new(2 * Timestamp.Hour),

            // What was over leaves: the pledge, what was declined, withdrawn or expired, the cancelled certificate.
            new(31 * Timestamp.Day),
        ];
    }

    static (Transaction, KeyId[]) Do(string name, PartyId party, KeyId[] signers, Operation operation) => Do(name, party, null, signers, operation);

    // One in the story lives longer than ten minutes, so that the quota of long-lived ids is in the state.
    static (Transaction, KeyId[]) Do(string name, PartyId party, PartyId? onBehalfOf, KeyId[] signers, Operation operation) =>
        (new(party, onBehalfOf, Name<Transaction>(name), Minute(name == "freeze" ? 45 : 8), [operation]), signers);

    static Transfer Part(string name, Id<Instrument> instrument, ulong? amount, int minutes, Interval? units = null) => new(
        Name<Offer>(name), instrument, Keyless, TransferCause.Trade, false,
        [new(Name<Document>("next tier"), units?.Amount ?? new(amount ?? 0))], Minute(minutes), units, amount is { } minor ? new Amount(minor) : null);

    // The second epoch was opened with the key of the first.
    static AttestDocument Attest(string name, DocumentOpening opening) => Attest(name, opening, epochs: 2);

    static AttestRedLetter RedLetter(string document, DocumentOpening opening)
    {
        var letter = Attest("red letter", opening);
        return new(Name<Document>(document), opening.Total, Today, opening.Commitment(Suite), letter.Fingerprints, letter.Skeletons, DistinctFrom: []);
    }

    static DateOnly Day(int days) => Start.DateAt(480).AddDays(days);

    static Timestamp Minute(int minutes) => Start.Add(minutes * Timestamp.Minute);
}
