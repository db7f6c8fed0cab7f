using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ledger.Client.Files;
using Ledger.Client.Text;
using Ledger.Core.Primitives;
using Ledger.Node.Nouns;

namespace Ledger.Node.Web;

public sealed record Column(string Key, Word Heading, ColumnKind Kind = ColumnKind.Text)
{
    public bool IsRight => Kind is ColumnKind.Money or ColumnKind.Number;
}

/// <summary>
/// A table, once for the page and for its exports: what is filtered on the page is filtered in the file, and no column can be in one and not in the
/// other.
/// </summary>
public class Sheet(Word caption, ReadOnlySpan<Column> columns)
{
    public const int PageSize = 50;

    // A file of more is a job for the API and its cursors.
    public const int MostExported = 20_000;

    public Word Caption { get; } = caption;

    public IReadOnlyList<Column> Columns { get; } = columns.ToArray();

    public List<Cell[]> Rows { get; } = [];

    public void Add(params Cell[] cells)
    {
        if (cells.Length != Columns.Count) throw new ArgumentException($"{cells.Length} cells under {Columns.Count} headings.", nameof(cells));
        Rows.Add(cells);
    }

    /// <summary>The one currency of a column of money, null where several meet in it.</summary>
    public Currency? CurrencyOf(int column)
    {
        Currency? found = null;
        foreach (var row in Rows)
        {
            if (row[column].Currency is not { } currency) continue;
            if (found is { } other && other != currency) return null;
            found = currency;
        }

        return found;
    }

    public string Heading(Visit visit, int column)
    {
        var heading = visit[Columns[column].Heading];
        if (Columns[column].Kind != ColumnKind.Money || CurrencyOf(column) is not { } currency) return heading;
        return visit[currency == Currency.Cny ? Words.InYuan : Words.InCurrency, heading, currency.Code];
    }

    /// <summary>As a person reads it in this column.</summary>
    public string Shown(int column, Cell cell)
    {
        if (cell is { Amount: { } amount, Currency: { } currency })
            return CurrencyOf(column) is null ? Figures.Money(amount, currency) : Figures.Plain(amount, currency);
        return cell.IsEmpty ? Figures.Nothing : cell.Text;
    }

    /// <summary>RFC 4180 in UTF-8 with a byte order mark, which Excel asks for; nothing in it is taken for a formula.</summary>
    public byte[] ToCsv(Visit visit)
    {
        IEnumerable<string> heading = Columns.Select((_, i) => Heading(visit, i));
        return Encoding.UTF8.GetBytes(CsvText.Of(Rows.Select(row => row.Select((cell, i) => ForSpreadsheet(i, cell))).Prepend(heading)));
    }

    public byte[] ToJson(Visit visit)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("height", visit.View.Header.Height);
            json.WriteNumber("ledgerTime", visit.State.Now.UnixMilliseconds);
            json.WriteStartArray("rows");
            foreach (var row in Rows)
            {
                json.WriteStartObject();
                for (var i = 0; i < row.Length; i++) Write(json, Columns[i].Key, row[i]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    static void Write(Utf8JsonWriter json, string key, Cell cell)
    {
        if (cell is { Amount: { } amount, Currency: { } currency })
        {
            json.WriteStartObject(key);
            json.WriteString("amount", amount.ToString());
            json.WriteString("currency", currency.Code);
            json.WriteEndObject();
        }
        else if (cell.IsEmpty)
        {
            json.WriteNull(key);
        }
        else
        {
            json.WriteString(key, cell.Text);
        }
    }

    string ForSpreadsheet(int column, Cell cell)
    {
        if (cell is not { Amount: { } amount, Currency: { } currency }) return cell.Text;
        var figures = Figures.Plain(amount, currency).Replace(",", "", StringComparison.Ordinal);
        return CurrencyOf(column) is null ? $"{currency.Code} {figures}" : figures;
    }
}
