using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Storage;
using Ledger.Tests.Storage;

namespace Ledger.Tests.Http;

public sealed class FullDiskTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_transaction_that_cannot_be_stored_is_told_so_and_what_was_acknowledged_is_there(bool isFull)
    {
        var disk = new MemoryStorage();
        await using var node = new TestNode { Storage = disk };
        await node.InitializeAsync();
        var kept = await node.Api.SubmitAsync(node.Sign(Request(node)), wait: true, TestNode.Cancel);
        Assert.Equal(Refusal.None, kept.Code);

        // Room for a part of the block, or a flush that fails.
        if (isFull) disk.Room = 100;
        else disk.FlushFails = true;
        var lost = await node.Api.SubmitAsync(node.Sign(Request(node)), wait: true, TestNode.Cancel);

        Assert.Equal((507, Refusal.StorageFull), (lost.HttpStatus, lost.Code));
        disk.Room = long.MaxValue;
        disk.FlushFails = false;
        var recovered = Assert.IsType<Recovery.Complete>(BlockLog.Open(
            disk, node.Genesis, BlockLog.DefaultSegmentSize, verifySignatures: true, _ => { }, _ => { }));
        Assert.True(recovered.Fold.Last.Header.Height >= node.Loop.Reader.View.Header.Height);
    }

    static Transaction Request(TestNode node) => TestNode.Draft(
        node.A,
        new RequestConfirmation(TestNode.New<Instrument>(), node.C, Currency.Cny, new(100), new(2026, 1, 1), SizeClass.Large, SizeClass.Small, new(1, 1)));
}
