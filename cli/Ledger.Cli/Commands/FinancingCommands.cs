using System.CommandLine;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger financing</c>: money raised on units, as the ledger has it.</summary>
static class FinancingCommands
{
    public static Command Make(Shell shell) => Shell.Noun("financing", "Look up financings.", Show(shell), List(shell));

    static Command Show(Shell shell)
    {
        var id = Options.Argument<Id<Financing>>("ID", "the financing's id", Id<Financing>.TryParse);
        var node = Node.Option();
        return shell.Command(
            "show", "Show a financing and what the registry answered about it.", [id, node],
            (run, cancel) => Node.ShowAsync(run, node, NodePaths.Of("financing", run.Value(id).ToString()), run.Value(id).ToString(), cancel),
            "financing show AAAAAAAAAAAAAAAAAAAAAQ");
    }

    static Command List(Shell shell)
    {
        var party = Options.Party("--party", "who applied, or was asked");
        var node = Node.Option();
        return shell.Command(
            "list", "List the financings that a party applied for or was asked for, oldest first.", [party, node],
            (run, cancel) => Node.ShowAsync(run, node, NodePaths.Financings(run.Value(party)), run.Value(party).Text, cancel),
            "financing list --party 91310115MA1000033K");
    }
}
