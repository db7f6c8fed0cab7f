using System.Text.RegularExpressions;
using Ledger.Core.State;

namespace Ledger.Tests.House;

/// <summary>The document of formats spells every record as the ledger's tables do, field by field.</summary>
public partial class RecordTablesTests
{
    static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root(), "ledger-node", "docs", "FORMATS.md")).Split("\n## State records\n")[1].Split("\n## ")[0];

    // What several records share is said below the table, and a use in the notation.
    static readonly Dictionary<string, string> Parts = 
        Part().Matches(Text).ToDictionary(match => match.Groups[1].Value + match.Groups[2].Value, match => match.Groups[3].Value.ReplaceLineEndings(" ").TrimEnd('|', ' '));

    public static TheoryData<string> Tables => [.. Core.State.Tables.All.Select(Name)];

    [Theory]
    [MemberData(nameof(Tables))]
    public void The_document_spells_a_record_as_it_is_written(string name)
    {
        var table = Core.State.Tables.All.Single(table => Name(table) == name);
        var (key, value) = Assert.Single(Rows(), row => row.Section == (int)table.Section && (table.Tag is not { } tag || row.Key.StartsWith($"`{tag:x2}`", StringComparison.Ordinal))) is var row
            ? (row.Key, row.Value)
            : default;

        Assert.Equal(table.SpeltKey.Select(field => field.Type), Spelt(key).Select(field => field.Type));
        AreOne(Spelt(value), table.SpeltValue);
    }

    [Fact]
    public void The_document_has_a_row_for_every_table_and_no_other() => Assert.Equal(Core.State.Tables.All.Count, Rows().Count());

    static void AreOne(IEnumerable<SpeltField> document, IEnumerable<SpeltField> code)
    {
        Assert.Equal(code.Select(field => field.Type), document.Select(field => field.Type));

        // A member may have another word in the document, but not that of a neighbour: two amounts that changed places are found by their names.
        Assert.All(document.Zip(code), pair => Assert.True(Means(pair.First.Member, pair.Second.Member), $"{pair.First} is {pair.Second.Member} in code"));
    }

    static bool Means(string words, string member)
    {
        if (words.Length == 0 || member.Length == 0) return true;
        var known = Word().Matches(member).Select(match => Stem(match.Value)).ToArray();
        return Word().Matches(words).Any(match => known.Contains(Stem(match.Value)));
    }

    static string Stem(string word) => word.ToLowerInvariant()[..Math.Min(word.Length, 4)];

    static string Name(Table table) => table.Tag is { } tag ? $"{table.Section} {tag:x2}" : table.Section.ToString();

    static IEnumerable<(int Section, string Key, string Value)> Rows()
    {
        var section = 0;
        foreach (var line in Text.Split("| section | key | value |\n|---|---|---|\n")[1].Split("\n\n")[0].Split('\n'))
        {
            var cells = line.Split(" | ", StringSplitOptions.TrimEntries);
            if (Digits().Match(cells[0]) is { Success: true } number) section = int.Parse(number.Value, System.Globalization.CultureInfo.InvariantCulture);
            yield return (section, cells[^2].TrimStart('|', ' '), cells[^1].TrimEnd('|', ' '));
        }

        // Records that most chains never have are told of in sentences.
        foreach (Match more in More().Matches(Text))
            yield return (int.Parse(more.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), more.Groups[2].Value, more.Groups[3].Value);
    }

    static IEnumerable<SpeltField> Spelt(string spelling)
    {
        foreach (var field in Fields(spelling.Replace("`", "", StringComparison.Ordinal)))
        {
            if (field[0] == '[')
            {
                var end = field.LastIndexOf(']');
                yield return new("[", field[(end + 1)..]);
                foreach (var within in Spelt(field[1..end])) yield return within;
                yield return new("]", "");
                continue;
            }

            var type = field.Split(' ')[0].TrimEnd(',', ':', ';');
            if (Parts.TryGetValue(type, out var part))
            {
                var optional = part.Split("`00`, or `01` ‖ ");
                if (optional.Length > 1) yield return new("?[", type);
                foreach (var within in Spelt(optional[^1])) yield return within;
                if (optional.Length > 1) yield return new("]", "");
                continue;
            }

            yield return new(type, field[type.Length..]);
        }
    }

    static IEnumerable<string> Fields(string spelling)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < spelling.Length; i++)
        {
            if (spelling[i] == '[') depth++;
            if (spelling[i] == ']') depth--;
            if (spelling[i] != '‖' || depth > 0) continue;
            yield return spelling[start..i].Trim();
            start = i + 1;
        }

        yield return spelling[start..].Trim();
    }

    [GeneratedRegex(@"^(?:- (\w+): |\| `(use)` \| )(`.+(?:\n  .+)*)", RegexOptions.Multiline)]
    private static partial Regex Part();

    [GeneratedRegex("Section ([0-9]+) has one record more .*: key (.+), value (.+?)\\.")]
    private static partial Regex More();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();

    [GeneratedRegex("[A-Z]?[a-z0-9]+")]
    private static partial Regex Word();
}
