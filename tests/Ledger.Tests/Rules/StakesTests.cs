using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Rules.Bills;
using static Ledger.Tests.Lending;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules;

/// <summary>What an act stakes is weighed on the state that it meets, all of a transaction and a day together, for every party that signs it.</summary>
public sealed class StakesTests : IDisposable
{
    const ulong Fortune = 99_999_999_999;

    readonly World world = new World().Lends();

    public void Dispose() => world.Dispose();

    void OneFenAlone(PartyId party) => world.Accepts(party, new SetPolicy([new(Currency.Cny, new(1), new(1))]));

    [Fact]
    public void A_bill_that_is_made_in_one_transaction_weighs_as_much_as_one_made_in_three()
    {
        var checker = CheckerOf(C);
        OneFenAlone(C);
        var bill = world.New<Instrument>();
        Operation[] whole = [BillStory.Drawing(world, bill, Fortune), new PresentForAcceptance(world.New<Offer>(), bill, world.Tomorrow), new DeliverBill(world.New<Offer>(), bill, world.Tomorrow)];

        var answer = Refused(Refusal.SecondPersonMissing, world.Submit(world.Draft(C, whole)));
        Assert.Equal(2, answer.Operation);
        Accepted(world.Append(world.SignOnly(world.Draft(C, whole), Key(C), checker)).Answers[0]);
    }

    [Fact]
    public void A_mandate_does_not_grow_by_what_one_transaction_makes()
    {
        world.Accepts(C, new GrantMandate(
            world.New<Mandate>(), B, ["bill.register", "bill.presentForAcceptance", "bill.deliver"], Currency.Cny, new(100), [], world.Clock.CeilingMinute().Add(30 * Timestamp.Day)));
        var bill = world.New<Instrument>();
        var whole = world.Draft(
            B, BillStory.Drawing(world, bill, Fortune), new PresentForAcceptance(world.New<Offer>(), bill, world.Tomorrow), new DeliverBill(world.New<Offer>(), bill, world.Tomorrow));

        Refused(Refusal.MandateCapExceeded, world.Submit(whole with { OnBehalfOf = C }));
    }

    [Fact]
    public void A_mandates_cap_is_a_days_however_the_acts_are_cut()
    {
        var note = world.Certificate(A, 1_000);
        world.Granted(A, P, 100, "token.transfer");
        Operation Part(ulong first) => world.Moving(note, C, TransferCause.Conversion, first, first + 49) with { Evidence = new(6, 6) };

        Refused(Refusal.MandateCapExceeded, world.Submit(world.Draft(P, Part(1), Part(51), Part(101)) with { OnBehalfOf = A }));
        Accepted(world.Submit(world.Draft(P, Part(1), Part(51)) with { OnBehalfOf = A }));
        Refused(Refusal.MandateCapExceeded, world.SubmitFor(A, P, Part(101)));
        world.Until("2026-03-13 00:00:00");
        Accepted(world.SubmitFor(A, P, Part(101)));
    }

    [Fact]
    public void A_bank_needs_two_people_to_let_go_what_it_holds()
    {
        var bought = world.Financed(A, world.Applying(world.Certificate(A, 1_000_000), FinancingForm.NonRecourseFactoring, 1, 1_000_000));
        var lent = world.Financed(A, world.Applying(world.Certificate(A, 1_000_000), FinancingForm.PledgeLoan, 1, 1_000_000));
        var note = world.Certificate(A, 10);
        world.Accepts(X, world.Freezing(note, 1, 10));
        OneFenAlone(X);

        world.Refuses(Refusal.SecondPersonMissing, X, new ReverseFinancing(bought, world.Reference()));
        world.Refuses(Refusal.SecondPersonMissing, X, new Repay(lent, world.Reference()), Key(A));
        world.Refuses(Refusal.SecondPersonMissing, X, world.Freezing(note, 1, 10));
        world.Refuses(Refusal.SecondPersonMissing, X, world.Attestation(DocumentKind.Invoice, "4711", A, C, 1_000), Key(A));
        world.Refuses(Refusal.SecondPersonMissing, X, world.Insolvency(C), Key(Y));
    }

