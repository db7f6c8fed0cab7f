using Ledger.Client.Text;
using Ledger.Core.Primitives;

namespace Ledger.Node.Nouns;

/// <summary>Who reads a page: in which language, by which clock, and how the parties are called that the ledger knows.</summary>
public sealed record Reader(Language Language, int OffsetMinutes, Func<PartyId, string> NameOf)
{
    static readonly Word Comma = new("、", ", ");
    static readonly Word Semicolon = new("；", "; ");
    static readonly Word Yes = new("是", "Yes");
    static readonly Word No = new("否", "No");

    public string this[Word word] => word.In(Language);

    public string this[Word word, params ReadOnlySpan<object?> values] => word.In(Language, values);

    public string this[bool flag] => this[flag ? Yes : No];

    public string Time(Timestamp time) => Figures.Time(time, OffsetMinutes);

    public string List(IEnumerable<string> items) => string.Join(this[Comma], items);

    /// <summary>Several things of which each is more than a word.</summary>
    public string Phrases(IEnumerable<string> items) => string.Join(this[Semicolon], items);

    public Cell Party(PartyId party) => party == default ? Cell.Empty : new(NameOf(party), Links.Of(party));
}
