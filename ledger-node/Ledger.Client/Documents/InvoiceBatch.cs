using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ledger.Client.Files;
using Ledger.Client.Invoices;
using Ledger.Client.Money;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Documents;

/// <summary>
/// A table of invoices that are meant for the ledger, one a row. All that is wrong is told, row by row as a spreadsheet counts them; the file's
/// SHA-256 says which file it was.
/// </summary>
public sealed partial record InvoiceBatch(string FileHash, ValueList<BatchRow> Rows, ValueList<RowProblem> Problems)
{
    const string SellerName = "seller_name";
    const string SellerId = "seller_id";
    const string BuyerName = "buyer_name";
    const string BuyerId = "buyer_id";
    const string Code = "code";
    const string Number = "number";
    const string IssueDate = "issue_date";
    const string DueDate = "due_date";
    const string CurrencyCode = "currency";
    const string Net = "net";
    const string Tax = "tax";
    const string Total = "total";

    static readonly (string Name, string Chinese, bool IsNeeded)[] Columns =
    [
        (SellerName, "销售方名称", true), (SellerId, "销售方识别号", true), (BuyerName, "购买方名称", true), (BuyerId, "购买方识别号", true),
        (Code, "发票代码", false), (Number, "发票号码", true), (IssueDate, "开票日期", true), (DueDate, "到期日", false), (CurrencyCode, "币种", false),
        (Net, "金额", true), (Tax, "税额", true), (Total, "价税合计", true),
    ];

    // Spreadsheets in China write slashes and no leading zeros.
    static readonly string[] DateForms = ["yyyy-MM-dd", "yyyy/M/d", "yyyyMMdd", "yyyy年M月d日"];

    /// <summary>An empty table with its heading, as spreadsheets read UTF-8: with a byte order mark.</summary>
    public static byte[] Template(Language language) =>
        [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(string.Join(',', Columns.Select(column => language == Language.Chinese ? column.Chinese : column.Name)) + "\r\n")];

    /// <summary>Reads the table; false where the file as a whole cannot be one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, [NotNullWhen(true)] out InvoiceBatch? batch, [NotNullWhen(false)] out ImportProblem? problem)
    {
        batch = null;
        if (file.Length > HardenedXml.MaxBytes)
        {
            problem = new(Refusal.FileTooLarge, "/");
            return false;
        }

        if (!FileText.TryDetect(file, out var text, out problem)) return false;
        if (!Csv.TryRead(text, out var rows, out problem)) return false;
        if (!TryReadHeading(rows, out var columns, out problem)) return false;

        var (read, problems) = (new List<BatchRow>(), new List<RowProblem>());
        var seen = new Dictionary<(string, string, PartyId), int>();
        foreach (var row in rows.Skip(1))
        {
            var reading = new RowReading(row, columns);
            if (reading.Invoice() is { } invoice && reading.Problems.Count == 0)
            {
                if (seen.TryAdd(KeyOf(invoice), row.Number)) read.Add(new(row.Number, invoice));
                else reading.Say(Refusal.CsvRowRepeated, Number, string.Create(CultureInfo.InvariantCulture, $"{invoice.Number} = row {seen[KeyOf(invoice)]}"));
            }

            problems.AddRange(reading.Problems.Select(said => new RowProblem(row.Number, said)));
        }

        batch = new(Convert.ToHexStringLower(SHA256.HashData(file)), [.. read], [.. problems]);
        return true;
    }

    static bool TryReadHeading(List<CsvRow> rows, [NotNullWhen(true)] out string[]? columns, [NotNullWhen(false)] out ImportProblem? problem)
    {
        columns = null;
        problem = rows.Count < 2 ? new(Refusal.CsvEmpty, "/") : null;
        if (problem is not null) return false;

        var named = new List<string>();
        foreach (var heading in rows[0].Fields.Select(field => field.Trim()))
        {
            var known = Columns.FirstOrDefault(column => column.Chinese == heading || column.Name.Equals(heading, StringComparison.OrdinalIgnoreCase)).Name;
            if (known is null || named.Contains(known))
            {
                problem = new(Refusal.CsvHeaderWrong, "row 1", heading);
                return false;
            }

            named.Add(known);
        }

        if (Columns.Where(column => column.IsNeeded && !named.Contains(column.Name)).Select(column => $"{column.Name} / {column.Chinese}").FirstOrDefault() is { } missing)
        {
            problem = new(Refusal.CsvHeaderWrong, "row 1", missing);
            return false;
        }

        columns = [.. named];
        return true;
    }

