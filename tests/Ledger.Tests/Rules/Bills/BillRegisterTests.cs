using System.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Bills;

/// <summary>Where genesis names a register (here bank Y), what is agreed on the ledger is an instruction, and the register's message is the act.</summary>
public sealed class BillRegisterTests : IDisposable
{
    readonly BillStory story = new(atRegister: true);

    World World => story.World;

    public void Dispose() => story.Dispose();

    [Fact]
    public void A_bill_is_none_before_the_register_knows_it()
    {
        World.Accepts(C, BillStory.Drawing(World, story.Bill));
        Assert.Equal("-", story.Pair.ToString());
        World.Refuses(Refusal.BillStatusWrong, C, new PresentForAcceptance(World.New<Offer>(), story.Bill, World.Tomorrow));
        World.Refuses(Refusal.BillStatusWrong, C, new CancelBill(World.New<Offer>(), story.Bill));

        story.Tell(BillStory.Whole, default, BillStory.Issued);

        story.Accept();
    }

    [Fact]
    public void A_bill_that_the_register_refuses_is_over_and_its_papers_are_free()
    {
        var invoice = World.Invoice(A, C, BillStory.Face);
        World.Accepts(C, BillStory.Drawing(World, story.Bill) with { Documents = [new(invoice, new(BillStory.Face))] });

        story.Tell(BillStory.Whole, default, BillStory.Issued, done: false);

        Assert.Equal((InstrumentStatus.Cancelled, 0UL), (World.Instrument(story.Bill).Status, World.Document(invoice).Taken.Minor));
    }

    [Fact]
    public void An_agreed_endorsement_waits_for_the_register_however_long_that_takes()
    {
        story.Issue();
        var endorsement = story.Endorsement(A, B, new(1, 300), marked: true);
        World.Accepts(A, endorsement);
        World.Accepts(B, new AcceptOffer(endorsement.Offer));
        World.Until(endorsement.Expires.Add(Timestamp.Day));

        Assert.Equal(OfferStatus.AwaitsRegister, World.Offer(endorsement.Offer).Status);
        Assert.Equal((A, BillStory.Locked), (World.Tokens(story.Bill)[0].Holder, story.Status(new(1, 300))));
        World.Refuses(Refusal.OfferNotOpen, A, new WithdrawOffer(endorsement.Offer));
        World.Refuses(Refusal.UnitsOffered, A, story.Pledging(A, new(300, 301)));
        Assert.Equal(300UL, World.Document(endorsement.Documents[0].Document).Reserved.Minor);

        story.Carry(endorsement.Offer, BillStory.Marked);

        Assert.Equal((B, BillStory.Marked), (World.Tokens(story.Bill)[0].Holder, story.Status(new(1, 300))));
        Assert.Equal(300UL, World.Document(endorsement.Documents[0].Document).Used.Minor);
    }

    [Fact]
    public void What_the_register_refuses_is_closed_and_everything_is_free_again()
    {
        var endorsement = Waiting();

        story.Tell(new(1, 300), BillStory.Locked, BillStory.Free, endorsement.Offer, done: false);

        Assert.Equal(OfferStatus.Declined, World.Offer(endorsement.Offer).Status);
        Assert.Equal((A, BillStory.Free), (World.Tokens(story.Bill)[0].Holder, story.Pair));
        Assert.Equal(0UL, World.Document(endorsement.Documents[0].Document).Taken.Minor);
    }

    [Fact]
    public void A_message_counts_once_and_only_from_the_register()
    {
        var endorsement = Waiting();
        var message = story.Message(new(1, 300), BillStory.Locked, BillStory.Free, endorsement.Offer);

        World.Refuses(Refusal.NotTheRegister, X, message);
        World.Refuses(Refusal.UnitsDoNotExist, Y, message with { Units = new(1, 1_001) });
        World.Refuses(Refusal.TextInvalid, Y, message with { MessageId = "two words" });
        World.Refuses(Refusal.OfferNotFound, Y, message with { Offer = new(999) });
        World.Accepts(Y, message);
        World.Refuses(Refusal.MessageIdInUse, Y, message);

        Assert.Equal(new(1, 300), World.State.Message(message.MessageId)?.Units);
    }

