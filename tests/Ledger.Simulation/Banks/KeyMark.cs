using Ledger.Core.Primitives;
using Ledger.Node;

namespace Ledger.Simulation.Banks;

/// <summary>What lies with a bank's node keys and says which of them have signed. It goes with none of the node's disks.</summary>
sealed class KeyMark() : FoundingMark("node.founded.json")
{
    readonly HashSet<ByteString> signed = [];

    public override bool IsOf(ByteString nodeKey) => signed.Contains(nodeKey);

    public void Leave(ByteString nodeKey) => signed.Add(nodeKey);
}
