using Ledger.Core.Instruments;

namespace Ledger.Client.Documents;

/// <summary>The kinds' names on the wire, which are also the schemes of their fingerprints.</summary>
public static class DocumentKinds
{
    public static string Name(this DocumentKind kind) => Fingerprint.SchemeOf(kind);

    public static bool TryParse(ReadOnlySpan<char> text, out DocumentKind kind)
    {
        foreach (var known in Enum.GetValues<DocumentKind>())
        {
            kind = known;
            if (text.SequenceEqual(known.Name())) return true;
        }

        kind = default;
        return false;
    }
}
