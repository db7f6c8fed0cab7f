using System.Diagnostics.CodeAnalysis;
using System.Text;
using Ledger.Core.State;

namespace Ledger.Client.Files;

/// <summary>
/// Tables by RFC 4180 and no more lenient: commas, lines that end in LF or CRLF, fields in quotation marks where they hold a comma, a mark (doubled)
/// or a line's end.
/// </summary>
static class Csv
{
    /// <summary>The rows, with empty lines left out; each says in which row a spreadsheet shows it.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out List<CsvRow>? rows, [NotNullWhen(false)] out ImportProblem? problem)
    {
        rows = null;
        problem = null;
        var read = new List<CsvRow>();
        var at = 0;
        for (var number = 1; at < text.Length; number++)
        {
            var fields = new List<string>();
            do
            {
                if (TryReadField(text, ref at, out var field))
                {
                    fields.Add(field);
                    continue;
                }

                problem = new(Refusal.CsvMalformed, $"row {number}, field {fields.Count + 1}");
                return false;
            }
            while (Skip(text, ref at, ","));

            if (!Skip(text, ref at, "\r\n")) Skip(text, ref at, "\n");
            if (fields is not [""]) read.Add(new(number, [.. fields]));
        }

        rows = read;
        return true;
    }

    // Ends before a comma, a line's end or the text's.
    static bool TryReadField(string text, ref int at, out string field)
    {
        field = "";
        if (!Skip(text, ref at, "\""))
        {
            var length = text.AsSpan(at).IndexOfAny(",\n\"");
            var end = length < 0 ? text.Length : at + length;
            if (end < text.Length && text[end] == '"') return false;
            field = text[at..end];
            if (end < text.Length && text[end] == '\n' && field.EndsWith('\r')) field = field[..^1];
            at += field.Length;
            return !field.Contains('\r', StringComparison.Ordinal);
        }

        var content = new StringBuilder();
        while (true)
        {
            var mark = text.IndexOf('"', at);
            if (mark < 0) return false;
            content.Append(text, at, mark - at);
            at = mark + 1;
            if (!Skip(text, ref at, "\"")) break;
            content.Append('"');
        }

        field = content.ToString();
        var rest = text.AsSpan(at);
        return rest.IsEmpty || rest[0] is ',' or '\n' || rest.StartsWith("\r\n");
    }

    static bool Skip(string text, ref int at, string mark)
    {
        if (!text.AsSpan(at).StartsWith(mark)) return false;
        at += mark.Length;
        return true;
    }
}

readonly record struct CsvRow(int Number, string[] Fields);
