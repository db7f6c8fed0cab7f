using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Evm;
using Ledger.Node.Anchoring;
using Ledger.Suites;
using Ledger.Tests.Notices;

namespace Ledger.Tests.Anchoring;

/// <summary>A ledger of four banks whose history grows when it is told to, who signs its checkpoints, and who gives its word where banks changed.</summary>
sealed class AnchoredWorld : IDisposable
{
    public const string Origin = "bank-consortium.example/9414886b1ebf025d";

    readonly CryptoSuite suite;
    readonly HistoryTree tree;
    readonly List<SigningKey> now;

    // In memory where there is such a place: what is tested is not the disk.
    readonly string folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"ledger-anchor-{Guid.NewGuid():N}")).FullName;

    public AnchoredWorld()
        : this(KnownSuites.P256)
    {
    }

    public AnchoredWorld(CryptoSuite suite)
    {
        (this.suite, tree) = (suite, new(suite));
        Banks = [.. Enumerable.Range(0, 4).Select(_ => SigningKey.Create(suite))];
        now = [.. Banks];
        Speaking = [.. Banks];
        Grow(3);
    }

    /// <summary>Those with whom the ledger was opened on the chain.</summary>
    public IReadOnlyList<SigningKey> Banks { get; }

    public SignerSet Signers => SignerSet.Of(Banks.Select(bank => bank.PublicKey), Origin);

    public Hash256 Id => Signers.Hash();

    /// <summary>Those who vote now.</summary>
    public SignerSet Voting => SignerSet.Of(now.Select(bank => bank.PublicKey), Origin);

    /// <summary>Those who give their word for a rotation.</summary>
    public List<SigningKey> Speaking { get; }

    public EvmKey Paying { get; } = EvmKey.Create();

    public ManualTime Time { get; } = new();

    /// <summary>How many of the banks sign.</summary>
    public int Signing { get; set; } = 3;

    public string Folder => folder;

    public AnchoredHistory History => new(suite, () => Note(tree.Size), size => size <= tree.Size ? tree.RootAt(size) : null, (size, newer) => tree.ConsistencyProof(size, newer.Checkpoint.Size), () => Voting)
    {
        CheckpointText = size => size > 0 && size <= tree.Size ? new Checkpoint(Origin, size, tree.RootAt(size)).SignedBytes() : null,
    };

    public ulong Size => tree.Size;

    public Hash256 Root => tree.Root();

    public void Grow(int leaves)
    {
        for (var i = 0; i < leaves; i++) tree.Append(suite.Hash(BitConverter.GetBytes(tree.Size)));
    }

    /// <summary>Another history of the same size, as if all were rewritten from a leaf on.</summary>
    public void Rewrite(ulong from)
    {
        var size = tree.Size;
        tree.CutTo(from);
        while (tree.Size < size) tree.Append(suite.Hash([0xFF, .. BitConverter.GetBytes(tree.Size)]));
    }

    /// <summary>A bank votes under another key, or another bank in its place.</summary>
    public void Replace(int bank)
    {
        now[bank] = SigningKey.Create(suite);
        Speaking.Add(now[bank]);
    }

    /// <summary>A bank's node key of now.</summary>
    public SigningKey NodeKeyOf(int bank) => now[bank];

    public Task<IReadOnlyCollection<RotationWord>> WordsAsync(AnchorRotation rotation, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyCollection<RotationWord>>([.. Speaking.Select(bank => RotationWord.Of(bank.PublicKey, bank.Sign(rotation.SignedBytes())))]);

    public Note Note(ulong size)
    {
        var checkpoint = new Checkpoint(Origin, size, tree.RootAt(size));
        return new(checkpoint, [.. now.Take(Signing).Select(bank => Line(bank, checkpoint))]);
    }

    public static NoteSignature Line(SigningKey bank, Checkpoint checkpoint) =>
        new(Origin, bank.Suite.NoteKeyId(Origin, bank.PublicKey), new(bank.SignNote(checkpoint.SignedBytes())));

    public AnchorTarget Target(ulong chain, IEnumerable<Uri> endpoints, EvmAddress contract) => new(
        "test", chain, [.. endpoints.Select(address => address.ToString())], contract.ToString(), Id.ToString(), GweiADay: 1_000_000_000, MaxFeeGwei: 1_000, KeyFile: "relayer.key.json",
        EveryMinutes: 60, Confirmations: 2, FinalAfter: 6, TimeoutSeconds: 5);

    public AnchorStore OpenStore() => AnchorStore.Open(folder) ?? throw new InvalidOperationException("The store cannot be opened.");

    public void Dispose()
    {
        foreach (var bank in Banks.Concat(now).Concat(Speaking).Distinct()) bank.Dispose();
        Paying.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
