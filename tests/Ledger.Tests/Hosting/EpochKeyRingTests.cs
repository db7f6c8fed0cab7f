using Ledger.Client.Founding;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Documents;
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

    [Fact]
    public void A_bank_that_came_late_takes_a_key_that_another_sealed_to_it_while_its_node_runs()
    {
        using var folder = new ChainFolder.TemporaryFolder();
        using var another = SealingKey.Create();
        var path = folder[EpochKeys.FileOf(2)];
        var ring = new EpochKeyRing(world.Suite, Y, new Dictionary<uint, byte[]> { [1] = First }, own) { Folder = folder.Path };

        // What the vote sealed to it is junk, and no other bank has given it the key yet.
        var state = Opened(Second, another);
        Assert.Equal([2u], ring.Missing(state));

        // Neither what is sealed to another, nor another key, nor what is none, nor what is longer than a key can be.
        foreach (var none in (string[])[SealedKey.Seal(Second, another.PublicKey), SealedKey.Seal(First, own.PublicKey), "", "none", SealedKey.Seal(Second, own.PublicKey) + new string('\n', 5_000)])
        {
            File.WriteAllText(path, none);
            Assert.Equal([2u], ring.Missing(state));
        }

        File.WriteAllText(path, SealedKey.Seal(Second, own.PublicKey) + "\n");
        Assert.Empty(ring.Missing(state));
        Assert.Equal(Second, ring.Of(state)[2]);
    }

    [Fact]
    public void Without_the_key_of_an_epoch_no_document_is_attested_and_its_number_is_said()
    {
        var documents = new DocumentService(world.Suite, new(world.Suite, Y, new Dictionary<uint, byte[]> { [1] = First }, own));
        var refused = Assert.IsType<DocumentReading.NotTaken>(documents.Read(Opened(Second, own, committedTo: First), Invoices.SampleFiles.Read("invoice-1000000.xml"), FictionalUscc.Of("310115", 1), []));
        Assert.Equal((Refusal.EpochKeyMissing, "2"), (refused.Refusal, refused.Facts.Reference));
    }

    LedgerState Opened(byte[] key, SealingKey to, byte[]? committedTo = null) =>
        world.State.With(new Epoch(2, EpochKeys.Commitment(world.Suite, committedTo ?? key), [new SealedEpochKey(Y, SealedKey.Seal(key, to.PublicKey))], world.State.Now));
}
