using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Laws;

/// <summary>What was folded once comes out the same again, to the byte; and the roots tell of every change and of nothing else.</summary>
public class ReplayTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Replaying_a_chain_gives_the_same_blocks_and_roots(int seed)
    {
        using var world = Told(seed);

        foreach (var verifySignatures in new[] { true, false })
        {
            var again = new Fold(world.Genesis);
            Assert.Equal(world.Blocks[0].FirstLeaf, again.GenesisBlock.EndLeaf);
            foreach (var block in world.Blocks)
            {
                Assert.True(Block.TryRead(block.Write(), out var stored));
                var folded = Assert.IsType<FoldedBlock>(again.Repeat(stored, verifySignatures, out var fault));
                Assert.Null(fault);
                Assert.True(folded.Block.Payload.Span.SequenceEqual(block.Payload.Span));
            }

            Assert.Equal(world.Fold.Checkpoint, again.Checkpoint);
        }

        RestoreLaw.Holds(world.Genesis, world.Blocks, 3, world.Blocks.Count / 2, world.Blocks.Count);
    }

    [Fact]
    public void A_chain_whose_transaction_was_altered_is_not_repeated()
    {
        using var world = Told(4);
        var place = world.Blocks.Index().First(block => block.Item.Entries.Count > 1).Index;
        var good = world.Blocks[place];
        var entry = good.Entries[0];
        var bytes = entry.Transaction.Span.ToArray();
        // The last characters of a transaction are its last signature's, before the closing quote and braces.
        bytes[^8] = bytes[^8] == (byte)'A' ? (byte)'B' : (byte)'A';
        var envelope = Assert.IsType<EnvelopeLeaf>(good.Envelope);
        var altered = Block.Of(envelope, [entry with { Transaction = new(bytes) }, .. good.Entries.Span[1..]], good.Header);

        var verifying = Upto(world, place);
        Assert.Null(verifying.Repeat(altered, verifySignatures: true, out var fault));
        Assert.Equal((1, LeafFaultKind.EntryUnauthentic), (fault?.Leaf, fault?.Kind));

        var trusting = Upto(world, place);
        Assert.Null(trusting.Repeat(altered, verifySignatures: false, out fault));
        Assert.Equal((0, LeafFaultKind.EnvelopeDigestDiffers), (fault?.Leaf, fault?.Kind));
    }

    [Fact]
    public void A_chain_that_gives_another_answer_is_not_repeated()
    {
        using var world = Told(5);
        var place = world.Blocks.Index().First(block => block.Item.Entries.Count > 0).Index;
        var good = world.Blocks[place];
        var entry = good.Entries[0];
        var envelope = Assert.IsType<EnvelopeLeaf>(good.Envelope);
        var code = entry.Code == 0 ? (ushort)Refusal.OfferNotFound : (ushort)0;

        var lying = Block.Of(envelope, [entry with { Code = code }, .. good.Entries.Span[1..]], good.Header);
        Assert.Null(Upto(world, place).Repeat(lying, verifySignatures: true, out var fault));
        Assert.Equal((1, LeafFaultKind.EntryCodeDiffers), (fault?.Leaf, fault?.Kind));

        var otherRoot = Block.Of(envelope, good.Entries.Span, good.Header with { StateRoot = new(1, 1) });
        Assert.Null(Upto(world, place).Repeat(otherRoot, verifySignatures: true, out fault));
        Assert.Equal((good.Leaves.Count - 1, LeafFaultKind.HeaderDiffers), (fault?.Leaf, fault?.Kind));
    }

    [Fact]
    public void A_refused_entry_moves_no_root_but_those_of_used_ids_quotas_and_clocks()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Accepts(A, world.Trade(note, A, B, 1, 50));
        var twice = world.Trade(note, A, B, 50, 51);
        var before = Roots(world);

        world.Refuses(Refusal.UnitsOffered, A, twice);
        var changed = Roots(world).Index().Where(root => root.Item != before[root.Index]).Select(root => (Section)(root.Index + 1)).ToArray();

        Assert.Equal([Section.UsedIds, Section.Clocks, Section.Quotas], changed);
    }

    [Fact]
    public void A_skipped_transaction_moves_nothing_but_the_clocks()
    {
        using var world = new World();
        var answered = world.Sign(world.Draft(A, new WithdrawOffer(new(5))));
        Assert.Equal(Refusal.OfferNotFound, world.Append(answered).Answers[0].Code);
        var before = Roots(world);

        var again = world.Append(answered, [1, 2, 3]);

        Assert.Equal([Refusal.AlreadyAnswered, Refusal.Malformed], again.Answers.Select(answer => answer.Code));
        Assert.All(again.Answers, answer => Assert.Null(answer.Leaf));
        var changed = Roots(world).Index().Where(root => root.Item != before[root.Index]).Select(root => (Section)(root.Index + 1));
        Assert.Equal([Section.Clocks], changed);
    }

    [Fact]
    public void Changing_any_byte_of_any_record_changes_the_root()
    {
        using var world = Told(6);
        var records = ChainRecords.Of(world.Genesis, world.Blocks);
        var tree = new StateTree(world.Suite, Sections.Count);
        foreach (var ((section, key), value) in records) tree.Put((byte)section, key.Span, value, new(3, 3));
        var root = tree.Root();
        var sections = records.Keys.Select(record => record.Section).ToHashSet();
        Section[] told = [Section.Parties, Section.Keys, Section.Documents, Section.Instruments, Section.Tokens, Section.Offers, Section.UsedIds, Section.Clocks];
        Assert.Empty(told.Except(sections));

        foreach (var ((section, key), value) in records.OrderBy(record => record.Key.Section).ThenBy(record => record.Key.Key.ToString(), StringComparer.Ordinal))
        {
            for (var i = 0; i < value.Length; i++)
            {
                value[i] ^= 1;
                tree.Put((byte)section, key.Span, value, new(3, 3));
                Assert.NotEqual(root, tree.Root());
                value[i] ^= 1;
            }

            tree.Put((byte)section, key.Span, value, new(3, 3));
        }

        Assert.Equal(root, tree.Root());
    }

    /// <summary>A member of a noun that its record leaves out could be changed on one node's disk, and no root would tell.</summary>
    [Fact]
    public void Every_member_of_a_noun_is_in_its_record()
    {
        using var world = Told(6);
        var party = Assert.IsType<Party>(world.State.Party(A));
        var key = Assert.IsType<PartyKey>(world.State.Key(Key(A)));
        var state = world.State.WithoutChanges();

        Differs(state.With(party), state.With(party with { Name = "x" }), state.With(party with { Roles = Roles.Bank }), state.With(party with { Region = "x" }),
            state.With(party with { Size = SizeClass.Large }), state.With(party with { IndustryChain = "x" }), state.With(party with { Sponsor = Y }),
            state.With(party with { Standing = Standing.Suspended }), state.With(party with { LastKey = 9 }), state.With(party with { Account = new(1, 1) }),
            state.With(party with { Policy = [new(Currency.Cny, new(1), new(2))] }), state.With(party with { Policy = [new(Currency.Cny, new(2), new(2))] }),
            state.With(party with { Policy = [new(Currency.Cny, new(1), new(3))] }));
        Differs(state.With(key), state.With(key with { PublicKey = new(new byte[65]) }), state.With(key with { Use = KeyUse.Sealing }),
            state.With(key with { Role = KeyRole.System }), state.With(key with { Person = "x" }), state.With(key with { From = new(1) }),
            state.With(key with { Until = new(1) }), state.With(key with { Replaces = 7 }));

        var document = world.State.AllDocuments.First(one => one.Seller == A && one.Attester == X && one.Kind == DocumentKind.Invoice && one.Buyer != X);
        Differs(state.With(document), state.With(document with { Kind = DocumentKind.Waybill }), state.With(document with { Seller = X }),
            state.With(document with { Buyer = X }), state.With(document with { Total = new(1) }), state.With(document with { Date = DateOnly.MinValue }),
            state.With(document with { Commitment = new(1, 1) }), state.With(document with { Attester = Y }), state.With(document with { SellersHand = Y }), state.With(document with { AttestedAt = new(1) }),
            state.With(document with { RedLetters = new(999) }), state.With(document with { Reserved = new(999) }), state.With(document with { Used = new(999) }),
            state.With(document with { Reliant = [X, Y] }));

        var (tokens, token) = world.State.AllInstruments.Where(one => world.State.Tokens(one.Id) is not null)
            .Select(one => (one.Id, world.Tokens(one.Id)[0])).First();
        LedgerState With(Token changed) => state.With(tokens, Core.Instruments.Tokens.Whole(changed));
        var burden = new Encumbrance(EncumbranceKind.Pledge, 5, X, new(1), new(2));
        var free = token with { Encumbrances = [burden] };
        Differs(With(free), With(free with { Units = new(1, 999) }), With(free with { Holder = Y }), With(free with { State = UnitState.Paid }),
            With(free with { Leg = free.Leg with { Act = new(9) } }), With(free with { Leg = free.Leg with { Cause = TransferCause.Court } }),
            With(free with { Leg = free.Leg with { From = Y } }), With(free with { Leg = free.Leg with { Depth = 99 } }),
            With(free with { Leg = free.Leg with { Recourse = true } }), With(free with { Leg = free.Leg with { Documents = [] } }),
            With(free with { Leg = free.Leg with { At = new(1) } }), With(free with { Encumbrances = [] }), With(free with { Encumbrances = [burden, burden] }),
            With(free with { Encumbrances = [burden with { Kind = EncumbranceKind.Freeze }] }), With(free with { Encumbrances = [burden with { Reference = 6 }] }),
            With(free with { Encumbrances = [burden with { Beneficiary = Y }] }), With(free with { Encumbrances = [burden, burden with { Reference = 7 }] }),
            With(free with { Encumbrances = [burden with { Since = new(3) }] }), With(free with { Encumbrances = [burden with { Until = new(3) }] }));

        var offer = world.State.AllOffers.First(one => one is { Kind: OfferKind.Transfer, Status: OfferStatus.Accepted, Recourse: false } && one.From == A);
        Differs(state.With(offer), state.With(offer with { Kind = OfferKind.Pledge }), state.With(offer with { Status = OfferStatus.Withdrawn }),
            state.With(offer with { From = Y }), state.With(offer with { To = Y }), state.With(offer with { Hand = Y }), state.With(offer with { Instrument = new(9) }), state.With(offer with { Units = [] }),
            state.With(offer with { Cause = TransferCause.Court }), state.With(offer with { Recourse = true }), state.With(offer with { Amount = new(999) }),
            state.With(offer with { Documents = [] }), state.With(offer with { Terms = [new(8, 8)] }), state.With(offer with { MadeAt = new(1) }),
            state.With(offer with { Expires = new(1) }));

        static string Written(LedgerState state)
        {
            var written = new List<string>();
            for (var change = state.Changes; change is not null; change = change.Earlier) written.Add(Convert.ToHexString(change.Value ?? []));
            return string.Join('|', written);
        }

        static void Differs(LedgerState original, params LedgerState[] others)
        {
            var values = others.Prepend(original).Select(Written).ToArray();
            Assert.Equal(values.Length, values.Distinct().Count());
        }
    }

    /// <summary>A random history, signed and folded: some transactions a block, some refused, some seen before.</summary>
    static World Told(int seed)
    {
        var world = new World((RuleParameter.AttemptsPerDay, NaiveLedger.AttemptsPerDay));
        var book = new NaiveLedger { Now = world.State.Now, Minutes = MinuteBook.Of(world.State, movesSeats: false) };
        world.Hands(world.Certificate(A, 40), A, B, 11, 20);
        book.Now = world.State.Now;
        var waiting = new List<byte[]>();
        for (var step = 0; step < 60; step++)
        {
            var story = new Story(book, (seed * 10_000) + step);
            if (story.Pause > 0) world.Pass(story.Pause);
            book.Pass(world.State.Now);
            foreach (var (transaction, signers) in story.Acts())
            {
                waiting.Add(world.Sign(transaction, [.. signers.Where(signer => signer != transaction.Party).Select(signer => Key(signer))]));
                var (_, after) = book.Try(transaction, signers);
                book = after;
            }

            if (step % 7 == 3) waiting.Add(waiting[0]);
            if (step % 3 == 0) continue;
            world.Append([.. waiting]);
            waiting.Clear();
        }

        return world;
    }

    static Fold Upto(World world, int blocks)
    {
        var fold = new Fold(world.Genesis);
        foreach (var block in world.Blocks.Take(blocks)) Assert.NotNull(fold.Repeat(block, verifySignatures: true, out _));
        return fold;
    }

    static ValueList<Hash256> Roots(World world) => world.Fold.Prove(Section.Parties, [0]).SectionRoots;
}