    public static TheoryData<string> Contradictions => ["other before", "other after", "other units", "no instruction", "not in the table"];

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void A_message_that_contradicts_the_ledger_locks_the_units(string how)
    {
        var endorsement = Waiting();
        var message = story.Message(new(1, 300), BillStory.Locked, BillStory.Free, endorsement.Offer);

        var answer = World.Accepts(Y, how switch
        {
            "other before" => message with { FlowBefore = BillFlow.Free },
            "other after" => message with { FlowAfter = BillFlow.NotTransferable },
            "other units" => message with { Units = new(1, 299) },
            "no instruction" => message with { Offer = null },
            _ => message with { StatusAfter = BillStatus.Accepted },
        });

        Assert.IsType<BillMismatched>(answer.Events[0]);
        Assert.Equal(A, World.Tokens(story.Bill)[0].Holder);
        Assert.Equal(OfferStatus.AwaitsRegister, World.Offer(endorsement.Offer).Status);
        Assert.True(World.Instrument(story.Bill).Bill?.Mismatch);
        Assert.Contains(World.Tokens(story.Bill)[0].Encumbrances, burden => burden.Kind == EncumbranceKind.Mismatch);

        // Even a message that is right moves nothing before somebody has looked.
        Assert.IsType<BillMismatched>(story.Tell(new(1, 300), BillStory.Locked, BillStory.Free, endorsement.Offer).Events[0]);
        Assert.Equal(A, World.Tokens(story.Bill)[0].Holder);
    }

    [Fact]
    public void The_register_cuts_a_bill_into_no_more_pieces_than_its_holder_could()
    {
        using var small = new BillStory(atRegister: true, shape: static genesis => genesis with
        {
            Rules = [new(genesis.Rules[0].From, new([.. genesis.Rules[^1].Parameters.Values.Select((value, i) => i == (int)RuleParameter.MaximumTokens - 1 ? 20 : value)]))],
        });
        small.Issue();
        for (ulong unit = 10; unit < 200; unit += 10) small.Tell(new(unit, unit), BillStory.Pledged, BillStory.Marked);

        small.World.Refuses(Refusal.TooManyTokens, Y, small.Message(new(301, 301), BillStory.Pledged, BillStory.Marked));
        var pieces = small.World.Tokens(small.Bill).Length;
        small.Tell(new(1, BillStory.Face), BillStory.Pledged, BillStory.Marked);
        Assert.Equal(pieces, small.World.Tokens(small.Bill).Length);
    }

    [Fact]
    public void Locked_units_are_nobodys_to_hand_on_and_the_rest_is()
    {
        story.Issue();
        story.Tell(new(1, 300), BillStory.Pledged, BillStory.Marked);

        World.Refuses(Refusal.UnitsMismatched, A, story.Endorsement(A, B, new(300, 400)));
        story.Endorse(A, B, new(301, 400));
    }

    [Fact]
    public void A_reconciliation_carries_out_the_instruction_that_the_message_meant()
    {
        var endorsement = Waiting();
        var wrong = story.Message(new(1, 300), BillStory.Free, BillStory.Free, endorsement.Offer);
        World.Accepts(Y, wrong);

        World.Refuses(Refusal.ReviewerMissing, Y, new ReconcileBill(wrong.MessageId, X, endorsement.Offer));
        World.Refuses(Refusal.ReviewerMissing, Y, new ReconcileBill(wrong.MessageId, A, endorsement.Offer), Key(A));
        World.Refuses(Refusal.NotTheRegister, X, new ReconcileBill(wrong.MessageId, X, endorsement.Offer));
        World.Accepts(Y, new ReconcileBill(wrong.MessageId, X, endorsement.Offer), Key(X));

        Assert.Equal((B, BillStory.Free), (World.Tokens(story.Bill)[0].Holder, story.Status(new(1, 300))));
        Assert.Equal((OfferStatus.Accepted, false), (World.Offer(endorsement.Offer).Status, World.Instrument(story.Bill).Bill?.Mismatch));
        World.Refuses(Refusal.NoSuchMismatch, Y, new ReconcileBill(wrong.MessageId, X), Key(X));
    }

