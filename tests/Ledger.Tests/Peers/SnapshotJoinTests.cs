using Ledger.Client.Backups;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Peers;
using Ledger.Node.Storage;
using Ledger.Tests.Storage;

namespace Ledger.Tests.Peers;

/// <summary>A node begins with a snapshot that the pinned signers certified, and with the blocks that lead to it, whoever of those that it asks lies.</summary>
public sealed class SnapshotJoinTests : IDisposable
{
    const int At = 9;

    // Twelve blocks, with a snapshot behind the ninth.
    static readonly FourBanks Chain = FourBanks.OfBlocks(12);
    static readonly FourBanks Before = Chain.UpTo(At);
    static readonly byte[] File = Written(Before);

    string data = Path.Combine(Directory.CreateTempSubdirectory("ledger-joining-").FullName, "data");
    readonly List<string> said = [];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    NodeOptions Options => new(data, "127.0.0.1", 0, NextFreePort: false, NodeOptions.DefaultSegmentBytes);

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(data) ?? data, recursive: true);

    [Fact]
    public async Task A_node_that_begins_with_a_snapshot_has_every_block_before_it_and_goes_on_behind_it()
    {
        await JoinAsync(Honest(FourBanks.Bank));

        Assert.Equal(new JoinedMark(At, At, Content), JoinedMark.Read(new DiskStorage(data)));
        await FollowAsync(Honest(FourBanks.Banks[1]), node =>
        {
            Assert.Equal(Chain.Newest, node.Reader.View.Checkpoint);
            Assert.All(Chain.Blocks, one => Assert.True(one.Block.Payload.Span.SequenceEqual(node.Reader.Block(one.Block.Header.Height)!.Payload.Span)));
            Assert.All(Chain.Blocks, one => Assert.Equal(one.Checkpoint, node.Reader.Checkpoint(one.Block.Header.Height)));
            Assert.Equal(Chain.Fold.State.Party(FourBanks.Bank), node.Reader.View.State.Party(FourBanks.Bank));
        });
        Assert.Contains(said, line => line.StartsWith($"started from the snapshot of height {At}", StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(data, FolderLayout.Joining)));
    }

    [Fact]
    public async Task Whose_checkpoint_covers_the_snapshots_block_with_later_ones_leads_to_it_too()
    {
        // The bank that gives the blocks made two final at once where the other made one.
        var others = Chain.Blocks.ToList();
        others[At] = (others[At].Block, null);
        var second = new FakePeer(FourBanks.Banks[1], others, Chain.Height);
        var first = new FakePeer(FourBanks.Bank, [], Chain.Height);
        first.Snapshots.Add((At, File));
        await JoinAsync(first, second);

        Assert.Equal(new JoinedMark(At, At + 1, Content), JoinedMark.Read(new DiskStorage(data)));
        await FollowAsync(second, node => Assert.Equal((Chain.Newest, Chain.Blocks[At + 1].Checkpoint), (node.Reader.View.Checkpoint, node.Reader.Checkpoint(At))));
    }

    [Fact]
    public async Task It_joins_while_the_ledger_goes_on()
    {
        // With every request that is answered one more block becomes final.
        var chain = FourBanks.OfBlocks(12);
        var peer = new FakePeer(FourBanks.Bank, chain.Blocks, chain.Height, page: 2) { OnAsked = () => chain.Append() };
        peer.Snapshots.Add((At, Written(chain.UpTo(At))));
        await JoinAsync(peer);

        Assert.InRange(chain.Height, 20UL, ulong.MaxValue);
        peer.OnAsked = null;
        await FollowAsync(peer, node =>
        {
            Assert.Equal(chain.Newest, node.Reader.View.Checkpoint);
            return Task.CompletedTask;
        }, chain);
    }

    public static TheoryData<string, PeerFaultKind> FalseSnapshots { get; } = new()
    {
        { "an octet is another", PeerFaultKind.SnapshotFalse },
        { "it is junk", PeerFaultKind.SnapshotFalse },
        { "it ends early", PeerFaultKind.SnapshotFalse },
        { "something follows it", PeerFaultKind.SnapshotFalse },
        { "it is of another height", PeerFaultKind.SnapshotFalse },
        { "another state under the true header", PeerFaultKind.SnapshotFalse },
        { "the header of another block", PeerFaultKind.SnapshotFalse },
        { "a signature is another", PeerFaultKind.CheckpointSignatureFalse },
        { "two banks signed", PeerFaultKind.CheckpointUntrusted },
        { "it is another chain's", PeerFaultKind.OtherChain },
        { "there is none", PeerFaultKind.SnapshotGone },
        { "an id expires at another instant of its minute", PeerFaultKind.SnapshotFalse },
    };

    [Theory, MemberData(nameof(FalseSnapshots))]
    public async Task Who_gives_a_snapshot_that_no_quorum_signed_is_named_and_another_is_asked(string how, PeerFaultKind kind)
    {
        var liar = new FakePeer(FourBanks.Bank, Chain.Blocks, Chain.Height);
        if (False(how) is { } file) liar.Snapshots.Add((At, file));
        await JoinAsync(liar, Honest(FourBanks.Banks[1]));

        Assert.Contains(said, line => line.StartsWith(new PeerFault(FourBanks.Bank, kind).English, StringComparison.Ordinal));
        await FollowAsync(Honest(FourBanks.Banks[1]), node => Assert.Equal(Chain.Newest, node.Reader.View.Checkpoint));
    }

    public static TheoryData<string, PeerFaultKind, ulong> FalseBlocks { get; } = new()
    {
        { "an entry is another", PeerFaultKind.CheckpointDiffers, 3 },
        { "two banks signed", PeerFaultKind.CheckpointUntrusted, 3 },
        { "a block is left out", PeerFaultKind.BlockOutOfOrder, 3 },
        { "another beginning", PeerFaultKind.CheckpointSignatureFalse, 0 },
        { "they end before the snapshot", PeerFaultKind.BrokenOff, 5 },
    };

    [Theory, MemberData(nameof(FalseBlocks))]
    public async Task Who_gives_blocks_that_do_not_lead_to_the_snapshot_is_named_and_another_goes_on(string how, PeerFaultKind kind, ulong height)
    {
        var liar = new FakePeer(FourBanks.Bank, FalseChain(how), Chain.Height);
        liar.Snapshots.Add((At, File));
        await JoinAsync(liar, Honest(FourBanks.Banks[1]));

        Assert.Contains(said, line => line.StartsWith(new PeerFault(FourBanks.Bank, kind, height).English, StringComparison.Ordinal));
        await FollowAsync(Honest(FourBanks.Banks[1]), node => Assert.Equal(Chain.Newest, node.Reader.View.Checkpoint));
    }

    [Fact]
    public async Task Only_those_whom_the_policy_pins_are_believed()
    {
        // The others' signatures are good, and a quorum's.
        using var stranger = Client.Signing.SigningKey.Create(FourBanks.Genesis.Chain.Suite);
        var pinned = TrustPolicy.OfValidators(FourBanks.Genesis.Chain.Suite, FourBanks.Genesis.Origin, [new(FourBanks.Bank, stranger.PublicKey)]);

        var cannot = await FolderFromSnapshot.FoundAsync(Options, FourBanks.Genesis, pinned, [Honest(FourBanks.Bank)], TimeProvider.System, said.Add, Cancel);

        Assert.Equal(ExitCode.CouldNotCheck, cannot?.ExitCode);
        Assert.Contains(said, line => line.StartsWith(new PeerFault(FourBanks.Bank, PeerFaultKind.CheckpointUntrusted).English, StringComparison.Ordinal));
        Assert.Null(GenesisFile.Read(new DiskStorage(data)));
    }

    [Fact]
    public async Task Where_a_newer_snapshot_takes_the_place_of_one_the_newer_is_fetched()
    {
        var newer = Chain.UpTo(11);
        var peer = new FakePeer(FourBanks.Bank, Chain.Blocks, Chain.Height);
        peer.Snapshots.Add((At, File));
        var asked = 0;
        peer.OnAsked = () =>
        {
            if (++asked == 2) peer.Snapshots[0] = (11, Written(newer));
        };
        await JoinAsync(peer);

        Assert.Equal(11UL, JoinedMark.Read(new DiskStorage(data))?.Height);

        // One whose snapshots are always gone has none.
        peer.OnAsked = () => peer.Snapshots[0] = (peer.Snapshots[0].Height + 1, File);
        Assert.Equal(PeerFaultKind.SnapshotGone, (await Assert.ThrowsAsync<PeerException>(() => new SnapshotFetch(FourBanks.Genesis, FourBanks.Genesis.Policy, new Storage.MemoryStorage(), said.Add).FetchAsync(peer, Cancel))).Fault.Kind);
    }

    [Fact]
    public async Task Broken_off_at_any_moment_it_goes_on_and_asks_again_for_nothing_that_it_has()
    {
        // Each run is cancelled at its second request, until one has nothing left to ask twice for.
        var peer = Honest(FourBanks.Bank);
        var (runs, requests) = (0, 0);
        while (GenesisFile.Read(new DiskStorage(data)) is null)
        {
            using var killed = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            var asked = 0;
            peer.OnAsked = () =>
            {
                requests++;
                if (++asked == 2) killed.Cancel();
            };
            try
            {
                Assert.Null(await FolderFromSnapshot.FoundAsync(Options, FourBanks.Genesis, FourBanks.Genesis.Policy, [peer], TimeProvider.System, said.Add, killed.Token));
            }
            catch (OperationCanceledException)
            {
                runs++;
            }

            Assert.InRange(runs, 0, File.Length);
        }

        // Every request but the one at which it was broken off brought something that no other did: the pages, the beginning, the blocks.
        var pages = (File.Length + 999) / 1_000;
        Assert.Equal((pages + 2, pages + 1), (requests - runs, runs));
        await FollowAsync(Honest(FourBanks.Banks[1]), node => Assert.Equal(Chain.Newest, node.Reader.View.Checkpoint));
    }

    [Fact]
    public async Task What_a_crash_left_of_a_file_is_fetched_again_and_nobody_is_blamed_for_it()
    {
        var peer = Honest(FourBanks.Bank);
        using (var killed = new CancellationTokenSource())
        {
            var asked = 0;
            peer.OnAsked = () =>
            {
                if (++asked == 3) killed.Cancel();
            };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FolderFromSnapshot.FoundAsync(Options, FourBanks.Genesis, FourBanks.Genesis.Policy, [peer], TimeProvider.System, said.Add, killed.Token));
        }

        var part = Assert.Single(Directory.GetFiles(Path.Combine(data, FolderLayout.Joining, FolderLayout.Snapshots), "*.part"));
        Assert.Equal(2_000, new FileInfo(part).Length);
        await System.IO.File.WriteAllBytesAsync(part, new byte[2_000], Cancel);
        peer.OnAsked = null;
        await JoinAsync(peer);
        Assert.DoesNotContain(said, line => line.Contains("Another peer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_peer_gave_before_it_failed_another_goes_on_with()
    {
        // It answers twice and is gone; then, being asked for blocks, once.
        var first = new FakePeer(FourBanks.Bank, Chain.Blocks, Chain.Height, page: 4);
        first.Snapshots.Add((At, File));
        var (answers, asked) = (2, 0);
        first.OnAsked = () =>
        {
            if (answers-- == 0) throw new PeerException(new(FourBanks.Bank, PeerFaultKind.TooSlow));
        };
        var second = Honest(FourBanks.Banks[1]);
        second.OnAsked = () =>
        {
            // The rest of the file is here, and blocks are asked for next.
            if (++asked == ((File.Length + 999) / 1_000) - 2) answers = 2;
        };
        await JoinAsync(first, second);

        Assert.Equal(2, said.Count(static line => line.StartsWith(new PeerFault(FourBanks.Bank, PeerFaultKind.TooSlow).English, StringComparison.Ordinal)));

        // Of the file what was missing; of the blocks what was behind the beginning and the four that the first gave.
        Assert.Equal(((File.Length + 999) / 1_000) - 2 + 1, asked);
        await FollowAsync(second, node => Assert.Equal(Chain.Newest, node.Reader.View.Checkpoint));
    }

    [Fact]
    public async Task A_snapshot_that_this_machine_could_not_hold_is_not_fetched()
    {
        var boaster = new Boaster(FourBanks.Bank) { OnAsked = static () => Assert.Fail("It was asked for it.") };
        var fault = (await Assert.ThrowsAsync<PeerException>(() => new SnapshotFetch(FourBanks.Genesis, FourBanks.Genesis.Policy, new Storage.MemoryStorage(), said.Add).FetchAsync(boaster, Cancel))).Fault;

        Assert.Equal((PeerFaultKind.SnapshotFalse, (ulong?)At), (fault.Kind, fault.Height));
    }

    [Fact]
    public async Task Whatever_a_strangers_file_brings_about_it_is_the_file_that_is_false()
    {
        // As where records contradict each other in a way that nobody thought of.
        var disk = new Storage.MemoryStorage { OnRead = static () => throw new KeyNotFoundException() };
        var fault = (await Assert.ThrowsAsync<PeerException>(() => new SnapshotFetch(FourBanks.Genesis, FourBanks.Genesis.Policy, disk, said.Add).FetchAsync(Honest(FourBanks.Bank), Cancel))).Fault;
        Assert.Equal((PeerFaultKind.SnapshotFalse, (ulong?)At), (fault.Kind, fault.Height));

        // A disk that fails is no peer's fault.
        disk.OnRead = static () => throw new IOException("the disk");
        await Assert.ThrowsAsync<IOException>(() => new SnapshotFetch(FourBanks.Genesis, FourBanks.Genesis.Policy, disk, said.Add).FetchAsync(Honest(FourBanks.Bank), Cancel));
    }

    [Fact]
    public async Task A_snapshot_kept_from_before_whose_ids_are_not_its_transactions_is_fetched_anew()
    {
        var liar = new FakePeer(FourBanks.Bank, [], Chain.Height);
        liar.Snapshots.Add((At, False("an id expires at another instant of its minute")!));
        Assert.Equal(ExitCode.CouldNotCheck, (await FolderFromSnapshot.FoundAsync(Options, FourBanks.Genesis, FourBanks.Genesis.Policy, [liar], TimeProvider.System, said.Add, Cancel))?.ExitCode);
        Assert.Single(Directory.GetFiles(Path.Combine(data, FolderLayout.Joining, FolderLayout.Snapshots), "*.snap"));

        await JoinAsync(Honest(FourBanks.Banks[1]));
        Assert.Equal(Content, JoinedMark.Read(new DiskStorage(data))?.Content);
    }

    [Theory]
    [InlineData("")]
    [InlineData("9 9\n")]
    [InlineData("9 9 00ff\n")]
    [InlineData("nine 9 CONTENT\n")]
    [InlineData("9 9 CONTENT\nmore\n")]
    public async Task With_a_mark_that_cannot_be_read_the_node_does_not_run_and_says_what_to_do(string text)
    {
        await JoinAsync(Honest(FourBanks.Bank));
        var mark = Path.Combine(data, FolderLayout.Joined);
        await System.IO.File.WriteAllTextAsync(mark, text.Replace("CONTENT", Content.ToString(), StringComparison.Ordinal), Cancel);

        var key = ObserverKey.OpenOrMake(data, FourBanks.Genesis.Chain.Suite, FourBanks.Regulator) ?? throw new InvalidOperationException();
        Assert.Null(NodeHost.Observe(Options, FourBanks.Genesis, key, new([Honest(FourBanks.Bank)], _ => { }), TimeProvider.System, said.Add, out var cannot));
        Assert.Equal(ExitCode.Fault, cannot?.ExitCode);
        Assert.Contains("ledger-node join", cannot?.Reason, StringComparison.Ordinal);
        Assert.Contains($"({(int)Refusal.JoinedMarkUnreadable})", cannot?.Reason, StringComparison.Ordinal);
        Assert.True(Path.Exists(mark));
    }

    [Fact]
    public async Task A_backup_of_a_node_that_is_not_through_is_not_through_either()
    {
        await JoinAsync(Honest(FourBanks.Bank));
        var (node, backup) = (data, Path.Combine(Path.GetDirectoryName(data)!, "backup"));
        await FollowAsync(Honest(FourBanks.Bank), _ => DataBackup.Take(node, backup, progress: null, Cancel));

        data = Path.Combine(Path.GetDirectoryName(data)!, "restored");
        Assert.IsType<Client.ChainFolder.ChainVerdict.Verified>(DataBackup.Restore(backup, data, progress: null, verifying: null, Cancel));
        Assert.Equal(new JoinedMark(At, At, Content), JoinedMark.Read(new DiskStorage(data)));
        await FollowAsync(Honest(FourBanks.Bank), restored => SecondFold.Of(restored.Reader, new DiskStorage(data))!.RunAsync(said.Add, Cancel));

        // Once it is through, the next backup is.
        await FollowAsync(Honest(FourBanks.Bank), _ => DataBackup.Take(data, backup, progress: null, Cancel));
        Assert.DoesNotContain(BackupManifest.Read(backup)!.Files, static file => file.Name == FolderLayout.Joined);
        Assert.False(Path.Exists(Path.Combine(backup, FolderLayout.Joined)));
    }

    [Fact]
    public async Task What_was_only_linked_is_verified_beside_the_running_node_and_then_nothing_tells_it_from_another()
    {
        await JoinAsync(Honest(FourBanks.Bank));
        await FollowAsync(Honest(FourBanks.Bank), async node =>
        {
            var second = Assert.IsType<SecondFold>(SecondFold.Of(node.Reader, new DiskStorage(data)));
            Assert.Equal<(ulong, ulong)?>((At, 0), second.Standing);
            await second.RunAsync(said.Add, Cancel);
            Assert.Null(second.Standing);
            Assert.Null(SecondFold.Of(node.Reader, new DiskStorage(data)));
        });
        Assert.False(Path.Exists(Path.Combine(data, FolderLayout.Joined)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ended_half_way_it_goes_on_from_what_it_kept_where_that_is_whole(bool isWhole)
    {
        await JoinAsync(Honest(FourBanks.Bank));
        var kept = Path.Combine(data, FolderLayout.Verified);
        var mend = Spoil(Chain.Blocks[6].Checkpoint!);
        await FollowAsync(Honest(FourBanks.Bank), async node => Assert.Contains("height 6 ", (await Assert.ThrowsAsync<JoinedFalseException>(() => RunAsync(node))).Message, StringComparison.Ordinal));
        Assert.True(Path.Exists(kept));

        // What it had verified it does not look at again, unless it has nothing to go on from.
        mend();
        Spoil(Chain.Blocks[3].Checkpoint!);
        if (!isWhole)
        {
            var other = await System.IO.File.ReadAllBytesAsync(kept, Cancel);
            other[^1] ^= 1;
            await System.IO.File.WriteAllBytesAsync(kept, other, Cancel);
            await FollowAsync(Honest(FourBanks.Bank), async node => Assert.Contains("height 3 ", (await Assert.ThrowsAsync<JoinedFalseException>(() => RunAsync(node))).Message, StringComparison.Ordinal));
            return;
        }

        await FollowAsync(Honest(FourBanks.Bank), RunAsync);
        Assert.False(Path.Exists(Path.Combine(data, FolderLayout.Joined)) || Path.Exists(kept));

        Task RunAsync(NodeLoop node)
        {
            var second = SecondFold.Of(node.Reader, new DiskStorage(data))!;
            second.KeepsEvery = 1;
            return second.RunAsync(said.Add, Cancel);
        }
    }

    [Fact]
    public async Task Where_there_is_no_room_to_keep_how_far_it_is_it_says_so_and_goes_on()
    {
        await JoinAsync(Honest(FourBanks.Bank));
        var full = new MemoryStorage { [FolderLayout.Joined] = await System.IO.File.ReadAllBytesAsync(Path.Combine(data, FolderLayout.Joined), Cancel), Room = 100 };
        await FollowAsync(Honest(FourBanks.Bank), node =>
        {
            var second = SecondFold.Of(node.Reader, full)!;
            second.KeepsEvery = 1;
            return second.RunAsync(said.Add, Cancel);
        });
        Assert.Contains(said, static line => line.StartsWith(FolderLayout.Verified, StringComparison.Ordinal));
        Assert.Empty(full.List(""));
    }

    [Fact]
    public async Task Stopped_it_is_still_to_be_done()
    {
        await JoinAsync(Honest(FourBanks.Bank));
        await FollowAsync(Honest(FourBanks.Bank), async node =>
        {
            using var stopped = new CancellationTokenSource();
            await stopped.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SecondFold.Of(node.Reader, new DiskStorage(data))!.RunAsync(said.Add, stopped.Token));
            Assert.NotNull(SecondFold.Of(node.Reader, new DiskStorage(data)));
        });
    }

    [Theory]
    [InlineData("a party signed nothing", 4)]
    [InlineData("the snapshot had other contents", At)]
    [InlineData("a checkpoint has a false signature", 6)]
    public async Task What_was_joined_and_is_not_what_the_rules_make_is_found(string how, ulong height)
    {
        // A quorum can certify what a party did not sign; of what stands before a snapshot nobody who begins with it would hear.
        var chain = new FourBanks();
        while (chain.Height < 12) chain.Append(isSigned: how != "a party signed nothing" || chain.Height != 3);
        var blocks = chain.Blocks.ToList();
        var peer = new FakePeer(FourBanks.Bank, blocks, chain.Height);
        peer.Snapshots.Add((At, Written(chain.UpTo(At, verifies: false))));
        await JoinAsync(peer);

        var mark = JoinedMark.Read(new DiskStorage(data))!;
        if (how == "the snapshot had other contents") (mark with { Content = new(1, 1) }).Write(new DiskStorage(data));
        if (how == "a checkpoint has a false signature") Spoil(chain.Blocks[6].Checkpoint!);
        await FollowAsync(peer, async node =>
        {
            var found = await Assert.ThrowsAsync<JoinedFalseException>(() => SecondFold.Of(node.Reader, new DiskStorage(data))!.RunAsync(said.Add, Cancel));
            Assert.Contains($"height {height} ", found.Message, StringComparison.Ordinal);
        }, chain);
    }

    [Fact]
    public async Task The_program_joins_from_a_snapshot_by_a_policy_and_runs_behind_it()
    {
        using var authority = new TestAuthority();
        await using var served = await ServedLedger.StartAsync(Chain, authority.Of(FourBanks.Bank));
        served.Storage[SnapshotFolder.PathOf(At)] = File;
        var (certificate, key) = authority.Issue($"CN={FourBanks.Regulator}", TimeProvider.System.GetUtcNow().AddDays(10), System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var folder = Path.GetDirectoryName(data)!;
        var (genesis, policy) = (Path.Combine(folder, "genesis.json"), Path.Combine(folder, "policy.txt"));
        await System.IO.File.WriteAllBytesAsync(genesis, FourBanks.Genesis.Bytes.ToArray(), Cancel);
        string[] settings =
        [
            "--observe", "on", "--data", data, "--genesis", genesis, "--peer-ca", authority.CaPath, "--peer-cert", certificate, "--peer-key", key, "--peers", $"{FourBanks.Bank}={served.Address}",
        ];

        var (code, told) = await Kills.NodeProcess.RunToEndAsync(["join", .. settings, "--trust", policy], Cancel);
        Assert.Equal((ExitCode.Usage, true), (code, told.Contains(policy, StringComparison.Ordinal)));
        await System.IO.File.WriteAllTextAsync(policy, "quorum nobody\n", Cancel);
        (code, told) = await Kills.NodeProcess.RunToEndAsync(["join", .. settings, "--trust", policy], Cancel);
        Assert.Equal((ExitCode.Usage, true), (code, told.Contains("line 1", StringComparison.Ordinal)));

        await System.IO.File.WriteAllTextAsync(policy, $"# good until 2020-01-01\n{Policy}", Cancel);
        (code, told) = await Kills.NodeProcess.RunToEndAsync(["join", .. settings, "--trust", policy], Cancel);
        Assert.Equal((ExitCode.Usage, true), (code, told.Contains("2020-01-01", StringComparison.Ordinal)));

        await System.IO.File.WriteAllTextAsync(policy, Policy, Cancel);
        (code, told) = await Kills.NodeProcess.RunToEndAsync(["join", .. settings, "--trust", policy, "--log-format", "json"], Cancel);
        Assert.Equal((ExitCode.Ok, true), (code, told.Contains($"snapshot {At}", StringComparison.Ordinal)));
        using var node = await Kills.NodeProcess.RunAsync(["run", .. settings, "--port", "0", "--reads", "open", "--operations-port", "off"], Cancel);
        while ((await node.Api.HealthAsync(Cancel)).Height < Chain.Height) Cancel.ThrowIfCancellationRequested();
    }

    static string Policy => string.Concat(FourBanks.Genesis.Policy.Logs.Select(static (key, i) => $"log {key}\nwitness bank{i} {key}\n")) + "group banks 3 bank0 bank1 bank2 bank3\nquorum banks\n";

    static Hash256 Content => Snapshot.Read(new MemoryStream(File), FourBanks.Genesis, FourBanks.Genesis.Policy, out _)?.Content ?? default;

    static FakePeer Honest(PartyId bank)
    {
        var peer = new FakePeer(bank, Chain.Blocks, Chain.Height);
        peer.Snapshots.Add((At, File));
        return peer;
    }

    async Task JoinAsync(params IPeer[] peers)
    {
        var cannot = await FolderFromSnapshot.FoundAsync(Options, FourBanks.Genesis, FourBanks.Genesis.Policy, peers, TimeProvider.System, said.Add, Cancel);
        Assert.True(cannot is null, $"{cannot?.Reason} {string.Join('\n', said)}");
    }

    Task FollowAsync(IPeer peer, Action<NodeLoop> tell) => FollowAsync(peer, node =>
    {
        tell(node);
        return Task.CompletedTask;
    });

    async Task FollowAsync(IPeer peer, Func<NodeLoop, Task> tell, FourBanks? chain = null)
    {
        var key = ObserverKey.OpenOrMake(data, FourBanks.Genesis.Chain.Suite, FourBanks.Regulator) ?? throw new InvalidOperationException();
        using var host = NodeHost.Observe(Options, FourBanks.Genesis, key, new([peer], _ => { }), TimeProvider.System, said.Add, out var cannot);
        Assert.Null(cannot);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = host!.Loop.RunAsync(stop.Token);
        for (var grown = host.Loop.Reader.Grown; host.Loop.Reader.View.Header.Height < (chain ?? Chain).Height; grown = host.Loop.Reader.Grown) await await Task.WhenAny(grown, running);
        await tell(host.Loop);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    // As a disk does that nobody looked after: the signature is another, and the record's checksum is right. What is returned puts it right again.
    Action Spoil(Note note)
    {
        var first = note.Signatures[0];
        var signature = first.Signature.Span.ToArray();
        signature[^1] ^= 1;
        var (good, wrong) = (BlockLog.Records([], note), BlockLog.Records([], note with { Signatures = [first with { Signature = new(signature) }, .. note.Signatures.Skip(1)] }));
        Replace(good, wrong);
        return () => Replace(wrong, good);

        void Replace(byte[] old, byte[] by)
        {
            var path = Path.Combine(data, FolderLayout.Chain, SegmentCodec.FileName(0));
            var segment = System.IO.File.ReadAllBytes(path);
            by.CopyTo(segment, segment.AsSpan().IndexOf(old));
            System.IO.File.WriteAllBytes(path, segment);
        }
    }

    static byte[] Written(FourBanks chain) => Written(chain.Fold.Freeze(chain.Newest));

    static byte[] Written(FrozenLedger ledger)
    {
        using var stream = new MemoryStream();
        Snapshot.Write(stream, ledger, Cancel);
        return stream.ToArray();
    }

    static byte[]? False(string how)
    {
        var frozen = Before.Fold.Freeze(Before.Newest);
        var note = frozen.Checkpoint;
        switch (how)
        {
            case "an octet is another":
                var changed = File.ToArray();
                changed[changed.Length / 2] ^= 1;
                return changed;
            case "it is junk":
                return new byte[5_000];
            case "it ends early":
                return File[..^1];
            case "something follows it":
                return [.. File, .. new byte[1]];
            case "it is of another height":
                return Written(Chain.UpTo(8));
            case "another state under the true header":
                var earlier = Chain.UpTo(8);
                var other = earlier.Fold.Freeze(earlier.Newest);
                return Written(frozen with { State = other.State, Tree = other.Tree });
            case "the header of another block":
                return Written(frozen with { Header = Chain.Blocks[8].Block.Header });
            case "a signature is another":
                return Written(frozen with { Checkpoint = note with { Signatures = [note.Signatures[0], note.Signatures[1], note.Signatures[2] with { Signature = note.Signatures[1].Signature }] } });
            case "two banks signed":
                return Written(frozen with { Checkpoint = FourBanks.Sign(note.Checkpoint, FourBanks.Banks[..2]) });
            case "an id expires at another instant of its minute":
                var late = frozen.State.KeptIds.ToArray();
                late[^1] = late[^1] with { Used = late[^1].Used with { Expires = new(late[^1].Used.Expires.UnixMilliseconds ^ 1) } };
                return Written(frozen with { State = frozen.State.WithKeptIds(late) });
            case "it is another chain's":
                var foreign = File.ToArray();
                foreign[20] ^= 1;
                return foreign;
            default:
                return null;
        }
    }

    static List<(Block Block, Note? Checkpoint)> FalseChain(string how)
    {
        var blocks = Chain.Blocks.ToList();
        var (block, note) = (blocks[3].Block, blocks[3].Checkpoint!);
        if (how == "an entry is another") blocks[3] = (Block.Of(block.Envelope, blocks[2].Block.Entries.Span, block.Header), note);
        if (how == "two banks signed") blocks[3] = (block, FourBanks.Sign(note.Checkpoint, FourBanks.Banks[..2]));
        if (how == "a block is left out") blocks.RemoveAt(3);
        if (how == "another beginning") blocks[0] = (blocks[0].Block, blocks[0].Checkpoint! with { Signatures = [] });
        return how == "they end before the snapshot" ? [.. blocks.Take(5)] : blocks;
    }

    sealed class Boaster(PartyId bank) : FakePeer(bank, [], 0)
    {
        public override Task<IReadOnlyList<HeldSnapshot>> SnapshotsAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<HeldSnapshot>>([new(At, 1UL << 62, default)]);
    }
}
