using System.Text.Json;
using Ledger.Client.Backups;
using Ledger.Client.ChainFolder;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node;
using ExitCode = Ledger.Cli.ExitCode;

namespace Ledger.Tests.Cli;

/// <summary>The restore drill and its parts: what an operator does before anything is lost, and after.</summary>
public sealed class BackupTests : IDisposable
{
    readonly CommandLine cli = new();
    readonly FoundingKeys founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), new(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));

    string Data => cli["data"];

    string Backup => cli["backup"];

    public void Dispose()
    {
        founding.Dispose();
        cli.Dispose();
    }

    [Fact]
    public async Task The_restore_drill()
    {
        // Backups are taken while transactions run; some are acknowledged after the last one.
        ulong backedUp;
        using (var node = Start(Data))
        {
            foreach (var ofTheOrder in new[] { FolderLayout.OrderPosition, FolderLayout.Outbox }) await File.WriteAllTextAsync(Path.Combine(Data, ofTheOrder), "here", TestContext.Current.CancellationToken);
            for (var round = 0; round < 3; round++)
            {
                var busy = node.SubmitAsync(6);
                Assert.Equal(ExitCode.Ok, await cli.Run("backup", Data, "--out", Backup, "-o", "json"));
                await busy;
            }

            backedUp = Number("height");
            await node.SubmitAsync(2);
            Assert.True(node.Height > backedUp);
        }

        foreach (var ofHereOnly in new[] { FolderLayout.Vote, FolderLayout.OrderPosition, FolderLayout.Outbox }) Assert.False(File.Exists(Path.Combine(Backup, ofHereOnly)));
        Assert.Equal(ExitCode.Ok, await cli.Run("backup", "--check", "--out", Backup));

        // The machine is lost. Elsewhere:
        var elsewhere = cli["elsewhere"];
        Assert.Equal(ExitCode.Ok, await cli.Run("restore", Backup, "--data", elsewhere, "-o", "json"));
        Assert.Equal(backedUp, Number("height"));
        Assert.Contains("resume", cli.Error, StringComparison.Ordinal);

        Assert.Null(NodeHost.Open(Options(elsewhere), founding.Genesis, Key, TimeProvider.System, _ => { }, out var cannot));
        Assert.Equal(Ledger.Node.ExitCode.MustResume, cannot?.ExitCode);
        Assert.True(NodeHost.Resume(Options(elsewhere), founding.Genesis, Key, TimeProvider.System, end => end.Height == backedUp, _ => { }, out _));

        using (var node = Start(elsewhere))
        {
            await node.SubmitAsync(3);
            Assert.Equal(2U, node.View.State.Ordering.Number);
        }

        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "chain", elsewhere, "--chain-id", founding.Genesis.Chain.ChainId.ToString(), "-o", "json"));
        Assert.Equal(backedUp + 1, Number("epoch2"));

        // The old machine comes back: its chain goes another way than the backup that is now made of the new one.
        Assert.Equal(ExitCode.Ok, await cli.Run("backup", elsewhere, "--out", Backup));
        Assert.Equal(ExitCode.Fault, await cli.Run("backup", Data, "--out", Backup, "--lang", "en"));
        Assert.Contains("left as it is", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await cli.Run("backup", "--check", "--out", Backup));
    }

    [Fact]
    public async Task A_backup_holds_no_vote_and_no_key_and_copies_only_what_is_new()
    {
        using (var node = Start(Data)) await node.SubmitAsync(2);
        Directory.CreateDirectory(Path.Combine(Data, FolderLayout.Private));
        File.WriteAllText(Path.Combine(Data, FolderLayout.Private, "aa"), "sealed");
        File.WriteAllText(Path.Combine(Data, "node-x.key.json"), "secret");
        File.WriteAllText(Path.Combine(Data, "local-store"), "local");
        File.WriteAllText(Path.Combine(Data, "views.db"), "rebuilt");

        Assert.Equal(ExitCode.Ok, await cli.Run("backup", Data, "--out", Backup, "-o", "json"));
        string[] names = [.. BackupManifest.Read(Backup)!.Files.Select(file => file.Name)];
        Assert.Equal(
            ["chain/000000000000.seg", "chain/genesis.json", "data-version", "local-store", "private/aa", "snapshots/000000000002.snap"], names.Order(StringComparer.Ordinal));
        Assert.Equal(
            names.Append(BackupManifest.FileName).Order(StringComparer.Ordinal),
            Directory.GetFiles(Backup, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Backup, path).Replace('\\', '/')).Order(StringComparer.Ordinal));

        Assert.Equal(ExitCode.Ok, await cli.Run("backup", Data, "--out", Backup, "-o", "json"));
        Assert.Equal(4UL, Number("kept"));
        using (var node = Start(Data)) await node.SubmitAsync(1);
        Assert.Equal(ExitCode.Ok, await cli.Run("backup", Data, "--out", Backup, "-o", "json"));
        Assert.Equal(3UL, Number("height"));
        Assert.Contains("snapshots/000000000003.snap", BackupManifest.Read(Backup)!.Files.Select(file => file.Name));
        Assert.False(File.Exists(Path.Combine(Backup, FolderLayout.Snapshots, "000000000002.snap")));
        Assert.Equal(ExitCode.Ok, await cli.Run("backup", "--check", "--out", Backup));
    }

    [Fact]
    public async Task What_must_not_come_back_is_in_no_backup_and_that_something_is_still_to_be_verified_is()
    {
        using (var node = Start(Data)) await node.SubmitAsync(2);
        string[] neverBack = [FolderLayout.Vote, FolderLayout.Ballot, FolderLayout.Pending, FolderLayout.Cut, FolderLayout.OrderPosition, FolderLayout.Outbox];
        string[] left = [.. neverBack, FolderLayout.Closing, FolderLayout.Published, FolderLayout.Verified, FolderLayout.Verified + ".new", $"{FolderLayout.Joining}/{FolderLayout.Chain}/{SegmentCodec.FileName(0)}"];
        foreach (var name in left.Append(FolderLayout.Joined))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Data, name))!);
            if (name != FolderLayout.Published) await File.WriteAllTextAsync(Path.Combine(Data, name), "here", TestContext.Current.CancellationToken);
        }

        Assert.Equal(ExitCode.Ok, await cli.Run("backup", Data, "--out", Backup));
        var manifest = BackupManifest.Read(Backup)!;
        Assert.Equal(
            ["chain/000000000000.seg", "chain/genesis.json", "data-version", "joined", "snapshots/000000000002.snap"], manifest.Files.Select(static file => file.Name).Order(StringComparer.Ordinal));

        // A list that names what a node signed, or is about to, is no backup of this program's.
        foreach (var name in neverBack)
        {
            (manifest with { Files = [.. manifest.Files, manifest.Files[0] with { Name = name }] }).Write(Backup);
            Assert.Equal(ExitCode.Fault, await cli.Run("restore", Backup, "--data", cli["elsewhere"]));
            Assert.False(Path.Exists(cli["elsewhere"]));
        }

        manifest.Write(Backup);
        Assert.Equal(ExitCode.Ok, await cli.Run("restore", Backup, "--data", cli["elsewhere"]));
        Assert.True(File.Exists(Path.Combine(cli["elsewhere"], FolderLayout.Joined)));
    }

    [Theory]
    [InlineData("-wal")]
    [InlineData("-journal")]
    public async Task Peoples_decisions_are_copied_while_nobody_writes_them_and_the_operators_secrets_never(string ending)
    {
        using (var node = Start(Data)) await node.SubmitAsync(1);
        var (local, journal) = (Path.Combine(Data, FolderLayout.Local), Path.Combine(Data, FolderLayout.Local + ending));
        await File.WriteAllTextAsync(local, "decisions", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Data, FolderLayout.OperatorToken), "secret", TestContext.Current.CancellationToken);
        foreach (var part in (string[])["", "-wal", "-shm"])
        {
            await File.WriteAllTextAsync(Path.Combine(Data, FolderLayout.Webhooks + part), "secret", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(Data, FolderLayout.Drafts + part), "secret", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(Data, FolderLayout.Anchors + part), "secret", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(Data, FolderLayout.Pledges + part), "secret", TestContext.Current.CancellationToken);
        }

        await File.WriteAllTextAsync(journal, "one is being written", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Fault, await cli.Run("backup", Data, "--out", Backup));
        Assert.False(File.Exists(Path.Combine(Backup, FolderLayout.Local)));

        File.Delete(journal);
        Assert.Equal(ExitCode.Ok, await cli.Run("backup", Data, "--out", Backup));
        Assert.Equal("decisions", await File.ReadAllTextAsync(Path.Combine(Backup, FolderLayout.Local), TestContext.Current.CancellationToken));
        Assert.DoesNotContain(Directory.GetFiles(Backup), file => File.ReadAllText(file) == "secret");
    }

    [Theory]
    [InlineData("chain/000000000000.seg")]
    [InlineData("admin.log")]
    public async Task A_backup_that_was_interrupted_is_none_and_is_finished_by_the_next(string at)
    {
        using (var node = Start(Data)) await node.SubmitAsync(2);
        foreach (var name in (string[])["admin.log", "private.note"]) await File.WriteAllTextAsync(Path.Combine(Data, name), name, TestContext.Current.CancellationToken);
        using var cancelled = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => DataBackup.Take(Data, Backup, new Cancelling(cancelled, at), cancelled.Token));
        Assert.NotEmpty(Directory.GetFileSystemEntries(Backup));

        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("backup", "--check", "--out", Backup));
        Assert.Equal(ExitCode.Fault, await cli.Run("restore", Backup, "--data", cli["elsewhere"]));
        Assert.Equal(ExitCode.Ok, await cli.Run("backup", Data, "--out", Backup));
        Assert.Equal(ExitCode.Ok, await cli.Run("backup", "--check", "--out", Backup));
        Assert.Equal(ExitCode.Ok, await cli.Run("restore", Backup, "--data", cli["elsewhere"]));
    }

    [Theory]
    [InlineData("chain/000000000000.seg")]
    [InlineData("chain/genesis.json")]
    [InlineData("data-version")]
    public async Task A_damaged_backup_is_6_and_what_was_restored_of_it_no_node_opens(string name)
    {
        using (var node = Start(Data)) await node.SubmitAsync(2);
        Assert.Equal(ExitCode.Ok, await cli.Run("backup", Data, "--out", Backup));
        var path = Path.Combine(Backup, name);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("backup", "--check", "--out", Backup));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("restore", Backup, "--data", cli["elsewhere"]));
        Assert.Null(NodeHost.Open(Options(cli["elsewhere"]), founding.Genesis, Key, TimeProvider.System, _ => { }, out _));
    }

    [Fact]
    public async Task A_source_that_lost_its_end_or_is_another_chain_does_not_reach_a_backup()
    {
        using (var node = Start(Data)) await node.SubmitAsync(1);
        CopyFolder(Data, cli["older"]);
        using (var node = Start(Data)) await node.SubmitAsync(2);
        Assert.Equal(ExitCode.Ok, await cli.Run("backup", Data, "--out", Backup));

        Assert.Equal(ExitCode.Fault, await cli.Run("backup", cli["older"], "--out", Backup, "--lang", "en"));
        Assert.Contains("has lost something", cli.Error, StringComparison.Ordinal);
        using var another = FoundingKeys.Fill(FoundingKeys.Preset("demo"), new(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
        using (NodeHost.Open(Options(cli["another"]), another.Genesis, KeyOf(another), TimeProvider.System, _ => { }, out _)) { }
        Assert.Equal(ExitCode.Fault, await cli.Run("backup", cli["another"], "--out", Backup, "--lang", "en"));
        Assert.Contains("another chain", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await cli.Run("backup", "--check", "--out", Backup));
    }

    [Fact]
    public async Task Folders_that_are_no_data_folder_no_backup_or_not_empty_are_refused()
    {
        Directory.CreateDirectory(cli["holiday"]);
        File.WriteAllText(cli["holiday", "a.jpg"], "");
        using (var node = Start(Data)) await node.SubmitAsync(1);

        Assert.Equal(ExitCode.Fault, await cli.Run("backup", cli["holiday"], "--out", Backup));
        Assert.Equal(ExitCode.Fault, await cli.Run("backup", cli["nowhere"], "--out", Backup));
        Assert.Equal(ExitCode.Fault, await cli.Run("backup", Data, "--out", cli["holiday"]));
        Assert.Equal(ExitCode.Fault, await cli.Run("backup", Data, "--out", Path.Combine(Data, "backup")));
        Assert.Equal(ExitCode.Usage, await cli.Run("backup", "--out", Backup));
        Assert.Equal(ExitCode.Ok, await cli.Run("backup", Data, "--out", Backup));
        Assert.Equal(ExitCode.Fault, await cli.Run("restore", Backup, "--data", cli["holiday"]));
        Assert.Equal(ExitCode.Fault, await cli.Run("restore", cli["holiday"], "--data", cli["elsewhere"]));

        // A list of files that leads out of the folder is not followed.
        var manifest = BackupManifest.Read(Backup)!;
        (manifest with { Files = [.. manifest.Files, new("../stolen", 1, "")] }).Write(Backup);
        Assert.Equal(ExitCode.Fault, await cli.Run("restore", Backup, "--data", cli["elsewhere"]));
    }

    [Fact]
    public async Task A_snapshot_is_verified_listed_and_compared()
    {
        using (var node = Start(Data)) await node.SubmitAsync(3);
        File.WriteAllBytes(cli["genesis.json"], founding.Genesis.Bytes.ToArray());
        var good = Path.Combine(Data, FolderLayout.Snapshots, FolderLayout.SnapshotName(3));

        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "snapshot", good, "--genesis", cli["genesis.json"], "-o", "json"));
        Assert.Equal(3UL, Number("height"));
        using (var report = JsonDocument.Parse(cli.Output)) Assert.Equal(1, report.RootElement.GetProperty("notChecked").GetArrayLength());
        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "snapshot", good, "--genesis", cli["genesis.json"], "--chain", Data, "-o", "json"));
        using (var report = JsonDocument.Parse(cli.Output)) Assert.True(report.RootElement.GetProperty("comparedWithChain").GetBoolean());

        Assert.Equal(ExitCode.Ok, await cli.Run("snapshot", "list", Data, "-o", "json"));
        using (var list = JsonDocument.Parse(cli.Output))
        {
            Assert.True(list.RootElement[0].GetProperty("whole").GetBoolean());

            // The time at which the ledger lives, and not that of Greenwich.
            using var snapshot = SnapshotFile.Open(good);
            Assert.Equal(TimeText.Of(SnapshotListing.Open(snapshot)!.Header.Time, offsetMinutes: 480), list.RootElement[0].GetProperty("ledgerTime").GetString());
        }

        File.Copy(good, cli["b.snap"]);
        Assert.Equal(ExitCode.Ok, await cli.Run("snapshot", "compare", good, cli["b.snap"]));

        // A party's name is changed: the first record.
        var bytes = File.ReadAllBytes(good);
        var name = bytes.AsSpan().IndexOf("示例"u8);
        bytes[name + 2] ^= 1;
        File.WriteAllBytes(cli["b.snap"], bytes);
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("snapshot", "compare", good, cli["b.snap"], "-o", "json"));
        Assert.Equal(1UL, Number("section"));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "snapshot", cli["b.snap"], "--genesis", cli["genesis.json"]));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "snapshot", cli["b.snap"], "--genesis", cli["genesis.json"], "--chain", Data, "-o", "json"));
        Assert.Equal(1UL, Number("section"));

        File.WriteAllText(cli["no.snap"], "nothing");
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "snapshot", cli["no.snap"], "--genesis", cli["genesis.json"]));
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("snapshot", "compare", good, cli["no.snap"]));
        Assert.Equal(ExitCode.NotFound, await cli.Run("verify", "snapshot", cli["nowhere"], "--genesis", cli["genesis.json"]));
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "snapshot", good, "--genesis", cli["no.snap"]));
        Directory.CreateDirectory(cli["empty"]);
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "snapshot", good, "--genesis", cli["genesis.json"], "--chain", cli["empty"]));
    }

    ulong Number(string name)
    {
        using var report = JsonDocument.Parse(cli.Output);
        return report.RootElement.GetProperty(name).GetUInt64();
    }

    Running Start(string data) => new(
        NodeHost.Open(Options(data), founding.Genesis, Key, TimeProvider.System, _ => { }, out var cannot) ?? throw new InvalidOperationException(cannot?.Reason), founding);

    static NodeOptions Options(string data) => new(data, "127.0.0.1", 0, NextFreePort: false, NodeOptions.DefaultSegmentBytes) { Founds = true };

    NodeKey Key => KeyOf(founding);

    static NodeKey KeyOf(FoundingKeys founding) => NodeKeys.NodeKeyOf(founding.NodeKeys.Keys.First(), founding.NodeKeys.Values.First());

    static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>A node that runs until it is disposed, as after Ctrl-C.</summary>
    sealed class Running : IDisposable
    {
        readonly NodeHost host;
        readonly FoundingKeys founding;
        readonly CancellationTokenSource stop = new();
        readonly Task loop;

        public Running(NodeHost host, FoundingKeys founding)
        {
            (this.host, this.founding) = (host, founding);
            loop = Task.Run(() => host.Loop.RunAsync(stop.Token));
        }

        public NodeView View => host.Loop.Reader.View;

        public ulong Height => View.Header.Height;

        public async Task SubmitAsync(int transactions)
        {
            var bank = founding.Genesis.Text.Validators[0].Bank;
            var agent = founding.Genesis.Text.Parties.Select(party => party.Id).First(party => party != bank);
            for (var i = 0; i < transactions; i++)
            {
                var now = host.Loop.Reader.LedgerTime;
                var grant = new GrantMandate(NewId.Of<Mandate>(now), agent, ["offer.accept"], Currency.Cny, new(100), [], now.CeilingMinute().Add(Timestamp.Day));
                var transaction = new Transaction(bank, null, Http.TestNode.New<Transaction>(), now.Add(5 * Timestamp.Minute), [grant]);
                var text = Jws.Sign(TransactionText.WritePayload(transaction), founding.Genesis.Chain.ChainId, [(new(bank, FoundingKeys.Maker), founding.Signer(bank))]);
                Assert.Equal(Refusal.None, (await host.Loop.SubmitAsync(text, TestContext.Current.CancellationToken)).Code);
            }
        }

        public void Dispose()
        {
            stop.Cancel();
            loop.ContinueWith(_ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
            host.Loop.FinishAsync(CancellationToken.None).GetAwaiter().GetResult();
            host.Dispose();
            stop.Dispose();
        }
    }

    sealed class Cancelling(CancellationTokenSource source, string at) : IProgress<BackupProgress>
    {
        public void Report(BackupProgress value)
        {
            if (value.File == at) source.Cancel();
        }
    }
}
