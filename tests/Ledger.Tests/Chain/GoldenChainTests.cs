using System.Text;
using Ledger.Core.Chain;
using Ledger.Suites.Cose;

namespace Ledger.Tests.Chain;

/// <summary>Frozen bytes of one toy chain under ES256. A change here is a change of protocol: every chain that exists would stop verifying.</summary>
public class GoldenChainTests
{
    // RFC 6979 A.2.5's public key; the signature was made once with its private key.
    const string PolicyText = """
        log bank-consortium.example/9414886b1ebf025d+5a7a78cc+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGD+1LolWp0xyWHrdMY1bWjASbiSO2H6bOZpYi5g8p+2eQP+EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk=
        quorum none

        """;

    const string ProofText = """
        c2sp.org/tlog-proof@v1
        extra AgAAAAB7ImZpcnN0IjoxfQ==
        index 20
        5bbKo0R7AmbdHTGO7GzP0g1VQJ5sukwBP7zaL+ULQac=
        3/w9n48zIWX7WBGBByy/T3zdjk8oMlgTmgaTXWYcmfo=
        W9Q7XEWz9XCYDMxhX2B7PDh8rWenQ/510OQKY7m5/D8=
        tc/J2QcDyjDfUhNUkguZrG10nscszgygBpqGYkXe9Sw=

        bank-consortium.example/9414886b1ebf025d
        23
        vM6Ljyl5RLwhZxY+gp00+BHjSda3t7BAxPTdYTwVulI=

        — bank-consortium.example/9414886b1ebf025d Wnp4zDBGAiEAonXlKJT2p1JOSl9Xdm/EidoKcFe2DMs6H+cgRefG8BoCIQDNobHRs+gePJghVtdPEtYXRsVzu13f9uva+9smWsdmwA==

        """;

    // The same leaf under the same checkpoint as one bank's word; signed once with that private key.
    const string CoseHex =
        "83756c65646765722d636f73652d726563656970742f315002000000007b226669727374223a317d81590121d2845845a5012604445a7a78cc0fa10178286261"
        + "6e6b2d636f6e736f727469756d2e6578616d706c652f3934313438383662316562663032356419018b0169747265652d73697a6517a119018ca12081588c8317"
        + "14845820e5b6caa3447b0266dd1d318eec6ccfd20d55409e6cba4c013fbcda2fe50b41a75820dffc3d9f8f332165fb581181072cbf4f7cdd8e4f283258139a06"
        + "935d661c99fa58205bd43b5c45b3f570980ccc615f607b3c387cad67a743fe75d0e40a63b9b9fc3f5820b5cfc9d90703ca30df521354920b99ac6d749ec72cce"
        + "0ca0069a866245def52cf65840aed6a91fd64197a3f2027befdd7f24ad0fc67bbe9767ab65bb898c4e85e7195455a40c143bfe3e0d64041612aee486f5e25822"
        + "8498607d7c5651ee1fce46b977";

    const string CoseSignedHex =
        "846a5369676e6174757265315845a5012604445a7a78cc0fa101782862616e6b2d636f6e736f727469756d2e6578616d706c652f393431343838366231656266"
        + "3032356419018b0169747265652d73697a6517405820bcce8b8f297944bc2167163e829d34f811e349d6b7b7b040c4f4dd613c15ba52";

    [Theory]
    [MemberData(nameof(Frozen))]
    public void The_bytes_are_the_frozen_ones(string what, string hex) => Assert.Equal(hex, Convert.ToHexStringLower(Bytes(what)));

