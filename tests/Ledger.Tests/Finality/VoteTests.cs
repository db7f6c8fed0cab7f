using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Finality;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Suites;
using static Ledger.Tests.World;

namespace Ledger.Tests.Finality;

/// <summary>What banks sign about blocks, octet for octet, and what is counted of it.</summary>
public class VoteTests
{
    const string Origin = "banks/0123456789abcdef";
    static readonly Hash256 ChainId = new(1, 2);
    static readonly PartyId[] Banks = [.. new[] { X, Y, Z, W }.Order()];

    public static TheoryData<string> Suites { get; } = ["ES256", "SM2"];

    [Fact]
    public void A_prepare_and_a_vote_are_these_octets()
    {
        var prepare = Vote.PrepareBytes(ChainId, new(3, 7, new(4, 5)));
        Assert.Equal(
            "6c65646765722d707265706172650a" + "00000000000000000000000000000001" + "00000000000000000000000000000002" + "00000003" + "0000000000000007"
            + "00000000000000000000000000000004" + "00000000000000000000000000000005",
            Convert.ToHexStringLower(prepare));

        var vote = new Vote(ChainId, 3, X, 9, new(1_000), 6, [new(VoteKind.Prepare, 7, new(4, 5), new(new byte[] { 0xAA, 0xBB }))], new(new byte[64]));
        Assert.Equal(
            "00000000000000000000000000000001" + "00000000000000000000000000000002" + "00000003" + "12" + "3931343430333030" + "4d4131303030303137" + "45" + "0000000000000009"
            + "00000000000003e8" + "0000000000000006" + "01" + "01" + "0000000000000007" + "00000000000000000000000000000004" + "00000000000000000000000000000005" + "02aabb"
            + new string('0', 128),
            Convert.ToHexStringLower(vote.Write()));
        Assert.StartsWith("6c65646765722d766f74650a00", Convert.ToHexStringLower(vote.SignedBytes()), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Suites))]
    public void What_is_written_is_read_again_and_nothing_beside_it(string suiteName)
    {
        var (set, keys) = Voters(suiteName);
        var history = HistoryOf(set.Suite, 8, "a");
        var vote = Voting(set, keys, Banks[0], 1, (VoteKind.Prepare, 5, history), (VoteKind.Commit, 5, history), (VoteKind.Prepare, 8, history));
        var certificate = CertificateFor(set, keys, new(1, 5, history.RootAt(5)), Banks[..3]);
        var report = ReportOf(set, keys, Banks[0], certificate);
        var evidence = new Evidence(vote, 0, vote, 1, history.RootAt(5), [history.RootAt(3)]);

        Assert.True(Vote.TryRead(vote.Write(), out var read) && read == vote && read.IsGood(set));
        Assert.True(Report.TryRead(report.Write(), out var reported) && reported == report && reported.IsGood(set, Final()));
        Assert.True(Report.TryRead(ReportOf(set, keys, Banks[0], null).Write(), out reported) && reported.Certificate is null && reported.IsGood(set, Final()));
        Assert.True(Evidence.TryRead(evidence.Write(), out var shown) && shown == evidence);

        Whole(vote.Write(), static bytes => Vote.TryRead(bytes, out _));
        Whole(report.Write(), static bytes => Report.TryRead(bytes, out _));
        Whole(evidence.Write(), static bytes => Evidence.TryRead(bytes, out _));

        static void Whole(byte[] bytes, Predicate<byte[]> reads)
        {
            for (var length = 0; length < bytes.Length; length++) Assert.False(reads(bytes[..length]), $"{length} of {bytes.Length}");
            Assert.False(reads([.. bytes, 0]));
        }
    }

    [Theory, MemberData(nameof(Suites))]
    public void No_octet_of_a_vote_or_a_report_can_be_another(string suiteName)
    {
        var (set, keys) = Voters(suiteName);
        var history = HistoryOf(set.Suite, 8, "a");
        var vote = Voting(set, keys, Banks[0], 1, (VoteKind.Prepare, 5, history), (VoteKind.Commit, 5, history)).Write();
        var report = ReportOf(set, keys, Banks[0], CertificateFor(set, keys, new(1, 5, history.RootAt(5)), Banks[..3])).Write();
        for (var i = 0; i < vote.Length; i++)
        {
            var other = (byte[])vote.Clone();
            other[i] ^= (byte)(1 << (i % 8));
            Assert.False(Vote.TryRead(other, out var read) && read.IsGood(set), $"octet {i} of the vote");
        }

        for (var i = 0; i < report.Length; i++)
        {
            var other = (byte[])report.Clone();
            other[i] ^= (byte)(1 << (i % 8));
            Assert.False(Report.TryRead(other, out var read) && read.IsGood(set, Final()), $"octet {i} of the report");
        }
    }

    [Theory, MemberData(nameof(Suites))]
    public void A_certificate_is_of_a_quorum_of_validators_each_once(string suiteName)
    {
        var (set, keys) = Voters(suiteName);
        var block = new BlockPoint(1, 5, new(4, 4));
        var good = CertificateFor(set, keys, block, Banks[..3]);
        Assert.True(good.IsGood(set));
        Assert.True(CertificateFor(set, keys, block, Banks).IsGood(set));
        Assert.False(CertificateFor(set, keys, block, Banks[..2]).IsGood(set));
        Assert.False((good with { Prepares = [good.Prepares[0], good.Prepares[0], good.Prepares[1]] }).IsGood(set));
        Assert.False((good with { Prepares = [good.Prepares[1], good.Prepares[0], good.Prepares[2]] }).IsGood(set));
        Assert.False((good with { Prepares = [good.Prepares[0], good.Prepares[1], good.Prepares[2] with { Bank = C }] }).IsGood(set));
        Assert.False((good with { Block = block with { Epoch = 2 } }).IsGood(set));
    }

    [Fact]
    public void A_vote_says_of_each_kind_ever_longer_histories()
    {
        var (set, keys) = Voters("ES256");
        var history = HistoryOf(set.Suite, 8, "a");
        Assert.False(Vote.TryRead(Voting(set, keys, Banks[0], 1, (VoteKind.Prepare, 8, history), (VoteKind.Prepare, 5, history)).Write(), out _));
        Assert.False(Vote.TryRead(Voting(set, keys, Banks[0], 1, (VoteKind.Commit, 5, history), (VoteKind.Commit, 5, history)).Write(), out _));
        Assert.True(Vote.TryRead(Voting(set, keys, Banks[0], 1, (VoteKind.Prepare, 8, history), (VoteKind.Commit, 5, history)).Write(), out _));
    }

    [Theory, MemberData(nameof(Suites))]
    public void A_quorum_of_prepares_certifies_and_a_quorum_of_commits_is_the_checkpoint_that_everybody_is_shown(string suiteName)
    {
        var (set, keys) = Voters(suiteName);
        var history = HistoryOf(set.Suite, 8, "a");
        var block = new BlockPoint(1, 5, history.RootAt(5));
        var tally = new Tally(set, 1);
        foreach (var (bank, number) in Banks[..3].Select(static (bank, i) => (bank, i)))
        {
            Assert.Null(tally.CertificateOf(block));
            Assert.Null(tally.Take(Voting(set, keys, bank, 1, (VoteKind.Prepare, 5, history))));
        }

        Assert.True(tally.CertificateOf(block)?.IsGood(set));
        Assert.Null(tally.FinalNoteOf(block));
        foreach (var bank in Banks[1..]) tally.Take(Voting(set, keys, bank, 2, (VoteKind.Prepare, 5, history), (VoteKind.Commit, 5, history)));
        var note = tally.FinalNoteOf(block);
        var policy = TrustPolicy.OfThreshold([.. Banks.Select(bank => VKey.Of(set.Suite, Origin, keys[bank].PublicKey))], set.Quorum);
        Assert.Equal(TrustVerdict.Trusted, policy.Check(set.Suite, note!).Verdict);
        Assert.Equal(2UL, tally.NewestOf(Banks[1])?.Sequence);

        tally.Forget(5);
        Assert.Null(tally.CertificateOf(block));
        Assert.Null(tally.Take(Voting(set, keys, Banks[0], 3, (VoteKind.Commit, 5, HistoryOf(set.Suite, 8, "b")))));
    }

    [Fact]
    public void Of_an_earlier_or_later_epoch_nothing_is_counted()
    {
        var (set, keys) = Voters("ES256");
        var history = HistoryOf(set.Suite, 8, "a");
        var tally = new Tally(set, 2);
        foreach (var bank in Banks) tally.Take(Voting(set, keys, bank, 1, (VoteKind.Prepare, 5, history)));
        Assert.Null(tally.CertificateOf(new(1, 5, history.RootAt(5))));
        Assert.Null(tally.CertificateOf(new(2, 5, history.RootAt(5))));
    }

    [Theory, MemberData(nameof(Suites))]
    public void Who_signs_two_blocks_of_one_size_has_proved_it(string suiteName)
    {
        var (set, keys) = Voters(suiteName);
        var (one, other) = (HistoryOf(set.Suite, 8, "a"), HistoryOf(set.Suite, 8, "b"));
        var tally = new Tally(set, 1);
        Assert.Null(tally.Take(Voting(set, keys, Banks[0], 1, (VoteKind.Prepare, 5, one))));
        var breach = tally.Take(Voting(set, keys, Banks[0], 2, (VoteKind.Prepare, 3, one), (VoteKind.Commit, 5, other)));
        Assert.True(breach is { } && breach.IsGood(set) && breach.Bank == Banks[0]);
        Assert.True(Evidence.TryRead(breach.Write(), out var read) && read.IsGood(set));

        // What it said first stands.
        foreach (var bank in Banks[1..3]) tally.Take(Voting(set, keys, bank, 1, (VoteKind.Prepare, 5, one)));
        Assert.NotNull(tally.CertificateOf(new(1, 5, one.RootAt(5))));
    }

    [Theory, MemberData(nameof(Suites))]
    public void Of_two_sizes_a_consistency_proof_shows_that_one_history_does_not_begin_with_the_other(string suiteName)
    {
        var (set, keys) = Voters(suiteName);
        var (one, other) = (HistoryOf(set.Suite, 8, "a"), HistoryOf(set.Suite, 8, "b"));
        var (early, late) = (Voting(set, keys, Banks[0], 1, (VoteKind.Prepare, 5, one)), Voting(set, keys, Banks[0], 2, (VoteKind.Prepare, 8, other)));
        var proof = other.ConsistencyProof(5, 8);
        Assert.True(new Evidence(early, 0, late, 0, other.RootAt(5), [.. proof]).IsGood(set));

        // One history, a later epoch, another bank, or a proof of nothing prove nothing.
        var lawful = Voting(set, keys, Banks[0], 2, (VoteKind.Prepare, 8, one));
        Assert.False(new Evidence(early, 0, lawful, 0, one.RootAt(5), [.. one.ConsistencyProof(5, 8)]).IsGood(set));
        Assert.False(new Evidence(early, 0, lawful, 0, other.RootAt(5), [.. proof]).IsGood(set));
        Assert.False(new Evidence(early, 0, Voting(set, keys, Banks[1], 2, (VoteKind.Prepare, 8, other)), 0, other.RootAt(5), [.. proof]).IsGood(set));
        Assert.False(new Evidence(early, 0, Voting(set, keys, Banks[0], 2, epoch: 2, (VoteKind.Prepare, 8, other)), 0, other.RootAt(5), [.. proof]).IsGood(set));
        Assert.False(new Evidence(early, 1, late, 0, other.RootAt(5), [.. proof]).IsGood(set));
        Assert.False(new Evidence(early, 0, early, 0, one.RootAt(5), []).IsGood(set));
    }

    [Fact]
    public void Of_a_bank_no_more_is_kept_than_blocks_may_wait()
    {
        var (set, keys) = Voters("ES256");
        var history = HistoryOf(set.Suite, 300, "a");
        var tally = new Tally(set, 1);
        foreach (var bank in Banks)
        {
            tally.Take(Voting(set, keys, bank, 1, [.. Enumerable.Range(1, Vote.MaxLines).Select(size => (VoteKind.Prepare, (ulong)size, history))]));
        }

        Assert.NotNull(tally.CertificateOf(new(1, 64, history.RootAt(64))));
        Assert.Null(tally.CertificateOf(new(1, 65, history.RootAt(65))));

        // What was too far ahead is there once there is room: nobody has to say it again.
        tally.Forget(64);
        Assert.NotNull(tally.CertificateOf(new(1, 65, history.RootAt(65))));
        Assert.NotNull(tally.CertificateOf(new(1, 128, history.RootAt(128))));
    }

    static (ValidatorSet Set, Dictionary<PartyId, SigningKey> Keys) Voters(string suiteName)
    {
        var suite = KnownSuites.Find(suiteName) ?? throw new ArgumentException(suiteName);
        var keys = Banks.ToDictionary(static bank => bank, _ => SigningKey.Create(suite));
        return (new(suite, ChainId, Origin, keys.Select(static one => new Validator(one.Key, one.Value.PublicKey))), keys);
    }

    static HistoryTree HistoryOf(CryptoSuite suite, int leaves, string what)
    {
        var history = new HistoryTree(suite);
        for (var i = 0; i < leaves; i++) history.Append(suite.Hash(System.Text.Encoding.ASCII.GetBytes($"{what}{i}")));
        return history;
    }

    static Vote Voting(ValidatorSet set, Dictionary<PartyId, SigningKey> keys, PartyId bank, ulong sequence, params (VoteKind Kind, ulong Size, HistoryTree History)[] lines) =>
        Voting(set, keys, bank, sequence, epoch: 1, lines);

    static Vote Voting(ValidatorSet set, Dictionary<PartyId, SigningKey> keys, PartyId bank, ulong sequence, uint epoch, params (VoteKind Kind, ulong Size, HistoryTree History)[] lines)
    {
        ValueList<VoteLine> said = [.. lines.Select(line => new VoteLine(line.Kind, line.Size, line.History.RootAt(line.Size), new(Signed(line))))];
        var vote = new Vote(set.ChainId, epoch, bank, sequence, new(1_000), 3, said, default);
        return vote with { Signature = new(keys[bank].Sign(vote.SignedBytes())) };

        byte[] Signed((VoteKind Kind, ulong Size, HistoryTree History) line) => line.Kind == VoteKind.Prepare
            ? keys[bank].Sign(Vote.PrepareBytes(set.ChainId, new(epoch, line.Size, line.History.RootAt(line.Size))))
            : keys[bank].SignNote(Vote.CommitBytes(set.Origin, line.Size, line.History.RootAt(line.Size)));
    }

    static Certificate CertificateFor(ValidatorSet set, Dictionary<PartyId, SigningKey> keys, BlockPoint block, PartyId[] signers) =>
        new(block, [.. signers.Select(bank => new BankSignature(bank, new(keys[bank].Sign(Vote.PrepareBytes(set.ChainId, block)))))]);

    [Theory, MemberData(nameof(Suites))]
    public void A_report_may_name_a_final_block_that_others_certified_and_no_other_block_of_theirs(string suiteName)
    {
        var (set, keys) = Voters(suiteName);
        var history = HistoryOf(set.Suite, 8, "a");
        var block = new BlockPoint(1, 5, history.RootAt(5));
        var report = ReportOf(set, keys, Banks[0], CertificateFor(set, keys, block, Banks[..2]));
        Assert.False(report.IsGood(set, Final()));
        Assert.False(report.IsGood(set, Final(block with { Epoch = 2 })));
        Assert.True(report.IsGood(set, Final(block)));

        Report[] reports = [report, ReportOf(set, keys, Banks[1], null), ReportOf(set, keys, Banks[2], null)];
        Assert.Null(Closing.Of(set, Final(), 1, reports));
        Assert.Null(Closing.Of(set, Final(block), 2, reports));
        Assert.Null(Closing.Of(set, Final(block), 1, reports[..2]));
        Assert.Null(Closing.Of(set, Final(block), 1, [report, report, reports[1]]));
        var closing = Closing.Of(set, Final(block), 1, reports)!;
        Assert.Equal(closing.Reports, Closing.Read(closing.Write(), set, Final(block), 1)?.Reports);
        Assert.Null(Closing.Read(closing.Write(), set, Final(block), 2));
        Assert.Null(Closing.Read([0], set, Final(block), 1));
        Assert.Null(Closing.Read(closing.Write().AsSpan()[..^1], set, Final(block), 1));
        Assert.Equal(block, closing.Enter(Ballot.First(1, new(0, 1, new(1, 1))).Report(null), new(0, 1, new(1, 1)))?.Base);
    }

    static Line Final(params BlockPoint[] points) => new(points);

    sealed class Line(params BlockPoint[] points) : IBlockLine
    {
        public bool Has(BlockPoint point) => points.Contains(point);
    }

    static Report ReportOf(ValidatorSet set, Dictionary<PartyId, SigningKey> keys, PartyId bank, Certificate? certificate)
    {
        var report = new Report(set.ChainId, 1, bank, certificate, default);
        return report with { Signature = new(keys[bank].Sign(report.SignedBytes())) };
    }
}
