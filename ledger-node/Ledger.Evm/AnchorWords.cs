using System.Globalization;
using Ledger.Core.Primitives;

namespace Ledger.Evm;

/// <summary>What a bank is asked to say: the rotation of a contract's set, or that a checkpoint of a size is final on its ledger.</summary>
/// <param name="Anchor">The EVM chain's id, the contract's address and the ledger's id in it, separated by slashes.</param>
/// <param name="Size">Of the checkpoint; null where a rotation is asked for.</param>
/// <param name="Set">Whose words count.</param>
/// <param name="Text">What is signed: whoever asks has it from his own ledger, and tells it nobody.</param>
public sealed record AnchorAsk(string Anchor, ulong? Size, SignerSet Set, ByteString Text);

/// <summary>What came from a bank; null where nothing did.</summary>
public sealed record GivenWords(PartyId Bank, ByteString? Octets);

/// <summary>What a set said of one text, each word verified.</summary>
/// <param name="Signed">The signatures of a quorum, no more; null where fewer spoke.</param>
/// <param name="Count">How many keys of the set spoke.</param>
/// <param name="Quorum">How many must.</param>
/// <param name="Faults">The banks of which nothing counts, with the reason.</param>
public sealed record AnchorWords((ulong Signers, byte[] Signatures)? Signed, int Count, int Quorum, IReadOnlyList<(PartyId Bank, AnchorWordFault Fault)> Faults)
{
    /// <summary>Words of one bank at most, for one text: as many keys as it may hold.</summary>
    public const int MostOfABank = 8;

    public static AnchorWords Gather(AnchorAsk ask, IEnumerable<GivenWords> given)
    {
        var (good, faults) = (new Dictionary<ByteString, ByteString>(), new List<(PartyId, AnchorWordFault)>());
        foreach (var one in given)
        {
            if (FaultOf(ask, one.Octets, good) is { } fault) faults.Add((one.Bank, fault));
        }

        var (signers, signatures) = (0UL, new List<byte>());
        foreach (var (place, key) in ask.Set.Keys.Index().Where(one => good.ContainsKey(one.Item)).Take(ask.Set.Quorum))
        {
            signers |= 1UL << place;
            signatures.AddRange(good[key].Span);
        }

        return new(good.Count >= ask.Set.Quorum ? (signers, [.. signatures]) : null, good.Count, ask.Set.Quorum, faults);
    }

    /// <summary>How many of how many spoke, and what came of the banks that do not count.</summary>
    public override string ToString() => string.Join("; ", Faults.Select(static one => $"{one.Bank}: {one.Fault}").Prepend(string.Create(CultureInfo.InvariantCulture, $"{Count}/{Quorum}")));

    // Of several words of a bank one that is good is enough, and the first fault is told of several that are not.
    static AnchorWordFault? FaultOf(AnchorAsk ask, ByteString? given, Dictionary<ByteString, ByteString> good)
    {
        if (given is not { Length: > 0 } octets) return AnchorWordFault.Silent;
        if (octets.Length % AnchorWord.Size != 0 || octets.Length > MostOfABank * AnchorWord.Size) return AnchorWordFault.Malformed;
        AnchorWordFault? first = null;
        var counts = false;
        for (var at = 0; at < octets.Length; at += AnchorWord.Size)
        {
            if (!AnchorWord.TryRead(octets.Span.Slice(at, AnchorWord.Size), out var read) || read is not { } word) return AnchorWordFault.Malformed;
            var key = new ByteString(word.Key.ToBytes());
            var fault = ask.Set.Keys.Contains(key) ? word.FaultOver(ask.Text.Span) : AnchorWordFault.ForeignKey;
            if (fault is null) (good[key], counts) = (word.Signature, true);
            first ??= fault;
        }

        return counts ? null : first;
    }
}