    public static TheoryData<string, string> Frozen { get; } = new()
    {
        { "transactions' digest", "aa4a97ee63f1707f9d0b278aa21c058a2e042efe624f57338e3bc9923392f3b1" },
        {
            "envelope as signed",
            "6c65646765722d656e76656c6f70650a9414886b1ebf025db067a4cbd13a0903fbd9733a5372bba1b58bd72c1699b798000000031239313331303030304d4131"
            + "5454545454343800000000000000290000019b76daa87b000000030bf474896363505e5ea5e5d6ace8ebfb13a760a409b1fb467d428fc716f9f284"
        },
        {
            "envelope leaf",
            "0100019414886b1ebf025db067a4cbd13a0903fbd9733a5372bba1b58bd72c1699b798000000031239313331303030304d413154545454543438000000000000"
            + "00290000019b76daa87b000000030bf474896363505e5ea5e5d6ace8ebfb13a760a409b1fb467d428fc716f9f284a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"
            + "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5000000010000000103e9389595a44dc9dce7"
            + "dee673f243e805244bae603d6a65a536ad493340ec99ced3"
        },
        { "entry leaf", "020fa300007b227468697264223a337d" },
        {
            "header leaf",
            "0300019414886b1ebf025db067a4cbd13a0903fbd9733a5372bba1b58bd72c1699b79800000000000000070000019b76daa87b6da0633528deaa0144e7b05831"
            + "5f0b753ec0b945163a72bf96a0d18180f9de0d000000000000001300000002000000014ba69735ca53765ed6a709edb56c6ea236b7193a3b29a6b390c346f0f4"
            + "340e4e66d18af4cf3d736390761abbea054bcedb18191b65128c2b057cdef5071a16986c621d1a05138a7888d37d9269a9da8e2e11e4aced2f6cfd24b05ab1b9"
            + "e61bb0"
        },
        {
            "header leaf of block 0",
            "0300019414886b1ebf025db067a4cbd13a0903fbd9733a5372bba1b58bd72c1699b79800000000000000000000019b76daa87b00000000000000000000000000"
            + "00000000000000000000000000000000000000000000000000000000000000000000004ba69735ca53765ed6a709edb56c6ea236b7193a3b29a6b390c346f0f4"
            + "340e4e66d18af4cf3d736390761abbea054bcedb18191b65128c2b057cdef5071a16986c621d1a05138a7888d37d9269a9da8e2e11e4aced2f6cfd24b05ab1b9"
            + "e61bb0"
        },
        {
            "block",
            "0000000400d80100019414886b1ebf025db067a4cbd13a0903fbd9733a5372bba1b58bd72c1699b798000000031239313331303030304d413154545454543438"
            + "00000000000000290000019b76daa87b000000030bf474896363505e5ea5e5d6ace8ebfb13a760a409b1fb467d428fc716f9f284a5a5a5a5a5a5a5a5a5a5a5a5"
            + "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5000000010000000103e93895"
            + "95a44dc9dce7dee673f243e805244bae603d6a65a536ad493340ec99ced3001002000000007b226669727374223a317d0010020fa300007b227468697264223a"
            + "337d00c30300019414886b1ebf025db067a4cbd13a0903fbd9733a5372bba1b58bd72c1699b79800000000000000070000019b76daa87b6da0633528deaa0144"
            + "e7b058315f0b753ec0b945163a72bf96a0d18180f9de0d000000000000001300000002000000014ba69735ca53765ed6a709edb56c6ea236b7193a3b29a6b390"
            + "c346f0f4340e4e66d18af4cf3d736390761abbea054bcedb18191b65128c2b057cdef5071a16986c621d1a05138a7888d37d9269a9da8e2e11e4aced2f6cfd24"
            + "b05ab1b9e61bb0"
        },
        { "segment opener record", "010000003200019414886b1ebf025db067a4cbd13a0903fbd9733a5372bba1b58bd72c1699b79800000000000000070000000000000013a642131a" },
        { "checkpoint record", "03000000056e6f74650a723b2513" },
        { "history root over 19 leaves and the block", "bcce8b8f297944bc2167163e829d34f811e349d6b7b7b040c4f4dd613c15ba52" },
    };

    [Fact]
    public void The_frozen_receipt_verifies_under_the_frozen_policy()
    {
        Assert.True(TrustPolicy.TryParsePolicyFile(PolicyText, out var policy, out _));
        Assert.True(TlogProof.TryParse(Encoding.UTF8.GetBytes(ProofText), out var proof));

        Assert.Equal(ProofVerdict.Verified, proof.Verify(Sample.Suite, policy));
        Assert.Equal(Sample.Block.Leaves[1].ToArray(), proof.Leaf.Span.ToArray());
        Assert.Equal(History().Root(), proof.Note.Checkpoint.Root);
        Assert.Equal(ProofText, Encoding.UTF8.GetString(proof.Write()));
        Assert.Equal(PolicyText.Split('\n')[0], $"log {policy.Logs[0]}");
    }

    [Fact]
    public void The_frozen_cose_receipt_verifies_under_the_frozen_policy()
    {
        Assert.True(TrustPolicy.TryParsePolicyFile(PolicyText, out var policy, out _));
        var file = CoseReceiptFile.Read(Convert.FromHexString(CoseHex), out var fault);

        Assert.Null(fault);
        Assert.Equal((ProofVerdict.Verified, History().Root()), (file!.Verify(Sample.Suite, policy).Verdict, file.Verify(Sample.Suite, policy).Root));
        Assert.Equal(Sample.Block.Leaves[1].ToArray(), file.Leaf.Span.ToArray());
        Assert.Equal(CoseHex, Convert.ToHexStringLower(file.Write()));
        var word = Assert.Single(file.Receipts);
        Assert.Equal(CoseSignedHex, Convert.ToHexStringLower(CoseReceipt.SignedBytes(word.Origin, word.KeyId, word.Size, History().Root())));
    }

    static byte[] Bytes(string what) => what switch
    {
        "transactions' digest" => Envelope.DigestOf(Sample.Suite, [Sample.Text("a"), Sample.Text("b")]).ToBytes(),
        "envelope as signed" => Sample.Envelope(3).SignedBytes(),
        "envelope leaf" => Sample.Block.Leaves[0].ToArray(),
        "entry leaf" => Sample.Block.Leaves[2].ToArray(),
        "header leaf" => Sample.Block.Leaves[3].ToArray(),
        "header leaf of block 0" => Sample.Genesis.Write(),
        "block" => Sample.Block.Write(),
        "segment opener record" => Record(RecordType.Opener, new SegmentOpener(Sample.ChainId, 7, 19).Write()),
        "checkpoint record" => Record(RecordType.Checkpoint, "note\n"u8.ToArray()),
        "history root over 19 leaves and the block" => History().Root().ToBytes(),
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };

    static byte[] Record(RecordType type, byte[] payload)
    {
        var record = new byte[payload.Length + SegmentCodec.Overhead];
        SegmentCodec.Write(type, payload, record);
        return record;
    }

    static HistoryTree History()
    {
        var tree = new HistoryTree(Sample.Suite);
        for (var i = 0; i < 19; i++) tree.Append(Sample.Number(i));
        foreach (var leaf in Sample.Block.Leaves) tree.Append(MerkleHash.OfLeaf(Sample.Suite, leaf.Span));
        return tree;
    }
}
