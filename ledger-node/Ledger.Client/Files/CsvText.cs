using System.Buffers;
using System.Text;

namespace Ledger.Client.Files;

/// <summary>
/// Rows for a spreadsheet: RFC 4180, with the mark by which spreadsheets know UTF-8. Whatever writes a table writes it here, so that a name on the ledger
/// runs nothing on the desk of who opens the file: a cell that a spreadsheet would take for a formula begins with an apostrophe.
/// </summary>
public static class CsvText
{
    const char ByteOrderMark = '\uFEFF';

    // Signs with which a formula begins, in all their widths; spreadsheets fold the wide ones.
    const string Formulas = "=+-@" + "＝＋－＠" + "﹦﹢﹣﹫" + "−";

    // A spreadsheet whose separator is not the comma would cut at its own, unless the field is quoted.
    static readonly SearchValues<char> Separators = SearchValues.Create(",;\t\"\r\n");

    static readonly SearchValues<char> Figures = SearchValues.Create("0123456789.");

    public static string Of(IEnumerable<IEnumerable<string>> rows)
    {
        var text = new StringBuilder().Append(ByteOrderMark);
        foreach (var row in rows) text.Append(Row(row));
        return text.ToString();
    }

    /// <summary>One row with its end.</summary>
    public static string Row(IEnumerable<string> cells) => $"{string.Join(',', cells.Select(Cell))}\r\n";

    static string Cell(string value)
    {
        var harmless = IsFormula(value) ? $"'{value}" : value;
        return harmless.AsSpan().ContainsAny(Separators) ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : harmless;
    }

    // What shows nothing may be dropped by a spreadsheet before it looks; a tab or a line's end at the beginning is one of the signs itself.
    static bool IsFormula(string value)
    {
        // A number below nothing computes to itself.
        if (value.Length > 1 && value[0] == '-' && !value.AsSpan(1).ContainsAnyExcept(Figures)) return false;
        foreach (var character in value)
        {
            if (character is '\t' or '\r' or '\n' || Formulas.Contains(character, StringComparison.Ordinal)) return true;
            if (!char.IsWhiteSpace(character) && !char.IsControl(character) && char.GetUnicodeCategory(character) != System.Globalization.UnicodeCategory.Format) return false;
        }

        return false;
    }
}
