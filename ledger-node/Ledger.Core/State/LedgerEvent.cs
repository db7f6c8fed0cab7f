namespace Ledger.Core.State;

/// <summary>Something that happened. Judging returns events; only enacting them changes state.</summary>
public abstract record LedgerEvent
{
    protected LedgerEvent() { }

    /// <summary>The state after it. It never fails, for it was judged on the state that it meets.</summary>
    public abstract LedgerState Enact(LedgerState state);
}
