
namespace Ledger.Client.Text;

/// <summary>One thing that the console says, in both languages. There is no key that could be missing: a word that does not exist does not compile.</summary>
public sealed record Word(string Chinese, string English)
{
    /// <summary>As it stands over a column or before a value.</summary>
    public Word AsHeading => new(Chinese, char.ToUpperInvariant(English[0]) + English[1..]);

    public string In(Language language) => language == Language.Chinese ? Chinese : English;

    /// <summary>With its braces filled, in the order of the numbers in them.</summary>
    public string In(Language language, params ReadOnlySpan<object?> values) => string.Format(System.Globalization.CultureInfo.InvariantCulture, In(language), values);
}
