using System.CommandLine;
using System.Security.Cryptography;
using Ledger.Client.Documents;
using Ledger.Client.Files;
using Ledger.Client.Invoices;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Cli;

/// <summary>
/// What a document says, from one of three places: an opening that was made before, an invoice's file, or typed. A new opening is written to a
/// file, for without its salt nobody can ever show again what was attested.
/// </summary>
sealed class OpeningOptions
{
    readonly Option<string?> opening = Options.TextOption("--opening", "先前写出的开启文件", "an opening that was written before", value: "FILE");
    readonly Option<string?> invoice = Options.TextOption("--invoice", "发票 XML：数电票、UBL 或 CII", "an invoice's XML: 数电票, UBL or CII", value: "FILE");
    readonly Option<string?> openingOut = Options.TextOption("--opening-out", "新开启文件的保存位置", "where to write a new opening", value: "FILE");
    readonly Option<DocumentKind> kind = Options.Name<DocumentKind>("--kind", "键入：种类", "typed: its kind", required: false);
    readonly Option<string?> code = Options.TextOption("--code", "键入：发票代码（如有）", "typed: 发票代码, where there is one");
    readonly Option<string?> number = Options.TextOption("--number", "键入：号码", "typed: its number");
    readonly Option<string?> paper = Options.TextOption(
        "--paper", "键入：数电纸质发票上的发票代码和号码（其身份是 20 位数电票号码）", "typed: code and number of the form, of a digital invoice on paper; its name is its 20 digits");
    readonly Option<PartyId> seller = Options.Party("--seller", "键入：销售方", "typed: the seller", required: false);
    readonly Option<PartyId> buyer = Options.Party("--buyer", "键入：购买方", "typed: the buyer", required: false);
    readonly Option<string> amount = Options.AmountOption("键入：合计金额", "typed: its total in major units", required: false);
    readonly Option<Currency> currency = Options.CurrencyOption();
    readonly Option<DateOnly> date = Options.Option<DateOnly>("--date", "键入：日期，yyyy-MM-dd", "typed: its date, yyyy-MM-dd", Options.TryParseDate, required: false);

    public IEnumerable<Symbol> All => [opening, invoice, openingOut, kind, code, number, paper, seller, buyer, amount, currency, date];

    public DocumentOpening Read(Run run)
    {
        if (run.Value(opening) is { } path)
        {
            return DocumentOpening.TryReadJson(run.Read(path), out var known)
                ? known
                : throw new StopException(ExitCode.Fault, $"{path} 不是背景材料的开启文件。", $"{path} is no document's opening.");
        }

        if (run.Value(openingOut) is not { } target)
            throw StopException.Usage("请用 --opening-out 指定开启文件的保存位置。", "Say with --opening-out where the opening is to be kept.");
        var made = run.Value(invoice) is { } xml ? Import(run, xml) : Typed(run);
        using var file = OwnerOnly.Create(target, FileMode.CreateNew);
        file.Write(made.ToJson());
        return made;
    }

    static DocumentOpening Import(Run run, string path)
    {
        if (InvoiceReader.TryRead(run.Read(path), out var read, out var problem) && DocumentOpening.TryOf(read, Salt(), out var made, out problem)) return made;
        throw new StopException(ExitCode.Refused, RefusalText.Of(problem, Language.Chinese), RefusalText.Of(problem, Language.English));
    }

    DocumentOpening Typed(Run run)
    {
        var (typed, total) = (run.Value(currency), run.Value(amount));
        var why = Refusal.MissingField;
        if (total is not null && DocumentOpening.TryCreate(
            Salt(), run.Value(kind), run.Value(code) ?? "", run.Value(number) ?? "", run.Value(paper) ?? "", run.Value(seller), run.Value(buyer), typed, Options.Money(total, typed), run.Value(date),
            out var made, out why)) return made;

        if (why == Refusal.MissingField)
        {
            throw StopException.Usage(
                "请给出 --opening、--invoice，或 --kind --number --seller --buyer --amount --date。",
                "Give --opening, --invoice, or --kind --number --seller --buyer --amount --date.");
        }

        var problem = new ImportProblem(why, "--number", $"{run.Value(code)} {run.Value(number)} {run.Value(paper)}".Trim());
        throw new StopException(ExitCode.Refused, RefusalText.Of(problem, Language.Chinese), RefusalText.Of(problem, Language.English));
    }

    static ByteString Salt() => new(RandomNumberGenerator.GetBytes(DocumentOpening.SaltSize));
}