    [Fact]
    public void Who_signs_beside_another_is_held_to_its_own_policy()
    {
        var owed = world.Certificate(D, 1_000_000);
        var checker = CheckerOf(C);
        OneFenAlone(C);
        OneFenAlone(D);
        var drawing = BillStory.Drawing(world, world.New<Instrument>(), Fortune);
        var import = new ImportBill(
            world.New<Instrument>(), drawing.PackageNumber, B, C, A, Currency.Cny, drawing.Amount, drawing.IssueDate, drawing.DueDate, Transferable: true, Undivided: false);
        world.Refuses(Refusal.SecondPersonMissing, X, import, Key(A), Key(C));
        world.Accepts(X, import, Key(X), Key(A), Key(C), checker);
        Refused(Refusal.SecondPersonMissing, world.Append(world.SignOnly(world.Draft(C, new CancelReceivable(owed)), Key(C), Key(D))).Answers[0]);
    }

    [Fact]
    public void What_an_agent_signs_for_the_other_side_takes_from_its_mandate()
    {
        var (one, other) = (world.Certificate(A, 60), world.Certificate(A, 60));
        world.Granted(A, P, 100, "receivable.cancel");

        world.Accepts(C, new CancelReceivable(one), Key(P));
        world.Refuses(Refusal.MandateCapExceeded, C, new CancelReceivable(other), Key(P));
    }

    [Fact]
    public void A_mandate_that_the_same_transaction_takes_back_is_used_all_the_same()
    {
        var note = world.Certificate(A, 100);
        var mandate = world.Granted(A, Y, 1_000, "payment.receipt");
        var receipt = world.Receipt(note, PaymentOutcome.PartlyPaid, 10) with { Units = new(1, 100), Payee = A };

        Accepted(world.Submit(world.Draft(X, receipt, new RevokeMandate(mandate.Id)), Key(Y)));
        Assert.Null(world.State.Mandate(mandate.Id));
    }

    [Fact]
    public void The_agent_whose_word_counts_is_the_one_whose_mandate_is_drawn_on()
    {
        var (one, other) = (world.Certificate(A, 60), world.Certificate(A, 60));
        world.Granted(A, D, 100, "receivable.cancel");
        world.Granted(A, P, 100, "receivable.cancel");
        world.Accepts(C, new CancelReceivable(one), Key(P));

        // Whose keys were lost speaks for nobody, and its mandate pays for nothing.
        world.Accepts(Y, new ReportLost(D));
        world.Refuses(Refusal.MandateCapExceeded, C, new CancelReceivable(other), Key(D), Key(P));
    }

    [Fact]
    public void A_key_that_the_same_transaction_ends_is_nobodys_second_person_any_more()
    {
        var checker = CheckerOf(C);
        OneFenAlone(C);
        var issue = world.Issuing(A, 1_000, new DocumentUse(world.Invoice(A, C, 1_000), new(1_000)));

        var answer = Refused(Refusal.SecondPersonMissing, world.Submit(world.Draft(C, new RevokeKey(checker.Number), issue), Key(C), checker));
        Assert.Equal(1, answer.Operation);
        Accepted(world.Submit(world.Draft(C, issue, new RevokeKey(checker.Number)), Key(C), checker));
    }

    [Fact]
    public void Who_may_move_everything_is_not_made_or_unmade_by_one_person()
    {
        var checker = CheckerOf(C);
        world.Accepts(X, new RotateKey(C, 0, world.NewKey(Key(C, 9), KeyUse.Recovery, KeyRole.LegalRepresentative, "boss")), Key(Y));
        var recovery = world.State.Party(C)!.LastKey;
        OneFenAlone(C);

        world.Refuses(Refusal.SecondPersonMissing, C, new RotateKey(C, 0, world.NewKey(Key(C, 10), KeyUse.Signing, KeyRole.Checker, "wang.wu")));
        world.Refuses(Refusal.SecondPersonMissing, C, new RevokeKey(recovery));
        world.Refuses(Refusal.SecondPersonMissing, C, new RevokeKey(checker.Number));
        world.Accepts(C, new RotateKey(C, 0, world.NewKey(Key(C, 10), KeyUse.Signing, KeyRole.Checker, "wang.wu")), Key(C), checker);

        // And a bank's clerk alone does not hand a member's keys to somebody.
        OneFenAlone(Y);
        world.Refuses(Refusal.SecondPersonMissing, X, new RotateKey(A, 0, world.NewKey(Key(A, 9), KeyUse.Signing, KeyRole.Maker, "li.si")), Key(X), Key(Y));
    }

    KeyId CheckerOf(PartyId party) => world.GiveKey(party, KeyRole.Checker, "li.si");
}
