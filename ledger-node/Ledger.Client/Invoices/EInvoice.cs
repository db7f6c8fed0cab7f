using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ledger.Client.Files;
using Ledger.Client.Money;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Invoices;

/// <summary>
/// A fully digital e-invoice (数电票) as its XML, <c>EInvoice</c> 0.31 and 0.32, says it: every field as text, nothing judged, null where nothing
/// stands. <see cref="TryValidate"/> judges. The tax bureau's signature is not checked: its certificates are not public.
/// </summary>
public sealed partial record EInvoice(
    string? Version,
    string? BlueFlag,
    string? KindCode,
    string? Number,
    string? IssueTime,
    string? SellerNumber,
    string? SellerName,
    string? BuyerNumber,
    string? BuyerName,
    string? TotalWithoutTax,
    string? Tax,
    string? Total,
    string? TotalInChinese,
    string? BlueNumber,
    string? Remark,
    ValueList<EInvoiceLine> Lines)
{
    public const string RootElement = "EInvoice";

    // The number is the one the tax bureau gave; a remark or an attachment may name others.
    const string NumberPath = "TaxSupervisionInfo/InvoiceNumber";
    const string IssueTimePath = "TaxSupervisionInfo/IssueTime";
    const string BlueFlagPath = "Header/InherentLabel/InIssuType/LabelCode";
    const string KindPath = "Header/InherentLabel/GeneralOrSpecialVAT/LabelCode";
    const string SellerNumberPath = "EInvoiceData/SellerInformation/SellerIdNum";
    const string SellerNamePath = "EInvoiceData/SellerInformation/SellerName";
    const string BuyerNumberPath = "EInvoiceData/BuyerInformation/BuyerIdNum";
    const string BuyerNamePath = "EInvoiceData/BuyerInformation/BuyerName";
    const string TotalWithoutTaxPath = "EInvoiceData/BasicInformation/TotalAmWithoutTax";
    const string TaxPath = "EInvoiceData/BasicInformation/TotalTaxAm";
    const string TotalPath = "EInvoiceData/BasicInformation/TotalTax-includedAmount";
    const string TotalInChinesePath = "EInvoiceData/BasicInformation/TotalTax-includedAmountInChinese";
    const string BlueNumberPath = "EInvoiceData/SpecificInformation/RedEInvoice/OriginalInvoiceCode";
    const string RemarkPath = "EInvoiceData/AdditionalInformation/Remark";

    public static bool TryParse(XElement root, [NotNullWhen(true)] out EInvoice? parsed, [NotNullWhen(false)] out ImportProblem? problem)
    {
        parsed = null;
        problem = null;
        var fields = new FieldReader(root);
        var read = new EInvoice(
            Version: fields.Read("Header/Version"),
            BlueFlag: fields.Read(BlueFlagPath),
            KindCode: fields.Read(KindPath),
            Number: fields.Read(NumberPath),
            IssueTime: fields.Read(IssueTimePath),
            SellerNumber: fields.Read(SellerNumberPath),
            SellerName: fields.Read(SellerNamePath),
            BuyerNumber: fields.Read(BuyerNumberPath),
            BuyerName: fields.Read(BuyerNamePath),
            TotalWithoutTax: fields.Read(TotalWithoutTaxPath),
            Tax: fields.Read(TaxPath),
            Total: fields.Read(TotalPath),
            TotalInChinese: fields.Read(TotalInChinesePath),
            BlueNumber: fields.Read(BlueNumberPath),
            Remark: fields.Read(RemarkPath),
            Lines: default);
        if (fields.Repeated is { } repeated)
        {
            problem = new(Refusal.FieldRepeated, repeated);
            return false;
        }

        if (!TryParseLines(root, out var lines, out problem)) return false;
        parsed = read with { Lines = lines };
        return true;
    }

    /// <summary>Whether the parts agree with one another and name two parties: the invoice, or the first thing that is wrong.</summary>
    public bool TryValidate([NotNullWhen(true)] out Invoice? invoice, [NotNullWhen(false)] out ImportProblem? problem)
    {
        invoice = null;
        if (!TryReadNumber(out var number, out problem)) return false;
        if (IsRedLetter(out problem)) return false;
        if (!TryReadDate(out var date, out problem)) return false;
        if (!TryReadAmount(TotalWithoutTaxPath, TotalWithoutTax, out var net, out problem)) return false;
        if (!TryReadAmount(TaxPath, Tax, out var tax, out problem)) return false;
        if (!TryReadAmount(TotalPath, Total, out var total, out problem)) return false;
        if (!TotalsAgree(net, tax, total, out problem)) return false;
        if (!TryReadLines(net, tax, out var lines, out problem)) return false;
        problem = SellerName is null ? new(Refusal.MissingField, SellerNamePath) : BuyerName is null ? new(Refusal.MissingField, BuyerNamePath) : null;
        if (problem is not null) return false;

        var kind = KindCode switch
        {
            "01" => InvoiceKind.SpecialVat,
            "02" => InvoiceKind.GeneralVat,
            _ => InvoiceKind.Unstated,
        };
        invoice = new(
            kind, Code: "", number, Party(SellerName, SellerNumber), Party(BuyerName, BuyerNumber), Currency.Cny, total, (long)net.Minor, (long)tax.Minor, date, lines)
        {
            Assignment = AssignmentRemark().Match(Remark ?? "") is { Success: true } assigned ? assigned.Value : null,
        };
        return true;
    }

    static bool TryParseLines(XElement root, out ValueList<EInvoiceLine> lines, [NotNullWhen(false)] out ImportProblem? problem)
    {
        lines = default;
        problem = null;
        var read = new List<EInvoiceLine>();
        foreach (var element in root.Element("EInvoiceData")?.Elements() ?? [])
        {
            if (element.Name != "IssuItemInformation" && element.Name != "ItemDetail") continue;

            // Some issuers repeat the line itself, others gather the lines as details of one.
            IEnumerable<XElement> items = element.Element("ItemDetail") is null ? [element] : element.Elements("ItemDetail");
            foreach (var item in items)
            {
                var path = $"EInvoiceData/{item.Name.LocalName}[{read.Count + 1}]";
                var fields = new FieldReader(item);
                read.Add(new(path, fields.Read("ItemName"), fields.Read(EInvoiceLine.NetElement), fields.Read(EInvoiceLine.TaxElement)));
                if (fields.Repeated is not { } repeated) continue;

                problem = new(Refusal.FieldRepeated, $"{path}/{repeated}");
                return false;
            }
        }

        lines = [.. read];
        return true;
    }

    bool TryReadNumber(out string number, [NotNullWhen(false)] out ImportProblem? problem)
    {
        number = Number ?? "";
        problem = Number is null ? new(Refusal.MissingField, NumberPath)
            : number.Length != 20 || number.AsSpan().ContainsAnyExceptInRange('0', '9') ? new(Refusal.NumberInvalid, NumberPath, number)
            : null;
        return problem is null;
    }

    bool IsRedLetter([NotNullWhen(true)] out ImportProblem? problem)
    {
        var mark = BlueFlag == "N" ? BlueFlagPath
            : BlueNumber is not null ? BlueNumberPath
            : IsNegative(Total) ? TotalPath
            : IsNegative(TotalWithoutTax) ? TotalWithoutTaxPath
            : null;
        var named = RemarkedBlueNumber().Match(Remark ?? "").Groups["number"];
        problem = mark is null ? null : new(Refusal.RedLetter, mark, BlueNumber ?? (named.Success ? named.Value : null));
        return problem is not null;
    }

    static bool IsNegative(string? figure) => Figure.TryParse(figure, Currency.Cny, out var minor) && minor < 0;

    bool TryReadDate(out DateOnly date, [NotNullWhen(false)] out ImportProblem? problem)
    {
        date = default;
        problem = IssueTime is null ? new(Refusal.MissingField, IssueTimePath)
            : !TryParseDate(IssueTime, out date) ? new(Refusal.DateInvalid, IssueTimePath, IssueTime)
            : null;
        return problem is null;
    }

    // With or without the time of day; the date is all the ledger keeps, but a time must be one.
    static bool TryParseDate(string text, out DateOnly date)
    {
        var timeIsFit = text.Length == 10
            || (text.Length == 19 && text[10] == ' ' && TimeOnly.TryParseExact(text.AsSpan(11), "HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
        date = default;
        return timeIsFit && DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
    }

    static bool TryReadAmount(string path, string? text, out Amount amount, [NotNullWhen(false)] out ImportProblem? problem)
    {
        amount = default;
        problem = text is null ? new(Refusal.MissingField, path) : null;
        if (problem is not null) return false;

        if (Figure.Wrong(text, Currency.Cny, out var minor) is { } refusal) problem = new(refusal, path, text);
        else if (minor < 0) problem = new(Refusal.AmountInvalid, path, text);
        else amount = new((ulong)minor);
        return problem is null;
    }

    bool TotalsAgree(Amount net, Amount tax, Amount total, [NotNullWhen(false)] out ImportProblem? problem)
    {
        problem = total.IsZero ? new(Refusal.NothingOwed, TotalPath, Total)
            : net + tax != total ? new(Refusal.AmountsDisagree, TotalPath, Total)
            : TotalInChinese is not null && !(CapitalAmount.TryRead(TotalInChinese, out var capital) && capital == total)
                ? new(Refusal.CapitalAmountDisagrees, TotalInChinesePath, TotalInChinese)
            : null;
        return problem is null;
    }

    bool TryReadLines(Amount net, Amount tax, out ValueList<InvoiceLine> lines, [NotNullWhen(false)] out ImportProblem? problem)
    {
        var read = new List<InvoiceLine>(Lines.Count);
        lines = default;
        foreach (var line in Lines)
        {
            if (!TryReadLineFigure(line, EInvoiceLine.NetElement, line.Net, out var lineNet, out problem)) return false;
            if (!TryReadLineFigure(line, EInvoiceLine.TaxElement, line.Tax, out var lineTax, out problem)) return false;
            read.Add(new(line.Name ?? "", lineNet, lineTax));
        }

        problem = !AddsUp(read, line => line.NetMinor, net) ? new(Refusal.AmountsDisagree, TotalWithoutTaxPath, TotalWithoutTax)
            : !AddsUp(read, line => line.TaxMinor, tax) ? new(Refusal.AmountsDisagree, TaxPath, Tax)
            : null;
        if (problem is not null) return false;
        lines = [.. read];
        return true;
    }

    static bool TryReadLineFigure(EInvoiceLine line, string element, string? text, out long? minor, [NotNullWhen(false)] out ImportProblem? problem)
    {
        minor = null;
        problem = null;
        if (text is null) return true;

        if (Figure.Wrong(text, Currency.Cny, out var read) is { } refusal) problem = new(refusal, $"{line.Path}/{element}", text);
        else minor = read;
        return problem is null;
    }

    // Where one line leaves its figure out, the sum says nothing.
    static bool AddsUp(List<InvoiceLine> lines, Func<InvoiceLine, long?> figure, Amount total)
    {
        if (lines.Count == 0) return true;

        var sum = 0L;
        foreach (var line in lines)
        {
            if (figure(line) is not { } minor) return true;
            sum += minor;
        }

        return sum == (long)total.Minor;
    }

    // A number that is none, or is missing, is judged where the ledger would need it: the figures are the same.
    static InvoiceParty Party(string? name, string? number) => new(name ?? "", number is null ? [] : [new(PartyIdentifier.Uscc, number)]);

    [GeneratedRegex("(应收[账帐]款|债权)[^。；;，,]{0,12}?已?(转让|让与)(给|至|予)|(应收[账帐]款|债权)已(经)?转让|已(办理)?保理")]
    private static partial Regex AssignmentRemark();

    [GeneratedRegex("被红冲蓝字(?:数电)?发?票号码[:：] *(?<number>[0-9]{20})")]
    private static partial Regex RemarkedBlueNumber();
}

/// <summary>One line as text: <c>IssuItemInformation</c>, or an <c>ItemDetail</c> of one.</summary>
public sealed record EInvoiceLine(string Path, string? Name, string? Net, string? Tax)
{
    internal const string NetElement = "Amount";
    internal const string TaxElement = "ComTaxAm";
}
