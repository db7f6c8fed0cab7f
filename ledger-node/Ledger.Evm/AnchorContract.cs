using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.Contracts;

namespace Ledger.Evm;

/// <summary>What a contract keeps of a ledger: size and root of the newest anchor, both nothing before the first; the number of the set in force, and the set.</summary>
public sealed record AnchoredLedger(ulong Size, Hash256 Root, uint SetNumber, bool IsForked, SignerSet Signers);

/// <summary>One anchor as its log tells it; of <paramref name="Signers"/> bit i is the key at place i of that set, which the contract verified.</summary>
public sealed record AnchoredAt(ulong Size, Hash256 Root, ulong From, uint SetNumber, ulong Signers, ulong Block, Hash256 BlockHash);

/// <summary>An anchor contract at an address of a chain.</summary>
/// <param name="chain">On which it is.</param>
/// <param name="address">Where.</param>
/// <param name="artifact">Which of the contracts of this program it is taken for.</param>
public sealed class AnchorContract(EvmChain chain, EvmAddress address, AnchorArtifact artifact)
{
    public AnchorContract(EvmChain chain, EvmAddress address)
        : this(chain, address, AnchorArtifact.Anchor)
    {
    }

    public EvmAddress Address => address;

    public AnchorArtifact Artifact => artifact;

    /// <summary>The one of the contracts in this program whose code lies there, octet for octet; null where none of them does.</summary>
    public static async Task<AnchorContract?> FindAsync(EvmChain chain, EvmAddress address, ulong block, CancellationToken cancel)
    {
        var code = await chain.CodeAsync(address, block, cancel);
        return AnchorArtifact.Anchors.FirstOrDefault(one => code.AsSpan().SequenceEqual(one.Code)) is { } found ? new(chain, address, found) : null;
    }

    /// <summary>Whether a chain verifies P-256 at 0x100 (EIP-7951): it must take the good vector of RFC 6979, appendix A.2.5, and not the same over another message. On one that does not, a call there succeeds and says nothing.</summary>
    public static async Task<bool> VerifiesP256Async(EvmChain chain, ulong block, CancellationToken cancel)
    {
        async Task<bool> TakesAsync(string message) =>
            (await chain.CallAsync(null, P256Verify, [.. SHA256.HashData(Encoding.ASCII.GetBytes(message)), .. Vector], block, cancel)).AsSpan().SequenceEqual((byte[])[.. new byte[31], 1]);

        return await TakesAsync("sample") && !await TakesAsync("test");
    }

    /// <summary>Whether what lies there is the contract whose code is in this program, octet for octet.</summary>
    public async Task<bool> IsPinnedAsync(ulong block, CancellationToken cancel) => (await chain.CodeAsync(address, block, cancel)).AsSpan().SequenceEqual(artifact.Code);

    /// <summary>What it keeps of a ledger as of a block; null when the ledger is not open there.</summary>
    /// <exception cref="EvmException">No quorum of endpoints says the same, or it is not of the contract's form.</exception>
    public async Task<AnchoredLedger?> LedgerAsync(Hash256 id, ulong block, CancellationToken cancel)
    {
        var answer = await chain.CallAsync(null, address, Octets(new LedgersMessage { Id = id.ToBytes() }), block, cancel);
        if (answer.Length != 5 * Hash256.Size) throw Malformed("ledgers");
        var ledger = new FunctionCallDecoder().DecodeFunctionOutput<LedgerAnswer>(EvmText.Of(answer));
        if (ledger.Set == 0) return null;
        return await SetAtAsync(EvmAddress.TryParse(ledger.KeysAt, out var keysAt) ? keysAt : default, block, cancel) is { } signers
            ? new(ledger.Size, Hash256.Read(ledger.Root), ledger.Set, ledger.Forked, signers)
            : throw Malformed("sets");
    }

    /// <summary>A set of a ledger, in force or former, by its number; null where the ledger never had it.</summary>
    public async Task<SignerSet?> SetAsync(Hash256 id, uint number, ulong block, CancellationToken cancel)
    {
        var answer = await chain.CallAsync(null, address, Octets(new SetsMessage { Id = id.ToBytes(), Set = number }), block, cancel);
        return answer.Length == Hash256.Size ? await SetAtAsync(EvmAddress.Read(answer.AsSpan(Hash256.Size - EvmAddress.Size)), block, cancel) : throw Malformed("sets");
    }

    /// <summary>Every anchor of a ledger from a block on up to another, in the order of the chain.</summary>
    public async Task<IReadOnlyList<AnchoredAt>> AnchorsAsync(Hash256 id, ulong from, ulong to, CancellationToken cancel)
    {
        var all = new List<AnchoredAt>();
        for (var first = from; first <= to; first += LogSpan)
        {
            var logs = await chain.LogsAsync(address, [AnchoredTopic, id], first, Math.Min(to, first + LogSpan - 1), cancel);
            all.AddRange(logs.Select(Read));
        }

        return all;
    }

    public static byte[] Open(SignerSet signers) => Octets(new OpenMessage { Origin = signers.Origin, Keys = signers.KeyOctets() });

    public static byte[] Anchor(Hash256 id, ulong from, Checkpoint checkpoint, IEnumerable<Hash256> proof, (ulong Signers, byte[] Signatures) signed) => Octets(new AnchorMessage
    {
        Id = id.ToBytes(),
        FromSize = from,
        Size = checkpoint.Size,
        Root = checkpoint.Root.ToBytes(),
        Proof = [.. proof.Select(static hash => hash.ToBytes())],
        Signers = signed.Signers,
        Signatures = signed.Signatures,
    });

    /// <param name="id">The ledger's.</param>
    /// <param name="next">The set that takes the place of the one in force.</param>
    /// <param name="signed">By the one in force.</param>
    public static byte[] Rotate(Hash256 id, SignerSet next, (ulong Signers, byte[] Signatures) signed) => Octets(new RotateMessage
    {
        Id = id.ToBytes(),
        Keys = next.KeyOctets(),
        Signers = signed.Signers,
        Signatures = signed.Signatures,
    });

    // Many endpoints answer for so many blocks at once and no more.
    const ulong LogSpan = 10_000;

    static Hash256 AnchoredTopic { get; } = Keccak.Hash("Anchored(bytes32,uint64,bytes32,uint64,uint24,uint64)"u8);

    static byte[] Octets<T>(T message)
        where T : FunctionMessage, new() => message.GetCallData();

    static EvmAddress P256Verify { get; } = EvmAddress.Read([.. new byte[18], 1, 0]);

    // r, s, x and y.
    static byte[] Vector { get; } = Convert.FromHexString(
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
        + "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");

    async Task<SignerSet?> SetAtAsync(EvmAddress keysAt, ulong block, CancellationToken cancel) => SignerSet.Read(await chain.CodeAsync(keysAt, block, cancel), artifact.KeySize);

    static AnchoredAt Read(EvmLog log)
    {
        var told = new EventTopicDecoder().DecodeTopics<AnchoredEvent>([.. log.Topics.Select(static topic => (object)EvmText.Of(topic))], EvmText.Of(log.Data.Span));
        return new(told.Size, Hash256.Read(told.Root), told.FromSize, told.Set, told.Signers, log.Block, log.BlockHash);
    }

    EvmException Malformed(string what) => new(EvmFaultKind.Malformed, $"{address}: {what} is not what the contract answers");
}
