using System.CommandLine;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger show</c> and <c>ledger lineage</c>: what a node tells of one thing.</summary>
static class ShowCommands
{
    public static Command MakeShow(Shell shell)
    {
        var kind = Options.Text("KIND", "party, document, instrument, offer, pledge, freeze, mandate or block");
        kind.AcceptOnlyFromAmong("party", "document", "instrument", "offer", "pledge", "freeze", "mandate", "block");
        var id = Options.Text("ID", "its id; a block's height");
        var node = Node.Option();
        return shell.Command(
            "show", "Show one thing on the ledger.", [kind, id, node],
            (run, cancel) => Node.ShowAsync(run, node, NodePaths.Of(run.Value(kind), run.Value(id)), $"{run.Value(kind)} {run.Value(id)}", cancel),
            "show offer AAAAAAAAAAAAAAAAAAAAAQ", "show block 17");
    }

    public static Command MakeLineage(Shell shell)
    {
        var instrument = Options.Argument<Id<Instrument>>("INSTRUMENT", "the instrument's id", Id<Instrument>.TryParse);
        var unit = Options.Optional<uint>("--unit", "only the legs of this unit", Options.TryParseWhole);
        var node = Node.Option();
        return shell.Command(
            "lineage", "Show the acts that brought units to their holders.", [instrument, unit, node],
            (run, cancel) => Node.ShowAsync(run, node, NodePaths.Lineage(run.Value(instrument), run.Value(unit)), run.Value(instrument).ToString(), cancel),
            "lineage AAAAAAAAAAAAAAAAAAAAAQ --unit 1");
    }
}
