using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ledger.Tests.Monitoring;

/// <summary>What is shipped for running a node, read from the repository.</summary>
static partial class DeployFiles
{
    // Prometheus makes this one itself, for every target.
    const string OfPrometheus = "up";

    static readonly string[] Words =
        ["by", "le", "sum", "rate", "increase", "changes", "histogram_quantile", "and", "or", "job", "instance", "answer", "code", "currency", "bank", "member", "on", "group_right", "max", "min_over_time", "http_route", "label_values", OfPrometheus];

    public static string Folder => Path.Combine(Repository.Root(), "ledger-node/deploy");

    public static IReadOnlyList<(string File, string Expression)> Expressions()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "grafana/ledger-node.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => ("grafana", target.GetProperty("expr").GetString() ?? ""));
        var rules = File.ReadLines(Path.Combine(Folder, "prometheus/alerts.yml"))
            .Select(line => Rule().Match(line)).Where(match => match.Success).Select(match => ("alerts", match.Groups[1].Value))
            .Where(rule => !rule.Value.StartsWith(OfPrometheus + "{", StringComparison.Ordinal));
        return [.. panels, .. rules];
    }

    /// <summary>The metrics that an expression names: its words that are no function, label or text.</summary>
    public static IReadOnlyList<string> MetricsIn(string expression) =>
        [.. Word().Matches(Text().Replace(expression, "")).Select(match => match.Value).Where(word => !Words.Contains(word))];

    [GeneratedRegex(@"^\s+expr: (.+)$")]
    private static partial Regex Rule();

    [GeneratedRegex("\"[^\"]*\"|\\[[^\\]]*\\]")]
    private static partial Regex Text();

    [GeneratedRegex(@"(?<![\w.])[a-z_][a-z0-9_]*")]
    private static partial Regex Word();
}
