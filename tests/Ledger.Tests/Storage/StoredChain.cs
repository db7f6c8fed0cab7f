using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Node.Storage;
using Ledger.Tests.Replay;

namespace Ledger.Tests.Storage;

/// <summary>What a node does with a chain and its log, in a line each.</summary>
static class StoredChain
{
    public const string FirstSegment = "chain/000000000000.seg";

    /// <summary>Writes a whole chain as its node would have, block by block.</summary>
    public static MemoryStorage Stored(this DemoChain chain, long segmentSize = BlockLog.DefaultSegmentSize)
    {
        var storage = new MemoryStorage();
        using var log = chain.Found(storage, segmentSize);
        foreach (var block in chain.Blocks.Skip(1))
        {
            log.Append(chain.Records(block));
            log.Flush();
        }

        return storage;
    }

    public static BlockLog Found(this DemoChain chain, IStorage storage, long segmentSize = BlockLog.DefaultSegmentSize) =>
        BlockLog.Create(storage, new Fold(chain.Genesis), chain.NoteOf(chain.Blocks[0]), segmentSize);

    public static byte[] Records(this DemoChain chain, Block block) => BlockLog.Records([block], chain.NoteOf(block));

    public static Recovery Open(this DemoChain chain, IStorage storage, long segmentSize = BlockLog.DefaultSegmentSize) =>
        BlockLog.Open(storage, chain.Genesis, segmentSize, verifySignatures: false, _ => { }, _ => { });

    public static Recovery.Complete Recovered(this DemoChain chain, IStorage storage, long segmentSize = BlockLog.DefaultSegmentSize) =>
        Assert.IsType<Recovery.Complete>(chain.Open(storage, segmentSize));

    public static AuditFault Damage(this DemoChain chain, IStorage storage) => Assert.IsType<Recovery.Damaged>(chain.Open(storage)).Fault;
}
