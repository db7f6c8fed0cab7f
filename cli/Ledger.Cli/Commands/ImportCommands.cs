using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ledger.Cli.Help;
using Ledger.Client.Documents;
using Ledger.Client.Files;
using Ledger.Client.Invoices;
using Ledger.Client.Text;
using Ledger.Core.Primitives;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger import</c>: reads invoices from files and drafts what a bank attests. Nothing is sent.</summary>
static class ImportCommands
{
    static readonly Field[] InvoiceColumns =
    [
        new("file", "文件", "file", null), new("syntax", "格式", "syntax", null), new("code", "发票代码", "code", null), new("number", "发票号码", "number", null),
        new("seller", "销售方", "seller", null), new("sellerId", "销售方识别号", "seller's id", null), new("buyer", "购买方", "buyer", null), new("buyerId", "购买方识别号", "buyer's id", null), new("payee", "另行载明的收款人", "named payee", null),
        new("issued", "开票日期", "issued", null), new("due", "到期日", "due", null), new("currency", "币种", "currency", null), new("net", "金额", "net", null, IsFigure: true),
        new("tax", "税额", "tax", null, IsFigure: true), new("total", "价税合计", "total", null, IsFigure: true), new("payable", "应付", "payable", null, IsFigure: true), new("refusal", "拒绝编号", "refusal", null),
        new("reason", "说明", "reason", null), new("opening", "开启文件", "opening", null),
    ];

    public static Command Make(Shell shell) =>
        Shell.Noun("import", "从文件读取发票并起草开启文件；不发送任何内容。", "Read invoices from files and draft their openings; nothing is sent.", Invoice(shell), Table(shell), Template(shell));

    static Command Invoice(Shell shell)
    {
        var files = new Argument<string[]>("FILE") { Arity = ArgumentArity.OneOrMore }.Told("发票：数电票、UBL 或 CII", "invoices: 数电票, UBL or CII");
        var folder = OutOption();
        return shell.Command("invoice", "显示发票内容或拒绝原因；用 --out 逐张起草开启文件。", "Say what invoices say, or why they are refused; with --out, draft an opening for each.", [files, folder], run =>
        {
            var read = run.Value(files).Select(path => Read(run.Read(path), path)).ToArray();
            return Finish(run, read, run.Value(folder), source: null);
        }, "import invoice invoice.xml", "import invoice a.xml b.xml --out drafts", "import invoice invoice.xml -o json");
    }

    static Command Table(Shell shell)
    {
        var path = Options.Text("FILE", "UTF-8 或 GB18030 的 CSV，表头同 ledger import template", "a CSV in UTF-8 or GB18030 whose heading is that of ledger import template");
        var folder = OutOption();
        var dryRun = Options.Flag("--dry-run", "只说明将起草什么", "only say what would be drafted");
        return shell.Command("csv", "读取发票表格；所有行均无误时逐张起草开启文件。", "Read a table of invoices; draft an opening for each when no row is wrong.", [path, folder, dryRun], run =>
        {
            if (!run.Value(dryRun) && run.Value(folder) is null) throw StopException.Usage("请给出 --out 目录，或 --dry-run。", "Give --out DIR, or --dry-run.");
            var name = run.Value(path);
            if (!InvoiceBatch.TryRead(run.Read(name), out var batch, out var problem))
            {
                throw new StopException(
                    ExitCode.Refused, $"{(ushort)problem.Refusal} {RefusalText.Of(problem, Language.Chinese)}", $"{(ushort)problem.Refusal} {RefusalText.Of(problem, Language.English)}");
            }

            run.Output.Message($"{name}：SHA-256 {batch.FileHash}", $"{name}: SHA-256 {batch.FileHash}");
            var rows = batch.Rows.Select(row => Drafted(Place(name, row.Row), row.Row, row.Invoice))
                .Concat(batch.Problems.Select(wrong => new Draft(Place(name, wrong.Row), wrong.Row, null, null, wrong.Problem)));
            return Finish(run, [.. rows.OrderBy(row => row.Order)], run.Value(dryRun) ? null : run.Value(folder), (name, batch.FileHash));
        }, "import csv invoices.csv --dry-run", "import csv invoices.csv --out drafts");
    }

    static Command Template(Shell shell)
    {
        var path = Options.OutFile();
        return shell.Command("template", "写出供 ledger import csv 使用的空表；--lang zh 为中文表头。", "Write an empty table for ledger import csv; --lang zh for a Chinese heading.", [path], run =>
        {
            run.WriteExact(InvoiceBatch.Template(run.Output.Language), run.Value(path));
            return ExitCode.Ok;
        }, "import template --out invoices.csv", "import template --lang zh --out 发票.csv");
    }

