using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Node.Views;

namespace Ledger.Benchmarks;

/// <summary>What the read model costs a transfer: blocks are taken in as the node feeds them, and the time ends when the last can be asked for.</summary>
static class ViewsStage
{
    public static void Run(Genesis genesis, IReadOnlyList<FoldedBlock> before, IReadOnlyList<FoldedBlock> blocks, Action<Action> measure)
    {
        var folder = Directory.CreateTempSubdirectory("ledger-benchmark-views-").FullName;
        try
        {
            using var views = LedgerViews.Open(Path.Combine(folder, "views.db"), genesis, static _ => { });
            Take(views, before);
            measure(() => Take(views, blocks));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static void Take(LedgerViews views, IReadOnlyList<FoldedBlock> blocks)
    {
        if (blocks.Count == 0) return;
        foreach (var block in blocks) views.Take(block);
        while (!views.Reach(blocks[^1].Block.Header.Height))
        {
        }
    }
}
