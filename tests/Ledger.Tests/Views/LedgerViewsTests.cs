using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Storage;
using Ledger.Node.Views;
using Ledger.Tests.Replay;
using Ledger.Tests.Storage;
using static Ledger.Tests.Replay.DemoChain;

namespace Ledger.Tests.Views;

public sealed class LedgerViewsTests : IDisposable
{
    readonly DemoChain chain = WithMembers();
    readonly LedgerViews index;
    readonly Id<Instrument> receivable = Named<Instrument>(1_001);
    readonly Id<Offer> issue = Named<Offer>(2_001);
    readonly Id<Document> invoice = Named<Document>(3_001);
    readonly Id<Document> secondInvoice = Named<Document>(3_002);

    public LedgerViewsTests()
    {
        index = TestViews.Open(chain.Genesis);

        // The members' block came before the index: it begins as every index does, with a replay.
        var storage = chain.Stored();
        BlockLog.Open(storage, chain.Genesis, BlockLog.DefaultSegmentSize, verifySignatures: false, _ => { }, index.Apply);
    }

    public void Dispose()
    {
        index.Dispose();
        chain.Dispose();
    }

    [Fact]
    public void An_answer_is_found_by_its_transaction_and_lies_at_its_leaf()
    {
        var no = new Id<Transaction>(77);
        var folded = chain.Batch(
            chain.Attest(invoice, Supplier, Obligor, 500), chain.Sign(Obligor, no, [new AcceptOffer(new(9))]), "{}"u8.ToArray());
        index.Apply(folded);

        var found = index.Entry(Obligor, no);

        Assert.NotNull(found);
        Assert.Equal((2UL, 2, Refusal.OfferNotFound, 0), (found.Height, found.LeafInBlock, found.Code, found.Operation));
        Assert.Equal(folded.Block.FirstLeaf + 2, found.Leaf);
        Assert.Equal(folded.Answers[1].Transaction!.PayloadHash, found.PayloadHash);
        Assert.Equal(folded.Answers[1].Transaction!.Bytes.ToArray(), folded.Block.Entries[found.LeafInBlock - 1].Transaction.Span.ToArray());
        Assert.Null(index.Entry(Supplier, no));
        Assert.Null(index.Entry(Obligor, new(78)));
    }

    [Fact]
    public void A_repeated_transaction_keeps_its_first_answer()
    {
        var attest = chain.Attest(invoice, Supplier, Obligor, 500);
        index.Apply(chain.Accept(attest));
        var id = chain.Fold.Last.Entries.Count;
        var first = chain.Fold.Last.Header.Height;

        var again = chain.Batch(attest);
        index.Apply(again);

        Assert.Equal((1, Refusal.AlreadyAnswered), (id, again.Answers[0].Code));
        Assert.Equal(first, index.Entry(chain.BankA, again.Answers[0].Transaction!.Body.Id)?.Height);
    }

    [Fact]
    public void Every_leaf_knows_its_block()
    {
        index.Apply(chain.Batch());

        foreach (var block in chain.Blocks)
        {
            for (var leaf = block.FirstLeaf; leaf < block.EndLeaf; leaf++) Assert.Equal(block.Header.Height, index.BlockOf(leaf));
        }

        Assert.Null(index.BlockOf(chain.Fold.History.Size));
    }

    [Fact]
    public void Documents_are_found_by_seller_buyer_and_attester()
    {
        index.Apply(chain.Accept(chain.Attest(invoice, Supplier, Obligor, 500), chain.Attest(secondInvoice, SecondTier, Supplier, 200)));

        Assert.Equal([invoice], index.DocumentsSoldBy(Supplier));
        Assert.Equal([secondInvoice], index.DocumentsBoughtBy(Supplier));
        Assert.Equal([invoice, secondInvoice], index.DocumentsAttestedBy(chain.BankA));
        Assert.Empty(index.DocumentsAttestedBy(chain.BankB));
    }

    [Fact]
    public void An_offer_is_open_until_it_is_answered_and_units_are_held_from_then_on()
    {
        index.Apply(chain.Accept(chain.Attest(invoice, Supplier, Obligor, 500)));
        index.Apply(chain.Accept(chain.Issue(receivable, issue, invoice, 500)));

        Assert.Equal([issue], index.OpenOffersFrom(Obligor));
        Assert.Equal([issue], index.OpenOffersTo(Supplier));
        Assert.Equal([receivable], index.InstrumentsOwedBy(Obligor));
        Assert.Equal([receivable], index.InstrumentsOwedTo(Supplier));
        Assert.Empty(index.Held(Supplier));

        index.Apply(chain.Accept(chain.AcceptOffer(Supplier, issue)));

        Assert.Empty(index.OpenOffersFrom(Obligor));
        Assert.Empty(index.OpenOffersTo(Supplier));
        Assert.Equal([new Holding(receivable, [new(1, 500)])], index.Held(Supplier));
    }

