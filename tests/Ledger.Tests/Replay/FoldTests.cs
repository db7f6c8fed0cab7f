using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Replay;

/// <summary>A batch becomes a block: what opens it, which deadlines fire, what leaves an entry and what is skipped.</summary>
public class FoldTests
{
    static readonly Operation Unknown = new WithdrawOffer(new(5));

    [Fact]
    public void Time_never_goes_back()
    {
        using var world = new World("2026-03-12 09:00:00");

        world.Until("2026-03-12 08:00:00");

        Assert.Equal(At("2026-03-12 09:00:00"), world.State.Now);
        Assert.Equal(At("2026-03-12 08:00:00"), world.State.Clock(X)?.Clock);
        world.Until("2026-03-12 09:00:01");
        Assert.Equal(At("2026-03-12 09:00:01"), world.State.Now);
    }

    [Fact]
    public void Time_is_the_lower_median_of_the_validators_clocks()
    {
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("demo") with { Validators = [new(X, default), new(Y, default)] }, At(Morning));
        var fold = new Fold(founding.Genesis);
        var counters = new Dictionary<PartyId, ulong> { [X] = 1, [Y] = 1 };
        Timestamp After(PartyId bank, string clock)
        {
            Append(fold, founding.NodeKeys[bank], bank, counters[bank]++, At(clock));
            return fold.State.Now;
        }

