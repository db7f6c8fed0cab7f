using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Suites;
using Ledger.Tests.Laws;
using Ledger.Tests.Vectors;

namespace Ledger.Tests.Strangers;

/// <summary>
/// A walk that becomes a chain: the frozen blocks before its scene, and then one for each thing that is asked. Everybody signs with the node's key, for nobody
/// who reads it for its state looks at signatures.
/// </summary>
sealed class ToldWalk : Walk
{
    static readonly CryptoSuite Suite = KnownSuites.P256;

    readonly Scene scene;
    readonly Fold fold;
    readonly Genesis genesis;
    readonly List<Block> blocks = [];
    readonly PartyId bank;
    Timestamp clock;

    public ToldWalk(Scene scene)
        : base(scene)
    {
        this.scene = scene;
        genesis = Assert.IsType<Genesis>(Genesis.Read(scene.Story.Frozen(FolderLayout.Genesis), KnownSuites.Find, out _));
        bank = genesis.Text.Validators[0].Bank;
        var audit = new ChainAudit(genesis, verifySignatures: false);
        audit.OnBlock = folded =>
        {
            if (folded.Block.Header.Height <= scene.Height) blocks.Add(folded.Block);
        };
        foreach (var name in scene.Story.SegmentNames) Assert.Null(audit.Read(name, scene.Story.Frozen(name)));
        fold = new(genesis);
        foreach (var block in blocks) Assert.NotNull(fold.Repeat(block, verifySignatures: false, out _));
        (State, clock) = (fold.State, fold.State.Now);
    }

    /// <summary>Where a frozen story stands between two of its blocks.</summary>
    public static Scene[] Scenes { get; } = [.. Scene.All.DistinctBy(static scene => (scene.Story.Title, scene.Height))];

    public void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, FolderLayout.Genesis), scene.Story.Frozen(FolderLayout.Genesis));
        var segment = Path.Combine(folder, SegmentCodec.FileName(0));
        PythonTests.WriteSegments(
        [
            (segment, RecordType.Opener, new SegmentOpener(genesis.Chain.ChainId, 0, 0).Write()),
            .. blocks.Prepend(fold.GenesisBlock).Select(block => (segment, RecordType.Block, block.Payload.ToArray())),
        ]);
    }

    protected override Refusal Ask(SignedTransaction asked)
    {
        var bytes = Jws.Sign(TransactionText.WritePayload(asked.Body), genesis.Chain.ChainId, [.. asked.Signers.Select(signer => (signer, GoldenStory.NodeKey))]);
        // What cannot be written is asked of the rules by other tests.
        if (TransactionText.Read(bytes, Suite, genesis.Chain.ChainId, out var unread) is not { } read) return unread?.Refusal ?? Refusal.Malformed;
        return Append(new BatchItem(bytes, new Authenticated(read, default))).Answers[0].Code;
    }

    protected override void Pass(long milliseconds)
    {
        clock = clock.Add(milliseconds);
        Append();
    }

    FoldedBlock Append(params BatchItem[] items)
    {
        var envelope = new Envelope(
            genesis.Chain.ChainId, fold.State.Ordering.Number, bank, fold.State.Clock(bank)?.NextCounter ?? 1, clock, (uint)items.Length,
            Envelope.DigestOf(Suite, [.. items.Select(item => Suite.Hash(item.Bytes.Span))]), new(new byte[64]));
        var folded = fold.Append(envelope, items);
        blocks.Add(folded.Block);
        State = fold.State;
        return folded;
    }
}
