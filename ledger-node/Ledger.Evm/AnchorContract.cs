using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.Contracts;

namespace Ledger.Evm;

/// <summary>What a contract keeps of a ledger: size and root of the newest anchor, both nothing before the first; the number of the set in force, and the set.</summary>
public sealed record AnchoredLedger(ulong Size, Hash256 Root, uint SetNumber, bool IsForked, SignerSet Signers);

/// <summary>One anchor as its log tells it.</summary>
public sealed record AnchoredAt(ulong Size, Hash256 Root, ulong From, uint SetNumber, ulong Block, Hash256 BlockHash);

/// <summary>The anchor contract at an address of a chain.</summary>
public sealed class AnchorContract(EvmChain chain, EvmAddress address)
{
    public EvmAddress Address => address;

    /// <summary>Whether what lies there is the contract whose code is in this program, octet for octet.</summary>
    public async Task<bool> IsPinnedAsync(ulong block, CancellationToken cancel) => (await chain.CodeAsync(address, block, cancel)).AsSpan().SequenceEqual(AnchorArtifact.Anchor.Code);

    /// <summary>What it keeps of a ledger as of a block; null when the ledger is not open there.</summary>
    /// <exception cref="EvmException">No quorum of endpoints says the same, or it is not of the contract's form.</exception>
    public async Task<AnchoredLedger?> LedgerAsync(Hash256 id, ulong block, CancellationToken cancel)
    {
        var answer = await chain.CallAsync(null, address, Octets(new LedgersMessage { Id = id.ToBytes() }), block, cancel);
        if (answer.Length != 5 * Hash256.Size) throw Malformed("ledgers");
        var ledger = new FunctionCallDecoder().DecodeFunctionOutput<LedgerAnswer>(EvmText.Of(answer));
        if (ledger.Set == 0) return null;
        var code = EvmAddress.TryParse(ledger.KeysAt, out var keysAt) ? await chain.CodeAsync(keysAt, block, cancel) : [];
        return SignerSet.Read(code) is { } signers ? new(ledger.Size, Hash256.Read(ledger.Root), ledger.Set, ledger.Forked, signers) : throw Malformed("sets");
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

    static AnchoredAt Read(EvmLog log)
    {
        var told = new EventTopicDecoder().DecodeTopics<AnchoredEvent>([.. log.Topics.Select(static topic => (object)EvmText.Of(topic))], EvmText.Of(log.Data.Span));
        return new(told.Size, Hash256.Read(told.Root), told.FromSize, told.Set, log.Block, log.BlockHash);
    }

    EvmException Malformed(string what) => new(EvmFaultKind.Malformed, $"{address}: {what} is not what the contract answers");
}
