using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Tests.Replay;

/// <summary>A ledger that is frozen beside its writer is that of the block which was asked for, or is not given.</summary>
public sealed class FreezeTests : IDisposable
{
    readonly ChainFixture chain = new();

    public void Dispose() => chain.Dispose();

    [Fact]
    public void The_ledger_behind_a_block_can_be_frozen_while_the_fold_can_still_go_back_behind_it()
    {
        chain.Fold.KeepsStepsBack = true;
        var notes = Notes(6);

        for (var back = 0; back < notes.Length; back++)
        {
            var frozen = Assert.IsType<FrozenLedger>(chain.Fold.TryFreeze(notes[back].Note));
            Assert.Equal(notes[back].Header, frozen.Header);
            Assert.Equal(notes[back].Header.StateRoot, frozen.Tree.Root());
            Assert.Equal(notes[back].Header.Height, frozen.State.Height);
            Assert.True(Proves(frozen));
        }

        // What was put back in the copies was not put back in the ledger.
        Assert.Equal(notes[^1].Header, chain.Fold.Last.Header);
        Assert.Equal(chain.Fold.Last.Header.StateRoot, chain.Fold.Freeze(notes[^1].Note).Tree.Root());
        chain.Append(chain.Sign(chain.Bank, ChainFixture.Policy(9)));
        chain.Fold.GoBackTo(notes[2].Header.Height);
        Assert.Equal(notes[2].Header.StateRoot, chain.Fold.Freeze(notes[2].Note).Tree.Root());
    }

    [Fact]
    public void What_is_settled_or_was_never_kept_is_not_given()
    {
        chain.Fold.KeepsStepsBack = true;
        var notes = Notes(4);
        chain.Fold.Settle(notes[2].Header.Height);

        Assert.Null(chain.Fold.TryFreeze(notes[1].Note));
        Assert.NotNull(chain.Fold.TryFreeze(notes[2].Note));
        Assert.Null(chain.Fold.TryFreeze(new(notes[3].Note.Checkpoint with { Size = 1 + notes[3].Note.Checkpoint.Size }, notes[3].Note.Signatures)));

        using var sole = new ChainFixture();
        sole.Append(sole.Sign(sole.Bank, ChainFixture.Policy(1)));
        var before = sole.SignedCheckpoint();
        Assert.NotNull(sole.Fold.TryFreeze(before));
        sole.Append(sole.Sign(sole.Bank, ChainFixture.Policy(2)));
        Assert.Null(sole.Fold.TryFreeze(before));
    }

    [Fact]
    public void A_block_that_turned_out_false_half_way_leaves_nothing_to_freeze_until_it_is_taken_back()
    {
        chain.Fold.KeepsStepsBack = true;
        var note = Notes(2)[^1].Note;
        var good = chain.Append(chain.Sign(chain.Bank, new WithdrawOffer(new(7)))).Block;
        chain.Fold.GoBackTo(good.Header.Height - 1);

        // The answer of its first entry is another: the block was opened, and is none.
        var wrong = Block.Of(good.Envelope, [.. good.Entries.Select(static entry => entry with { Code = 0 })], good.Header);
        Assert.Null(chain.Fold.Repeat(wrong, verifySignatures: false, out var fault));
        Assert.Equal(LeafFaultKind.EntryCodeDiffers, fault?.Kind);
        Assert.Null(chain.Fold.TryFreeze(note));

        chain.Fold.GoBackTo(good.Header.Height - 1);
        Assert.True(Proves(Assert.IsType<FrozenLedger>(chain.Fold.TryFreeze(note))));
    }

    [Fact]
    public async Task Whoever_freezes_beside_the_writer_gets_a_whole_block_or_nothing()
    {
        chain.Fold.KeepsStepsBack = true;
        var notes = new System.Collections.Concurrent.ConcurrentQueue<(Note Note, Header Header)>(Notes(1));
        var writing = Task.Run(() =>
        {
            for (var i = 2; i < 60; i++) foreach (var made in Notes(1, (ulong)i)) notes.Enqueue(made);
        }, TestContext.Current.CancellationToken);

        var taken = 0;
        do
        {
            var (note, header) = notes.Last();
            var frozen = Assert.IsType<FrozenLedger>(chain.Fold.TryFreeze(note));
            Assert.Equal(header.StateRoot, frozen.Tree.Root());
            Assert.True(Proves(frozen));
            taken++;
        }
        while (!writing.IsCompleted);

        await writing;
        Assert.True(taken > 0);
    }

    bool Proves(FrozenLedger frozen) => frozen.Prove([Tables.Parties.RecordOf(frozen.State, chain.Bank), Tables.Instruments.RecordOf(frozen.State, new(1))])
        .Verify(chain.Founding.Genesis.Chain.Suite, chain.Founding.Genesis.Policy).IsTrue;

    (Note Note, Header Header)[] Notes(int count, ulong from = 1)
    {
        var notes = new (Note, Header)[count];
        for (var i = 0; i < count; i++)
        {
            chain.Append(chain.Sign(chain.Bank, ChainFixture.Policy(from + (ulong)i)));
            notes[i] = (chain.SignedCheckpoint(), chain.Fold.Last.Header);
        }

        return notes;
    }
}
