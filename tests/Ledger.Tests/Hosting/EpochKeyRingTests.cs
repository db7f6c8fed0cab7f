using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.State;
using Ledger.Node;
using static Ledger.Tests.World;

namespace Ledger.Tests.Hosting;

/// <summary>A running node opens the fingerprint keys of epochs that votes open, and takes none that is not what was committed to.</summary>
public sealed class EpochKeyRingTests : IDisposable
{
    static readonly byte[] First = [.. Enumerable.Repeat((byte)1, SealedKey.KeySize)];
    static readonly byte[] Second = [.. Enumerable.Repeat((byte)2, SealedKey.KeySize)];

    readonly World world = new();
    readonly SealingKey own = SealingKey.Create();

    public void Dispose()
    {
        world.Dispose();
        own.Dispose();
    }

    [Fact]
    public void A_key_that_comes_by_votes_is_opened_beside_the_first()
    {
        var ring = new EpochKeyRing(world.Suite, Y, new Dictionary<uint, byte[]> { [1] = First }, own);
        Assert.Equal([1u], ring.Of(world.State).Keys);

        Assert.Equal(Second, ring.Of(Opened(Second, own))[2]);
        Assert.Equal([1u, 2u], ring.Of(Opened(Second, own)).Keys.Order());

        // A state from before has no such epoch, and what is asked of it needs no such key.
        Assert.Equal([1u], ring.Of(world.State).Keys);
    }

    [Fact]
    public void One_sealed_to_another_or_not_as_committed_to_is_none()
    {
        using var another = SealingKey.Create();
        Assert.Empty(new EpochKeyRing(world.Suite, Y, new Dictionary<uint, byte[]>(), own).Of(Opened(Second, another)));
        Assert.Empty(new EpochKeyRing(world.Suite, Y, new Dictionary<uint, byte[]>(), own).Of(Opened(Second, own, committedTo: First)));
        Assert.Empty(new EpochKeyRing(world.Suite, Z, new Dictionary<uint, byte[]>(), own).Of(Opened(Second, own)));
    }

    LedgerState Opened(byte[] key, SealingKey to, byte[]? committedTo = null) =>
        world.State.With(new Epoch(2, EpochKeys.Commitment(world.Suite, committedTo ?? key), [new SealedEpochKey(Y, SealedKey.Seal(key, to.PublicKey))], world.State.Now));
}
