using System.Xml.Linq;

namespace Ledger.Client.Invoices;

/// <summary>Reads fields by their path below one element and remembers the first that stands more than once: of two values neither is believed.</summary>
sealed class FieldReader(XElement element)
{
    public string? Repeated { get; private set; }

    /// <summary>The trimmed text at the end of <paramref name="path"/>; null where there is none.</summary>
    public string? Read(string path)
    {
        var current = element;
        foreach (var name in path.Split('/'))
        {
            using var found = current.Elements(name).GetEnumerator();
            if (!found.MoveNext()) return null;
            current = found.Current;
            if (found.MoveNext()) Repeated ??= path;
        }

        var text = current.HasElements ? "" : current.Value.Trim();
        return text.Length == 0 ? null : text;
    }
}
