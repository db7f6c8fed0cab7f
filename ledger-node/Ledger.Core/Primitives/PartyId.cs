namespace Ledger.Core.Primitives;

/// <summary>
/// A legal entity's public number: an 18-character USCC (统一社会信用代码, GB 32100-2015) or a 20-character LEI (ISO 17442), check characters verified.
/// The default value is nobody and is refused at the edge.
/// </summary>
public readonly record struct PartyId : IComparable<PartyId>
{
    PartyId(string text) => Text = text;

    public string Text { get; }

    public bool IsUscc => Text.Length == 18;

    /// <summary>Six digits of GB/T 2260 for a USCC (省 2, 市 4, 县 6); empty for an LEI.</summary>
    public ReadOnlySpan<char> RegionCode => IsUscc ? Text.AsSpan(2, 6) : default;

    public static bool TryParse(ReadOnlySpan<char> text, out PartyId id)
    {
        id = default;
        if (!IsValidUscc(text) && !IsValidLei(text)) return false;
        id = new(text.ToString());
        return true;
    }

    public int CompareTo(PartyId other) => string.CompareOrdinal(Text, other.Text);

    public override string ToString() => Text;

    // GB 32100-2015: 31 characters without I, O, S, V, Z; weights are powers of 3 modulo 31. Characters 9 to 17 are an organisation code
    // with a check character of its own (GB 11714).
    const string UsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    static ReadOnlySpan<byte> OrganisationWeights => [3, 7, 9, 10, 5, 8, 4, 2];

    static bool IsValidUscc(ReadOnlySpan<char> text)
    {
        if (text.Length != 18 || text[2..8].ContainsAnyExceptInRange('0', '9')) return false;

        var sum = 0;
        var weight = 1;
        for (var i = 0; i < 17; i++)
        {
            var value = UsccAlphabet.IndexOf(text[i]);
            if (value < 0) return false;
            sum += value * weight;
            weight = weight * 3 % 31;
        }

        return UsccAlphabet.IndexOf(text[17]) == (31 - (sum % 31)) % 31 && HasValidOrganisationCode(text[8..17]);
    }

    static bool HasValidOrganisationCode(ReadOnlySpan<char> code)
    {
        var sum = 0;
        for (var i = 0; i < 8; i++)
            sum += OrganisationWeights[i] * (code[i] <= '9' ? code[i] - '0' : code[i] - 'A' + 10);

        var check = (11 - (sum % 11)) % 11;
        return code[8] == (check == 10 ? 'X' : (char)('0' + check));
    }

    static bool IsValidLei(ReadOnlySpan<char> text)
    {
        if (text.Length != 20) return false;

        var remainder = 0;
        foreach (var character in text)
        {
            if (char.IsAsciiDigit(character)) remainder = ((remainder * 10) + character - '0') % 97;
            else if (char.IsAsciiLetterUpper(character)) remainder = ((remainder * 100) + character - 'A' + 10) % 97;
            else return false;
        }

        return remainder == 1 && char.IsAsciiDigit(text[18]) && char.IsAsciiDigit(text[19]);
    }
}
