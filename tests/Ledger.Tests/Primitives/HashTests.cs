using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Tests.Primitives;

/// <summary>Who chooses ids and digests does not choose where they lie in a table.</summary>
public class HashTests
{
    // Halves whose exclusive or is the same have one hash as plain integers, in every process.
    static IEnumerable<UInt128> Chosen => Enumerable.Range(0, 2_000).Select(static i => ((UInt128)(uint)i << 32) | (uint)(i ^ 0x5EED));

    [Fact]
    public void Ids_that_are_chosen_to_share_a_hash_do_not()
    {
        Assert.Single(Chosen.Select(static value => value.GetHashCode()).Distinct());
        Assert.InRange(Chosen.Select(static value => new Id<Offer>(value).GetHashCode()).Distinct().Count(), 1_990, 2_000);
    }

    [Fact]
    public void Digests_that_are_chosen_to_share_a_hash_do_not() =>
        Assert.InRange(Chosen.Select(static value => new Hash256(7, value).GetHashCode()).Distinct().Count(), 1_990, 2_000);
}
