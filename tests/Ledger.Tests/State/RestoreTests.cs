using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Suites;
using Ledger.Tests.Laws;
using Ledger.Tests.Vectors;

namespace Ledger.Tests.State;

/// <summary>Records become nouns again, all that were written and no others.</summary>
public class RestoreTests
{
    public static TheoryData<string> Titles => [.. GoldenStory.All.Select(story => story.Title)];

    [Theory]
    [MemberData(nameof(Titles))]
    public void A_frozen_chain_goes_on_from_the_records_of_each_of_its_heights(string title)
    {
        var (genesis, blocks) = Chain(title);
        RestoreLaw.Holds(genesis, blocks, [.. Enumerable.Range(0, blocks.Count + 1)]);
    }

    [Theory]
    [MemberData(nameof(Titles))]
    public void A_record_with_a_wrong_octet_is_refused_or_is_another_record(string title)
    {
        var state = Last(title).State;
        var refused = 0;
        var others = 0;
        foreach (var record in Met(title))
        {
            foreach (var (altered, isKey) in Altered(record))
            {
                if (Restored(state, altered) is not { } one)
                {
                    refused++;
                    continue;
                }

                others++;
                // The ledger's own clock stands in every state.
                Assert.Contains(altered, one.AllRecords());
                Assert.True(isKey || one.AllRecords().Count() <= 2);
            }
        }

        Assert.True(refused > 1_000 && others > 1_000, $"{refused} refused, {others} others");
    }

    [Theory]
    [MemberData(nameof(Titles))]
    public void A_record_that_lacks_an_octet_or_has_one_left_over_is_refused(string title)
    {
        var state = Last(title).State;
        foreach (var record in Met(title))
        {
            var (key, value) = (record.Key.Span.ToArray(), record.Value!.Value.Span.ToArray());
            Refused(state, record with { Value = new ByteString((byte[])[.. value, 0]) });
            Refused(state, record with { Value = new ByteString(value.AsMemory(..^1)) });
            Refused(state, record with { Value = new ByteString((byte[])[]) });
            Refused(state, record with { Key = new((byte[])[.. key, 0]) });
            Refused(state, record with { Key = new(key.AsMemory(..^1)) });
            Refused(state, record with { Section = (Section)0 });
            Refused(state, record with { Section = (Section)(Sections.Count + 1) });
        }
    }

    [Fact]
    public void Records_of_every_kind_are_met()
    {
        var met = GoldenStory.All.SelectMany(story => Met(story.Title)).Select(record => record.Section switch
        {
            Section.Lines or Section.Quotas or Section.Payments or Section.Attestations => (record.Section, record.Key.Span[0]),
            _ => (record.Section, (byte)0),
        }).Distinct().ToArray();

        Assert.Empty(Enum.GetValues<Section>().Except(met.Select(one => one.Section)));
        (Section, byte)[] parts = [(Section.Lines, 1), (Section.Lines, 2), (Section.Payments, 1), (Section.Payments, 2), (Section.Payments, 3), (Section.Attestations, 1), (Section.Attestations, 2), (Section.Attestations, 3)];
        Assert.Empty(parts.Except(met));
    }

    [Fact]
    public void Of_some_records_what_was_not_given_is_not_there()
    {
        var whole = Last("money").State;
        var instrument = whole.AllInstruments.First(one => whole.Tokens(one.Id) is not null);
        var some = whole.AllRecords().Where(record => record.Section is Section.Instruments or Section.Tokens or Section.Fingerprints or Section.Parties);

        var state = LedgerState.Restore(whole.Chain, whole.Height, whole.Now, some);

        Assert.Equal(instrument, state.Instrument(instrument.Id));
        Assert.True(whole.Tokens(instrument.Id)!.Span.SequenceEqual(state.Tokens(instrument.Id)!.Span));
        Assert.Empty(state.AllOffers);
        Assert.Null(state.Maturity(instrument.Id));
        // The fingerprint is known and leads to a document that is not there.
        Assert.Null(state.Document(whole.AllDocuments.First().Fingerprints[0]));
        Assert.Empty(state.Mandates(instrument.Obligor, instrument.Creditor));
        Assert.Null(LedgerState.Restore(whole.Chain, 0, default, []).Party(instrument.Obligor));
    }

