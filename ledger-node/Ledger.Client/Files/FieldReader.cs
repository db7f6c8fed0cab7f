using System.Xml.Linq;

namespace Ledger.Client.Files;

/// <summary>
/// Reads fields by their path below one element and remembers the first that stands more than once: of two values neither is believed. A step of
/// a path is a local name, in the namespace of its prefix: <c>cac:Party/cbc:Name</c>. <c>.</c> is
/// the element itself, and a last step <c>@name</c> an attribute.
/// </summary>
sealed class FieldReader(XElement element, IReadOnlyDictionary<string, XNamespace>? prefixes = null)
{
    public string? Repeated { get; private set; }

    /// <summary>The trimmed text at the end of <paramref name="path"/>; null where there is none.</summary>
    public string? Read(string path)
    {
        var current = element;
        foreach (var step in path.Split('/'))
        {
            if (step == ".") continue;
            if (step[0] == '@') return Text(current.Attribute(step[1..])?.Value ?? "");

            using var found = current.Elements(Name(step)).GetEnumerator();
            if (!found.MoveNext()) return null;
            current = found.Current;
            if (found.MoveNext()) Repeated ??= path;
        }

        return current.HasElements ? null : Text(current.Value);
    }

    /// <summary>All elements at the end of <paramref name="path"/>: the last step may stand any number of times, those before it once.</summary>
    public IReadOnlyList<XElement> All(string path)
    {
        var steps = path.Split('/');
        var current = element;
        foreach (var step in steps[..^1])
        {
            var found = current.Elements(Name(step)).Take(2).ToArray();
            if (found.Length == 0) return [];
            if (found.Length == 2) Repeated ??= path;
            current = found[0];
        }

        return [.. current.Elements(Name(steps[^1]))];
    }

    /// <summary>A reader of one element below, under the same prefixes.</summary>
    public FieldReader Of(XElement below) => new(below, prefixes);

    XName Name(string step)
    {
        var colon = step.IndexOf(':');
        if (colon < 0) return prefixes is not null && prefixes.TryGetValue("", out var unprefixed) ? unprefixed + step : step;
        return prefixes is not null && prefixes.TryGetValue(step[..colon], out var space)
            ? space + step[(colon + 1)..]
            : throw new ArgumentException($"The prefix of {step} has no namespace.", nameof(step));
    }

    static string? Text(string text) => text.Trim() is { Length: > 0 } trimmed ? trimmed : null;
}
