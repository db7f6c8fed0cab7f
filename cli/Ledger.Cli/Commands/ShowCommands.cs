using System.CommandLine;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger show</c> and <c>ledger lineage</c>: what a node tells of one thing.</summary>
static class ShowCommands
{
    public static Command MakeShow(Shell shell)
    {
        var kind = Options.Text("KIND", string.Join(", ", NodePaths.Kinds));
        kind.AcceptOnlyFromAmong(NodePaths.Kinds);
        var id = Options.Text("ID", "its id; a block's height, an entry's leaf");
        var node = Node.Option();
        return shell.Command(
            "show", "Show one thing on the ledger.", [kind, id, node],
            (run, cancel) => Node.ShowAsync(run, node, NodePaths.Of(run.Value(kind), run.Value(id)), $"{run.Value(kind)} {run.Value(id)}", cancel),
            "show offer AAAAAAAAAAAAAAAAAAAAAQ", "show block 17");
    }

    public static Command MakeLineage(Shell shell)
    {
        var instrument = Options.Argument<Id<Instrument>>("INSTRUMENT", "the instrument's id", Id<Instrument>.TryParse);
        var unit = Options.Optional<ulong>("--unit", "only the legs of this unit", TryParseUnit);
        var node = Node.Option();
        return shell.Command(
            "lineage", "Show the acts that brought units to their holders.", [instrument, unit, node],
            (run, cancel) => Node.ShowAsync(run, node, NodePaths.Lineage(run.Value(instrument), run.Value(unit)), run.Value(instrument).ToString(), cancel),
            "lineage AAAAAAAAAAAAAAAAAAAAAQ --unit 1");
    }

    static bool TryParseUnit(ReadOnlySpan<char> text, out ulong unit)
    {
        var isUnit = Amount.TryParse(text, out var read) && !read.IsZero;
        unit = read.Minor;
        return isUnit;
    }
}
