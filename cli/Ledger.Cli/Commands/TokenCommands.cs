using System.CommandLine;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger token</c>: units of instruments and the offers that move them.</summary>
static class TokenCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "token", "Transfer, accept and freeze units.",
        Transfer(shell),
        Answer(shell, "accept", "Accept an offer (签收).", offer => new AcceptOffer(offer)),
        Answer(shell, "decline", "Decline an offer (拒收).", offer => new DeclineOffer(offer)),
        Answer(shell, "withdraw", "Take back an offer of one's own (撤回).", offer => new WithdrawOffer(offer)),
        Freeze(shell), Unfreeze(shell), List(shell));

    static Command Transfer(Shell shell)
    {
        var instrument = InstrumentArgument();
        var to = Options.Party("--to", "who is to receive");
        var (amount, currency, uses) = (Options.AmountOption(required: false), Options.CurrencyOption(), DocumentUses.Option());
        var units = Options.Optional<Interval>("--units", "named units, 1-30000000, in place of an amount", Interval.TryParse);
        var recourse = Options.Flag("--recourse", "with recourse");
        var (days, offer) = (Offers.DaysOption(), Submission.IdOption<Offer>("--offer-id"));
        return Submission.Command(
            shell, "transfer", "Offer units to another party for a trade (流转).", [instrument, to, amount, currency, units, uses, recourse, days, offer],
            (run, now) => new Transfer(
                run.Value(offer) ?? Submission.NewId<Offer>(), run.Value(instrument), run.Value(to), TransferCause.Trade, run.Value(recourse),
                DocumentUses.Of(run, uses, run.Value(currency)), now.InDays(run.Value(days)), run.Value(units),
                run.Value(amount) is { } typed ? Options.Money(typed, run.Value(currency)) : null),
            "token transfer AAAAAAAAAAAAAAAAAAAAAQ --to 91310115MA1000033K --amount 300000.00 --document AAAAAAAAAAAAAAAAAAAAAg=300000.00 --key supplier.key.json");
    }

    static Command Answer(Shell shell, string name, string description, Func<Id<Offer>, Operation> operation)
    {
        var offer = Options.Argument<Id<Offer>>("OFFER", "the offer's id", Id<Offer>.TryParse);
        return Submission.Command(shell, name, description, [offer], (run, _) => operation(run.Value(offer)), $"token {name} AAAAAAAAAAAAAAAAAAAAAQ --key my.key.json");
    }

    static Command Freeze(Shell shell)
    {
        var instrument = InstrumentArgument();
        var units = Options.Option<Interval>("--units", "1-30000000", Interval.TryParse);
        var authority = Options.File("--authority", "who ordered it");
        var number = Options.File("--case", "salted digest of the case number: 64 hexadecimal digits, or a file whose hash it is");
        var order = Options.File("--order", "the order: a file, or its hash");
        var days = Options.Option<uint>("--days", "days that the freeze lasts", Options.TryParseWhole);
        var id = Submission.IdOption<Freeze>();
        return Submission.Command(
            shell, "freeze", "Execute an authority's freezing order (冻结).", [instrument, units, authority, number, order, days, id],
            (run, now) => new FreezeUnits(
                run.Value(id) ?? Submission.NewId<Freeze>(), run.Value(instrument), run.Value(units), run.Required(authority), now.HashOf(run.Required(number)),
                now.HashOf(run.Required(order)), now.InDays(run.Value(days))),
            "token freeze AAAAAAAAAAAAAAAAAAAAAQ --units 1-30000000 --authority 某某人民法院 --case case.txt --order order.pdf --days 180 --key bank.key.json");
    }

    static Command Unfreeze(Shell shell)
    {
        var freeze = Options.Argument<Id<Freeze>>("FREEZE", "the freeze's id", Id<Freeze>.TryParse);
        return Submission.Command(
            shell, "unfreeze", "Lift a freeze (解冻).", [freeze], (run, _) => new UnfreezeUnits(run.Value(freeze)), "token unfreeze AAAAAAAAAAAAAAAAAAAAAQ --key bank.key.json");
    }

    static Command List(Shell shell)
    {
        var holder = Options.Optional<PartyId>("--holder", "only this party's", PartyId.TryParse);
        var instrument = Options.Optional<Id<Instrument>>("--instrument", "only of this instrument", Id<Instrument>.TryParse);
        var node = Node.Option();
        return shell.Command(
            "list", "List tokens.", [holder, instrument, node],
            (run, cancel) => Node.ShowAsync(run, node, NodePaths.Tokens(run.Value(holder), run.Value(instrument)), "tokens", cancel), "token list --holder 91310115MA1000033K");
    }

    static Argument<Id<Instrument>> InstrumentArgument() => Options.Argument<Id<Instrument>>("INSTRUMENT", "the instrument's id", Id<Instrument>.TryParse);
}
