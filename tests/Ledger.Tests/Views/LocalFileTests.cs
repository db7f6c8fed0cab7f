using Ledger.Client.Invoices;
using Ledger.Core.Chain;
using Ledger.Node.Notices;
using Ledger.Node.Views;
using Ledger.Tests.ChainFolder;

namespace Ledger.Tests.Views;

/// <summary>What a node keeps for itself, as its files on disk have it.</summary>
public sealed class LocalFileTests : IDisposable
{
    readonly TemporaryFolder data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void What_is_local_and_must_last_is_typed_by_the_engine_written_ahead_and_flushed()
    {
        Assert.True(new Reviews(data[FolderLayout.Local]).TryAdd(new("near:1:2", "same", "电话核实", "zhang.san", new(1))));
        WebhookBook.Open(data.Path)!.Add(FictionalUscc.Of("310115", 1), "https://hooks.example/", [], NoticeId.None, 1);
        using (var world = new World()) TestViews.Of(world, data[FolderLayout.Views]).Dispose();

        foreach (var name in (string[])[FolderLayout.Local, FolderLayout.Webhooks, FolderLayout.Views])
        {
            using var sql = Sql.Open(data[name], write: true);
            Assert.Equal((name, "wal"), (name, sql["PRAGMA journal_mode"].First(static row => row.Text(0), "")));
            Assert.Equal((name, ""), (name, sql["SELECT group_concat(name) FROM pragma_table_list WHERE type='table' AND strict=0 AND schema='main' AND name NOT LIKE 'sqlite%'"].First(static row => row.Text(0), "")));
            Assert.NotEqual((name, 0), (name, sql["SELECT count(*) FROM pragma_table_list WHERE strict=1"].Number()));
        }

        using var local = LocalFile.Open(data[FolderLayout.Local], "");
        Assert.Equal(2, local["PRAGMA synchronous"].Number());
    }

    [Fact]
    public void Between_two_decisions_they_lie_in_one_file_that_can_be_copied()
    {
        var reviews = new Reviews(data[FolderLayout.Local]);
        Assert.True(reviews.TryAdd(new("near:1:2", "same", "", "zhang.san", new(1))));
        Assert.Single(reviews.Of("near:1:2"));

        Assert.Equal([FolderLayout.Local], Directory.GetFiles(data.Path).Select(Path.GetFileName));
    }
}