    [Fact]
    public void A_reconciliation_sets_what_the_register_says_and_closes_what_was_under_way()
    {
        var endorsement = Waiting();
        var message = story.Message(new(1, 300), BillStory.Free, BillStory.Marked);
        World.Accepts(Y, message);

        World.Accepts(Y, new ReconcileBill(message.MessageId, X), Key(X));

        Assert.Equal((A, BillStory.Marked), (World.Tokens(story.Bill)[0].Holder, story.Status(new(1, 300))));
        Assert.Equal(OfferStatus.Declined, World.Offer(endorsement.Offer).Status);
        Assert.Equal(0UL, World.Document(endorsement.Documents[0].Document).Taken.Minor);
    }

    [Fact]
    public void A_message_that_a_later_one_overtook_sets_nothing_back()
    {
        story.Issue();
        var whole = story.Message(BillStory.Whole, BillStory.Pledged, BillStory.Marked);
        World.Accepts(Y, whole);
        var part = story.Message(new(1, 400), BillStory.Marked, BillStory.Free);
        World.Accepts(Y, part);
        World.Accepts(Y, new ReconcileBill(part.MessageId, X), Key(X));

        World.Refuses(Refusal.NoSuchMismatch, Y, new ReconcileBill(whole.MessageId, X), Key(X));
        Assert.Equal(BillStory.Free, story.Status(new(1, 400)));
        var rest = story.Message(new(401, BillStory.Face), BillStory.Pledged, BillStory.Marked);
        World.Accepts(Y, rest);
        World.Accepts(Y, new ReconcileBill(rest.MessageId, X), Key(X));
        Assert.Equal((BillStory.Free, BillStory.Marked), (story.Status(new(1, 400)), story.Status(new(401, BillStory.Face))));
    }

    [Fact]
    public void Two_codes_do_not_say_who_a_pledgee_is()
    {
        story.Issue();
        var message = story.Message(new(1, 300), BillStory.Free, BillStory.Pledged);
        World.Accepts(Y, message);

        World.Refuses(Refusal.ReconciliationDiffers, Y, new ReconcileBill(message.MessageId, X), Key(X));
    }

    [Fact]
    public void A_package_is_locked_and_reconciled_before_it_is_delivered()
    {
        story.Register();
        var message = story.Message(BillStory.Whole, BillStory.Accepted, BillStory.Ended);
        World.Accepts(Y, message);
        World.Refuses(Refusal.BillMismatched, C, new PresentForAcceptance(World.New<Offer>(), story.Bill, World.Tomorrow));

        World.Accepts(Y, new ReconcileBill(message.MessageId, X), Key(X));

        Assert.Equal((InstrumentStatus.Cancelled, BillStory.Ended), (World.Instrument(story.Bill).Status, story.Pair));
    }

    [Fact]
    public void What_the_ledger_holds_already_is_no_contradiction()
    {
        story.Issue();
        story.Dishonour(A, BillStory.Whole);

        var answer = story.Tell(BillStory.Whole, BillStory.Presented, BillStory.InRecourse);

        Assert.Equal(RegisterAnswer.AsKnown, Assert.IsType<BillAttested>(answer.Events[0]).Answer);
    }

