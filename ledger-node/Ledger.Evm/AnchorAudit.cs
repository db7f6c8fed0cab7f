using Ledger.Core.Primitives;

namespace Ledger.Evm;

/// <summary>What a chain's anchors say of a history that somebody has.</summary>
/// <param name="Anchors">All of them, in order.</param>
/// <param name="False">The first whose root is not the history's; null where none is.</param>
/// <param name="Beyond">The first that is longer than the history; null where none is: then what is here is not all.</param>
/// <param name="Contract">The contract, which of this program's it is.</param>
/// <param name="Sets">Every set of signers of the ledger there, the first one's first: its number is its place from 1.</param>
/// <param name="Last">The newest that agrees, with the time of its block in seconds: up to its size nothing was written later than then. Null where none agrees.</param>
public sealed record AnchorFindings(IReadOnlyList<AnchoredAt> Anchors, AnchoredAt? False, AnchoredAt? Beyond, AnchorContract Contract, IReadOnlyList<SignerSet> Sets, (AnchoredAt Anchor, ulong Seconds)? Last)
{
    public bool IsTrue => False is null;

    /// <summary>The keys that signed an anchor, as the contract verified it.</summary>
    public IReadOnlyList<ByteString> SignersOf(AnchoredAt anchor) => [.. Sets[(int)anchor.SetNumber - 1].Keys.Index().Where(one => (anchor.Signers >> one.Index & 1) != 0).Select(static one => one.Item)];
}

/// <summary>
/// Holds a history against every anchor of a ledger, from the contract's logs alone and its code, as a quorum of endpoints tells them. It trusts those endpoints that they do not all lie, and nothing of the
/// ledger's servers.
/// </summary>
public static class AnchorAudit
{
    /// <exception cref="EvmException">The chain was not reached, or there is another contract at the address.</exception>
    public static async Task<AnchorFindings> RunAsync(AnchorTarget target, EvmChain chain, Func<ulong, Hash256?> rootAt, CancellationToken cancel)
    {
        await chain.ConfirmAsync(cancel);
        var end = await chain.FinalizedAsync(cancel) ?? (await chain.HeadAsync(cancel)).Number;
        var contract = await AnchorContract.FindAsync(chain, target.At, end, cancel) ?? throw new EvmException(EvmFaultKind.Malformed, $"{target.Contract}: not the anchor contract of this program");
        var anchors = await contract.AnchorsAsync(target.Id, target.FromBlock, end, cancel);
        for (var i = 0; i < anchors.Count; i++)
        {
            if (anchors[i].From != (i == 0 ? 0 : anchors[i - 1].Size)) throw new EvmException(EvmFaultKind.Malformed, $"{target.Contract}: the anchor before that of size {anchors[i].Size} is not told; begin at an earlier block");
        }

        var sets = new List<SignerSet>();
        while (await contract.SetAsync(target.Id, (uint)sets.Count + 1, end, cancel) is { } set) sets.Add(set);
        if (anchors.FirstOrDefault(anchor => anchor.SetNumber == 0 || anchor.SetNumber > sets.Count) is not null) throw new EvmException(EvmFaultKind.Malformed, $"{target.Contract}: an anchor of a set that is not there");
        AnchoredAt? wrong = null, beyond = null, last = null;
        foreach (var anchor in anchors)
        {
            var root = rootAt(anchor.Size);
            if (root is null) beyond ??= anchor;
            else if (root != anchor.Root) wrong ??= anchor;
            else last = anchor;
        }

        return new(anchors, wrong, beyond, contract, sets, last is null ? null : (last, (await chain.BlockAsync(last.Block, cancel)).Seconds));
    }
}
