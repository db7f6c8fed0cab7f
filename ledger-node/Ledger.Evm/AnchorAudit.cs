using Ledger.Core.Primitives;

namespace Ledger.Evm;

/// <summary>What a chain's anchors say of a history that somebody has.</summary>
/// <param name="Anchors">All of them, in order.</param>
/// <param name="False">The first whose root is not the history's; null where none is.</param>
/// <param name="Beyond">The first that is longer than the history; null where none is: then what is here is not all.</param>
/// <param name="Last">The newest that agrees, with the time of its block in seconds: up to its size nothing was written later than then. Null where none agrees.</param>
public sealed record AnchorFindings(IReadOnlyList<AnchoredAt> Anchors, AnchoredAt? False, AnchoredAt? Beyond, (AnchoredAt Anchor, ulong Seconds)? Last)
{
    public bool IsTrue => False is null;
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
        var contract = new AnchorContract(chain, target.At);
        if (!await contract.IsPinnedAsync(end, cancel)) throw new EvmException(EvmFaultKind.Malformed, $"{target.Contract}: not the anchor contract of this program");
        var anchors = await contract.AnchorsAsync(target.Id, target.FromBlock, end, cancel);
        for (var i = 0; i < anchors.Count; i++)
        {
            if (anchors[i].From != (i == 0 ? 0 : anchors[i - 1].Size)) throw new EvmException(EvmFaultKind.Malformed, $"{target.Contract}: the anchor before that of size {anchors[i].Size} is not told; begin at an earlier block");
        }

        AnchoredAt? wrong = null, beyond = null, last = null;
        foreach (var anchor in anchors)
        {
            var root = rootAt(anchor.Size);
            if (root is null) beyond ??= anchor;
            else if (root != anchor.Root) wrong ??= anchor;
            else last = anchor;
        }

        return new(anchors, wrong, beyond, last is null ? null : (last, (await chain.BlockAsync(last.Block, cancel)).Seconds));
    }
}
