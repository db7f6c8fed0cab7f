using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Node.Views;

namespace Ledger.Tests.Views;

/// <summary>Views in files of their own, which go when the tests do.</summary>
static class TestViews
{
    static readonly string Folder = Made();

    public static string NewPath() => Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, $"{Guid.NewGuid():N}")).FullName, "views.db");

    public static LedgerViews Open(Genesis genesis) => LedgerViews.Open(NewPath(), genesis, static _ => { });

    /// <summary>Takes a block in and waits until it can be asked for.</summary>
    public static void Apply(this LedgerViews views, FoldedBlock folded)
    {
        views.Take(folded);
        ReachForSure(views, folded.Block.Header.Height);
    }

    /// <summary>However slow the machine is.</summary>
    public static void ReachForSure(this LedgerViews views, ulong height)
    {
        while (!views.Reach(height))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Assert.NotEqual(ViewsStanding.Failed, views.Standing);
        }
    }

    /// <summary>A world's blocks, as a node takes them in at its start.</summary>
    public static LedgerViews Of(World world, string? path = null)
    {
        var (views, fold) = (LedgerViews.Open(path ?? NewPath(), world.Genesis, static _ => { }), new Fold(world.Genesis));
        foreach (var block in world.Blocks) views.Take(Assert.IsType<FoldedBlock>(fold.Repeat(block, verifySignatures: false, out _)));
        views.ReachForSure(fold.Last.Header.Height);
        return views;
    }

    static string Made()
    {
        var folder = Directory.CreateTempSubdirectory("ledger-views-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // The system's temporary folder is cleared by others.
            }
        };
        return folder;
    }
}
