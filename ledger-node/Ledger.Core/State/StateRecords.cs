using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

public sealed partial record LedgerState
{
    /// <summary>
    /// Every record of the state, section by section and there by the bytes of the keys, without salts: those are the state tree's. Made one by one
    /// while they are read.
    /// </summary>
    public IEnumerable<StateRecord> AllRecords()
    {
        foreach (var section in Enum.GetValues<Section>())
        {
            foreach (var record in RecordsOf(section)) yield return record;
        }
    }

    IEnumerable<StateRecord> RecordsOf(Section section) => section switch
    {
        Section.Parties => Sorted(section, parties.Values, static it => Records.Key(it.Id), Records.Value),
        Section.Keys => Sorted(section, keys.Values, static it => Records.Key(it.Id), Records.Value),
        Section.Mandates => ById(section, mandates.Values, static it => it.Id, Records.Value),
        Section.Documents => ById(section, documents.Values, static it => it.Id, Records.Value),
        Section.Instruments => ById(section, instruments.Values, static it => it.Id, Records.Value),
        Section.Tokens => TokenRecords(),
        Section.Reservations => ById(section, reservations.Values, static it => it.Id, Records.Value),
        Section.Offers => ById(section, offers.Values, static it => it.Id, Records.Value),
        Section.Financings => ById(section, financings.Values, static it => it.Id, Records.Value),
        Section.Lines =>
        [
            .. Sorted(section, lines.Values, static it => Records.KeyOfLine(it.Id), Records.Value),
            .. Sorted(section, earmarks.Values, static it => Records.KeyOfEarmark(it.Instrument), Records.Value),
        ],
        Section.Lists => Sorted(section, lists.Values, static it => Records.KeyOfListEntry(it.Kind, it.Subject), Records.Value),
        Section.RuleSets => Sorted(section, ruleSets, static it => Records.Key(it.From), Records.Value),
        Section.Epochs => Sorted(section, epochs, static it => Records.Key(it.Number), Records.Value),
        Section.UsedIds => Sorted(section, minutes, static it => Records.KeyOfMinute(it.Key), static it => Records.Value(it.Value)),
        Section.Clocks =>
        [
            new(section, new(Records.KeyOfClock(null)), new ByteString(Records.ValueOfClock(Height, Now)), default),
            .. Sorted(section, clocks.Values, static it => Records.KeyOfClock(it.Bank), Records.Value),
            .. Sorted(section, ordering == OrderingEpoch.First ? [] : new[] { ordering }, static _ => Records.KeyOfOrdering(), Records.Value),
        ],
        Section.Quotas =>
        [
            .. Sorted(section, attempts, static it => Records.KeyOfAttempts(it.Key.Party, it.Key.Day), static it => Records.Value(it.Value)),
            .. Sorted(section, spendings, static it => Records.KeyOfSpending(it.Key.Item1, it.Key.Item2), static it => Records.Value(it.Value)),
            .. Sorted(section, longLivedIds, static it => Records.KeyOfLongLived(it.Key), static it => Records.Value(it.Value)),
        ],
        Section.Proposals => [],
        Section.Validators => Sorted(section, validators.Values, static it => Records.Key(it.Bank), Records.Value),
        Section.Fingerprints => Sorted(section, fingerprints, static it => Records.Key(it.Key), static it => Records.Value(it.Value.Value)),
        Section.Freezes => ById(section, freezes.Values, static it => it.Id, Records.Value),
        Section.Pledges => ById(section, pledges.Values, static it => it.Id, Records.Value),
        Section.Numbers => Sorted(section, numbers, static it => Records.Key(it.Key), static it => Records.Value(it.Value)),
        Section.Payments => Sorted(section, references.Values, static it => Records.KeyOfReference(it.Text), Records.Value)
            .Concat(Sorted(section, maturities.Values, static it => Records.KeyOfMaturity(it.Instrument), Records.Value))
            .Concat(Sorted(section, payments.Values, static it => Records.KeyOfPayment(it.Id), Records.Value)),
        Section.Attestations => Sorted(section, attestations.Values, static it => Records.KeyOfAttestation(it.Id), Records.Value)
            .Concat(Sorted(section, messages.Values, static it => Records.KeyOfMessage(it.MessageId), Records.Value)),
        Section.Measures => ById(section, measures.Values, static it => it.Id, Records.Value),
        Section.Skeletons => Sorted(section, skeletons, static it => Records.Key(it.Key.Item1, it.Key.Item2), static it => Records.Value(it.Value)),
    };

    // There are far more of these than of anything else: only the instruments are sorted, for their tokens are.
    IEnumerable<StateRecord> TokenRecords()
    {
        var ordered = tokens.Keys.ToArray();
        Array.Sort(ordered);
        foreach (var instrument in ordered)
        {
            var held = tokens[instrument];
            for (var i = 0; i < held.Count; i++)
            {
                var token = held.Span[i];
                yield return new(Section.Tokens, new(Records.Key(instrument, token.Units.First)), new ByteString(Records.Value(token)), default);
            }
        }
    }

    static IEnumerable<StateRecord> ById<TNoun, TName>(Section section, IEnumerable<TNoun> nouns, Func<TNoun, Id<TName>> id, Func<TNoun, byte[]> value)
    {
        var ordered = nouns.ToArray();
        Array.Sort(Array.ConvertAll(ordered, noun => id(noun)), ordered);
        foreach (var noun in ordered) yield return new(section, new(Records.Key(id(noun))), new ByteString(value(noun)), default);
    }

    static IEnumerable<StateRecord> Sorted<TNoun>(Section section, IEnumerable<TNoun> nouns, Func<TNoun, byte[]> key, Func<TNoun, byte[]> value)
    {
        var ordered = nouns.Select(noun => (Key: key(noun), Noun: noun)).ToArray();
        Array.Sort(ordered, static (one, other) => one.Key.AsSpan().SequenceCompareTo(other.Key));
        foreach (var (bytes, noun) in ordered) yield return new(section, new(bytes), new ByteString(value(noun)), default);
    }
}
