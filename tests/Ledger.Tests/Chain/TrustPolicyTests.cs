using Ledger.Core.Chain;

namespace Ledger.Tests.Chain;

public sealed class TrustPolicyTests : IDisposable
{
    const string Ed25519 = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    static readonly Checkpoint Checkpoint = new(Sample.Origin, 23, Sample.Text("root"));

    readonly Signer[] banks = [.. Enumerable.Range(0, 4).Select(_ => new Signer(Sample.Origin))];
    readonly TrustPolicy threeOfFour;

    public TrustPolicyTests() => threeOfFour = TrustPolicy.OfThreshold([.. banks.Select(bank => bank.VKey)], 3);

    [Fact]
    public void A_quorum_of_good_signatures_is_trusted_and_says_who_signed()
    {
        var result = Check(threeOfFour, Sign(0, 2, 3));
        Assert.Equal(TrustVerdict.Trusted, result.Verdict);
        Assert.Equal(new[] { banks[0].VKey, banks[2].VKey, banks[3].VKey }.OrderBy(key => key.KeyId), result.Signers.AsEnumerable());
    }

    [Fact]
    public void Too_few_signatures_are_not_trusted_and_one_given_twice_counts_once()
    {
        Assert.Equal(TrustVerdict.Untrusted, Check(threeOfFour, Sign(0, 1)).Verdict);
        Assert.Equal(TrustVerdict.Untrusted, Check(threeOfFour, Sign(0, 1, 1, 0)).Verdict);
    }

    [Fact]
    public void One_false_signature_of_a_known_key_spoils_the_note()
    {
        var forged = banks[3].Sign(Checkpoint with { Size = 24 });
        var result = Check(threeOfFour, [.. Sign(0, 1, 2), forged]);
        Assert.Equal(TrustVerdict.BadSignature, result.Verdict);
        Assert.Empty(result.Signers);
    }

    [Fact]
    public void Unknown_keys_are_ignored_even_under_a_known_name()
    {
        using var stranger = new Signer(Sample.Origin);
        var nonsense = new NoteSignature("stranger.example", banks[0].VKey.KeyId, Sample.Bytes(70, 1));

        Assert.Equal(TrustVerdict.Trusted, Check(threeOfFour, [.. Sign(0, 1, 2), stranger.Sign(Checkpoint), nonsense]).Verdict);
        Assert.Equal(TrustVerdict.Untrusted, Check(threeOfFour, [.. Sign(0, 1), stranger.Sign(Checkpoint)]).Verdict);
    }

    [Fact]
    public void A_checkpoint_of_another_origin_is_not_trusted_whoever_signed_it()
    {
        var other = Checkpoint with { Origin = "other.example/1" };
        var note = new Note(other, [.. banks.Select(bank => bank.Sign(other))]);
        Assert.Equal(TrustVerdict.Untrusted, threeOfFour.Check(Sample.Suite, note).Verdict);
    }

    [Fact]
    public void A_policy_file_says_the_same_as_a_threshold()
    {
        var policy = Policy($"""
            # The regulator's file.
            log {banks[0].VKey} https://bank-a.example/
            	log   {banks[1].VKey}
            witness A {banks[0].VKey}
            witness B {banks[1].VKey} https://bank-b.example/
            witness C {banks[2].VKey}
            witness 丁 {banks[3].VKey}

            group pair all A B
            group either any C 丁
            group both 2 pair either
            quorum both

            """);

        Assert.Equal(TrustVerdict.Trusted, Check(policy, Sign(0, 1, 3)).Verdict);
        Assert.Equal(TrustVerdict.Untrusted, Check(policy, Sign(0, 2, 3)).Verdict);
        Assert.Equal(TrustVerdict.Untrusted, Check(policy, Sign(0, 1)).Verdict);
    }

    [Fact]
    public void A_quorum_without_any_log_is_not_enough()
    {
        var policy = Policy($"log {banks[0].VKey}\nwitness B {banks[1].VKey}\nquorum B\n");
        Assert.Equal(TrustVerdict.Untrusted, Check(policy, Sign(1)).Verdict);
        Assert.Equal(TrustVerdict.Trusted, Check(policy, Sign(0, 1)).Verdict);

        var alone = Policy($"log {banks[0].VKey}\nquorum none\n");
        Assert.Equal(TrustVerdict.Trusted, Check(alone, Sign(0)).Verdict);
    }

