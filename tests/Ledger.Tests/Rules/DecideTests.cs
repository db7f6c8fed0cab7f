using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules;

/// <summary>One id, one answer; and the order in which reasons to say no are looked for.</summary>
public class DecideTests
{
    static readonly Operation Unknown = new WithdrawOffer(new(5));

    [Fact]
    public void The_first_answer_to_an_id_stands_accepted_or_refused()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var accepted = world.Draft(A, world.Trade(note, A, B, 1, 1));
        var refused = world.Draft(A, Unknown);
        Accepted(world.Submit(accepted));
        Refused(Refusal.OfferNotFound, world.Submit(refused));

        foreach (var transaction in new[] { accepted, refused })
        {
            Assert.Null(Refused(Refusal.AlreadyAnswered, world.Submit(transaction)).Leaf);
            Refused(Refusal.IdUsedForOther, world.Submit(transaction with { Expires = transaction.Expires.Add(1) }));
        }
    }

    [Fact]
    public void The_same_payload_signed_again_is_the_same_transaction()
    {
        using var world = new World();
        var transaction = world.Draft(A, Unknown);
        var (one, other) = (world.Sign(transaction), world.Sign(transaction));
        Assert.NotEqual(one, other);

        var block = world.Append(one, other);

        Assert.Equal([Refusal.OfferNotFound, Refusal.AlreadyAnswered], block.Answers.Select(answer => answer.Code));
        Assert.Equal((1u, 1u), (block.Block.Header.EntryCount, block.Block.Header.SkippedCount));
    }

    [Fact]
    public void Ids_belong_to_the_party_that_chose_them()
    {
        using var world = new World();
        var transaction = world.Draft(A, Unknown);
        Refused(Refusal.OfferNotFound, world.Submit(transaction));

        Refused(Refusal.OfferNotFound, world.Submit(transaction with { Party = B }));
    }

    [Fact]
    public void A_transaction_is_good_until_just_before_its_expiry()
    {
        using var world = new World();
        var transaction = world.Draft(A, Unknown);

        world.Until(transaction.Expires);
        Refused(Refusal.Expired, world.Submit(transaction));
        var next = world.Draft(A, Unknown);
        world.Until(next.Expires.Add(-1));
        Refused(Refusal.OfferNotFound, world.Submit(next));
    }

    [Fact]
    public void An_expiry_is_at_most_a_day_ahead()
    {
        using var world = new World();
        var transaction = world.Draft(A, Unknown);

        Refused(Refusal.ExpiryTooFar, world.Submit(transaction with { Expires = world.Clock.Add(Timestamp.Day + 1) }));
        Refused(Refusal.OfferNotFound, world.Submit(transaction with { Expires = world.Clock.Add(Timestamp.Day) }));
    }

    [Fact]
    public void An_id_is_kept_as_long_as_its_transaction_could_come_again()
    {
        using var world = new World();
        var transaction = world.Draft(A, Unknown) with { Expires = At("2026-03-12 09:05:30") };
        Refused(Refusal.OfferNotFound, world.Submit(transaction));

        world.Until("2026-03-12 09:05:59");
        Refused(Refusal.AlreadyAnswered, world.Submit(transaction));
        world.Until("2026-03-12 09:06:00");
        Assert.Null(world.State.UsedId(A, transaction.Id));
        Refused(Refusal.Expired, world.Submit(transaction));
    }

    [Fact]
    public void A_party_has_so_many_long_lived_ids_and_gets_them_back_when_they_expire()
    {
        using var world = new World((RuleParameter.LongLivedIds, 2));
        Transaction Long() => world.Draft(A, Unknown) with { Expires = world.Clock.Add(Rulebook.ShortLived + 1) };

        for (var i = 0; i < 2; i++) Refused(Refusal.OfferNotFound, world.Submit(Long()));
        Assert.Null(Refused(Refusal.TooManyLongLivedIds, world.Submit(Long())).Leaf);
        Refused(Refusal.OfferNotFound, world.Submit(world.Draft(A, Unknown) with { Expires = world.Clock.Add(Rulebook.ShortLived) }));
        Refused(Refusal.OfferNotFound, world.Submit(Long() with { Party = B }));
        Assert.Equal(2u, world.State.LongLivedIds(A));

        world.Pass(12 * Timestamp.Minute);
        Assert.Equal(0u, world.State.LongLivedIds(A));
        Refused(Refusal.OfferNotFound, world.Submit(Long()));
    }

    [Fact]
    public void Operations_succeed_or_fail_together_and_the_first_that_fails_is_named()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 10);

        var answer = world.Submit(world.Draft(A, trade, Unknown, Unknown));

        Assert.Equal((Refusal.OfferNotFound, 1), (answer.Code, answer.Operation));
        Assert.Empty(answer.Events);
        Assert.Null(world.State.Offer(trade.Offer));
        Accepted(world.Submit(world.Draft(A, trade, new WithdrawOffer(trade.Offer), trade with { Offer = world.New<Core.Instruments.Offer>() })));
    }

    [Fact]
    public void What_is_refused_below_2000_leaves_no_entry_and_from_2000_it_does()
    {
        using var world = new World();

        Assert.Null(Refused(Refusal.NoMandate, world.SubmitFor(A, Y, Unknown)).Leaf);
        Assert.NotNull(Refused(Refusal.OfferNotFound, world.Submit(A, Unknown)).Leaf);
    }

    [Fact]
    public void A_stale_request_is_told_so_before_its_keys_are_looked_at()
    {
        using var world = new World();
        var transaction = world.Draft(A, Unknown);
        world.Until(transaction.Expires);

        var decision = Rulebook.Decide(world.State, new(transaction, default, new(1, 1), new(1, 2), [Key(Stranger)], default));
        Assert.Equal(Refusal.Expired, decision.Code);
    }
}
