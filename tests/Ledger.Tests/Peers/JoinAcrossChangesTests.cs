using Ledger.Core.Chain;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Peers;
using Ledger.Node.Storage;
using Ledger.Tests.Rules.Governance;
using static Ledger.Tests.World;
using Governed = Ledger.Tests.Rules.Governance.FourBanks;

namespace Ledger.Tests.Peers;

/// <summary>
/// X, Y, Z and W found a ledger, V joins them, W leaves, and then there is a snapshot: whom the pinned policy names decides whether it is believed, and what stands between two sets of validators that nobody knows
/// beforehand is found at the snapshot's height or by the second fold.
/// </summary>
public sealed class JoinAcrossChangesTests : IDisposable
{
    readonly string data = Path.Combine(Directory.CreateTempSubdirectory("ledger-joining-").FullName, "data");
    readonly List<string> said = [];
    readonly World world = Governed.World();
    readonly ulong joined, left;
    readonly FrozenLedger at;

    public JoinAcrossChangesTests()
    {
        var joining = world.Joining(Governed.Fifth(world));
        world.Accepts(X, joining, Key(Governed.V));
        world.Vote(joining.Proposal, true, X, Y, Z);
        world.Append();
        joined = Change.Height;
        for (var i = 0; i < 3; i++) world.Accepts(A, new SetPolicy([]));
        var leaving = world.Leaving(W);
        world.Accepts(Y, leaving);
        world.Vote(leaving.Proposal, true, X, Y, Z, Governed.V);
        world.Append();
        left = Change.Height;
        world.Accepts(A, new SetPolicy([]));
        Assert.Equal(Refusal.None, world.Submit(world.Draft(A, new SetPolicy([])) with { Expires = world.Clock.Add(Timestamp.Hour) }).Code);
        at = world.Fold.Freeze(world.NoteOf(world.Fold.Checkpoint, world.State.Certifiers));
        world.Accepts(A, new SetPolicy([]));
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    NodeOptions Options => new(data, "127.0.0.1", 0, NextFreePort: false, NodeOptions.DefaultSegmentBytes);

    ValidatorChange Change => Assert.IsType<ValidatorChange>(world.State.ValidatorChange);

    ulong At => at.Header.Height;

    public void Dispose()
    {
        world.Dispose();
        Directory.Delete(Path.GetDirectoryName(data) ?? data, recursive: true);
    }

    [Theory]
    [InlineData("founders", "X Y Z", true)]
    [InlineData("founders", "X Y V", false)]
    [InlineData("founders", "X Y Z V", true)]
    [InlineData("between", "X Y Z", false)]
    [InlineData("between", "X Y Z V", true)]
    [InlineData("now", "X Y V", true)]
    [InlineData("now", "X Y", false)]
    public async Task A_policy_of_whichever_day_is_worth_a_quorum_of_those_that_it_names(string policy, string signers, bool isBelieved)
    {
        var peer = Peer(X, Honest(), signers);
        var cannot = await FolderFromSnapshot.FoundAsync(Options, world.Genesis, Policy(policy), [peer], TimeProvider.System, said.Add, Cancel);

        if (!isBelieved)
        {
            Assert.Equal(ExitCode.CouldNotCheck, cannot?.ExitCode);
            Assert.Contains(said, line => line.StartsWith(new PeerFault(X, PeerFaultKind.CheckpointUntrusted).English, StringComparison.Ordinal));
            Assert.Null(GenesisFile.Read(new DiskStorage(data)));
            return;
        }

        Assert.Null(cannot);
        await FollowAsync(Peer(X, Honest()), async node =>
        {
            Assert.Equal(world.Fold.Checkpoint, node.Reader.View.Checkpoint.Checkpoint);
            Assert.Equal(world.State.Validators, node.Reader.View.State.Validators);
            await SecondFold.Of(node.Reader, new DiskStorage(data))!.RunAsync(said.Add, Cancel);
        });
        Assert.False(Path.Exists(Path.Combine(data, FolderLayout.Joined)));
    }

    [Fact]
    public async Task A_snapshot_behind_the_block_that_takes_a_bank_in_is_those_banks_word_who_stood_before()
    {
        // V, who comes by it, is none of those who certify it, and their quorum is three.
        var (block, checkpoint, state) = world.Stored[(int)joined];
        var fold = new Fold(world.Genesis);
        foreach (var before in world.Stored.Skip(1).Take((int)joined)) Assert.NotNull(fold.Repeat(before.Block, verifySignatures: true, out _));
        var peer = new FakePeer(X, Honest(), (ulong)world.Blocks.Count);
        peer.Snapshots.Add((block.Header.Height, Written(fold.Freeze(world.NoteOf(checkpoint, state.Certifiers.Where(static one => one.Bank != W))))));

        Assert.Equal(ExitCode.CouldNotCheck, (await FolderFromSnapshot.FoundAsync(Options, world.Genesis, Policy("between"), [peer], TimeProvider.System, said.Add, Cancel))?.ExitCode);
        Assert.Null(await FolderFromSnapshot.FoundAsync(Options, world.Genesis, Policy("founders"), [peer], TimeProvider.System, said.Add, Cancel));
    }

    [Theory]
    [InlineData("founders")]
    [InlineData("now")]
    public async Task A_checkpoint_that_no_quorum_signed_is_refused_at_once_where_it_is_known_who_certifies(string where)
    {
        var height = where == "founders" ? joined - 1 : left + 1;
        var blocks = Honest();
        blocks[(int)height] = (blocks[(int)height].Block, Signed(height, X, Y));
        await JoinAsync(Peer(X, blocks), Peer(Y, Honest()));

        Assert.Contains(said, line => line.StartsWith(new PeerFault(X, PeerFaultKind.CheckpointUntrusted, height).English, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Between_two_sets_that_nobody_knows_it_is_taken_and_found_by_the_second_fold()
    {
        var blocks = Honest();
        blocks[(int)joined + 2] = (blocks[(int)joined + 2].Block, Signed(joined + 2, X, Y));
        await JoinAsync(Peer(X, blocks));

        await FollowAsync(Peer(X, Honest()), async node =>
        {
            var found = await Assert.ThrowsAsync<JoinedFalseException>(() => SecondFold.Of(node.Reader, new DiskStorage(data))!.RunAsync(said.Add, Cancel));
            Assert.Contains($"height {joined + 2} ", found.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Another_history_between_them_is_found_at_the_snapshots_height_and_its_giver_is_named()
    {
        await JoinAsync(Peer(X, Forged()), Peer(Y, Honest()));

        Assert.Contains(said, line => line.StartsWith(new PeerFault(X, PeerFaultKind.CheckpointDiffers, At).English, StringComparison.Ordinal));
        await FollowAsync(Peer(Y, Honest()), async node => await SecondFold.Of(node.Reader, new DiskStorage(data))!.RunAsync(said.Add, Cancel));
    }

    [Fact]
    public async Task Which_of_a_partys_ids_are_long_lived_is_for_their_transactions_to_say()
    {
        // As many as before, and so the state root is the same.
        var ids = at.State.KeptIds.ToArray();
        var ofA = ids.Index().Where(static one => one.Item.Party == A).ToLookup(static one => one.Item.Used.LongLived, static one => one.Index);
        foreach (var place in (int[])[ofA[true].Single(), ofA[false].Last()]) ids[place] = ids[place] with { Used = ids[place].Used with { LongLived = !ids[place].Used.LongLived } };
        var liar = new FakePeer(X, Honest(), (ulong)world.Blocks.Count);
        liar.Snapshots.Add((At, Written(at with { State = at.State.WithKeptIds(ids) })));
        await JoinAsync(liar, Peer(Y, Honest()));

        Assert.Contains(said, line => line.StartsWith(new PeerFault(X, PeerFaultKind.SnapshotFalse, At).English, StringComparison.Ordinal));
        await FollowAsync(Peer(Y, Honest()), async node => await SecondFold.Of(node.Reader, new DiskStorage(data))!.RunAsync(said.Add, Cancel));
    }

    [Fact]
    public async Task Blocks_of_more_leaves_than_are_certified_up_to_the_snapshot_are_not_kept()
    {
        await JoinAsync(Peer(X, Forged(more: (int)at.Checkpoint.Checkpoint.Size)), Peer(Y, Honest()));

        Assert.Contains(said, line => line.StartsWith(new PeerFault(X, PeerFaultKind.CheckpointDiffers, joined + 2).English, StringComparison.Ordinal));
    }

    TrustPolicy Policy(string whose) => world.Genesis.PolicyOf(whose switch
    {
        "founders" => world.Founders(),
        "between" => world.Stored[(int)joined].State.Validators,
        _ => world.State.Validators,
    });

    List<(Block Block, Note? Checkpoint)> Honest() => [.. world.Stored.Select(one => (one.Block, (Note?)world.NoteOf(one.Checkpoint, one.State.Certifiers)))];

    Note Signed(ulong height, params PartyId[] banks) => world.Stored[(int)height] is var (_, checkpoint, state) ? world.NoteOf(checkpoint, state.Certifiers.Where(one => banks.Contains(one.Bank))) : throw new InvalidOperationException();

    // From a block between the sets on: another state and so many more entries, each header leads to the one before, each checkpoint is that of the history, and nobody knows whom the headers name.
    List<(Block Block, Note? Checkpoint)> Forged(int more = 0)
    {
        var entry = world.Blocks.SelectMany(static block => block.Entries).First();
        var (forged, history) = (new List<(Block Block, Note? Checkpoint)>(), new HistoryTree(world.Suite));
        foreach (var (block, checkpoint, state) in world.Stored)
        {
            var header = block.Header;
            EntryLeaf[] entries = [.. block.Entries];
            if (header.Height == joined + 2)
            {
                entries = [.. entries, .. Enumerable.Repeat(entry, more)];
                header = header with { StateRoot = new(2, 2), EntryCount = (uint)entries.Length };
            }

            if (header.Height > joined + 1) header = header with { Previous = forged[^1].Block.Header.LeafHash(world.Suite), FirstLeaf = history.Size, ValidatorSet = new(1, 1) };
            var other = block.Envelope is { } batch ? Block.Of(batch with { Envelope = batch.Envelope with { TransactionCount = (uint)(entries.Length + batch.Skipped.Count) } }, entries, header) : block;
            foreach (var leaf in other.Leaves) history.Append(MerkleHash.OfLeaf(world.Suite, leaf.Span));
            forged.Add((other, world.NoteOf(checkpoint with { Size = history.Size, Root = history.Root() }, state.Certifiers)));
        }

        return forged;
    }

    FakePeer Peer(PartyId bank, List<(Block Block, Note? Checkpoint)> blocks, string signers = "X Y Z V")
    {
        var named = signers.Split(' ').Select(static letter => letter switch { "X" => X, "Y" => Y, "Z" => Z, _ => Governed.V }).ToArray();
        var peer = new FakePeer(bank, blocks, (ulong)world.Blocks.Count);
        peer.Snapshots.Add((At, Written(at with { Checkpoint = world.NoteOf(at.Checkpoint.Checkpoint, world.State.Validators.Where(one => named.Contains(one.Bank))) })));
        return peer;
    }

    static byte[] Written(FrozenLedger ledger)
    {
        using var stream = new MemoryStream();
        Snapshot.Write(stream, ledger, Cancel);
        return stream.ToArray();
    }

    async Task JoinAsync(params IPeer[] peers)
    {
        var cannot = await FolderFromSnapshot.FoundAsync(Options, world.Genesis, Policy("now"), peers, TimeProvider.System, said.Add, Cancel);
        Assert.True(cannot is null, $"{cannot?.Reason} {string.Join('\n', said)}");
    }

    async Task FollowAsync(FakePeer peer, Func<NodeLoop, Task> tell)
    {
        var key = ObserverKey.OpenOrMake(data, world.Suite, FourBanks.Regulator) ?? throw new InvalidOperationException();
        using var host = NodeHost.Observe(Options, world.Genesis, key, new([peer], _ => { }), TimeProvider.System, said.Add, out var cannot);
        Assert.Null(cannot);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = host!.Loop.RunAsync(stop.Token);
        for (var grown = host.Loop.Reader.Grown; host.Loop.Reader.View.Header.Height < world.Fold.Last.Header.Height; grown = host.Loop.Reader.Grown) await await Task.WhenAny(grown, running);
        await tell(host.Loop);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