    [Fact]
    public void What_hangs_on_an_Ed25519_signature_cannot_be_checked_here()
    {
        var cosignature = new NoteSignature("example.com/foo", 0x530d903a, Sample.Bytes(64, 1));
        var needed = Policy($"log {banks[0].VKey}\nwitness W {Ed25519}\nquorum W\n");
        Assert.Equal(TrustVerdict.CannotBeChecked, Check(needed, [.. Sign(0), cosignature]).Verdict);
        Assert.Equal(TrustVerdict.Untrusted, Check(needed, Sign(0)).Verdict);
        Assert.Equal(TrustVerdict.Untrusted, Check(needed, [cosignature]).Verdict);

        var dispensable = Policy($"log {banks[0].VKey}\nwitness B {banks[1].VKey}\nwitness W {Ed25519}\ngroup g any B W\nquorum g\n");
        Assert.Equal(TrustVerdict.Trusted, Check(dispensable, [.. Sign(0, 1), cosignature]).Verdict);
        Assert.Equal(TrustVerdict.CannotBeChecked, Check(dispensable, [.. Sign(0), cosignature]).Verdict);
    }

    [Fact]
    public void Keys_of_another_suite_cannot_be_checked_with_this_one()
    {
        var key = new VKey(Sample.Origin, 7, VKeyKind.Sm2, Sample.Bytes(65, 4));
        var policy = TrustPolicy.OfThreshold([key], 1);
        Assert.Equal(TrustVerdict.CannotBeChecked, Check(policy, [new(Sample.Origin, 7, Sample.Bytes(64, 1))]).Verdict);
    }

    [Fact]
    public void A_policy_file_that_says_something_else_names_the_line()
    {
        var (log, witness) = ($"log {banks[0].VKey}\n", $"witness A {banks[0].VKey}\n");
        IsBad(1, "quorum A\n" + log + witness);
        IsBad(1, "log nonsense\n");
        IsBad(1, "lock A\n");
        IsBad(2, log + log + "quorum none\n");
        IsBad(2, log + log.Replace(" ", " other", StringComparison.Ordinal));
        IsBad(3, log + witness + witness.Replace("A", "B", StringComparison.Ordinal) + "quorum none\n");
        IsBad(3, log + witness + $"witness A {banks[1].VKey}\nquorum A\n");
        IsBad(2, log + $"witness none {banks[1].VKey}\n");
        IsBad(3, log + witness + "group g 0 A\n");
        IsBad(3, log + witness + "group g 2 A\n");
        IsBad(3, log + witness + "group g 01 A\n");
        IsBad(3, log + witness + "group g any\n");
        IsBad(3, log + witness + "group g all none\n");
        IsBad(3, log + witness + $"group g all A A\n");
        IsBad(4, log + witness + "group g all A\ngroup h all A\n");
        IsBad(3, log + witness + "group g all g\n");
        IsBad(3, log + "quorum none\nquorum none\n");
        IsBad(2, log + "quorum none\r\n");
        IsBad(2, log + "quorum none");
        IsBad(2, log);
        IsBad(2, "quorum none\n");

        static void IsBad(int line, string text)
        {
            Assert.False(TrustPolicy.TryParsePolicyFile(text, out _, out var badLine));
            Assert.Equal(line, badLine);
        }
    }

    public void Dispose()
    {
        foreach (var bank in banks) bank.Dispose();
    }

    NoteSignature[] Sign(params int[] signers) => [.. signers.Select(signer => banks[signer].Sign(Checkpoint))];

    static TrustResult Check(TrustPolicy policy, NoteSignature[] signatures) =>
        policy.Check(Sample.Suite, new Note(Checkpoint, [.. signatures]));

    static TrustPolicy Policy(string text)
    {
        Assert.True(TrustPolicy.TryParsePolicyFile(text, out var policy, out var badLine), $"line {badLine}");
        return policy;
    }
}
