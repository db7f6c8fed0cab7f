using System.Text;
using Ledger.Core.Chain;

namespace Ledger.Tests.Chain;

public sealed class ConsistencyProofTests : IDisposable
{
    readonly Signer bank = new(Sample.Origin);
    readonly HistoryTree tree = new(Sample.Suite);

    public ConsistencyProofTests()
    {
        for (var i = 0; i < 21; i++) tree.Append(Sample.Number(i));
    }

    public void Dispose() => bank.Dispose();

    [Fact]
    public void Every_checkpoint_is_a_beginning_of_every_later_one_and_of_no_other()
    {
        for (var old = 1UL; old <= tree.Size; old++)
        {
            for (var now = old; now <= tree.Size; now++)
            {
                Assert.True(ConsistencyProof.TryParse(Proof(old, now).Write(), out var proof));
                Assert.Equal(Proof(old, now).Hashes, proof.Hashes);
                Assert.Equal(ConsistencyVerdict.Consistent, Judge(At(old), At(now), proof));
                Assert.Equal(old == now ? ConsistencyVerdict.TwoHistories : ConsistencyVerdict.RootsDiffer, Judge(At(old) with { Root = Sample.Text("other") }, At(now), proof));
                if (old < now) Assert.Equal(ConsistencyVerdict.OlderIsLonger, Judge(At(now), At(old), proof));
                if (old > 1) Assert.Equal(ConsistencyVerdict.OtherProof, Judge(At(old - 1), At(now), proof));
            }
        }
    }

    [Fact]
    public void Without_a_proof_only_one_size_can_be_judged()
    {
        Assert.Equal(ConsistencyVerdict.Consistent, Judge(At(7), At(7), null));
        Assert.Equal(ConsistencyVerdict.TwoHistories, Judge(At(7), At(7) with { Root = Sample.Text("other") }, null));
        Assert.Equal(ConsistencyVerdict.NoProof, Judge(At(7), At(8), null));
        Assert.Equal(ConsistencyVerdict.OtherOrigin, Judge(At(7) with { Origin = "other.example" }, At(8), Proof(7, 8)));
        Assert.Equal(ConsistencyVerdict.OtherProof, Judge(At(7), At(8), Proof(7, 9)));
    }

    [Fact]
    public void No_octet_of_a_proof_or_of_its_checkpoint_can_change()
    {
        var policy = TrustPolicy.OfThreshold([bank.VKey], 1);
        var octets = Proof(11, 21).Write();
        for (var place = 0; place < octets.Length; place++)
        {
            octets[place] ^= 1;
            var isTrue = ConsistencyProof.TryParse(octets, out var read) && policy.Check(Sample.Suite, read.Newer).Verdict == TrustVerdict.Trusted
                && Judge(At(11), read.Newer.Checkpoint, read) == ConsistencyVerdict.Consistent;
            octets[place] ^= 1;
            Assert.False(isTrue, $"octet {place}");
        }
    }

    [Theory]
    [InlineData("old 11\n", "old 011\n")]
    [InlineData("old 11\n", "old  11\n")]
    [InlineData("old 11\n", "old 11\nold 11\n")]
    [InlineData("old 11\n", "size 11\n")]
    [InlineData("old 11\n", "old 11\n\n")]
    [InlineData("old 11\n", "")]
    public void Another_spelling_is_refused(string part, string replacement)
    {
        var text = Encoding.UTF8.GetString(Proof(11, 21).Write());
        Assert.False(ConsistencyProof.TryParse(Encoding.UTF8.GetBytes(text.Replace(part, replacement, StringComparison.Ordinal)), out _));
        Assert.False(ConsistencyProof.TryParse(Encoding.UTF8.GetBytes(text + "more\n"), out _));
    }

    [Fact]
    public void It_has_at_most_63_hashes()
    {
        var most = Proof(11, 21) with { Hashes = [.. Enumerable.Repeat(Sample.Text("hash"), ConsistencyProof.MaxHashes)] };
        Assert.True(ConsistencyProof.TryParse(most.Write(), out _));
        Assert.False(ConsistencyProof.TryParse((most with { Hashes = [.. most.Hashes, Sample.Text("hash")] }).Write(), out _));
    }

    static ConsistencyVerdict Judge(Checkpoint old, Checkpoint now, ConsistencyProof? proof) => ConsistencyProof.Judge(Sample.Suite, old, now, proof);

    Checkpoint At(ulong size) => new(Sample.Origin, size, tree.RootAt(size));

    ConsistencyProof Proof(ulong old, ulong now) => new(old, [.. tree.ConsistencyProof(old, now)], new(At(now), [bank.Sign(At(now))]));
}
