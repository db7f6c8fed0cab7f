using Ledger.Core.Chain;
using Ledger.Core.Primitives;

namespace Ledger.Tests.Chain;

public class LeafTests
{
    static readonly EnvelopeLeaf Envelope = new(Sample.Envelope(9), [new(0, 1001, Sample.Text("a")), new(8, 1502, Sample.Text("b"))]);

    [Fact]
    public void What_is_written_is_read_back()
    {
        Assert.True(EnvelopeLeaf.TryRead(Envelope.Write(), out var envelope));
        Assert.Equal(Envelope, envelope);

        Assert.True(EntryLeaf.TryRead(Sample.Entry("{}", code: 4001).Write(), out var entry));
        Assert.Equal(Sample.Entry("{}", code: 4001), entry);

        foreach (var written in new[] { Sample.Header(2, 1), Sample.Genesis })
        {
            Assert.Equal(Header.Size, written.Write().Length);
            Assert.True(Header.TryRead(written.Write(), out var header));
            Assert.Equal(written, header);
        }
    }

    [Fact]
    public void A_leaf_with_a_byte_too_many_or_too_few_is_refused()
    {
        var envelope = Envelope.Write();
        var header = Sample.Header(0, 0).Write();
        for (var length = 0; length < envelope.Length; length++) Assert.False(EnvelopeLeaf.TryRead(envelope.AsSpan(0, length), out _));
        for (var length = 0; length < header.Length; length++) Assert.False(Header.TryRead(header.AsSpan(0, length), out _));

        Assert.False(EnvelopeLeaf.TryRead([.. envelope, 0], out _));
        Assert.False(Header.TryRead([.. header, 0], out _));
        Assert.False(EntryLeaf.TryRead(new byte[] { Leaf.EntryKind, 0, 0, 0, 0 }, out _));
    }

    [Fact]
    public void An_entry_that_was_accepted_names_no_operation()
    {
        Assert.True(EntryLeaf.TryRead(new EntryLeaf(4001, 1, Sample.Entry("{}").Transaction).Write(), out _));
        Assert.False(EntryLeaf.TryRead(new EntryLeaf(0, 1, Sample.Entry("{}").Transaction).Write(), out _));
    }

    [Fact]
    public void A_leaf_of_another_kind_or_version_is_refused()
    {
        foreach (var place in new[] { 0, 1, 2 })
        {
            Assert.False(EnvelopeLeaf.TryRead(Changed(Envelope.Write(), place), out _));
            Assert.False(Header.TryRead(Changed(Sample.Header(0, 0).Write(), place), out _));
        }

        Assert.False(EntryLeaf.TryRead(Changed(Sample.Entry("{}").Write(), 0), out _));
    }

    [Fact]
    public void An_envelope_whose_fields_are_empty_or_impossible_is_refused()
    {
        RefusesEnvelope(Envelope.Envelope with { ChainId = default });
        RefusesEnvelope(Envelope.Envelope with { Digest = default });
        RefusesEnvelope(Envelope.Envelope with { Clock = new(Timestamp.MaxUnixMilliseconds + 1) });

        // The bank's last check character, behind kind, version, chain id, epoch and length.
        Assert.False(EnvelopeLeaf.TryRead(Changed(Envelope.Write(), 1 + 2 + 32 + 4 + 1 + 17), out _));

        static void RefusesEnvelope(Envelope envelope) => Assert.False(EnvelopeLeaf.TryRead((Envelope with { Envelope = envelope }).Write(), out _));
    }

    [Fact]
    public void Skipped_transactions_stand_in_the_batch_and_ascend()
    {
        RefusesSkipped(new(8, 1000, Sample.Text("a")), new(0, 1000, Sample.Text("b")));
        RefusesSkipped(new(3, 1000, Sample.Text("a")), new(3, 1000, Sample.Text("b")));
        RefusesSkipped(new Skipped(9, 1000, Sample.Text("a")));
        RefusesSkipped(new Skipped(0, 0, Sample.Text("a")));
        RefusesSkipped(new Skipped(0, 1000, default));

        static void RefusesSkipped(params Skipped[] skipped) =>
            Assert.False(EnvelopeLeaf.TryRead((Envelope with { Skipped = [.. skipped] }).Write(), out _));
    }

