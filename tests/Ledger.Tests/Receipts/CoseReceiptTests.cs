using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Suites;
using Ledger.Suites.Cose;
using Ledger.Tests.Peers;
using Ledger.Tests.Vectors;

namespace Ledger.Tests.Receipts;

/// <summary>A COSE receipt has one encoding, is worth what the banks are whose words it has, and is false with an octet changed anywhere.</summary>
public class CoseReceiptTests
{
    static readonly CoseCases Cases = new();
    static readonly CryptoSuite Suite = FourBanks.Genesis.Chain.Suite;
    static readonly TrustPolicy Policy = FourBanks.Genesis.Policy;

    [Fact]
    public void The_words_of_a_quorum_survive_their_file_and_are_believed()
    {
        var file = Cases.By(FourBanks.Quorum);

        var read = CoseReceiptFile.Read(file.Write(), out var fault);
        Assert.Null(fault);
        Assert.Equal(file, read);
        Assert.Equal(file.Write(), read!.Write());
        var finding = read.Verify(Suite, Policy);
        Assert.Equal((ProofVerdict.Verified, Cases.Checkpoint.Root), (finding.Verdict, finding.Root));
        Assert.Equal(KeysOf(FourBanks.Quorum), finding.Signers.Select(static key => key.PublicKey).ToHashSet());
    }

    [Fact]
    public void Its_octets_are_those_that_a_reader_of_the_format_puts_together_by_hand()
    {
        var word = Cases.Word(FourBanks.Banks[0]);

        Assert.Equal(Convert.ToHexStringLower(Cases.SignedByHand()), Convert.ToHexStringLower(CoseReceipt.SignedBytes(word.Origin, word.KeyId, word.Size, Cases.Checkpoint.Root)));
        var byHand = CoseReceipt.Read(Cases.ByHand(), out var fault);
        Assert.Null(fault);
        Assert.Equal((word with { Signature = byHand!.Signature }).Write(), byHand.Write());
        Assert.Equal(Cases.ByHand(), byHand.Write());
    }

    [Fact]
    public void Fewer_words_than_a_quorum_are_not_believed_and_one_bank_counts_once()
    {
        var few = Cases.By(FourBanks.Quorum[..2]).Verify(Suite, Policy);

        Assert.Equal((ProofVerdict.Untrusted, 2), (few.Verdict, few.Signers.Count));
        Assert.Null(CoseReceiptFile.Read((Cases.By(FourBanks.Quorum[..2]) with { Receipts = [.. Enumerable.Repeat(Cases.Word(FourBanks.Banks[0]), 3)] }).Write(), out var fault));
        Assert.Equal(new CoseFault(CoseFaultKind.OutOfOrder, 2), fault);
    }

    [Fact]
    public void A_false_word_of_a_known_bank_spoils_all_and_one_of_nobody_known_is_passed_over()
    {
        var whole = Cases.By(FourBanks.Banks);
        var liar = whole.Receipts[0] with { Signature = whole.Receipts[1].Signature };
        var spoilt = CoseReceiptFile.Of(whole.Leaf, [liar, .. whole.Receipts.Skip(1)]).Verify(Suite, Policy);
        Assert.Equal((ProofVerdict.BadSignature, 0), (spoilt.Verdict, spoilt.Signers.Count));
        Assert.Equal(liar.KeyId, Assert.Single(spoilt.Wrong).KeyId);

        var stranger = whole.Receipts[0] with { KeyId = 7 };
        Assert.Equal(ProofVerdict.Verified, CoseReceiptFile.Of(whole.Leaf, [stranger, .. whole.Receipts.Skip(1)]).Verify(Suite, Policy).Verdict);
    }

    [Fact]
    public void Words_of_another_leaf_place_size_or_chain_are_false()
    {
        var good = Cases.By(FourBanks.Quorum);
        var block = Cases.Chain.Blocks[2].Block;

        ProofVerdict With(Func<CoseReceipt, CoseReceipt> change) => CoseReceiptFile.Of(good.Leaf, good.Receipts.Select(change)).Verify(Suite, Policy).Verdict;
        Assert.Equal(ProofVerdict.BadSignature, (good with { Leaf = new(block.Leaves[0]) }).Verify(Suite, Policy).Verdict);
        Assert.Equal(ProofVerdict.BadSignature, With(static word => word with { Index = word.Index ^ 1 }));
        Assert.Equal(ProofVerdict.NotIncluded, With(static word => word with { Path = [.. word.Path.Skip(1)] }));
        Assert.Equal(ProofVerdict.NotIncluded, With(static word => word with { Index = word.Size }));
        Assert.Equal(ProofVerdict.BadSignature, With(static word => word with { Size = word.Size + 1 }));
        Assert.Equal(ProofVerdict.Untrusted, With(static word => word with { Origin = "other.example/0000000000000000" }));
        using var stranger = new ChainFixture();
        Assert.Equal(ProofVerdict.Untrusted, good.Verify(Suite, stranger.Founding.Genesis.Policy).Verdict);
    }