    [Fact]
    public void Tokens_that_do_not_partition_their_instrument_are_refused()
    {
        var state = Last("money").State;
        var tokens = state.AllRecords().Where(record => record.Section == Section.Tokens).GroupBy(record => Convert.ToHexString(record.Key.Span[..16])).First(held => held.Count() > 1).ToArray();
        var instruments = state.AllRecords().Where(record => record.Section == Section.Instruments);

        Assert.NotNull(LedgerState.Restore(state.Chain, 0, default, tokens));
        Assert.Throws<StateRecordException>(() => LedgerState.Restore(state.Chain, 0, default, tokens[1..]));
        Assert.Throws<StateRecordException>(() => LedgerState.Restore(state.Chain, 0, default, instruments.Concat(tokens[..^1])));
    }

    [Fact]
    public void Ids_that_are_not_those_of_the_digests_are_refused()
    {
        var state = Last("money").State;
        var bare = LedgerState.Restore(state.Chain, state.Height, state.Now, state.AllRecords());
        var ids = state.KeptIds.ToArray();
        Assert.NotEmpty(ids);

        Assert.Equal(ids, bare.WithKeptIds(ids).KeptIds);
        Assert.Throws<StateRecordException>(() => bare.WithKeptIds([]));
        Assert.Throws<StateRecordException>(() => bare.WithKeptIds(ids[1..]));
        Assert.Throws<StateRecordException>(() => bare.WithKeptIds([.. ids, ids[^1]]));
        var other = ids[0] with { Used = ids[0].Used with { PayloadHash = new(7, 7) } };
        Assert.Throws<StateRecordException>(() => bare.WithKeptIds([other, .. ids[1..]]));
        var longLived = ids[0] with { Used = ids[0].Used with { LongLived = !ids[0].Used.LongLived } };
        Assert.Throws<StateRecordException>(() => bare.WithKeptIds([longLived, .. ids[1..]]));
        var late = ids[0] with { Used = ids[0].Used with { Expires = ids[0].Used.Expires.Add(90 * Timestamp.Day) } };
        Assert.Throws<StateRecordException>(() => bare.WithKeptIds([late, .. ids[1..]]));
    }

    static void Refused(LedgerState state, StateRecord record) =>
        Assert.Equal(record.Section, Assert.Throws<StateRecordException>(() => LedgerState.Restore(state.Chain, state.Height, state.Now, [record])).Section);

    static LedgerState? Restored(LedgerState state, StateRecord record)
    {
        try
        {
            return LedgerState.Restore(state.Chain, state.Height, state.Now, [record]);
        }
        catch (StateRecordException)
        {
            return null;
        }
    }

    // Tokens are told apart by what their partition says, which one record alone does not have.
    static IEnumerable<(StateRecord Record, bool IsKey)> Altered(StateRecord record)
    {
        if (record.Section == Section.Tokens && record.Key.Span[^1] != 1) yield break;
        var (key, value) = (record.Key.Span.ToArray(), record.Value!.Value.Span.ToArray());
        foreach (byte flip in new byte[] { 0x01, 0x80 })
        {
            for (var i = 0; i < value.Length; i++)
            {
                value[i] ^= flip;
                yield return (record with { Value = new ByteString(value.ToArray()) }, false);
                value[i] ^= flip;
            }

            for (var i = 0; i < key.Length; i++)
            {
                key[i] ^= flip;
                yield return (record with { Key = new(key.ToArray()) }, true);
                key[i] ^= flip;
            }
        }
    }

    // Every record that the chain ever wrote, as it stood last.
    static IEnumerable<StateRecord> Met(string title)
    {
        var (genesis, blocks) = Chain(title);
        var fold = new Fold(genesis);
        var records = new Dictionary<(Section, ByteString), StateRecord>();
        foreach (var record in fold.GenesisRecords) records[(record.Section, record.Key)] = record;
        foreach (var record in blocks.SelectMany(block => fold.Repeat(block, verifySignatures: false, out _)!.Written))
        {
            if (record.Value is not null) records[(record.Section, record.Key)] = record;
        }

        return records.Values.Select(record => record with { Salt = default });
    }

    static Fold Last(string title)
    {
        var (genesis, blocks) = Chain(title);
        var fold = new Fold(genesis);
        foreach (var block in blocks) Assert.NotNull(fold.Repeat(block, verifySignatures: false, out _));
        return fold;
    }

    static (Genesis Genesis, IReadOnlyList<Block> Blocks) Chain(string title)
    {
        var story = GoldenStory.Of(title);
        var genesis = Genesis.Read(story.Frozen(FolderLayout.Genesis), KnownSuites.Find, out var problem);
        Assert.True(genesis is not null, problem);
        var audit = new ChainAudit(genesis!, verifySignatures: false);
        var blocks = new List<Block>();
        audit.OnBlock = folded => blocks.Add(folded.Block);
        foreach (var name in story.SegmentNames) Assert.Null(audit.Read(name, story.Frozen(name)));
        return (genesis!, blocks);
    }
}
