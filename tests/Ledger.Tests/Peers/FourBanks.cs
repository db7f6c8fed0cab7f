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

namespace Ledger.Tests.Peers;

/// <summary>
/// A chain of four validators and a regulator, folded in memory, whose checkpoints a quorum of three signs. With the same keys another history can be made beside it.
/// </summary>
sealed class FourBanks
{
    static readonly Lazy<FoundingKeys> Keys = new(() =>
    {
        var preset = FoundingKeys.Preset("consortium");
        var regulator = preset.Parties[0] with { Id = World.Z, Name = "监管", Roles = Roles.Bank | Roles.Regulator, Sponsor = preset.Parties[0].Id };
        return FoundingKeys.Fill(preset with { Parties = [.. preset.Parties, regulator] }, ChainFixture.Start);
    });

    readonly List<(Block Block, Note? Checkpoint)> blocks = [];
    readonly Dictionary<PartyId, ulong> counters = [];
    readonly Dictionary<PartyId, Timestamp> clocks = [];

    public FourBanks()
    {
        Fold = new(Genesis);
        blocks.Add((Fold.GenesisBlock, Sign(Fold.Checkpoint, Quorum)));
    }

    public static Genesis Genesis => Keys.Value.Genesis;

    public static PartyId[] Banks { get; } = [.. Keys.Value.Genesis.Text.Validators.Select(static validator => validator.Bank)];

    public static PartyId[] Quorum => Banks[..3];

    /// <summary>A party that is a registered regulator and no validator.</summary>
    public static PartyId Regulator => World.Z;

    public static PartyId Bank => Banks[0];

    public Fold Fold { get; }

    /// <summary>By height; a checkpoint is null where a later one covers the block.</summary>
    public IReadOnlyList<(Block Block, Note? Checkpoint)> Blocks => blocks;

    public ulong Height => Fold.Last.Header.Height;

    public Note Newest => blocks[^1].Checkpoint ?? throw new InvalidOperationException();

    /// <summary>The same history as far as a height.</summary>
    public FourBanks UpTo(int height, bool verifies = true)
    {
        var part = new FourBanks();
        foreach (var (block, note) in blocks.Skip(1).Take(height))
        {
            Assert.NotNull(part.Fold.Repeat(block, verifySignatures: verifies, out _));
            part.blocks.Add((block, note));
        }

        return part;
    }

    public static FourBanks OfBlocks(int count)
    {
        var chain = new FourBanks();
        for (var i = 0; i < count; i++) chain.Append();
        return chain;
    }

    public static Core.Finality.ValidatorSet Set =>
        new(Genesis.Chain.Suite, Genesis.Chain.ChainId, Genesis.Origin, Genesis.Text.Validators.Select(static one => new Validator(one.Bank, one.NodeKey)));

    public static byte[] SignAs(PartyId bank, byte[] message) => Keys.Value.NodeKeys[bank].Sign(message);

    public static Note Sign(Checkpoint checkpoint, params PartyId[] banks) => new(checkpoint, [.. banks.Select(bank =>
    {
        var key = Keys.Value.NodeKeys[bank];
        return new NoteSignature(checkpoint.Origin, key.Suite.NoteKeyId(checkpoint.Origin, key.PublicKey), new(key.SignNote(checkpoint.SignedBytes())));
    })]);

    /// <summary>The next bank's batch of one entry, and the block that it makes; banks may order what its party did not sign, and say that it is final.</summary>
    public FoldedBlock Append(bool withCheckpoint = true, bool isSigned = true)
    {
        var bank = Banks[blocks.Count % Banks.Length];
        var suite = Genesis.Chain.Suite;
        var bytes = Sign(bank, Fold.State.Now, new SetPolicy([new PolicyLimit(Currency.Cny, new Amount(100UL * (ulong)blocks.Count), new Amount(1_000_000))]));
        if (!isSigned)
        {
            ref var letter = ref bytes[bytes.AsSpan().LastIndexOf("\"signature\":\""u8) + 20];
            letter = letter == 'A' ? (byte)'B' : (byte)'A';
        }

        clocks[bank] = ChainFixture.Start.Add(blocks.Count * Timestamp.Second);
        var unsigned = new Envelope(Genesis.Chain.ChainId, 1, bank, counters[bank] = counters.GetValueOrDefault(bank) + 1, clocks[bank], 1, Envelope.DigestOf(suite, [suite.Hash(bytes)]), default);
        var envelope = unsigned with { Signature = new(SignAs(bank, unsigned.SignedBytes())) };
        Assert.True(Fold.Takes(envelope));
        var taken = isSigned ? (Authenticated?)null : new(TransactionText.Read(bytes, suite, Genesis.Chain.ChainId, out _) ?? throw new InvalidOperationException(), default);
        var folded = Fold.Append(envelope, [new BatchItem(bytes, taken)]);
        blocks.Add((folded.Block, withCheckpoint ? Sign(Fold.Checkpoint, Quorum) : null));
        return folded;
    }

    /// <summary>One that the ledger takes, or of what it is told, signed by a bank's maker.</summary>
    public static byte[] Sign(Timestamp now, Operation? operation = null) =>
        Sign(Bank, now, operation ?? new SetPolicy([new PolicyLimit(Currency.Cny, new Amount(7), new Amount(7))]));

    static byte[] Sign(PartyId bank, Timestamp now, Operation operation)
    {
        var draft = new Transaction(bank, null, Id<Transaction>.Read(RandomNumberGenerator.GetBytes(16)), now.Add(5 * Timestamp.Minute), [operation]);
        return Jws.Sign(TransactionText.WritePayload(draft), Genesis.Chain.ChainId, [(new KeyId(bank, FoundingKeys.Maker), Keys.Value.Signer(bank))]);
    }
}