    static Option<string?> OutOption() => Options.TextOption(
        "--out", "存放开启文件的新目录或空目录，供 ledger document attest --opening 读取", "a new or empty folder for the openings, which ledger document attest --opening takes", value: "DIR");

    static string Place(string name, int row) => string.Create(CultureInfo.InvariantCulture, $"{name}:{row}");

    static Draft Read(byte[] file, string path) =>
        InvoiceReader.TryRead(file, out var invoice, out var problem) ? Drafted(path, 0, invoice) : new(path, 0, null, null, problem);

    static Draft Drafted(string place, int order, Invoice invoice) =>
        DocumentOpening.TryOf(invoice, new ByteString(RandomNumberGenerator.GetBytes(DocumentOpening.SaltSize)), out var opening, out var problem)
            ? new(place, order, invoice, opening, null)
            : new(place, order, invoice, null, problem);

    // An invoice that is only looked at may have parties that the ledger cannot know.
    static int Finish(Run run, Draft[] drafts, string? folder, (string File, string Hash)? source)
    {
        var isOnlyRead = folder is null && source is null;
        var isRefused = drafts.Any(draft => draft.Problem is not null && !(isOnlyRead && draft.Invoice is not null));
        var files = new Dictionary<Draft, string>();
        if (folder is not null && !isRefused) files = Write(folder, drafts, source);

        run.Output.Table(InvoiceColumns, drafts.Select(draft => Row(run, draft, files.GetValueOrDefault(draft))));
        if (!isRefused) return ExitCode.Ok;
        if (folder is not null) run.Output.Message("有不能登记的发票，未写出任何文件。", "Some invoices cannot be registered; no file was written.");
        return ExitCode.Refused;
    }

    static Dictionary<Draft, string> Write(string folder, Draft[] drafts, (string File, string Hash)? source)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new StopException(ExitCode.Fault, $"{folder} 不是空目录，不予覆盖。", $"{folder} is not empty; nothing is overwritten.");

        OwnerOnly.CreateFolder(folder);
        var files = new Dictionary<Draft, string>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < drafts.Length; i++)
        {
            if (drafts[i].Opening is not { } opening) continue;
            var name = string.Create(CultureInfo.InvariantCulture, $"{i + 1:D4}-{Safe(opening.Number)}.opening.json");
            var path = Path.Combine(folder, name);
            using var file = OwnerOnly.Create(path, FileMode.CreateNew);
            file.Write(opening.ToJson());
            files[drafts[i]] = path;
        }

        if (source is { } batch)
        {
            var note = new JsonObject { ["file"] = Path.GetFileName(batch.File), ["sha256"] = batch.Hash, ["openings"] = files.Count };
            File.WriteAllText(Path.Combine(folder, "batch.json"), note.ToJsonString(new() { WriteIndented = true, NewLine = "\n" }) + "\n");
        }

        return files;
    }

    static string Safe(string number) => string.Concat(number.Take(40).Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_'));

    static JsonNode?[] Row(Run run, Draft draft, string? opening)
    {
        var invoice = draft.Invoice;
        JsonNode? Money(Amount? amount) => amount is { } known && invoice is not null ? run.Output.Money(known, invoice.Currency) : null;
        JsonNode? Signed(long? minor) => minor is { } known ? $"{(known < 0 ? "-" : "")}{Money(new Amount((ulong)Math.Abs(known)))}" : null;
        string? Id(InvoiceParty? party) => party is { } known && known.Id != default ? known.Id.Text : null;
        return
        [
            draft.Place, invoice is null ? null : SyntaxName(invoice.Syntax), invoice?.Code is { Length: > 0 } code ? code : null, invoice?.Number,
            invoice?.Seller.Name, Id(invoice?.Seller), invoice?.Buyer.Name, Id(invoice?.Buyer), invoice?.Payee?.Name,
            invoice is null ? null : FileDateText(invoice.IssueDate), invoice?.DueDate is { } due ? FileDateText(due) : null, invoice?.Currency.Code,
            Signed(invoice?.NetMinor), Signed(invoice?.TaxMinor), Money(invoice?.Total), Money(invoice?.Payable),
            draft.Problem is { } problem ? (ushort)problem.Refusal : null, draft.Problem is { } said ? RefusalText.Of(said, run.Output.Language) : null, opening,
        ];
    }

    static string SyntaxName(InvoiceSyntax syntax) => syntax switch
    {
        InvoiceSyntax.EInvoice => "einvoice",
        InvoiceSyntax.Ubl => "ubl",
        InvoiceSyntax.CrossIndustry => "cii",
        InvoiceSyntax.Csv => "csv",
    };

    static string FileDateText(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>What became of one invoice: what it says, its opening, and why there is none.</summary>
    sealed record Draft(string Place, int Order, Invoice? Invoice, DocumentOpening? Opening, ImportProblem? Problem);
}
