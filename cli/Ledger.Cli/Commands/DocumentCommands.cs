using System.CommandLine;
using Ledger.Client.Documents;
using Ledger.Core.Crypto;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger document</c>: the trade background behind instruments.</summary>
static class DocumentCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "document", "Attest, show and pledge documents.", Attest(shell), RedLetter(shell), Show(shell), Pledge(shell), Release(shell));

    static Command Attest(Shell shell)
    {
        var source = new OpeningOptions();
        var epochs = EpochKeys();
        var id = Submission.IdOption<Document>();
        return Submission.Command(
            shell, "attest", "A bank that saw the original puts a document on the ledger; the seller signs too.", [.. source.All, epochs, id],
            (run, now) =>
            {
                var opening = source.Read(run);
                return new AttestDocument(
                    run.Value(id) ?? Submission.NewId<Document>(), opening.Kind, opening.Seller, opening.Buyer, opening.Currency, opening.Total, opening.Date,
                    opening.Commitment(now.Suite), Fingerprints(run, epochs, opening, now.Suite));
            },
            "document attest --invoice invoice.xml --opening-out opening.json --epoch-key 1=epoch-1.key --key bank.key.json --key seller.key.json");
    }

    static Command RedLetter(Shell shell)
    {
        var id = Options.Argument<Id<Document>>("ID", "the document that is lowered", Id<Document>.TryParse);
        var source = new OpeningOptions();
        var epochs = EpochKeys();
        return Submission.Command(
            shell, "red-letter", "A bank attests a red letter against a document: its number, and what it takes off the total.", [id, .. source.All, epochs],
            (run, now) =>
            {
                var opening = source.Read(run);
                return new AttestRedLetter(run.Value(id), opening.Total, opening.Date, opening.Commitment(now.Suite), Fingerprints(run, epochs, opening, now.Suite));
            },
            "document red-letter AAAAAAAAAAAAAAAAAAAAAQ --kind invoice --number 26990000000000000009 --seller 91310115XX0000019T --buyer 91320500XX0001003F"
            + " --amount 250000.00 --date 2026-03-20 --opening-out red.json --epoch-key 1=epoch-1.key --key bank.key.json");
    }

    static Option<string[]> EpochKeys() => new("--epoch-key") { Description = "N=FILE of every open fingerprint key epoch: 1=epoch-1.key", Required = true };

    static ValueList<Fingerprint> Fingerprints(Run run, Option<string[]> epochs, DocumentOpening opening, CryptoSuite suite) =>
        [.. run.Required(epochs).Select(text => FingerprintKeys.Of(run, text, opening, suite)).OrderBy(one => one.Epoch)];

    static Command Show(Shell shell)
    {
        var id = Options.Argument<Id<Document>>("ID", "the document's id", Id<Document>.TryParse);
        var node = Node.Option();
        return shell.Command(
            "show", "Show a document and how much of it is left.", [id, node],
            (run, cancel) => Node.ShowAsync(run, node, NodePaths.Document(run.Value(id)), run.Value(id).ToString(), cancel), "document show AAAAAAAAAAAAAAAAAAAAAQ");
    }

    static Command Pledge(Shell shell)
    {
        var to = Options.Party("--to", "the bank that takes the pledge");
        var (amount, currency, uses) = (Options.AmountOption(), Options.CurrencyOption(), DocumentUses.Option());
        var (days, offer) = (Offers.DaysOption(), Submission.IdOption<Offer>("--offer-id"));
        return Submission.Command(
            shell, "pledge", "A seller offers a bank a pledge of a receivable that is not on the ledger.", [to, amount, currency, uses, days, offer],
            (run, now) => new PledgeDocuments(
                run.Value(offer) ?? Submission.NewId<Offer>(), run.Value(to), run.Value(currency), Options.Money(run.Required(amount), run.Value(currency)),
                DocumentUses.Of(run, uses, run.Value(currency)), now.InDays(run.Value(days))),
            "document pledge --to 91440300MA1000017E --amount 300000.00 --document AAAAAAAAAAAAAAAAAAAAAQ=300000.00 --key seller.key.json");
    }

    static Command Release(Shell shell)
    {
        var pledge = Options.Argument<Id<Offer>>("PLEDGE", "the pledge's id", Id<Offer>.TryParse);
        var paid = Options.Flag("--debt-was-paid", "the debt was paid: the documents stay used");
        return Submission.Command(
            shell, "release", "The pledgee lets go.", [pledge, paid], (run, _) => new ReleasePledge(run.Value(pledge), run.Value(paid)),
            "document release AAAAAAAAAAAAAAAAAAAAAQ --debt-was-paid --key bank.key.json");
    }
}
