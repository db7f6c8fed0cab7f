using Ledger.Client.ChainFolder;
using Ledger.Core.Chain;
using Ledger.Core.Parties;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Rules.Governance;
using Ledger.Tests.Strangers;
using static Ledger.Tests.World;

namespace Ledger.Tests.Replay;

/// <summary>A chain of four banks whose validators change: one joins, one leaves, one changes its key. A verifier follows them from genesis.</summary>
public sealed class ValidatorChainTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("ledger-validators-").FullName;
    readonly World world = Told();

    public void Dispose()
    {
        world.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Each_checkpoint_is_judged_by_those_who_were_the_validators_before_its_last_block()
    {
        Assert.Null(Audit());
        Assert.Equal(4u, world.State.ValidatorChange?.Number);
    }

    [Fact]
    public void The_newcomers_word_does_not_let_it_in() => Assert.Equal(AuditFaultKind.CheckpointUntrusted, Audit(static state => state.ValidatorChange is { Number: 2 } && state.ChangesValidators
        ? state.Validators.Where(one => one.Bank == FourBanks.V).Concat(state.Certifiers.Take(2))
        : state.Certifiers)?.Kind);

    [Fact]
    public void The_founders_word_is_not_enough_for_ever() =>
        Assert.Equal(AuditFaultKind.CheckpointUntrusted, Audit(state => state.ChangesValidators ? state.Certifiers : world.Founders())?.Kind);

    [Fact]
    public void No_checkpoint_covers_a_change_together_with_what_follows_it() =>
        Assert.Equal(AuditFaultKind.ChangeWithoutCheckpoint, Audit(static state => state.ChangesValidators && state.ValidatorChange?.Number == 3 ? null : state.Certifiers)?.Kind);

    [Fact]
    public void Strangers_follow_the_validators_too()
    {
        world.WriteTo(folder);
        var (code, said) = Python.Start("verify_chain.py", folder);
        Assert.True(code == Python.Verified, said);
        (code, said) = Python.Start("state_machine.py", folder);
        Assert.True(code == Python.Verified, said);

        world.WriteTo(folder, state => state.ChangesValidators ? state.Certifiers : world.Founders());
        Assert.Equal(Python.False, Python.Start("verify_chain.py", folder).Code);
        world.WriteTo(folder, static state => state.ChangesValidators && state.ValidatorChange?.Number == 3 ? null : state.Certifiers);
        Assert.Equal(Python.False, Python.Start("verify_chain.py", folder).Code);
    }

    [Fact]
    public void A_program_that_does_not_know_the_version_that_was_voted_stops_before_it()
    {
        var raising = new Propose(world.New<Proposal>(), ProposalAction.ProtocolRaise, world.Tomorrow, Version: 2);
        world.Accepts(X, raising);
        world.Vote(raising.Proposal, true, X, Y, Z);
        world.Append();
        Assert.Equal(new ProtocolVersion(2, world.State.Height), world.State.Protocol);
        Assert.Null(Audit());

        Assert.False(world.Fold.KnowsNext);
        Assert.False(world.Fold.Takes(world.Envelope(Y, world.NodeKeyOf(Y))));

        // What another program goes on with is neither true nor false to this one.
        var segment = Path.Combine(folder, SegmentCodec.FileName(0));
        var more = new byte[world.Blocks[^1].Payload.Length + SegmentCodec.Overhead];
        SegmentCodec.Write(RecordType.Block, world.Blocks[^1].Payload.Span, more);
        File.WriteAllBytes(segment, [.. File.ReadAllBytes(segment), .. more]);
        Assert.Equal(AuditFaultKind.ProtocolUnknown, new ChainAudit(world.Genesis, verifySignatures: true).Read(SegmentCodec.FileName(0), File.ReadAllBytes(segment))?.Kind);
        Assert.IsType<ChainVerdict.CannotBeChecked>(Client.ChainFolder.ChainFolder.Open(folder).Verify(world.Genesis.Chain.ChainId, progress: null));
    }

    AuditFault? Audit(Func<LedgerState, IEnumerable<Validator>?>? certifiers = null)
    {
        world.WriteTo(folder, certifiers);
        var name = SegmentCodec.FileName(0);
        var audit = new ChainAudit(world.Genesis, verifySignatures: true);
        return audit.Read(name, File.ReadAllBytes(Path.Combine(folder, name))) ?? audit.Finish(name);
    }

    static World Told()
    {
        var world = FourBanks.World();
        var joining = world.Joining(FourBanks.Fifth(world));
        world.Accepts(X, joining, Key(FourBanks.V));
        world.Vote(joining.Proposal, true, X, Y, Z);
        world.Append();
        world.Sealer = FourBanks.V;
        world.Accepts(A, new SetPolicy([]));

        var adopting = FourBanks.Adopting(world, days: 3);
        world.Accepts(X, adopting);
        world.Vote(adopting.Proposal, true, X, Y, Z);
        world.Append();

        var leaving = world.Leaving(W);
        world.Accepts(Y, leaving);
        world.Vote(leaving.Proposal, true, X, Y, Z, FourBanks.V);
        world.Append();

        var (key, proof) = world.NewNodeKey(Y);
        var rotating = new Propose(world.New<Proposal>(), ProposalAction.NodeKeyRotate, world.Tomorrow, NodeKey: key, Proof: proof);
        world.Accepts(Y, rotating);
        world.Vote(rotating.Proposal, true, X, Y, Z);
        world.Append();
        world.Sealer = Y;
        world.Append();
        return world;
    }
}
