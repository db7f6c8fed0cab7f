using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.DoublePledge;

/// <summary>What was promised to one is promised to nobody else; whoever tries leaves evidence, and cannot flood the ledger with it.</summary>
public class AttemptTests
{
    [Fact]
    public void Units_that_are_offered_are_not_offered_again_and_the_attempt_is_on_record()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var first = world.Trade(note, A, B, 1, 50);
        world.Accepts(A, first);

        var attempt = world.Refuses(Refusal.UnitsOffered, A, world.Trade(note, A, D, 50, 60));

        Assert.NotNull(attempt.Leaf);
        Assert.Equal(new Conflict("Offer", first.Offer.ToString(), world.Offer(first.Offer).MadeAt), attempt.Facts.Conflict);
        Assert.Equal(new Attempts(1, [note.Value]), world.State.Attempts(A, world.State.Today));
    }

    [Fact]
    public void An_amount_takes_free_units_first_and_is_an_attempt_only_when_they_do_not_suffice()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Accepts(A, world.Trade(note, A, B, 11, 20));
        Transfer Sum(ulong amount) => world.Trade(note, A, D, 1, amount) with { Units = null, Amount = new(amount) };

        var free = Sum(90);
        world.Refuses(Refusal.UnitsOffered, A, Sum(91));
        world.Refuses(Refusal.NotEnoughHeld, A, Sum(101));
        world.Accepts(A, free);
        Assert.Equal([new(1, 10), new(21, 100)], world.Offer(free.Offer).Units);
    }

    [Fact]
    public void Only_the_first_attempt_on_an_object_in_a_day_becomes_an_entry()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Accepts(A, world.Trade(note, A, B, 1, 50));

        Assert.NotNull(world.Refuses(Refusal.UnitsOffered, A, world.Trade(note, A, D, 1, 1)).Leaf);
        var second = world.Draft(A, world.Trade(note, A, D, 2, 2));
        Assert.Null(Refused(Refusal.UnitsOffered, world.Submit(second)).Leaf);

        // What left no entry used no id: it may be asked again.
        Assert.Null(world.State.UsedId(A, second.Id));
        Assert.Null(Refused(Refusal.UnitsOffered, world.Submit(second)).Leaf);
        world.Until("2026-03-13 00:00:00");
        Assert.Null(world.State.Attempts(A, Date("2026-03-12")));
        Assert.NotNull(world.Refuses(Refusal.UnitsOffered, A, world.Trade(note, A, D, 1, 1)).Leaf);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_party_has_so_many_attempts_a_day_on_record_and_no_more(int quota)
    {
        using var world = new World((RuleParameter.AttemptsPerDay, quota));
        Id<Instrument>[] notes = [.. Enumerable.Range(0, 4).Select(_ => world.Certificate(A, 10))];
        foreach (var note in notes) world.Accepts(A, world.Trade(note, A, B, 1, 10));

        var recorded = notes.Count(note => world.Refuses(Refusal.UnitsOffered, A, world.Trade(note, A, D, 1, 10)).Leaf is not null);

        Assert.Equal(quota, recorded);
        Assert.Equal(quota, world.State.Attempts(A, world.State.Today)?.Count ?? 0);
    }

    [Fact]
    public void A_principal_answers_for_its_agents_attempts()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Granted(A, Y, 1_000, "token.transfer");
        world.Accepts(A, world.Trade(note, A, B, 1, 50));

        Refused(Refusal.UnitsOffered, world.SubmitFor(A, Y, world.Trade(note, A, D, 1, 1)));

        Assert.Equal(1, world.State.Attempts(A, world.State.Today)?.Count);
        Assert.Null(world.State.Attempts(Y, world.State.Today));
    }

    [Fact]
    public void Units_that_do_not_exist_or_are_not_the_signers_are_no_attempt()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);

        world.Refuses(Refusal.UnitsDoNotExist, A, world.Trade(note, A, B, 100, 101));
        world.Refuses(Refusal.UnitsNotHeld, B, world.Trade(note, B, D, 1, 1));

        Assert.Null(world.State.Attempts(A, world.State.Today));
        Assert.Null(world.State.Attempts(B, world.State.Today));
    }

    [Fact]
    public void Contracts_and_invoices_have_counters_of_their_own()
    {
        using var world = new World((RuleParameter.ContractRequired, 1));
        var contract = world.Attested(X, world.Attestation(DocumentKind.Contract, "HT-1", A, C, 150));
        DocumentUse Invoice(ulong amount) => new(world.Invoice(A, C, amount), new(amount));

        world.Refuses(Refusal.ContractMissing, C, world.Issuing(A, 100, Invoice(100)));
        world.Refuses(Refusal.DocumentsDoNotCover, C, world.Issuing(A, 100, Invoice(100), new(contract, new(99))));
        world.Refuses(Refusal.DocumentsDoNotCover, C, world.Issuing(A, 100, new DocumentUse(contract, new(100))));
        world.Accepts(C, world.Issuing(A, 100, Invoice(100), new(contract, new(100))));
        var refused = world.Refuses(Refusal.DocumentUsedUp, C, world.Issuing(A, 51, Invoice(51), new(contract, new(51))));
        Assert.Equal(new Amount(50), refused.Facts.Available);
        world.Accepts(C, world.Issuing(A, 50, Invoice(50), new(contract, new(50))));
    }

    [Fact]
    public void Two_operations_of_one_transaction_cannot_use_the_same_units_or_document()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var document = world.Invoice(A, C, 100);

        var twice = world.Submit(world.Draft(A, world.Trade(note, A, B, 1, 50), world.Trade(note, A, D, 50, 60)));
        Assert.Equal((Refusal.UnitsOffered, 1), (twice.Code, twice.Operation));
        Assert.Equal([(A, "1-100")], world.Holdings(note));

        // The first offer never was: nobody is sent to look for it.
        Assert.Equal((null, true), (twice.Facts.Conflict, twice.Facts.IsOfOwnTransaction));
        Assert.Equal(
            "份额已要约给他人：占用来自本交易中在先的操作；整笔交易未执行。", Sentences.Chinese(twice.Code, twice.Facts, (amount, _) => $"{amount}", time => $"{time}"));
        Assert.Equal(
            "The units are already offered: an earlier operation of this transaction took it; none of it happened.",
            Sentences.English(twice.Code, twice.Facts, (amount, _) => $"{amount}", time => $"{time}"));
        var over = world.Submit(world.Draft(C, world.Issuing(A, 60, new DocumentUse(document, new(60))), world.Issuing(A, 41, new DocumentUse(document, new(41)))));
        Assert.Equal((Refusal.DocumentUsedUp, 1), (over.Code, over.Operation));
        Assert.Equal((null, true), (over.Facts.Available, over.Facts.IsOfOwnTransaction));
        Assert.Equal(Amount.Zero, world.Document(document).Taken);
    }

    [Fact]
    public void Who_asks_for_units_that_are_taken_learns_by_what_and_how_much_of_his_is_free()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var standing = world.Trade(note, A, B, 1, 40);
        world.Accepts(A, standing);

        var refused = world.Refuses(Refusal.UnitsOffered, A, world.Trade(note, A, D, 40, 60));
        Assert.Equal((new Amount(60), standing.Offer.ToString(), false), (refused.Facts.Available, refused.Facts.Conflict?.Reference, refused.Facts.IsOfOwnTransaction));

        // In a later operation too, what stands on the ledger is named.
        var second = world.Submit(world.Draft(A, world.Trade(note, A, B, 41, 50), world.Trade(note, A, D, 40, 40)));
        Assert.Equal((Refusal.UnitsOffered, standing.Offer.ToString()), (second.Code, second.Facts.Conflict?.Reference));
    }

    [Fact]
    public void Of_two_claims_in_one_block_the_first_wins()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var (one, other) = (world.Trade(note, A, B, 1, 100), world.Trade(note, A, D, 100, 100));

        var block = world.Append(world.Sign(world.Draft(A, one)), world.Sign(world.Draft(A, other)));

        Assert.Equal([Refusal.None, Refusal.UnitsOffered], block.Answers.Select(answer => answer.Code));
    }
}
