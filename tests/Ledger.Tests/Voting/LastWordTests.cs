using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Ordering;
using Ledger.Node.Peers;
using Ledger.Node.Storage;
using Ledger.Node.Voting;
using Ledger.Tests.Storage;

namespace Ledger.Tests.Voting;

/// <summary>A bank's report of an epoch is its last word there, but for a higher certificate.</summary>
public sealed class LastWordTests
{
    static readonly DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(ChainFixture.Start.UnixMilliseconds);

    [Fact]
    public void A_report_that_nobody_can_judge_any_more_is_made_again_with_what_is_final()
    {
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("consortium"), ChainFixture.Start);
        using var nextKey = SigningKey.Create(founding.Genesis.Chain.Suite);
        PartyId[] banks = [.. founding.Genesis.Text.Validators.Select(static validator => validator.Bank).Order()];
        var (given, final) = RotatedWithout(banks[0], banks[1..], founding, nextKey);

        // What it committed to in an epoch before, the bank whose key changes prepared with it; the next epoch is over for it.
        var left = new BlockPoint(1, final.Size - 1, new(1, 1));
        var certificate = new Certificate(left, [.. banks.Take(3).Select(bank => new BankSignature(bank, new(founding.NodeKeys[bank].Sign(Vote.PrepareBytes(founding.Genesis.Chain.ChainId, left)))))]);
        var begins = BlockLine.GenesisOf(new Fold(founding.Genesis));
        var said = new List<Report>();
        using var mine = Opened(founding, banks[0], new(2, begins, begins, certificate, BallotStanding.HasReported, certificate), said);
        using var other = Opened(founding, banks[2], Ballot.First(2, begins), []);
        mine.Heard();
        other.Take(Assert.Single(said));
        Assert.Single(other.Reports);

        Assert.NotNull(mine.TakeFinal(given, banks[1], out _));
        Assert.Equal([left, final], said.Select(static report => report.Certificate?.Block));

        // The other believes the first no more, and takes the second.
        Assert.NotNull(other.TakeFinal(given, banks[1], out _));
        Assert.Empty(other.Reports);
        other.Take(said[1]);
        Assert.Equal(said[1], Assert.Single(other.Reports));
    }

    [Fact]
    public void A_second_report_of_a_bank_counts_for_nothing_while_the_first_is_good()
    {
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("consortium"), ChainFixture.Start);
        PartyId[] banks = [.. founding.Genesis.Text.Validators.Select(static validator => validator.Bank).Order()];
        using var ledger = Opened(founding, banks[0], Ballot.First(1, BlockLine.GenesisOf(new Fold(founding.Genesis))), []);
        var unsigned = new Report(founding.Genesis.Chain.ChainId, 1, banks[1], null, default);
        var first = unsigned with { Signature = new(founding.NodeKeys[banks[1]].Sign(unsigned.SignedBytes())) };
        var point = new BlockPoint(1, 100, new(1, 1));
        var higher = unsigned with { Certificate = new(point, [.. banks.Take(3).Select(bank => new BankSignature(bank, new(founding.NodeKeys[bank].Sign(Vote.PrepareBytes(founding.Genesis.Chain.ChainId, point)))))]) };
        higher = higher with { Signature = new(founding.NodeKeys[banks[1]].Sign(higher.SignedBytes())) };

        ledger.Take(first);
        ledger.Take(higher);
        Assert.Equal(first, Assert.Single(ledger.Reports));
    }

    static QuorumLedger Opened(FoundingKeys founding, PartyId bank, Ballot ballot, List<Report> said)
    {
        var disk = new MemoryStorage();
        var fold = new Fold(founding.Genesis);
        using (var file = BallotFile.Open(disk)) file.Write(ballot, 1);
        var note = Signed(founding, fold.Checkpoint, [bank]);
        return new(
            fold, BlockLog.Create(disk, fold, note, BlockLog.DefaultSegmentSize), disk, VotingNetwork.Ring(bank, founding.NodeKeys[bank], mark: null), TimeProvider.System, () => ChainFixture.Start,
            (kind, octets) =>
            {
                if (kind == Posting.Report && Report.TryRead(octets.Span, out var report)) said.Add(report);
            },
            static _ => { });
    }

    // In the second epoch the others decide that the first of them has another node key: two blocks, of which the second does it.
    static (CoveredBlocks Given, BlockPoint Final) RotatedWithout(PartyId absent, PartyId[] others, FoundingKeys founding, SigningKey nextKey)
    {
        var (fold, chain) = (new Fold(founding.Genesis), founding.Genesis.Chain);
        var rotates = others[0];
        var proof = new ByteString(nextKey.Sign(Rulebook.NodeKeyText(chain.ChainId, rotates, nextKey.PublicKey)));
        var proposal = new Propose(NewId.Of<Proposal>(ChainFixture.Start), ProposalAction.NodeKeyRotate, ChainFixture.Start.CeilingMinute().Add(Timestamp.Day), NodeKey: nextKey.PublicKey, Proof: proof);
        Block[] blocks =
        [
            Made([founding.Act(now, proposal, rotates), .. others.Select(bank => founding.Act(now, new VoteOn(proposal.Proposal, IsFor: true), bank))], 1),
            Made([], 2),
        ];
        Assert.NotEqual(absent, rotates);
        Assert.Equal(nextKey.PublicKey, fold.State.Validator(rotates)?.NodeKey);
        return (new(blocks, Signed(founding, fold.Checkpoint, others)), new(2, fold.History.Size, fold.History.Root()));

        Block Made(byte[][] acts, ulong counter)
        {
            var unsigned = new Envelope(
                chain.ChainId, 2, rotates, counter, ChainFixture.Start, (uint)acts.Length, Envelope.DigestOf(chain.Suite, [.. acts.Select(act => chain.Suite.Hash(act))]), default);
            var envelope = unsigned with { Signature = new(founding.NodeKeys[rotates].Sign(unsigned.SignedBytes())) };
            return fold.Append(envelope, [.. acts.Select(static act => new BatchItem(act, null))]).Block;
        }
    }

    static Note Signed(FoundingKeys founding, Checkpoint checkpoint, IEnumerable<PartyId> banks) => new(
        checkpoint,
        [.. banks.Select(bank => founding.NodeKeys[bank]).Select(key => new NoteSignature(founding.Genesis.Origin, founding.Genesis.Chain.NoteKeyId(key.PublicKey), new(key.SignNote(checkpoint.SignedBytes()))))]);
}
