using System.Diagnostics;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Bills;

/// <summary>Every row of the table happens, on a ledger that is the register and on one that is told by it.</summary>
public class BillTransitionTests
{
    // What is under way when a row begins, or was pledged before.
    Id<Offer> asked;
    Id<Offer> pledge;

    public static TheoryData<int, bool> Rows
    {
        get
        {
            var rows = new TheoryData<int, bool>();
            for (var i = 0; i < BillTransitions.All.Length; i++)
            {
                // Where the ledger is the register, a bank's receipt pays: a chapter of its own.
                if (BillTransitions.All[i].Act != BillAct.Payment) rows.Add(i, false);
                rows.Add(i, true);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_bill_goes_this_way(int number, bool atRegister)
    {
        var row = BillTransitions.All[number];
        using var story = new BillStory(atRegister) { Drawer = row.Act == BillAct.Acceptance ? D : C };
        if (row.Before != default)
        {
            Reach(story, row);
            Assert.Equal(row.Before, story.Pair);
        }

        Go(story, row);

        Assert.Equal(row.After, story.Pair);
    }

    [Fact]
    public void No_row_stands_twice() => Assert.Equal(BillTransitions.All.Length, BillTransitions.All.Distinct().Count());

    [Fact]
    public void What_was_paid_is_settled()
    {
        using var story = new BillStory();
        story.Issue();
        var paid = story.World.Tokens(story.Bill)[0] with { State = UnitState.Paid };

        Assert.Equal(BillStory.Settled, Rulebook.BillStatusOf(story.State, story.World.Instrument(story.Bill), paid));
    }

    [Fact]
    public void Codes_are_spelt_as_the_register_spells_them()
    {
        Assert.Equal(["CS01", "CS02", "CS03", "CS04", "CS05", "CS06"], Enum.GetValues<BillStatus>().Select(BillCodes.Of));
        Assert.Equal(
            ["TF0101", "TF0301", "TF0302", "TF0303", "TF0304", "TF0305", "TF0401", "TF0402", "TF0501"], Enum.GetValues<BillFlow>().Select(BillCodes.Of));
    }

    void Reach(BillStory story, BillTransition row)
    {
        if (row.Before.Status == BillStatus.Issued) story.Register();
        else if (row.Before.Status == BillStatus.Accepted) story.Register(register => register with { Transferable = row.After != BillStory.Marked }).Accept();
        else story.Issue();

        if (HolderIn(row) == B) story.Endorse(A, B, BillStory.Whole, marked: IsMarkedIn(row));
        if (IsPledgedIn(row)) pledge = story.Pledge(A, BillStory.Whole);
        if (row is { Act: BillAct.Maturity, Before.Flow: BillFlow.Locked }) story.World.Until("2026-09-09 10:00:00");
        if (row.Before.Flow == BillFlow.Locked) Ask(story, row);
        if (row.Before.Status == BillStatus.Due) story.World.Until(BillStory.Maturity);
        if (row.Before.Flow == BillFlow.Presented) asked = story.Present(BearerIn(row), BillStory.Whole);
        if (row.Before.Flow == BillFlow.InRecourse) story.Dishonour(BearerIn(row), BillStory.Whole);
    }

    void Go(BillStory story, BillTransition row)
    {
        switch (row.Act, row.Step)
        {
            case (BillAct.Registration, _):
                story.Register();
                break;
            case (BillAct.Maturity, _):
                story.World.Until(BillStory.Maturity);
                break;
            case (BillAct.Dishonour, _):
                story.World.Accepts(C, new DeclineOffer(asked));
                break;
            case (BillAct.Payment, _):
                Pay(story, row);
                break;
            case (BillAct.Recourse, _):
                story.Settle(story.Recourse(B, BillStory.Whole, row.After == BillStory.Settled ? C : A), "R1", row.After);
                break;
            case (BillAct.Presentation, BillStep.Undone):
                story.World.Accepts(BearerIn(row), new WithdrawOffer(asked));
                break;
            case (_, BillStep.Asked):
                Ask(story, row);
                break;
            case (BillAct.Cancellation or BillAct.TransferPermission or BillAct.PledgeRelease, BillStep.Done):
                Ask(story, row);
                story.Carry(asked, row.After);
                break;
            case (_, BillStep.Done):
                story.Agree(story.World.Offer(asked).To, asked, row.After);
                break;
            case (_, BillStep.Undone) when story.HasRegister:
                story.World.Accepts(story.World.Offer(asked).To, new AcceptOffer(asked));
                story.Tell(BillStory.Whole, row.Before, row.After, asked, done: false);
                break;
            case (_, BillStep.Undone):
                story.World.Accepts(story.World.Offer(asked).To, new DeclineOffer(asked));
                break;
        }
    }

    void Ask(BillStory story, BillTransition row)
    {
        var world = story.World;
        var holder = HolderIn(row);
        asked = world.New<Offer>();
        Operation ask = row.Act switch
        {
            BillAct.Acceptance => new PresentForAcceptance(asked, story.Bill, world.Tomorrow),
            BillAct.Delivery => new DeliverBill(asked, story.Bill, world.Tomorrow),
            BillAct.Cancellation => new CancelBill(asked, story.Bill),
            BillAct.Endorsement or BillAct.Maturity => story.Endorsement(
                holder, row.After == BillStory.Settled ? C : B, BillStory.Whole, row.After == BillStory.Marked ? true : null) with { Offer = asked },
            BillAct.Pledge => story.Pledging(holder, BillStory.Whole) with { Offer = asked },
            BillAct.Guarantee => new GuaranteeBill(asked, story.Bill, BillStory.Whole, Y, world.Tomorrow),
            BillAct.TransferPermission => new AllowTransfer(asked, story.Bill, BillStory.Whole),
            BillAct.PledgeRelease => new ReleaseBillPledge(asked, pledge),
            BillAct.Presentation => story.Presenting(BillStory.Whole) with { Offer = asked },
            _ => throw new UnreachableException(row.ToString()),
        };
        var by = row.Act switch
        {
            BillAct.Acceptance or BillAct.Delivery or BillAct.Cancellation => story.Drawer,
            BillAct.TransferPermission => A,
            BillAct.PledgeRelease or BillAct.Presentation => BearerIn(row),
            _ => holder,
        };
        world.Accepts(by, ask);
    }

    // What was presented and agreed to the register settles; paid in any other way, its message comes unasked and is reconciled.
    void Pay(BillStory story, BillTransition row)
    {
        if (row.Before == BillStory.Presented)
        {
            story.Agree(C, asked, row.After);
            return;
        }

        var message = story.Message(BillStory.Whole, row.Before, row.After);
        story.World.Accepts(Y, message);
        story.World.Accepts(Y, new ReconcileBill(message.MessageId, X), Key(X));
    }

    static bool IsMarkedIn(BillTransition row) => row.Before.Flow == BillFlow.NotTransferable
        || (row.Act is BillAct.Guarantee or BillAct.Presentation && row.After.Flow == BillFlow.NotTransferable);

    static bool IsPledgedIn(BillTransition row) => row.Before.Flow == BillFlow.Pledged || row.Act == BillAct.PledgeRelease
        || (row.Act == BillAct.Presentation && row.After.Flow == BillFlow.Pledged);

    static PartyId HolderIn(BillTransition row) => IsMarkedIn(row) || row.Act == BillAct.Recourse ? B : A;

    static PartyId BearerIn(BillTransition row) => IsPledgedIn(row) ? X : HolderIn(row);
}