    [Fact]
    public void An_offer_that_expires_is_open_no_more()
    {
        index.Apply(chain.Accept(chain.Attest(invoice, Supplier, Obligor, 500), chain.Issue(receivable, issue, invoice, 500)));
        Assert.Equal([issue], index.OpenOffersTo(Supplier));

        index.Apply(chain.BatchAt(chain.Now.Add(2 * Timestamp.Day)));

        Assert.Empty(index.OpenOffersTo(Supplier));
    }

    [Fact]
    public void Holdings_follow_the_units()
    {
        Issued();
        var transfer = chain.NewId<Offer>();
        index.Apply(chain.Accept(
            chain.Attest(secondInvoice, SecondTier, Supplier, 200),
            chain.Transfer(receivable, transfer, Supplier, SecondTier, secondInvoice, new(101, 300)), chain.AcceptOffer(SecondTier, transfer)));

        Assert.Equal([new Holding(receivable, [new(1, 100), new(301, 500)])], index.Held(Supplier));
        Assert.Equal([new Holding(receivable, [new(101, 300)])], index.Held(SecondTier));
    }

    [Fact]
    public void Units_that_came_home_are_held_by_nobody()
    {
        Issued();
        var (home, homeInvoice) = (chain.NewId<Offer>(), Named<Document>(3_009));
        index.Apply(chain.Accept(
            chain.Attest(homeInvoice, Obligor, Supplier, 500),
            chain.Transfer(receivable, home, Supplier, Obligor, homeInvoice, new(1, 500)), chain.AcceptOffer(Obligor, home)));

        Assert.Empty(index.Held(Supplier));
        Assert.Empty(index.Held(Obligor));
        Assert.Equal([issue, home], index.Legs(receivable, new(1, 1)).Select(leg => leg.Act));
    }

    [Fact]
    public void A_cancelled_issue_leaves_nothing_held_and_nothing_open()
    {
        Issued();
        index.Apply(chain.Accept(chain.Sign(Obligor, [new CancelReceivable(receivable)], Supplier)));

        Assert.Empty(index.Held(Supplier));
        Assert.Single(index.Legs(receivable, new(1, 500)));
    }

    [Fact]
    public void The_lineage_of_a_unit_is_every_leg_that_moved_it_in_order()
    {
        var issuedAt = Issued();
        var (first, second) = (chain.NewId<Offer>(), chain.NewId<Offer>());
        var back = Named<Document>(3_003);
        index.Apply(chain.Accept(
            chain.Attest(secondInvoice, SecondTier, Supplier, 200), chain.Attest(back, Supplier, SecondTier, 50),
            chain.Transfer(receivable, first, Supplier, SecondTier, secondInvoice, new(101, 300))));

        // Both in one block, so that the ledger's tokens never show the first of them at a block's end.
        var folded = chain.Accept(
            chain.AcceptOffer(SecondTier, first), chain.Transfer(receivable, second, SecondTier, Supplier, back, new(251, 300)), chain.AcceptOffer(Supplier, second));
        index.Apply(folded);

        var legs = index.Legs(receivable, new(260, 260));
        Assert.Equal(
            [
                new(issue, TransferCause.Issue, Obligor, Supplier, [new(1, 500)], 0, legs[0].At, issuedAt, index.Entry(Supplier, new(5_001))!.Leaf),
                new(first, TransferCause.Trade, Supplier, SecondTier, [new(101, 300)], 1, chain.Now, folded.Block.Header.Height, folded.Block.FirstLeaf + 1),
                new LineageLeg(second, TransferCause.Trade, SecondTier, Supplier, [new(251, 300)], 2, chain.Now, folded.Block.Header.Height, folded.Block.FirstLeaf + 3),
            ],
            legs);
        Assert.Equal([issue], index.Legs(receivable, new(100, 100)).Select(leg => leg.Act));
        Assert.Equal([issue, first], index.Legs(receivable, new(101, 250)).Select(leg => leg.Act));
        Assert.Equal([issue, first, second], index.Legs(receivable, new(1, 500)).Select(leg => leg.Act));
        Assert.Empty(index.Legs(new(1), new(1, 1)));
    }

