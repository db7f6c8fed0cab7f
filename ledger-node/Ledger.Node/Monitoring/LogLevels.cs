using Microsoft.Extensions.Logging;

namespace Ledger.Node.Monitoring;

/// <summary>
/// Which lines are logged, changeable while the node runs: a level for all and levels for categories by their beginning, the longest that fits deciding,
/// written as <c>information:Ledger.Node.Http=debug</c>.
/// </summary>
public sealed class LogLevels
{
    public const string Default = "information:Microsoft=warning";

    volatile Spec spec;

    LogLevels(Spec spec) => this.spec = spec;

    public string Text => spec.Text;

    public static LogLevels? Parse(string text) => Spec.Parse(text) is { } spec ? new(spec) : null;

    /// <summary>Changes the levels for every line from now on; false when the text is none.</summary>
    public bool TrySet(string text)
    {
        if (Spec.Parse(text) is not { } parsed) return false;
        spec = parsed;
        return true;
    }

    public bool Allows(string? category, LogLevel level)
    {
        var now = spec;
        var (wanted, length) = (now.Level, 0);
        foreach (var (prefix, own) in now.Categories)
        {
            if (prefix.Length >= length && category is not null && category.StartsWith(prefix, StringComparison.Ordinal)) (wanted, length) = (own, prefix.Length);
        }

        return level >= wanted && wanted != LogLevel.None;
    }

    sealed record Spec(string Text, LogLevel Level, IReadOnlyList<(string Prefix, LogLevel Level)> Categories)
    {
        public static Spec? Parse(string text)
        {
            LogLevel? all = null;
            var categories = new List<(string, LogLevel)>();
            foreach (var part in text.Split(':'))
            {
                var equals = part.IndexOf('=', StringComparison.Ordinal);
                if (!TryLevel(part[(equals + 1)..], out var level)) return null;
                if (equals < 0 && all is not null) return null;
                if (equals == 0) return null;
                if (equals < 0) all = level;
                else categories.Add((part[..equals], level));
            }

            return all is { } known ? new(text, known, categories) : null;
        }

        // Numbers are levels to the framework, and nobody's words.
        static bool TryLevel(string text, out LogLevel level) =>
            Enum.TryParse(text, ignoreCase: true, out level) && char.IsAsciiLetter(text[0]) && Enum.IsDefined(level);
    }
}
