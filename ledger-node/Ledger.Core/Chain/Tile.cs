using System.Globalization;
using System.Text;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>
/// Some hashes of the history in a row (C2SP tlog-tiles): at level L the roots over complete subtrees of 256^L leaves, from 256·<paramref name="Index"/> on. What a tile holds never changes, for
/// complete subtrees do not; one of fewer than 256 hashes is another one than that which it grows into.
/// </summary>
/// <param name="Level">0 for the hashes of leaves; to 7, for no history has 256^8 leaves.</param>
/// <param name="Index">Which tile of its level, from 0.</param>
/// <param name="Width">How many hashes, 1 to 256.</param>
public readonly record struct Tile(int Level, ulong Index, int Width)
{
    public const int MaxWidth = 256;
    public const int MaxLevel = 7;

    const string Partial = ".p/";
    const int GroupLength = 3;

    // Behind it no hash of a level has a number of 64 bits.
    const ulong MaxIndex = ulong.MaxValue / MaxWidth;

    /// <summary>Reads <c>L/N</c> or <c>L/N.p/W</c> with N in groups of three digits such as <c>x001/x234/067</c>, as it is written and in no other way.</summary>
    public static bool TryParse(string path, out Tile tile)
    {
        tile = default;
        var (rest, width) = (path, MaxWidth);
        if (path.LastIndexOf(Partial, StringComparison.Ordinal) is var at and >= 0)
        {
            if (!int.TryParse(path[(at + Partial.Length)..], NumberStyles.None, CultureInfo.InvariantCulture, out width) || width is < 1 or >= MaxWidth) return false;
            rest = path[..at];
        }

        var parts = rest.Split('/');
        if (parts.Length < 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var level) || level > MaxLevel) return false;
        var index = 0UL;
        foreach (var part in parts[1..])
        {
            if (!ulong.TryParse(part.TrimStart('x'), NumberStyles.None, CultureInfo.InvariantCulture, out var group) || group >= 1_000 || index > (MaxIndex - group) / 1_000) return false;
            index = (index * 1_000) + group;
        }

        tile = new(level, index, width);
        return tile.ToString() == path;
    }

    /// <summary>The tile at that place as wide as a history of that many leaves has it; null where that has none there.</summary>
    public static Tile? Of(ulong size, int level, ulong index)
    {
        var hashes = size >> (8 * level);
        if (index > hashes / MaxWidth || index * MaxWidth == hashes) return null;
        return new(level, index, (int)Math.Min(hashes - (index * MaxWidth), MaxWidth));
    }

    /// <summary>The partial tiles of a history of that many leaves, highest first: its root is made of their hashes alone.</summary>
    public static IEnumerable<Tile> Edge(ulong size)
    {
        for (var level = MaxLevel; level >= 0; level--)
        {
            if ((size >> (8 * level)) is var hashes && hashes % MaxWidth is > 0 and var width) yield return new(level, hashes / MaxWidth, (int)width);
        }
    }

    /// <summary>How many full tiles of a level a history of that many leaves has.</summary>
    public static ulong Full(ulong size, int level) => (size >> (8 * level)) / MaxWidth;

    /// <summary>How many octets it has.</summary>
    public int Length => Width * Hash256.Size;

    /// <summary>Whether a history of that many leaves has all of it.</summary>
    public bool IsWithin(ulong size) => (size >> (8 * Level)) is var hashes && (Index < hashes / MaxWidth || (Index == hashes / MaxWidth && (ulong)Width <= hashes % MaxWidth));

    public override string ToString()
    {
        var digits = Index.ToString(CultureInfo.InvariantCulture);
        digits = digits.PadLeft((digits.Length + GroupLength - 1) / GroupLength * GroupLength, '0');
        var path = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Level}");
        for (var i = 0; i < digits.Length; i += GroupLength) path.Append(i + GroupLength < digits.Length ? "/x" : "/").Append(digits, i, GroupLength);
        if (Width < MaxWidth) path.Append(Partial).Append(CultureInfo.InvariantCulture, $"{Width}");
        return path.ToString();
    }
}
