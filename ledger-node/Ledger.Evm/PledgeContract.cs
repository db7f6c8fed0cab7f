using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.Contracts;

namespace Ledger.Evm;

/// <summary>Who has a tag: the registry's number, until when in seconds, how many of its banks, and what they reserved it for.</summary>
public sealed record PledgeHolder(ushort Registry, ulong Until, ushort Claims, Hash256 Commitment);

/// <summary>What is reserved together: a document's tag, and what for.</summary>
public readonly record struct PledgeItem(Hash256 Tag, Hash256 Commitment);

/// <summary>The pledge registry at an address of a chain (decision 0092).</summary>
public sealed class PledgeContract(EvmChain chain, EvmAddress address)
{
    /// <summary>A seal must be older than this, in seconds, by the chain's time.</summary>
    public const ulong SealRipens = 60;

    public const int MaxItems = 64;

    public EvmAddress Address => address;

    /// <summary>Chain and address, as CAIP-10 writes them and as the ledger keeps them.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"eip155:{chain.Id}:{address}");

    /// <summary>Whether what lies there is the contract whose code is in this program, octet for octet.</summary>
    public async Task<bool> IsPinnedAsync(ulong block, CancellationToken cancel) => (await chain.CodeAsync(address, block, cancel)).AsSpan().SequenceEqual(AnchorArtifact.PledgeRegistry.Code);

    /// <summary>Who has a tag as of a block; null where it is free.</summary>
    /// <exception cref="EvmException">No quorum of endpoints says the same, or it is not of the contract's form.</exception>
    public async Task<PledgeHolder?> HolderAsync(Hash256 tag, ulong block, CancellationToken cancel)
    {
        var holder = await AskAsync<HolderAnswer>(new HolderOfMessage { Tag = tag.ToBytes() }.GetCallData(), 4, block, cancel);
        return holder.Until == 0 ? null : new(holder.Registry, holder.Until, holder.Count, Hash256.Read(holder.Commitment));
    }

    /// <summary>The earliest second at which one of a seat's claims is over, as of a block; null where it has none on a tag, it is over, or it is for something else.</summary>
    /// <exception cref="EvmException">No quorum of endpoints says the same, or it is not of the contract's form.</exception>
    public async Task<ulong?> ReservedUntilAsync(uint seat, IReadOnlyCollection<PledgeItem> items, ulong block, CancellationToken cancel)
    {
        var (_, now) = await chain.BlockAsync(block, cancel);
        var earliest = ulong.MaxValue;
        foreach (var item in items)
        {
            var pledge = await AskAsync<PledgeAnswer>(new PledgeOfMessage { Tag = item.Tag.ToBytes() }.GetCallData(), 5, block, cancel);
            var claim = await AskAsync<ClaimAnswer>(new ClaimOfMessage { Tag = item.Tag.ToBytes(), Seat = seat }.GetCallData(), 3, block, cancel);
            if (claim.Holding == 0 || claim.Holding != pledge.Holding || claim.Until <= now || Hash256.Read(pledge.Commitment) != item.Commitment) return null;
            earliest = Math.Min(earliest, claim.Until);
        }

        return items.Count == 0 ? null : earliest;
    }

    /// <summary>The seat of an account; 0 for none.</summary>
    public async Task<uint> SeatAsync(EvmAddress hand, ulong block, CancellationToken cancel) => (await AskAsync<SeatAnswer>(new SeatOfMessage { Hand = hand.ToString() }.GetCallData(), 1, block, cancel)).Seat;

    /// <summary>What makes the contract: the accounts of each registry, one a seat, and how many tags it may reserve in a day.</summary>
    public static byte[] Creation(IReadOnlyList<(IReadOnlyList<EvmAddress> Hands, uint Quota)> registries)
    {
        // Of two lists, the first of which is one of lists: where each begins, and behind it how many and what.
        byte[][] hands = [.. registries.Select(static registry => (byte[])[.. Word((ulong)registry.Hands.Count), .. registry.Hands.SelectMany(static hand => (byte[])[.. new byte[12], .. hand.ToBytes()])])];
        var (starts, at) = (new List<byte>(), 32UL * (ulong)hands.Length);
        foreach (var one in hands)
        {
            starts.AddRange(Word(at));
            at += (ulong)one.Length;
        }

        byte[] first = [.. Word((ulong)hands.Length), .. starts, .. hands.SelectMany(static one => one)];
        return [.. AnchorArtifact.PledgeRegistry.Creation, .. Word(64), .. Word(64 + (ulong)first.Length), .. first, .. Word((ulong)registries.Count), .. registries.SelectMany(static registry => Word(registry.Quota))];
    }

    /// <summary>What a seat announces before it reserves.</summary>
    public static Hash256 Seal(uint seat, IEnumerable<PledgeItem> items, ulong until, Hash256 salt) =>
        Keccak.Hash(new SealOfMessage { Seat = seat, Items = Items(items), Until = until, Salt = salt.ToBytes() }.GetCallData().AsSpan(4));

    /// <summary>What a document of a ledger is reserved for, the same for all banks there: SHA-256 over two ids that nobody outside of it knows (FORMATS, Pledges).</summary>
    public static Hash256 Commitment(Hash256 ledger, Id<Document> document) => Hash256.Read(SHA256.HashData(Encoding.ASCII.GetBytes($"ledger-pledge-for-v1\n{ledger}\n{document}\n")));

    public static byte[] Announce(Hash256 seal) => new AnnounceMessage { Seal = seal.ToBytes() }.GetCallData();

    public static byte[] Reserve(IEnumerable<PledgeItem> items, ulong until, Hash256 salt) => new ReserveMessage { Items = Items(items), Until = until, Salt = salt.ToBytes() }.GetCallData();

    public static byte[] Finance(IEnumerable<Hash256> tags, ulong until) => new FinanceMessage { Tags = Tags(tags), Until = until }.GetCallData();

    public static byte[] Release(IEnumerable<Hash256> tags) => new ReleaseMessage { Tags = Tags(tags) }.GetCallData();

    async Task<T> AskAsync<T>(byte[] question, int words, ulong block, CancellationToken cancel)
        where T : new()
    {
        var answer = await chain.CallAsync(null, address, question, block, cancel);
        return answer.Length == 32 * words ? new FunctionCallDecoder().DecodeFunctionOutput<T>(EvmText.Of(answer)) : throw new EvmException(EvmFaultKind.Malformed, $"{address}: this is not what the contract answers");
    }

    static List<ItemValue> Items(IEnumerable<PledgeItem> items) => [.. items.Select(static item => new ItemValue { Tag = item.Tag.ToBytes(), Commitment = item.Commitment.ToBytes() })];

    static List<byte[]> Tags(IEnumerable<Hash256> tags) => [.. tags.Select(static tag => tag.ToBytes())];

    static byte[] Word(ulong value)
    {
        var word = new byte[32];
        BinaryPrimitives.WriteUInt64BigEndian(word.AsSpan(24), value);
        return word;
    }
}
