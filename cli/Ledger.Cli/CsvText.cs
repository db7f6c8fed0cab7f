using System.Text;

namespace Ledger.Cli;

/// <summary>
/// Rows for a spreadsheet: RFC 4180, with the mark by which spreadsheets know UTF-8. A cell that a spreadsheet would take for a formula begins with an
/// apostrophe, so that a name on the ledger runs nothing on the desk of who opens the file.
/// </summary>
static class CsvText
{
    const char ByteOrderMark = '\uFEFF';

    public static string Of(IEnumerable<IEnumerable<string>> rows)
    {
        var text = new StringBuilder().Append(ByteOrderMark);
        foreach (var row in rows) text.AppendJoin(',', row.Select(Cell)).Append("\r\n");
        return text.ToString();
    }

    static string Cell(string value)
    {
        var harmless = value.Length > 0 && (value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '＝' or '＋' or '－' or '＠') ? $"'{value}" : value;
        return harmless.AsSpan().ContainsAny(",\"\r\n") ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : harmless;
    }
}