    [Fact]
    public void The_most_that_may_be_skipped_fits_into_a_leaf()
    {
        var skipped = Enumerable.Range(0, EnvelopeLeaf.MaxSkipped).Select(place => new Skipped((uint)place, 1001, Sample.Number(place)));
        var bank = Sample.Party("529900LEDGERTEST0196");
        var leaf = new EnvelopeLeaf(Sample.Envelope(EnvelopeLeaf.MaxSkipped) with { Bank = bank }, [.. skipped]);

        var bytes = leaf.Write();
        Assert.InRange(bytes.Length, Leaf.MaxSize - 37, Leaf.MaxSize);
        Assert.True(EnvelopeLeaf.TryRead(bytes, out var read));
        Assert.Equal(leaf, read);
    }

    [Fact]
    public void A_header_whose_fields_are_empty_or_impossible_is_refused()
    {
        var header = Sample.Header(2, 1);
        Refuses(header with { ChainId = default });
        Refuses(header with { Previous = default });
        Refuses(header with { FirstLeaf = 0 });
        Refuses(header with { StateRoot = default });
        Refuses(header with { ValidatorSet = default });
        Refuses(header with { RuleSet = default });
        Refuses(header with { Time = new(Timestamp.MaxUnixMilliseconds + 1) });
        Refuses(Sample.Genesis with { Previous = Sample.Text("previous") });
        Refuses(Sample.Genesis with { FirstLeaf = 1 });
        Refuses(Sample.Genesis with { EntryCount = 1 });
        Refuses(Sample.Genesis with { SkippedCount = 1 });

        static void Refuses(Header header) => Assert.False(Header.TryRead(header.Write(), out _));
    }

    [Fact]
    public void The_longest_transaction_fits_and_a_longer_one_is_a_bug()
    {
        var longest = new EntryLeaf(0, 0, Sample.Bytes(EntryLeaf.MaxTransactionSize, 1));
        Assert.Equal(Leaf.MaxSize, longest.Write().Length);
        Assert.True(EntryLeaf.TryRead(longest.Write(), out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EntryLeaf(0, 0, Sample.Bytes(EntryLeaf.MaxTransactionSize + 1, 1)).Write());
        Assert.False(EntryLeaf.TryRead((byte[])[.. longest.Write(), 1], out _));
    }

    [Fact]
    public void The_signature_of_an_envelope_covers_every_field_but_itself()
    {
        var envelope = Sample.Envelope(3);
        var signed = envelope.SignedBytes();
        Assert.Equal(signed, (envelope with { Signature = Sample.Bytes(64, 1) }).SignedBytes());

        Envelope[] others =
        [
            envelope with { ChainId = Sample.Text("other") }, envelope with { Epoch = 4 }, envelope with { Bank = Sample.Party("91440300MA5BANKX03") },
            envelope with { Counter = 42 }, envelope with { Clock = new(1) }, envelope with { TransactionCount = 4 },
            envelope with { Digest = Sample.Text("other") },
        ];
        Assert.All(others, other => Assert.NotEqual(signed, other.SignedBytes()));
    }

    [Fact]
    public void The_digest_covers_every_transaction_and_their_order()
    {
        var digest = Envelope.Envelope.Digest;
        Hash256[] digests =
        [
            digest, Digest(), Digest(Sample.Text("a")), Digest(Sample.Text("a"), Sample.Text("b")), Digest(Sample.Text("b"), Sample.Text("a")),
        ];
        Assert.Equal(digests.Length, digests.Distinct().Count());

        static Hash256 Digest(params Hash256[] hashes) => Core.Chain.Envelope.DigestOf(Sample.Suite, hashes);
    }

    static byte[] Changed(byte[] bytes, int place)
    {
        bytes[place] ^= 1;
        return bytes;
    }
}
