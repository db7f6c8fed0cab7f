using System.CommandLine;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger offer</c>: what waits for another party's word.</summary>
static class OfferCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "offer", "签收、拒收、撤回要约。", "Accept, decline and withdraw offers.",
        Accept(shell, "offer"), Decline(shell, "offer"), Withdraw(shell, "offer"), Show(shell), List(shell));

    /// <summary>People look for these where they look for units too.</summary>
    public static Command Accept(Shell shell, string noun) =>
        Answer(shell, noun, "accept", offer => new AcceptOffer(offer), ("由要约的接收方签名", "by the party it was made to"));

    public static Command Decline(Shell shell, string noun) =>
        Answer(shell, noun, "decline", offer => new DeclineOffer(offer), ("由要约的接收方签名", "by the party it was made to"));

    public static Command Withdraw(Shell shell, string noun) =>
        Answer(shell, noun, "withdraw", offer => new WithdrawOffer(offer), ("由要约的发出方签名", "by the party that made it"));

    static Command Answer<TAnswer>(Shell shell, string noun, string name, Func<Id<Offer>, TAnswer> operation, (string, string) note)
        where TAnswer : Operation<TAnswer>, IVerb
    {
        var offer = Options.IdArgument<Offer>("OFFER", "要约的编号", "the offer's id");
        return Submission.Command(shell, name, [offer], (run, _) => operation(run.Value(offer)), note, $"{noun} {name} AAAAAAAAAAAAAAAAAAAAAQ --key my.key.json");
    }

    static Command Show(Shell shell)
    {
        var (offer, reading) = (Options.IdArgument<Offer>("OFFER", "要约的编号", "the offer's id"), new Reading());
        return shell.Command(
            "show", "显示一个要约。", "Show an offer.", [offer, .. reading.All],
            (run, cancel) => Node.ShowAsync(run, reading, NodePaths.Of("offer", run.Value(offer).ToString()), run.Value(offer).ToString(), cancel),
            "offer show AAAAAAAAAAAAAAAAAAAAAQ");
    }

    static Command List(Shell shell)
    {
        var from = Options.OptionalParty("--from", "发出方", "who made them");
        var to = Options.OptionalParty("--to", "接收方", "whom they were made to");
        return new Listing(NounLists.Offers).Command(
            shell, "list", "列出未决的要约。", "List open offers.", [from, to],
            run => (run.Value(from), run.Value(to)) switch
            {
                ({ } giver, null) => NodePaths.List("offers", "from", giver),
                (null, { } taker) => NodePaths.List("offers", "to", taker),
                _ => throw StopException.Usage("请在 --from 与 --to 中二选一。", "Give either --from or --to."),
            },
            "offer list --to 91310115XX0000019T", "offer list --from 91310115XX0000019T --all -o csv");
    }
}
