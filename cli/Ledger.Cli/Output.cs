using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Files;
using Ledger.Client.Money;
using Ledger.Client.Text;
using Ledger.Core.Primitives;

namespace Ledger.Cli;

/// <summary>One named value of a result: its name in JSON, for people in two languages, and the value. A column of figures stands to the right.</summary>
public readonly record struct Field(string Name, string Chinese, string English, JsonNode? Value, bool IsFigure = false);

/// <summary>Results go to standard output, as a table for people, as JSON for programs or as CSV for spreadsheets; messages go to standard error.</summary>
public sealed class Output(Terminal terminal, Form form, bool isColoured, Language language)
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Language Language => language;

    public Form Form => form;

    public bool IsJson => form == Form.Json;

    public string Say(Word word) => word.In(language);

    public string Say(string chinese, string english) => language == Language.Chinese ? chinese : english;

    public string Say(Func<string> chinese, Func<string> english) => language == Language.Chinese ? chinese() : english();

    public void Message(string chinese, string english) => terminal.Error.WriteLine(Say(chinese, english));

    /// <summary>One thing: its fields below each other, or an object.</summary>
    public void Record(params ReadOnlySpan<Field> fields)
    {
        if (IsJson)
        {
            var json = new JsonObject();
            foreach (var field in fields) json[field.Name] = field.Value?.DeepClone();
            Json(json);
            return;
        }

        var rows = new List<string[]>();
        foreach (var field in fields) AddRows(rows, Say(field.Chinese, field.English), PeopleText.Of(field.Value, language, name: field.Name));
        WriteRows(rows, []);
    }

    /// <summary>Several things of one kind: a table with a heading, or an array of objects.</summary>
    public void Table(IReadOnlyList<Field> columns, IEnumerable<IReadOnlyList<JsonNode?>> rows)
    {
        if (IsJson)
        {
            Json(new JsonArray([.. rows.Select(row => (JsonNode)new JsonObject(columns.Select((column, i) => KeyValuePair.Create(column.Name, row[i]?.DeepClone()))))]));
            return;
        }

        WriteRows(
            [[.. columns.Select(column => Say(column.Chinese, column.English))], .. rows.Select(row => row.Select(Text).ToArray())],
            [.. columns.Index().Where(column => column.Item.IsFigure).Select(column => column.Index)]);
    }

    /// <summary>An amount in a result: as people write it, or in minor units for programs.</summary>
    public string Money(Amount amount, Currency currency) => IsJson ? amount.ToString() : MoneyText.Format(amount, currency);

    /// <summary>What a node answered: for programs as it is, for people in words.</summary>
    public void Answer(JsonElement answer)
    {
        var node = JsonSerializer.SerializeToNode(answer);
        if (IsJson || node is null)
        {
            Json(node);
            return;
        }

        node = PeopleText.Of(node, language) ?? node;
        if (Items(node) is { } items)
        {
            string[] columns = [.. items.OfType<JsonObject>().SelectMany(item => item.Select(member => member.Key)).Distinct()];
            WriteRows([[.. columns.Select(Label)], .. items.Select(item => columns.Select(column => Text((item as JsonObject)?[column])).ToArray())], []);
            return;
        }

        var rows = new List<string[]>();
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members) AddRows(rows, Label(name), value);
        }
        else
        {
            rows.Add([Text(node)]);
        }

        WriteRows(rows, []);
    }

    /// <summary>Bytes that another command reads, exactly.</summary>
    public void Exact(ReadOnlySpan<byte> utf8)
    {
        terminal.Output.Write(System.Text.Encoding.UTF8.GetString(utf8));
        terminal.Output.Flush();
    }

    public void Line(string text = "") => terminal.Output.WriteLine(text);

    /// <summary>A verdict, green or red where colours are wanted.</summary>
    public string Verdict(bool isGood, string text) => isColoured && form == Form.Table ? $"\u001b[{(isGood ? 32 : 31)}m{text}\u001b[0m" : text;

    internal void Json(JsonNode? json) => terminal.Output.WriteLine(json?.ToJsonString(Indented) ?? "null");

    string Label(string member) => MemberText.Of(member, language);

    // A page of a list begins with the list.
    static JsonArray? Items(JsonNode node) => node as JsonArray ?? (node is JsonObject { Count: > 0 } page ? page.GetAt(0).Value as JsonArray : null);

    void AddRows(List<string[]> rows, string name, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject members:
                foreach (var (inner, item) in members) AddRows(rows, $"{name}.{Label(inner)}", item);
                break;
            case JsonArray items:
                if (items.Count == 0) rows.Add([name, "-"]);
                for (var i = 0; i < items.Count; i++)
                {
                    if (items[i] is JsonObject or JsonArray) AddRows(rows, $"{name}[{i + 1}]", items[i]);
                    else rows.Add([i == 0 ? name : "", Text(items[i])]);
                }

                break;
            default:
                rows.Add([name, Text(value)]);
                break;
        }
    }

    string Text(JsonNode? value) => value switch
    {
        null => form == Form.Csv ? "" : "-",
        JsonValue one when one.GetValueKind() == JsonValueKind.String => one.GetValue<string>(),
        JsonValue one when one.GetValueKind() is JsonValueKind.True or JsonValueKind.False => one.GetValue<bool>() ? Say("是", "yes") : Say("否", "no"),
        _ => value.ToJsonString(Compact),
    };

    void WriteRows(List<string[]> rows, HashSet<int> figures)
    {
        if (rows.Count == 0) return;
        if (form == Form.Csv)
        {
            terminal.Output.Write(CsvText.Of(rows));
            return;
        }

        var widths = new int[rows.Max(row => row.Length)];
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++) widths[i] = Math.Max(widths[i], CellWidth.Of(row[i]));
        }

        foreach (var row in rows)
        {
            var cells = row.Select((cell, i) => figures.Contains(i) ? CellWidth.PadLeft(cell, widths[i]) : i == row.Length - 1 ? cell : CellWidth.Pad(cell, widths[i]));
            terminal.Output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