    [Fact]
    public void That_the_register_took_an_instruction_in_does_not_carry_it_out()
    {
        var endorsement = Waiting();

        var answer = story.Tell(new(1, 300), BillStory.Free, BillStory.Locked, endorsement.Offer);

        Assert.Equal(RegisterAnswer.AsKnown, Assert.IsType<BillAttested>(answer.Events[0]).Answer);
        Assert.Equal(OfferStatus.AwaitsRegister, World.Offer(endorsement.Offer).Status);
        story.Carry(endorsement.Offer, BillStory.Free);
        Assert.Equal(B, World.Tokens(story.Bill)[0].Holder);
    }

    [Fact]
    public void An_instruction_about_another_bill_is_answered_by_no_message_about_this_one()
    {
        var endorsement = Waiting();
        var bill = story.Bill;
        story.Bill = World.New<Instrument>();
        story.Issue();

        var answer = story.Tell(new(1, 300), BillStory.Locked, BillStory.Free, endorsement.Offer);

        Assert.IsType<BillMismatched>(answer.Events[0]);
        Assert.Equal((OfferStatus.AwaitsRegister, A), (World.Offer(endorsement.Offer).Status, World.Tokens(bill)[0].Holder));
    }

    [Fact]
    public void A_message_that_was_on_its_way_at_midnight_is_understood()
    {
        story.Issue();
        World.Until("2026-09-09 20:00:00");
        var endorsement = story.Endorsement(A, B, new(1, 300));
        World.Accepts(A, endorsement);
        World.Accepts(B, new AcceptOffer(endorsement.Offer));
        World.Until("2026-09-10 00:00:01");

        story.Tell(new(1, 300), BillStory.Locked, BillStory.Free, endorsement.Offer);

        Assert.Equal(B, World.Tokens(story.Bill)[0].Holder);
    }

    [Fact]
    public void A_drawer_gives_one_instruction_at_a_time()
    {
        story.Register();
        var cancel = new CancelBill(World.New<Offer>(), story.Bill);
        World.Accepts(C, cancel);
        World.Refuses(Refusal.BillActUnderWay, C, new PresentForAcceptance(World.New<Offer>(), story.Bill, World.Tomorrow));

        story.Tell(BillStory.Whole, BillStory.Issued, BillStory.Issued, cancel.Offer, done: false);

        story.Accept();
    }

    [Fact]
    public void A_reference_is_spent_when_the_bank_speaks_and_the_units_move_when_the_register_does()
    {
        story.Issue();
        story.Dishonour(A, BillStory.Whole);
        var recourse = story.Recourse(A, BillStory.Whole, C);
        World.Accepts(X, new SettleRecourse(recourse, "R1"));
        Assert.Equal(UnitState.Live, World.Tokens(story.Bill)[0].State);
        World.Refuses(Refusal.RecourseNotAgreed, X, new SettleRecourse(recourse, "R2"));

        story.Tell(BillStory.Whole, BillStory.InRecourse, BillStory.Settled, recourse);

        Assert.Equal(UnitState.Extinguished, World.Tokens(story.Bill)[0].State);
    }

    [Fact]
    public void Pairs_are_on_the_wire_as_the_register_writes_them()
    {
        var payload = Encoding.UTF8.GetString(TransactionText.WritePayload(World.Draft(Y, story.Message(new(1, 300), BillStory.Free, BillStory.Presented))));

        Assert.Contains("\"units\":\"1-300\",\"statusAfter\":\"CS04\",\"flowAfter\":\"TF0401\",\"done\":true,\"statusBefore\":\"CS03\",\"flowBefore\":\"TF0301\"}", payload, StringComparison.Ordinal);
    }

    // A's endorsement of 1-300 to B, agreed to and waiting.
    Transfer Waiting()
    {
        story.Issue();
        var endorsement = story.Endorsement(A, B, new(1, 300));
        World.Accepts(A, endorsement);
        World.Accepts(B, new AcceptOffer(endorsement.Offer));
        return endorsement;
    }
}
