using System.Globalization;
using System.Text.RegularExpressions;

namespace Ledger.Tests.Monitoring;

/// <summary>A strict reader of Prometheus' text format 0.0.4: what is not written by its rules is a failed test.</summary>
sealed partial class MetricsText
{
    readonly Dictionary<string, double> samples = new(StringComparer.Ordinal);

    public MetricsText(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var helped = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n')[..^1])
        {
            if (Help().Match(line) is { Success: true } help)
            {
                Assert.True(helped.Add(help.Groups[1].Value), line);
                continue;
            }

            if (Type().Match(line) is { Success: true } type)
            {
                Assert.True(Types.TryAdd(type.Groups[1].Value, type.Groups[2].Value), line);
                Assert.Contains(type.Groups[1].Value, helped);
                continue;
            }

            var sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            var name = sample.Groups[1].Value;
            var family = Types.ContainsKey(name) ? name : Suffix().Replace(name, "");
            Assert.Equal(family == name ? Types.GetValueOrDefault(name) : "histogram", Types.GetValueOrDefault(family));
            Assert.True(samples.TryAdd(name + sample.Groups[2].Value, double.Parse(sample.Groups[3].Value, CultureInfo.InvariantCulture)), line);
            Names.Add(name);
        }
    }

    /// <summary>The kind of each family.</summary>
    public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of all series, with the suffixes of histograms.</summary>
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, double> Samples => samples;

    /// <summary>Every name that a query may use.</summary>
    public bool Exports(string name) => Types.ContainsKey(name) || (Types.GetValueOrDefault(Suffix().Replace(name, "")) == "histogram");

    [GeneratedRegex(@"^# HELP ([a-zA-Z_:][\w:]*) .+$")]
    private static partial Regex Help();

    [GeneratedRegex(@"^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex("""^([a-zA-Z_:][\w:]*)(\{[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"(?:,[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*")*\})? (-?[0-9.]+(?:[eE][+-]?[0-9]+)?|NaN|[+-]Inf)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
