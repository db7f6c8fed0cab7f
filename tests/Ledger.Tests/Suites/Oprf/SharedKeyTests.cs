using Ledger.Suites.Oprf;

namespace Ledger.Tests.Suites.Oprf;

/// <summary>A key that nobody has: any threshold of its shares makes what the whole would.</summary>
public class SharedKeyTests
{
    static readonly GroupElement Asked = Voprf.Blind("invoice"u8, GroupScalar.Random());

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    [InlineData(5, 7)]
    public void Any_threshold_of_shares_comes_to_the_same_element(int threshold, int shares)
    {
        var (key, dealt) = SharedKey.Deal(threshold, shares);
        var parts = dealt.Select((share, at) => (Number: at + 1, Evaluated: Voprf.Evaluate(share, [Asked]).Evaluated[0])).ToArray();
        var all = Choose(parts, threshold).Select(chosen => key.TryCombine(chosen, out var whole) ? whole : null).Distinct().ToArray();

        Assert.NotNull(Assert.Single(all));
        for (var number = 1; number <= shares; number++) Assert.True(key.HasShare(number, dealt[number - 1]));
    }

    [Fact]
    public void The_element_is_the_one_under_the_public_key()
    {
        // Of the generator every evaluation is a public element, and the whole key's is the public key.
        var (key, dealt) = SharedKey.Deal(3, 4);
        Assert.True(key.TryCombine([.. dealt.Skip(1).Select((share, at) => (at + 2, share.PublicElement))], out var whole));
        Assert.Equal(key.PublicKey, whole);
    }

    [Fact]
    public void Fewer_than_the_threshold_more_and_one_twice_come_to_nothing()
    {
        var (key, dealt) = SharedKey.Deal(3, 4);
        var parts = dealt.Select((share, at) => (Number: at + 1, Evaluated: share.PublicElement)).ToArray();
        Assert.False(key.TryCombine(parts[..2], out _));
        Assert.False(key.TryCombine(parts, out _));
        Assert.False(key.TryCombine([parts[0], parts[0], parts[1]], out _));
        Assert.False(key.TryCombine([parts[0], parts[1], (0, parts[2].Evaluated)], out _));
    }

    [Fact]
    public void A_share_of_another_number_or_another_dealing_is_none()
    {
        var (key, dealt) = SharedKey.Deal(2, 3);
        Assert.False(key.HasShare(2, dealt[0]));
        Assert.False(key.HasShare(0, dealt[0]));
        Assert.False(key.HasShare(1, SharedKey.Deal(2, 3).Shares[0]));
    }

    [Fact]
    public void The_sum_of_dealings_is_a_key_whose_shares_are_the_sums()
    {
        var (first, ofFirst) = SharedKey.Deal(2, 3);
        var (second, ofSecond) = SharedKey.Deal(2, 3);
        var sum = SharedKey.Sum([first, second]);
        Assert.NotNull(sum);
        for (var at = 0; at < 3; at++)
        {
            Assert.True(ofFirst[at].TryAdd(ofSecond[at], out var share));
            Assert.True(sum.HasShare(at + 1, share));
        }

        Assert.NotEqual(first.PublicKey, sum.PublicKey);
        Assert.Null(SharedKey.Sum([first, SharedKey.Deal(3, 3).Key]));
        Assert.Null(SharedKey.Sum([]));
    }

    [Fact]
    public void A_threshold_is_from_one_to_the_number_of_shares_who_are_64_at_most()
    {
        foreach (var (threshold, shares) in ((int, int)[])[(0, 3), (4, 3), (1, 0), (1, 65)]) Assert.Throws<ArgumentOutOfRangeException>(() => SharedKey.Deal(threshold, shares));
    }

    static IEnumerable<T[]> Choose<T>(T[] from, int count) =>
        count == 0 ? [[]] : Enumerable.Range(0, from.Length).SelectMany(at => Choose(from[(at + 1)..], count - 1).Select(rest => (T[])[from[at], .. rest]));
}
