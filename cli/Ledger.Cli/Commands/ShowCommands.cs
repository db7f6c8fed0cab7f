using System.CommandLine;
using Ledger.Core.Primitives;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger show</c> and <c>ledger lineage</c>: what a node tells of one thing.</summary>
static class ShowCommands
{
    public static Command MakeShow(Shell shell)
    {
        var kind = Options.Text("KIND", $"种类：{string.Join("、", NodePaths.Kinds)}", string.Join(", ", NodePaths.Kinds));
        kind.AcceptOnlyFromAmong(NodePaths.Kinds);
        var id = Options.Text("ID", "编号；区块为高度，记录为叶序号", "its id; a block's height, an entry's leaf");
        var reading = new Reading();
        return shell.Command(
            "show", "显示账本上的一项内容。", "Show one thing on the ledger.", [kind, id, .. reading.All],
            (run, cancel) => Node.ShowAsync(run, reading, NodePaths.Of(run.Value(kind), run.Value(id)), $"{run.Value(kind)} {run.Value(id)}", cancel),
            "show offer AAAAAAAAAAAAAAAAAAAAAQ", "show block 17");
    }

    public static Command MakeLineage(Shell shell, string path = "lineage")
    {
        var instrument = InstrumentCommands.Argument();
        var unit = Options.Optional<ulong>("--unit", "只看这一份额的流转段", "only the legs of this unit", TryParseUnit);
        var reading = new Reading();
        return shell.Command(
            "lineage", "显示份额到达持有人所经的各段流转。", "Show the acts that brought units to their holders.", [instrument, unit, .. reading.All],
            (run, cancel) => Node.ShowAsync(run, reading, NodePaths.Lineage(run.Value(instrument), run.Value(unit)), run.Value(instrument).ToString(), cancel),
            $"{path} AAAAAAAAAAAAAAAAAAAAAQ --unit 1");
    }

    static bool TryParseUnit(ReadOnlySpan<char> text, out ulong unit)
    {
        var isUnit = Amount.TryParse(text, out var read) && !read.IsZero;
        unit = read.Minor;
        return isUnit;
    }
}
