using Ledger.Core.Chain;
using Ledger.Core.State;

namespace Ledger.Node;

/// <summary>The ledger as of its latest final block: what reads and admission look at while the writer goes on.</summary>
public sealed record NodeView(LedgerState State, Header Header, Note Checkpoint);
