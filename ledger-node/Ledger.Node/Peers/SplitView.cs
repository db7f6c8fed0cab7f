using System.Globalization;
using System.Text;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;

namespace Ledger.Node.Peers;

/// <summary>
/// Two histories of one origin of which neither begins with the other, each under a quorum's signatures: what this node has, and what a peer showed. The shown one is not the longer; that this node's
/// begins otherwise is for anybody to check by a consistency proof. That takes more false banks than the ledger can bear.
/// </summary>
/// <param name="ShownBy">The peer that showed it.</param>
/// <param name="At">When, by this node's clock.</param>
/// <param name="Shown">The peer's checkpoint.</param>
/// <param name="Mine">This node's checkpoint, of the same size or a larger one.</param>
/// <param name="PrefixRoot">This node's root at the size of what was shown.</param>
/// <param name="Proof">That this node's checkpoint goes on from that root.</param>
public sealed record SplitView(PartyId ShownBy, DateTimeOffset At, Note Shown, Note Mine, Hash256 PrefixRoot, ValueList<Hash256> Proof)
{
    const string Title = "ledger-split-view";

    /// <summary>The file's octets: paragraphs with an empty line between.</summary>
    public byte[] Write()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Title}\n{ShownBy}\n{At.ToUnixTimeMilliseconds()}\n\n{Shown}\n{Mine}\n{Convert.ToBase64String(PrefixRoot.ToBytes())}\n");
        foreach (var hash in Proof) text.Append(Convert.ToBase64String(hash.ToBytes())).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