    [Fact]
    public void A_leg_that_units_left_at_once_has_the_depth_the_ledger_gave_it()
    {
        Issued();
        var (first, second) = (chain.NewId<Offer>(), chain.NewId<Offer>());
        var back = Named<Document>(3_003);
        index.Apply(chain.Accept(
            chain.Attest(secondInvoice, SecondTier, Supplier, 200), chain.Attest(back, Supplier, SecondTier, 200),
            chain.Transfer(receivable, first, Supplier, SecondTier, secondInvoice, new(101, 300))));

        // All units of the first leg go on within the block: no token is left to ask.
        index.Apply(chain.Accept(
            chain.AcceptOffer(SecondTier, first), chain.Transfer(receivable, second, SecondTier, Supplier, back, new(101, 300)), chain.AcceptOffer(Supplier, second)));

        Assert.Equal([0, 1, 2], index.Legs(receivable, new(200, 200)).Select(leg => (int)leg.Depth));
    }

    [Fact]
    public void Attempts_at_a_double_pledge_are_listed_with_their_entries()
    {
        index.Apply(chain.Accept(chain.Attest(invoice, Supplier, Obligor, 500), chain.Issue(receivable, issue, invoice, 500)));
        var folded = chain.Batch(chain.Issue(Named<Instrument>(1_002), Named<Offer>(2_002), invoice, 500));
        index.Apply(folded);

        Assert.Equal([new Attempt(Obligor, Refusal.DocumentUsedUp, chain.Now, 3, folded.Block.FirstLeaf + 1)], index.Attempts());
    }

    [Fact]
    public void Pledges_are_found_by_both_their_parties()
    {
        var pledge = chain.NewId<Offer>();
        index.Apply(chain.Accept(
            chain.Attest(invoice, Supplier, Obligor, 500),
            chain.Sign(Supplier, [new PledgeDocuments(pledge, chain.BankB, Currency.Cny, new(300), [new(invoice, new(300))], chain.Now.Add(Timestamp.Day).CeilingMinute())])));
        Assert.Empty(index.PledgesOf(Supplier));
        Assert.Equal([pledge], index.OpenOffersTo(chain.BankB));

        index.Apply(chain.Accept(chain.AcceptOffer(chain.BankB, pledge)));

        Assert.Equal([pledge], index.PledgesOf(Supplier));
        Assert.Equal([pledge], index.PledgesOf(chain.BankB));
        Assert.Empty(index.OpenOffersTo(chain.BankB));
    }

    [Fact]
    public void A_replayed_index_says_what_the_live_one_said()
    {
        Issued();
        var transfer = chain.NewId<Offer>();
        index.Apply(chain.Batch(
            chain.Attest(secondInvoice, SecondTier, Supplier, 200),
            chain.Transfer(receivable, transfer, Supplier, SecondTier, secondInvoice, new(101, 300)), chain.AcceptOffer(SecondTier, transfer),
            chain.Issue(Named<Instrument>(1_002), Named<Offer>(2_002), invoice, 500)));
        using var replayed = TestViews.Open(chain.Genesis);

        var recovery = BlockLog.Open(chain.Stored(), chain.Genesis, BlockLog.DefaultSegmentSize, verifySignatures: false, _ => { }, replayed.Apply);

        Assert.IsType<Recovery.Complete>(recovery);
        Assert.Equal(index.Height, replayed.Height);
        Assert.Equal(index.Legs(receivable, new(1, 500)), replayed.Legs(receivable, new(1, 500)));
        Assert.Equal(index.Attempts(), replayed.Attempts());
        Assert.Single(replayed.Attempts());
        foreach (var party in (ReadOnlySpan<PartyId>)[Obligor, Supplier, SecondTier])
        {
            Assert.Equal(index.Held(party), replayed.Held(party));
            Assert.Equal(index.DocumentsSoldBy(party), replayed.DocumentsSoldBy(party));
        }
    }

    ulong Issued()
    {
        index.Apply(chain.Accept(
            chain.Attest(invoice, Supplier, Obligor, 500), chain.Issue(receivable, issue, invoice, 500),
            chain.Sign(Supplier, new Id<Transaction>(5_001), [new AcceptOffer(issue)])));
        return chain.Fold.Last.Header.Height;
    }
}
