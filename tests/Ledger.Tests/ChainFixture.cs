using System.Security.Cryptography;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Tests;

/// <summary>A small chain of the demo preset that its only validator folds, block by block, and writes as a node would.</summary>
sealed class ChainFixture : IDisposable
{
    readonly List<(string Name, MemoryStream Bytes)> segments = [];
    ulong counter;

    public ChainFixture(string suite = "ES256")
    {
        Founding = FoundingKeys.Fill(FoundingKeys.Preset("demo") with { Suite = suite }, Start);
        Fold = new(Founding.Genesis);
        Bank = Founding.Genesis.Text.Validators[0].Bank;
        OtherBank = Founding.Genesis.Text.Parties.Select(party => party.Id).First(party => party != Bank);
        OpenSegment();
    }

    public static Timestamp Start => new(1_773_100_800_000);

    public FoundingKeys Founding { get; }

    public Fold Fold { get; }

    /// <summary>The epoch of ordering that the next envelope names.</summary>
    public uint Epoch { get; set; } = 1;

    public PartyId Bank { get; }

    public PartyId OtherBank { get; }

    public IEnumerable<(string Name, byte[] Bytes)> Segments => segments.Select(segment => (segment.Name, segment.Bytes.ToArray()));

    /// <summary>Three blocks in one segment: a refused and an accepted entry, an empty block, an entry and a skipped transaction.</summary>
    public static ChainFixture Small()
    {
        var chain = new ChainFixture();
        chain.Append(chain.Sign(chain.Bank, new WithdrawOffer(new(7))), chain.Sign(chain.Bank, Policy(1)));
        chain.Append();
        chain.Append(chain.Sign(chain.OtherBank, new WithdrawOffer(new(7))), "{}"u8.ToArray());
        return chain;
    }

    public static SetPolicy Policy(ulong limit) => new([new PolicyLimit(Currency.Cny, new Amount(100 * limit), new Amount(1000 * limit))]);

    /// <summary>Signed by the party's maker alone.</summary>
    public byte[] Sign(PartyId party, Operation operation) => Sign(party, [operation], [(new KeyId(party, FoundingKeys.Maker), Founding.Signer(party))]);

    public byte[] Sign(PartyId party, ValueList<Operation> operations, IReadOnlyList<(KeyId, SigningKey)> signers)
    {
        var transaction = new Transaction(party, null, Id<Transaction>.Read(RandomNumberGenerator.GetBytes(16)), Fold.State.Now.Add(5 * Timestamp.Minute), operations);
        return Jws.Sign(TransactionText.WritePayload(transaction), Founding.Genesis.Chain.ChainId, signers);
    }

    /// <summary>Folds a batch of the validator and writes its block, with a checkpoint unless told otherwise.</summary>
    public FoldedBlock Append(params byte[][] transactions) => Append(withCheckpoint: true, transactions);

    public FoldedBlock Append(bool withCheckpoint, params byte[][] transactions)
    {
        var suite = Founding.Genesis.Chain.Suite;
        var unsigned = new Envelope(
            Founding.Genesis.Chain.ChainId, Epoch, Bank, ++counter, Start.Add((long)counter * Timestamp.Second), (uint)transactions.Length,
            Envelope.DigestOf(suite, [.. transactions.Select(bytes => suite.Hash(bytes))]), default);
        var envelope = unsigned with { Signature = new(Founding.NodeKeys[Bank].Sign(unsigned.SignedBytes())) };
        Assert.True(Fold.Takes(envelope));

        var folded = Fold.Append(envelope, [.. transactions.Select(bytes => new BatchItem(bytes, null))]);
        Write(RecordType.Block, folded.Block.Payload.Span);
        if (withCheckpoint) Write(RecordType.Checkpoint, SignedCheckpoint().Write());
        return folded;
    }

    public Note SignedCheckpoint()
    {
        var checkpoint = Fold.Checkpoint;
        var key = Founding.NodeKeys[Bank];
        return new(checkpoint, [new(checkpoint.Origin, key.Suite.NoteKeyId(checkpoint.Origin, key.PublicKey), new(key.SignNote(checkpoint.SignedBytes())))]);
    }

    /// <summary>The receipt of a leaf under the checkpoint of now.</summary>
    public TlogProof Receipt(ReadOnlyMemory<byte> leaf, ulong index) => new(new(leaf), index, [.. Fold.History.InclusionProof(index, Fold.History.Size)], SignedCheckpoint());

    /// <summary>What follows goes into a segment of its own.</summary>
    public void OpenSegment()
    {
        var first = segments.Count == 0;
        var height = first ? 0 : Fold.Last.Header.Height + 1;
        segments.Add((SegmentCodec.FileName(height), new()));
        Write(RecordType.Opener, new SegmentOpener(Founding.Genesis.Chain.ChainId, height, first ? 0 : Fold.History.Size).Write());
        if (!first) return;
        Write(RecordType.Block, Fold.GenesisBlock.Payload.Span);
        Write(RecordType.Checkpoint, SignedCheckpoint().Write());
    }

    /// <summary>Writes genesis and segments into a folder, which is made.</summary>
    public string WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, FolderLayout.Genesis), Founding.Genesis.Bytes.ToArray());
        foreach (var (name, bytes) in Segments) File.WriteAllBytes(Path.Combine(folder, name), bytes);
        return folder;
    }

    public void Dispose() => Founding.Dispose();

    void Write(RecordType type, ReadOnlySpan<byte> payload)
    {
        var record = new byte[payload.Length + SegmentCodec.Overhead];
        SegmentCodec.Write(type, payload, record);
        segments[^1].Bytes.Write(record);
    }
}
