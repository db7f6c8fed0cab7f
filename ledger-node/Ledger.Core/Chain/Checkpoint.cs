using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>
/// What banks sign: the history of this origin has this size and this root (C2SP tlog-checkpoint). Without extension lines, for the last leaf is a
/// header that says more and says it under the root.
/// </summary>
public sealed record Checkpoint(string Origin, ulong Size, Hash256 Root)
{
    /// <summary>The text that is signed, with its final line feed.</summary>
    public string Text =>
        string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root.ToBytes())}\n");

    public byte[] SignedBytes() => Encoding.UTF8.GetBytes(Text);

    /// <summary>Whether a text can be the origin of a history.</summary>
    public static bool IsOrigin(ReadOnlySpan<char> text) => NoteSyntax.IsKeyName(text);

    /// <summary>Reads the three lines that <see cref="Text"/> writes.</summary>
    public static bool TryParseText(ReadOnlySpan<char> text, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        checkpoint = null;
        Span<Range> lines = stackalloc Range[5];
        if (text.Split(lines, '\n') != 4 || !text[lines[3]].IsEmpty) return false;

        var origin = text[lines[0]];
        if (!IsOrigin(origin)) return false;
        if (!NoteSyntax.TryParseDecimal(text[lines[1]], out var size) || !NoteSyntax.TryDecodeHash(text[lines[2]], out var root)) return false;

        checkpoint = new(origin.ToString(), size, root);
        return true;
    }
}
