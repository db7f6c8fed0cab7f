using System.CommandLine;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger document</c>: the trade background behind instruments.</summary>
static class DocumentCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "document", "背景材料：登记、红字、质押、查询。", "Documents: attest, red letters, pledges.",
        Attest(shell), RedLetter(shell), Pledge(shell), Release(shell), Show(shell), List(shell), Pledges(shell));

    static Command Attest(Shell shell)
    {
        var source = new OpeningOptions();
        var (epochs, distinct) = (EpochKeys(), DistinctFrom());
        var id = Options.NewId<Document>();
        return Submission.Command(
            shell, "attest", [.. source.All, epochs, distinct, id],
            (run, now) => source.Read(run).Attestation(run.Value(id) ?? now.NewId<Document>(), now.Suite, Keys(run, epochs), Ids(run, distinct)),
            ("由核验过原件的银行签名，销售方共同签名", "by a bank that saw the original; the seller signs too"),
            "document attest --invoice invoice.xml --opening-out opening.json --epoch-key 1=epoch-1.key --key bank.key.json --co-sign seller.key.json");
    }

    static Command RedLetter(Shell shell)
    {
        var id = Options.IdArgument<Document>("ID", "被冲减的背景材料", "the document that is lowered");
        var source = new OpeningOptions();
        var (epochs, distinct) = (EpochKeys(), DistinctFrom());
        return Submission.Command(
            shell, "red-letter", [id, .. source.All, epochs, distinct],
            (run, now) =>
            {
                var opening = source.Read(run);
                var (fingerprints, skeletons) = opening.Marks(now.Suite, Keys(run, epochs));
                return new AttestRedLetter(run.Value(id), opening.Total, opening.Date, opening.Commitment(now.Suite), fingerprints, skeletons, Ids(run, distinct));
            },
            ("由银行签名：红字发票的号码及冲减金额", "by a bank: its own number, and what it takes off the total"),
            "document red-letter AAAAAAAAAAAAAAAAAAAAAQ --kind invoice --number 26990000000000000009 --seller 91310115XX0000019T --buyer 91320500XX0001003F"
            + " --amount 250000.00 --date 2026-03-20 --opening-out red.json --epoch-key 1=epoch-1.key --key bank.key.json");
    }

    static Option<string[]> EpochKeys() => Options.Texts(
        "--epoch-key", "每个有效指纹密钥期的密钥：1=epoch-1.key；可重复", "the key of every open fingerprint epoch: 1=epoch-1.key; may be repeated", "N=FILE", required: true);

    static Option<string[]> DistinctFrom() => Options.Texts(
        "--distinct-from", "看似相同而确非同一份的背景材料；另一家银行须共同签名；可重复", "a document that looks like it and is another, on a second bank's word; may be repeated", "ID");

    static IEnumerable<(uint, byte[])> Keys(Run run, Option<string[]> epochs) => run.Required(epochs).Select(text => FingerprintKeys.Of(run, text));

    static ValueList<Id<Document>> Ids(Run run, Option<string[]> option) => [.. (run.Value(option) ?? []).Select(text => Id<Document>.TryParse(text, out var id)
        ? id
        : throw StopException.Usage($"“{text}”不是背景材料的编号。", $"'{text}' is no document's id."))];

    static Command Pledge(Shell shell)
    {
        var to = Options.Party("--to", "质权银行", "the bank that takes the pledge");
        var (amount, currency, uses) = (Options.AmountOption(), Options.CurrencyOption(), DocumentUses.Option());
        var (days, offer) = (Offers.DaysOption(), Options.NewId<Offer>("--offer-id"));
        return Submission.Command(
            shell, "pledge", [to, amount, currency, uses, days, offer],
            (run, now) => new PledgeDocuments(
                run.Value(offer) ?? now.NewId<Offer>(), run.Value(to), run.Value(currency), Options.Money(run.Required(amount), run.Value(currency)),
                DocumentUses.Of(run, uses, run.Value(currency)), now.InDays(run.Value(days)), now.Terms),
            ("以不在账本上的应收账款出质；由销售方签名", "of a receivable that is not on the ledger; by the documents' seller"),
            "document pledge --to 91440300MA1000017E --amount 300000.00 --document AAAAAAAAAAAAAAAAAAAAAQ=300000.00 --key seller.key.json");
    }

    static Command Release(Shell shell)
    {
        var pledge = Options.IdArgument<Offer>("PLEDGE", "质押的编号", "the pledge's id");
        var terms = new AskedTerms();
        var paid = terms.AddAgreed("--debt-was-paid", "债务是否已清偿：是则背景材料仍计为已使用，否则重新可用", "whether the debt was paid: then the documents stay used, else they are free again");
        return Submission.Command(
            shell, "release", [pledge, .. terms.All], (run, _) => new ReleasePledge(run.Value(pledge), WasPaid(run)), ("由质权人签名", "by the pledgee"),
            "document release AAAAAAAAAAAAAAAAAAAAAQ --debt-was-paid yes --key bank.key.json");

        bool WasPaid(Run run)
        {
            terms.Demand(run);
            return paid.Of(run).Is;
        }
    }

    static Command Show(Shell shell)
    {
        var (id, reading) = (Options.IdArgument<Document>("ID", "背景材料的编号", "the document's id"), new Reading());
        return shell.Command(
            "show", "显示一份背景材料及其余额。", "Show a document and how much of it is left.", [id, .. reading.All],
            (run, cancel) => Node.ShowAsync(run, reading, NodePaths.Document(run.Value(id)), run.Value(id).ToString(), cancel), "document show AAAAAAAAAAAAAAAAAAAAAQ");
    }

    static Command List(Shell shell)
    {
        var seller = Options.OptionalParty("--seller", "销售方", "who sold");
        var buyer = Options.OptionalParty("--buyer", "购买方", "who bought");
        var attester = Options.OptionalParty("--attester", "登记的银行", "the bank that attested");
        return new Listing(NounLists.Documents).Command(
            shell, "list", "列出一方的背景材料。", "List a party's documents.", [seller, buyer, attester],
            run => (run.Value(seller), run.Value(buyer), run.Value(attester)) switch
            {
                ({ } party, null, null) => NodePaths.List("documents", "seller", party),
                (null, { } party, null) => NodePaths.List("documents", "buyer", party),
                (null, null, { } party) => NodePaths.List("documents", "attester", party),
                _ => throw StopException.Usage("请在 --seller、--buyer、--attester 中选一。", "Give one of --seller, --buyer and --attester."),
            },
            "document list --seller 91310115XX0000019T");
    }

    static Command Pledges(Shell shell)
    {
        var party = Options.Party("--party", "出质人或质权人", "pledgor or pledgee");
        return new Listing(NounLists.Pledges).Command(
            shell, "pledges", "列出一方的背景材料质押。", "List a party's pledges of documents.", [party], run => NodePaths.List("pledges", "party", run.Value(party)),
            "document pledges --party 91440300MA1000017E");
    }
}