        // One bank alone cannot push time ahead of the other, which may not have spoken yet.
        Assert.Equal(At(Morning), After(X, "2026-03-12 09:00:10"));
        Assert.Equal(At("2026-03-12 09:00:10"), After(Y, "2026-03-12 09:00:20"));
        Assert.Equal(At("2026-03-12 09:00:20"), After(X, "2026-03-12 10:00:00"));
        Assert.Equal(At("2026-03-12 09:00:20"), After(X, "2026-03-12 11:00:00"));
        Assert.Equal(At("2026-03-12 09:30:00"), After(Y, "2026-03-12 09:30:00"));
    }

    [Fact]
    public void A_batch_takes_the_next_position_only_of_its_own_bank_and_properly_signed()
    {
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), At(Morning));
        var fold = new Fold(founding.Genesis);
        var node = founding.NodeKeys[X];
        var chain = founding.Genesis.Chain;
        var good = new Envelope(chain.ChainId, 1, X, 1, At(Morning), 0, Envelope.DigestOf(chain.Suite, []), default);
        Envelope Signed(Envelope envelope) => envelope with { Signature = new(node.Sign(envelope.SignedBytes())) };

        Assert.True(fold.Takes(Signed(good)));
        Assert.False(fold.Takes(Signed(good) with { Clock = At(Morning).Add(1) }));
        Assert.False(fold.Takes(Signed(good with { Counter = 2 })));
        Assert.False(fold.Takes(Signed(good with { Counter = 0 })));
        Assert.False(fold.Takes(Signed(good with { Epoch = 0 })));
        Assert.False(fold.Takes(Signed(good with { Bank = Y })));
        Assert.False(fold.Takes(Signed(good with { ChainId = new(1, 1) })));
        Assert.False(fold.Takes(Signed(good with { TransactionCount = Fold.MaxBatch + 1 })));
        Assert.True(fold.Takes(Signed(good with { TransactionCount = Fold.MaxBatch })));
    }

    [Fact]
    public void Deadlines_fire_before_the_entries_in_the_order_of_their_time_kind_and_id()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var midnight = Timestamp.StartOf(world.State.Today.AddDays(1), 480);
        var late = world.Trade(note, A, B, 1, 10) with { Offer = world.Named<Offer>(7), Expires = midnight.Add(Timestamp.Hour) };
        var early = world.Trade(note, A, B, 11, 20) with { Offer = world.Named<Offer>(9), Expires = midnight };
        var beside = world.Trade(note, A, B, 21, 30) with { Offer = world.Named<Offer>(8), Expires = midnight };
        var freeze = world.Freezing(note, 31, 40) with { Freeze = world.Named<Freeze>(6), LastDay = world.State.Today };
        foreach (var trade in new[] { late, early, beside }) world.Accepts(A, trade);
        world.Accepts(Y, freeze, Key(X));

        var block = world.Until(midnight.Add(2 * Timestamp.Hour));

        Assert.Equal(
            [
                new OfferClosed(beside.Offer, OfferStatus.Expired), new OfferClosed(early.Offer, OfferStatus.Expired), new FreezeLifted(freeze.Freeze),
                new OfferClosed(late.Offer, OfferStatus.Expired),
            ],
            block.Opening.Skip(1));
        Assert.IsType<BlockOpened>(block.Opening[0]);
        Assert.Equal(DeadlineKind.PaymentOverdue, world.State.NextDeadline?.Kind);
    }

    [Fact]
    public void A_record_that_two_acts_of_a_block_write_has_the_salt_of_the_later()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 10) with { Offer = world.Named<Offer>(7) };
        var offer = world.Sign(world.Draft(A, trade));
        var acceptance = world.Sign(world.Draft(B, new AcceptOffer(trade.Offer)));

        var block = world.Append(offer, acceptance);

        Assert.Equal([Refusal.None, Refusal.None], block.Answers.Select(answer => answer.Code));
        var key = new byte[Id<Offer>.Size];
        trade.Offer.Write(key);
        var proof = world.Fold.Prove(Section.Offers, key);
        var salt = Salts.ByTransaction(world.Genesis.Chain.Suite, block.Answers[1].Transaction!.PayloadHash, (byte)Section.Offers, key);
        Assert.Equal(new StateProofEnd.ThisRecord(salt), proof.End);
    }

    [Fact]
    public void A_party_registered_in_a_block_acts_in_the_same_block()
    {
        using var world = new World();
        var register = world.Draft(X, world.Registration(Stranger, "示例新成员", Roles.Supplier, SizeClass.Small));

        var block = world.Append(world.Sign(register, Key(X), Key(Stranger)), world.Sign(world.Draft(Stranger, Unknown)));

        Assert.Equal([Refusal.None, Refusal.OfferNotFound], block.Answers.Select(answer => answer.Code));
        var again = new Fold(world.Genesis);
        foreach (var stored in world.Blocks) Assert.NotNull(again.Repeat(stored, verifySignatures: true, out _));
    }

    [Fact]
    public void What_is_skipped_keeps_its_place_in_the_envelope()
    {
        using var world = new World();
        var good = world.Sign(world.Draft(A, Unknown));

        var block = world.Append([1, 2, 3], good, good, [4]);

        var envelope = Assert.IsType<EnvelopeLeaf>(block.Block.Envelope);
        Assert.Equal(
            [
                new Skipped(0, (ushort)Refusal.Malformed, world.Suite.Hash([1, 2, 3])),
                new Skipped(2, (ushort)Refusal.AlreadyAnswered, world.Suite.Hash(good)),
                new Skipped(3, (ushort)Refusal.Malformed, world.Suite.Hash([4])),
            ],
            envelope.Skipped);
        Assert.Equal([null, block.Block.FirstLeaf + 1, null, null], block.Answers.Select(answer => answer.Leaf));
    }

    [Fact]
    public void An_entry_is_the_bytes_that_were_signed()
    {
        using var world = new World();
        var bytes = world.Sign(world.Draft(A, Unknown));

        var block = world.Append(bytes);

        Assert.Equal(new EntryLeaf((ushort)Refusal.OfferNotFound, 0, new(bytes)), Assert.Single(block.Block.Entries));
    }

    [Fact]
    public void A_key_revoked_in_a_block_signs_nothing_after_it()
    {
        using var world = new World();
        var second = world.GiveKey(A, KeyRole.Maker, "li.si");

        var block = world.Append(
            world.Sign(world.Draft(A, Unknown), second), world.Sign(world.Draft(A, new RevokeKey(second.Number))), world.Sign(world.Draft(A, Unknown), second));

        Assert.Equal([Refusal.OfferNotFound, Refusal.None, Refusal.KeyNotValid], block.Answers.Select(answer => answer.Code));
    }

    [Fact]
    public void A_record_of_the_state_is_proved_against_the_header()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        byte[] key = new byte[16];
        note.Write(key);

        var proof = world.Fold.Prove(Section.Instruments, key);

        Assert.IsType<StateProofEnd.ThisRecord>(proof.End);
        Assert.False(proof.VerifyAbsent(world.Suite, world.Fold.Last.Header.StateRoot, (byte)Section.Instruments, key));
        var absent = world.Fold.Prove(Section.Instruments, [1]);
        Assert.True(absent.VerifyAbsent(world.Suite, world.Fold.Last.Header.StateRoot, (byte)Section.Instruments, [1]));
        Assert.False(absent.VerifyAbsent(world.Suite, world.Fold.Last.Header.StateRoot, (byte)Section.Instruments, key));
    }

    static void Append(Fold fold, SigningKey node, PartyId bank, ulong counter, Timestamp clock)
    {
        var chain = fold.Genesis.Chain;
        var unsigned = new Envelope(chain.ChainId, 1, bank, counter, clock, 0, Envelope.DigestOf(chain.Suite, []), default);
        var envelope = unsigned with { Signature = new(node.Sign(unsigned.SignedBytes())) };
        Assert.True(fold.Takes(envelope));
        fold.Append(envelope, []);
    }
}
