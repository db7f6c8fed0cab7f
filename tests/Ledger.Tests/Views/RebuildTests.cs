using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Node.Views;
using Ledger.Tests.Replay;
using Microsoft.Data.Sqlite;
using static Ledger.Tests.Replay.DemoChain;

namespace Ledger.Tests.Views;

/// <summary>The file is worth nothing by itself: whatever becomes of it, it is made again from the chain and says the same.</summary>
public sealed class RebuildTests : IDisposable
{
    readonly DemoChain chain = WithMembers();
    readonly List<string> said = [];
    readonly string path = TestViews.NewPath();

    public void Dispose() => chain.Dispose();

    [Fact]
    public void A_rebuilt_file_has_every_byte_of_the_one_that_followed()
    {
        string followed;
        using (var views = Opened(path))
        {
            Fed(views, Live());
            followed = DumpOf(path);
        }

        var again = TestViews.NewPath();
        using (var views = Opened(again))
        {
            Following(views);
            Assert.Equal(followed, DumpOf(again));
        }

        Assert.Contains("INSERT", followed, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_there_before_a_restart_is_not_read_again()
    {
        var story = Live();
        using (var views = Opened(path)) Fed(views, story);
        var late = chain.NewId<Document>();
        chain.Accept(chain.Attest(late, Supplier, Obligor, 500));

        using var restarted = Opened(path);
        Assert.Equal(story[^1].Block.Header.Height, restarted.Height);
        Assert.True(restarted.Height >= story[^1].Block.Header.Height);
        Following(restarted);

        Assert.Contains(late, restarted.DocumentsSoldBy(Supplier));
        Assert.DoesNotContain(said, line => line.Contains("made again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("emptied")]
    [InlineData("overwritten")]
    public void A_file_that_is_taken_away_or_spoilt_under_a_running_node_is_made_again(string how)
    {
        using var views = Opened(path);
        var story = Live();
        Fed(views, story);
        views.Follow(BlockAt, Tip);
        var before = views.DocumentsSoldBy(Supplier);

        switch (how)
        {
            case "deleted":
                File.Delete(path);
                break;
            case "emptied":
                File.WriteAllBytes(path, []);
                break;
            default:
                File.WriteAllText(path, new string('x', 200_000));
                break;
        }

        Until(() => said.ToArray().Any(line => line.Contains("made again", StringComparison.Ordinal)));
        views.ReachForSure(Tip);
        Assert.Equal(before, views.DocumentsSoldBy(Supplier));
    }

    [Fact]
    public void A_file_that_grows_past_many_checkpoints_while_it_is_read_is_kept()
    {
        Live();
        while (Tip < 1_000) chain.Batch();
        using var views = Opened(path);
        var checkpoints = 0;

        // On the follower's own thread, so that the file was written over before each of its looks.
        views.Follow(
            height =>
            {
                if (height % 100 == 0)
                {
                    Sqlite("PRAGMA wal_checkpoint(PASSIVE)");
                    if (views.Height > 2) Assert.NotEmpty(views.DocumentsSoldBy(Supplier, 2));
                    checkpoints++;
                }

                return BlockAt(height);
            },
            Tip);
        views.ReachForSure(Tip);

        Assert.True(checkpoints >= 10);
        Assert.Equal(1, views.TimesOpened);
        Assert.DoesNotContain(said.ToArray(), line => line.Contains("made again", StringComparison.Ordinal));
    }

    [Fact]
    public void What_keeps_the_file_from_being_written_for_a_while_costs_none_of_it()
    {
        var story = Live();
        using var views = Opened(path);
        Fed(views, story[..^1]);

        using (var other = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            other.Open();
            Run(other, "BEGIN IMMEDIATE");
            views.Follow(BlockAt, Tip);
            views.Take(story[^1]);
            Until(() => views.Standing == ViewsStanding.Failed);
        }

        Until(() => views.Height == Tip);
        Assert.Contains(said.ToArray(), line => line.Contains("another attempt", StringComparison.Ordinal));
        Assert.DoesNotContain(said.ToArray(), line => line.Contains("made again", StringComparison.Ordinal));
    }

    [Fact]
    public void Views_that_are_being_made_say_so()
    {
        Live();
        using var views = Opened(path);
        using var reached = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        views.Follow(
            height =>
            {
                if (height == 3) reached.Set();
                if (height >= 3) go.Wait(TestContext.Current.CancellationToken);
                return BlockAt(height);
            },
            Tip);
        reached.Wait(TestContext.Current.CancellationToken);
        Assert.Equal(ViewsStanding.Rebuilding, views.Standing);

        go.Set();
        Until(() => views.Standing == ViewsStanding.Following);
    }

    [Fact]
    public void A_file_that_was_damaged_while_nobody_looked_is_made_again()
    {
        using (var views = Opened(path)) Fed(views, Live());
        var bytes = File.ReadAllBytes(path);
        for (var i = 4096; i < bytes.Length; i += 512) bytes.AsSpan(i, 64).Fill(0xA5);
        File.WriteAllBytes(path, bytes);

        using var again = Opened(path);
        Following(again);

        Assert.Contains(said, line => line.Contains("made again", StringComparison.Ordinal));
        Assert.NotEmpty(again.DocumentsSoldBy(Supplier));
    }

    [Fact]
    public void A_file_of_another_chain_is_made_again()
    {
        using (var other = WithMembers())
        using (var views = LedgerViews.Open(path, other.Genesis, said.Add)) views.ReachForSure(0);

        using var mine = Opened(path);
        Live();
        Following(mine);

        Assert.Contains(said, line => line.Contains("another chain", StringComparison.Ordinal));
        Assert.NotEmpty(mine.DocumentsSoldBy(Supplier));
    }

    [Fact]
    public void A_file_of_another_schema_is_made_again()
    {
        using (var views = Opened(path)) Fed(views, Live());
        Sqlite("UPDATE meta SET value='0' WHERE name='schema'");

        using var again = Opened(path);
        Following(again);

        Assert.Contains(said, line => line.Contains("another schema", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_ahead_of_the_chain_is_made_again()
    {
        using (var views = Opened(path)) Fed(views, Live());

        // As after a restore of an older copy of the chain.
        using var again = Opened(path);
        again.Follow(height => height <= 1 ? BlockAt(height) : null, 1);

        Until(() => said.ToArray().Any(line => line.Contains("ahead of the chain", StringComparison.Ordinal)));
        again.ReachForSure(1);
        Assert.Empty(again.DocumentsSoldBy(Supplier));
    }

    [Fact]
    public void Views_that_were_not_fed_everything_read_what_they_miss()
    {
        var story = Live();
        using var views = Opened(path);
        views.Follow(BlockAt, Tip);
        views.Take(story[^1]);

        views.ReachForSure(Tip);
        Assert.NotEmpty(views.DocumentsSoldBy(Supplier));
    }

    [Fact]
    public void A_block_that_comes_without_the_state_before_it_makes_the_same_rows()
    {
        var story = Live();
        using (var views = Opened(path)) Fed(views, story);
        var followed = DumpOf(path);

        // One restart before each block, as if every one began from a snapshot; nothing is read from the chain.
        var again = TestViews.NewPath();
        foreach (var block in story)
        {
            using var views = Opened(again);
            Fed(views, [block]);
        }

        Assert.Equal(followed, DumpOf(again));
    }

    [Fact]
    public void A_height_that_is_not_there_yet_is_not_answered()
    {
        using var views = Opened(path);
        Fed(views, Live());

        Assert.Throws<ViewsNotReadyException>(() => views.DocumentsSoldBy(Supplier, Tip + 1));
        Assert.False(views.Reach(Tip + 1));
    }

    ulong Tip => chain.Fold.Last.Header.Height;

    Core.Chain.Block? BlockAt(ulong height) => height < (ulong)chain.Blocks.Count ? chain.Blocks[(int)height] : null;

    LedgerViews Opened(string file) => LedgerViews.Open(file, chain.Genesis, Say);

    void Say(string line)
    {
        lock (said) said.Add(line);
    }

    // The members' block and a story after it; every block as the fold gave it.
    List<FoldedBlock> Live()
    {
        var (instrument, offer) = (Named<Instrument>(1_001), Named<Offer>(2_001));
        chain.Accept(chain.Attest(Named<Document>(3_001), Supplier, Obligor, 500), chain.Attest(Named<Document>(3_002), SecondTier, Supplier, 200));
        chain.Accept(chain.Issue(instrument, offer, Named<Document>(3_001), 500), chain.AcceptOffer(Supplier, offer));
        chain.Accept(chain.Transfer(instrument, Named<Offer>(2_002), Supplier, SecondTier, Named<Document>(3_002), new(101, 300)));
        chain.Batch(chain.Issue(Named<Instrument>(1_002), Named<Offer>(2_003), Named<Document>(3_001), 500), chain.AcceptOffer(SecondTier, Named<Offer>(2_002)));
        chain.BatchAt(chain.Now.Add(100 * Timestamp.Day));
        var fold = new Fold(chain.Genesis);
        return [.. chain.Blocks.Skip(1).Select(block => Assert.IsType<FoldedBlock>(fold.Repeat(block, verifySignatures: false, out _)))];
    }

    static void Fed(LedgerViews views, List<FoldedBlock> blocks)
    {
        foreach (var block in blocks) views.Take(block);
        views.ReachForSure(blocks[^1].Block.Header.Height);
    }

    void Following(LedgerViews views)
    {
        if (Tip == 1) Live();
        views.Follow(BlockAt, Tip);
        views.ReachForSure(Tip);
    }

    static void Until(Func<bool> isSo)
    {
        while (!isSo()) TestContext.Current.CancellationToken.WaitHandle.WaitOne(10);
    }

    void Sqlite(string statement)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Run(connection, statement);
    }

    static void Run(SqliteConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    /// <summary>Every row of every table, as text, but the one by which a file is known.</summary>
    static string DumpOf(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Mode=ReadOnly");
        connection.Open();
        var dump = new System.Text.StringBuilder();
        foreach (var (table, _) in Rows(connection, "SELECT name, 1 FROM sqlite_master WHERE type='table' AND name NOT LIKE 'names_%' ORDER BY name"))
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table}" + (table == "meta" ? " WHERE name<>'file'" : "");
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                dump.Append("INSERT ").Append(table);
                for (var i = 0; i < reader.FieldCount; i++)
                    dump.Append(' ').Append(reader.GetValue(i) is byte[] bytes ? Convert.ToHexStringLower(bytes) : reader.GetValue(i));
                dump.AppendLine();
            }
        }

        return dump.ToString();
    }

    static List<(string, long)> Rows(SqliteConnection connection, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        var rows = new List<(string, long)>();
        while (reader.Read()) rows.Add((reader.GetString(0), reader.GetInt64(1)));
        return rows;
    }
}
