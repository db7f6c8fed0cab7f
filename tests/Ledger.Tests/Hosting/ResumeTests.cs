using Ledger.Client.ChainFolder;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node;
using Ledger.Node.Storage;

namespace Ledger.Tests.Hosting;

/// <summary>A node signs only what goes on from the last that it signed; and it may begin from a snapshot as if it had read everything.</summary>
public sealed class ResumeTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("ledger-resume-").FullName;
    readonly FoundingKeys founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), new(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
    readonly List<string> said = [];

    string Data => Path.Combine(root, "data");

    public void Dispose()
    {
        founding.Dispose();
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task A_node_that_starts_from_a_snapshot_is_the_node_that_read_everything()
    {
        await RunAsync(transactions: 5);
        var (whole, wholeNext) = await StateAsync(mayStart: false);
        said.Clear();
        var (fast, fastNext) = await StateAsync(mayStart: true);

        Assert.Contains(said, line => line.Contains("snapshot of height", StringComparison.Ordinal));
        Assert.Equal(whole.State.AllRecords(), fast.State.AllRecords());
        Assert.Equal(whole.State.KeptIds, fast.State.KeptIds);
        Assert.Equal(whole.Checkpoint.Checkpoint, fast.Checkpoint.Checkpoint);
        Assert.Equal((whole.Header, wholeNext), (fast.Header, fastNext));

        // It goes on, and what it appends is what the whole chain derives.
        await RunAsync(transactions: 3, mayStart: true);
        Assert.IsType<ChainVerdict.Verified>(Client.ChainFolder.ChainFolder.Open(Data).Verify(founding.Genesis.Chain.ChainId, progress: null));
    }

    [Fact]
    public async Task Blocks_behind_a_snapshot_are_repeated_and_told()
    {
        await RunAsync(transactions: 3);
        var kept = Directory.GetFiles(Path.Combine(Data, FolderLayout.Snapshots));
        await RunAsync(transactions: 4, every: 0);
        Assert.Equal(kept, Directory.GetFiles(Path.Combine(Data, FolderLayout.Snapshots)));
        said.Clear();

        var (fast, _) = await StateAsync(mayStart: true);

        Assert.Contains(said, line => line.EndsWith("4 blocks behind it", StringComparison.Ordinal));
        Assert.Equal(7UL, fast.Header.Height);
        Assert.Equal((await StateAsync(mayStart: false)).View.State.AllRecords(), fast.State.AllRecords());
    }

    [Fact]
    public async Task Damaged_and_foreign_snapshots_are_told_and_passed_over()
    {
        await RunAsync(transactions: 2);
        await RunAsync(transactions: 2);
        var files = Directory.GetFiles(Path.Combine(Data, FolderLayout.Snapshots)).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(2, files.Length);
        var bytes = File.ReadAllBytes(files[1]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(files[1], bytes);
        said.Clear();

        var (view, _) = await StateAsync(mayStart: true);
        Assert.Equal(4UL, view.Header.Height);
        Assert.Contains(said, line => line.Contains("passed over", StringComparison.Ordinal));
        Assert.Contains(said, line => line.Contains("snapshot of height 2", StringComparison.Ordinal));

        // The older one under the newer one's name: it is not of that height.
        File.Copy(files[0], files[1], overwrite: true);
        File.WriteAllText(files[0], "nothing");
        said.Clear();
        Assert.Equal(4UL, (await StateAsync(mayStart: true)).View.Header.Height);
        Assert.Equal(2, said.Count(line => line.Contains("passed over", StringComparison.Ordinal)));
        Assert.DoesNotContain(said, line => line.Contains("started from", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Snapshots_come_at_their_blocks_and_at_a_clean_stop_and_two_are_kept()
    {
        await RunAsync(transactions: 9, every: 2);
        var heights = SnapshotFolder.Newest(new DiskStorage(Data));

        Assert.Equal(2, heights.Count);
        Assert.Equal(9UL, heights[0]);
        await RunAsync(transactions: 0, every: 2);
        Assert.Equal(heights, SnapshotFolder.Newest(new DiskStorage(Data)));
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_written_is_told_and_stops_nothing()
    {
        Directory.CreateDirectory(Data);
        using (Open()) { }
        Directory.CreateDirectory(Path.Combine(Data, FolderLayout.Snapshots, "unfinished"));
        said.Clear();

        await RunAsync(transactions: 3, every: 1);

        Assert.Contains(said, line => line.Contains("passed over; the ledger runs on", StringComparison.Ordinal));
        Assert.Equal(3UL, (await StateAsync(mayStart: true)).View.Header.Height);
    }

    [Fact]
    public async Task Without_its_vote_a_node_does_not_sign_until_its_operator_resumes()
    {
        await RunAsync(transactions: 3);
        File.Delete(Path.Combine(Data, FolderLayout.Vote));
        MustResume("vote is missing");
        Assert.False(File.Exists(Path.Combine(Data, FolderLayout.Vote)));

        Assert.False(NodeHost.Resume(Options(0), founding.Genesis, Key, TimeProvider.System, _ => false, said.Add, out var cannot));
        Assert.Contains("Not confirmed", cannot?.Reason, StringComparison.Ordinal);
        MustResume("vote is missing");

        Assert.True(NodeHost.Resume(Options(0), founding.Genesis, Key, TimeProvider.System, end => end.Height == 3, said.Add, out cannot));
        Assert.Null(cannot);
        await RunAsync(transactions: 2, mayStart: true);
        var (view, _) = await StateAsync(mayStart: false);
        Assert.Equal((2U, 4UL), (view.State.Ordering.Number, view.State.Ordering.FirstHeight));

        var verdict = Assert.IsType<ChainVerdict.Verified>(Client.ChainFolder.ChainFolder.Open(Data).Verify(founding.Genesis.Chain.ChainId, progress: null));
        Assert.Equal([new(2, 4)], verdict.Report.Resumed);

        // It is no command for a node that is well.
        Assert.False(NodeHost.Resume(Options(0), founding.Genesis, Key, TimeProvider.System, _ => true, said.Add, out cannot));
        Assert.Contains("agree", cannot?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_others_order_an_operator_may_leave_a_broken_order_behind_with_its_epoch()
    {
        await RunAsync(transactions: 1);
        var ordered = Options(0) with { Etcd = new([new("http://127.0.0.1:1")], CaPath: null, CertificatePath: null, KeyPath: null) };
        Assert.False(NodeHost.Resume(ordered, founding.Genesis, Key, TimeProvider.System, _ => false, said.Add, out var cannot));
        Assert.Contains("Not confirmed", cannot?.Reason, StringComparison.Ordinal);

        Assert.True(NodeHost.Resume(ordered, founding.Genesis, Key, TimeProvider.System, end => end.Height == 1, said.Add, out _));

        await RunAsync(transactions: 1);
        Assert.Equal(2U, (await StateAsync(mayStart: false)).View.State.Ordering.Number);
    }

    [Fact]
    public async Task A_chain_that_was_taken_back_behind_the_vote_is_not_signed_on()
    {
        await RunAsync(transactions: 2);
        var older = Path.Combine(root, "older");
        CopyChain(Data, older);
        await RunAsync(transactions: 3);
        Directory.Delete(Path.Combine(Data, FolderLayout.Chain), recursive: true);
        File.Delete(Path.Combine(Data, FolderLayout.Published));
        CopyChain(older, Data);

        MustResume("signed up to height 5");
        Assert.True(NodeHost.Resume(Options(0), founding.Genesis, Key, TimeProvider.System, _ => true, said.Add, out _));
        // Until the new epoch has a block, the node may be stopped and started.
        using (Open()) { }
        await RunAsync(transactions: 0);
        var (view, _) = await StateAsync(mayStart: true);
        Assert.Equal((3UL, 2U), (view.Header.Height, view.State.Ordering.Number));

        // A second loss leads to a third epoch.
        File.Delete(Path.Combine(Data, FolderLayout.Vote));
        MustResume("vote is missing");
        Assert.True(NodeHost.Resume(Options(0), founding.Genesis, Key, TimeProvider.System, _ => true, said.Add, out _));
        await RunAsync(transactions: 1);
        Assert.Equal(3U, (await StateAsync(mayStart: false)).View.State.Ordering.Number);
    }

    [Fact]
    public async Task A_chain_that_went_another_way_than_the_vote_is_not_signed_on()
    {
        await RunAsync(transactions: 1);
        var fork = Path.Combine(root, "fork");
        CopyChain(Data, fork);
        await RunAsync(transactions: 2);
        var vote = File.ReadAllBytes(Path.Combine(Data, FolderLayout.Vote));
        Directory.Delete(Path.Combine(Data, FolderLayout.Chain), recursive: true);
        File.Delete(Path.Combine(Data, FolderLayout.Published));
        File.Delete(Path.Combine(Data, FolderLayout.Vote));
        foreach (var file in Directory.GetFiles(Path.Combine(Data, FolderLayout.Snapshots))) File.Delete(file);
        CopyChain(fork, Data);
        Assert.True(NodeHost.Resume(Options(0), founding.Genesis, Key, TimeProvider.System, _ => true, said.Add, out _));
        await RunAsync(transactions: 4);
        File.WriteAllBytes(Path.Combine(Data, FolderLayout.Vote), vote);

        MustResume("not of this chain");
    }

    [Fact]
    public async Task A_folder_of_the_older_layout_gets_its_vote_from_the_chains_end()
    {
        await RunAsync(transactions: 2);
        File.Delete(Path.Combine(Data, FolderLayout.Vote));
        File.WriteAllText(Path.Combine(Data, FolderLayout.DataVersion), "1\n");

        using (Open()) { }

        Assert.Equal("2\n", File.ReadAllText(Path.Combine(Data, FolderLayout.DataVersion)));
        using var votes = VoteFile.Open(new DiskStorage(Data));
        Assert.Equal((1U, 2UL), (votes!.Last.Epoch, votes.Last.Height));
    }

    [Fact]
    public void A_torn_vote_leaves_the_one_before_and_two_torn_ones_none()
    {
        var storage = new Storage.MemoryStorage();
        using (var votes = VoteFile.Create(storage, new(1, 1, 3, new(1, 1))))
        {
            votes.Write(new(1, 2, 5, new(2, 2)));
            votes.Write(new(1, 3, 7, new(3, 3)));
        }

        using (var read = VoteFile.Open(storage)) Assert.Equal(3UL, read!.Last.Height);
        // The third vote stands in the first place again.
        storage[FolderLayout.Vote][20] ^= 1;
        using (var read = VoteFile.Open(storage)) Assert.Equal(2UL, read!.Last.Height);
        storage[FolderLayout.Vote][512 + 20] ^= 1;
        Assert.Null(VoteFile.Open(storage));
        storage[FolderLayout.Vote] = [];
        Assert.Null(VoteFile.Open(storage));
    }

    void MustResume(string why)
    {
        var before = Directory.GetFiles(Path.Combine(Data, FolderLayout.Chain)).Select(file => new FileInfo(file).Length).ToArray();
        Assert.Null(NodeHost.Open(Options(0), founding.Genesis, Key, TimeProvider.System, said.Add, out var cannot));
        Assert.Equal(ExitCode.MustResume, cannot?.ExitCode);
        Assert.Contains(why, cannot?.Reason, StringComparison.Ordinal);
        Assert.Contains("ledger-node resume", cannot?.Reason, StringComparison.Ordinal);
        Assert.Contains("本节点暂不签署", cannot?.Reason, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(Path.Combine(Data, FolderLayout.Chain)).Select(file => new FileInfo(file).Length));
    }

    async Task<(NodeView View, Timestamp? Next)> StateAsync(bool mayStart)
    {
        using var host = Open(mayStart, every: 0);
        await Task.CompletedTask;
        return (host.Loop.Reader.View, host.Loop.Reader.View.State.NextDeadline?.At);
    }

    async Task RunAsync(int transactions, bool mayStart = false, ulong every = 1_000)
    {
        using var host = Open(mayStart, every);
        using var stop = new CancellationTokenSource();
        var height = host.Loop.Reader.View.Header.Height;
        var resumes = host.Loop.Epoch > host.Loop.Reader.View.State.Ordering.Number;
        var loop = Task.Run(() => host.Loop.RunAsync(stop.Token), CancellationToken.None);
        for (var i = 0; i < transactions; i++)
        {
            var outcome = await host.Loop.SubmitAsync(Granting(host.Loop.Reader.LedgerTime), TestContext.Current.CancellationToken);
            Assert.Equal(Refusal.None, outcome.Code);
        }

        // The block that begins an epoch is made without being asked for.
        while (resumes)
        {
            var next = host.Loop.Reader.Views.Advanced;
            if (host.Loop.Reader.View.Header.Height > height) break;
            await next.WaitAsync(TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop);
        await host.Loop.FinishAsync(TestContext.Current.CancellationToken);
    }

    byte[] Granting(Timestamp now)
    {
        var bank = founding.Genesis.Text.Validators[0].Bank;
        var agent = founding.Genesis.Text.Parties.Select(party => party.Id).First(party => party != bank);
        var grant = new GrantMandate(NewId.Of<Mandate>(now), agent, ["offer.accept"], Currency.Cny, new(100), [], now.CeilingMinute().Add(Timestamp.Day));
        var transaction = new Transaction(bank, null, Http.TestNode.New<Transaction>(), now.Add(5 * Timestamp.Minute), [grant]);
        return Jws.Sign(TransactionText.WritePayload(transaction), founding.Genesis.Chain.ChainId, [(new(bank, FoundingKeys.Maker), founding.Signer(bank))]);
    }

    NodeHost Open(bool mayStart = false, ulong every = 0) =>
        NodeHost.Open(Options(every) with { StartsFromSnapshot = mayStart }, founding.Genesis, Key, TimeProvider.System, said.Add, out var cannot) ?? throw new InvalidOperationException(cannot?.Reason);

    NodeOptions Options(ulong every) => new(Data, "127.0.0.1", 0, NextFreePort: false, NodeOptions.DefaultSegmentBytes) { SnapshotEvery = every, Founds = true };

    NodeKey Key => NodeKeys.NodeKeyOf(founding.NodeKeys.Keys.First(), founding.NodeKeys.Values.First());

    static void CopyChain(string from, string to)
    {
        var target = Directory.CreateDirectory(Path.Combine(to, FolderLayout.Chain)).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(from, FolderLayout.Chain))) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }
}