    /// <summary>The banks' lines under a checkpoint are over its text, and what they sign here is over a structure that no text is.</summary>
    [Fact]
    public void A_line_under_a_checkpoint_is_no_word_and_a_word_no_line()
    {
        var (word, key) = (Cases.Word(FourBanks.Bank), Policy.Logs.Single(key => key.KeyId == Cases.Word(FourBanks.Bank).KeyId));
        var signed = CoseReceipt.SignedBytes(word.Origin, word.KeyId, word.Size, Cases.Checkpoint.Root);
        var overText = new ByteString(FourBanks.SignAs(FourBanks.Bank, Cases.Checkpoint.SignedBytes()));

        Assert.True(Suite.Verify(key.PublicKey, signed, word.Signature.Span));
        Assert.False(Suite.Verify(key.PublicKey, Cases.Checkpoint.SignedBytes(), word.Signature.Span));
        Assert.Equal(ProofVerdict.BadSignature, CoseReceiptFile.Of(Cases.Leaf, [word with { Signature = overText }]).Verify(Suite, Policy).Verdict);
        Assert.False(System.Text.Unicode.Utf8.IsValid(signed));
    }

    [Fact]
    public void A_policy_that_asks_for_others_than_banks_is_not_met_and_one_under_the_other_suite_cannot_be_asked()
    {
        var good = Cases.By(FourBanks.Quorum);
        var witness = new VKey("w.example", 5, VKeyKind.Ed25519Cosignature, new(new byte[32]));

        Assert.Equal(ProofVerdict.Untrusted, good.Verify(Suite, Policy with { Quorum = new Quorum.Key(witness) }).Verdict);
        var posing = CoseReceiptFile.Of(good.Leaf, good.Receipts.Add(good.Receipts[0] with { KeyId = 5 }));
        Assert.Equal(ProofVerdict.CannotBeChecked, posing.Verify(Suite, Policy with { Quorum = new Quorum.Key(witness with { Name = good.Receipts[0].Origin }) }).Verdict);
        Assert.Equal(ProofVerdict.CannotBeChecked, good.Verify(KnownSuites.Sm2, Policy).Verdict);
    }

    [Fact]
    public void No_octet_of_a_receipt_can_change_and_still_be_believed()
    {
        var good = Cases.By(FourBanks.Quorum).Write();
        for (var place = 0; place < good.Length; place++)
        {
            foreach (var bit in (ReadOnlySpan<byte>)[0x01, 0x20, 0x80])
            {
                var changed = (byte[])good.Clone();
                changed[place] ^= bit;
                if (CoseReceiptFile.Read(changed, out _) is not { } read) continue;
                Assert.Equal(changed, read.Write());
                Assert.True(read.Verify(Suite, Policy).Verdict != ProofVerdict.Verified, $"octet {place}, bit {bit}");
            }
        }
    }

    [Fact]
    public void A_receipt_that_ends_early_is_none()
    {
        var good = Cases.By(FourBanks.Quorum).Write();
        for (var length = 0; length < good.Length; length++) Assert.Null(CoseReceiptFile.Read(good.AsMemory(0, length), out _));
    }

    [Fact]
    public void What_is_no_receipt_is_refused_by_what_is_wrong_with_it()
    {
        foreach (var (what, octets, kind, receipt) in Cases.Malformed())
        {
            Assert.True(CoseReceiptFile.Read(octets, out var fault) is null, what);
            Assert.Equal((what, new CoseFault(kind, receipt)), (what, fault));
        }

        // Or some part of a receipt is never wrong here.
        Assert.Equal(Enum.GetValues<CoseFaultKind>(), Cases.Malformed().Select(static one => one.Kind).Distinct().Order());
    }

    /// <summary>Of the frozen chain's last entry. Written anew where the protocol is meant to change, as the stories are.</summary>
    [Fact]
    public void The_frozen_receipt_is_believed_under_the_frozen_genesis()
    {
        var story = GoldenStory.Of("ledger");
        var genesis = Genesis.Read(story.Frozen(FolderLayout.Genesis), KnownSuites.Find, out _)!;
        var audit = new ChainAudit(genesis, verifySignatures: false);
        var (leaf, entry) = (0UL, new ByteString());
        audit.OnBlock = folded =>
        {
            if (folded.Block.Entries.Count > 0) (leaf, entry) = (folded.Block.EndLeaf - 2, new(folded.Block.Leaves[^2]));
        };
        foreach (var name in story.SegmentNames) Assert.Null(audit.Read(name, story.Frozen(name)));
        var checkpoint = audit.Covered!.Checkpoint;

        var path = Path.Combine(story.Folder, "cose-receipt.golden");
        if ((Environment.GetEnvironmentVariable("LEDGER_FREEZE") ?? "").Split(',').Contains("ledger"))
        {
            var keyId = genesis.Chain.Suite.NoteKeyId(genesis.Origin, GoldenStory.NodeKey.PublicKey);
            var signed = CoseReceipt.SignedBytes(genesis.Origin, keyId, checkpoint.Size, checkpoint.Root);
            var word = new CoseReceipt(genesis.Origin, keyId, checkpoint.Size, leaf, [.. audit.Fold.History.InclusionProof(leaf, checkpoint.Size)], new(GoldenStory.NodeKey.Sign(signed)));
            File.WriteAllBytes(path, CoseReceiptFile.Of(entry, [word]).Write());
        }

        var frozen = File.ReadAllBytes(path);
        var file = CoseReceiptFile.Read(frozen, out _);
        Assert.Equal((ProofVerdict.Verified, checkpoint.Root), (file!.Verify(genesis.Chain.Suite, genesis.Policy).Verdict, file.Verify(genesis.Chain.Suite, genesis.Policy).Root));
        Assert.Equal((leaf, entry), (file.Receipts[0].Index, file.Leaf));
        Assert.Equal(frozen, file.Write());
    }

    static HashSet<ByteString> KeysOf(IEnumerable<PartyId> banks) => [.. FourBanks.Genesis.Text.Validators.Where(one => banks.Contains(one.Bank)).Select(static one => one.NodeKey)];
}
