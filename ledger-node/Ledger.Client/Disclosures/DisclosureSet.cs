using System.Collections.Immutable;
using Ledger.Core.Crypto;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Disclosures;

/// <summary>Why disclosures are not taken, and at which of them.</summary>
public sealed record DisclosureProblem(Refusal Refusal, string? Reason = null);

/// <summary>
/// The terms of one operation, each at most once, with a salt of its own. Whoever signs the operation puts the <see cref="Digests"/> into its
/// <c>_sd</c> and hands on the disclosures, all or some of them, beside the ledger.
/// </summary>
public sealed class DisclosureSet
{
    public static readonly DisclosureSet Empty = new(ImmutableSortedDictionary<Term, Disclosure>.Empty);

    readonly ImmutableSortedDictionary<Term, Disclosure> byTerm;

    DisclosureSet(ImmutableSortedDictionary<Term, Disclosure> byTerm) => this.byTerm = byTerm;

    public int Count => byTerm.Count;

    /// <summary>In the order of the terms.</summary>
    public IEnumerable<KeyValuePair<Term, Disclosure>> All => byTerm;

    public Disclosure? this[Term term] => byTerm.GetValueOrDefault(term);

    public DisclosureSet With(Term term, Amount value) => With(term, TermKind.Amount, value.ToString());

    public DisclosureSet With(Term term, Rate value) => With(term, TermKind.Rate, value.ToString());

    public DisclosureSet With(Term term, string value) => With(term, TermKind.Text, value);

    /// <summary>With a disclosure that is known and in order, in place of another of its term.</summary>
    public DisclosureSet With(Disclosure disclosure) =>
        Terms.TryParse(disclosure.Name, out var term) && term.Takes(disclosure.Value)
            ? new(byTerm.SetItem(term, disclosure))
            : throw new ArgumentException($"{disclosure.Name} is no term.", nameof(disclosure));

    /// <summary>What <c>_sd</c> holds: ascending, so that the order tells nothing about the terms.</summary>
    public ValueList<Hash256> Digests(CryptoSuite suite) => [.. byTerm.Values.Select(disclosure => disclosure.Digest(suite)).Order()];

    public Amount? Amount(Term term) =>
        term.Kind() == TermKind.Amount && this[term] is { } disclosed && Core.Primitives.Amount.TryParse(disclosed.Value, out var amount) ? amount : null;

    public Rate? Rate(Term term) =>
        term.Kind() == TermKind.Rate && this[term] is { } disclosed && Core.Interest.Rate.TryParse(disclosed.Value, out var rate) ? rate : null;

    public string? Text(Term term) => term.Kind() == TermKind.Text ? this[term]?.Value : null;

    /// <summary>Takes disclosures as they came: each a known term, written as the term is, and none twice.</summary>
    public static DisclosureSet? Of(IEnumerable<Disclosure> disclosures, out DisclosureProblem? problem)
    {
        problem = null;
        var set = ImmutableSortedDictionary.CreateBuilder<Term, Disclosure>();
        foreach (var disclosure in disclosures)
        {
            if (!Terms.TryParse(disclosure.Name, out var term)) problem = new(Refusal.DisclosedTermUnknown, Shown(disclosure.Name));
            else if (!term.Takes(disclosure.Value)) problem = new(Refusal.DisclosedValueInvalid, term.Name());
            else if (!set.TryAdd(term, disclosure)) problem = new(Refusal.DisclosedTwice, term.Name());
            if (problem is not null) return null;
        }

        return new(set.ToImmutable());
    }

    DisclosureSet With(Term term, TermKind kind, string value)
    {
        if (term.Kind() != kind) throw new ArgumentException($"{term.Name()} is written as {term.Kind()}.", nameof(term));
        return new(byTerm.SetItem(term, Disclosure.Create(term, value)));
    }

    // It goes into a sentence, and whoever sent it chose it.
    static string Shown(string name)
    {
        const int longest = 40;
        return new([.. name.Take(longest).Select(character => character is >= ' ' and <= '~' ? character : '?')]);
    }
}
