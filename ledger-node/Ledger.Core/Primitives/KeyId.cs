using System.Globalization;

namespace Ledger.Core.Primitives;

/// <summary>A signing key's name, <c>party#n</c>: numbers rise from 1 and are never used again.</summary>
public readonly record struct KeyId(PartyId Party, uint Number) : IComparable<KeyId>
{
    public int CompareTo(KeyId other) => Party != other.Party ? Party.CompareTo(other.Party) : Number.CompareTo(other.Number);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Party.Text}#{Number}");

    public static bool TryParse(ReadOnlySpan<char> text, out KeyId key)
    {
        key = default;
        var mark = text.IndexOf('#');
        if (mark < 0 || !PartyId.TryParse(text[..mark], out var party)) return false;

        var digits = text[(mark + 1)..];
        if (digits.Length is 0 or > 9 || digits.ContainsAnyExceptInRange('0', '9') || digits[0] == '0') return false;
        key = new(party, uint.Parse(digits, NumberStyles.None, NumberFormatInfo.InvariantInfo));
        return true;
    }
}
