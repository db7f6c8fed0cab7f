using System.Globalization;
using System.Text;

namespace Ledger.Client.Documents;

/// <summary>
/// What every character of a document's number looks like to an eye, by a frozen table (<c>look-alikes.txt</c>, which names its source): a digit of any
/// script is that digit, a separator is nothing, a Cyrillic А is an A, O is 0. What the table does not know belongs into no number.
/// </summary>
static class LookAlikes
{
    static readonly Run[] Runs = [.. Lines().Select(Run.Read)];

    /// <summary>What a character looks like, which is nothing for a separator; null for what belongs into no number.</summary>
    public static string? Of(Rune character)
    {
        var (from, to) = (0, Runs.Length - 1);
        while (from <= to)
        {
            var middle = (from + to) / 2;
            if (character.Value < Runs[middle].First) to = middle - 1;
            else if (character.Value > Runs[middle].Last) from = middle + 1;
            else return Runs[middle].Of(character);
        }

        return null;
    }

    /// <summary>What a text of known characters looks like.</summary>
    public static string Of(string text)
    {
        var likeness = new StringBuilder(text.Length);
        foreach (var character in text.EnumerateRunes())
            likeness.Append(Of(character) ?? throw new ArgumentException($"U+{character.Value:X4} belongs into no number.", nameof(text)));
        return likeness.ToString();
    }

    static IEnumerable<string> Lines()
    {
        using var stream = typeof(LookAlikes).Assembly.GetManifestResourceStream("look-alikes.txt")
            ?? throw new InvalidOperationException("look-alikes.txt is not in the program.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#')) yield return line;
        }
    }

    /// <summary>A line of the table: characters that follow one another and what they look like.</summary>
    sealed class Run(int first, int last, char sign, string[] likenesses)
    {
        public int First => first;

        public int Last => last;

        public string Of(Rune character) => sign switch
        {
            '=' => character.ToString(),
            '-' => "",
            _ => likenesses[character.Value - first],
        };

        public static Run Read(string line)
        {
            var fields = line.Split(' ', 3);
            var range = fields[0].Split('-');
            var first = int.Parse(range[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            string[] likenesses = fields[1] switch
            {
                ":" => [.. fields[2].EnumerateRunes().Select(one => one.ToString())],
                ">" => [fields[2]],
                _ => [],
            };
            var last = likenesses.Length > 0
                ? first + likenesses.Length - 1
                : int.Parse(range[^1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            return new(first, last, fields[1][0], likenesses);
        }
    }
}