    // As the ledger will know it again: where the tax authority did not number it, by its seller too.
    static (string Code, string Number, PartyId Seller) KeyOf(Invoice invoice) => (
        invoice.Code, invoice.Number,
        DocumentNumber.TryRead(DocumentKind.Invoice, invoice.Seller.Id, invoice.Code, invoice.Number, out var name, out _) && name.IsNational ? default : invoice.Seller.Id);

    /// <summary>Reads one row and remembers everything that is wrong with it.</summary>
    sealed class RowReading(CsvRow row, string[] columns)
    {
        public List<ImportProblem> Problems { get; } = [];

        public void Say(Refusal refusal, string column, string? value) => Problems.Add(new(refusal, column, value));

        public Invoice? Invoice()
        {
            if (row.Fields.Length != columns.Length)
            {
                Say(Refusal.CsvFieldCountWrong, "/", row.Fields.Length.ToString(CultureInfo.InvariantCulture));
                return null;
            }

            var currency = ReadCurrency();
            var seller = Party(SellerName, SellerId, Refusal.SellerNotIdentified);
            var buyer = Party(BuyerName, BuyerId, Refusal.BuyerNotIdentified);
            var (code, number) = ReadNumber(seller.Id);
            var (issued, due) = (Date(IssueDate), Date(DueDate));
            var (net, tax, total) = (Money(Net, currency), Money(Tax, currency), Money(Total, currency));
            if (total is { IsZero: true }) Say(Refusal.AmountInvalid, Total, Field(Total));
            if (net is { } without && tax is { } levied && total is { } sum && without + levied != sum) Say(Refusal.AmountsDisagree, Total, Field(Total));
            return Problems.Count > 0 ? null : new(
                InvoiceKind.Unstated, code, number, seller, buyer, currency, total ?? default, (long)(net ?? default).Minor, (long)(tax ?? default).Minor, issued ?? default, [])
            {
                Syntax = InvoiceSyntax.Csv,
                DueDate = due,
            };
        }

        string? Field(string column)
        {
            var index = Array.IndexOf(columns, column);
            return index >= 0 && row.Fields[index].Trim() is { Length: > 0 } text ? text : null;
        }

        string? Needed(string column)
        {
            var text = Field(column);
            if (text is null && Array.Exists(Columns, known => known.Name == column && known.IsNeeded)) Say(Refusal.MissingField, column, null);
            return text;
        }

        Currency ReadCurrency()
        {
            var text = Field(CurrencyCode);
            if (text is null) return Currency.Cny;
            if (!Currency.TryParse(text, out var currency)) Say(Refusal.CurrencyUnknown, CurrencyCode, text);
            return currency;
        }

        InvoiceParty Party(string nameColumn, string idColumn, Refusal refusal)
        {
            var (name, number) = (Needed(nameColumn), Needed(idColumn));
            if (number is null) return default;
            if (PartyId.TryParse(number, out var id)) return new(id, name ?? "");

            Say(refusal, idColumn, number);
            return default;
        }

        (string Code, string Number) ReadNumber(PartyId seller)
        {
            var (code, number) = (Spelling(Code) ?? "", Spelling(Number) ?? "");
            if (number.Length == 0 || seller == default) return (code, number);
            if (DocumentNumber.TryRead(DocumentKind.Invoice, seller, code, number, out var read, out var why)) return (read.Code, read.Number);

            Say(why, Number, code.Length == 0 ? number : $"{code} {number}");
            return (code, number);
        }

        string? Spelling(string column)
        {
            if (Needed(column) is not { } text || !Scientific().IsMatch(text)) return Field(column);

            Say(Refusal.CsvNumberMangled, column, text);
            return null;
        }

        DateOnly? Date(string column)
        {
            if (Needed(column) is not { } text) return null;
            if (DateOnly.TryParseExact(text, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;

            Say(Refusal.DateInvalid, column, text);
            return null;
        }

        Amount? Money(string column, Currency currency)
        {
            if (Needed(column) is not { } text || currency == default) return null;
            if (MoneyText.TryParse(text, currency, out var amount)) return amount;

            Say(text.StartsWith('-') && MoneyText.TryParse(text.AsSpan(1), currency, out _) ? Refusal.RedLetter : Refusal.AmountInvalid, column, text);
            return null;
        }
    }

    [GeneratedRegex(@"\A[0-9]+(\.[0-9]+)?[Ee]\+?[0-9]+\z")]
    private static partial Regex Scientific();
}

/// <summary>An invoice and the row of the table in which it stands; the heading is row 1.</summary>
public sealed record BatchRow(int Row, Invoice Invoice);

public sealed record RowProblem(int Row, ImportProblem Problem);
